//! The configuration: one YAML file, overridden by `BEDRUD_<SECTION>_<KEY>`, checked as a whole before anything
//! binds. Sections are named as modules. Nobody else reads the file or the environment.

mod check;
mod derived;
mod host;
mod load;
mod mail;
mod paths;
mod providers;
mod reload;
mod secret;
mod sections;
mod tls;
mod view;

pub use load::{Giver, Problem, Problems, load, parse, read};
pub use mail::{Mail, MailSecurity};
pub use paths::{Paths, usable};
pub use providers::{Provider, ProviderKind};
pub use reload::{Difference, differences};
pub use sections::*;
pub use tls::{Tls, TlsMode};
pub use view::{Shown, View};

use serde::{Deserialize, Serialize};

/// Everything that the file may say. Unknown keys are problems.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Config {
    /// Listener, public name, proxies in front, general limits.
    pub server: Server,
    /// How the listener speaks TLS.
    pub tls: Tls,
    /// Where accounts and rooms are kept.
    pub database: Database,
    /// The SFU.
    pub livekit: Livekit,
    /// Lifetimes of tokens.
    pub auth: Auth,
    /// Who carries our mail.
    pub mail: Mail,
    /// Other web origins that may call the API.
    pub cors: Cors,
    /// Tries per window and client address.
    pub rate_limit: RateLimit,
    /// What webhooks may reach.
    pub webhooks: Webhooks,
    /// Figures for Prometheus.
    pub metrics: Metrics,
    /// What is logged, and how.
    pub log: Log,
}
