//! How the SFU fares, for everybody who has to know: the proxy, rooms, `status`, `/api/ready`.

use serde::{Deserialize, Serialize};

use crate::livekit::{NodeAddress, Ports};

/// One moment of the SFU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Not answering yet.
    Starting,
    /// It answers.
    Ready {
        /// Another number for every start; rooms have to be opened anew after each.
        generation: u64,
        /// Process id; none when it is somebody else's.
        pid: Option<u32>,
        /// Since when, Unix milliseconds.
        since_ms: i64,
    },
    /// It ended or does not answer. Ours is started again by itself.
    Failed {
        /// What happened and what to do.
        sentence: String,
        /// What it wrote last, oldest first.
        last_lines: Vec<String>,
    },
    /// Stopped because somebody asked.
    Stopped,
}

/// Everything `status` shows of the SFU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// This moment.
    #[serde(flatten)]
    pub state: State,
    /// Where it listens; none when it is somebody else's, or not known yet.
    pub ports: Option<Ports>,
    /// The address told to clients, and how it was found.
    pub node: Option<NodeAddress>,
    /// Starts again after a failure, since its supervisor runs.
    pub restarts: u64,
}

impl Status {
    /// Before anything is known.
    pub(crate) fn starting() -> Self {
        Self { state: State::Starting, ports: None, node: None, restarts: 0 }
    }

    /// The number of this start, when it answers.
    pub fn generation(&self) -> Option<u64> {
        match self.state {
            State::Ready { generation, .. } => Some(generation),
            _ => None,
        }
    }
}
