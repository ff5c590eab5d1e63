//! One call: signed, to an address that was checked, with a time of its own. Never follows a redirect.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use bytes::Bytes;
use http::{Request, Uri, header};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::OnceCell,
    time::{Instant, timeout},
};
use tokio_rustls::TlsConnector;
use url::{Position, Url};

use super::{Attempt, target::Rules};
use crate::{
    believe,
    error::{Error, Kind, Result},
    store::Timestamp,
};

/// No call takes longer.
const CALL: Duration = Duration::from_secs(10);
/// To one of several addresses.
const CONNECT: Duration = Duration::from_secs(4);

/// What is sent.
pub(super) struct Letter<'a> {
    pub(super) url: &'a str,
    pub(super) secret: &'a str,
    pub(super) id: &'a str,
    pub(super) event: &'a str,
    pub(super) created_at: Timestamp,
    pub(super) body: &'a str,
}

/// Calls webhooks.
pub(super) struct Caller {
    pub(super) rules: Rules,
    /// Reading the authorities of this machine takes time and memory: not before somebody is called over TLS.
    tls: OnceCell<Arc<ClientConfig>>,
}

impl Caller {
    pub(super) fn new(rules: Rules) -> Self {
        Self { rules, tls: OnceCell::new() }
    }

    /// Calls once, and says what came of it.
    pub(super) async fn call(&self, letter: &Letter<'_>) -> Attempt {
        let (at, began) = (Timestamp::now(), Instant::now());
        let late = || Err(Error::unavailable("webhook_late", "There was no answer within 10 seconds."));
        let answered = timeout(CALL, self.answer(letter)).await.unwrap_or_else(|_| late());
        let milliseconds = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let (status, error) = match answered {
            Ok(status) if (200..300).contains(&status) => (Some(status), String::new()),
            Ok(status) if (300..400).contains(&status) => (
                Some(status),
                format!("It answered {status}. Redirects are not followed: give the URL it leads to."),
            ),
            Ok(status) => (Some(status), format!("It answered {status}.")),
            Err(e) => (None, told(&e)),
        };
        Attempt { at, milliseconds, status, error }
    }

    async fn answer(&self, letter: &Letter<'_>) -> Result<i64> {
        let url = super::target::read(letter.url)?;
        let stream = reach(&self.rules.addresses(&url).await?).await?;
        if url.scheme() == "http" {
            return exchange(stream, &url, letter).await;
        }
        let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let name = ServerName::try_from(name.to_owned()).map_err(Error::internal)?;
        let tls = TlsConnector::from(self.tls.get_or_try_init(believing).await?.clone());
        let stream = tls.connect(name, stream).await.map_err(|e| {
            Error::unavailable("webhook_tls", "No TLS connection could be made.").caused_by(e)
        })?;
        exchange(stream, &url, letter).await
    }
}

/// A sentence with its cause, but nothing of our own faults.
fn told(error: &Error) -> String {
    let (sentence, whole) = (error.sentence.to_string(), error.to_string());
    match whole.strip_prefix(&sentence) {
        Some(why) if error.kind != Kind::Internal && !why.is_empty() => {
            format!("{}{why}", sentence.trim_end_matches('.'))
        }
        _ => sentence,
    }
}

async fn believing() -> Result<Arc<ClientConfig>> {
    let roots = tokio::task::spawn_blocking(believe::authorities).await.map_err(Error::internal)?;
    Ok(Arc::new(believe::trusting(roots).map_err(Error::internal)?))
}

/// The first address that takes a connection.
async fn reach(addresses: &[SocketAddr]) -> Result<TcpStream> {
    let mut why = std::io::Error::from(std::io::ErrorKind::TimedOut);
    for address in addresses {
        match timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(e)) => why = e,
            Err(_) => {}
        }
    }
    Err(Error::unavailable("webhook_unreachable", "Nobody could be connected to.").caused_by(why))
}

async fn exchange<S>(stream: S, url: &Url, letter: &Letter<'_>) -> Result<i64>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let away = |e| Error::unavailable("webhook_broke_off", "The connection broke off.").caused_by(e);
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(away)?;
    let target: Uri = url[Position::BeforePath..].parse().map_err(Error::internal)?;
    let request = Request::post(target)
        .header(header::HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, concat!("Bedrud/", env!("CARGO_PKG_VERSION")))
        .header(header::CONNECTION, "close")
        .header("X-Bedrud-Event", letter.event)
        .header("X-Bedrud-Delivery", letter.id)
        .header("X-Bedrud-Timestamp", letter.created_at.to_string())
        .header("X-Bedrud-Signature", signature(letter.secret, letter.body))
        .body(Full::new(Bytes::copy_from_slice(letter.body.as_bytes())))
        .map_err(Error::internal)?;
    // the status is all we want to know, and with the sender the connection ends
    let answered = async { sender.send_request(request).await };
    tokio::select! {
        answer = answered => Ok(i64::from(answer.map_err(away)?.status().as_u16())),
        Err(e) = connection => Err(away(e)),
    }
}

/// `sha256=` and the HMAC of the body under the secret, in hexadecimal digits.
pub(super) fn signature(secret: &str, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, body.as_bytes());
    tag.as_ref().iter().fold("sha256=".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    /// RFC 4231, test case 2.
    #[test]
    fn a_signature_is_what_the_rfc_says() {
        assert_eq!(
            super::signature("Jefe", "what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
