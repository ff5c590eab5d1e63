-- Mail on its way: a row is what a letter needs to know, never a secret; of one kind and key one waits. Deleted when it was handed
-- over; what was given up stays for the operator for some days.
CREATE TABLE mails (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  recipient TEXT NOT NULL,
  payload TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  leased_until BIGINT,
  leased_by TEXT,
  created_at BIGINT NOT NULL,
  given_up_at BIGINT,
  last_error TEXT
);
CREATE UNIQUE INDEX mails_key ON mails (kind, key);
CREATE INDEX mails_due ON mails (due_at);
