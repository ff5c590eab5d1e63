-- Only TEXT, BIGINT, BOOLEAN: one text for SQLite and PostgreSQL. Times are Unix milliseconds.
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT,
  provider TEXT NOT NULL,
  role TEXT NOT NULL,
  avatar_url TEXT NOT NULL DEFAULT '',
  is_active BOOLEAN NOT NULL DEFAULT TRUE,
  preferences TEXT NOT NULL DEFAULT '{}',
  email_verified_at BIGINT,
  password_changed_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX users_created ON users (created_at, id);
CREATE INDEX users_name ON users (lower(name));
CREATE INDEX users_role ON users (role, created_at);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  generation BIGINT NOT NULL,
  rotated_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  end_reason TEXT,
  address TEXT NOT NULL DEFAULT '',
  agent TEXT NOT NULL DEFAULT '',
  guest_key TEXT
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE rooms (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_by TEXT NOT NULL,
  admin_id TEXT NOT NULL,
  is_active BOOLEAN NOT NULL DEFAULT TRUE,
  is_public BOOLEAN NOT NULL DEFAULT TRUE,
  max_participants BIGINT NOT NULL,
  mode TEXT NOT NULL DEFAULT 'standard',
  allow_chat BOOLEAN NOT NULL DEFAULT TRUE,
  allow_video BOOLEAN NOT NULL DEFAULT TRUE,
  allow_audio BOOLEAN NOT NULL DEFAULT TRUE,
  require_approval BOOLEAN NOT NULL DEFAULT FALSE,
  e2ee BOOLEAN NOT NULL DEFAULT FALSE,
  is_persistent BOOLEAN NOT NULL DEFAULT FALSE,
  recordings_allowed BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  last_activity_at BIGINT NOT NULL,
  deleted_at BIGINT
);
-- a slug is reused once its room is archived
CREATE UNIQUE INDEX rooms_live_name ON rooms (name) WHERE deleted_at IS NULL;
CREATE INDEX rooms_name ON rooms (name, deleted_at);
CREATE INDEX rooms_owner ON rooms (admin_id, deleted_at, created_at);
CREATE INDEX rooms_created ON rooms (deleted_at, created_at, id);

CREATE TABLE moderators (
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  granted_by TEXT NOT NULL,
  granted_at BIGINT NOT NULL,
  PRIMARY KEY (room_id, identity)
);

-- a row: a join token was issued since the last kick; its seat is held for a moment, until the person connects
CREATE TABLE admissions (
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  held_until BIGINT NOT NULL,
  PRIMARY KEY (room_id, identity)
);
CREATE INDEX admissions_room ON admissions (room_id, held_until);
CREATE INDEX admissions_expiry ON admissions (held_until);

-- what the SFU says, keyed by its participant session; order of events does not matter
CREATE TABLE presences (
  participant_sid TEXT PRIMARY KEY,
  room_sid TEXT NOT NULL,
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  joined_at BIGINT NOT NULL,
  left_at BIGINT
);
CREATE INDEX presences_inside ON presences (room_id, identity) WHERE left_at IS NULL;
CREATE INDEX presences_identity ON presences (identity, joined_at);
CREATE INDEX presences_left ON presences (left_at);

CREATE TABLE restrictions (
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  muted BOOLEAN NOT NULL DEFAULT FALSE,
  video_off BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (room_id, identity)
);

-- join tokens issued up to and including this second are refused
CREATE TABLE revocations (
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  not_before_seconds BIGINT NOT NULL,
  PRIMARY KEY (room_id, identity)
);
CREATE INDEX revocations_age ON revocations (not_before_seconds);

CREATE TABLE bans (
  id TEXT PRIMARY KEY,
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  guest_key TEXT,
  address TEXT,
  address_until BIGINT,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX bans_identity ON bans (room_id, identity);
CREATE INDEX bans_guest_key ON bans (room_id, guest_key);
CREATE INDEX bans_address ON bans (room_id, address);

CREATE TABLE audit (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  verb TEXT NOT NULL,
  target TEXT NOT NULL DEFAULT '',
  room_id TEXT,
  address TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_room ON audit (room_id, at);
CREATE INDEX audit_actor ON audit (actor, at);

-- counters of tries, so that limits survive a restart
CREATE TABLE tries (
  bucket TEXT PRIMARY KEY,
  started_at BIGINT NOT NULL,
  count BIGINT NOT NULL
);
CREATE INDEX tries_started ON tries (started_at);
