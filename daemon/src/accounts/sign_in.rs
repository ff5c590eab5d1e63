//! Signing in by password, and changing it.

use tokio::time::{Duration, Instant};

use super::{
    Accounts, Given, Login, Origin, Session, User, line_of, mail, password::is_foreign, proof::Recent, rules,
};
use crate::{
    actor::Actor,
    error::{Error, Result},
    limits::Rule,
    store::{
        Timestamp, audit, credentials,
        sessions::{self, Proof},
        users,
    },
};

const REFUSED: &str = "login_refused";

/// The hash was exchanged meanwhile by another sign-in with the same password.
const EXCHANGED: &str = "password_exchanged";

/// No refusal comes sooner, for as long as somebody here has a password of the older server: that takes longer to check than
/// one of ours, or than none, and whoever measures is not to learn which addresses have one.
const REFUSAL: Duration = Duration::from_millis(300);

/// One text for an unknown address and a wrong password.
fn refused() -> Error {
    Error::unauthorized(REFUSED, "Mail address and password do not fit together.")
}

impl Accounts {
    /// Signs in. Known and unknown addresses answer alike, in text and time. A device that was signed in to this account is
    /// counted by itself, so that nobody else's tries keep it out. Of everybody else what was wrong is counted by address,
    /// since an office or a class may come at once, and those who never came from there wait in turn when there are many.
    pub async fn login(&self, origin: &Origin, email: &str, password: String) -> Result<Login> {
        let limits = &self.0.limits;
        let email = rules::mail(email);
        let (device, is_known_address) = self.known(origin, email.clone()).await?;
        if let Some(session_id) = device {
            limits.by_account(Rule::Auth, "login-device", &session_id)?;
            return self.sign_in(origin, email.ok_or_else(refused)?, password).await;
        }
        let trying = async {
            let email = email.ok_or_else(refused)?;
            if !is_known_address {
                tokio::time::sleep(limits.turn(Rule::Auth, "login", &email)?).await;
            }
            self.sign_in(origin, email, password).await
        };
        let is_wrong = |e: &Error| e.code == REFUSED;
        limits.guessing(Rule::Auth, "login", origin.address, is_wrong, trying).await
    }

    async fn sign_in(&self, origin: &Origin, email: String, password: String) -> Result<Login> {
        let begun = Instant::now();
        let done = match self.open_by_password(origin, email.clone(), password.clone()).await {
            Err(e) if e.code == EXCHANGED => self.open_by_password(origin, email, password).await,
            done => done,
        };
        let is_wrong = done.as_ref().is_err_and(|e| e.code == REFUSED);
        if is_wrong && self.0.store.run(credentials::has_foreign).await? {
            tokio::time::sleep_until(begun + REFUSAL).await;
        }
        done
    }

