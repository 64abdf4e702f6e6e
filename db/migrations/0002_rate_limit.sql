-- Attempts counted by rate-limiter-flexible, which owns these columns: `expire` is epoch ms.
CREATE TABLE "rate_limits" (
	"key" varchar(255) PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
