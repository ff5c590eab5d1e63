//! An answer of the public door or of the control socket, and what a test may expect of it.
use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

/// Status, headers and body.
pub struct Answer {
    /// `POST /api/...`, for messages.
    pub request: String,
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{self} is no JSON: {error}"),
        }
    }

    /// Expects this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// Expects success (2xx) with a JSON body, as the contract promises for every success.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!((200..300).contains(&self.status), "{self}");
        self.json();
        self
    }

    /// Expects a failure after the contract: this status, this stable code, and a sentence.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{self}");
        self.sentence();
        self
    }

    /// The stable code of a failure.
    #[track_caller]
    pub fn code(&self) -> String {
        self.text("code")
    }

    /// The sentence of a failure.
    #[track_caller]
    pub fn sentence(&self) -> String {
        let sentence = self.text("error");
        assert!(sentence.len() > 10 && sentence.contains(' '), "no sentence in {self}");
        sentence
    }

    /// A string member; `tokens/accessToken` goes deeper.
    #[track_caller]
    pub fn text(&self, path: &str) -> String {
        match self.json().pointer(&format!("/{path}")) {
            Some(Value::String(text)) => text.clone(),
            other => panic!("{path} is {other:?} in {self}"),
        }
    }

    /// A header as text; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(f, "{} -> {} {}", self.request, self.status, body.chars().take(2000).collect::<String>())
    }
}
