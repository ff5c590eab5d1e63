//! Runs the real `bedrudctl` against a server's socket.
use std::{ffi::OsStr, process::Stdio};

use serde_json::Value;
use tokio::{io::AsyncWriteExt, process::Command};

use crate::{Server, bedrudctl};

/// What the tool told.
#[derive(Debug)]
pub struct Told {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Told {
    /// Expects exit code 0.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:#?}");
        self
    }

    /// Expects this exit code, which is no failure, such as that of a dry run.
    #[track_caller]
    pub fn exited(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Expects this exit code and a sentence on stderr.
    #[track_caller]
    pub fn failed(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        assert!(!self.stderr.trim().is_empty(), "no word on stderr: {self:#?}");
        self
    }

    /// Standard output as one JSON document (`--json`).
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("no JSON ({error}): {self:#?}"),
        }
    }
}

impl Server {
    /// `bedrudctl --socket ... arguments`
    pub async fn ctl(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Told {
        self.ctl_with_input(arguments, "").await
    }

    /// The same with something on standard input, such as a password.
    pub async fn ctl_with_input(
        &self,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        input: &str,
    ) -> Told {
        let mut child = Command::new(bedrudctl())
            .arg("--socket")
            .arg(self.socket())
            .args(arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("bedrudctl starts");
        if let Some(mut stdin) = child.stdin.take() {
            // a tool that never reads closes the pipe first; what matters is what it says
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        let output = child.wait_with_output().await.expect("bedrudctl ends");
        Told {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}
