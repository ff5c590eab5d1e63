//! argon2id, off the async threads, as many at once as there are cores.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{PasswordHash, SaltString},
};
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
}
