//! The SFU's API key and secret: configured, or generated once into the state directory. Never logged.

use std::{fmt, io::ErrorKind, path::Path, sync::Arc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};

use crate::{
    config::{Livekit, Problems},
    files,
};

/// Key id and secret, with which join tokens, calls and webhooks are signed (HS256).
#[derive(Clone)]
pub struct Keys(Arc<Pair>);

struct Pair {
    id: String,
    secret: String,
    signing: EncodingKey,
    verifying: DecodingKey,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.0.id)
    }
}

impl Keys {
    /// From a key id and its secret.
    pub fn new(id: &str, secret: &str) -> Self {
        let (signing, verifying) =
            (EncodingKey::from_secret(secret.as_bytes()), DecodingKey::from_secret(secret.as_bytes()));
        Self(Arc::new(Pair { id: id.to_owned(), secret: secret.to_owned(), signing, verifying }))
    }

    /// What the file configures, else the pair of the state directory, made there when it is missing.
    pub fn load(config: &Livekit, state: &Path, problems: &mut Problems) -> Option<Self> {
        let secret = match (&config.api_secret_file, &config.api_secret) {
            (Some(file), _) => match std::fs::read_to_string(file) {
                Ok(text) => Some(text.trim().to_owned()),
                Err(e) => {
                    let s = format!("{} cannot be read: {e}. Check the path and its mode.", file.display());
                    problems.add("secret_unreadable", "livekit.apiSecretFile", s);
                    return None;
                }
            },
            (None, secret) => secret.clone(),
        };
        match (&config.api_key, secret) {
            (Some(id), Some(secret)) => Some(Self::new(id, &secret)),
            (None, None) => match generated(&state.join("livekit-keys")) {
                Ok((id, secret)) => Some(Self::new(&id, &secret)),
                Err(e) => {
                    let s = format!("The SFU's key pair cannot be kept in {}: {e}.", state.display());
                    problems.add("secret_unwritable", "livekit.apiKey", s);
                    None
                }
            },
            _ => {
                let s = "livekit.apiKey and its secret go together. Give both, or neither to have them made.";
                problems.add("missing_value", "livekit.apiKey", s);
                None
            }
        }
    }

    /// The key id, which is no secret.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    pub(crate) fn secret(&self) -> &str {
        &self.0.secret
    }

    pub(crate) fn signing(&self) -> &EncodingKey {
        &self.0.signing
    }

    pub(crate) fn verifying(&self) -> &DecodingKey {
        &self.0.verifying
    }
}

/// Daemon and unit may both come first: whoever is second reads what the first made.
fn generated(path: &Path) -> std::io::Result<(String, String)> {
    let read = || {
        let text = std::fs::read_to_string(path)?;
        let pair = text.trim().split_once(": ").map(|(id, secret)| (id.to_owned(), secret.to_owned()));
        pair.ok_or_else(|| std::io::Error::new(ErrorKind::InvalidData, "the file has no `key: secret` line"))
    };
    match read() {
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        found => return found,
    }
    let random = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let id = format!("API{:012x}", rand::random::<u64>() & 0xffff_ffff_ffff);
    files::make(path, format!("{id}: {random}\n").as_bytes())?;
    read()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_generated_pair_stays_and_is_private() {
        let state = tempfile::tempdir().expect("directory");
        let mut problems = Problems::default();
        let config = Livekit::default();
        let first = Keys::load(&config, state.path(), &mut problems).expect("made");
        let second = Keys::load(&config, state.path(), &mut problems).expect("read");
        assert_eq!((first.id(), first.secret()), (second.id(), second.secret()));
        let mode = std::fs::metadata(state.path().join("livekit-keys")).expect("file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(first.secret().len() >= 32);
        assert!(!format!("{first:?}").contains(first.secret()));
    }

    #[test]
    fn half_a_pair_is_a_problem() {
        let state = tempfile::tempdir().expect("directory");
        let mut problems = Problems::default();
        let config = Livekit { api_key: Some("APIx".to_owned()), ..Livekit::default() };
        assert!(Keys::load(&config, state.path(), &mut problems).is_none());
        assert_eq!(problems.0[0].code, "missing_value");
    }
}
