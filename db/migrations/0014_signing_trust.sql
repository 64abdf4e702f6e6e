CREATE TABLE "certificates" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"person_id" uuid,
	"unit_id" uuid,
	"name" text NOT NULL,
	"subject" text NOT NULL,
	"issuer" text NOT NULL,
	"serial" text NOT NULL,
	"fingerprint" text NOT NULL,
	"der" "bytea" NOT NULL,
	"not_before" timestamp with time zone NOT NULL,
	"not_after" timestamp with time zone NOT NULL,
	"kept_on" text NOT NULL,
	"state" text DEFAULT 'active' NOT NULL,
	"state_reason" text,
	"state_since" timestamp with time zone,
	"state_by_post" uuid,
	"added_by_post" uuid,
	"added_at" timestamp with time zone NOT NULL,
	"warned_at" timestamp with time zone,
	CONSTRAINT "certificates_fingerprint_unique" UNIQUE("fingerprint"),
	CONSTRAINT "certificates_holder" CHECK (num_nonnulls("certificates"."person_id", "certificates"."unit_id") = 1)
);
--> statement-breakpoint
CREATE TABLE "delegations" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"from_post" uuid NOT NULL,
	"to_person" uuid NOT NULL,
	"kind" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_until" date,
	"kind_codes" text[],
	"basis" text NOT NULL,
	"created_by_post" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"withdrawn_by_post" uuid,
	"withdrawn_reason" text,
	CONSTRAINT "delegations_tuq" CHECK ("delegations"."kind" <> 'TUQ' or "delegations"."valid_until" is not null)
);
--> statement-breakpoint
CREATE TABLE "trust_anchors" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"role" text NOT NULL,
	"name" text NOT NULL,
	"subject" text NOT NULL,
	"issuer" text NOT NULL,
	"serial" text NOT NULL,
	"fingerprint" text NOT NULL,
	"der" "bytea" NOT NULL,
	"not_before" timestamp with time zone NOT NULL,
	"not_after" timestamp with time zone NOT NULL,
	"is_test" boolean DEFAULT false NOT NULL,
	"added_by_post" uuid,
	"added_at" timestamp with time zone NOT NULL,
	"removed_by_post" uuid,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "trust_services" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"kind" text NOT NULL,
	"url" text NOT NULL,
	"is_test" boolean DEFAULT false NOT NULL,
	"added_by_post" uuid,
	"added_at" timestamp with time zone NOT NULL,
	"removed_by_post" uuid,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "verification_queue" (
	"sha256" text PRIMARY KEY NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"tried" integer DEFAULT 0 NOT NULL,
	"not_before" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"sha256" text NOT NULL,
	"verdict" text NOT NULL,
	"is_test" boolean NOT NULL,
	"signatures" integer NOT NULL,
	"report" jsonb NOT NULL,
	"evidence" jsonb NOT NULL,
	"trust_state" text NOT NULL,
	"verified_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_state_by_post_posts_id_fk" FOREIGN KEY ("state_by_post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_added_by_post_posts_id_fk" FOREIGN KEY ("added_by_post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_from_post_posts_id_fk" FOREIGN KEY ("from_post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_to_person_persons_id_fk" FOREIGN KEY ("to_person") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_created_by_post_posts_id_fk" FOREIGN KEY ("created_by_post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegations" ADD CONSTRAINT "delegations_withdrawn_by_post_posts_id_fk" FOREIGN KEY ("withdrawn_by_post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trust_anchors" ADD CONSTRAINT "trust_anchors_added_by_post_posts_id_fk" FOREIGN KEY ("added_by_post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trust_anchors" ADD CONSTRAINT "trust_anchors_removed_by_post_posts_id_fk" FOREIGN KEY ("removed_by_post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trust_services" ADD CONSTRAINT "trust_services_added_by_post_posts_id_fk" FOREIGN KEY ("added_by_post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trust_services" ADD CONSTRAINT "trust_services_removed_by_post_posts_id_fk" FOREIGN KEY ("removed_by_post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verifications" ADD CONSTRAINT "verifications_sha256_files_sha256_fk" FOREIGN KEY ("sha256") REFERENCES "public"."files"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "certificates_person" ON "certificates" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "certificates_unit" ON "certificates" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "certificates_end" ON "certificates" USING btree ("not_after");--> statement-breakpoint
CREATE INDEX "delegations_to" ON "delegations" USING btree ("to_person","from_post");--> statement-breakpoint
CREATE UNIQUE INDEX "trust_anchors_once" ON "trust_anchors" USING btree ("fingerprint") WHERE removed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "trust_services_once" ON "trust_services" USING btree ("kind","url") WHERE removed_at is null;--> statement-breakpoint
CREATE INDEX "verification_queue_next" ON "verification_queue" USING btree ("not_before");--> statement-breakpoint
CREATE INDEX "verifications_file" ON "verifications" USING btree ("sha256","verified_at" DESC NULLS LAST);--> statement-breakpoint
-- What comes with a document waits to be checked, in the transaction that brings it; what was checked before does not.
CREATE FUNCTION queue_verification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO verification_queue (sha256, asked_at, not_before)
  SELECT DISTINCT a.sha256, clock_timestamp(), clock_timestamp() FROM added a JOIN files f ON f.sha256 = a.sha256
  WHERE f.media_type IN ('application/pdf', 'application/xml', 'text/xml')
    AND NOT EXISTS (SELECT 1 FROM verifications v WHERE v.sha256 = a.sha256)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER document_files_verification AFTER INSERT ON document_files
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION queue_verification();
--> statement-breakpoint
-- The message itself may be signed too.
CREATE FUNCTION queue_message_verification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.direction = 'in' AND NEW.message_type = 'edoc' AND NEW.document_id IS NOT NULL AND NEW.raw_sha256 IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM verifications v WHERE v.sha256 = NEW.raw_sha256) THEN
    INSERT INTO verification_queue (sha256, asked_at, not_before)
    VALUES (NEW.raw_sha256, clock_timestamp(), clock_timestamp()) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER exchange_messages_verification AFTER INSERT OR UPDATE OF raw_sha256 ON exchange_messages
  FOR EACH ROW EXECUTE FUNCTION queue_message_verification();
