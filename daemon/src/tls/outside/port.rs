//! Who answers on a port: this server, another program, or nobody.

use std::{
    io::{Error, ErrorKind},
    net::SocketAddr,
    sync::Arc,
};

use http::{Request, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

use super::PATIENCE;
use crate::{
    believe::{self, Nameless},
    tls::{Certificate, Challenges},
};

/// More than a key authorization has (RFC 8555, 8.1).
const ANSWER_BYTES: usize = 4096;

/// What was found.
pub(super) enum Answer {
    Ours,
    Another,
    Nobody(Error),
}

impl Answer {
    pub(super) fn is_ours(&self) -> bool {
        matches!(self, Self::Ours)
    }
}

/// Shakes hands as somebody who asks for `domain`.
pub(super) async fn https(address: SocketAddr, domain: &str, own: &Certificate) -> Answer {
    let tcp = match connect(address).await {
        Ok(tcp) => tcp,
        Err(e) => return Answer::Nobody(e),
    };
    let (Some(own), Ok(name)) = (own.key.cert.first(), ServerName::try_from(domain.to_owned())) else {
        return Answer::Another;
    };
    // a handshake that succeeds is one with ourselves, whatever the name
    let Ok(builder) = believe::tls() else { return Answer::Another };
    let only = Nameless::only(own.clone());
    let settings = builder.dangerous().with_custom_certificate_verifier(only).with_no_client_auth();
    match timeout(PATIENCE, TlsConnector::from(Arc::new(settings)).connect(name, tcp)).await {
        Ok(Ok(_)) => Answer::Ours,
        _ => Answer::Another,
    }
}

/// Asks for something that only this server knows, as an authority would.
pub(super) async fn http(address: SocketAddr, domain: &str, challenges: &Challenges) -> Answer {
    let [token, secret] = [(); 2].map(|()| format!("look-{:032x}", rand::random::<u128>()));
    challenges.set(token.clone(), secret.clone());
    let heard = timeout(PATIENCE, fetch(address, domain, &token)).await;
    challenges.remove(&token);
    match heard {
        Ok(Ok(heard)) if heard == secret => Answer::Ours,
        Ok(Ok(_)) => Answer::Another,
        Ok(Err(e)) => Answer::Nobody(e),
        Err(_) => Answer::Nobody(ErrorKind::TimedOut.into()),
    }
}

async fn connect(address: SocketAddr) -> Result<TcpStream, Error> {
    timeout(PATIENCE, TcpStream::connect(address)).await.map_err(|_| Error::from(ErrorKind::TimedOut))?
}

async fn fetch(address: SocketAddr, domain: &str, token: &str) -> Result<Bytes, Error> {
    let tcp = connect(address).await?;
    let asked = async {
        let (mut sender, connection) = http1::handshake(TokioIo::new(tcp)).await.ok()?;
        tokio::spawn(connection);
        let request =
            Request::get(format!("/.well-known/acme-challenge/{token}")).header(header::HOST, domain);
        let answer = sender.send_request(request.body(Empty::<Bytes>::new()).ok()?).await.ok()?;
        Some(Limited::new(answer.into_body(), ANSWER_BYTES).collect().await.ok()?.to_bytes())
    };
    // whoever takes a connection and speaks no HTTP is another program
    Ok(asked.await.unwrap_or_default())
}
