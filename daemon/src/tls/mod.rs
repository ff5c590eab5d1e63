//! How this server shows who it is: one certificate, from files or made here, exchanged without a connection noticing.
//! Hands `serve` a TLS configuration and knows no sockets.

mod acme; // from an authority, by itself
mod certificate; // a chain with its key, checked
mod challenges; // what port 80 answers an ACME server
mod course; // how keeping it goes
mod files; // the operator's own pair
mod outside; // what people and authorities find where the name leads
mod pem; // what is in a file
mod self_signed; // made here
mod served; // the one that is served now
mod trust; // does the world believe it

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use arc_swap::ArcSwap;
use chrono::{TimeDelta, Utc};
use futures_util::future::BoxFuture;
use rustls::{ServerConfig, crypto::aws_lc_rs, server::NoServerSessionStorage};
use tokio::sync::watch;

pub use certificate::{Certificate, Facts};
pub use challenges::Challenges;
pub use course::Progress;
pub use outside::Obstacle;

use crate::{
    config::{Problems, Tls as Section, TlsMode},
    error::{Error, Result},
};
use acme::Acme;
use course::Course;
use served::Served;
use trust::Roots;

/// What clients may agree on (RFC 7301): HTTP for browsers; the others (RFC 7443) let TURN clients through that ask.
const PROTOCOLS: [&[u8]; 4] = [b"h2", b"http/1.1", b"stun.turn", b"stun.nat-discovery"];

/// After a certificate could not be made here.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// How long somebody waits for two files to be read.
const READING: std::time::Duration = std::time::Duration::from_secs(5);

/// What an ACME server agrees on to look for the answer to a challenge (RFC 8737, 6.2).
const ACME_PROTOCOL: &[u8] = b"acme-tls/1";

/// The running TLS of this server. Cheap to clone.
#[derive(Clone)]
pub struct Tls(Arc<Inner>);

struct Inner {
    source: Source,
    section: Section,
    names: ArcSwap<Vec<String>>,
    state: PathBuf,
    served: Arc<Served>,
    settings: Arc<ServerConfig>,
    challenges: Challenges,
    course: Course,
}

/// Where the certificate comes from.
enum Source {
    Acme(Acme),
    Files(Section, Option<String>),
    SelfSigned,
}

/// Asks whether this daemon may order now: another one of the same database may be at it.
pub type Turn = Box<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

impl Tls {
    /// Opens the configured mode; `names` are the host names and addresses people use, `domain` is the public one, `state`
    /// is where certificates are kept that are not the operator's. Reads and writes files. `None` in mode `off`, and
    /// where `problems` says why.
    pub fn open(
        section: &Section,
        domain: Option<&str>,
        names: &[String],
        state: &Path,
        problems: &mut Problems,
    ) -> Option<Self> {
        let mut made_here = || {
            self_signed::keep(state, names).map_err(|e| problems.add(e.code, "tls.mode", e.to_string())).ok()
        };
        let (source, certificate) = match section.mode {
            TlsMode::Off => return None,
            TlsMode::SelfSigned => (Source::SelfSigned, made_here()?),
            TlsMode::Files => {
                let source = Source::Files(section.clone(), domain.map(str::to_owned));
                (source, files::load(section, domain, problems)?)
            }
            TlsMode::Acme => {
                let made = made_here()?;
                // the configuration has said already that the name is missing
                let acme = Acme::open(section, domain?, state, problems)?;
                let certificate = acme.certificate().unwrap_or(made);
                (Source::Acme(acme), certificate)
            }
        };
        let challenges = Challenges::default();
        let served = Arc::new(Served::new(certificate, Roots::of_this_machine(), names, challenges.clone()));
        match settings(served.clone(), &source) {
            Ok(settings) => {
                let (names, state, course) =
                    (ArcSwap::from_pointee(names.to_vec()), state.to_owned(), Course::new());
                let section = section.clone();
                let inner = Inner { source, section, names, state, served, settings, challenges, course };
                Some(Self(Arc::new(inner)))
            }
            Err(e) => {
                problems.add(e.code, "tls.mode", e.to_string());
                None
            }
        }
    }

