//! `bedrudctl backup`: the whole server in one file, made while people use it, checked, and put back here or on another host.
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::Duration,
};

use bedrud_tests::{Server, bedrudctl, json, until};
use http::Method;
use tokio::process::{Child, Command};

const FAILED: i32 = 1;
const USAGE: i32 = 2;
const NOT_FOUND: i32 = 4;
const CONFLICT: i32 = 6;
const WOULD_CHANGE: i32 = 7;

async fn on_file() -> Server {
    Server::builder().on_file("a server's own tools make its backups").start().await
}

async fn made(server: &Server, name: &str) {
    let room = json!({"name": name, "owner": "alice"});
    server.control(Method::POST, "/v1/rooms", Some(room)).await.ok();
}

async fn rooms(server: &Server) -> Vec<String> {
    let told = server.ctl(["room", "list", "--limit", "1000", "--json"]).await.ok().json();
    let rooms = told["rooms"].as_array().expect("rooms");
    rooms.iter().filter_map(|room| room["name"].as_str().map(str::to_owned)).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of ours")
}

async fn backup(server: &Server, name: &str) -> PathBuf {
    let file = server.path(name);
    server.ctl(["backup", "create", text(&file)]).await.ok();
    file
}

fn begun(server: &Server, arguments: &[&str]) -> Child {
    let mut command = Command::new(bedrudctl());
    command.arg("--socket").arg(server.socket()).args(["backup", "restore", "--yes"]).args(arguments);
    command.env_clear().stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command.spawn().expect("bedrudctl starts")
}

/// A restore, with the service manager's part played by the test.
async fn restored(server: &mut Server, arguments: &[&str]) -> Output {
    let tool = begun(server, arguments);
    assert_eq!(server.ended().await, Some(0), "it stops as after any other stop");
    server.spawn();
    server.ready().await;
    let output = tool.wait_with_output().await.expect("bedrudctl ends");
    assert!(output.status.success(), "{output:?}");
    output
}

#[tokio::test]
async fn another_host_goes_on_where_the_backup_was_made() {
    let here = on_file().await;
    let alice = here.user("alice").await;
    let room = alice.room("standup").await;
    let token = here.login("alice").await.ok().text("tokens/accessToken");
    let file = backup(&here, "backup").await;
    let found = here.ctl(["backup", "verify", text(&file), "--json"]).await.ok().json();
    assert_eq!((&found["users"], &found["rooms"]), (&json!(2), &json!(1)), "{found}");
    let mode = fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds every secret");

    let mut there = on_file().await;
    restored(&mut there, &[text(&file)]).await;
    there.login("alice").await.ok();
    let shown = there.ctl(["room", "show", "standup", "--json"]).await.ok().json();
    assert_eq!(shown["id"], room["id"]);
    // the secrets came along: who is signed in at one is at the other
    there.stranger().bearer(token).get("/api/auth/me").await.ok();
    let secret = |server: &Server| fs::read(server.path("state/secrets")).expect("the secret");
    assert_eq!(secret(&here), secret(&there));
    assert!(there.path("state/before-restore/bedrud.db").exists(), "what was there is kept");
}

#[tokio::test]
async fn what_was_done_since_is_not_lost_unless_somebody_says_so() {
    let mut server = on_file().await;
    server.user("alice").await;
    made(&server, "before").await;
    let file = backup(&server, "backup").await;
    made(&server, "after").await;
    let told = server.ctl(["backup", "restore", text(&file), "--yes", "--json"]).await.failed(CONFLICT);
    assert!(told.stderr.contains("restore_loses_newer"), "{told:?}");
    let told = server.ctl(["backup", "restore", text(&file), "--lose-newer", "--dry-run"]).await;
    assert!(told.exited(WOULD_CHANGE).stdout.contains("1 rooms"), "the question names the effect");
    server.ctl(["backup", "restore", text(&file), "--lose-newer"]).await.failed(USAGE);
    assert_eq!(rooms(&server).await, ["after", "before"], "nothing was changed");

    restored(&mut server, &[text(&file), "--lose-newer"]).await;
    assert_eq!(rooms(&server).await, ["before"]);
    // and it can be used: what is done now is kept over a restart
    made(&server, "later").await;
    server.stop().await;
    server.spawn();
    server.ready().await;
    assert_eq!(rooms(&server).await, ["later", "before"]);
}

