//! The operator's own pair of files (`tls.certFile`, `tls.keyFile`): read, never written, and read again when they change.

use std::{os::unix::fs::MetadataExt, path::Path, time::Duration};

use chrono::Utc;
use tokio::time::sleep;

use super::{Certificate, certificate, course::Course, pem, served::Served};
use crate::{
    config::{Problems, Tls as Section},
    error::{Error, Result},
};

/// Between two looks. Two calls of stat(2) cost nothing, and see renames and links as certbot exchanges them.
const LOOK: Duration = Duration::from_secs(2);
/// Two files are not exchanged at once; whoever does it needs a moment.
const SETTLE: Duration = Duration::from_millis(500);

/// Reads the pair; whatever is wrong with either file is told. `domain` is the name that people use.
pub(super) fn load(section: &Section, domain: Option<&str>, problems: &mut Problems) -> Option<Certificate> {
    // the configuration has said already that one is missing
    let (chain_file, key_file) = (section.cert_file.as_deref()?, section.key_file.as_deref()?);
    examined(read(chain_file), read(key_file), domain)
        .map_err(|found| {
            for (part, e) in found {
                problems.add(e.code, part.key(), e.to_string());
            }
        })
        .ok()
}

/// Which of the two files.
#[derive(Clone, Copy)]
enum Part {
    Chain,
    Key,
}

impl Part {
    fn key(self) -> &'static str {
        match self {
            Self::Chain => "tls.certFile",
            Self::Key => "tls.keyFile",
        }
    }
}

/// The pair from its bytes where it could be served now, or everything that is in the way.
fn examined(
    chain: Result<Vec<u8>>,
    key: Result<Vec<u8>>,
    domain: Option<&str>,
) -> Result<Certificate, Vec<(Part, Error)>> {
    let mut found = Vec::new();
    let (mut whole, mut has_key) = (None, None);
    match chain.and_then(|bytes| Ok((pem::chain(&bytes)?, bytes))) {
        Err(e) => found.push((Part::Chain, e)),
        Ok((certificates, bytes)) => {
            let checks = certificate::facts_of(&certificates).map(|facts| {
                let purpose = certificates.first().map(|first| facts.check_purpose(first, domain));
                [Some(facts.check_dates(Utc::now())), purpose]
            });
            match checks {
                Err(e) => found.push((Part::Chain, e)),
                Ok(checks) => {
                    let wrong = checks.into_iter().flatten().filter_map(Result::err);
                    found.extend(wrong.map(|e| (Part::Chain, e)));
                    whole = Some(bytes);
                }
            }
        }
    }
    match key.and_then(|bytes| pem::key(&bytes).map(|_| bytes)) {
        Err(e) => found.push((Part::Key, e)),
        Ok(bytes) => has_key = Some(bytes),
    }
    if let (Some(chain), Some(key)) = (whole, has_key) {
        match Certificate::from_pem(&chain, &key) {
            Ok(certificate) if found.is_empty() => return Ok(certificate),
            Ok(_) => {}
            // what the wrong certificate says of itself is nobody's affair
            Err(e) if e.code == "certificate_order" => found = vec![(Part::Chain, e)],
            Err(e) => found.push((if e.code.starts_with("key") { Part::Key } else { Part::Chain }, e)),
        }
    }
    Err(found)
}

/// Serves what the files hold whenever they change or somebody asks, for ever. A pair that cannot be served changes
/// nothing.
pub(super) async fn follow(section: &Section, domain: Option<&str>, served: &Served, course: &Course) {
    let (Some(chain_file), Some(key_file)) = (&section.cert_file, &section.key_file) else { return };
    let mut seen = (state(chain_file).await, state(key_file).await);
    loop {
        course.until(Utc::now() + LOOK).await;
        if course.is_wanted() {
            course.begin();
        } else if (state(chain_file).await, state(key_file).await) == seen {
            continue;
        } else {
            course.begin();
            sleep(SETTLE).await;
        }
        // before reading: a change while we read is seen in the next round
        seen = (state(chain_file).await, state(key_file).await);
        let (chain, key, domain) = (chain_file.clone(), key_file.clone(), domain.map(str::to_owned));
        let checked = move || {
            let pair = examined(read(&chain), read(&key), domain.as_deref());
            // one is enough for a log; `bedrud check-config` tells all
            pair.map_err(|found| {
                found.into_iter().next().map_or_else(|| Error::internal("no pair"), |(_, e)| e)
            })
        };
        let read = tokio::task::spawn_blocking(checked).await;
        let failure = match read.map_err(Error::internal).flatten() {
            Ok(certificate) => {
                tracing::info!(until = %certificate.facts.not_after, "serving the new certificate from {}", chain_file.display());
                served.exchange(certificate);
                None
            }
            Err(e) => {
                tracing::error!(
                    code = e.code,
                    "The changed certificate files are not used and the old certificate stays: {e}"
                );
                Some(e)
            }
        };
        course.end(failure.as_ref(), None);
    }
}

/// What changes when a file does: its inode, its date, its length; nothing where it is not there.
async fn state(file: &Path) -> Option<(u64, i64, i64, u64)> {
    let found = tokio::fs::metadata(file).await.ok()?;
    Some((found.ino(), found.mtime(), found.mtime_nsec(), found.len()))
}

fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(|e| {
        let s = format!(
            "{} cannot be read. Check the path, and that the daemon's user may read it",
            file.display()
        );
        Error::unavailable("file_unreadable", s).caused_by(e)
    })
}
