CREATE TABLE "case_migrations" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"flow_id" text NOT NULL,
	"from_version_id" uuid NOT NULL,
	"to_version_id" uuid NOT NULL,
	"map" jsonb NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"created_at" timestamp with time zone NOT NULL,
	"person_id" uuid NOT NULL,
	"post_id" uuid NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "migrating_cases" (
	"migration_id" uuid NOT NULL,
	"case_id" uuid NOT NULL,
	"state" text NOT NULL,
	"reasons" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"claimed_until" timestamp with time zone,
	"changed_at" timestamp with time zone,
	CONSTRAINT "migrating_cases_migration_id_case_id_pk" PRIMARY KEY("migration_id","case_id")
);
--> statement-breakpoint
ALTER TABLE "case_states" ADD COLUMN "moved_to_version" uuid;--> statement-breakpoint
CREATE INDEX "case_migrations_at_work" ON "case_migrations" USING btree ("id") WHERE state in ('checking', 'moving');--> statement-breakpoint
CREATE INDEX "migrating_cases_state" ON "migrating_cases" USING btree ("migration_id","state","case_id");