-- Who was brought on stage, in a room whose mode has one; until they are taken off, or the meeting ends.
CREATE TABLE stage (
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  brought_at BIGINT NOT NULL,
  PRIMARY KEY (room_id, identity)
);

-- what else is held back: data packets, and what others say
ALTER TABLE holds ADD COLUMN chat BOOLEAN;
ALTER TABLE holds ADD COLUMN hearing BOOLEAN;

-- What was said in a room, as its senders told it by a request of their own; body: JSON of the data channel.
CREATE TABLE messages (
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  identity TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  PRIMARY KEY (room_id, identity, id)
);
CREATE INDEX messages_order ON messages (room_id, said_at, id);
CREATE INDEX messages_age ON messages (said_at);
