//! Making an account of one's own.

use super::{Accounts, Login, Origin, User, rules};
use crate::{
    actor::Role,
    error::{Error, Result},
    limits::Rule,
    store::{ALREADY_EXISTS, Connection, Timestamp, audit, credentials, sessions, users},
};

impl Accounts {
    /// Makes an account and signs it in. An address in use is refused with the words for an invalid one.
    pub async fn register(
        &self,
        origin: &Origin,
        email: &str,
        name: &str,
        password: String,
    ) -> Result<Login> {
        self.0.limits.by_address(Rule::Auth, "register", origin.address)?;
        if self.is_setup_required().await? {
            let s = "This server is not set up yet. Open the set-up link that it printed when it started.";
            return Err(Error::forbidden("setup_required", s));
        }
        let settings = self.0.settings.get().await?;
        if !settings.registration_enabled {
            let s = "This server takes no new accounts. Ask its administrator for one.";
            return Err(Error::forbidden("registration_closed", s));
        }
        if settings.token_registration_only {
            let s = "An account on this server needs an invitation. Ask its administrator for one.";
            return Err(Error::forbidden("invitation_required", s));
        }
        let (Some(email), Ok(name), Ok(())) =
            (rules::mail(email), rules::name(name), rules::password(&password))
        else {
            return Err(refused());
        };
        let hash = self.0.hashing.hash(password).await?;
        let made =
            self.enter_new(origin, account(email, name), Some(hash), "account.register", |_| Ok(())).await;
        made.map_err(|e| if e.code == ALREADY_EXISTS { refused() } else { e })
    }

    /// Stores a new account or guest with its first session, if `guard` finds nothing against it in the same transaction.
    pub(super) async fn enter_new(
        &self,
        origin: &Origin,
        user: User,
        password_hash: Option<String>,
        verb: &'static str,
        guard: impl Fn(&mut Connection) -> Result<()> + Send + 'static,
    ) -> Result<Login> {
        let session = self.new_session(&user, origin);
        let login = self.login_of(user.clone(), &session)?;
        let line = origin.line(&user, verb, &user.id);
        let stored = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                guard(connection)?;
                users::insert(connection, &user)?;
                if let Some(hash) = &password_hash {
                    credentials::set_password(connection, &user.id, hash)?;
                }
                sessions::insert(connection, &session)?;
                audit::write(connection, &line)
            })
        });
        stored.await.map(|()| login)
    }
}

/// One text for everything that may be wrong, so that nobody learns who has an account.
fn refused() -> Error {
    let s = "This account cannot be made. The mail address must be valid and not in use, the name 2 to 50 characters that \
             can be seen, the password 12 to 128 bytes.";
    Error::invalid("registration_refused", s)
}

/// A plain account that does not exist yet.
pub(super) fn account(email: String, name: String) -> User {
    let now = Timestamp::now();
    User {
        id: uuid::Uuid::new_v4().to_string(),
        email: Some(email),
        name,
        provider: "local".to_owned(),
        role: Role::User,
        avatar_url: String::new(),
        is_active: true,
        email_verified_at: None,
        password_changed_at: None,
        created_at: now,
        updated_at: now,
    }
}
