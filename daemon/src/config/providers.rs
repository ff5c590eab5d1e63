//! The list `auth.providers`: servers of others by which people sign in here, and what makes no sense of one.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Config, Problems};
use crate::network::is_unheard;

/// A server that says who somebody is, by OpenID Connect or, of a known kind, by OAuth 2.0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Provider {
    /// What it is called in links: small letters, digits and hyphens. People are sent back to `/api/auth/ID/callback`.
    pub id: String,
    /// What people read on the button; without it the id.
    pub name: Option<String>,
    /// How it is spoken to.
    pub kind: ProviderKind,
    /// Its URL, from which `/.well-known/openid-configuration` tells the rest. The kinds `github` and `twitter` have one of their own,
    /// and take another for a server of the same kind.
    pub issuer: Option<String>,
    /// What it calls this server.
    pub client_id: String,
    /// The secret that it shares with this server, in the file itself; `clientSecretFile` is better.
    pub client_secret: Option<String>,
    /// File that holds the secret; read for every sign-in.
    pub client_secret_file: Option<PathBuf>,
    /// What is asked for; without it what a sign-in needs.
    pub scopes: Option<Vec<String>>,
    /// PEM of whom to believe that it is the provider, beside those this machine trusts.
    pub root_file: Option<PathBuf>,
    /// The claim with a person's groups or roles, such as `groups`; full stops lead to members of objects.
    pub claim: Option<String>,
    /// Whoever has one of these values in it administers this server.
    pub administrators: Vec<String>,
    /// Nobody comes in who has none of these values in it; without any, everybody may.
    pub allowed: Vec<String>,
}

/// How a provider is spoken to, a closed set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
    /// OpenID Connect.
    #[default]
    Oidc,
    /// The same, with Google's URL.
    Google,
    /// GitHub, or GitHub Enterprise.
    Github,
    /// X, which was Twitter.
    Twitter,
}

impl ProviderKind {
    /// Whether it says who somebody is by OpenID Connect.
    pub fn is_openid(self) -> bool {
        matches!(self, Self::Oidc | Self::Google)
    }

    /// Where it is unless `issuer` says otherwise.
    fn usual_issuer(self) -> Option<&'static str> {
        match self {
            Self::Oidc => None,
            Self::Google => Some("https://accounts.google.com"),
            Self::Github => Some("https://github.com"),
            Self::Twitter => Some("https://x.com"),
        }
    }

    fn usual_scopes(self) -> &'static [&'static str] {
        match self {
            Self::Oidc | Self::Google => &["openid", "email", "profile"],
            Self::Github => &["read:user", "user:email"],
            Self::Twitter => &["users.read", "tweet.read", "users.email"],
        }
    }
}

impl Provider {
    /// What people read on the button.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }

    /// Its URL, without a slash at the end; empty where the check found that there is none.
    pub fn issuer(&self) -> &str {
        self.issuer.as_deref().or(self.kind.usual_issuer()).unwrap_or_default().trim_end_matches('/')
    }

    /// Whether that is where everybody finds a server of its kind.
    pub fn is_usual(&self) -> bool {
        self.kind.usual_issuer() == Some(self.issuer())
    }

    /// What is asked for.
    pub fn scopes(&self) -> Vec<String> {
        let usual = || self.kind.usual_scopes().iter().map(|&scope| scope.to_owned()).collect();
        self.scopes.clone().unwrap_or_else(usual)
    }
}

/// Names of other routes, and of accounts that no provider vouches for.
const TAKEN: [&str; 11] = [
    "guest",
    "local",
    "login",
    "logout",
    "me",
    "passkey",
    "passkeys",
    "providers",
    "refresh",
    "sessions",
    "verify",
];
const BAD: &str = "invalid_value";
const MISSING: &str = "missing_value";

pub(super) fn check(config: &Config, problems: &mut Problems) {
    let all = &config.auth.providers;
    for (at, one) in all.iter().enumerate() {
        let mut tell = |code, key: &str, sentence: &str| {
            problems.add(code, format!("auth.providers.{at}.{key}"), sentence);
        };
        if all.iter().take(at).any(|other| other.id == one.id) {
            tell(BAD, "id", "Another provider has this id. Give each one of its own.");
        }
        one.check_name(&mut tell);
        one.check_place(&mut tell);
        one.check_client(&mut tell);
        one.check_claims(&mut tell);
    }
    if config.is_nameless() && !all.is_empty() {
        let s = "Providers send people back to the name of this server. Set it, or server.frontendURL.";
        problems.add(MISSING, "server.domain", s);
    }
}

type Tell<'a> = &'a mut dyn FnMut(&'static str, &str, &str);

impl Provider {
    fn check_name(&self, tell: Tell<'_>) {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 32 || !self.id.chars().all(is_plain) {
            tell(BAD, "id", "Give 1 to 32 small letters, digits and hyphens, such as example.");
        } else if TAKEN.contains(&self.id.as_str()) {
            tell(BAD, "id", "This word means something else here already. Give another one.");
        }
        if self.name.as_deref().is_some_and(|name| name.trim().is_empty() || name.chars().count() > 50) {
            tell(BAD, "name", "Give 1 to 50 characters, or remove the line.");
        }
    }

    fn check_place(&self, tell: Tell<'_>) {
        if self.issuer().is_empty() {
            let s = "Give the URL of the provider, such as https://id.example.org/realms/main.";
            return tell(MISSING, "issuer", s);
        }
        let url = Url::parse(self.issuer()).ok();
        let is_right = url.as_ref().is_some_and(|url| {
            let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
            is_plain && url.password().is_none() && is_unheard(url)
        });
        if !is_right {
            let s = "Give a URL that begins with https://, without a query; http:// on this machine only.";
            tell(BAD, "issuer", s);
        }
        if self.root_file.as_deref().is_some_and(|file| !file.is_absolute()) {
            tell(BAD, "rootFile", "Give an absolute path.");
        }
    }

    fn check_client(&self, tell: Tell<'_>) {
        if self.client_id.trim().is_empty() {
            tell(MISSING, "clientId", "Give the id by which the provider knows this server.");
        }
        if self.client_secret_file.as_deref().is_some_and(|file| !file.is_absolute()) {
            tell(BAD, "clientSecretFile", "Give an absolute path.");
        }
        match (&self.client_secret, &self.client_secret_file) {
            (Some(_), Some(_)) => {
                tell(BAD, "clientSecretFile", "Give the secret (clientSecret) or its file, not both.");
            }
            (None, None) if matches!(self.kind, ProviderKind::Google | ProviderKind::Github) => {
                tell(
                    MISSING,
                    "clientSecretFile",
                    "This provider wants a secret. Give the file that holds it.",
                );
            }
            _ => {}
        }
        if self.kind.is_openid() && !self.scopes().iter().any(|scope| scope == "openid") {
            tell(BAD, "scopes", "Without the scope openid the provider does not say who it is. Add it.");
        }
    }

    fn check_claims(&self, tell: Tell<'_>) {
        let has_values = !self.administrators.is_empty() || !self.allowed.is_empty();
        if self.claim.is_some() && !self.kind.is_openid() {
            tell(BAD, "claim", "A provider of this kind says nothing of groups. Remove the line.");
        } else if has_values && self.claim.is_none() {
            tell(MISSING, "claim", "Say in which claim these values are, such as groups.");
        } else if self.claim.is_some() && !has_values {
            tell("unused_value", "claim", "Give values for it, in administrators or in allowed.");
        }
    }
}
