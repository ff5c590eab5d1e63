//! Sends somebody to a provider. What proves that the answer is theirs waits in the store, so that it serves once and any daemon
//! takes it, also after a restart; a cookie says which browser it was.

use serde::{Deserialize, Serialize};

use super::redirect;
use crate::{
    accounts::{Accounts, Given, Origin, proof::Recent, secret},
    actor::Actor,
    error::{Error, Result},
    limits::Rule,
    providers::{Provider, Secrets},
    store::{
        Timestamp,
        challenges::{self, Challenge},
        credentials, digest_of,
    },
};

/// How long somebody may take there.
const LIFE_SECONDS: i64 = 600;
pub(super) const PURPOSE: &str = "provider";
/// Links of one account; nobody has so many.
const MOST: usize = 20;
/// The longest path that somebody comes back to.
const LONGEST_PATH: usize = 500;

/// What somebody wants who is sent away.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The path that they came from.
    pub to: Option<String>,
    /// The secret of an invitation, where the server takes nobody else.
    pub invitation: Option<String>,
}

/// Where somebody is sent.
pub struct Sent {
    /// At the provider.
    pub url: String,
    /// What their browser keeps meanwhile.
    pub browser: String,
}

/// What waits for the answer.
#[derive(Serialize, Deserialize)]
pub(super) struct Begun {
    pub(super) provider: String,
    /// A hash of what the browser keeps.
    pub(super) browser: String,
    pub(super) secrets: Secrets,
    pub(super) to: String,
    /// The id of the invitation that was shown, since no secret of a link is stored; empty where that is none.
    pub(super) invitation: Option<String>,
    /// The session for whose account it is, where that is linked.
    pub(super) session: Option<String>,
}

impl Accounts {
    /// Sends somebody to sign in. `own` is this server's URL, `browser` what the browser keeps of an earlier time.
    pub async fn provider_begun(
        &self,
        origin: &Origin,
        id: &str,
        own: &str,
        browser: Option<&str>,
        wish: Wish,
    ) -> Result<Sent> {
        let provider = self.0.providers.named(id)?;
        self.0.limits.by_crowd(Rule::Auth, "provider-begin", origin.address)?;
        self.send(provider, own, browser, wish, None).await
    }

    /// Sends somebody who is signed in, to link their account. That opens it for good, so they prove who they are: a moment
    /// ago, or by what is given.
    pub async fn provider_link_begun(
        &self,
        actor: &Actor,
        given: Given,
        id: &str,
        own: &str,
        browser: Option<&str>,
    ) -> Result<Sent> {
        let provider = self.0.providers.named(id)?;
        let (user, session) = self.account_of(actor).await?;
        self.0.limits.by_account(Rule::Api, "provider", &user.id)?;
        let needed = || {
            let s = "Another way in asks for your password, or for one of your passkeys. Give one of them and try again.";
            Error::invalid("proof_needed", s)
        };
        self.must_be_proven(actor, (&user, &session), given, Recent::Any, needed).await?;
        let user_id = user.id.clone();
        let links = self.0.store.run(move |connection| credentials::links(connection, &user_id)).await?;
        if links.len() >= MOST {
            let s = format!("You have {MOST} links already. Remove one that you do not use any more.");
            return Err(Error::conflict("links_many", s));
        }
        self.send(provider, own, browser, Wish::default(), Some((user.id.clone(), session.id))).await
    }

    async fn send(
        &self,
        provider: &Provider,
        own: &str,
        browser: Option<&str>,
        wish: Wish,
        link: Option<(String, String)>,
    ) -> Result<Sent> {
        let state = secret::fresh();
        let (url, secrets) = provider.begin(&redirect(own, provider), state.clone()).await?;
        // the same for every tab of a browser, or the second would end the first
        let browser = browser.filter(|kept| is_ours(kept)).map_or_else(secret::fresh, str::to_owned);
        let (user_id, session) = link.unzip();
        let begun = Begun {
            provider: provider.id().to_owned(),
            browser: digest_of(&browser),
            secrets,
            to: wish.to.filter(|to| is_path(to)).unwrap_or_default(),
            invitation: wish.invitation.map(|token| self.invitation_in(&token).unwrap_or_default()),
            session,
        };
        let challenge = Challenge {
            id: digest_of(&state),
            purpose: PURPOSE,
            user_id,
            state: serde_json::to_string(&begun).map_err(Error::internal)?,
            expires_at: Timestamp::now().plus_seconds(LIFE_SECONDS),
        };
        self.0.store.run(move |connection| challenges::insert(connection, &challenge)).await?;
        Ok(Sent { url: url.into(), browser })
    }
}

/// As [`secret::fresh`] makes them.
fn is_ours(kept: &str) -> bool {
    kept.len() == 43 && kept.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// A path of this server, and nothing that a browser takes for another one.
fn is_path(to: &str) -> bool {
    let is_plain = !to.contains(|c: char| c.is_control() || c == '\\');
    to.starts_with('/') && !to.starts_with("//") && to.len() <= LONGEST_PATH && is_plain
}
