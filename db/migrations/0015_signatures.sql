CREATE TABLE "signatures" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"document_id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"case_id" uuid NOT NULL,
	"task_id" uuid NOT NULL,
	"list_id" uuid,
	"position" integer DEFAULT 0 NOT NULL,
	"role" text NOT NULL,
	"person_id" uuid NOT NULL,
	"post_id" uuid NOT NULL,
	"certificate_id" uuid NOT NULL,
	"competence" text,
	"delegation_id" uuid,
	"state" text NOT NULL,
	"completion" jsonb NOT NULL,
	"prepared_sha256" text,
	"prepared" jsonb,
	"value" jsonb,
	"evidence" jsonb,
	"signed_sha256" text,
	"signed_size" bigint,
	"signed_file_id" uuid,
	"fault" jsonb,
	"created_at" timestamp with time zone NOT NULL,
	"prepared_at" timestamp with time zone,
	"signed_at" timestamp with time zone,
	"embedded_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "signing_lists" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"person_id" uuid NOT NULL,
	"post_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "signatures" ADD CONSTRAINT "signatures_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signatures" ADD CONSTRAINT "signatures_file_id_document_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."document_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signatures" ADD CONSTRAINT "signatures_list_id_signing_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."signing_lists"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signatures" ADD CONSTRAINT "signatures_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signatures" ADD CONSTRAINT "signatures_delegation_id_delegations_id_fk" FOREIGN KEY ("delegation_id") REFERENCES "public"."delegations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signatures" ADD CONSTRAINT "signatures_signed_file_id_document_files_id_fk" FOREIGN KEY ("signed_file_id") REFERENCES "public"."document_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signing_lists" ADD CONSTRAINT "signing_lists_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signing_lists" ADD CONSTRAINT "signing_lists_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "signatures_once" ON "signatures" USING btree ("task_id") WHERE state not in ('failed', 'dropped');--> statement-breakpoint
CREATE INDEX "signatures_list" ON "signatures" USING btree ("list_id","position");--> statement-breakpoint
CREATE INDEX "signatures_document" ON "signatures" USING btree ("document_id");--> statement-breakpoint
CREATE INDEX "signatures_prepared" ON "signatures" USING btree ("prepared_sha256");--> statement-breakpoint
CREATE INDEX "signatures_signed" ON "signatures" USING btree ("signed_sha256");--> statement-breakpoint
CREATE INDEX "signing_lists_post" ON "signing_lists" USING btree ("post_id","created_at" DESC NULLS LAST);
