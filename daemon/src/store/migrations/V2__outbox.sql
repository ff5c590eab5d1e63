-- what a decision left to be done outside of the database, written in the decision's own transaction
CREATE TABLE effects (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  payload TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  leased_until BIGINT,
  leased_by TEXT,
  created_at BIGINT NOT NULL,
  last_error TEXT
);
CREATE UNIQUE INDEX effects_key ON effects (kind, key);
CREATE INDEX effects_due ON effects (due_at);

-- which daemon does a job now
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  held_until BIGINT NOT NULL
);

-- rows to hold until a transaction ends, for rules over more rows than one
CREATE TABLE locks (
  name TEXT PRIMARY KEY,
  times BIGINT NOT NULL
);
