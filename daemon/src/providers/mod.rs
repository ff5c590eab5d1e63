//! Servers of others that say who somebody is: where people are sent, and what is believed of what comes back. Knows no
//! accounts.

mod ask;
mod fault;
mod keys;
mod people;
mod place;
mod signed;
mod talk;

pub use fault::{STALE, stale};

use std::{sync::Arc, time::Duration};

use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use url::Url;

use crate::{
    config::Provider as Section,
    error::{Error, Result},
};
use ask::Line;
use keys::Keys;
use place::Places;

/// For so long at most somebody waits for a provider, whatever is asked of it.
const PATIENCE: Duration = Duration::from_secs(9);

/// The providers of the configuration, in its order; cheap to clone.
#[derive(Clone, Default)]
pub struct Providers(Arc<Vec<Provider>>);

/// One of them.
pub struct Provider {
    section: Section,
    line: Line,
    places: Places,
    keys: Keys,
}

/// What is kept while somebody is at the provider, and proves afterwards that the answer is for this very question.
#[derive(Serialize, Deserialize)]
pub struct Secrets {
    /// What the signed answer has to say again; only OpenID Connect does.
    nonce: String,
    /// What the code was asked for with (RFC 7636).
    verifier: String,
}

/// What a provider says of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The provider's URL, without a slash at the end.
    pub issuer: String,
    /// What it calls them, for ever the same.
    pub subject: String,
    /// Their mail address as it was written.
    pub email: Option<String>,
    /// Whether the provider says that the address is theirs.
    pub is_verified: bool,
    /// What they are called.
    pub name: Option<String>,
    /// Their groups or roles, where the configuration says in which claim they are.
    pub values: Vec<String>,
}

impl Providers {
    /// Those of the configuration, which has checked them.
    pub fn new(section: &[Section]) -> Self {
        Self(Arc::new(section.iter().cloned().map(Provider::new).collect()))
    }

    /// All of them.
    pub fn all(&self) -> &[Provider] {
        &self.0
    }

    /// The one of that id.
    pub fn named(&self, id: &str) -> Result<&Provider> {
        let s = "Nobody signs in here by that provider. Choose another way.";
        let found = self.0.iter().find(|one| one.id() == id);
        found.ok_or_else(|| Error::new(crate::error::Kind::NotFound, "provider_unknown", s))
    }
}

impl Provider {
    fn new(section: Section) -> Self {
        let line = Line::new(section.name().to_owned(), section.root_file.clone());
        Self { section, line, places: Places::default(), keys: Keys::default() }
    }

    /// What it is called in links.
    pub fn id(&self) -> &str {
        &self.section.id
    }

    /// What people read.
    pub fn name(&self) -> &str {
        self.section.name()
    }

    /// Its URL, without a slash at the end: with a subject it names a person.
    pub fn issuer(&self) -> &str {
        self.section.issuer()
    }

    /// Whether it says who administers this server, and if so whether these values do.
    pub fn administers(&self, values: &[String]) -> Option<bool> {
        let wanted = &self.section.administrators;
        (!wanted.is_empty()).then(|| values.iter().any(|value| wanted.contains(value)))
    }

    /// Whether somebody with these values may come in.
    pub fn allows(&self, values: &[String]) -> bool {
        let wanted = &self.section.allowed;
        wanted.is_empty() || values.iter().any(|value| wanted.contains(value))
    }

    /// It sent somebody back with a reason that is not theirs.
    pub fn refuses(&self, why: &str) -> Error {
        fault::refused(self.name(), &format!("{:?}", why.chars().take(100).collect::<String>()))
    }

    /// Where somebody is sent who is to come back to `redirect` with `state`.
    pub async fn begin(&self, redirect: &str, state: String) -> Result<(Url, Secrets)> {
        self.in_time(async {
            let place = self.place().await?;
            let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
            let nonce = CsrfToken::new_random().into_secret();
            let client = talk::client(&self.section, &place, redirect)?;
            let mut asked = client
                .authorize_url(|| CsrfToken::new(state))
                .add_scopes(self.section.scopes().into_iter().map(Scope::new))
                .set_pkce_challenge(challenge);
            if self.section.kind.is_openid() {
                asked = asked.add_extra_param("nonce", &nonce);
            }
            let (url, _) = asked.url();
            Ok((url, Secrets { nonce, verifier: verifier.into_secret() }))
        })
        .await
    }

    /// Who it is that came back to `redirect` with `code`. `issuer` is who said so, where the answer tells (RFC 9207).
    pub async fn finish(
        &self,
        redirect: &str,
        code: String,
        issuer: Option<&str>,
        secrets: Secrets,
    ) -> Result<Told> {
        self.in_time(async {
            let place = self.place().await?;
            let is_other = issuer.is_some_and(|said| said.trim_end_matches('/') != self.issuer());
            if is_other || (issuer.is_none() && place.names_itself) {
                return Err(fault::invalid(self.name(), &"its answer names another issuer, or none"));
            }
            let client = talk::client(&self.section, &place, redirect)?;
            let secret = talk::secret(&self.section).await?;
            let verifier = PkceCodeVerifier::new(secrets.verifier);
            let tokens = talk::exchange(&self.line, client, secret, code, verifier).await?;
            if self.section.kind.is_openid() {
                return self.signed(&place, &tokens, &secrets.nonce).await;
            }
            people::look(&self.section, &self.line, &place, &tokens).await
        })
        .await
    }

    async fn signed(&self, place: &place::Place, tokens: &talk::Tokens, nonce: &str) -> Result<Told> {
        let name = self.name();
        let token = talk::id_token(tokens).ok_or_else(|| fault::invalid(name, &"there is no ID token"))?;
        let header = signed::header(token).map_err(|e| fault::invalid(name, &e))?;
        let url = place.keys.as_deref().ok_or_else(|| fault::invalid(name, &"it names no keys"))?;
        let keys = self.keys.of(&self.line, url, header.kid.as_deref()).await?;
        let expected = signed::Expected { issuer: &place.issuer, client_id: &self.section.client_id, nonce };
        let mut claims =
            signed::claims(token, &header, &keys, &expected).map_err(|e| fault::invalid(name, &e))?;
        let lacks = |claims: &signed::Claims, claim: &str| signed::at(claims, claim).is_none();
        let is_short = lacks(&claims, "email")
            || self.section.claim.as_deref().is_some_and(|claim| lacks(&claims, claim));
        if let Some(url) = place.person.as_deref().filter(|_| is_short) {
            let more: signed::Claims = self.line.get(url, Some(talk::access_token(tokens))).await?;
            if more.get("sub") != claims.get("sub") {
                return Err(fault::invalid(name, &"it tells of somebody else"));
            }
            for (claim, value) in more {
                claims.entry(claim).or_insert(value);
            }
        }
        let told = signed::told(self.issuer(), &claims, self.section.claim.as_deref());
        told.ok_or_else(|| fault::invalid(name, &"it names nobody"))
    }

    async fn place(&self) -> Result<Arc<place::Place>> {
        self.places.of(&self.section, &self.line).await
    }

    async fn in_time<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let late = || fault::away(self.name(), &"no answer in time");
        timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(late()))
    }
}
