//! Logs: native journald fields under systemd, text on a terminal, JSON elsewhere; and the newest lines in memory for operators.

mod layer;
mod recent;

pub use recent::{Line, Recent, Wanted};

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{Log, LogFormat, LogLevel};

/// Starts logging for the whole process; once. The answer gives the newest lines back.
pub fn start(log: &Log) -> Recent {
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
    let level = match log.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    // libraries stay quiet below warnings, or our own debug lines drown
    let filter =
        Targets::new().with_default(LevelFilter::WARN).with_target("bedrud", level).with_target("sfu", level);
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
    tracing_subscriber::registry().with(filter).with(output).with(layer::Keep(recent.clone())).init();
    recent
}
