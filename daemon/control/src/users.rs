//! `/v1/users`: accounts. Members are named as in the public API.

use serde::{Deserialize, Serialize};

/// An account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// UUID; also the identity in rooms.
    pub id: String,
    /// Normalised mail address; empty for guests.
    pub email: String,
    /// Display name.
    pub name: String,
    /// `local` or `guest`.
    pub provider: String,
    /// Where their picture is; empty without one.
    pub avatar_url: String,
    /// `superadmin` and `user`, `user`, or `guest`.
    pub accesses: Vec<String>,
    /// False: disabled.
    pub is_active: bool,
    /// RFC 3339.
    pub email_verified_at: Option<String>,
    /// RFC 3339.
    pub password_changed_at: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

impl User {
    /// True for administrators of the server.
    pub fn is_admin(&self) -> bool {
        self.accesses.iter().any(|access| access == "superadmin")
    }
}

/// `GET /v1/users`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Users {
    /// Newest first.
    pub users: Vec<User>,
    /// How many there are on all pages.
    pub total: i64,
    /// Counted from 1.
    pub page: i64,
    /// The most a page has.
    pub limit: i64,
}

/// `POST /v1/users`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewUser {
    /// Mail address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// 12 to 128 bytes; without it one is made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Administers the server.
    #[serde(default)]
    pub admin: bool,
}

/// `PUT /v1/users/{user}/password`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewPassword {
    /// 12 to 128 bytes; without it one is made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Passkeys go on opening the account.
    #[serde(default)]
    pub keep_passkeys: bool,
}

/// An account whose password was just set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WithPassword {
    /// The account.
    #[serde(flatten)]
    pub user: User,
    /// The password, when it was made up: to be shown once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Passkeys that do not open it any more.
    #[serde(default)]
    pub passkeys_removed: usize,
}

/// `PUT /v1/users/{user}/role`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewRole {
    /// `admin` or `user`.
    pub role: String,
}

/// `PUT /v1/users/{user}/status`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewStatus {
    /// False keeps them out, at once.
    pub active: bool,
}

/// `GET /v1/users/{user}/deletion`: what goes with an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deletion {
    /// Whose account.
    pub user: User,
    /// How many rooms are closed with it.
    pub room_count: i64,
    /// The names of the first of them.
    pub rooms: Vec<String>,
    /// People who are in meetings there now.
    pub people_inside: i64,
}

/// One device of a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// UUID.
    pub id: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub last_used_at: String,
    /// RFC 3339; when it ends by itself, unless it is used before.
    pub expires_at: String,
    /// Client address; may be empty.
    pub address: String,
    /// `User-Agent`; may be empty.
    pub agent: String,
}

/// `GET /v1/users/{user}/sessions`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sessions {
    /// Whose they are.
    pub user: User,
    /// Open ones, newest first.
    pub sessions: Vec<Session>,
}

/// `POST /v1/users/{user}/reset-link`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResetLink {
    /// By which whoever has it sets a new password, once.
    pub link: String,
    /// RFC 3339.
    pub expires_at: String,
}
