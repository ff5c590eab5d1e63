//! What an administrator may change while the server runs: kept in the database, defaults here. The file holds none of it.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{
    actor::Actor,
    error::{self, Error, Result},
    names,
    store::{Store, Timestamp, audit, events, settings as table},
};

/// How long a value set through another daemon may stay unknown here.
const FRESH: Duration = Duration::from_secs(2);

/// Every setting; the names are those of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Values {
    /// What the server calls itself.
    pub server_name: String,
    /// Whether anybody may make an account.
    pub registration_enabled: bool,
    /// Whether making an account needs an invitation.
    pub token_registration_only: bool,
    /// Whether people may come with a name only.
    pub guest_login_enabled: bool,
    /// Whether people may sign in by a passkey.
    pub passkeys_enabled: bool,
    /// Messages a chat keeps.
    pub chat_max_message_count: u32,
    /// How long a chat keeps them.
    #[serde(rename = "chatMessageTTLHours")]
    pub chat_message_ttl_hours: u32,
    /// How long it is kept who did what; 0 keeps it for ever.
    pub audit_retention_days: u32,
}

impl Values {
    /// What a value may be beyond its type; the sentence goes on after the name.
    fn check(&self) -> Result<(), &'static str> {
        let length = self.server_name.chars().count();
        if !(1..=100).contains(&length) || self.server_name.chars().any(char::is_control) {
            return Err("has 1 to 100 characters");
        }
        if !(1..=100_000).contains(&self.chat_max_message_count) {
            return Err("is a number from 1 to 100000");
        }
        if !(1..=8760).contains(&self.chat_message_ttl_hours) {
            return Err("is a number from 1 to 8760");
        }
        if self.audit_retention_days > 36_500 {
            return Err("is a number from 0 to 36500");
        }
        Ok(())
    }
}

impl Default for Values {
    fn default() -> Self {
        Self {
            server_name: "Bedrud".to_owned(),
            registration_enabled: true,
            token_registration_only: false,
            guest_login_enabled: true,
            passkeys_enabled: true,
            chat_max_message_count: 500,
            chat_message_ttl_hours: 24,
            audit_retention_days: 365,
        }
    }
}

/// Lines deleted in one go.
const AUDIT_SLICE: u64 = 1000;
/// How long somebody who follows the events may be away. What lasts longer is in the audit log.
const EVENT_DAYS: i64 = 7;

type Object = serde_json::Map<String, serde_json::Value>;

/// What the store said, and when.
type Known = (Instant, Arc<Values>);

/// The settings and their cache; cheap to clone.
#[derive(Clone)]
pub struct Settings {
    store: Store,
    known: Arc<RwLock<Option<Known>>>,
}

impl Settings {
    /// Settings kept in `store`.
    pub fn new(store: Store) -> Self {
        Self { store, known: Arc::default() }
    }

    /// The current values, at most two seconds old.
    pub async fn get(&self) -> Result<Arc<Values>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read_at, values)) = known
            && read_at.elapsed() < FRESH
        {
            return Ok(values);
        }
        let rows = self.store.run(table::all).await?;
        let values = Arc::new(from_rows(rows)?);
        self.remember(values.clone());
        Ok(values)
    }

    /// Every setting by name: as it is, and as it is unless somebody changes it.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<(String, serde_json::Value, serde_json::Value)>> {
        permitted(actor)?;
        let (now, default) = (object(&*self.get().await?)?, object(&Values::default())?);
        let mut listed: Vec<_> = Vec::new();
        for (name, value) in now {
            let default = default.get(&name).cloned().unwrap_or_default();
            listed.push((name, value, default));
        }
        Ok(listed)
    }

    /// Changes one value, written as a person writes it; an unknown name and a value that does not fit are refused.
    pub async fn change(&self, actor: &Actor, name: &str, text: &str) -> Result<Arc<Values>> {
        self.change_all(actor, vec![(name.to_owned(), text.to_owned())]).await
    }

    /// The same for many, all of them or none.
    pub async fn change_all(&self, actor: &Actor, wanted: Vec<(String, String)>) -> Result<Arc<Values>> {
        permitted(actor)?;
        let mut changes = Vec::new();
        for (name, text) in wanted {
            let value = fitting(&name, &text)?.to_string();
            let line = audit::Line {
                target: name.clone(),
                detail: value.clone(),
                ..audit::Line::by(actor, "settings.change")
            };
            changes.push((name, value, line));
        }
        let changed = self.store.run(move |connection| {
            connection.transaction(|connection| {
                for (name, value, line) in &changes {
                    table::set(connection, name, value)?;
                    audit::write(connection, line)?;
                }
                from_rows(table::all(connection)?)
            })
        });
        let values = Arc::new(changed.await?);
        self.remember(values.clone());
        Ok(values)
    }

    /// Fails for a name that is none, with those that may have been meant.
    pub fn must_know(&self, actor: &Actor, name: &str) -> Result<()> {
        permitted(actor)?;
        let known = object(&Values::default())?;
        if known.contains_key(name) { Ok(()) } else { Err(unknown(name, &known)) }
    }

    /// The refusals of [`Self::change`] without the change.
    pub fn check(&self, actor: &Actor, name: &str, text: &str) -> Result<()> {
        permitted(actor)?;
        fitting(name, text).map(drop)
    }

    /// Deletes the lines of the audit log that are older than they need be, some at a time so that nobody waits for it.
    pub async fn forget_audit(&self) -> Result<()> {
        let days = i64::from(self.get().await?.audit_retention_days);
        if days == 0 {
            return Ok(());
        }
        let before = Timestamp::now().plus_seconds(-days.saturating_mul(86_400));
        while self.store.run(move |c| audit::delete_before(c, before, AUDIT_SLICE)).await? == AUDIT_SLICE {}
        Ok(())
    }

    /// Deletes the events that nobody is expected to come for any more.
    pub async fn forget_events(&self) -> Result<()> {
        let before = Timestamp::now().plus_seconds(-EVENT_DAYS.saturating_mul(86_400));
        self.store.run(move |c| events::delete_before(c, before)).await.map(drop)
    }

    /// Has the next who asks read them again: they were changed beside this.
    pub fn forget(&self) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn remember(&self, values: Arc<Values>) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), values));
    }
}

