//! What a verb ends with: an exit code, and for failures a stable code, a sentence and a hint.

use std::io;

/// Exit codes, as in the man page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It is done.
    Done = 0,
    /// It failed.
    Failed = 1,
    /// The command line is wrong, or lacks a `--yes`.
    Usage = 2,
    /// The daemon does not answer.
    Unreachable = 3,
    /// No such thing.
    NotFound = 4,
    /// The caller's groups do not reach so far.
    NotPermitted = 5,
    /// It collides with what is there, or the name is ambiguous.
    Conflict = 6,
    /// A dry run that would have changed something.
    WouldChange = 7,
    /// Something is wrong with the server or its machine.
    Degraded = 8,
    /// No answer in time.
    TimedOut = 9,
}

/// Why a verb could not do it.
#[derive(Debug)]
pub struct Failure {
    /// What the shell is told.
    pub exit: Exit,
    /// Stable name for programs.
    pub code: String,
    /// What happened, for a person.
    pub message: String,
    /// What to do about it, where the message does not say so.
    pub hint: Option<String>,
}

/// What a verb ends with.
pub type Outcome<T = Exit> = Result<T, Failure>;

impl Failure {
    /// A failure without a hint.
    pub fn new(exit: Exit, code: &str, message: impl Into<String>) -> Self {
        Self { exit, code: code.to_owned(), message: message.into(), hint: None }
    }

    /// The command line is wrong; `hint` says how it would be right.
    pub fn usage(code: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::Usage, code, message).hint(hint)
    }

    /// Adds what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // whoever read our output has gone, such as `head`: nobody is left to tell
        let code = if error.kind() == io::ErrorKind::BrokenPipe { BROKEN_PIPE } else { "io" };
        Self::new(Exit::Failed, code, error.to_string())
    }
}

/// The code of a failure that is told to nobody.
pub const BROKEN_PIPE: &str = "broken_pipe";
