//! Who somebody is: accounts, guests, passwords, sessions. Decides; knows no HTTP and no SQL.

mod administer;
mod cache;
mod find;
mod guest;
mod invitations;
mod keys;
mod mail;
mod passkeys;
mod password;
mod profile;
mod proof;
mod providers;
mod register;
mod rotate;
mod rules;
mod secret;
mod session;
mod setup;
mod sign_in;
mod token;

pub use crate::{
    providers::Provider,
    store::{credentials::Passkey, sessions::Session, users::User},
};
pub use administer::Made;
pub use invitations::Invited;
pub use keys::KeyFacts;
pub use passkeys::{
    Assertion, Attestation, Creation,
    older::{Kept, of_older},
};
pub use password::is_usable as is_usable_older_hash;
pub use proof::Given;
pub use providers::{Back, Came, Linked, Sent, Wish};
pub use rules::mail as plain_mail;

use std::{net::IpAddr, path::Path, sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::{
    actor::{Actor, Role},
    config::Auth,
    error::{Error, Result},
    limits::Limits,
    mail::Mail,
    outbox::Outbox,
    providers::Providers,
    settings::Settings,
    store::{Store, audit},
};

/// How often departed sessions and guests are looked for.
const SWEEP: Duration = Duration::from_secs(600);
/// So long other daemons of the same database leave it to this one.
const SWEEP_LEASE_SECONDS: i64 = 300;

/// Where a request comes from, for limits, sessions, bans and the audit log.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Client address, as the trusted proxies tell it; none at the shell.
    pub address: Option<IpAddr>,
    /// `User-Agent`, cut.
    pub agent: String,
    /// The device as the `bedrud_guest_id` cookie names it.
    pub guest_key: Option<String>,
    /// What the browser says which languages are wanted, cut.
    pub languages: String,
    /// The refresh cookie, whatever became of its session: it tells a device that was signed in here.
    pub refresh_cookie: Option<String>,
}

/// The two tokens of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Opens the API for some minutes.
    pub access: String,
    /// Gets the next pair, once.
    pub refresh: String,
}

/// Somebody who has just signed in.
#[derive(Clone, Debug)]
pub struct Login {
    /// Who it is.
    pub user: Arc<User>,
    /// What opens the API from now on.
    pub tokens: Tokens,
    /// For the cookie by which bans know a guest's device again; accounts have none.
    pub guest_key: Option<String>,
}

/// What became of somebody who made an account.
#[derive(Clone, Debug)]
pub enum Entered {
    /// They are in.
    SignedIn(Login),
    /// They have to prove first that this mail address is theirs.
    ToProve(String),
}

impl Entered {
    /// Of those who have nothing to prove.
    fn signed_in(self) -> Result<Login> {
        match self {
            Entered::SignedIn(login) => Ok(login),
            Entered::ToProve(_) => {
                Err(Error::internal("somebody has to prove an address who has none to prove"))
            }
        }
    }
}

/// Everything about accounts; cheap to clone.
#[derive(Clone)]
pub struct Accounts(Arc<Parts>);

/// What accounts stand on.
pub struct Base {
    /// Where they are kept.
    pub store: Store,
    /// What is left to be done when a decision is committed.
    pub outbox: Outbox,
    /// How often somebody may try.
    pub limits: Limits,
    /// Whom the server takes.
    pub settings: Settings,
    /// What is written to people.
    pub mail: Mail,
    /// By whom else people may sign in.
    pub providers: Providers,
}

struct Parts {
    store: Store,
    outbox: Outbox,
    limits: Limits,
    settings: Settings,
    mail: Mail,
    providers: Providers,
    lifetimes: Auth,
    hashing: password::Hashing,
    signer: Arc<keys::Ring>,
    standings: cache::Standings,
    setup: setup::Setup,
    party: Option<passkeys::Party>,
}

impl Accounts {
    /// Reads or makes the secrets in the directory `state`, and a set-up token while nobody administers the server.
    /// Passkeys are made for the host of `public_url`; none where nobody named the server.
    pub async fn open(base: Base, lifetimes: Auth, state: &Path, public_url: Option<&str>) -> Result<Self> {
        let (directory, of_tokens) = (state.to_owned(), lifetimes.clone());
        let signer = tokio::task::spawn_blocking(move || keys::Ring::open(&directory, &of_tokens)).await;
        let signer = Arc::new(signer.map_err(Error::internal)??);
        let Base { store, outbox, limits, settings, mail, providers } = base;
        let setup = setup::Setup::open(&store, state).await?;
        let (hashing, standings) = (password::Hashing::new(), cache::Standings::default());
        Ok(Self(Arc::new(Parts {
            store,
            outbox,
            limits,
            settings,
            mail,
            providers,
            lifetimes,
            hashing,
            signer,
            standings,
            setup,
            party: public_url.and_then(passkeys::Party::of),
        })))
    }

    /// Deletes expired sessions, and guests whose last session is gone, until `stop`.
    pub async fn keep(self, stop: CancellationToken) {
        loop {
            if let Err(e) = self.sweep().await {
                tracing::warn!(code = e.code, "old sessions cannot be deleted: {e}");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(SWEEP) => {}
            }
        }
    }
}

impl Origin {
    /// An audit line of somebody who has no token yet, or needs none.
    fn line(&self, user: &User, verb: &'static str, target: &str) -> audit::Line {
        let who = if user.role == Role::Guest { "guest" } else { "user" };
        let address = self.address.map(|a| a.to_string()).unwrap_or_default();
        let actor = format!("{who}:{}", user.id);
        audit::Line { actor, address, verb, target: target.to_owned(), ..audit::Line::default() }
    }
}

/// An audit line of somebody known.
fn line_of(actor: &Actor, verb: &'static str, target: &str) -> audit::Line {
    audit::Line { target: target.to_owned(), ..audit::Line::by(actor, verb) }
}
