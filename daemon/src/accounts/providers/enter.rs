//! Whose account a provider's word opens: the one that is linked, else the one of the same mail address where both are proven,
//! else a new one where the server takes new ones.

use crate::{
    accounts::{
        Accounts, Login, Origin, Session, User, mail,
        register::{self, Way},
        rules, session,
    },
    actor::Role,
    error::{Error, Result},
    limits::Rule,
    providers::{Provider, Told, stale},
    rooms,
    store::{
        Connection, Timestamp, audit,
        credentials::{self, Link},
        locks::{self, Lock},
        sessions::{self, Proof},
        users,
    },
};

fn unverified(provider: &Provider) -> Error {
    let s =
        format!("{} does not say that your mail address is yours. Confirm it there first.", provider.name());
    Error::forbidden("provider_mail_unverified", s)
}

fn missing(provider: &Provider) -> Error {
    let s =
        format!("{} tells no mail address of you. Allow it there, or choose another way.", provider.name());
    Error::forbidden("provider_mail_missing", s)
}

fn held() -> Error {
    let s =
        "There is an account with your mail address. Sign in to it another way, and link it in its settings.";
    Error::conflict("provider_mail_held", s)
}

impl Accounts {
    pub(super) async fn enter_by(
        &self,
        origin: &Origin,
        provider: &Provider,
        told: Told,
        invitation: Option<String>,
    ) -> Result<Login> {
        let email = told.email.as_deref().and_then(rules::mail);
        if let Some(user) = self.linked(&told).await? {
            return self.open_linked(origin, provider, &told, user, None).await;
        }
        let email = email.ok_or_else(|| missing(provider))?;
        if !told.is_verified {
            return Err(unverified(provider));
        }
        let wanted = email.clone();
        let holder = self.0.store.run(move |connection| users::by_email(connection, &wanted)).await?;
        match holder {
            // an administrator's word is not enough for that of others: they link it while they are signed in
            Some(user) if user.email_verified_at.is_some() && user.role == Role::User => {
                self.open_linked(origin, provider, &told, user, Some(email)).await
            }
            Some(_) => Err(held()),
            None => match self.new_by(origin, provider, &told, email, invitation).await {
                // in another tab they were quicker
                Err(e) if e.code == register::REFUSED => match self.linked(&told).await? {
                    Some(user) => self.open_linked(origin, provider, &told, user, None).await,
                    None => Err(e),
                },
                made => made,
            },
        }
    }

    /// Whose account it opens already.
    async fn linked(&self, told: &Told) -> Result<Option<User>> {
        let (issuer, subject) = (told.issuer.clone(), told.subject.clone());
        let found = self.0.store.run(move |connection| {
            let Some(link) = credentials::link(connection, &issuer, &subject)? else { return Ok(None) };
            users::by_id(connection, &link.user_id)
        });
        found.await
    }