#[tokio::test]
async fn a_backup_made_while_people_write_has_all_that_was_acknowledged_before() {
    let server = on_file().await;
    server.user("alice").await;
    for index in 0..20 {
        made(&server, &format!("before-{index}")).await;
    }
    let writing = async {
        for index in 0..60 {
            made(&server, &format!("while-{index}")).await;
        }
    };
    let (file, ()) = tokio::join!(backup(&server, "backup"), writing);
    let found = server.ctl(["backup", "verify", text(&file), "--json"]).await.ok().json();
    let count = found["rooms"].as_i64().expect("a number");
    assert!((20..=80).contains(&count), "{found}");
    assert_eq!(rooms(&server).await.len(), 80, "and nobody's write was lost to it");

    let directory = server.path("kept");
    for _ in 0..3 {
        server.ctl(["backup", "create", "--directory", text(&directory), "--keep", "2"]).await.ok();
    }
    assert_eq!(fs::read_dir(&directory).expect("listed").count(), 2, "the oldest one went");
    let left = fs::read_dir(server.path("state")).expect("listed").flatten();
    let left: Vec<_> =
        left.map(|e| e.file_name()).filter(|name| name.to_string_lossy().ends_with(".new")).collect();
    assert!(left.is_empty(), "nothing is left lying about: {left:?}");
}

#[tokio::test]
async fn what_is_no_whole_backup_is_refused_and_changes_nothing() {
    let server = on_file().await;
    server.user("alice").await;
    made(&server, "standup").await;
    let file = backup(&server, "backup").await;
    let whole = fs::read(&file).expect("the backup");
    let refused = async |bytes: &[u8], code: &str| {
        let broken = server.path("broken");
        fs::write(&broken, bytes).expect("written");
        for verb in [&["verify"][..], &["restore", "--yes", "--lose-newer"]] {
            let told =
                server.ctl([&["backup"], verb, &[text(&broken), "--json"]].concat()).await.failed(USAGE);
            assert!(told.stderr.contains(code), "{code}: {told:?}");
        }
    };
    refused(&whole[..whole.len() / 2], "backup_broken").await;
    refused(&whole[..10], "backup_broken").await;
    refused(b"", "backup_broken").await;
    refused(b"no backup at all, only a text", "backup_broken").await;
    // some bytes at each place, since one may be turned into another spelling of the same
    for eighth in 0..8 {
        let mut turned = whole.clone();
        let at = turned.len() / 8 * eighth;
        turned.iter_mut().skip(at).take(32).for_each(|byte| *byte ^= 0x55);
        refused(&turned, "backup_broken").await;
    }
    let mut end = whole.clone();
    let sum = end.len() - 6;
    end[sum] ^= 0x55;
    refused(&end, "backup_broken").await;
    server.ctl(["backup", "verify", text(&server.path("missing"))]).await.failed(NOT_FOUND);
    let told = server.ctl(["backup", "create", "/proc/no/such/place"]).await.failed(FAILED);
    assert!(told.stderr.contains("cannot be written"), "{told:?}");

    let sql = "UPDATE refinery_schema_history SET version = 99999 WHERE version = 1";
    // as a newer version would have left it
    server.database().run(sql);
    let newer = fs::read(backup(&server, "newer").await).expect("the backup");
    refused(&newer, "backup_newer").await;
    assert_eq!(rooms(&server).await, ["standup"]);
}

#[tokio::test]
async fn an_encrypted_backup_opens_with_its_key_or_passphrase_only() {
    let server = on_file().await;
    server.user("alice").await;
    let identity = age::x25519::Identity::generate();
    let (key, word, other) = (server.path("key"), server.path("word"), server.path("other"));
    fs::write(&key, age::secrecy::ExposeSecret::expose_secret(&identity.to_string())).expect("written");
    fs::write(&word, "a passphrase of some length\n").expect("written");
    fs::write(&other, "another one\n").expect("written");
    let (to_key, by_word) = (server.path("to-key"), server.path("by-word"));
    let recipient = identity.to_public().to_string();
    server.ctl(["backup", "create", text(&to_key), "--recipient", &recipient]).await.ok();
    server.ctl(["backup", "create", text(&by_word), "--passphrase-file", text(&word)]).await.ok();
    for file in [&to_key, &by_word] {
        let bytes = fs::read(file).expect("the backup");
        assert!(bytes.starts_with(b"age-encryption.org/v1"), "encrypted");
        let told = server.ctl(["backup", "verify", text(file), "--json"]).await.failed(USAGE);
        assert!(told.stderr.contains("backup_encrypted"), "{told:?}");
    }
    let verify = async |file: &Path, option: &str, secret: &Path| {
        server.ctl(["backup", "verify", text(file), option, text(secret)]).await
    };
    verify(&to_key, "--identity", &key).await.ok();
    verify(&by_word, "--passphrase-file", &word).await.ok();
    verify(&by_word, "--passphrase-file", &other).await.failed(FAILED);
    verify(&by_word, "--identity", &key).await.failed(FAILED);
    let bytes = fs::read(&to_key).expect("the backup");
    fs::write(&to_key, &bytes[..bytes.len() - 100]).expect("cut");
    let told = verify(&to_key, "--identity", &key).await.failed(FAILED);
    assert!(told.stderr.contains("file cannot be read"), "the file is to blame: {told:?}");
}

