CREATE TABLE "decision_drafts" (
	"model_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"xml" text NOT NULL,
	"revision" integer NOT NULL,
	"saved_at" timestamp with time zone NOT NULL,
	"saved_by_post" uuid NOT NULL
);
