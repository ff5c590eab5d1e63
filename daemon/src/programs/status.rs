//! How a supervised program fares, for everybody who has to know.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// One moment of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Not answering yet.
    Starting,
    /// It answers.
    Ready {
        /// Another number for every start; what it kept in its memory has to be made anew after each.
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

impl State {
    /// Failed, with nothing that it wrote.
    pub fn failed(sentence: impl Into<String>) -> Self {
        Self::Failed { sentence: sentence.into(), last_lines: Vec::new() }
    }

    /// It answers from this moment on.
    pub(crate) fn ready_now(pid: Option<u32>) -> Self {
        let since_ms = chrono::Utc::now().timestamp_millis();
        let generation = u64::try_from(since_ms).unwrap_or_default();
        Self::Ready { generation, pid, since_ms }
    }
}

/// What one program tells of itself beside how it fares, such as its ports.
pub trait Tells: Clone + Default + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T: Clone + Default + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static> Tells for T {}

/// Everything that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status<T> {
    /// This moment.
    #[serde(flatten)]
    pub state: State,
    /// Starts again after a failure, since its supervisor runs.
    pub restarts: u64,
    /// What only this program has.
    #[serde(flatten)]
    pub own: T,
}

impl<T: Tells> Status<T> {
    /// Before anything is known but this.
    pub fn starting(own: T) -> Self {
        Self { state: State::Starting, restarts: 0, own }
    }

    /// The number of this start, when it answers.
    pub fn generation(&self) -> Option<u64> {
        match self.state {
            State::Ready { generation, .. } => Some(generation),
            _ => None,
        }
    }
}