/// As over SSH: `ssh one bedrudctl backup create /dev/stdout | ssh other bedrudctl backup restore --yes /dev/stdin`.
/// Not by that name here: a fault in this would leave the machine without it.
#[tokio::test]
async fn a_backup_goes_through_a_pipe_and_is_sent_once() {
    let here = on_file().await;
    here.user("alice").await;
    made(&here, "standup").await;
    let tool = |server: &Server, arguments: &[&str]| {
        let mut command = Command::new(bedrudctl());
        command.arg("--socket").arg(server.socket()).arg("backup").args(arguments);
        command.env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let told = tool(&here, &["create", "/proc/self/fd/1"]).output().await.expect("bedrudctl ends");
    assert!(told.status.success() && !told.stderr.is_empty(), "{told:?}");

    let mut there = on_file().await;
    let restore = ["restore", "--yes", "/dev/stdin"];
    let mut restoring = tool(&there, &restore).kill_on_drop(true).spawn().expect("bedrudctl starts");
    let mut pipe = restoring.stdin.take().expect("a pipe");
    tokio::io::AsyncWriteExt::write_all(&mut pipe, &told.stdout).await.expect("it reads");
    drop(pipe);
    assert_eq!(there.ended().await, Some(0));
    there.spawn();
    there.ready().await;
    let told = restoring.wait_with_output().await.expect("bedrudctl ends");
    assert!(told.status.success(), "{told:?}");
    assert_eq!(rooms(&there).await, ["standup"]);
}

#[tokio::test]
async fn what_holds_secrets_is_nobody_elses_to_read_whatever_was_there_before() {
    let server = on_file().await;
    let (backup, report) = (server.path("backup"), server.path("report"));
    let open = |path: &Path| {
        fs::write(path, "of somebody else").expect("written");
        fs::set_permissions(path, fs::Permissions::from_mode(0o666)).expect("ours");
    };
    let draft = |path: &Path| PathBuf::from(format!("{}.new", text(path)));
    for path in [&backup, &report] {
        open(path);
        open(&draft(path));
    }
    let read_before = fs::File::open(&report).expect("opened");
    server.ctl(["backup", "create", text(&backup)]).await.ok();
    server.ctl(["bugreport", text(&report)]).await.ok();
    for path in [&backup, &report] {
        let mode = fs::metadata(path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        assert!(!draft(path).exists());
    }
    let seen = std::io::read_to_string(read_before).expect("read");
    assert_eq!(seen, "of somebody else", "whoever had it open sees nothing of it");
    // where a link leads the file is another one, and the link stays
    let link = server.path("link");
    std::os::unix::fs::symlink(&report, &link).expect("linked");
    server.ctl(["bugreport", text(&link)]).await.ok();
    assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
}

/// Killed at any moment of it, the server is either as before or as in the backup, and goes on by itself.
#[tokio::test]
async fn a_daemon_that_is_killed_while_it_restores_has_the_one_or_the_other() {
    let mut server = on_file().await;
    server.user("alice").await;
    made(&server, "before").await;
    let file = backup(&server, "backup").await;
    made(&server, "after").await;
    let (old, new) = (vec!["after".to_owned(), "before".to_owned()], vec!["before".to_owned()]);
    let mut seen = Vec::new();
    for milliseconds in [0, 2, 5, 10, 15, 20, 30, 50, 80, 120, 200] {
        let tool = begun(&server, &[text(&file), "--lose-newer"]);
        if milliseconds == 200 {
            // laid ready, and killed in the start that puts it in place
            server.ended().await;
            server.spawn();
            tokio::time::sleep(Duration::from_millis(5)).await;
        } else {
            // the moments are those of the restore, not of the test
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        }
        server.kill();
        drop(tool);
        server.spawn();
        server.ready().await;
        let now = rooms(&server).await;
        assert!(now == old || now == new, "after {milliseconds} ms: {now:?}");
        seen.push((milliseconds, now.len()));
        if now == new {
            made(&server, "after").await;
        }
        until("one whole state", async || (rooms(&server).await == old).then_some(())).await;
    }
    println!("killed after so many ms: so many rooms: {seen:?}");
    assert_eq!(seen.last().map(|last| last.1), Some(1), "what was laid ready is put in place after all");
}

#[tokio::test]
async fn a_database_that_served_before_another_one_is_in_nobodys_way() {
    let mut server = on_file().await;
    server.user("alice").await;
    server.stop().await;
    let elsewhere = server.path("elsewhere.db");
    fs::copy(server.path("state/bedrud.db"), &elsewhere).expect("copied");
    server.reconfigure(json!({"database": {"path": elsewhere}}));
    server.spawn();
    server.ready().await;
    made(&server, "afterwards").await;
    let file = backup(&server, "of-today.backup").await;
    let told = server.ctl(["backup", "verify", text(&file), "--json"]).await.ok().json();
    assert_eq!(told["rooms"], 1, "of the one that serves: {told}");
}
