-- who outside is told what happened
CREATE TABLE webhooks (
  id TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  secret TEXT NOT NULL,
  -- names with a comma before and after each
  events TEXT NOT NULL,
  is_active BOOLEAN NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- when each may be called again, and by whom; apart, so that whoever writes an event reads nothing that the clock writes
CREATE TABLE webhook_lines (
  id TEXT PRIMARY KEY REFERENCES webhooks (id) ON DELETE CASCADE,
  due_at BIGINT NOT NULL,
  failures BIGINT NOT NULL DEFAULT 0,
  leased_until BIGINT,
  leased_by TEXT
);

-- what each is told: written in the transaction of what it tells of, sent in the order of the ids
CREATE TABLE webhook_deliveries (
  id TEXT PRIMARY KEY,
  webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  event TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  give_up_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX webhook_deliveries_order ON webhook_deliveries (webhook_id, state, id);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at);

CREATE TABLE webhook_attempts (
  id TEXT PRIMARY KEY,
  delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
  at BIGINT NOT NULL,
  milliseconds BIGINT NOT NULL,
  status BIGINT,
  error TEXT NOT NULL
);
CREATE INDEX webhook_attempts_delivery ON webhook_attempts (delivery_id, id);

-- in which rooms a meeting goes on: from the first who comes until the SFU, somebody, or the sweep ends it
CREATE TABLE meetings (
  room_id TEXT PRIMARY KEY,
  began_at BIGINT NOT NULL
);
