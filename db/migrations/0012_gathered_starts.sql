CREATE TABLE "gathered_starts" (
	"flow_id" text NOT NULL,
	"element_id" text NOT NULL,
	"key" text NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "gathered_starts_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"part" integer NOT NULL,
	"definitions" jsonb NOT NULL,
	"variables" jsonb NOT NULL,
	"record" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "gathered_starts_flow_id_element_id_key_pk" PRIMARY KEY("flow_id","element_id","key")
);
--> statement-breakpoint
CREATE INDEX "gathered_starts_part" ON "gathered_starts" USING btree ("flow_id","element_id","part","seq");