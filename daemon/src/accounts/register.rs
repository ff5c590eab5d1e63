//! Making an account of one's own.

use super::{Accounts, Entered, Origin, Session, User, invitations, mail, rules};
use crate::{
    actor::Role,
    error::{Error, Result},
    limits::Rule,
    store::{
        ALREADY_EXISTS, Connection, Timestamp, audit, credentials,
        sessions::{self, Proof},
        users,
    },
};

impl Accounts {
    /// Makes an account and signs it in, where its address need not be proven first. An address in use is refused with the words for an invalid one.
    pub async fn register(
        &self,
        origin: &Origin,
        email: &str,
        name: &str,
        password: String,
        invitation: Option<&str>,
    ) -> Result<Entered> {
        self.0.limits.by_address(Rule::Auth, "register", origin.address)?;
        let rule = self.takes_accounts().await?;
        let (Some(email), Ok(name), Ok(())) =
            (rules::mail(email), rules::name(name), rules::password(&password))
        else {
            return Err(refused());
        };
        let invitation = self.invitation_for(rule, invitation, &email).await?;
        let hash = self.0.hashing.hash(password).await?;
        self.enter_invited(origin, account(email, name), Way::Password(hash), invitation).await
    }

    /// Refuses where the server takes no new accounts; otherwise which ones it takes.
    pub(super) async fn takes_accounts(&self) -> Result<Takes> {
        if self.is_setup_required().await? {
            let s = "This server is not set up yet. Open the set-up link that it printed when it started.";
            return Err(Error::forbidden("setup_required", s));
        }
        let settings = self.0.settings.get().await?;
        if !settings.registration_enabled {
            let s = "This server takes no new accounts. Ask its administrator for one.";
            return Err(Error::forbidden("registration_closed", s));
        }
        Ok(if settings.token_registration_only { Takes::Invited } else { Takes::Anybody })
    }

    /// The invitation that a token opens for that address. Where anybody is taken one that does not serve is none.
    pub(super) async fn invitation_for(
        &self,
        takes: Takes,
        token: Option<&str>,
        email: &str,
    ) -> Result<Option<String>> {
        let token = token.filter(|token| !token.trim().is_empty());
        let found = match token {
            Some(token) => self.invitation_of(token, email).await?,
            None => None,
        };
        match (takes, found, token) {
            (_, Some(id), _) => Ok(Some(id)),
            (Takes::Anybody, None, _) => Ok(None),
            (Takes::Invited, None, None) => {
                let s = "An account on this server needs an invitation. Ask its administrator for one.";
                Err(Error::forbidden("invitation_required", s))
            }
            (Takes::Invited, None, Some(_)) => {
                let s =
                    "This invitation is over, was used, or is for another mail address. Ask for another one.";
                Err(Error::forbidden("invitation_invalid", s))
            }
        }
    }

    /// Makes the account and uses its invitation up, both or neither.
    pub(super) async fn enter_invited(
        &self,
        origin: &Origin,
        user: User,
        way: Way,
        invitation: Option<String>,
    ) -> Result<Entered> {
        let (id, email) = (user.id.clone(), user.email.clone().unwrap_or_default());
        let guard = move |connection: &mut Connection| match &invitation {
            Some(invitation) => invitations::serve(connection, invitation, &email, &id),
            None => Ok(()),
        };
        let made = self.enter_new(origin, user, way, "account.register", guard).await;
        made.map_err(|e| if e.code == ALREADY_EXISTS { refused() } else { e })
    }

    /// Stores a new account or guest with its first session, if `guard` finds nothing against it in the same transaction. Whose
    /// mail address has to be proven gets a letter instead.
    pub(super) async fn enter_new(
        &self,
        origin: &Origin,
        user: User,
        way: Way,
        verb: &'static str,
        guard: impl Fn(&mut Connection) -> Result<()> + Send + 'static,
    ) -> Result<Entered> {
        let session = match way {
            Way::Passkey(_) => Session { proof: Proof::Passkey, ..self.new_session(&user, origin) },
            Way::Provider(_) => Session { proof: Proof::Provider, ..self.new_session(&user, origin) },
            Way::Password(_) | Way::Name => self.new_session(&user, origin),
        };
        let login = self.login_of(user.clone(), &session)?;
        let line = origin.line(&user, verb, &user.id);
        let to_prove = user.email.clone().filter(|_| self.must_be_verified(&user).is_err());
        let (post, proving, asks) = (self.0.mail.clone(), to_prove.clone(), origin.clone());
        let language = mail::wanted(&origin.languages).filter(|_| user.role != Role::Guest);
        let preferences = language.map(|tag| serde_json::json!({"language": tag}).to_string());
        let stored = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                guard(connection)?;
                users::insert(connection, &user)?;
                match &way {
                    Way::Password(hash) => credentials::set_password(connection, &user.id, hash)?,
                    Way::Passkey(passkey) => credentials::insert_passkey(connection, passkey)?,
                    Way::Provider(link) => credentials::insert_link(connection, link)?,
                    Way::Name => {}
                }
                if let Some(preferences) = &preferences {
                    users::set_preferences(connection, &user.id, preferences)?;
                }
                match &proving {
                    Some(email) => mail::ask_to_verify(&post, connection, email, &asks)?,
                    None => sessions::insert(connection, &session)?,
                }
                audit::write(connection, &line)
            })
        });
        stored.await?;
        Ok(match to_prove {
            Some(email) => Entered::ToProve(email),
            None => Entered::SignedIn(login),
        })
    }
}

/// Whom the server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Whoever comes.
    Anybody,
    /// Whoever was invited.
    Invited,
}

/// How somebody new will come in again.
pub(super) enum Way {
    /// By a password of this hash.
    Password(String),
    /// By this passkey.
    Passkey(credentials::Passkey),
    /// By a provider that knows them so.
    Provider(credentials::Link),
    /// Not at all: a guest.
    Name,
}

pub(super) const REFUSED: &str = "registration_refused";

/// One text for everything that may be wrong, so that nobody learns who has an account.
pub(super) fn refused() -> Error {
    let s = "This account cannot be made. The mail address must be valid and not in use, the name 2 to 50 characters that \
             can be seen, the password 12 to 128 bytes.";
    Error::invalid(REFUSED, s)
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
