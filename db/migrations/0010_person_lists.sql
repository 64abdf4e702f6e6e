CREATE TABLE "person_lists" (
	"person_id" uuid NOT NULL,
	"list" text NOT NULL,
	"hidden_columns" text[] DEFAULT '{}' NOT NULL,
	"views" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "person_lists_person_id_list_pk" PRIMARY KEY("person_id","list")
);
--> statement-breakpoint
ALTER TABLE "person_lists" ADD CONSTRAINT "person_lists_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;