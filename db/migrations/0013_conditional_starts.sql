DROP INDEX "starters_due";--> statement-breakpoint
ALTER TABLE "starters" ADD COLUMN "held" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "starters_due" ON "starters" USING btree ("due_at") WHERE kind in ('timer', 'conditional');