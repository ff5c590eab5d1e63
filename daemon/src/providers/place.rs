//! Where a provider is asked what: as it says itself (OpenID Connect Discovery 1.0), or as everybody knows of its kind.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::{ask::Line, fault};
use crate::{
    config::{Provider as Section, ProviderKind},
    error::Result,
    network::is_unheard,
};

/// For so long what a provider says of itself is believed without asking again.
const FRESH: Duration = Duration::from_secs(3600);

/// The URLs of a provider.
pub(super) struct Place {
    /// As its signed answers spell it.
    pub(super) issuer: String,
    /// Where people are sent.
    pub(super) authorize: String,
    /// Where a code is exchanged.
    pub(super) token: String,
    /// Where it tells more of a person.
    pub(super) person: Option<String>,
    /// Where a person's mail addresses are, where they are apart.
    pub(super) mails: Option<String>,
    /// Where its keys are.
    pub(super) keys: Option<String>,
    /// Whether this server shows its secret in the body, not in a header (RFC 6749, 2.3.1).
    pub(super) secret_in_body: bool,
    /// Whether its answers say who they are of (RFC 9207).
    pub(super) names_itself: bool,
}

/// What a provider says of itself.
#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    jwks_uri: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// The place of one provider, kept.
#[derive(Default)]
pub(super) struct Places(Mutex<Option<(Instant, Arc<Place>)>>);

impl Places {
    pub(super) async fn of(&self, section: &Section, line: &Line) -> Result<Arc<Place>> {
        let mut kept = self.0.lock().await;
        if let Some((at, place)) = &*kept
            && at.elapsed() < FRESH
        {
            return Ok(place.clone());
        }
        match (find(section, line).await, &*kept) {
            (Ok(place), _) => {
                let place = Arc::new(place);
                *kept = Some((Instant::now(), place.clone()));
                Ok(place)
            }
            // what it said before does, while it cannot be asked
            (Err(e), Some((_, place))) => {
                tracing::warn!(code = e.code, "{e}");
                Ok(place.clone())
            }
            (Err(e), None) => Err(e),
        }
    }
}

async fn find(section: &Section, line: &Line) -> Result<Place> {
    let issuer = section.issuer();
    let plain = |authorize: String, token: String, person: String| Place {
        issuer: issuer.to_owned(),
        authorize,
        token,
        person: Some(person),
        mails: None,
        keys: None,
        secret_in_body: false,
        names_itself: false,
    };
    match section.kind {
        ProviderKind::Oidc | ProviderKind::Google => discover(issuer, line).await,
        ProviderKind::Github => {
            let api = if section.is_usual() {
                "https://api.github.com".to_owned()
            } else {
                format!("{issuer}/api/v3")
            };
            let begin = format!("{issuer}/login/oauth");
            let place =
                plain(format!("{begin}/authorize"), format!("{begin}/access_token"), format!("{api}/user"));
            Ok(Place { mails: Some(format!("{api}/user/emails")), secret_in_body: true, ..place })
        }
        ProviderKind::Twitter => {
            let api = if section.is_usual() { "https://api.x.com" } else { issuer };
            let person = format!("{api}/2/users/me?user.fields=confirmed_email");
            Ok(plain(format!("{issuer}/i/oauth2/authorize"), format!("{api}/2/oauth2/token"), person))
        }
    }
}

async fn discover(issuer: &str, line: &Line) -> Result<Place> {
    let said: Document = line.get(&format!("{issuer}/.well-known/openid-configuration"), None).await?;
    if said.issuer.trim_end_matches('/') != issuer {
        let why = format!("it calls itself {:?}, and the configuration {issuer:?}", said.issuer);
        return Err(fault::refused(&line.name, &why));
    }
    let urls = [Some(&said.authorization_endpoint), Some(&said.token_endpoint)];
    let others = [said.userinfo_endpoint.as_ref(), said.jwks_uri.as_ref()];
    for url in urls.into_iter().chain(others).flatten() {
        if !Url::parse(url).is_ok_and(|url| is_unheard(&url)) {
            return Err(fault::invalid(&line.name, &format!("{url:?} is not encrypted")));
        }
    }
    let takes = |method: &str| match &said.token_endpoint_auth_methods_supported {
        Some(methods) => methods.iter().any(|one| one == method),
        None => method == "client_secret_basic",
    };
    Ok(Place {
        secret_in_body: !takes("client_secret_basic") && takes("client_secret_post"),
        issuer: said.issuer,
        authorize: said.authorization_endpoint,
        token: said.token_endpoint,
        person: said.userinfo_endpoint,
        mails: None,
        keys: said.jwks_uri,
        names_itself: said.authorization_response_iss_parameter_supported,
    })
}
