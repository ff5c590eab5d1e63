//! Keeps a program running: start, wait until it answers, watch, start again. Every end nobody asked for is a failure.

use std::{path::PathBuf, time::Duration};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, sleep, timeout},
};

use super::{
    child::Child,
    process::Process,
    program::{Program, Working},
    record::{self, Keeper, Record, Who},
    status::{State, Status, Tells},
};

/// How long a start may take until it counts as failed.
const START: Duration = Duration::from_secs(15);
/// It is asked this often whether it still answers, and so many silences in a row are a failure.
const PULSE: Duration = Duration::from_secs(5);
const SILENCES: u32 = 4;
/// After so long without a failure the next one is a first one again.
const CALM: Duration = Duration::from_secs(60);
/// Pauses before a new start; the first comes at once, because people are in a call.
const PAUSES_MS: [u64; 8] = [0, 250, 500, 1000, 2000, 5000, 10_000, 30_000];

/// What the supervisor can be asked.
pub(super) enum Command {
    /// Kill it and start it again; clients come back by themselves.
    Restart,
    /// Stop it, waiting so long for people to leave; then say so.
    Stop(Duration, oneshot::Sender<()>),
}

/// What is kept running, by whom, and where it says how that goes.
pub(super) struct Supervisor<W, T> {
    pub(super) keeper: Keeper,
    pub(super) program: Program,
    pub(super) works: W,
    /// The file for other processes.
    pub(super) record: PathBuf,
    /// What only this program tells is said by whoever made it.
    pub(super) status: watch::Sender<Status<T>>,
}

/// Why a life ended.
enum End {
    Failed(String, Vec<String>),
    Restart,
    Stop(Duration, Option<oneshot::Sender<()>>),
}

impl<W: Working, T: Tells> Supervisor<W, T> {
    /// Runs until it is asked to stop, or until nobody can ask any more.
    pub(super) async fn run(self, mut commands: mpsc::Receiver<Command>) {
        let mut failures = 0_usize;
        loop {
            let begun = Instant::now();
            let told = match self.life(&mut commands).await {
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
            if let Some(told) = paused(Duration::from_millis(pause), &mut commands).await {
                self.publish(State::Stopped, None).await;
                return tell(Some(told));
            }
        }
    }

    async fn life(&self, commands: &mut mpsc::Receiver<Command>) -> End {
        let Program { title, key, path, .. } = &self.program;
        let mut child = match Child::start(&self.program) {
            Ok(child) => child,
            Err(e) => {
                let s = format!("{} cannot be started: {e}. Check {key}.", path.display());
                return End::Failed(s, Vec::new());
            }
        };
        let pid = child.pid();
        self.publish(State::Starting, Some(pid)).await;
        let end = match self.started(&mut child, commands).await {
            Ok(()) => {
                self.publish(State::ready_now(Some(pid)), Some(pid)).await;
                tracing::info!(pid, "{title} is ready");
                self.watched(&mut child, commands).await
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
    async fn started(&self, child: &mut Child, commands: &mut mpsc::Receiver<Command>) -> Result<(), End> {
        let (title, works) = (self.program.title, &self.works);
        if unless_it_ends(title, child, commands, timeout(START, works.answers())).await?.is_err() {
            return Err(failed(child, &format!("{title} did not answer in {} s.", START.as_secs())));
        }
        child.answers();
        if unless_it_ends(title, child, commands, timeout(START, works.serves())).await?.is_err() {
            return Err(failed(child, &format!("{title} answers but does no work. {}", self.program.advice)));
        }
        Ok(())
    }

    /// Waits for its end or a command, and asks now and then whether it still answers.
    async fn watched(&self, child: &mut Child, commands: &mut mpsc::Receiver<Command>) -> End {
        let (title, works) = (self.program.title, &self.works);
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

    /// Tells everybody in this process, then other processes.
    async fn publish(&self, state: State, pid: Option<u32>) {
        self.status.send_modify(|s| s.state = state);
        let Some(supervisor) = Process::own() else { return };
        let status = self.status.borrow().clone();
        let who = Who { keeper: self.keeper, supervisor, program: pid.and_then(Process::of) };
        if let Err(e) = record::write(&self.record, &Record { who, status }).await {
            tracing::warn!("{} cannot be written: {e}", self.record.display());
        }
    }
}

/// Waits before the next start; `Some` when a stop came meanwhile.
async fn paused(pause: Duration, commands: &mut mpsc::Receiver<Command>) -> Option<oneshot::Sender<()>> {
    tokio::select! {
        () = sleep(pause) => None,
        command = commands.recv() => match command {
            Some(Command::Restart) => None,
            Some(Command::Stop(_, told)) => Some(told),
            None => Some(oneshot::channel().0),
        },
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
