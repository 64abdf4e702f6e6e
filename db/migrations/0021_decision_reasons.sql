CREATE TABLE "decision_draft_editors" (
	"model_id" text NOT NULL,
	"window_id" uuid NOT NULL,
	"post_id" uuid NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "decision_draft_editors_model_id_window_id_pk" PRIMARY KEY("model_id","window_id")
);
--> statement-breakpoint
ALTER TABLE "decision_models" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "decision_drafts" ADD COLUMN "base_version" integer;