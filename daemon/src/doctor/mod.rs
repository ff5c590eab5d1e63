//! What may be wrong with this server or its machine, found by looking: each finding with an id, what was seen, and the command that
//! mends it. Silent where nothing is wrong. Changes nothing.

mod host;
mod names;
mod server;
mod sfu;

use std::path::PathBuf;

use crate::{livekit::Sfu, store::Store, tls::Tls};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something will fail, or fails for some.
    Warning,
    /// Something fails.
    Error,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// One of [`CHECKS`].
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What was seen.
    pub evidence: String,
    /// The command that mends it, or what to do.
    pub remedy: String,
}

/// Everything that is looked for.
pub const CHECKS: [&str; 30] = [
    "sfu.down",
    "sfu.silent",
    "sfu.flapping",
    "sfu.supervisor",
    "sfu.address",
    "turn.silent",
    "database.down",
    "database.disk",
    "database.integrity",
    "effects.stuck",
    "mail.stuck",
    "webhooks.stuck",
    "backup.old",
    "setup.pending",
    "certificate.ending",
    "certificate.renewal",
    "certificate.untrusted",
    "dns.missing",
    "dns.elsewhere",
    "dns.private",
    "disk.space",
    "disk.inodes",
    "memory.low",
    "sysctl.rmem",
    "sysctl.wmem",
    "limits.files",
    "state.open",
    "secrets.open",
    "socket.closed",
    "log.verbose",
];

/// What is looked at.
#[derive(Clone)]
pub struct Doctor {
    /// The database.
    pub store: Store,
    /// The SFU.
    pub sfu: Sfu,
    /// The certificate; none where this server ends no TLS.
    pub tls: Option<Tls>,
    /// The public host name.
    pub domain: Option<String>,
    /// State directory.
    pub state: PathBuf,
    /// The control socket.
    pub socket: PathBuf,
    /// Whether much more is logged than a server needs.
    pub is_verbose: bool,
    /// Whether nobody administers this server yet.
    pub is_setup_required: bool,
}

impl Doctor {
    /// Looks for all of it, the graver findings first.
    pub async fn look(self) -> Vec<Finding> {
        let (of_sfu, of_server, of_names) =
            tokio::join!(sfu::look(&self), server::look(&self), names::look(&self));
        let mut found = of_sfu;
        found.extend(of_server);
        found.extend(of_names);
        found.extend(host::look(&self));
        found.sort_by_key(|finding| finding.severity == Severity::Warning);
        found
    }
}

fn warning(id: &'static str, evidence: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding { id, severity: Severity::Warning, evidence: evidence.into(), remedy: remedy.into() }
}

fn error(id: &'static str, evidence: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding { severity: Severity::Error, ..warning(id, evidence, remedy) }
}
