//! Where clients find the SFU: where its operator says, else beside the page, under the name by which they found that.

use std::{convert::Infallible, sync::Arc};

use axum::extract::FromRequestParts;
use http::{header, request::Parts, uri::Authority};

use super::Context;

/// How the URL is made.
#[derive(Clone)]
pub enum SfuUrl {
    /// This one, whoever asks.
    Named(String),
    /// Nobody named this server. It has addresses, and names that it does not know; another of them than the one in the
    /// browser's address bar may not be reachable from there, and is not the one whose certificate its person has agreed to.
    AsAsked {
        /// For who does not say how they found it, and at the time they ask: addresses change.
        otherwise: Arc<dyn Fn() -> String + Send + Sync>,
    },
}

impl SfuUrl {
    /// For who came by no name.
    pub(super) fn usual(&self) -> String {
        match self {
            Self::Named(url) => url.clone(),
            Self::AsAsked { otherwise } => otherwise(),
        }
    }

    fn of(&self, parts: &Parts) -> String {
        let asked = || {
            let named = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
            let authority = match (parts.uri.authority(), named) {
                (Some(authority), _) => authority.clone(),
                (None, Some(named)) => named.parse::<Authority>().ok()?,
                (None, None) => return None,
            };
            // a name and a password before the host would be passed on to the SFU
            let is_plain = !authority.as_str().contains('@') && !authority.host().is_empty();
            is_plain.then(|| format!("wss://{authority}/livekit"))
        };
        match self {
            Self::Named(url) => url.clone(),
            Self::AsAsked { .. } => asked().unwrap_or_else(|| self.usual()),
        }
    }
}

/// The URL for whoever sent this request.
pub struct AskedSfuUrl(pub String);

impl FromRequestParts<Context> for AskedSfuUrl {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Infallible> {
        Ok(Self(context.sfu_url.of(parts)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_found_the_page_finds_the_sfu_in_the_same_place() {
        let nameless = SfuUrl::AsAsked { otherwise: Arc::new(|| "wss://192.0.2.1/livekit".to_owned()) };
        let asked = |url: &SfuUrl, uri: &str, host: Option<&str>| {
            let request = http::Request::builder().uri(uri);
            let request = host.into_iter().fold(request, |request, host| request.header("host", host));
            url.of(&request.body(()).expect("a request").into_parts().0)
        };
        for (uri, host, meant) in [
            ("/api/room/join", Some("10.8.0.1"), "wss://10.8.0.1/livekit"),
            ("/api/room/join", Some("meet.lan:8443"), "wss://meet.lan:8443/livekit"),
            ("/api/room/join", Some("[2001:db8::1]"), "wss://[2001:db8::1]/livekit"),
            // HTTP/2 has it in the URI
            ("https://meet.lan/api/room/join", None, "wss://meet.lan/livekit"),
            ("/api/room/join", None, "wss://192.0.2.1/livekit"),
            ("/api/room/join", Some("me:secret@meet.lan"), "wss://192.0.2.1/livekit"),
            ("/api/room/join", Some("meet lan"), "wss://192.0.2.1/livekit"),
            ("/api/room/join", Some(""), "wss://192.0.2.1/livekit"),
        ] {
            assert_eq!(asked(&nameless, uri, host), meant, "{uri} {host:?}");
        }
        let named = SfuUrl::Named("wss://sfu.example.org".to_owned());
        assert_eq!(asked(&named, "/", Some("10.8.0.1")), "wss://sfu.example.org");
    }
}
