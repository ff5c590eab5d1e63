//! Whether this machine's clock is right: certificates are for a span of time, and it decides when one is renewed. Compared
//! with what the authority writes over its answers (RFC 9110, 6.6.1).

use std::{io, net::SocketAddr, sync::Arc};

use chrono::{DateTime, Utc};
use http::{Request, Uri, header};
use http_body_util::Empty;
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::{CertificateError, ClientConfig, pki_types::ServerName};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{Obstacle, PATIENCE};

/// Authorities date certificates back by an hour; nobody needs a clock that is a minute off.
const SECONDS_OFF: i64 = 60;

/// What is wrong with the clock, or with the way to the authority; nothing is where neither is.
pub(super) async fn obstacle(directory: &str, trust: Arc<ClientConfig>) -> Option<Obstacle> {
    let told = match timeout(PATIENCE, date(directory, trust)).await {
        Ok(told) => told,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    };
    match told {
        Ok(Some(told)) => off((Utc::now() - told).num_seconds()),
        // a server without a clock says none
        Ok(None) => None,
        Err(e) if is_of_another_time(&e) => Some(Obstacle {
            code: "clock_wrong",
            sentence: format!(
                "By the clock of this machine it is {}, and then the authority's own certificate is not valid. Have the clock \
                 kept: timedatectl set-ntp true.",
                Utc::now().format("%Y-%m-%d %H:%M")
            ),
        }),
        Err(e) => Some(Obstacle {
            code: "authority_unreachable",
            sentence: format!(
                "The authority ({directory}) cannot be reached: {e}. See to it that this machine reaches it: its name servers, \
                 and a firewall for what goes out."
            ),
        }),
    }
}

fn off(seconds: i64) -> Option<Obstacle> {
    let sentence = format!(
        "The clock of this machine is {} s {}. Have it kept: timedatectl set-ntp true.",
        seconds.abs(),
        if seconds > 0 { "ahead" } else { "behind" }
    );
    (seconds.abs() > SECONDS_OFF).then_some(Obstacle { code: "clock_wrong", sentence })
}

fn is_of_another_time(error: &io::Error) -> bool {
    let tls = error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>());
    use CertificateError::{Expired, ExpiredContext, NotValidYet, NotValidYetContext};
    matches!(
        tls,
        Some(rustls::Error::InvalidCertificate(
            Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. }
        ))
    )
}

async fn date(directory: &str, trust: Arc<ClientConfig>) -> io::Result<Option<DateTime<Utc>>> {
    let wrong = || io::Error::from(io::ErrorKind::InvalidInput);
    let url: Uri = directory.parse().map_err(|_| wrong())?;
    let host = url.host().ok_or_else(wrong)?;
    let bare = host.trim_matches(['[', ']']).to_owned();
    let found: Vec<SocketAddr> = lookup_host((bare.as_str(), url.port_u16().unwrap_or(443))).await?.collect();
    let tcp = TcpStream::connect(found.as_slice()).await?;
    let name = ServerName::try_from(bare).map_err(|_| wrong())?;
    let stream = TlsConnector::from(trust).connect(name, tcp).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    tokio::spawn(connection);
    let path = url.path_and_query().map_or("/", |path| path.as_str());
    let request = Request::get(path).header(header::HOST, host).header(header::USER_AGENT, "bedrud");
    let request = request.body(Empty::<Bytes>::new()).map_err(io::Error::other)?;
    let answer = sender.send_request(request).await.map_err(io::Error::other)?;
    let date = answer.headers().get(header::DATE).and_then(|date| date.to_str().ok());
    Ok(date.and_then(|text| DateTime::parse_from_rfc2822(text).ok()).map(|date| date.to_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_wrong_from_a_minute_on() {
        assert!(off(59).is_none() && off(-59).is_none());
        let ahead = off(7200).expect("two hours");
        assert!(ahead.sentence.contains("7200 s ahead"), "{}", ahead.sentence);
        assert!(off(-7200).expect("two hours").sentence.contains("behind"));
    }
}
