CREATE TABLE "persons" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"username" text NOT NULL,
	"password_hash" text NOT NULL,
	"full_name" text NOT NULL,
	"sort_name" text NOT NULL,
	"email" text NOT NULL,
	"language" text DEFAULT 'vi' NOT NULL,
	"color_scheme" text DEFAULT 'auto' NOT NULL,
	"clearance" smallint DEFAULT 0 NOT NULL,
	"demonstration" boolean DEFAULT false NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "persons_username_unique" UNIQUE("username"),
	CONSTRAINT "persons_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "post_groups" (
	"group_key" text NOT NULL,
	"post_id" uuid NOT NULL,
	CONSTRAINT "post_groups_group_key_post_id_pk" PRIMARY KEY("group_key","post_id")
);
--> statement-breakpoint
CREATE TABLE "posts" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"person_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	"role" text NOT NULL,
	"title" text NOT NULL,
	"title_en" text NOT NULL,
	"sort" integer NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"post_id" uuid
);
--> statement-breakpoint
CREATE TABLE "units" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"name_en" text NOT NULL,
	"kind" text NOT NULL,
	"notation" text,
	"parent_id" uuid,
	"sort" integer NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	CONSTRAINT "units_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "agencies" (
	"code" text PRIMARY KEY NOT NULL,
	"short_code" text NOT NULL,
	"name" text NOT NULL,
	"name_en" text NOT NULL,
	"on_exchange" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clock" (
	"id" smallint PRIMARY KEY NOT NULL,
	"offset_ms" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "document_kinds" (
	"code" text PRIMARY KEY NOT NULL,
	"ordinal" integer,
	"name" text NOT NULL,
	"name_en" text NOT NULL,
	"abbreviation" text,
	"is_copy" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "holidays" (
	"day" date PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"name_en" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "register_entries" (
	"book" text NOT NULL,
	"year" integer NOT NULL,
	"series" text NOT NULL,
	"number" integer NOT NULL,
	"document_id" uuid NOT NULL,
	"taken_at" timestamp with time zone NOT NULL,
	"taken_by_post" uuid,
	"note" text,
	CONSTRAINT "register_entries_book_year_series_number_pk" PRIMARY KEY("book","year","series","number"),
	CONSTRAINT "register_entries_document_id_unique" UNIQUE("document_id")
);
--> statement-breakpoint
CREATE TABLE "register_series" (
	"book" text NOT NULL,
	"year" integer NOT NULL,
	"series" text NOT NULL,
	"last_number" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "register_series_book_year_series_pk" PRIMARY KEY("book","year","series")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "document_access" (
	"document_id" uuid NOT NULL,
	"grantee" uuid NOT NULL,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "document_access_document_id_grantee_pk" PRIMARY KEY("document_id","grantee")
);
--> statement-breakpoint
CREATE TABLE "document_files" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"document_id" uuid NOT NULL,
	"role" text NOT NULL,
	"name" text NOT NULL,
	"sha256" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"added_by_post" uuid,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "document_files_version" UNIQUE("document_id","role","name","version")
);
--> statement-breakpoint
CREATE TABLE "document_parts" (
	"document_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	"part" text NOT NULL,
	"due_at" timestamp with time zone,
	"since" timestamp with time zone NOT NULL,
	"opened_at" timestamp with time zone,
	"opened_by" uuid,
	CONSTRAINT "document_parts_document_id_unit_id_pk" PRIMARY KEY("document_id","unit_id")
);
--> statement-breakpoint
CREATE TABLE "document_relations" (
	"document_id" uuid NOT NULL,
	"related_id" uuid NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "document_relations_document_id_related_id_kind_pk" PRIMARY KEY("document_id","related_id","kind")
);
--> statement-breakpoint
CREATE TABLE "document_views" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "document_views_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"document_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"post_id" uuid,
	"act" text NOT NULL,
	"file_id" uuid,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"direction" text NOT NULL,
	"state" text NOT NULL,
	"source" text NOT NULL,
	"kind_code" text,
	"number" text,
	"notation" text,
	"code" text,
	"subject" text NOT NULL,
	"agency_code" text,
	"agency_name" text NOT NULL,
	"issued_on" date,
	"received_at" timestamp with time zone NOT NULL,
	"register_number" integer,
	"registered_on" date,
	"due_at" timestamp with time zone,
	"urgency" smallint DEFAULT 0 NOT NULL,
	"secrecy" smallint DEFAULT 0 NOT NULL,
	"signer_name" text,
	"signer_position" text,
	"signer_competence" text,
	"page_count" integer,
	"copies" integer,
	"recipients" text,
	"note" text,
	"unit_id" uuid,
	"case_id" uuid,
	"exchange_document_id" text,
	"search" text NOT NULL,
	"created_by_post" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "files" (
	"sha256" text PRIMARY KEY NOT NULL,
	"size" bigint NOT NULL,
	"media_type" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "calls_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"case_id" uuid NOT NULL,
	"token" text,
	"channel" text NOT NULL,
	"service_type" text NOT NULL,
	"input" jsonb NOT NULL,
	"key" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"answer" jsonb,
	"error" text,
	"handed_at" timestamp with time zone,
	CONSTRAINT "calls_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "case_events" (
	"case_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"type" text NOT NULL,
	"person_id" uuid,
	"post_id" uuid,
	"data" jsonb NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "case_events_case_id_seq_pk" PRIMARY KEY("case_id","seq")
);
--> statement-breakpoint
CREATE TABLE "case_states" (
	"case_id" uuid PRIMARY KEY NOT NULL,
	"state" jsonb NOT NULL,
	"event_count" integer NOT NULL,
	"last_hash" text NOT NULL,
	"alarm_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "cases" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"flow_version_id" uuid NOT NULL,
	"document_id" uuid,
	"status" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"started_by_post" uuid
);
--> statement-breakpoint
CREATE TABLE "flow_versions" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"flow_id" text NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"name_en" text NOT NULL,
	"xml" text NOT NULL,
	"ir" jsonb NOT NULL,
	"hash" text NOT NULL,
	"published_at" timestamp with time zone NOT NULL,
	"published_by_post" uuid,
	CONSTRAINT "flow_versions_number" UNIQUE("flow_id","version")
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"case_id" uuid NOT NULL,
	"incident_id" text NOT NULL,
	"element_id" text NOT NULL,
	"code" text NOT NULL,
	"message" text NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	"parked" boolean DEFAULT false NOT NULL,
	CONSTRAINT "incidents_case_id_incident_id_pk" PRIMARY KEY("case_id","incident_id")
);
--> statement-breakpoint
CREATE TABLE "once_keys" (
	"key" text PRIMARY KEY NOT NULL,
	"case_id" uuid,
	"answer" jsonb
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"case_id" uuid NOT NULL,
	"subscription_id" text NOT NULL,
	"message_name" text NOT NULL,
	"correlation_key" text,
	"element_id" text NOT NULL,
	"attached_to" text,
	"since_post" uuid,
	"since_at" timestamp with time zone NOT NULL,
	CONSTRAINT "subscriptions_case_id_subscription_id_pk" PRIMARY KEY("case_id","subscription_id")
);
--> statement-breakpoint
CREATE TABLE "task_candidates" (
	"task_id" uuid NOT NULL,
	"group_key" text NOT NULL,
	"secrecy" smallint NOT NULL,
	"priority" integer NOT NULL,
	"due_at" timestamp with time zone,
	CONSTRAINT "task_candidates_task_id_group_key_pk" PRIMARY KEY("task_id","group_key")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"case_id" uuid NOT NULL,
	"token" text NOT NULL,
	"element_id" text NOT NULL,
	"name" text NOT NULL,
	"form_key" text,
	"document_id" uuid,
	"secrecy" smallint DEFAULT 0 NOT NULL,
	"urgency" smallint DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"part" text,
	"assignee_post" uuid,
	"candidate_groups" text[] NOT NULL,
	"properties" jsonb NOT NULL,
	"input" jsonb NOT NULL,
	"scope" text[] NOT NULL,
	"priority" integer DEFAULT 50 NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"reminded_at" timestamp with time zone,
	"overdue_at" timestamp with time zone,
	"claimed_at" timestamp with time zone,
	"begun_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"ended_by_post" uuid,
	"ended_by_person" uuid,
	"outcome" text,
	"opinion" text,
	CONSTRAINT "tasks_token" UNIQUE("case_id","token")
);
--> statement-breakpoint
CREATE TABLE "timers" (
	"case_id" uuid NOT NULL,
	"timer_id" text NOT NULL,
	"occurrence" integer NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"element_id" text NOT NULL,
	"purpose" text NOT NULL,
	CONSTRAINT "timers_case_id_timer_id_occurrence_pk" PRIMARY KEY("case_id","timer_id","occurrence")
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"person_id" uuid,
	"post_id" uuid,
	"act" text NOT NULL,
	"data" jsonb NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "exchange_messages" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"direction" text NOT NULL,
	"message_type" text NOT NULL,
	"peer" text NOT NULL,
	"exchange_document_id" text NOT NULL,
	"bussiness_doc_type" integer DEFAULT 0 NOT NULL,
	"status_code" text DEFAULT '' NOT NULL,
	"description" text,
	"transport_id" text,
	"raw_sha256" text,
	"document_id" uuid,
	"state" text NOT NULL,
	"error" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "exchange_messages_once" UNIQUE("direction","message_type","peer","exchange_document_id","bussiness_doc_type","status_code")
);
--> statement-breakpoint
CREATE TABLE "letters" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"mailbox" text NOT NULL,
	"message_id" text NOT NULL,
	"sender" text NOT NULL,
	"recipients" text[] NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"sent_at" timestamp with time zone,
	"received_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone,
	"attachments" jsonb NOT NULL,
	"raw_sha256" text NOT NULL,
	CONSTRAINT "letters_once" UNIQUE("mailbox","message_id")
);
--> statement-breakpoint
ALTER TABLE "post_groups" ADD CONSTRAINT "post_groups_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_persons_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_access" ADD CONSTRAINT "document_access_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_files" ADD CONSTRAINT "document_files_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_files" ADD CONSTRAINT "document_files_sha256_files_sha256_fk" FOREIGN KEY ("sha256") REFERENCES "public"."files"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_files" ADD CONSTRAINT "document_files_added_by_post_posts_id_fk" FOREIGN KEY ("added_by_post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_parts" ADD CONSTRAINT "document_parts_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_parts" ADD CONSTRAINT "document_parts_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_parts" ADD CONSTRAINT "document_parts_opened_by_persons_id_fk" FOREIGN KEY ("opened_by") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_relations" ADD CONSTRAINT "document_relations_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_relations" ADD CONSTRAINT "document_relations_related_id_documents_id_fk" FOREIGN KEY ("related_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_created_by_post_posts_id_fk" FOREIGN KEY ("created_by_post") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "post_groups_post" ON "post_groups" USING btree ("post_id");--> statement-breakpoint
CREATE INDEX "posts_person" ON "posts" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "posts_unit" ON "posts" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "document_access_grantee" ON "document_access" USING btree ("grantee","document_id");--> statement-breakpoint
CREATE INDEX "document_files_sha" ON "document_files" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "document_parts_unit" ON "document_parts" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "document_relations_back" ON "document_relations" USING btree ("related_id");--> statement-breakpoint
CREATE INDEX "document_views_document" ON "document_views" USING btree ("document_id","at");--> statement-breakpoint
CREATE INDEX "documents_list" ON "documents" USING btree ("direction","received_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "documents_state" ON "documents" USING btree ("direction","state","received_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "documents_due" ON "documents" USING btree ("due_at") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "documents_code" ON "documents" USING btree ("code","agency_name");--> statement-breakpoint
CREATE INDEX "documents_case" ON "documents" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "calls_pending" ON "calls" USING btree ("case_id","seq") WHERE state in ('open', 'claimed');--> statement-breakpoint
CREATE INDEX "calls_unhanded" ON "calls" USING btree ("created_at") WHERE state in ('open', 'claimed');--> statement-breakpoint
CREATE INDEX "cases_document" ON "cases" USING btree ("document_id");--> statement-breakpoint
CREATE INDEX "cases_open" ON "cases" USING btree ("started_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "subscriptions_message" ON "subscriptions" USING btree ("message_name","correlation_key");--> statement-breakpoint
CREATE INDEX "task_candidates_queue" ON "task_candidates" USING btree ("group_key","due_at","priority" DESC NULLS LAST,"task_id","secrecy");--> statement-breakpoint
CREATE INDEX "tasks_assigned" ON "tasks" USING btree ("assignee_post","due_at","priority" DESC NULLS LAST,"id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "tasks_document" ON "tasks" USING btree ("document_id");--> statement-breakpoint
CREATE INDEX "tasks_open_due" ON "tasks" USING btree ("due_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "timers_due" ON "timers" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "exchange_messages_document" ON "exchange_messages" USING btree ("document_id");--> statement-breakpoint
CREATE INDEX "exchange_messages_at" ON "exchange_messages" USING btree ("at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "letters_mailbox" ON "letters" USING btree ("mailbox","received_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "letters_unread" ON "letters" USING btree ("mailbox") WHERE read_at is null;