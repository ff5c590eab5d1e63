//! Who may use the control socket: root and two groups, by the kernel's word; everybody else is refused. The modes are the
//! daemon's own, so that a member of a group needs no help of root's.
use std::{
    fs::{Permissions, set_permissions},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::PathBuf,
    process::{Command, Output},
};

use bedrud_tests::{Server, bedrudctl};

const DONE: i32 = 0;
const NOT_FOUND: i32 = 4;
const NOT_PERMITTED: i32 = 5;

/// What this test adds to the machine's accounts, and takes away again.
struct Made(Vec<[&'static str; 2]>);

impl Made {
    fn group(&mut self, name: &'static str) {
        let known = Command::new("getent").args(["group", name]).output().expect("getent(1)");
        if !known.status.success() {
            run(Command::new("groupadd").args(["--system", name]));
            self.0.push(["groupdel", name]);
        }
    }

    fn user(&mut self, name: &'static str, group: &str) {
        run(Command::new("useradd").args(["--system", "--no-create-home", "--groups", group, name]));
        self.0.push(["userdel", name]);
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for [program, name] in self.0.iter().rev() {
            let _ = Command::new(program).arg(name).status();
        }
    }
}

fn run(command: &mut Command) {
    let output = command.output().expect("a program of this machine");
    assert!(output.status.success(), "{command:?}: {output:?}");
}

/// A copy of the tool that every account can run, beside a socket that the file system opens to all of them.
struct Open {
    server: Server,
    tool: PathBuf,
}

impl Open {
    async fn start() -> Self {
        let server = Server::start().await;
        server.user("alice").await.room("standup").await;
        let tool = server.path("bedrudctl");
        // not by our own hand: a child that another test forks meanwhile would hold the file open, and it could not run
        run(Command::new("cp").arg(bedrudctl()).arg(&tool));
        let open = Self { server, tool };
        // the test's own directory is private; what the daemon makes inside is as it makes it
        mode(open.server.path("."), 0o755);
        open
    }

    /// The tool as somebody else: options of setpriv(1), then its arguments.
    fn as_other(&self, who: &[&str], arguments: &[&str]) -> Output {
        let mut command = Command::new("setpriv");
        command.args(who).arg(&self.tool).arg("--socket").arg(self.server.socket()).args(arguments);
        // as sudo(8) leaves it behind; only root's word counts
        command.env_clear().env("SUDO_UID", "1");
        command.output().expect("setpriv(1)")
    }

    #[track_caller]
    fn expect(&self, who: &[&str], arguments: &[&str], code: i32) -> String {
        let output = self.as_other(who, arguments);
        assert_eq!(output.status.code(), Some(code), "{who:?} {arguments:?}: {output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

fn mode(path: PathBuf, mode: u32) {
    set_permissions(path, Permissions::from_mode(mode)).expect("ours");
}

const NOBODY: [&str; 3] = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"];
const MODERATOR: [&str; 3] = ["--reuid=nobody", "--regid=bedrud-mod", "--clear-groups"];
const ADMINISTRATOR: [&str; 3] = ["--reuid=nobody", "--regid=bedrud-admin", "--clear-groups"];
const BY_MEMBERSHIP: [&str; 3] = ["--reuid=bedrud-test-op", "--regid=nogroup", "--clear-groups"];

/// Everybody may knock; nobody but the daemon may look around.
#[tokio::test]
async fn the_socket_is_open_and_everything_beside_it_is_not() {
    let server = Server::with_sfu().await;
    let mode = |path: PathBuf| path.metadata().expect("a file").mode() & 0o7777;
    assert_eq!((mode(server.path("run")), mode(server.socket())), (0o711, 0o666));
    for entry in server.path("run").read_dir().expect("a directory").flatten() {
        let is_ours = mode(entry.path()) & 0o077 == 0;
        assert!(is_ours || entry.path() == server.socket(), "{:?} is open to others", entry.path());
    }
}

/// Groups and accounts can be made by root only, as in CI; anybody else sees that their own uid is let in.
#[tokio::test]
async fn groups_reach_as_far_as_they_are_meant_to() {
    let open = Open::start().await;
    if open.tool.metadata().expect("the copy").uid() != 0 {
        open.server.ctl(["status"]).await.ok();
        return;
    }
    let told = open.expect(&NOBODY, &["status", "--json"], NOT_PERMITTED);
    assert!(told.contains("not_operator"), "the daemon refuses: {told}");
    open.expect(&NOBODY, &["room", "list"], NOT_PERMITTED);

    let mut made = Made(Vec::new());
    made.group("bedrud-mod");
    made.group("bedrud-admin");
    made.user("bedrud-test-op", "bedrud-mod");
    for moderator in [&MODERATOR, &BY_MEMBERSHIP] {
        open.expect(moderator, &["room", "list"], DONE);
        open.expect(moderator, &["room", "participants", "standup"], DONE);
        for verb in ["kick", "ban", "unban", "mute", "unmute"] {
            open.expect(moderator, &["room", verb, "standup", "somebody"], NOT_FOUND);
        }
        for verb in [
            &["status"][..],
            &["setup"],
            &["logs"],
            &["events"],
            &["audit"],
            &["livekit", "restart", "--yes"],
            &["user", "list"],
            &["user", "disable", "alice"],
            &["room", "create", "retro", "--owner", "alice"],
            &["room", "close", "standup", "--yes"],
        ] {
            let told = open.expect(moderator, verb, NOT_PERMITTED);
            assert!(told.contains("bedrud-admin"), "{verb:?} says who may: {told}");
        }
    }
    open.expect(&ADMINISTRATOR, &["status"], DONE);
    open.expect(&ADMINISTRATOR, &["user", "disable", "alice"], DONE);
    open.expect(&ADMINISTRATOR, &["room", "create", "retro", "--owner", "admin@example.org"], DONE);

    // the audit log names the account behind `sudo`: as the kernel knows it, else by root's own word and nobody else's
    let known = std::fs::read_to_string("/proc/self/loginuid").unwrap_or_default();
    if !known.trim().parse::<u32>().is_ok_and(|login| login != u32::MAX) {
        open.expect(&["--reuid=root"], &["user", "enable", "alice"], DONE);
        let told =
            open.server.ctl(["audit", "--verb", "account", "--target", "alice", "--json"]).await.ok().json();
        let from = |verb: &str| {
            let lines = told["lines"].as_array().expect("lines");
            lines.iter().find(|line| line["verb"] == verb).expect("the line")["address"].clone()
        };
        assert_eq!(from("account.enable"), "login:daemon", "uid 1 on Debian: {told:#}");
        assert_eq!(from("account.disable"), "", "a group's member is who they are: {told:#}");
    }

    // where somebody closed it by hand
    mode(open.server.path("run"), 0o750);
    let told = open.expect(&NOBODY, &["status"], NOT_PERMITTED);
    assert!(told.contains("sudo") && told.contains("bedrud-admin"), "the file system refuses: {told}");
}
