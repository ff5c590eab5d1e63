//! What administrators do to accounts of others. At least one administrator always stays.

use super::{Accounts, Given, Session, User, line_of, proof::Recent, register, rules, secret};
use crate::{
    actor::{Actor, Role},
    error::{self, Error, Result},
    rooms,
    store::{
        ALREADY_EXISTS, Connection, audit, credentials,
        locks::{self, Lock},
        search::{self, Wanted},
        sessions, users,
    },
};

/// An account that an administrator made, or whose password they set.
pub struct Made {
    /// The account.
    pub user: User,
    /// The password, when it was made up here: to be shown once.
    pub generated_password: Option<String>,
    /// Passkeys that do not open it any more.
    pub passkeys_removed: usize,
}

/// One page of a list.
pub struct Page {
    /// The accounts on it, newest first.
    pub users: Vec<User>,
    /// How many there are on all pages.
    pub total: i64,
}

impl Accounts {
    /// Makes an account; without a password one is made up.
    pub async fn create_user(
        &self,
        actor: &Actor,
        email: &str,
        name: &str,
        password: Option<String>,
        role: Role,
    ) -> Result<Made> {
        let beginning = permitted(actor, "account.create")?;
        let email = rules::mail(email).ok_or_else(rules::mail_invalid)?;
        let name = rules::name(name)?;
        if role == Role::Guest {
            return Err(Error::invalid("role_invalid", "An account has the role admin or user."));
        }
        let (hash, generated_password) = self.hash_of(password).await?;
        let user = User { role, ..register::account(email, name) };
        let line = audit::Line { target: user.id.clone(), ..beginning };
        let stored = user.clone();
        let made = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                users::insert(connection, &stored)?;
                credentials::set_password(connection, &stored.id, &hash)?;
                audit::write(connection, &line)
            })
        });
        made.await.map_err(|e| match e.code {
            ALREADY_EXISTS => Error::conflict("mail_taken", "There is an account with that mail address."),
            _ => e,
        })?;
        if role == Role::Admin {
            self.0.setup.finish().await;
        }
        Ok(Made { user, generated_password, passkeys_removed: 0 })
    }

    /// Accounts that are as wanted; pages count from 1.
    pub async fn list_users(&self, actor: &Actor, wanted: Wanted, page: i64, limit: i64) -> Result<Page> {
        permitted(actor, "")?;
        let offset = (page - 1).saturating_mul(limit);
        let found =
            self.0.store.run(move |connection| search::find(connection, &wanted, limit, offset)).await;
        found.map(|(users, total)| Page { users, total })
    }

    /// The account, or guest, of that id.
    pub async fn user_of(&self, actor: &Actor, id: &str) -> Result<User> {
        permitted(actor, "")?;
        let id = id.to_owned();
        let found = self.0.store.run(move |connection| users::by_id(connection, &id)).await?;
        found.ok_or_else(|| Error::not_found("user"))
    }

    /// Sets a password, or makes one up, and ends every session. Whoever took the account over may have added passkeys, and
    /// linked accounts of theirs: these go as well, unless `keep_passkeys`.
    pub async fn set_password(
        &self,
        actor: &Actor,
        id: &str,
        password: Option<String>,
        keep_passkeys: bool,
    ) -> Result<Made> {
        permitted(actor, "")?;
        let (hash, generated_password) = self.hash_of(password).await?;
        let by = actor.clone();
        let change = move |connection: &mut Connection, user: &User| {
            credentials::set_password(connection, &user.id, &hash)?;
            users::password_changed(connection, &user.id)?;
            sessions::end_all(connection, &user.id, None, "password")?;
            if keep_passkeys {
                return Ok(0);
            }
            let gone = credentials::delete_passkeys(connection, &user.id)?;
            for link in credentials::delete_links(connection, &user.id)? {
                let line = line_of(&by, "provider.unlink", &user.id);
                audit::write(connection, &audit::Line { detail: link.issuer, ..line })?;
            }
            for id in &gone {
                let line = line_of(&by, "passkey.remove", &user.id);
                audit::write(connection, &audit::Line { detail: id.clone(), ..line })?;
            }
            Ok(gone.len())
        };
        let changed = self.change_user(actor, id, "account.password", String::new(), change).await?;
        let (user, passkeys_removed) = changed;
        Ok(Made { user, generated_password, passkeys_removed })
    }

    /// Makes somebody an administrator, or no longer one. Tokens already out follow at once.
    pub async fn set_role(&self, actor: &Actor, id: &str, role: Role) -> Result<User> {
        let by = actor.clone();
        let change = move |connection: &mut Connection, user: &User| {
            if role == Role::Guest || user.role == Role::Guest {
                return Err(Error::invalid("role_invalid", "An account has the role admin or user."));
            }
            if role != Role::Admin {
                keep_one_administrator(connection, user, &by)?;
            }
            users::set_role(connection, &user.id, role)?;
            rooms::person_changed(connection, &user.id)
        };
        let (user, ()) = self.change_user(actor, id, "account.role", role.name().to_owned(), change).await?;
        if role == Role::Admin {
            self.0.setup.finish().await;
        }
        Ok(user)
    }

    /// Disables an account, which ends its sessions, or enables it again.
    pub async fn set_active(&self, actor: &Actor, id: &str, active: bool) -> Result<User> {
        let verb = if active { "account.enable" } else { "account.disable" };
        let by = actor.clone();
        let change = move |connection: &mut Connection, user: &User| {
            if !active {
                keep_one_administrator(connection, user, &by)?;
                sessions::end_all(connection, &user.id, None, "disabled")?;
            }
            users::set_active(connection, &user.id, active)?;
            rooms::person_changed(connection, &user.id)
        };
        self.change_user(actor, id, verb, String::new(), change).await.map(|(user, ())| user)
    }

    /// Takes an administrator's word that the mail address is theirs.
    pub async fn set_verified(&self, actor: &Actor, id: &str) -> Result<User> {
        let change = |connection: &mut Connection, user: &User| {
            if user.email.is_none() {
                return Err(Error::invalid("no_mail", "A guest has no mail address that could be proven."));
            }
            users::set_verified(connection, &user.id)
        };
        self.change_user(actor, id, "account.verify", String::new(), change).await.map(|(user, ())| user)
    }

    /// Deletes an account with its sessions and archives its rooms, or nobody could ever own them again: all of it or nothing.
    /// The meetings end and the person is put out when it is decided.
    pub async fn delete_user(&self, actor: &Actor, id: &str) -> Result<()> {
        permitted(actor, "")?;
        self.delete(actor, id, actor.clone()).await
    }

    /// Deletes one's own account, with all that [`Self::delete_user`] takes along. Asks once more who it is. The last
    /// administrator stays.
    pub async fn delete_own(&self, actor: &Actor, given: Given) -> Result<()> {
        let (user, session) = self.account_of(actor).await?;
        let needed = || {
            let s = "Give your password, or sign in again with your passkey, and delete your account then.";
            Error::invalid("proof_needed", s)
        };
        self.must_be_proven(actor, (&user, &session), given, Recent::Passkey, needed).await?;
        // nobody does this by a slip
        self.delete(actor, &user.id, Actor::System).await
    }

    async fn delete(&self, actor: &Actor, id: &str, not_own: Actor) -> Result<()> {
        let line = line_of(actor, "account.delete", id);
        let (by, wanted) = (actor.clone(), id.to_owned());
        let deleted = self.0.outbox.decide(move |connection| {
            let user = users::by_id(connection, &wanted)?.ok_or_else(|| Error::not_found("user"))?;
            keep_one_administrator(connection, &user, &not_own)?;
            rooms::archive_owned(connection, &by, &user.id)?;
            users::delete(connection, &user.id)?;
            rooms::person_changed(connection, &user.id)?;
            let detail = user.email.unwrap_or_default();
            audit::write(connection, &audit::Line { detail, ..line.clone() })
        });
        deleted.await?;
        self.0.standings.forget_user(id);
        Ok(())
    }

    /// Somebody's open sessions, newest first.
    pub async fn sessions_of(&self, actor: &Actor, id: &str) -> Result<Vec<Session>> {
        permitted(actor, "")?;
        let id = id.to_owned();
        let found = self.0.store.run(move |connection| {
            users::by_id(connection, &id)?.ok_or_else(|| Error::not_found("user"))?;
            sessions::open_of(connection, &id)
        });
        found.await
    }

    /// Ends one session of somebody.
    pub async fn end_session(&self, actor: &Actor, id: &str, session_id: &str) -> Result<()> {
        permitted(actor, "")?;
        self.end_session_of(actor, id, session_id).await
    }

    /// Ends every session of somebody.
    pub async fn end_sessions(&self, actor: &Actor, id: &str) -> Result<()> {
        let change =
            |connection: &mut Connection, user: &User| sessions::end_all(connection, &user.id, None, "ended");
        self.change_user(actor, id, "session.end_all", String::new(), change).await.map(|_| ())
    }

    async fn hash_of(&self, password: Option<String>) -> Result<(String, Option<String>)> {
        if let Some(password) = &password {
            rules::password(password)?;
        }
        let generated = password.is_none().then(secret::fresh);
        let password = password.or_else(|| generated.clone()).unwrap_or_default();
        Ok((self.0.hashing.hash(password).await?, generated))
    }

    /// One change with its audit line in one transaction; it acts at once.
    async fn change_user<T: Send + 'static>(
        &self,
        actor: &Actor,
        id: &str,
        verb: &'static str,
        detail: String,
        change: impl Fn(&mut Connection, &User) -> Result<T> + Send + 'static,
    ) -> Result<(User, T)> {
        let line = audit::Line { target: id.to_owned(), detail, ..permitted(actor, verb)? };
        let wanted = id.to_owned();
        let changed = self.0.outbox.decide(move |connection| {
            let missing = || Error::not_found("user");
            let user = users::by_id(connection, &wanted)?.ok_or_else(missing)?;
            let done = change(connection, &user)?;
            audit::write(connection, &line)?;
            Ok((users::by_id(connection, &wanted)?.ok_or_else(missing)?, done))
        });
        let changed = changed.await?;
        self.0.standings.forget_user(id);
        Ok(changed)
    }
}

/// Refuses whoever does not administer the server; otherwise the beginning of an audit line.
pub(super) fn permitted(actor: &Actor, verb: &'static str) -> Result<audit::Line> {
    error::permitted(actor.administers(), "Only an administrator may do this.")?;
    Ok(line_of(actor, verb, ""))
}

/// The lock holds it: of two administrators who take the role from each other, the second one finds themselves the last.
/// Nobody locks themselves out by a slip.
fn keep_one_administrator(connection: &mut Connection, user: &User, by: &Actor) -> Result<()> {
    if by.person().is_some_and(|person| person.id == user.id) {
        let s = "You cannot do this to your own account here. Ask another administrator.";
        return Err(Error::invalid("self_lockout", s));
    }
    locks::hold(connection, Lock::Administrators)?;
    if users::may_lose_administrator(connection, &user.id)? {
        return Ok(());
    }
    let s = "This is the last administrator. Make somebody else one first.";
    Err(Error::conflict("last_administrator", s))
}
