//! Logs: native journald fields under systemd, text on a terminal, JSON elsewhere; and the newest lines for operators.

mod layer;
mod line;
mod recent;
mod spool;
mod tail;

pub use line::{Line, Wanted};
pub use recent::Recent;

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer, Registry, filter::Targets, layer::SubscriberExt, reload, util::SubscriberInitExt,
};

use crate::config::{Log, LogFormat, LogLevel};

/// The running log.
pub struct Logs {
    /// The newest lines.
    pub recent: Recent,
    /// How much is logged.
    pub level: Level,
}

/// The logs of the two programs that may run side by side, below the state directory.
const DAEMON: &str = "daemon";
const SUPERVISOR: &str = "supervisor";

impl Recent {
    /// Goes on with the log of the daemon before, and takes in that of a supervisor beside it. Only once the state directory is
    /// this process's own.
    pub fn go_on(&self, state: &Path) {
        self.keep_at(state, DAEMON);
        tokio::spawn(tail::follow(self.clone(), directory(state), SUPERVISOR));
    }

    /// The same for the supervisor.
    pub fn go_on_beside(&self, state: &Path) {
        self.keep_at(state, SUPERVISOR);
    }

    fn keep_at(&self, state: &Path, name: &str) {
        let directory = directory(state);
        if let Err(e) = self.keep_in(&directory, name) {
            tracing::warn!(
                "the log is not kept in {}: {e}. Give the directory to the daemon's user.",
                directory.display()
            );
        }
    }
}

fn directory(state: &Path) -> PathBuf {
    state.join("log")
}

/// The lever of a running log. Cheap to clone.
#[derive(Clone)]
pub struct Level(reload::Handle<Targets, Registry>);

impl Level {
    /// Logs so much from now on.
    pub fn set(&self, level: LogLevel) {
        // fails only without a log, and then there is nothing to set
        let _ = self.0.reload(filter(level));
    }
}

/// Libraries stay quiet below warnings, or our own debug lines drown.
fn filter(level: LogLevel) -> Targets {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    Targets::new().with_default(LevelFilter::WARN).with_target("bedrud", level).with_target("sfu", level)
}

/// Starts logging for the whole process; once.
pub fn start(log: &Log) -> Logs {
    let to_terminal = std::io::stderr().is_terminal();
    let format = log.format.unwrap_or_else(|| {
        if std::env::var_os("JOURNAL_STREAM").is_some() {
            LogFormat::Journald
        } else if to_terminal {
            LogFormat::Text
        } else {
            LogFormat::Json
        }
    });
    let text = || tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(to_terminal);
    let output = match format {
        LogFormat::Journald => match tracing_journald::layer() {
            Ok(journal) => journal.with_field_prefix(Some("BEDRUD".to_owned())).boxed(),
            Err(_) => text().json().flatten_event(true).boxed(),
        },
        LogFormat::Json => text().json().flatten_event(true).boxed(),
        LogFormat::Text => text().boxed(),
    };
    let recent = Recent::default();
    let (filter, level) = reload::Layer::new(filter(log.level));
    tracing_subscriber::registry().with(filter).with(output).with(layer::Keep(recent.clone())).init();
    Logs { recent, level: Level(level) }
}