    /// Signs in. With an address of the account that is not linked yet: links it, if it still has that.
    async fn open_linked(
        &self,
        origin: &Origin,
        provider: &Provider,
        told: &Told,
        user: User,
        by_mail: Option<String>,
    ) -> Result<Login> {
        if !user.is_active {
            return Err(session::disabled());
        }
        let email = told.email.as_deref().and_then(rules::mail).filter(|_| told.is_verified);
        let proves_mail = email.is_some() && email == user.email;
        if !proves_mail {
            self.must_be_verified(&user)?;
        }
        let (post, cookie_of) = (self.0.mail.clone(), self.cookie_of(origin));
        let session = Session { proof: Proof::Provider, ..self.new_session(&user, origin) };
        let login = self.login_of(user.clone(), &session)?;
        let line =
            |verb| audit::Line { detail: provider.id().to_owned(), ..origin.line(&user, verb, &user.id) };
        let (login_line, link_line, role_line) =
            (line("account.login"), line("provider.link"), line("account.role"));
        let link = link_of(told, &user.id);
        let role = provider.administers(&told.values).map(|is| if is { Role::Admin } else { Role::User });
        let is_own = user.provider == provider.id();
        let (id, forgotten) = (user.id.clone(), user.id.clone());
        let stored = self.0.outbox.decide(move |connection| {
            // what was checked may have changed meanwhile
            let now = users::by_id(connection, &id)?.filter(|now| now.is_active).ok_or_else(stale)?;
            match &by_mail {
                Some(email) if now.email.as_ref() != Some(email) || now.email_verified_at.is_none() => {
                    return Err(held());
                }
                Some(_) => match credentials::link(connection, &link.issuer, &link.subject)? {
                    // in another tab they were quicker
                    Some(known) if known.user_id == id => drop(credentials::link_used(connection, &link)?),
                    Some(_) => return Err(held()),
                    None => {
                        credentials::insert_link(connection, &link)?;
                        audit::write(connection, &link_line)?;
                    }
                },
                None if !credentials::link_used(connection, &link)? => return Err(stale()),
                None => {}
            }
            if proves_mail && now.email == user.email {
                users::set_verified(connection, &id)?;
            }
            if let Some(role) = role
                && follow_role(connection, &now, role, is_own)?
            {
                audit::write(
                    connection,
                    &audit::Line { detail: role.name().to_owned(), ..role_line.clone() },
                )?;
            }
            mail::tell_of_device(&post, connection, &now, &session, cookie_of.as_deref())?;
            sessions::insert(connection, &session)?;
            audit::write(connection, &login_line)?;
            users::by_id(connection, &id)?.ok_or_else(stale)
        });
        let user = stored.await?;
        self.0.standings.forget_user(&forgotten);
        Ok(Login { user: user.into(), ..login })
    }

    async fn new_by(
        &self,
        origin: &Origin,
        provider: &Provider,
        told: &Told,
        email: String,
        invitation: Option<String>,
    ) -> Result<Login> {
        self.0.limits.by_crowd(Rule::Auth, "register", origin.address)?;
        let takes = self.takes_accounts().await?;
        let token = invitation.map(|id| self.invitation_token(&id));
        let invitation = self.invitation_for(takes, token.as_deref(), &email).await?;
        let name = name_of(told, &email);
        let is_admin = provider.administers(&told.values) == Some(true);
        let plain = register::account(email, name);
        let user = User {
            provider: provider.id().to_owned(),
            email_verified_at: Some(plain.created_at),
            role: if is_admin { Role::Admin } else { Role::User },
            ..plain
        };
        let way = Way::Provider(link_of(told, &user.id));
        self.enter_invited(origin, user, way, invitation).await?.signed_in()
    }
}

/// What is kept of who it is.
pub(super) fn link_of(told: &Told, user_id: &str) -> Link {
    let now = Timestamp::now();
    Link {
        issuer: told.issuer.clone(),
        subject: told.subject.clone(),
        user_id: user_id.to_owned(),
        name: told.email.clone().or_else(|| told.name.clone()).unwrap_or_default(),
        created_at: now,
        last_used_at: Some(now),
    }
}

/// The first that people may be called so.
fn name_of(told: &Told, email: &str) -> String {
    let short = |text: &str| text.chars().take(50).collect::<String>();
    let local = email.split('@').next().unwrap_or_default();
    let tried = [told.name.as_deref().unwrap_or_default(), local, email];
    let found = tried.into_iter().find_map(|text| rules::name(&short(text)).ok());
    found.unwrap_or_else(|| "Somebody".to_owned())
}

/// The role as the provider says it: it makes administrators of everybody, and takes that only from those whose account it
/// made, and never from the last one. True where it has changed.
fn follow_role(connection: &mut Connection, user: &User, role: Role, is_own: bool) -> Result<bool> {
    if user.role == role || (role == Role::User && !is_own) {
        return Ok(false);
    }
    if role == Role::User {
        locks::hold(connection, Lock::Administrators)?;
        if !users::may_lose_administrator(connection, &user.id)? {
            return Ok(false);
        }
    }
    users::set_role(connection, &user.id, role)?;
    rooms::person_changed(connection, &user.id)?;
    Ok(true)
}
