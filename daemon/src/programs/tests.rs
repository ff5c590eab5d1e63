//! Two programs at once: each has its own life, its own record and its own claim, and outlives nobody by accident.

use std::{path::Path, process::Stdio, time::Duration};

use nix::{sys::signal::Signal, unistd::Pid};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use super::*;

/// Names the runtime directory to [`holds_two`].
const HOLDS: &str = "BEDRUD_TEST_HOLDS";
const LONG: Duration = Duration::from_secs(20);
const AWAY: &str = "Nobody keeps it running.";

/// What only the programs of this test tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Port {
    port: u16,
}

/// What the SFU told then, when it was not ready.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Place {
    ports: Option<Port>,
    node: Option<String>,
}

/// Works as soon as it runs.
struct AtOnce;

impl Working for AtOnce {
    async fn answers(&self) {}
    async fn serves(&self) {}
}

struct Started {
    kept: Kept,
    status: watch::Receiver<Status<Port>>,
}

async fn start(runtime: &Path, name: &'static str, script: &str, port: u16) -> Started {
    let claim = Claim::take(runtime, name).await.expect("a lock").expect("nobody has it");
    claim.end_orphan().await.expect("nothing is left");
    let program = Program {
        name,
        title: name,
        key: "none",
        path: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        environment: &[],
        log: |_| {},
        advice: "Nothing.",
    };
    let (publish, status) = watch::channel(Status::starting(Port { port }));
    Started { kept: Kept::start(claim, Keeper::Daemon, program, AtOnce, publish), status }
}

/// The process, as soon as `status` tells of one.
async fn pid(status: &mut watch::Receiver<Status<Port>>) -> u32 {
    let ready = |s: &Status<Port>| matches!(s.state, State::Ready { pid: Some(_), .. });
    let found = timeout(LONG, status.wait_for(ready)).await.expect("in time").expect("told").clone();
    match found.state {
        State::Ready { pid: Some(pid), .. } => pid,
        other => panic!("{other:?}"),
    }
}

fn kill(pid: u32) {
    let pid = Pid::from_raw(i32::try_from(pid).expect("a process id"));
    nix::sys::signal::kill(pid, Signal::SIGKILL).expect("killed");
}

#[tokio::test]
async fn one_ends_again_and_again_while_the_other_goes_on() {
    let runtime = tempfile::tempdir().expect("directory");
    let begun = Instant::now();
    let mut breaks = start(runtime.path(), "breaks", "echo no use; exit 3", 1).await;
    let mut stays = start(runtime.path(), "stays", "exec sleep 600", 2).await;
    let first = pid(&mut stays.status).await;
    timeout(LONG, breaks.status.wait_for(|s| s.restarts >= 5)).await.expect("in time").expect("told");
    assert!(begun.elapsed() >= Duration::from_millis(1750), "pauses of 0, 250, 500 and 1000 ms");
    let failed =
        |s: &Status<Port>| matches!(&s.state, State::Failed { last_lines, .. } if last_lines == &["no use"]);
    timeout(LONG, breaks.status.wait_for(failed)).await.expect("in time").expect("told");
    assert_eq!(pid(&mut stays.status).await, first, "the other one goes on");
    assert_eq!(stays.status.borrow().restarts, 0);
    // each is counted under its own name
    let seen = [Seen::new("breaks", breaks.status.clone()), Seen::new("stays", stays.status.clone())];
    assert_eq!(seen[1].pid(), Some(first));
    assert_eq!(seen[0].pid(), None, "it is away most of the time");
    // one is asked, the other hears nothing of it
    stays.kept.restart().await.expect("asked");
    let anew = |s: &Status<Port>| matches!(s.state, State::Ready { pid: Some(pid), .. } if pid != first);
    timeout(LONG, stays.status.wait_for(anew)).await.expect("in time").expect("told");
    breaks.kept.stop(Duration::ZERO).await;
    assert_eq!(breaks.status.borrow().state, State::Stopped);
    pid(&mut stays.status).await;
    stays.kept.stop(Duration::from_secs(5)).await;
    assert_eq!(stays.status.borrow().state, State::Stopped);
}

#[tokio::test]
async fn what_a_killed_supervisor_left_is_followed_ended_and_begun_again() {
    let runtime = tempfile::tempdir().expect("directory");
    let runtime = runtime.path();
    let mut parent = tokio::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "programs::tests::holds_two", "--ignored"])
        .env(HOLDS, runtime)
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("started");
    let mut left = Vec::new();
    for (name, port) in [("one", 1), ("two", 2)] {
        let (publish, mut status) = watch::channel(Status::starting(Port::default()));
        let _followed = Followed::start(runtime, name, AWAY, publish);
        left.push(pid(&mut status).await);
        assert_eq!(status.borrow().own.port, port, "each tells of itself");
        assert!(Claim::take(runtime, name).await.expect("a lock").is_none(), "{name} is somebody else's");
    }
    kill(parent.id().expect("it runs"));
    parent.wait().await.expect("ended");
    assert!(left.iter().all(|pid| process::Process::of(*pid).is_some()), "both outlive their supervisor");
    for (name, old) in ["one", "two"].into_iter().zip(&left) {
        let mut again = start(runtime, name, "exec sleep 600", 3).await;
        assert!(process::Process::of(*old).is_none(), "what was left of {name} has ended");
        let new = pid(&mut again.status).await;
        assert_ne!(new, *old);
        let who: Who = read(&path(runtime, name)).await.expect("a record");
        assert!(who.is_kept_by(Keeper::Daemon) && who.program.is_some_and(|one| one.pid == new));
        again.kept.stop(Duration::from_secs(5)).await;
    }
}

#[tokio::test]
#[ignore = "is the process that the test above kills"]
async fn holds_two() {
    let Some(runtime) = std::env::var_os(HOLDS) else { return };
    let _one = start(runtime.as_ref(), "one", "exec sleep 600", 1).await;
    let _two = start(runtime.as_ref(), "two", "exec sleep 600", 2).await;
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_record_of_an_earlier_version_is_read() {
    let runtime = tempfile::tempdir().expect("directory");
    let path = path(runtime.path(), "livekit");
    let text = r#"{"keeper":"unit","supervisor":{"pid":1,"started":2},"sfu":{"pid":3,"started":4},
        "status":{"state":"starting","ports":null,"node":null,"restarts":5}}"#;
    std::fs::write(&path, text).expect("written");
    let who: Who = read(&path).await.expect("a record");
    assert_eq!(who.program.map(|program| program.pid), Some(3));
    let whole: record::Record<Place> = read(&path).await.expect("with its status");
    assert_eq!((whole.who, whole.status.restarts), (who, 5));
}
