//! The one error type: what went wrong, a stable code for programs, a sentence for people. Doors map the kind.

use std::{borrow::Cow, fmt};

/// What sort of failure it is. Both doors map it to a status in one place each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request itself is wrong (400).
    Invalid,
    /// Nobody knows who asks (401); clients refresh their token once and repeat.
    Unauthorized,
    /// Known, and not allowed (403).
    Forbidden,
    /// No such thing (404).
    NotFound,
    /// The thing is there, and this is not what can be done with it (405).
    WrongMethod {
        /// The methods that it takes, as in the header `Allow`.
        takes: &'static str,
    },
    /// It collides with what is there (409).
    Conflict,
    /// It was there and is closed (410).
    Gone,
    /// More bytes than the route takes (413).
    TooLarge,
    /// Asked too often; try again after so many seconds (429).
    TooMany {
        /// Seconds until a next try makes sense.
        retry_after_seconds: u64,
    },
    /// A part we need is away; the same request may work later (503).
    Unavailable,
    /// Our own fault (500); the details are in the log, not in the answer.
    Internal,
}

/// A failure with everything both doors need. `code` never changes once released.
#[derive(Debug)]
pub struct Error {
    /// Decides the status.
    pub kind: Kind,
    /// Stable snake_case name for programs.
    pub code: &'static str,
    /// What happened and what to do, for a person.
    pub sentence: Cow<'static, str>,
    /// Further members of the JSON answer that old clients read, such as `requiresVerification`.
    pub extra: Option<serde_json::Map<String, serde_json::Value>>,
    /// The cause, for the log only.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Shorthand used by the whole daemon.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A failure of `kind`; prefer the word-constructors below.
    pub fn new(kind: Kind, code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, code, sentence: sentence.into(), extra: None, source: None }
    }
    /// 400: the request is wrong; the sentence says how to make it right.
    pub fn invalid(code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Invalid, code, sentence)
    }
    /// 401: sign in (again).
    pub fn unauthorized(code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Unauthorized, code, sentence)
    }
    /// 403: known and refused.
    pub fn forbidden(code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Forbidden, code, sentence)
    }
    /// 404: `what` is a word from the glossary, such as `room`.
    pub fn not_found(what: &'static str) -> Self {
        Self::new(Kind::NotFound, "not_found", format!("There is no such {what}."))
    }
    /// 405: `takes` are the methods that this path takes, with a comma between them.
    pub fn wrong_method(takes: &'static str) -> Self {
        let s = format!("This path does not take that method. It takes {takes}.");
        Self::new(Kind::WrongMethod { takes }, "method_not_allowed", s)
    }
    /// 409: it collides with what is there.
    pub fn conflict(code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Conflict, code, sentence)
    }
    /// 410: it was there and is closed.
    pub fn gone(code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Gone, code, sentence)
    }
    /// 429 with the seconds to wait.
    pub fn too_many(retry_after_seconds: u64) -> Self {
        let s = format!("Too many tries. Try again in {retry_after_seconds} seconds.");
        Self::new(Kind::TooMany { retry_after_seconds }, "too_many_requests", s)
    }
    /// 503: a part is away; the same request may work later.
    pub fn unavailable(code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Unavailable, code, sentence)
    }
    /// 500 with its cause, which is logged once at the door and never shown.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut e =
            Self::new(Kind::Internal, "internal", "Something failed on the server. Its log says what.");
        e.source = Some(source.into());
        e
    }
    /// Adds a member to the JSON answer.
    pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.extra.get_or_insert_default().insert(name.to_owned(), value.into());
        self
    }
    /// Attaches the cause for the log.
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// Fails with `not_permitted` and this sentence unless it `is` permitted.
pub fn permitted(is: bool, sentence: &'static str) -> Result<()> {
    if is { Ok(()) } else { Err(Error::forbidden("not_permitted", sentence)) }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)?;
        let mut cause = self.source.as_deref().map(|e| e as &dyn std::error::Error);
        while let Some(e) = cause {
            write!(f, ": {e}")?;
            cause = e.source();
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
