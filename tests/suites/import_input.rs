//! `bedrudctl config import`: the older server's configuration, key by key, and what is no data of an older server.
use std::fs;

use bedrud_tests::{Below, Server};

use crate::{
    import::{Older, count, older, signs_in},
    start::run,
};

const FAILED: i32 = 1;
const USAGE: i32 = 2;
const NOT_FOUND: i32 = 4;
const CONFLICT: i32 = 6;
const WOULD_CHANGE: i32 = 7;

#[tokio::test]
async fn what_cannot_be_imported_is_told_and_changes_nothing() {
    let server = Server::start().await;
    let text = server.path("text.db");
    fs::write(&text, "no database, and long enough to look like one".repeat(100)).expect("a file");
    let empty = server.path("empty.db");
    fs::write(&empty, "").expect("a file");
    let other = server.path("other.db");
    Below::file(&other).run("CREATE TABLE users (id TEXT, email TEXT); CREATE TABLE songs (id TEXT)");
    let half = older(&server).path;
    let whole = fs::read(&half).expect("the older database");
    fs::write(server.path("half.db"), &whole[..whole.len() / 2]).expect("a file");
    let waiting = Older::new(&server, "waiting.db").path;
    fs::write(server.path("waiting.db-wal"), "something").expect("a file");
    for (path, code, word, exit) in [
        (server.path("nowhere.db"), "import_unreadable", "cannot be read", NOT_FOUND),
        (server.path("state"), "import_unreadable", "directory", FAILED),
        (text, "import_unreadable", "not a database", USAGE),
        (empty, "import_not_older", "another program", USAGE),
        (other, "import_not_older", "another program", USAGE),
        (server.path("half.db"), "import_unreadable", "cannot be read", USAGE),
        (waiting, "import_not_whole", "Stop the older server", FAILED),
    ] {
        let path = path.display().to_string();
        let told = server.ctl(["config", "import", "--database", &path, "--yes"]).await.failed(exit);
        assert!(told.stderr.contains(word) && told.stderr.lines().count() <= 2, "{word}: {told:?}");
        let told =
            server.ctl(["config", "import", "--database", &path, "--yes", "--json"]).await.failed(exit);
        assert!(told.stderr.contains(&format!("\"{code}\"")), "{code}: {told:?}");
    }
    server.ctl(["config", "import"]).await.failed(USAGE);
    assert_eq!((count(&server, "users"), count(&server, "audit")), (0, 0));
    assert_eq!(
        fs::read_dir(server.path("run"))
            .expect("run")
            .flatten()
            .filter(|one| { one.file_name().to_string_lossy().starts_with("import-") })
            .count(),
        0,
        "no copy stays"
    );
}

#[tokio::test]
async fn a_database_of_this_server_is_not_the_older_ones() {
    let mut ours = Server::builder().on_file("its file is taken for the older one's").start().await;
    ours.user("alice").await;
    ours.stop().await;
    let server = Server::start().await;
    let path = ours.path("state/bedrud.db").display().to_string();
    let told = server.ctl(["config", "import", "--database", &path, "--yes"]).await.failed(USAGE);
    assert!(told.stderr.contains("bedrudctl backup restore"), "{told:?}");
}

#[tokio::test]
async fn an_older_configuration_becomes_one_that_is_accepted() {
    let server = Server::start().await;
    let (file, out) = (server.path("older.yaml"), server.path("new.yaml"));
    let text = "
server: {port: \"8443\", host: 127.0.0.1, domain: meet.example.org, enableTLS: true, useACME: true, email: root@example.org,
  readTimeout: 10, maxRoomsPerUser: 50, trustedProxies: []}
database: {type: postgres, host: db.example.org, password: s3cret-of-theirs}
livekit: {host: \"wss://meet.example.org/livekit\", apiKey: devkey, apiSecret: s3cret-of-livekit, nodeIP: 192.0.2.7}
auth: {jwtSecret: s3cret-of-tokens, tokenDuration: 24, frontendURL: \"https://meet.example.org\", google: {clientId: x, clientSecret: s3cret-of-google, redirectUrl: \"https://meet.example.org/api/auth/google/callback\"},
  github: {clientId: your-github-client-id, clientSecret: your-secret}}
email: {smtpHost: smtp.example.org, smtpPort: 587, username: bedrud, password: s3cret-of-mail, fromAddress: meet@example.org}
cors: {allowedOrigins: \"https://a.example.org, *\"}
logger: {level: debug, outputPath: \"\"}
";
    fs::write(&file, text).expect("a file");
    let (from, to) = (file.display().to_string(), out.display().to_string());
    server.ctl(["config", "import", &from, "--out", &to, "--dry-run"]).await.exited(WOULD_CHANGE);
    assert!(!out.exists(), "a dry run");
    let told = server.ctl(["config", "import", &from, "--out", &to, "--yes"]).await.ok();
    for line in [
        "auth.jwtSecret",
        "made anew",
        "readTimeout",
        "no such key",
        "auth.google.clientId",
        "auth.providers",
        "tls.mode: acme",
    ] {
        assert!(told.stdout.contains(line), "{line}: {told:?}");
    }
    assert!(told.stderr.contains("no file of SQLite"), "{told:?}");
    let new = fs::read_to_string(&out).expect("the new file");
    let shown = server.ctl(["config", "import", &from, "--json"]).await.ok().stdout;
    assert!(shown.contains("(hidden)"), "{shown}");
    assert!(!told.stdout.contains("s3cret") && !shown.contains("s3cret"), "a secret: {told:?} {shown}");
    assert_eq!(new.matches("s3cret").count(), 2, "those of the mail server and of Google are used: {new}");
    assert!(!new.contains("github"), "an example is no client: {new}");
    for line in [
        "port: 8443",
        "mode: acme",
        "email: root@example.org",
        "nodeIP: 192.0.2.7",
        "level: debug",
        "- https://a.example.org",
        "host: smtp.example.org",
        "kind: google",
    ] {
        assert!(new.contains(line), "{line}: {new}");
    }
    let told = server.ctl(["config", "import", &from, "--out", &to, "--yes"]).await.failed(CONFLICT);
    assert!(told.stderr.contains("not written over"), "{told:?}");
    // the program itself takes it; where there is no SFU beside it, that is what it says
    let checked = Server::builder().prepare();
    fs::copy(&out, checked.path("config.yaml")).expect("the new file");
    let output = run(&checked, "check-config").await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("unknown_key") && !said.contains("invalid_value"), "{said}");

    fs::write(&file, "just a text").expect("a file");
    let told = server.ctl(["config", "import", &from]).await.failed(FAILED);
    assert!(told.stderr.contains("no configuration of the older server"), "{told:?}");
    let nowhere = server.path("nowhere.yaml").display().to_string();
    server.ctl(["config", "import", &nowhere]).await.failed(NOT_FOUND);
}

#[tokio::test]
async fn one_file_names_the_database_that_comes_along() {
    let server = Server::start().await;
    let older = older(&server);
    let file = server.path("older.yaml");
    fs::write(&file, "database: {type: sqlite, path: ./older.db}\nserver: {enableTLS: false}")
        .expect("a file");
    let file = file.display().to_string();
    let told = server.ctl(["config", "import", &file, "--yes"]).await.ok().stdout;
    for word in ["database.path", "mode: off", "root@example.org", "administrator: password", "LEFT OUT"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    signs_in(&server, "alice@example.org").await;
    drop(older);
}
