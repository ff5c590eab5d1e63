//! `bedrudctl setup` with a name: what it finds in the way, what it writes, and what it leaves alone.
use std::{fs, net::UdpSocket, os::unix::fs::PermissionsExt, path::PathBuf};

use bedrud_tests::{
    Server,
    authority::{Authority, Looks},
    json, livekit, repository,
};

const FAILED: i32 = 1;
const UNREACHABLE: i32 = 3;
const WOULD_CHANGE: i32 = 7;
const NAME: &str = "nowhere.invalid";

/// A server with TLS, and the shipped file as an admin would have it.
async fn started() -> (Server, PathBuf) {
    // nobody outside is asked
    let tls = json!({"mode": "self-signed", "acmeDirectory": "https://127.0.0.1:1/dir"});
    let server = Server::builder().tls(tls).start().await;
    let file = server.path("bedrud.yaml");
    fs::write(&file, shipped()).expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("a mode");
    (server, file)
}

/// The shipped file, with what stands elsewhere in the package.
fn shipped() -> String {
    let text = fs::read_to_string(repository().join("config/config.yaml")).expect("the shipped file");
    format!("{text}livekit:\n  binary: {}\n", livekit().display())
}

/// The codes of what is in the way of this name.
async fn in_the_way(server: &Server, name: &str) -> Vec<String> {
    let path = format!("/v1/certificate/obstacles?domain={name}");
    let told = server.control(http::Method::GET, &path, None).await.ok().json();
    let found = told["obstacles"].as_array().expect("a list").clone();
    found.iter().map(|one| one["code"].as_str().expect("a code").to_owned()).collect()
}

#[tokio::test]
async fn a_name_is_written_into_the_file_and_every_comment_stays() {
    let (server, file) = started().await;
    let path = file.to_str().expect("a path");
    let wanted = ["setup", "--config", path, "--domain", NAME, "--email", "me@example.org"];
    let told = server.ctl(wanted.iter().chain(&["--dry-run"])).await.exited(WOULD_CHANGE);
    assert!(told.stdout.contains("server.domain: nowhere.invalid"), "{told:?}");
    assert_eq!(fs::read_to_string(&file).expect("the file"), shipped(), "a dry run writes nothing");

    let told = server.ctl(wanted).await.ok();
    assert!(told.stderr.contains("leads nowhere") && told.stderr.contains("A record"), "{told:?}");
    assert!(told.stderr.contains("127.0.0.1:1/dir"), "the authority is not reached: {told:?}");
    let (before, after) = (shipped(), fs::read_to_string(&file).expect("the file"));
    let changed: Vec<_> =
        before.lines().zip(after.lines()).filter(|(a, b)| a != b).map(|(_, line)| line).collect();
    let lines = ["server:", "  domain: nowhere.invalid", "tls:", "  mode: acme", "  email: me@example.org"];
    assert_eq!(changed, lines);
    assert_eq!(fs::metadata(&file).expect("the file").permissions().mode() & 0o777, 0o640);
    let told = server.ctl(wanted.iter().chain(&["--dry-run"])).await.ok();
    assert!(told.stdout.contains("already"), "{told:?}");
}

#[tokio::test]
async fn what_the_daemon_would_refuse_is_never_in_the_file() {
    let (server, file) = started().await;
    let path = file.to_str().expect("a path");
    for (domain, email) in [("meet example org", "me@example.org"), (NAME, "me")] {
        let wanted = ["setup", "--config", path, "--domain", domain, "--email", email];
        let told = server.ctl(wanted).await.failed(FAILED);
        assert!(told.stderr.contains("stays as it was"), "{told:?}");
        assert_eq!(fs::read_to_string(&file).expect("the file"), shipped());
    }
    fs::write(&file, "server: {port: 8443}\n").expect("written");
    let told = server.ctl(["setup", "--config", path, "--domain", NAME]).await.failed(FAILED);
    assert!(told.stderr.contains("by hand") && told.stderr.contains("domain: nowhere.invalid"), "{told:?}");
    fs::write(&file, "server:\n  port: [\n").expect("written");
    let told = server.ctl(["setup", "--config", path, "--domain", NAME]).await.failed(FAILED);
    assert!(told.stderr.contains("not valid YAML") && told.stderr.contains("line"), "{told:?}");
    let left = fs::read_dir(server.path("")).expect("the directory").flatten();
    assert!(left.into_iter().all(|file| !file.file_name().to_string_lossy().ends_with(".new")));
}

