//! Our cookies: read from requests, set and cleared on answers. Host-only, never readable by scripts. Over https their names
//! say so (RFC 6265bis, *Cookie Name Prefixes*), so that no other host of the domain can put one in their place.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};
use serde::Serialize;

use crate::accounts::{Login, Tokens};

/// Holds the access token; authenticates reading only.
pub(super) const ACCESS: &str = "access_token";
/// Holds the refresh token; sent to the account routes only.
pub(super) const REFRESH: &str = "refresh_token";
/// Names a guest's device, for bans.
pub(super) const GUEST: &str = "bedrud_guest_id";

/// Says which browser was sent to a provider.
pub(super) const PROVIDER: &str = "bedrud_sign_in";

/// Set by this very host, for every path.
const HOST: &str = "__Host-";
/// Set over https.
const SECURE: &str = "__Secure-";

const YEAR_SECONDS: u64 = 365 * 86_400;
/// As long as a provider is waited for.
const AWAY_SECONDS: u64 = 600;

/// How our cookies are made.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    secure: bool,
    access_seconds: u64,
    refresh_seconds: u64,
}

impl Cookies {
    /// `Secure` where people come by https; they live as long as the tokens in them.
    pub fn new(public_url: &str, access_token_minutes: u32, refresh_token_days: u32) -> Self {
        Self {
            secure: public_url.starts_with("https:"),
            access_seconds: u64::from(access_token_minutes) * 60,
            refresh_seconds: u64::from(refresh_token_days) * 86_400,
        }
    }

    /// `body` with the cookies of somebody who has just signed in; guests get the one that names their device as well.
    pub(super) fn signed_in(&self, login: &Login, body: impl Serialize) -> Response {
        let mut answer = self.refreshed(&login.tokens, body);
        if let Some(key) = &login.guest_key {
            self.set(answer.headers_mut(), GUEST, key, "/", "Lax", YEAR_SECONDS);
        }
        answer
    }

    /// `body` with the cookies of a new pair of tokens.
    pub(super) fn refreshed(&self, tokens: &Tokens, body: impl Serialize) -> Response {
        let mut answer = Json(body).into_response();
        self.keep(answer.headers_mut(), tokens);
        answer
    }

    /// The same two for somebody who has just signed in and is sent on.
    pub(super) fn signed_in_on(&self, headers: &mut HeaderMap, login: &Login) {
        self.keep(headers, &login.tokens);
    }

    /// The one that tells the browser again which somebody comes back by.
    pub(super) fn sent_away(&self, headers: &mut HeaderMap, browser: &str) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        self.set(headers, PROVIDER, browser, "/", "Lax", AWAY_SECONDS);
    }

    fn keep(&self, headers: &mut HeaderMap, tokens: &Tokens) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        self.set(headers, ACCESS, &tokens.access, "/", "Lax", self.access_seconds);
        self.set(headers, REFRESH, &tokens.refresh, "/api/auth", "Strict", self.refresh_seconds);
    }

    /// `body`, and the tokens' cookies are gone.
    pub(super) fn signed_out(&self, body: impl Serialize) -> Response {
        let mut answer = Json(body).into_response();
        self.set(answer.headers_mut(), ACCESS, "", "/", "Lax", 0);
        self.set(answer.headers_mut(), REFRESH, "", "/api/auth", "Strict", 0);
        answer
    }

    fn set(&self, headers: &mut HeaderMap, name: &str, value: &str, path: &str, site: &str, seconds: u64) {
        if !self.secure {
            return self.put(headers, name, value, path, site, seconds);
        }
        let prefix = if path == "/" { HOST } else { SECURE };
        self.put(headers, &format!("{prefix}{name}"), value, path, site, seconds);
        // the name it had before, which is read as long as it is there
        self.put(headers, name, "", path, site, 0);
    }

    fn put(&self, headers: &mut HeaderMap, name: &str, value: &str, path: &str, site: &str, seconds: u64) {
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie =
            format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite={site}{secure}");
        // tokens and keys of ours are plain ASCII
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
}

/// The first cookie of that name that is not empty; one whose name has a prefix counts for more than one without.
pub(super) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let prefixed = |prefix: &str| exact(headers, &format!("{prefix}{name}"));
    prefixed(HOST).or_else(|| prefixed(SECURE)).or_else(|| exact(headers, name))
}

fn exact<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .filter_map(|one| one.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value)
}
