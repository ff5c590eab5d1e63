//! argon2id, off the async threads, as many at once as there are cores; and bcrypt, for what the older server made.

use std::str::FromStr;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{PasswordHash, SaltString},
};
use aws_lc_rs::digest;
use bcrypt::HashParts;
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// What an unknown mail address is checked against, so that the answer takes as long as for a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=9216,t=4,p=1$Tm9ib2R5IGtub3dzIGl0$NtiLZJOs3Ezos0GlgeoCySvsJK8s9SCy/bpct0IRRSY";

/// The hashing of passwords, bounded in parallelism: each takes 9 MiB and a core for some 15 ms.
pub(super) struct Hashing(Semaphore);

impl Hashing {
    pub(super) fn new() -> Self {
        Self(Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)))
    }

    /// A PHC string with a salt of its own.
    pub(super) async fn hash(&self, password: String) -> Result<String> {
        let work = move || {
            let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(Error::internal)?;
            let hash = argon()?.hash_password(password.as_bytes(), &salt).map_err(Error::internal)?;
            Ok(hash.to_string())
        };
        self.run(work).await
    }

    /// Whether `password` is the one behind the PHC string; without one, the time passes and the answer is no.
    pub(super) async fn is_right(&self, password: String, hash: Option<String>) -> Result<bool> {
        let work = move || {
            if let Some(hash) = hash.as_deref().filter(|hash| is_foreign(hash)) {
                return Ok(fits_foreign(&password, hash));
            }
            let known = hash.is_some();
            let parsed = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY)).map_err(Error::internal)?;
            Ok(argon()?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
        };
        self.run(work).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _seat = self.0.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}

/// Whether it was made by the older server, with bcrypt: right for as long as nobody signed in by it, then replaced by one of
/// ours.
pub(super) fn is_foreign(hash: &str) -> bool {
    hash.starts_with("$2")
}

/// Whether it is one of bcrypt that can be checked in reasonable time; the older server made all of cost 10.
pub fn is_usable(hash: &str) -> bool {
    let is_cheap = HashParts::from_str(hash).is_ok_and(|parts| (4..=14).contains(&parts.get_cost()));
    let coded = hash.rsplit('$').next().unwrap_or_default();
    is_foreign(hash)
        && is_cheap
        && coded.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/'))
}

/// The older server hashed the SHA-256 of a password, since bcrypt reads 72 bytes only; in its first versions the password
/// itself. Both are tried, so that it takes equally long. What cannot be read fits no password.
fn fits_foreign(password: &str, hash: &str) -> bool {
    let digest = digest::digest(&digest::SHA256, password.as_bytes());
    let newer = bcrypt::verify(digest.as_ref(), hash).unwrap_or(false);
    let first = bcrypt::verify(password.as_bytes(), hash).unwrap_or(false);
    newer || first
}

/// One of the settings that the OWASP Password Storage Cheat Sheet counts as equally strong; this one needs the least time
/// here, since less memory has to be fetched from the system anew for each password.
fn argon() -> Result<Argon2<'static>> {
    let parameters = Params::new(9 << 10, 4, 1, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let hashing = Hashing::new();
        let hash = hashing.hash("correct horse".to_owned()).await.expect("hash");
        assert!(hash.starts_with("$argon2id$v=19$m=9216,t=4,p=1$"));
        assert!(hashing.is_right("correct horse".to_owned(), Some(hash.clone())).await.expect("checked"));
        assert!(!hashing.is_right("correct hors".to_owned(), Some(hash)).await.expect("checked"));
        assert!(!hashing.is_right("correct horse".to_owned(), None).await.expect("checked"));
    }

    #[test]
    fn what_the_older_server_hashed_opens_here() {
        // made by golang.org/x/crypto/bcrypt 0.59.0; the last one's digest has a NUL in it
        for (password, hash) in [
            ("correct horse battery", "$2a$10$9jAarGBMlpztBN/tAWWs2ec76UnUrsGMOMabgUgnfkEh53xsHF.fG"),
            ("correct horse battery", "$2a$10$UTl2TulljfzXJmQSjjG7FeQDjw4trEx2f5KsOEErZYyV0MK6kvQAS"),
            ("пароль старого сервера", "$2a$10$BS4AUq0K6XYBCCjeWhgLJeCA6GUGhXYedmMXIsCEAjFPV2O3Q5qQm"),
            ("password number 298", "$2a$10$IEJMHTQaHa6WUv5ASt8buOd9jJEqTiE/3MUK/55I6MAvcCDSJmnw2"),
        ] {
            assert!(is_usable(hash), "{hash}");
            assert!(fits_foreign(password, hash), "{password}");
            assert!(!fits_foreign(&format!("{password} "), hash), "{password}");
        }
        for broken in [
            "",
            "$2a$10$short",
            "$2a$31$9jAarGBMlpztBN/tAWWs2ec76UnUrsGMOMabgUgnfkEh53xsHF.fG",
            "$2a$10$9jAarGBMlpztBN/tAWWs2ec76UnUrsGMOMabgUgnfkEh53xsHF.f*",
            "$argon2id$v=19$m=9216,t=4,p=1$Tm9ib2R5IGtub3dzIGl0$NtiLZJOs3Ezos0GlgeoCySvsJK8s9SCy/bpct0IRRSY",
        ] {
            assert!(!is_usable(broken), "{broken}");
        }
        assert!(!fits_foreign("x", "$2a$10$short"));
    }
}
