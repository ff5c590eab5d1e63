//! A program that this process supervises: begun with one description, asked to start again or to stop.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::{
    claim::Claim,
    program::{Program, Working},
    record::Keeper,
    status::{Status, Tells},
    supervisor::{Command, Supervisor},
};
use crate::error::{Error, Result};

/// It is kept running as long as this lives.
pub struct Kept {
    commands: mpsc::Sender<Command>,
    _claim: Claim,
}

/// Asks for a new start, and keeps nothing running by itself.
pub struct Asker(mpsc::WeakSender<Command>);

impl Kept {
    /// Begins; how it fares is said to `status` and written down for other processes.
    pub fn start<W: Working, T: Tells>(
        claim: Claim,
        keeper: Keeper,
        program: Program,
        works: W,
        status: watch::Sender<Status<T>>,
    ) -> Self {
        debug_assert_eq!(claim.name, program.name, "a program runs under its own claim");
        let (commands, asked) = mpsc::channel(4);
        let supervisor = Supervisor { keeper, program, works, record: claim.record.clone(), status };
        tokio::spawn(supervisor.run(asked));
        Self { commands, _claim: claim }
    }

    /// Returns when it was asked, not when it is ready.
    pub async fn restart(&self) -> Result<()> {
        self.commands.send(Command::Restart).await.map_err(Error::internal)
    }

    /// Stops it, giving `grace` to end what it does, and waits for that.
    pub async fn stop(&self, grace: Duration) {
        let (told, stopped) = oneshot::channel();
        if self.commands.send(Command::Stop(grace, told)).await.is_ok() {
            // an error means that the supervisor is gone, and its child with it
            stopped.await.ok();
        }
    }

    /// For whoever may find that it has to start again.
    pub fn asker(&self) -> Asker {
        Asker(self.commands.downgrade())
    }
}

impl Asker {
    /// True as long as anybody keeps it running.
    pub fn is_kept(&self) -> bool {
        self.0.upgrade().is_some()
    }

    /// False where nobody keeps it running any more.
    pub async fn restart(&self) -> bool {
        match self.0.upgrade() {
            Some(commands) => commands.send(Command::Restart).await.is_ok(),
            None => false,
        }
    }
}