    async fn open_by_password(&self, origin: &Origin, email: String, password: String) -> Result<Login> {
        let found = self.0.store.run(move |connection| {
            let Some(user) = users::by_email(connection, &email)? else { return Ok(None) };
            let hash = credentials::password(connection, &user.id)?;
            Ok(Some((user, hash)))
        });
        let (user, hash) = found.await?.map_or((None, None), |(user, hash)| (Some(user), hash));
        let is_right = self.0.hashing.is_right(password.clone(), hash.clone()).await?;
        let Some(user) = user.filter(|_| is_right) else { return Err(refused()) };
        let was_foreign = hash.as_deref().is_some_and(is_foreign);
        let ours = if was_foreign { Some(self.0.hashing.hash(password).await?) } else { None };
        if !user.is_active {
            return Err(super::session::disabled());
        }
        self.must_be_verified(&user)?;
        let (post, cookie_of) = (self.0.mail.clone(), self.cookie_of(origin));
        let session = self.new_session(&user, origin);
        let login = self.login_of(user.clone(), &session)?;
        let line = origin.line(&user, "account.login", &user.id);
        let stored = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                // hashing takes its time: what it checked may have changed meanwhile
                let now = users::by_id(connection, &user.id)?.ok_or_else(refused)?;
                let is_same = credentials::password(connection, &user.id)? == hash;
                if !is_same && was_foreign {
                    return Err(Error::conflict(EXCHANGED, "The password changed meanwhile. Try again."));
                }
                if !is_same || !now.is_active {
                    return Err(refused());
                }
                if let Some(ours) = &ours {
                    credentials::set_password(connection, &user.id, ours)?;
                }
                credentials::password_used(connection, &user.id)?;
                mail::tell_of_device(&post, connection, &user, &session, cookie_of.as_deref())?;
                sessions::insert(connection, &session)?;
                audit::write(connection, &line)
            })
        });
        stored.await.map(|()| login)
    }

    /// The session that the refresh cookie names, whatever became of it.
    pub(super) fn cookie_of(&self, origin: &Origin) -> Option<String> {
        let token = origin.refresh_cookie.as_deref()?;
        self.0.signer.check_refresh(token).map(|(id, _)| id)
    }

    /// The session of the device it comes from, where that was signed in to this account, and whether anybody was from there.
    async fn known(&self, origin: &Origin, email: Option<String>) -> Result<(Option<String>, bool)> {
        let device = self.cookie_of(origin);
        let address = origin.address.map(|a| a.to_string());
        let found = self.0.store.run(move |connection| {
            let Some(wanted) = email.clone() else { return Ok((None, false)) };
            let session = match &device {
                Some(id) => sessions::with_user(connection, id)?,
                None => None,
            };
            let device = session.filter(|(user, _)| user.email.as_ref() == Some(&wanted));
            let is_known_address = match &address {
                Some(address) => sessions::came_from(connection, &wanted, address)?,
                None => false,
            };
            Ok((device.map(|(_, session)| session.id), is_known_address))
        });
        found.await
    }

    /// Changes one's own password and ends every other session.
    pub async fn change_password(&self, actor: &Actor, current: Given, new: String) -> Result<()> {
        let (user, session) = self.account_of(actor).await?;
        rules::password(&new)?;
        let needed = || Error::invalid("password_wrong", "The current password is not right.");
        self.must_be_proven(actor, (&user, &session), current, Recent::Passkey, needed).await?;
        let hash = self.0.hashing.hash(new).await?;
        let line = line_of(actor, "account.password", &user.id);
        let (id, keep) = (user.id.clone(), session.id);
        let (person, post) = (user.clone(), self.0.mail.clone());
        let stored = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                credentials::set_password(connection, &id, &hash)?;
                users::password_changed(connection, &id)?;
                sessions::proved(connection, &keep, Proof::Password)?;
                sessions::end_all(connection, &id, Some(&keep), "password")?;
                mail::tell_of_password(&post, connection, &person)?;
                audit::write(connection, &line)
            })
        });
        stored.await?;
        self.0.standings.forget_user(&user.id);
        Ok(())
    }

    /// A session that begins now.
    pub(super) fn new_session(&self, user: &User, origin: &Origin) -> Session {
        let now = Timestamp::now();
        let guest_key = (user.role == crate::actor::Role::Guest)
            .then(|| origin.guest_key.clone().unwrap_or_else(|| uuid::Uuid::new_v4().to_string()));
        Session {
            id: uuid::Uuid::new_v4().to_string(),
            user_id: user.id.clone(),
            generation: 1,
            seen_generation: 1,
            rotated_at: now,
            created_at: now,
            last_used_at: now,
            expires_at: self.expiry(now),
            ended_at: None,
            address: origin.address.map(|a| a.to_string()).unwrap_or_default(),
            agent: origin.agent.clone(),
            guest_key,
            proved_at: now,
            proof: if user.role == crate::actor::Role::Guest { Proof::Name } else { Proof::Password },
        }
    }

    /// When a session that is used at `now` ends by itself.
    pub(super) fn expiry(&self, now: Timestamp) -> Timestamp {
        now.plus_seconds(i64::from(self.0.lifetimes.refresh_token_days) * 86_400)
    }

    /// The person, their tokens and their device.
    pub(super) fn login_of(&self, user: User, session: &Session) -> Result<Login> {
        let tokens = self.0.signer.pair(session)?;
        Ok(Login { user: user.into(), tokens, guest_key: session.guest_key.clone() })
    }
}
