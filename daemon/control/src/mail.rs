//! `/v1/mail`: mail on its way.

use serde::{Deserialize, Serialize};

/// `GET /v1/mail`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailQueue {
    /// Who carries it; empty where this server sends none.
    pub carrier: String,
    /// On its way.
    pub waiting: i64,
    /// Of these, tried in vain at least once.
    pub failing: i64,
    /// Not tried any more.
    pub given_up: i64,
    /// RFC 3339; when the oldest of those on their way was left.
    pub oldest: Option<String>,
    /// The newest of all these.
    pub mails: Vec<QueuedMail>,
}

/// One mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueuedMail {
    /// UUID.
    pub id: String,
    /// What it is about.
    pub kind: String,
    /// The mail address it goes to.
    pub to: String,
    /// `waiting`, `failing` or `given up`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; none where it is given up.
    pub next_at: Option<String>,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

/// `POST /v1/mail/retry`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MailTried {
    /// How many are tried now.
    pub tried: u64,
}

/// `POST /v1/mail/test`; it answers the same when the mail has left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MailTest {
    /// The mail address it goes to.
    pub to: String,
}
