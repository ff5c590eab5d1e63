//! The operator's own pair of files (`tls.certFile`, `tls.keyFile`): read, never written, and read again when they change.

use std::{os::unix::fs::MetadataExt, path::Path, time::Duration};

use chrono::Utc;
use tokio::time::sleep;

use super::{Certificate, course::Course, served::Served};
use crate::{
    config::{Problems, Tls as Section},
    error::{Error, Result},
};

/// Between two looks. Two calls of stat(2) cost nothing, and see renames and links as certbot exchanges them.
const LOOK: Duration = Duration::from_secs(2);
/// Two files are not exchanged at once; whoever does it needs a moment.
const SETTLE: Duration = Duration::from_millis(500);

/// Reads the pair at the start; whatever is wrong with either file is told.
pub(super) fn load(section: &Section, problems: &mut Problems) -> Option<Certificate> {
    // the configuration has said already that one is missing
    let (chain_file, key_file) = (section.cert_file.as_deref()?, section.key_file.as_deref()?);
    let mut note = |key: &str, e: Error| problems.add(e.code, key, e.to_string());
    let chain = read(chain_file).map_err(|e| note("tls.certFile", e)).ok();
    let key = read(key_file).map_err(|e| note("tls.keyFile", e)).ok();
    let checked = checked(&chain?, &key?);
    checked.map_err(|e| note(if e.code.starts_with("key") { "tls.keyFile" } else { "tls.certFile" }, e)).ok()
}

/// Serves what the files hold whenever they change or somebody asks, for ever. A pair that cannot be served changes
/// nothing.
pub(super) async fn follow(section: &Section, served: &Served, course: &Course) {
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
        let (chain, key) = (chain_file.clone(), key_file.clone());
        let read = tokio::task::spawn_blocking(move || checked(&read(&chain)?, &read(&key)?)).await;
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

/// The pair from its bytes, where it could be served now.
fn checked(chain: &[u8], key: &[u8]) -> Result<Certificate> {
    let certificate = Certificate::from_pem(chain, key)?;
    certificate.check_dates(Utc::now())?;
    Ok(certificate)
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
