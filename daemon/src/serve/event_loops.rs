//! Event loops: one thread for each core, and a connection stays with the one it was given to. In a runtime of many workers
//! whoever wakes for a message wakes another worker first, to wait in its place: a third of a message's way through us.

use std::{
    io,
    sync::Arc,
    thread::{self, available_parallelism},
};

use tokio::runtime::{Builder, Handle};
use tokio_util::sync::{CancellationToken, DropGuard};

/// All of them. They end, with whatever still runs on them, when this is dropped.
pub struct EventLoops {
    loops: Vec<EventLoop>,
    _end: DropGuard,
}

struct EventLoop {
    runtime: Handle,
    /// As many as there are connections here.
    places: Arc<()>,
}

/// A connection's place on a loop; dropping it makes room.
pub(super) type Place = Arc<()>;

impl EventLoops {
    /// Starts them.
    pub(super) fn start() -> io::Result<Self> {
        let end = CancellationToken::new();
        let count = available_parallelism().map_or(1, usize::from);
        let loops =
            (0..count).map(|number| EventLoop::start(number, end.clone())).collect::<io::Result<_>>()?;
        Ok(Self { loops, _end: end.drop_guard() })
    }

    /// The one with the fewest connections; browsers have several of different kinds, so taking turns would sort them.
    pub(super) fn idlest(&self) -> Option<(&Handle, Place)> {
        let idlest = self.loops.iter().min_by_key(|one| Arc::strong_count(&one.places))?;
        Some((&idlest.runtime, idlest.places.clone()))
    }

    /// Comes back once each of them has done something, which shows that it is alive.
    pub async fn turn(&self) {
        for one in &self.loops {
            // an error would be a loop that has ended, which none does before the server
            let _ = one.runtime.spawn(async {}).await;
        }
    }
}

impl EventLoop {
    fn start(number: usize, end: CancellationToken) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        thread::Builder::new()
            .name(format!("serve-{number}"))
            .spawn(move || runtime.block_on(end.cancelled_owned()))?;
        Ok(Self { runtime: handle, places: Arc::default() })
    }
}
