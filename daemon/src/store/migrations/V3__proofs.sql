-- how somebody can prove who they are: one table, so that a password is one way among others
CREATE TABLE credentials (
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  secret TEXT,
  counter BIGINT NOT NULL DEFAULT 0,
  name TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  last_used_at BIGINT,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX credentials_user ON credentials (user_id, kind);
INSERT INTO credentials (kind, subject, user_id, secret, created_at)
  SELECT 'password', id, id, password_hash, coalesce(password_changed_at, created_at)
    FROM users WHERE password_hash IS NOT NULL;
ALTER TABLE users DROP COLUMN password_hash;

-- which refresh token's successor has arrived; when and how the person proved who they are
ALTER TABLE sessions ADD COLUMN seen_generation BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN proof TEXT NOT NULL DEFAULT 'password';
UPDATE sessions SET seen_generation = generation - 1, proved_at = created_at,
  proof = CASE WHEN user_id IN (SELECT id FROM users WHERE role = 'guest') THEN 'name' ELSE 'password' END;
