-- What a device was asked to sign for a passkey; it serves once, within some minutes. The id is the challenge itself.
CREATE TABLE challenges (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  user_id TEXT,
  state TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX challenges_expiry ON challenges (expires_at);
