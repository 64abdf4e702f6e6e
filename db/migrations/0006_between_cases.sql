CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "deliveries_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"thrown_id" uuid NOT NULL,
	"case_id" uuid,
	"subscription_id" text,
	"flow_version_id" uuid,
	"element_id" text,
	"state" text NOT NULL,
	"claimed_until" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "starters" (
	"flow_id" text NOT NULL,
	"flow_version_id" uuid NOT NULL,
	"element_id" text NOT NULL,
	"part" integer NOT NULL,
	"kind" text NOT NULL,
	"name" text,
	"due_at" timestamp with time zone,
	"occurrence" integer DEFAULT 1 NOT NULL,
	"cycle" jsonb,
	"error" text,
	CONSTRAINT "starters_flow_id_element_id_part_pk" PRIMARY KEY("flow_id","element_id","part")
);
--> statement-breakpoint
CREATE TABLE "thrown_events" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "thrown_events_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"correlation_key" text,
	"variables" jsonb NOT NULL,
	"from_case" uuid NOT NULL,
	"element_id" text NOT NULL,
	"thrown_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"state" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "decision_models" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"model_id" text NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"xml" text NOT NULL,
	"model" jsonb NOT NULL,
	"format" integer NOT NULL,
	"hash" text NOT NULL,
	"decisions" text[] NOT NULL,
	"published_at" timestamp with time zone NOT NULL,
	"published_by_post" uuid,
	CONSTRAINT "decision_models_number" UNIQUE("model_id","version")
);
--> statement-breakpoint
ALTER TABLE "flow_versions" ADD COLUMN "version_tag" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "kind" text DEFAULT 'message' NOT NULL;--> statement-breakpoint
CREATE INDEX "deliveries_open" ON "deliveries" USING btree ("seq") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "deliveries_open_case" ON "deliveries" USING btree ("case_id","seq") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "deliveries_thrown" ON "deliveries" USING btree ("thrown_id");--> statement-breakpoint
CREATE INDEX "starters_event" ON "starters" USING btree ("kind","name");--> statement-breakpoint
CREATE INDEX "starters_due" ON "starters" USING btree ("due_at") WHERE kind = 'timer';--> statement-breakpoint
CREATE INDEX "thrown_events_open" ON "thrown_events" USING btree ("seq") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "decision_models_decisions" ON "decision_models" USING gin ("decisions");