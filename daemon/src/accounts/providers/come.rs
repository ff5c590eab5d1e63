//! Takes somebody back who was at a provider: only the browser that was sent, and once.

use super::{
    begin::{Begun, PURPOSE},
    redirect,
};
use crate::{
    accounts::{Accounts, Login, Origin},
    error::{Error, Result},
    limits::Rule,
    providers::{Provider, STALE, stale},
    store::{Timestamp, challenges, digest_of},
};

/// What somebody brings back.
#[derive(Clone, Debug, Default)]
pub struct Back {
    /// What was sent along.
    pub state: Option<String>,
    /// What is exchanged for an answer.
    pub code: Option<String>,
    /// Why there is none.
    pub error: Option<String>,
    /// Who says so.
    pub issuer: Option<String>,
}

/// What became of it.
pub enum Came {
    /// They are in, and came from this path; empty where they came from nowhere.
    SignedIn(Login, String),
    /// Their account has one more way in.
    Linked,
}

fn denied(provider: &Provider) -> Error {
    let s =
        format!("You have not agreed to sign in by {}. Begin again, or choose another way.", provider.name());
    Error::forbidden("provider_denied", s)
}

impl Accounts {
    /// Who comes back from a provider, and what they were sent for. Only what was not begun here is counted as a try.
    pub async fn provider_answered(
        &self,
        origin: &Origin,
        id: &str,
        own: &str,
        browser: Option<&str>,
        back: Back,
    ) -> Result<Came> {
        let provider = self.0.providers.named(id)?;
        let is_wrong = |e: &Error| e.code == STALE;
        let trying = self.taken_back(origin, provider, own, browser, back);
        self.0.limits.guessing(Rule::Auth, "provider", origin.address, is_wrong, trying).await
    }

    async fn taken_back(
        &self,
        origin: &Origin,
        provider: &Provider,
        own: &str,
        browser: Option<&str>,
        back: Back,
    ) -> Result<Came> {
        let (state, browser) = back.state.as_deref().zip(browser).ok_or_else(stale)?;
        let (user_id, begun) = self.begun(state).await?.ok_or_else(stale)?;
        if begun.provider != provider.id() || begun.browser != digest_of(browser) {
            return Err(stale());
        }
        match back.error.as_deref() {
            None => {}
            Some("access_denied" | "login_required" | "interaction_required" | "consent_required") => {
                return Err(denied(provider));
            }
            Some(other) => return Err(provider.refuses(other)),
        }
        let code = back.code.ok_or_else(stale)?;
        let (redirect, issuer) = (redirect(own, provider), back.issuer.as_deref());
        let told = provider.finish(&redirect, code, issuer, begun.secrets).await?;
        if !provider.allows(&told.values) {
            let s = "You are in none of the groups that may come in here. Ask the server's administrator.";
            return Err(Error::forbidden("provider_not_allowed", s));
        }
        if let Some((user_id, session)) = user_id.zip(begun.session) {
            self.link(origin, provider, told, user_id, session).await?;
            return Ok(Came::Linked);
        }
        let login = self.enter_by(origin, provider, told, begun.invitation).await?;
        Ok(Came::SignedIn(login, begun.to))
    }

    /// What waits for that answer. It is gone then, whatever comes of it.
    async fn begun(&self, state: &str) -> Result<Option<(Option<String>, Begun)>> {
        let id = digest_of(state);
        let taken = self.0.store.run(move |c| challenges::take(c, &id, PURPOSE, Timestamp::now())).await?;
        // a row that another version wrote is none
        Ok(taken.and_then(|(user_id, state)| Some((user_id, serde_json::from_str(&state).ok()?))))
    }
}