/// The value as it is kept, for a text as a person writes it; `None` where nothing else is so anyway.
pub fn differing(name: &str, text: &str) -> Option<Result<String>> {
    match (fitting(name, text), object(&Values::default())) {
        (Ok(value), Ok(defaults)) if defaults.get(name) == Some(&value) => None,
        (value, _) => Some(value.map(|value| value.to_string())),
    }
}

fn permitted(actor: &Actor) -> Result<()> {
    error::permitted(actor.administers(), "Only an administrator may see and change settings.")
}

fn object(values: &Values) -> Result<Object> {
    match serde_json::to_value(values).map_err(Error::internal)? {
        serde_json::Value::Object(object) => Ok(object),
        other => Err(Error::internal(format!("settings are no object: {other}"))),
    }
}

fn unknown(name: &str, known: &Object) -> Error {
    let near = names::nearest(name, known.keys().map(|known| (known.clone(), vec![known.as_str()])));
    let more = if near.is_empty() {
        format!(" There are: {}.", known.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
    } else {
        names::did_you_mean(&near)
    };
    Error::invalid("setting_unknown", format!("There is no setting of that name.{more}"))
}

/// The value that `text` stands for; a text setting takes it as it is.
fn fitting(name: &str, text: &str) -> Result<serde_json::Value> {
    let mut known = object(&Values::default())?;
    let Some(default) = known.get(name) else {
        return Err(unknown(name, &known));
    };
    let wrong = |what: String| Error::invalid("setting_invalid", format!("{name} {what}."));
    let value: serde_json::Value = match default {
        serde_json::Value::String(_) => text.trim().into(),
        _ => serde_json::from_str(text.trim()).unwrap_or_default(),
    };
    let kind = match default {
        serde_json::Value::Bool(_) => "is true or false",
        serde_json::Value::String(_) => "is a text",
        _ => "is a whole number, not below 0",
    };
    known.insert(name.to_owned(), value.clone());
    let values: Values = serde_json::from_value(known.into()).map_err(|_| wrong(kind.to_owned()))?;
    values.check().map_err(|what| wrong(what.to_owned()))?;
    Ok(value)
}

/// A row that this version does not know, or cannot read, is another version's: it counts as not there.
fn from_rows(rows: Vec<(String, String)>) -> Result<Values> {
    let mut object = object(&Values::default())?;
    for (name, text) in rows {
        let Ok(value) = serde_json::from_str(&text) else { continue };
        let Some(before) = object.get(&name).cloned() else { continue };
        object.insert(name.clone(), value);
        if serde_json::from_value::<Values>(object.clone().into()).is_err() {
            object.insert(name, before);
        }
    }
    serde_json::from_value(object.into()).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn changes_are_kept_and_nonsense_changes_nothing() {
        let folder = tempfile::tempdir().expect("directory");
        let store = Store::open(&folder.path().join("test.db"), 2).expect("store");
        let settings = Settings::new(store.clone());
        assert_eq!(*settings.get().await.expect("defaults"), Values::default());
        settings.change(&Actor::System, "serverName", "7").await.expect("a name");
        settings.change(&Actor::System, "guestLoginEnabled", "false").await.expect("changed");
        for (name, text) in [
            ("guestLoginEnabled", "perhaps"),
            ("chatMaxMessageCount", "-1"),
            ("chatMaxMessageCount", "1.5"),
            ("serverName", " "),
            ("nosuch", "true"),
        ] {
            let refused = settings.change(&Actor::System, name, text).await.expect_err("refused");
            assert!(refused.code.starts_with("setting_"), "{name} {text}: {}", refused.code);
        }
        let newer = store.run(|connection| {
            table::set(connection, "ofANewerVersion", "{}")?;
            table::set(connection, "registrationEnabled", "\"by invitation\"")?;
            table::set(connection, "chatMaxMessageCount", "not JSON")
        });
        newer.await.expect("written");
        let kept = Settings::new(store).get().await.expect("read again");
        assert_eq!((kept.server_name.as_str(), kept.guest_login_enabled), ("7", false));
    }
}
