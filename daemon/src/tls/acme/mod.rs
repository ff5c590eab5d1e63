//! A certificate from an ACME server (RFC 8555) for the configured names and no others: ordered when there is none, renewed
//! long before its end, kept over restarts. Whatever fails, the certificate that is there serves on.

mod account; // where the authority wants it bound
mod due; // when
mod failure; // why not
mod kept; // in the state directory
mod order; // how

use std::{path::Path, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use rustls::ClientConfig;
use rustls_acme::acme::Account;
use tokio::{task::spawn_blocking, time::timeout};

use super::{Certificate, Challenges, Turn, course::Course, served::Served};
use crate::{
    believe,
    config::{Problems, Tls as Section},
    error::{Error, Result},
};
use account::Binding;
use failure::Failure;
use kept::{Kept, Tries};
use order::{Order, Proof};

/// For one order. Authorities look from several places and take their time.
const PATIENCE: Duration = Duration::from_secs(180);

/// How often it is asked whether another daemon is done with its order.
const OTHERS: Duration = Duration::from_secs(15);

/// What is wrong with the files that orders need. Writes nothing.
pub(super) fn check(section: &Section, problems: &mut Problems) {
    if let Err(e) = trusting(section.acme_root_file.as_deref()) {
        problems.add(e.code, "tls.acmeRootFile", e.to_string());
    }
    if let Err(e) = bound(section) {
        problems.add(e.code, "tls.eabKeyFile", e.to_string());
    }
}

/// The account of theirs, where one is configured; that half of it is missing was said already.
fn bound(section: &Section) -> Result<Option<Binding>> {
    match (&section.eab_key_id, &section.eab_key_file) {
        (Some(id), Some(file)) => Binding::read(id, file).map(Some),
        _ => Ok(None),
    }
}

/// Orders certificates. Cheap to clone.
#[derive(Clone)]
pub(super) struct Acme {
    client: Arc<ClientConfig>,
    directory: String,
    contact: Vec<String>,
    binding: Option<Binding>,
    names: Vec<String>,
    kept: Kept,
}

impl Acme {
    /// Reads files. `None` where `problems` says why.
    pub(super) fn open(
        section: &Section,
        domain: &str,
        state: &Path,
        problems: &mut Problems,
    ) -> Option<Self> {
        let client = trusting(section.acme_root_file.as_deref())
            .map_err(|e| problems.add(e.code, "tls.acmeRootFile", e.to_string()))
            .ok()?;
        let binding =
            bound(section).map_err(|e| problems.add(e.code, "tls.eabKeyFile", e.to_string())).ok()?;
        let names = vec![domain.to_owned()];
        let directory = section.acme_directory.clone();
        let kept = Kept::new(state, &directory, section.eab_key_id.as_deref(), &names);
        let contact = section.email.iter().map(|address| format!("mailto:{address}")).collect();
        Some(Self { client, directory, contact, binding, names, kept })
    }

    /// The certificate of an earlier order. Also one that has ended: there is none better, and it says whose it is.
    pub(super) fn certificate(&self) -> Option<Certificate> {
        self.kept.certificate().filter(|found| found.is_for(&self.names))
    }

    /// Where it orders.
    pub(super) fn directory(&self) -> &str {
        &self.directory
    }

    /// Orders whenever it is time or somebody asks, for ever.
    pub(super) async fn keep(&self, served: &Served, challenges: &Challenges, course: &Course, turn: &Turn) {
        let (mut tries, has_one) = self.read().await;
        let mut due = match tries.next {
            Some(next) => next.min(Utc::now() + due::LONGEST),
            None if has_one => due::renewal(&served.certificate().facts, rand::random()),
            None => Utc::now(),
        };
        if !has_one {
            tracing::warn!(names = ?self.names, "a self-signed certificate serves until the first one is here");
        }
        if let Some(error) = &tries.error {
            tracing::warn!(failures = tries.failures, next = %due, "no new certificate so far: {error}");
        }
        course.resume(tries.error.clone(), Some(due));
        let mut proof = Proof::TlsAlpn;
        loop {
            course.until(due).await;
            while !turn().await {
                tokio::time::sleep(OTHERS).await;
            }
            course.begin();
            tracing::info!(names = ?self.names, directory = self.directory, "ordering a certificate");
            let result = self.order(&mut proof, challenges).await;
            challenges.clear();
            let (next, error);
            (tries, next, error) = match result {
                Ok(pem) => self.arrived(pem, served).await,
                Err(failure) => failed(tries.failures, failure),
            };
            due = next;
            course.end(error.as_ref(), Some(due));
            self.write(tries.clone()).await;
        }
    }

    /// Orders once; where the proof is not found, once more by the other kind.
    async fn order(&self, proof: &mut Proof, challenges: &Challenges) -> Result<String, Failure> {
        let first = match self.run(*proof, challenges).await {
            Err(failure) if failure.is_unproven => failure,
            done => return done,
        };
        let other = proof.other();
        tracing::warn!("{}; trying {}", first.sentence, other.name());
        match self.run(other, challenges).await {
            Ok(pem) => {
                *proof = other;
                Ok(pem)
            }
            Err(second) => Err(first.then(second)),
        }
    }

    async fn run(&self, proof: Proof, challenges: &Challenges) -> Result<String, Failure> {
        let kept = self.kept.clone();
        let key = spawn_blocking(move || kept.account(Account::generate_key_pair)).await;
        let key = key.map_err(Error::internal).flatten().map_err(|e| Failure::own(&e))?;
        let order = Order {
            client: &self.client,
            directory: &self.directory,
            contact: &self.contact,
            binding: self.binding.as_ref(),
            key: &key,
            names: &self.names,
            proof,
            challenges,
        };
        let late = |_| Failure::away(format!("The authority was not done within {PATIENCE:?}"));
        timeout(PATIENCE, order.run()).await.map_err(late)?
    }

    /// Serves a new certificate, and keeps it.
    async fn arrived(&self, pem: String, served: &Served) -> (Tries, DateTime<Utc>, Option<Error>) {
        let certificate = match Certificate::from_pem(pem.as_bytes(), pem.as_bytes()) {
            Ok(certificate) if certificate.is_for(&self.names) => certificate,
            Ok(_) => {
                return failed(0, Failure::refused(None, "The authority sent a certificate for other names"));
            }
            Err(e) => return failed(0, Failure::own(&e)),
        };
        let facts = certificate.facts.clone();
        let due = due::renewal(&facts, rand::random());
        let dates = certificate.check_dates(Utc::now()).err();
        served.exchange(certificate);
        tracing::info!(names = ?facts.names, issuer = facts.issuer, until = %facts.not_after, renewal = %due,
            "serving a new certificate");
        let kept = self.kept.clone();
        let kept =
            spawn_blocking(move || kept.put_certificate(&pem)).await.map_err(Error::internal).flatten();
        let error = kept.err().or(dates);
        if let Some(e) = &error {
            tracing::error!(code = e.code, "something is wrong with the new certificate: {e}");
        }
        (Tries::default(), due, error)
    }

    /// How the last tries ended, and whether there is a certificate.
    async fn read(&self) -> (Tries, bool) {
        let this = self.clone();
        let read = spawn_blocking(move || (this.kept.tries(), this.certificate().is_some())).await;
        read.unwrap_or_default()
    }

    async fn write(&self, tries: Tries) {
        let kept = self.kept.clone();
        let written = spawn_blocking(move || kept.put_tries(&tries)).await.map_err(Error::internal).flatten();
        if let Err(e) = written {
            tracing::error!(code = e.code, "{e}");
        }
    }
}

/// What follows from one more failure.
fn failed(failures: u32, failure: Failure) -> (Tries, DateTime<Utc>, Option<Error>) {
    let failures = failures.saturating_add(1);
    let due = Utc::now() + due::retry(failures, failure.is_away, rand::random());
    tracing::error!(failures, next = %due, "no new certificate, the old one stays: {}", failure.sentence);
    let tries = Tries { failures, next: Some(due), error: Some(failure.sentence.clone()) };
    (tries, due, Some(Error::unavailable("certificate_refused", failure.sentence)))
}

/// Believes the authorities of this machine, and those in `file`.
pub(super) fn trusting(file: Option<&Path>) -> Result<Arc<ClientConfig>> {
    let roots = believe::authorities_and(file).map_err(|e| {
        let file = file.unwrap_or(Path::new("")).display();
        let s = format!("{file} cannot be read. Give the authorities to trust as PEM");
        Error::invalid("root_unreadable", s).caused_by(e)
    })?;
    Ok(Arc::new(believe::trusting(roots).map_err(Error::internal)?))
}