#[tokio::test]
async fn an_operators_own_certificate_is_left_alone() {
    let (server, file) = started().await;
    let path = file.to_str().expect("a path");
    let own = "tls:\n  mode: files # ours\n  certFile: /etc/ssl/a.pem\n  keyFile: /etc/ssl/a.key\n";
    fs::write(&file, own).expect("written");
    let wanted = ["setup", "--config", path, "--domain", NAME, "--dry-run"];
    let told = server.ctl(wanted).await.exited(WOULD_CHANGE);
    assert!(told.stdout.contains("server.domain") && !told.stdout.contains("tls."), "{told:?}");
    let told = server.ctl(wanted.iter().chain(&["--email", "me@example.org"])).await.failed(2);
    assert!(told.stderr.contains("tls.mode files"), "{told:?}");
}

#[tokio::test]
async fn the_first_administrator_is_made_and_only_the_first() {
    let (server, _) = started().await;
    let wanted = ["setup", "--admin", "root@example.org", "--password-stdin"];
    let told = server.ctl_with_input(wanted, "correct horse battery\n").await.ok();
    assert!(told.stdout.contains("root@example.org administers"), "{told:?}");
    let entry = json!({"email": "root@example.org", "password": "correct horse battery"});
    server.stranger().post("/api/auth/login").json(entry).await.ok();
    assert_eq!(server.setup_token(), None, "the link opens nothing any more");
    let told = server.ctl_with_input(wanted, "another horse battery\n").await.ok();
    assert!(!told.stdout.contains("administers"), "{told:?}");
    let other = ["setup", "--admin", "other@example.org", "--password-stdin"];
    let told = server.ctl_with_input(other, "another horse battery\n").await.ok();
    assert!(told.stderr.contains("already"), "{told:?}");
    assert_eq!(server.ctl(["user", "list", "--json"]).await.ok().json()["total"], 1);
}

#[tokio::test]
async fn where_a_name_leads_is_told_in_words() {
    let (server, _) = started().await;
    assert_eq!(in_the_way(&server, NAME).await, ["domain_unknown", "authority_unreachable"]);
    assert_eq!(in_the_way(&server, "localhost").await, ["domain_on_loopback", "authority_unreachable"]);
    // a documentation address (RFC 5737) is nobody's
    assert_eq!(in_the_way(&server, "192.0.2.1").await, ["domain_elsewhere", "authority_unreachable"]);
    let socket = UdpSocket::bind("0.0.0.0:0").expect("a socket");
    socket.connect("198.51.100.1:9").expect("a route");
    let own = socket.local_addr().expect("an address").ip().to_string();
    // this server has other ports, so those of authorities are closed, or somebody else's
    let found = in_the_way(&server, &own).await;
    let (last, ports) = found.split_last().expect("something");
    assert_eq!((last.as_str(), ports.len()), ("authority_unreachable", 2), "{found:?}");
    assert!(ports.iter().all(|code| ["port_unreachable", "port_of_another"].contains(&code.as_str())));
}

#[tokio::test]
async fn an_authority_whose_clock_agrees_is_not_in_the_way() {
    let looks = Looks::free();
    let authority = Authority::start(looks, json!({})).await;
    let server = json!({"domain": NAME, "port": looks.https, "httpPort": looks.http});
    let server = Server::builder().tls(authority.section()).config(json!({"server": server})).start().await;
    assert_eq!(in_the_way(&server, NAME).await, ["domain_unknown"]);
}

#[tokio::test]
async fn without_a_daemon_the_file_is_written_and_the_rest_is_named() {
    let (mut server, file) = started().await;
    let path = file.to_str().expect("a path").to_owned();
    server.stop().await;
    let wanted = ["setup", "--config", &path, "--domain", NAME, "--admin", "me@example.org"];
    let told = server.ctl(wanted).await.failed(UNREACHABLE);
    assert!(told.stderr.contains("is written") && told.stderr.contains("systemctl start bedrud"), "{told:?}");
    assert!(fs::read_to_string(&file).expect("the file").contains("\n  domain: nowhere.invalid\n"));
}
