//! `/v1/backup`: a whole server in one file. `GET` makes one; `POST /v1/backup/verify` and `/v1/backup/restore` take one as the body.

use serde::{Deserialize, Serialize};

/// Of a restore, as the query of the request.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RestoreQuery {
    /// Answer as if, and change nothing.
    pub dry_run: bool,
    /// What was done since the backup may be lost.
    pub lose_newer: bool,
}

/// What was found in a backup by opening it. After a restore the daemon stops, and puts it in place when it is started.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BackupFound {
    /// RFC 3339; when it was made.
    pub created_at: String,
    /// Which version of the daemon made it.
    pub version: String,
    /// The number of the last migration of its database.
    pub schema: i64,
    /// Files in it.
    pub files: usize,
    /// Their length in all.
    pub bytes: u64,
    /// Accounts in it.
    pub users: i64,
    /// Rooms in it.
    pub rooms: i64,
}
