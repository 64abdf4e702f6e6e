CREATE TABLE "flow_draft_editors" (
	"draft_id" uuid NOT NULL,
	"window_id" uuid NOT NULL,
	"post_id" uuid NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "flow_draft_editors_draft_id_window_id_pk" PRIMARY KEY("draft_id","window_id")
);
--> statement-breakpoint
CREATE TABLE "flow_draft_revisions" (
	"draft_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"xml" text NOT NULL,
	"reason" text NOT NULL,
	"saved_at" timestamp with time zone NOT NULL,
	"saved_by_post" uuid NOT NULL,
	CONSTRAINT "flow_draft_revisions_draft_id_revision_pk" PRIMARY KEY("draft_id","revision")
);
--> statement-breakpoint
CREATE TABLE "flow_drafts" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"flow_id" text NOT NULL,
	"name" text NOT NULL,
	"base_version" integer,
	"revision" integer NOT NULL,
	"xml" text NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"saved_at" timestamp with time zone NOT NULL,
	"saved_by_post" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "flow_publications" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"draft_id" uuid NOT NULL,
	"flow_id" text NOT NULL,
	"revision" integer NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"asked_by_post" uuid NOT NULL,
	"decided_at" timestamp with time zone,
	"decided_by_post" uuid,
	"answer" text,
	"version" integer,
	CONSTRAINT "flow_publications_revision" UNIQUE("draft_id","revision")
);
--> statement-breakpoint
CREATE TABLE "flow_trials" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"flow_id" text NOT NULL,
	"name" text NOT NULL,
	"trial" jsonb NOT NULL,
	"saved_at" timestamp with time zone NOT NULL,
	"saved_by_post" uuid NOT NULL,
	CONSTRAINT "flow_trials_name" UNIQUE("flow_id","name")
);
--> statement-breakpoint
CREATE INDEX "flow_drafts_open" ON "flow_drafts" USING btree ("flow_id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "flow_publications_flow" ON "flow_publications" USING btree ("flow_id","version");