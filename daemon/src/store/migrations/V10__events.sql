-- What happened, for whoever follows along: written in the transaction of what it tells of, and numbered when it is first
-- read, so that the numbers are in the order of the commits and nobody's place is ever overtaken.
CREATE TABLE events (
  id TEXT PRIMARY KEY,
  number BIGINT,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  address TEXT NOT NULL,
  target TEXT NOT NULL,
  room_id TEXT,
  detail TEXT NOT NULL
);
CREATE UNIQUE INDEX events_number ON events (number);
CREATE INDEX events_at ON events (at);
CREATE INDEX events_kind ON events (kind, id);
