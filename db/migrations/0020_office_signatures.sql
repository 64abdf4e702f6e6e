DROP INDEX "signatures_once";--> statement-breakpoint
ALTER TABLE "signatures" ALTER COLUMN "case_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "signatures" ALTER COLUMN "task_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "signatures" ADD COLUMN "place" jsonb;--> statement-breakpoint
CREATE UNIQUE INDEX "signatures_file_once" ON "signatures" USING btree ("file_id","role") WHERE state not in ('failed', 'dropped') and role in ('appendix', 'copy', 'received');--> statement-breakpoint
CREATE UNIQUE INDEX "signatures_once" ON "signatures" USING btree ("task_id") WHERE state not in ('failed', 'dropped') and role in ('person', 'initial', 'organisation');