-- Who asks to be let into a room: waiting, admitted until the meeting ends, or refused for a while.
CREATE TABLE lobby (
  ticket TEXT PRIMARY KEY,
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  decided_at BIGINT
);
CREATE UNIQUE INDEX lobby_person ON lobby (room_id, identity);
CREATE INDEX lobby_seen ON lobby (seen_at);

-- a running meeting that takes nobody new but through the lobby; a room that opens only when a moderator is there
ALTER TABLE rooms ADD COLUMN is_locked BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE rooms ADD COLUMN moderator_first BOOLEAN NOT NULL DEFAULT FALSE;

-- links that let people in past the lobby; the secret in the link is kept as its SHA-256
CREATE TABLE room_invitations (
  id TEXT PRIMARY KEY,
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  digest TEXT NOT NULL,
  role TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  most_uses BIGINT,
  uses BIGINT NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT
);
CREATE UNIQUE INDEX room_invitations_digest ON room_invitations (digest);
CREATE INDEX room_invitations_room ON room_invitations (room_id, created_at);

-- who came by one
CREATE TABLE room_invited (
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  invitation_id TEXT NOT NULL,
  invited_at BIGINT NOT NULL,
  PRIMARY KEY (room_id, identity)
);
CREATE INDEX room_invited_by ON room_invited (invitation_id);
