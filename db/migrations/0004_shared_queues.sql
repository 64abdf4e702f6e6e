DROP INDEX "task_candidates_queue";--> statement-breakpoint
ALTER TABLE "task_candidates" ADD COLUMN "shared" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "task_candidates_shared" ON "task_candidates" USING btree ("group_key","task_id") WHERE shared;--> statement-breakpoint
CREATE INDEX "task_candidates_queue" ON "task_candidates" USING btree ("group_key","due_at","priority" DESC NULLS LAST,"task_id","secrecy","shared");