//! How this server shows who it is: one certificate, from files or made here, exchanged without a connection noticing.
//! Hands `serve` a TLS configuration and knows no sockets.

mod certificate; // a chain with its key, checked
mod challenges; // what port 80 answers an ACME server
mod files; // the operator's own pair
mod self_signed; // made here
mod served; // the one that is served now
mod trust; // does the world believe it

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rustls::{ServerConfig, crypto::aws_lc_rs, server::NoServerSessionStorage};

pub use certificate::Certificate;
pub use challenges::Challenges;

use crate::{
    config::{Problems, Tls as Section, TlsMode},
    error::{Error, Result},
};
use served::Served;
use trust::Roots;

/// What clients may agree on (RFC 7301): HTTP for browsers; the others (RFC 7443) let TURN clients through that ask.
const PROTOCOLS: [&[u8]; 4] = [b"h2", b"http/1.1", b"stun.turn", b"stun.nat-discovery"];

const DAY: Duration = Duration::from_secs(86_400);

/// The running TLS of this server. Cheap to clone.
#[derive(Clone)]
pub struct Tls(Arc<Inner>);

struct Inner {
    section: Section,
    names: Vec<String>,
    state: PathBuf,
    served: Arc<Served>,
    settings: Arc<ServerConfig>,
    challenges: Challenges,
}

impl Tls {
    /// Opens the configured mode; `names` are the host names and addresses people use, `state` is where certificates
    /// are kept that are not the operator's. Reads and writes files. `None` in mode `off`, and where `problems` says why.
    pub fn open(section: &Section, names: &[String], state: &Path, problems: &mut Problems) -> Option<Self> {
        let certificate = match section.mode {
            TlsMode::Off => return None,
            TlsMode::SelfSigned => self_signed::keep(state, names)
                .map_err(|e| problems.add(e.code, "tls.mode", e.to_string()))
                .ok()?,
            TlsMode::Files => files::load(section, problems)?,
        };
        let served = Arc::new(Served::new(certificate, Roots::of_this_machine(), names));
        match settings(served.clone()) {
            Ok(settings) => {
                let challenges = Challenges::default();
                let (section, names, state) = (section.clone(), names.to_vec(), state.to_owned());
                Some(Self(Arc::new(Inner { section, names, state, served, settings, challenges })))
            }
            Err(e) => {
                problems.add(e.code, "tls.mode", e.to_string());
                None
            }
        }
    }

    /// Keeps the certificate current until it is dropped.
    pub async fn keep(self) {
        match self.0.section.mode {
            TlsMode::Off => {}
            TlsMode::Files => files::follow(&self.0.section, &self.0.served).await,
            TlsMode::SelfSigned => loop {
                tokio::time::sleep(DAY).await;
                let this = self.clone();
                let kept =
                    tokio::task::spawn_blocking(move || self_signed::keep(&this.0.state, &this.0.names))
                        .await;
                match kept.map_err(Error::internal).flatten() {
                    Ok(certificate) => self.0.served.exchange(certificate),
                    Err(e) => tracing::error!(code = e.code, "the old certificate stays: {e}"),
                }
            },
        }
    }

    /// Where the certificate comes from.
    pub fn mode(&self) -> TlsMode {
        self.0.section.mode
    }

    /// What a listener needs; always serves the newest certificate.
    pub fn settings(&self) -> Arc<ServerConfig> {
        self.0.settings.clone()
    }

    /// The certificate that new connections see.
    pub fn certificate(&self) -> Arc<Certificate> {
        self.0.served.certificate()
    }

    /// True where the certificate is one that browsers believe without being told to.
    pub fn is_public(&self) -> bool {
        self.0.served.is_public()
    }

    /// What port 80 answers an ACME server.
    pub fn challenges(&self) -> &Challenges {
        &self.0.challenges
    }
}

/// TLS 1.2 and 1.3 as rustls speaks them, which has no CBC suites; sessions are resumed by tickets, whose keys rotate.
fn settings(served: Arc<Served>) -> Result<Arc<ServerConfig>> {
    let mut settings = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .with_no_client_auth()
        .with_cert_resolver(served);
    settings.alpn_protocols = PROTOCOLS.iter().map(|name| name.to_vec()).collect();
    settings.ticketer = aws_lc_rs::Ticketer::new().map_err(Error::internal)?;
    // tickets carry the state; a store beside them would only hold memory
    settings.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(Arc::new(settings))
}
