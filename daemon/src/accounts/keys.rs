//! The secrets that sign tokens: the newest one signs, those before it are believed until nothing that they signed can be valid any
//! more. So a secret is exchanged while everybody stays signed in.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::ArcSwap;
use aws_lc_rs::hmac;

use super::{
    Tokens, secret,
    token::{Claims, Signer},
};
use crate::{
    config::Auth,
    error::{Error, Kind, Result},
    files::{self, Lasts},
    store::{Timestamp, sessions::Session},
};

/// The file of the newest, and that of those before it: a line each, when it was made, until when it is believed, the secret.
const NEWEST: &str = "secrets";
const OLDER: &str = "secrets-before";

/// What may be told of a key: never the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    /// Says which one it is, and nothing about the secret.
    pub id: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it is believed; `None` for the one that signs.
    pub until: Option<Timestamp>,
}

struct Key {
    facts: KeyFacts,
    secret: String,
    signer: Arc<Signer>,
}

impl Key {
    fn is_believed(&self) -> bool {
        self.facts.until.is_none_or(|until| until > Timestamp::now())
    }
}

/// All of them, the newest first; never none.
pub(super) struct Ring {
    state: PathBuf,
    access_minutes: u32,
    overlap_seconds: i64,
    keys: ArcSwap<Vec<Key>>,
    /// One rotation at a time.
    turn: Mutex<()>,
}

impl Ring {
    /// Reads the files in `state`, and makes the first secret where there is none. Blocking.
    pub fn open(state: &Path, lifetimes: &Auth) -> Result<Self> {
        // a refresh token lives as long, and an access token not nearly
        let overlap_seconds = i64::from(lifetimes.refresh_token_days).saturating_mul(86_400);
        let ring = Self {
            state: state.to_owned(),
            access_minutes: lifetimes.access_token_minutes,
            overlap_seconds,
            keys: ArcSwap::default(),
            turn: Mutex::default(),
        };
        ring.keys.store(Arc::new(ring.read()?));
        Ok(ring)
    }

    fn read(&self) -> Result<Vec<Key>> {
        let path = self.state.join(NEWEST);
        let secret = secret::kept(&path)?;
        let modified = fs::metadata(&path).and_then(|found| found.modified()).ok();
        let made_at = modified.map_or_else(Timestamp::now, |at| {
            Timestamp(chrono::DateTime::<chrono::Utc>::from(at).timestamp_millis())
        });
        let mut keys = vec![self.key(secret, made_at, None)];
        let now = Timestamp::now();
        for line in self.older()?.lines() {
            let mut parts = line.split(' ');
            let (Some(made), Some(until), Some(secret)) = (parts.next(), parts.next(), parts.next()) else {
                continue;
            };
            let (Ok(made), Ok(until)) = (made.parse().map(Timestamp), until.parse().map(Timestamp)) else {
                continue;
            };
            // a rotation that was broken off leaves the newest among them
            if until > now && keys.first().is_some_and(|newest| newest.secret != secret) {
                keys.push(self.key(secret.to_owned(), made, Some(until)));
            }
        }
        Ok(keys)
    }

    fn older(&self) -> Result<String> {
        let path = self.state.join(OLDER);
        match fs::read_to_string(&path) {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(unusable(&path, &e)),
            read => Ok(read.unwrap_or_default()),
        }
    }

