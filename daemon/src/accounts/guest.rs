//! Coming with a name only.

use rand::Rng;

use super::{Accounts, Login, Origin, User, rules};
use crate::{
    actor::Role,
    error::{Error, Result},
    limits::Rule,
    store::Timestamp,
};

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

impl Accounts {
    /// Signs a guest in, for the whole site; the id is a UUID.
    pub async fn guest_login(&self, origin: &Origin, name: &str) -> Result<Login> {
        self.guest(origin, "guest-login", rules::name(name, 2, 50), uuid::Uuid::new_v4().to_string()).await
    }

    /// Signs a guest in on their way into a room; the id is `guest-` and eight of a-z0-9.
    pub async fn guest_join(&self, origin: &Origin, name: &str) -> Result<Login> {
        self.guest(origin, "guest-join", rules::name(name, 1, 50), format!("guest-{}", tail())).await
    }

    async fn guest(&self, origin: &Origin, verb: &str, name: Result<String>, id: String) -> Result<Login> {
        self.0.limits.by_address(Rule::Guest, verb, origin.address)?;
        if !self.0.settings.get().await?.guest_login_enabled {
            let s = "This server lets nobody in without an account. Sign in, or ask its administrator for an account.";
            return Err(Error::forbidden("guests_off", s));
        }
        let now = Timestamp::now();
        let user = User {
            id,
            email: None,
            name: name?,
            provider: "guest".to_owned(),
            role: Role::Guest,
            avatar_url: String::new(),
            is_active: true,
            email_verified_at: None,
            password_changed_at: None,
            created_at: now,
            updated_at: now,
        };
        self.enter_new(origin, user, None, "account.guest", |_| Ok(())).await
    }
}

/// Eight of a-z0-9; a function of its own, since the generator must not be held while waiting.
fn tail() -> String {
    let mut random = rand::rng();
    std::iter::repeat_with(|| random.random_range(0..LETTERS.len()))
        .filter_map(|at| LETTERS.get(at).copied().map(char::from))
        .take(8)
        .collect()
}
