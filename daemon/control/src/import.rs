//! `POST /v1/import`: what the older server had, taken over. The body is the file of its database.

use serde::{Deserialize, Serialize};

/// What became of it, or would.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Everything that comes.
    pub entries: Vec<ImportedEntry>,
    /// Accounts among it.
    pub users: u64,
    /// Those of them who administer the server.
    pub administrators: u64,
    /// Their passkeys.
    pub passkeys: u64,
    /// Rooms among it, archived ones too.
    pub rooms: u64,
    /// Settings among it.
    pub settings: u64,
    /// Accounts and rooms that came before, and stay as they are.
    pub known: u64,
    /// What was left out.
    pub left: Vec<LeftOut>,
}

/// Something that comes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportedEntry {
    /// `account`, `room` or `setting`.
    pub kind: String,
    /// A mail address, a room's name, a setting's name.
    pub name: String,
    /// What it becomes.
    pub becomes: String,
}

/// Something that was not taken over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LeftOut {
    /// Whose or what it is.
    pub what: String,
    /// Why.
    pub why: String,
}
