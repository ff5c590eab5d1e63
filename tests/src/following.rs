//! A `bedrudctl` that goes on: its JSON lines, one by one, as whoever follows them reads them.
use std::{ffi::OsStr, process::Stdio};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::{PATIENCE, Server, bedrudctl};

/// A stream that is followed; dropping it ends the tool.
pub struct Following {
    _child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Following {
    /// The next line.
    pub async fn next(&mut self) -> Value {
        let next = timeout(PATIENCE, self.lines.next_line()).await.expect("a line in time");
        let line = next.expect("a pipe").expect("the stream goes on");
        line.parse().unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// All lines up to one that `is_last`.
    pub async fn until(&mut self, is_last: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut seen = Vec::new();
        loop {
            seen.push(self.next().await);
            if seen.last().is_some_and(&is_last) {
                return seen;
            }
        }
    }
}

impl Server {
    /// `bedrudctl --socket ... arguments --json`, which does not end by itself.
    pub fn follow(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Following {
        let mut command = Command::new(bedrudctl());
        command.arg("--socket").arg(self.socket()).args(arguments).arg("--json").env_clear();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().expect("bedrudctl starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        Following { _child: child, lines }
    }
}
