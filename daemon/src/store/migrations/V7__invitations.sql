-- Who may make an account by a link. The link's secret is no column: the server can say it again from the id.
CREATE TABLE account_invitations (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL DEFAULT '',
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  used_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX account_invitations_created ON account_invitations (created_at, id);