    /// What [`Tls::open`] would find wrong with the operator's own files. Writes nothing.
    pub fn check(section: &Section, domain: Option<&str>, problems: &mut Problems) {
        match section.mode {
            TlsMode::Files => drop(files::load(section, domain, problems)),
            TlsMode::Acme => acme::check(section, problems),
            TlsMode::SelfSigned | TlsMode::Off => {}
        }
    }

    /// Keeps the certificate current until it is dropped; it is ordered when it is this daemon's `turn`.
    pub async fn keep(self, turn: Turn) {
        let Inner { served, challenges, course, .. } = &*self.0;
        match &self.0.source {
            Source::Acme(acme) => acme.keep(served, challenges, course, &turn).await,
            Source::Files(section, domain) => {
                files::follow(section, domain.as_deref(), served, course).await;
            }
            Source::SelfSigned => self.keep_made_here().await,
        }
    }

    /// Makes another one before the end of the one that is there.
    async fn keep_made_here(&self) {
        let Inner { served, course, .. } = &*self.0;
        let mut earliest = Utc::now();
        loop {
            let due = self_signed::due(&served.certificate()).max(earliest);
            course.resume(course.progress().last_error, Some(due));
            course.until(due).await;
            course.begin();
            let this = self.clone();
            let make = move || self_signed::renew(&this.0.state, &this.0.names.load());
            let made = tokio::task::spawn_blocking(make).await.map_err(Error::internal).flatten();
            let failure = made.map(|certificate| served.exchange(certificate)).err();
            if let Some(e) = &failure {
                tracing::error!(code = e.code, "the old certificate stays: {e}");
                earliest = Utc::now() + AGAIN;
            }
            course.end(failure.as_ref(), None);
        }
    }

    /// Where the certificate is made here: has another made when it is not for the first of `names`, the one that people are
    /// told. The others alone are not worth an exchange, which takes from browsers what their people have agreed to.
    pub fn stand_for(&self, names: &[String]) {
        let is_for_first =
            || names.first().is_none_or(|first| self.certificate().is_for(std::slice::from_ref(first)));
        if matches!(self.0.source, Source::SelfSigned) && !is_for_first() {
            tracing::info!(?names, "this machine is called otherwise now: another certificate is made");
            self.0.names.store(Arc::new(names.to_vec()));
            self.0.course.ask();
        }
    }

    /// Has the certificate renewed now, or read again; returns at once.
    pub fn renew(&self) {
        self.0.course.ask();
    }

    /// Mode `files`: reads them again, and returns when what they hold is served or refused.
    pub async fn read_again(&self) {
        if let Source::Files(..) = self.0.source {
            self.0.course.ask();
            if tokio::time::timeout(READING, self.0.course.settled()).await.is_err() {
                tracing::warn!("the certificate files take long to read");
            }
        }
    }

    /// How keeping the certificate goes.
    pub fn progress(&self) -> Progress {
        self.0.course.progress()
    }

    /// Where the certificate comes from, as in `tls.mode`.
    pub fn mode(&self) -> &'static str {
        match &self.0.source {
            Source::Acme(_) => "acme",
            Source::Files(..) => "files",
            Source::SelfSigned => "self-signed",
        }
    }

    /// Mode `acme`: the authority's directory.
    pub fn authority(&self) -> Option<&str> {
        match &self.0.source {
            Source::Acme(acme) => Some(acme.directory()),
            _ => None,
        }
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

    /// Changes whenever another certificate is served.
    pub fn exchanges(&self) -> watch::Receiver<u64> {
        self.0.served.exchanges()
    }

    /// What port 80 answers an ACME server.
    pub fn challenges(&self) -> &Challenges {
        &self.0.challenges
    }
}

/// TLS 1.2 and 1.3 as rustls speaks them, which has no CBC suites; sessions are resumed by tickets, whose keys rotate.
fn settings(served: Arc<Served>, source: &Source) -> Result<Arc<ServerConfig>> {
    let mut settings = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .with_no_client_auth()
        .with_cert_resolver(served);
    settings.alpn_protocols = PROTOCOLS.iter().map(|name| name.to_vec()).collect();
    if let Source::Acme(_) = source {
        settings.alpn_protocols.push(ACME_PROTOCOL.to_vec());
    }
    settings.ticketer = aws_lc_rs::Ticketer::new().map_err(Error::internal)?;
    // tickets carry the state; a store beside them would only hold memory
    settings.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(Arc::new(settings))
}
