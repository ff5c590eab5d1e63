//! One life of a program: starts it with nothing of our environment, reads its pipes, and stops it step by step.

use std::{
    process::{ExitStatus, Stdio},
    time::Duration,
};

use nix::sys::{prctl, signal::Signal};
use tokio::{
    process::Command,
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};

use super::{
    output::{self, LastLines},
    process,
    program::Program,
};

/// LiveKit swallows a SIGTERM sooner after the first answer (measured: up to about 100 ms).
const DEAF: Duration = Duration::from_millis(150);
/// How long the last lines may take.
const DRAIN: Duration = Duration::from_millis(50);
/// After the second signal it closes within 5 s.
const FORCED: Duration = Duration::from_secs(6);

/// It runs. Dropping this kills the process.
pub(super) struct Child {
    title: &'static str,
    process: tokio::process::Child,
    pid: u32,
    last: LastLines,
    pipes: JoinSet<()>,
    answered: Option<Instant>,
}

impl Child {
    /// Starts `program` in a process group of its own: a Ctrl-C at our terminal is not meant for it.
    pub(super) fn start(program: &Program) -> std::io::Result<Self> {
        let mut command = Command::new(&program.path);
        command
            .args(&program.arguments)
            .env_clear() // every key of LiveKit's file is a variable too, and LIVEKIT_CONFIG would beat the file
            .envs(program.environment.iter().copied())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut process = with_huge_pages(|| command.spawn())?;
        let pid = process.id().unwrap_or_default();
        let last = LastLines::default();
        let mut pipes = JoinSet::new();
        if let Some(pipe) = process.stdout.take() {
            pipes.spawn(output::follow(pipe, program.log, last.clone()));
        }
        if let Some(pipe) = process.stderr.take() {
            pipes.spawn(output::follow(pipe, program.log, last.clone()));
        }
        Ok(Self { title: program.title, process, pid, last, pipes, answered: None })
    }

    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    pub(super) fn last_lines(&self) -> Vec<String> {
        self.last.all()
    }

    /// Notes the moment of the first answer, before which it hears no SIGTERM.
    pub(super) fn answers(&mut self) {
        self.answered = Some(Instant::now());
    }

    /// Waits for its end. Cancel safe.
    pub(super) async fn ended(&mut self) -> String {
        let how = described(self.process.wait().await);
        self.last_words().await;
        how
    }

    /// The pipes close with the process, and their last lines say why. A moment is enough: people are waiting.
    async fn last_words(&mut self) {
        let read = async { while self.pipes.join_next().await.is_some() {} };
        timeout(DRAIN, read).await.ok();
    }

    /// SIGKILL: clients come back by themselves, which they do not after a SIGTERM (measured).
    pub(super) async fn kill(mut self) {
        if let Err(e) = self.process.kill().await {
            tracing::warn!("{} could not be killed: {e}", self.title);
        }
    }

    /// SIGTERM, a second one after `grace` (the first waits for everybody to leave), then SIGKILL.
    pub(super) async fn stop(mut self, grace: Duration) {
        let Some(answered) = self.answered else { return self.kill().await };
        sleep_until(answered + DEAF).await;
        for patience in [grace, FORCED] {
            process::send(self.pid, Signal::SIGTERM);
            if let Ok(end) = timeout(patience, self.process.wait()).await {
                self.last_words().await;
                return tracing::info!("{} has stopped ({})", self.title, described(end));
            }
        }
        tracing::warn!("{} did not stop in time and is killed", self.title);
        self.kill().await;
    }
}

/// A child inherits that this program goes without huge pages (prctl(2), PR_SET_THP_DISABLE). The SFU shall not: they make
/// its many packets cheaper.
fn with_huge_pages<T>(start: impl FnOnce() -> T) -> T {
    let without = prctl::get_thp_disable().unwrap_or(false);
    if without {
        // where the kernel refuses, both go without
        let _ = prctl::set_thp_disable(false);
    }
    let started = start();
    if without {
        let _ = prctl::set_thp_disable(true);
    }
    started
}

fn described(end: std::io::Result<ExitStatus>) -> String {
    match end {
        Ok(status) => status.to_string(), // `exit status: 0`, `signal: 9 (SIGKILL)`
        Err(e) => format!("its end was not told: {e}"),
    }
}
