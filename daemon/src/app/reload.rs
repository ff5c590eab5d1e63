//! SIGHUP: the file is read again. What can change while it runs does, what cannot is named in the log, and a file
//! that is wrong changes nothing.

use std::path::PathBuf;

use crate::{
    config::{self, Config, View},
    telemetry::Level,
};

/// The configuration as it runs.
pub struct Reload {
    file: Option<PathBuf>,
    running: Config,
    view: View,
    level: Level,
}

impl Reload {
    /// `running` was read from `file`; `level` is the lever of the log.
    pub fn new(file: Option<PathBuf>, running: Config, level: Level) -> Self {
        let view = View::new(file.clone(), running.clone());
        Self { file, running, view, level }
    }

    /// The configuration that runs.
    pub fn running(&self) -> &Config {
        &self.running
    }

    /// The same for whoever wants to see it; it follows.
    pub fn view(&self) -> View {
        self.view.clone()
    }

    /// Reads the file again and takes over what takes effect at once; `None` where the file is refused, which the log
    /// says line by line.
    pub fn again(&mut self) -> Option<&Config> {
        let new = match config::load(self.file.as_deref()) {
            Ok(new) => new,
            Err(problems) => {
                for problem in problems.0 {
                    let (key, code) = (problem.key, problem.code);
                    let sentence = problem.sentence;
                    tracing::error!(key, code, "the configuration stays as it was: {key}: {sentence}");
                }
                return None;
            }
        };
        let found = config::differences(&self.running, &new);
        for key in found.iter().filter(|one| !one.is_live).map(|one| &one.key) {
            tracing::warn!(key, "{key} has another value in the configuration: restart to apply it");
        }
        self.level.set(new.log.level);
        self.running.log.level = new.log.level;
        self.running.rate_limit = new.rate_limit;
        self.running.mail = new.mail;
        self.view.change(&self.running);
        // after the level: whoever asked for more of the log sees it
        let live: Vec<_> = found.into_iter().filter(|one| one.is_live).map(|one| one.key).collect();
        tracing::info!(changed = live.join(" "), "the configuration was read again");
        Some(&self.running)
    }
}