    fn key(&self, secret: String, made_at: Timestamp, until: Option<Timestamp>) -> Key {
        let signer = Arc::new(Signer::new(secret.as_bytes(), self.access_minutes));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), b"bedrud key id");
        let id = tag.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Key { facts: KeyFacts { id, made_at, until }, secret, signer }
    }

    /// The one that signs.
    pub fn newest(&self) -> Result<Arc<Signer>> {
        let keys = self.keys.load();
        keys.first().map(|key| key.signer.clone()).ok_or_else(|| Error::internal("there is no key"))
    }

    /// Both tokens of a session's latest generation, by the newest key.
    pub fn pair(&self, session: &Session) -> Result<Tokens> {
        self.newest()?.pair(session)
    }

    /// An access token that begins now, by the newest key.
    pub fn fresh_access(&self, session: &Session) -> Result<String> {
        self.newest()?.fresh_access(session)
    }

    /// Reads an access token of any key that is believed.
    pub fn check(&self, access_token: &str) -> Result<Claims> {
        let (keys, mut refused) = (self.keys.load(), None);
        for key in keys.iter().filter(|key| key.is_believed()) {
            match key.signer.check(access_token) {
                Ok(claims) => return Ok(claims),
                // of this key and too old says more than of another key
                Err(e) if e.code == "token_expired" || refused.is_none() => refused = Some(e),
                Err(_) => {}
            }
        }
        Err(refused.unwrap_or_else(|| Error::internal("there is no key")))
    }

    /// Session id and generation of a refresh token of any key that is believed.
    pub fn check_refresh(&self, refresh_token: &str) -> Option<(String, i64)> {
        let keys = self.keys.load();
        let mut believed = keys.iter().filter(|key| key.is_believed());
        believed.find_map(|key| key.signer.check_refresh(refresh_token))
    }

    /// What only this server can say about `text`, by each key that is believed, the newest first.
    pub fn marks(&self, purpose: &str, text: &str) -> Vec<[u8; 32]> {
        let keys = self.keys.load();
        keys.iter().filter(|key| key.is_believed()).map(|key| key.signer.mark(purpose, text)).collect()
    }

    /// What may be told of them.
    pub fn list(&self) -> Vec<KeyFacts> {
        self.keys.load().iter().map(|key| key.facts.clone()).collect()
    }

    /// Has a fresh secret sign from now on; says which one. Blocking. What is on the disk is whole at every moment: the old secret
    /// is among those before first, then the new one takes its place.
    pub fn rotate(&self) -> Result<KeyFacts> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let until = Timestamp::now().plus_seconds(self.overlap_seconds);
        let mut text = String::new();
        for key in self.keys.load().iter() {
            let until = key.facts.until.unwrap_or(until);
            text.push_str(&format!("{} {} {}\n", key.facts.made_at.0, until.0, key.secret));
        }
        for (name, text) in [(OLDER, text), (NEWEST, format!("{}\n", secret::fresh()))] {
            let path = self.state.join(name);
            files::replace(&path, text.as_bytes(), Lasts::PowerCut).map_err(|e| unusable(&path, &e))?;
        }
        let keys = self.read()?;
        let facts = keys.first().map(|key| key.facts.clone());
        self.keys.store(Arc::new(keys));
        facts.ok_or_else(|| Error::internal("there is no key"))
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    let s = format!(
        "The secrets in {} cannot be used: {error}. The daemon's user must own the file.",
        path.display()
    );
    Error::new(Kind::Unavailable, "secret_unusable", s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sessions::Proof;

    #[test]
    fn what_was_signed_before_is_believed_until_its_time_is_over() {
        let folder = tempfile::tempdir().expect("directory");
        let ring = Ring::open(folder.path(), &Auth::default()).expect("made");
        let (at, text) = (Timestamp::now(), String::new);
        let session = Session {
            id: "s".to_owned(),
            user_id: text(),
            generation: 1,
            seen_generation: 0,
            rotated_at: at,
            created_at: at,
            last_used_at: at,
            expires_at: at,
            ended_at: None,
            address: text(),
            agent: text(),
            guest_key: None,
            proved_at: at,
            proof: Proof::Password,
        };
        let before = ring.pair(&session).expect("signed");
        let first = ring.list();
        ring.rotate().expect("rotated");
        let after = ring.pair(&session).expect("signed");
        assert_ne!(before.refresh, after.refresh);
        for tokens in [&before, &after] {
            assert!(ring.check_refresh(&tokens.refresh).is_some());
        }
        let again = Ring::open(folder.path(), &Auth::default()).expect("read");
        assert_eq!(again.list(), ring.list(), "a restart knows them");
        assert_eq!((again.list().len(), &again.list()[1].id), (2, &first[0].id));
        let older = folder.path().join(OLDER);
        let ended = fs::read_to_string(&older).expect("read");
        let (made, rest) = ended.split_once(' ').expect("a line");
        fs::write(&older, format!("{made} 1 {}", rest.split_once(' ').expect("a line").1)).expect("written");
        let later = Ring::open(folder.path(), &Auth::default()).expect("read");
        assert!(
            later.check_refresh(&before.refresh).is_none() && later.check_refresh(&after.refresh).is_some()
        );
    }
}
