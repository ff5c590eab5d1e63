//! Why an order failed: what the authority says of it, and whether it was the authority at all.

use rustls_acme::acme::{AcmeError, Problem};
use serde::Deserialize;

use crate::error::Error;

/// As often is a request sent whose nonce was refused (RFC 8555, 6.5).
pub(super) const NONCES: u32 = 4;

/// Why an order failed.
#[derive(Debug)]
pub(super) struct Failure {
    /// For the operator.
    pub(super) sentence: String,
    /// True where the authority could not be reached, so that nothing was counted against us.
    pub(super) is_away: bool,
    /// True where it looked for the proof and did not find it; another kind of proof may do.
    pub(super) is_unproven: bool,
}

/// What an authority answers to a request that it refuses (RFC 7807).
#[derive(Default, Deserialize)]
pub(super) struct Refusal {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    detail: String,
}

impl Refusal {
    /// The same request with another nonce may do.
    pub(super) fn is_about_the_nonce(&self) -> bool {
        self.kind.ends_with(":badNonce")
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let kind = refusal.kind.rsplit(':').next().unwrap_or_default();
        let cure = match kind {
            "externalAccountRequired" => {
                ". Get a key from the authority and give it in tls.eabKeyId and tls.eabKeyFile"
            }
            _ => "",
        };
        let sentence = format!("The authority refused ({kind}): {}{cure}", refusal.detail);
        Self { sentence, is_away: false, is_unproven: false }
    }
}

impl Failure {
    /// The authority said no; `what` is what came of it.
    pub(super) fn refused(problem: Option<Problem>, what: &str) -> Self {
        let detail = problem.and_then(|problem| problem.detail);
        let sentence = detail.map_or_else(|| what.to_owned(), |detail| format!("{what}: {detail}"));
        Self { sentence, is_away: false, is_unproven: false }
    }

    /// The authority does not answer.
    pub(super) fn away(sentence: String) -> Self {
        Self { sentence, is_away: true, is_unproven: false }
    }

    /// It was us.
    pub(super) fn own(error: &Error) -> Self {
        Self { sentence: error.to_string(), is_away: true, is_unproven: false }
    }

    /// Both failed, one after the other.
    pub(super) fn then(self, second: Self) -> Self {
        Self { sentence: format!("{}; {}", self.sentence, second.sentence), ..second }
    }

    /// It was about the proof.
    pub(super) fn unproven(mut self) -> Self {
        self.is_unproven = true;
        self
    }
}

impl From<AcmeError> for Failure {
    fn from(error: AcmeError) -> Self {
        if let Some(refusal) = refusal(&error) {
            return refusal.into();
        }
        match error {
            AcmeError::Io(_) | AcmeError::HttpRequest(_) => {
                Self::away(format!("The authority cannot be asked: {error}"))
            }
            AcmeError::NoTlsAlpn01Challenge | AcmeError::NoHttp01Challenge => {
                let sentence = format!("The authority does not look that way: {error}");
                Self { sentence, is_away: false, is_unproven: true }
            }
            error => Self { sentence: error.to_string(), is_away: false, is_unproven: false },
        }
    }
}

/// Does `step`, and does it again with another nonce where the authority asks for that.
pub(super) async fn again<T, F>(step: impl Fn() -> F) -> Result<T, Failure>
where
    F: Future<Output = Result<T, AcmeError>>,
{
    for _ in 1..NONCES {
        match step().await {
            Err(e) if refusal(&e).is_some_and(|refusal| refusal.is_about_the_nonce()) => {}
            done => return Ok(done?),
        }
    }
    Ok(step().await?)
}

/// The library gives the body of a refusal away only inside its sentence, written as Rust writes a string.
fn refusal(error: &AcmeError) -> Option<Refusal> {
    let AcmeError::HttpRequest(inner) = error else { return None };
    let text = inner.to_string();
    let body: String = serde_json::from_str(text.get(text.find('"')?..)?).ok()?;
    serde_json::from_str(&body).ok()
}
