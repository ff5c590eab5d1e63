//! Coming with a name only.

use rand::Rng;

use super::{Accounts, Login, Origin, Session, Tokens, User, register::Way};
use crate::{
    actor::{Actor, Person, Role},
    error::{Error, Result},
    limits::Rule,
    names,
    store::{Timestamp, sessions, users},
};

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

impl Accounts {
    /// Signs a guest in, for the whole site; the id is a UUID.
    pub async fn guest_login(&self, origin: &Origin, name: &str) -> Result<Login> {
        self.may_come(origin, "guest-login").await?;
        self.new_guest(origin, names::person(name, 2)?, uuid::Uuid::new_v4().to_string()).await
    }

    /// Signs a guest in on their way into a room. Whose device has been here, and has a session still, is who they were, by
    /// the name that they give now; the id of anybody else is `guest-` and eight of a-z0-9.
    pub async fn guest_join(&self, origin: &Origin, name: &str) -> Result<Login> {
        self.may_come(origin, "guest-join").await?;
        let name = names::person(name, 1)?;
        match self.guest_of_device(origin).await? {
            Some((user, session)) => self.same_guest(user, session, name).await,
            None => self.new_guest(origin, name, format!("guest-{}", tail())).await,
        }
    }

    /// The guest who came by this device, while they have a session.
    pub async fn returning_guest(&self, origin: &Origin) -> Result<Option<Actor>> {
        let found = self.guest_of_device(origin).await?;
        Ok(found.map(|(user, session)| {
            let (session_id, address) = (session.id, origin.address);
            Actor::Guest(Person { id: user.id, session_id, name: user.name, role: user.role, address })
        }))
    }

    async fn guest_of_device(&self, origin: &Origin) -> Result<Option<(User, Session)>> {
        let Some(key) = origin.guest_key.clone() else { return Ok(None) };
        self.0.store.run(move |connection| sessions::of_device(connection, &key, Timestamp::now())).await
    }

    async fn same_guest(&self, user: User, session: Session, name: String) -> Result<Login> {
        let pair = self.0.signer.pair(&session)?;
        let tokens = Tokens { access: self.0.signer.fresh_access(&session)?, ..pair };
        let guest_key = session.guest_key.clone();
        let user = User { name, ..user };
        let (renamed, now) = (user.clone(), Timestamp::now());
        let expires_at = self.expiry(now);
        let stored = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                users::set_name(connection, &renamed.id, &renamed.name)?;
                sessions::prolong(connection, &session.id, now, expires_at)
            })
        });
        stored.await?;
        self.0.standings.forget_user(&user.id);
        Ok(Login { user: user.into(), tokens, guest_key })
    }

    /// Counts the try, and refuses where the server takes no guests.
    async fn may_come(&self, origin: &Origin, verb: &str) -> Result<()> {
        self.0.limits.by_crowd(Rule::Guest, verb, origin.address)?;
        self.takes_guests().await
    }

    /// An error where nobody comes in without an account.
    pub async fn takes_guests(&self) -> Result<()> {
        if !self.0.settings.get().await?.guest_login_enabled {
            let s = "This server lets nobody in without an account. Sign in, or ask its administrator for an account.";
            return Err(Error::forbidden("guests_off", s));
        }
        Ok(())
    }

    async fn new_guest(&self, origin: &Origin, name: String, id: String) -> Result<Login> {
        let now = Timestamp::now();
        let user = User {
            id,
            email: None,
            name,
            provider: "guest".to_owned(),
            role: Role::Guest,
            avatar_url: String::new(),
            is_active: true,
            email_verified_at: None,
            password_changed_at: None,
            created_at: now,
            updated_at: now,
        };
        self.enter_new(origin, user, Way::Name, "account.guest", |_| Ok(())).await?.signed_in()
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
