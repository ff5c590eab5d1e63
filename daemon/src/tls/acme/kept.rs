//! What is kept between orders: the account's key, the certificate, and how the last tries ended. Keyed by the authority
//! and all names, because a certificate for other names, or from an authority for tests, must never be taken for ours.

use std::{
    io,
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    files::{self, Lasts},
    tls::Certificate,
};

/// Reads and writes files: not for asynchronous tasks.
#[derive(Clone)]
pub(super) struct Kept {
    directory: PathBuf,
    account: String,
    order: String,
}

/// How the last tries ended. Over a restart too, or a daemon that is started again and again would ask again and again.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tries {
    /// Failures in a row.
    pub(super) failures: u32,
    /// When to try again.
    pub(super) next: Option<DateTime<Utc>>,
    /// Why the last one failed.
    pub(super) error: Option<String>,
}

impl Kept {
    /// In `state`, for orders of `names` at `directory`, with an account that is bound to one of theirs or to none.
    pub(super) fn new(state: &Path, directory: &str, bound_to: Option<&str>, names: &[String]) -> Self {
        let host = directory.parse::<http::Uri>().ok().and_then(|url| url.host().map(readable));
        let host = host.unwrap_or_default();
        let mut sorted = names.to_vec();
        sorted.sort_unstable();
        let first = names.first().map(|name| readable(name)).unwrap_or_default();
        let account = bound_to.map_or_else(|| directory.to_owned(), |id| format!("{directory} {id}"));
        let whole = format!("{directory} {}", sorted.join(" "));
        Self {
            directory: state.join("acme"),
            account: format!("account-{host}-{}", hash(&account)),
            order: format!("{first}-{host}-{}", hash(&whole)),
        }
    }

    /// The newest certificate for exactly these names; none where there is none that can be read.
    pub(super) fn certificate(&self) -> Option<Certificate> {
        let pem = std::fs::read(self.certificate_file()).ok()?;
        Certificate::from_pem(&pem, &pem).ok()
    }

    /// Keeps `pem`, the chain and its key.
    pub(super) fn put_certificate(&self, pem: &str) -> Result<()> {
        self.put(&self.certificate_file(), pem.as_bytes())
    }

    /// The account's key (PKCS #8), made by `make` where there is none.
    pub(super) fn account(&self, make: impl FnOnce() -> Vec<u8>) -> Result<Vec<u8>> {
        let file = self.directory.join(format!("{}.pk8", self.account));
        match std::fs::read(&file) {
            Ok(key) => Ok(key),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let key = make();
                self.put(&file, &key)?;
                Ok(key)
            }
            Err(e) => Err(unusable(&file, e)),
        }
    }

    /// How the last tries ended.
    pub(super) fn tries(&self) -> Tries {
        let text = std::fs::read(self.tries_file()).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Keeps that.
    pub(super) fn put_tries(&self, tries: &Tries) -> Result<()> {
        self.put(&self.tries_file(), &serde_json::to_vec(tries).map_err(Error::internal)?)
    }

    fn certificate_file(&self) -> PathBuf {
        self.directory.join(format!("{}.pem", self.order))
    }

    fn tries_file(&self) -> PathBuf {
        self.directory.join(format!("{}.json", self.order))
    }

    fn put(&self, file: &Path, bytes: &[u8]) -> Result<()> {
        let written = files::private_directory(&self.directory)
            .and_then(|()| files::replace(file, bytes, Lasts::PowerCut));
        written.map_err(|e| unusable(file, e))
    }
}

fn unusable(file: &Path, error: io::Error) -> Error {
    let s =
        format!("{} cannot be used. Check the owner of the state directory and its space", file.display());
    Error::unavailable("acme_state_unusable", s).caused_by(error)
}

/// As part of a file's name, for people.
fn readable(text: &str) -> String {
    text.replace(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-', "_")
}

/// As part of a file's name, for certainty.
fn hash(text: &str) -> String {
    let digest = digest(&SHA256, text.as_bytes());
    digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_and_other_authorities_are_kept_apart() {
        let state = Path::new("/state");
        let key = |directory: &str, names: &[&str]| {
            Kept::new(state, directory, None, &names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>())
                .order
        };
        let (one, two) = ("https://a.example/dir", "https://a.example/staging");
        assert_eq!(key(one, &["x.org", "y.org"]), key(one, &["x.org", "y.org"]));
        for (directory, names) in [(one, &["x.org"][..]), (two, &["x.org", "y.org"]), (one, &["y.org"])] {
            assert_ne!(key(one, &["x.org", "y.org"]), key(directory, names));
        }
        assert!(!key("https://../..", &["../../etc"]).contains('/'));
    }
}
