//! The way to the first administrator: a one-time token in the state directory for as long as nobody administers the server.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{Accounts, Login, Origin, register::Way, rules, secret};
use crate::{
    actor::Role,
    error::{Error, Result},
    limits::Rule,
    store::{
        Connection, Store,
        locks::{self, Lock},
        users,
    },
};

/// The token, while it is wanted.
pub(super) struct Setup {
    path: PathBuf,
    token: Mutex<Option<String>>,
}

impl Setup {
    pub(super) async fn open(store: &Store, state: &Path) -> Result<Self> {
        let path = state.join("setup-token");
        let file = path.clone();
        let token = store.run(move |connection| {
            if users::has_administrator(connection)? {
                secret::removed(&file);
                return Ok(None);
            }
            secret::kept(&file).map(Some)
        });
        Ok(Self { token: Mutex::new(token.await?), path })
    }

    fn token(&self) -> Option<String> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Somebody administers the server now.
    pub(super) async fn finish(&self) {
        let held = self.token.lock().unwrap_or_else(PoisonError::into_inner).take();
        if held.is_some() {
            let path = self.path.clone();
            // a panic in there would leave a file that opens nothing any more
            let _ = tokio::task::spawn_blocking(move || secret::removed(&path)).await;
        }
    }
}

fn done() -> Error {
    Error::forbidden("setup_done", "This server is set up already. Sign in.")
}

impl Accounts {
    /// The token of the set-up link, while nobody administers the server.
    pub fn setup_token(&self) -> Option<String> {
        self.0.setup.token()
    }

    /// True while nobody administers the server. Another daemon may have ended it.
    pub async fn is_setup_required(&self) -> Result<bool> {
        if self.setup_token().is_none() {
            return Ok(false);
        }
        let done = self.0.store.run(users::has_administrator).await?;
        if done {
            self.0.setup.finish().await;
        }
        Ok(!done)
    }

    /// Makes the first administrator and signs them in.
    pub async fn set_up(
        &self,
        origin: &Origin,
        token: &str,
        email: &str,
        name: &str,
        password: String,
    ) -> Result<Login> {
        self.0.limits.by_address(Rule::Auth, "setup", origin.address)?;
        if !self.is_setup_required().await? {
            return Err(done());
        }
        let wanted = self.setup_token().ok_or_else(done)?;
        if aws_lc_rs::constant_time::verify_slices_are_equal(wanted.as_bytes(), token.as_bytes()).is_err() {
            let s = "That is not the set-up token of this server. `bedrudctl setup` prints the link with it.";
            return Err(Error::forbidden("setup_token_wrong", s));
        }
        let email = rules::mail(email).ok_or_else(rules::mail_invalid)?;
        let name = rules::name(name)?;
        rules::password(&password)?;
        let hash = self.0.hashing.hash(password).await?;
        let mut user = super::register::account(email, name);
        user.role = Role::Admin;
        // whoever has the link looks after the server: nobody else could vouch for the address
        user.email_verified_at = Some(user.created_at);
        // two people may have the link: the lock makes the second one find the first one's account
        let guard = |connection: &mut Connection| {
            locks::hold(connection, Lock::Administrators)?;
            if users::has_administrator(connection)? { Err(done()) } else { Ok(()) }
        };
        let login = self.enter_new(origin, user, Way::Password(hash), "account.setup", guard).await?;
        self.0.setup.finish().await;
        login.signed_in()
    }
}
