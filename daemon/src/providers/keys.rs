//! The keys by which a provider signs: kept, and asked for anew when it signs by one that is not among them.

use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::ask::Line;
use crate::error::Result;

/// For so long they are believed without asking again.
const FRESH: Duration = Duration::from_secs(3600);
/// So often they are asked for in [`WINDOW`] at most, whatever is signed by.
const MOST: usize = 4;
const WINDOW: Duration = Duration::from_secs(60);
/// No provider has so many.
const MOST_KEYS: usize = 32;

/// A JSON Web Key Set (RFC 7517, 5). What cannot be read of it is none of those that we need.
#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

#[derive(Default)]
struct Held {
    keys: Vec<Jwk>,
    /// When they were asked for, the newest last.
    asked: Vec<Instant>,
    read: Option<Instant>,
}

/// The keys of one provider.
#[derive(Default)]
pub(super) struct Keys(Mutex<Held>);

impl Keys {
    /// Those that something with this `kid` may be signed by.
    pub(super) async fn of(&self, line: &Line, url: &str, kid: Option<&str>) -> Result<Vec<Jwk>> {
        let mut held = self.0.lock().await;
        let mut found = held.named(kid);
        let is_old = held.read.is_none_or(|at| at.elapsed() > FRESH);
        if (is_old || found.is_empty()) && held.may_ask() {
            match held.ask(line, url).await {
                Ok(()) => found = held.named(kid),
                // those that there are do, while nobody can be asked
                Err(e) if !found.is_empty() => tracing::warn!(code = e.code, "{e}"),
                Err(e) => return Err(e),
            }
        }
        Ok(found)
    }
}

impl Held {
    fn named(&self, kid: Option<&str>) -> Vec<Jwk> {
        let is_it = |key: &&Jwk| kid.is_none() || key.common.key_id.as_deref() == kid;
        self.keys.iter().filter(is_it).cloned().collect()
    }

    fn may_ask(&mut self) -> bool {
        self.asked.retain(|at| at.elapsed() < WINDOW);
        self.asked.len() < MOST
    }

    async fn ask(&mut self, line: &Line, url: &str) -> Result<()> {
        self.asked.push(Instant::now());
        let set: Set = line.get(url, None).await?;
        let keys = set.keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        let signs =
            |key: &Jwk| key.common.public_key_use.as_ref().is_none_or(|way| *way == PublicKeyUse::Signature);
        self.keys = keys.filter(signs).take(MOST_KEYS).collect();
        self.read = Some(Instant::now());
        Ok(())
    }
}
