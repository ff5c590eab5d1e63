//! What an administrator may change while the server runs: kept in the database, defaults here. The file holds none of it.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{
    actor::Actor,
    error::{Error, Result},
    store::{Store, audit, settings as table},
};

/// How long a value set through another daemon may stay unknown here.
const FRESH: Duration = Duration::from_secs(2);

/// Every setting; the names are those of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Values {
    /// What the server calls itself.
    pub server_name: String,
    /// Whether anybody may make an account.
    pub registration_enabled: bool,
    /// Whether making an account needs an invitation.
    pub token_registration_only: bool,
    /// Whether people may come with a name only.
    pub guest_login_enabled: bool,
    /// Messages a chat keeps.
    pub chat_max_message_count: u32,
    /// How long a chat keeps them.
    #[serde(rename = "chatMessageTTLHours")]
    pub chat_message_ttl_hours: u32,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            server_name: "Bedrud".to_owned(),
            registration_enabled: true,
            token_registration_only: false,
            guest_login_enabled: true,
            chat_max_message_count: 500,
            chat_message_ttl_hours: 24,
        }
    }
}

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

    /// Changes the named values; unknown names and values of the wrong type are refused as a whole.
    pub async fn change(&self, actor: &Actor, changes: Object) -> Result<Arc<Values>> {
        if !actor.administers() {
            return Err(Error::forbidden("not_permitted", "Only an administrator may change settings."));
        }
        let rows: Vec<(String, String)> =
            changes.into_iter().map(|(name, value)| (name, value.to_string())).collect();
        let line = audit::Line {
            actor: actor.label(),
            address: actor.address(),
            verb: "settings.change",
            detail: rows.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" "),
            ..audit::Line::default()
        };
        let changed = self.store.run(move |connection| {
            connection.transaction(|connection| {
                for (name, value) in &rows {
                    table::set(connection, name, value)?;
                }
                let values = from_rows(table::all(connection)?)
                    .map_err(|e| Error::invalid("setting_invalid", format!("That does not fit: {e}.")))?;
                audit::write(connection, &line)?;
                Ok(Arc::new(values))
            })
        });
        let values = changed.await?;
        self.remember(values.clone());
        Ok(values)
    }

    fn remember(&self, values: Arc<Values>) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), values));
    }
}

fn from_rows(rows: Vec<(String, String)>) -> Result<Values> {
    let mut object = Object::new();
    for (name, value) in rows {
        object.insert(name, serde_json::from_str(&value).map_err(Error::internal)?);
    }
    serde_json::from_value(object.into()).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn changes_are_kept_and_nonsense_changes_nothing() {
        let folder = tempfile::tempdir().expect("directory");
        let store = Store::open(&folder.path().join("test.db"), 2).expect("store");
        let object = |value: serde_json::Value| value.as_object().cloned().expect("an object");
        let settings = Settings::new(store.clone());
        assert_eq!(*settings.get().await.expect("defaults"), Values::default());
        let change = object(json!({"serverName": "Here", "guestLoginEnabled": false}));
        settings.change(&Actor::System, change).await.expect("changed");
        for wrong in [json!({"serverName": 7}), json!({"nosuch": true, "serverName": "There"})] {
            let refused = settings.change(&Actor::System, object(wrong)).await.expect_err("refused");
            assert_eq!(refused.code, "setting_invalid");
        }
        let kept = Settings::new(store).get().await.expect("read again");
        assert_eq!((kept.server_name.as_str(), kept.guest_login_enabled), ("Here", false));
    }
}
