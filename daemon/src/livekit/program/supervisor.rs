//! Keeps a program running: start, wait until it answers, watch, start again. Every end nobody asked for is a failure.

use std::{path::PathBuf, time::Duration};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, sleep, timeout},
};

use super::{
    child::Child,
    process::Process,
    record::{self, Keeper, Record},
    supervised::{Program, Working},
};
use crate::livekit::{State, Status};

/// How long a start may take until it counts as failed.
const START: Duration = Duration::from_secs(15);
/// The SFU is asked this often whether it still answers, and so many silences in a row are a failure.
const PULSE: Duration = Duration::from_secs(5);
const SILENCES: u32 = 4;
/// After so long without a failure the next one is a first one again.
const CALM: Duration = Duration::from_secs(60);
/// Pauses before a new start; the first comes at once, because people are in a call.
const PAUSES_MS: [u64; 8] = [0, 250, 500, 1000, 2000, 5000, 10_000, 30_000];

/// What the supervisor can be asked.
pub(crate) enum Command {
    /// Kill it and start it again; clients come back by themselves.
    Restart,
    /// Stop it, waiting so long for people to leave; then say so.
    Stop(Duration, oneshot::Sender<()>),
}

/// What is kept running, by whom, and where that is written down.
pub(crate) struct Plan {
    pub(crate) keeper: Keeper,
    pub(crate) program: Program,
    pub(crate) record: PathBuf,
}

pub(crate) struct Supervisor<W> {
    plan: Plan,
    works: W,
    /// Everything but the state is said by whoever made it.
    status: watch::Sender<Status>,
    commands: mpsc::Receiver<Command>,
}

/// Why a life ended.
enum End {
    Failed(String, Vec<String>),
    Restart,
    Stop(Duration, Option<oneshot::Sender<()>>),
}

impl<W: Working> Supervisor<W> {
    pub(crate) fn new(
        plan: Plan,
        works: W,
        status: watch::Sender<Status>,
        commands: mpsc::Receiver<Command>,
    ) -> Self {
        Self { plan, works, status, commands }
    }

    /// Runs until it is asked to stop, or until nobody can ask any more.
    pub(crate) async fn run(mut self) {
        let mut failures = 0_usize;
        loop {
            let begun = Instant::now();
            let told = match self.life().await {
                End::Stop(_, told) => {
                    self.publish(State::Stopped, None).await;
                    return tell(told);
                }
                End::Restart => continue,
                End::Failed(sentence, last_lines) => {
                    tracing::error!(last_lines = last_lines.join("\n"), "{sentence}");
                    State::Failed { sentence, last_lines }
                }
            };
            if begun.elapsed() > CALM {
                failures = 0;
            }
            self.publish(told, None).await;
            self.status.send_modify(|s| s.restarts = s.restarts.saturating_add(1));
            let pause = PAUSES_MS.get(failures).or(PAUSES_MS.last()).copied().unwrap_or_default();
            failures = failures.saturating_add(1);
            if let Some(told) = self.paused(Duration::from_millis(pause)).await {
                self.publish(State::Stopped, None).await;
                return tell(Some(told));
            }
        }
    }

    /// Waits before the next start; `Some` when a stop came meanwhile.
    async fn paused(&mut self, pause: Duration) -> Option<oneshot::Sender<()>> {
        tokio::select! {
            () = sleep(pause) => None,
            command = self.commands.recv() => match command {
                Some(Command::Restart) => None,
                Some(Command::Stop(_, told)) => Some(told),
                None => Some(oneshot::channel().0),
            },
        }
    }

    async fn life(&mut self) -> End {
        let Program { title, key, path, .. } = &self.plan.program;
        let title = *title;
        let mut child = match Child::start(&self.plan.program) {
            Ok(child) => child,
            Err(e) => {
                let s = format!("{} cannot be started: {e}. Check {key}.", path.display());
                return End::Failed(s, Vec::new());
            }
        };
        let pid = child.pid();
        self.publish(State::Starting, Some(pid)).await;
        let end = match self.started(&mut child).await {
            Ok(()) => {
                let since_ms = chrono::Utc::now().timestamp_millis();
                let generation = u64::try_from(since_ms).unwrap_or_default();
                self.publish(State::Ready { generation, pid: Some(pid), since_ms }, Some(pid)).await;
                tracing::info!(pid, "{title} is ready");
                self.watched(&mut child).await
            }
            Err(end) => end,
        };
        match &end {
            End::Stop(grace, _) => child.stop(*grace).await,
            End::Restart | End::Failed(..) => child.kill().await,
        }
        end
    }

    /// Waits for the first answer and the first call.
    async fn started(&mut self, child: &mut Child) -> Result<(), End> {
        let (title, works, commands) = self.parts();
        if unless_it_ends(title, child, commands, timeout(START, works.answers())).await?.is_err() {
            return Err(failed(child, &format!("{title} did not answer in {} s.", START.as_secs())));
        }
        child.answers();
        if unless_it_ends(title, child, commands, timeout(START, works.serves())).await?.is_err() {
            return Err(failed(child, &format!("{title} answers but does no work. {}", W::CHECK)));
        }
        Ok(())
    }

    /// Waits for its end or a command, and asks now and then whether it still answers.
    async fn watched(&mut self, child: &mut Child) -> End {
        let (title, works, commands) = self.parts();
        let pulse = async {
            let mut silences = 0;
            while silences < SILENCES {
                sleep(PULSE).await;
                match timeout(PULSE, works.answers()).await {
                    Ok(()) => silences = 0,
                    Err(_) => silences += 1,
                }
            }
        };
        match unless_it_ends(title, child, commands, pulse).await {
            Ok(()) => failed(child, &format!("{title} stopped answering and is started again.")),
            Err(end) => end,
        }
    }

    fn parts(&mut self) -> (&'static str, &W, &mut mpsc::Receiver<Command>) {
        (self.plan.program.title, &self.works, &mut self.commands)
    }

    /// Tells everybody in this program, then other programs.
    async fn publish(&self, state: State, pid: Option<u32>) {
        self.status.send_modify(|s| s.state = state);
        let Some(supervisor) = Process::own() else { return };
        let status = self.status.borrow().clone();
        let record = Record { keeper: self.plan.keeper, supervisor, sfu: pid.and_then(Process::of), status };
        if let Err(e) = record::write(&self.plan.record, &record).await {
            tracing::warn!("{} cannot be written: {e}", self.plan.record.display());
        }
    }
}

async fn unless_it_ends<T>(
    title: &str,
    child: &mut Child,
    commands: &mut mpsc::Receiver<Command>,
    work: impl Future<Output = T>,
) -> Result<T, End> {
    tokio::select! {
        done = work => Ok(done),
        how = child.ended() => {
            let s = format!("{title} ended by itself ({how}) and is started again. Its last lines say why.");
            Err(failed(child, &s))
        }
        command = commands.recv() => Err(match command {
            Some(Command::Restart) => {
                tracing::warn!("{title} is restarted because somebody asked");
                End::Restart
            }
            Some(Command::Stop(grace, told)) => End::Stop(grace, Some(told)),
            None => End::Stop(Duration::ZERO, None),
        }),
    }
}

/// Whoever asked may have gone meanwhile.
fn tell(told: Option<oneshot::Sender<()>>) {
    told.map(|t| t.send(()));
}

fn failed(child: &Child, sentence: &str) -> End {
    End::Failed(sentence.to_owned(), child.last_lines())
}
