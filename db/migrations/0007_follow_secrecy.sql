-- The inbox counts from copies of the level of secrecy: whoever changes it on the document changes it on its tasks.
CREATE FUNCTION follow_secrecy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE task_candidates c SET secrecy = NEW.secrecy FROM tasks t WHERE t.document_id = NEW.id AND c.task_id = t.id;
  UPDATE tasks SET secrecy = NEW.secrecy WHERE document_id = NEW.id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER documents_secrecy AFTER UPDATE OF secrecy ON documents
  FOR EACH ROW WHEN (OLD.secrecy IS DISTINCT FROM NEW.secrecy) EXECUTE FUNCTION follow_secrecy();
