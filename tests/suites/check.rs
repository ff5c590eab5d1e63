//! `bedrud check-config` says before what would fail after: everything at once, each with its key and its remedy, and it makes
//! and changes nothing.
use std::{
    ffi::OsStr,
    fs,
    os::unix::ffi::OsStrExt,
    process::{Command, Output},
};

use bedrud_tests::{Server, Value, json, tls};
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};

fn told(mut command: Command) -> (bool, String) {
    let Output { status, stderr, .. } = command.output().expect("bedrud ends");
    let told = String::from_utf8_lossy(&stderr).into_owned();
    assert!(!told.contains("panicked"), "{told}");
    (status.success(), told)
}

/// A server with this pair and this name.
fn with_files(chain: &str, key: &str, more: Value) -> Server {
    let server = Server::builder().tls(json!({"mode": "files"})).config(more).prepare();
    fs::write(server.path("cert.pem"), chain).expect("written");
    fs::write(server.path("key.pem"), key).expect("written");
    let files = json!({"tls": {"certFile": server.path("cert.pem"), "keyFile": server.path("key.pem")}});
    server.reconfigure(files);
    server
}

fn refuses(server: &Server, codes: &[(&str, &str)]) {
    let (valid, told) = told(server.command("check-config"));
    assert!(!valid, "called valid, but {codes:?}");
    for (key, code) in codes {
        let found = told.lines().any(|line| line.starts_with(key) && line.ends_with(&format!("[{code}]")));
        assert!(found, "no line for {key} [{code}] in\n{told}");
    }
    assert_eq!(told.lines().count(), codes.len(), "nothing else is wrong:\n{told}");
}

/// A chain of a leaf for `name` and the authority that signed it, each PEM, and the leaf's key.
fn signed(name: &str) -> (String, String, String) {
    let (root_key, key) = (KeyPair::generate().expect("a key"), KeyPair::generate().expect("a key"));
    let mut root = CertificateParams::new(Vec::new()).expect("names");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.distinguished_name.push(DnType::CommonName, "A test authority");
    let root = root.self_signed(&root_key).expect("an authority");
    let mut leaf = CertificateParams::new(vec![name.to_owned()]).expect("names");
    leaf.distinguished_name.push(DnType::CommonName, name);
    let leaf = leaf.signed_by(&key, &root, &root_key).expect("a certificate");
    (leaf.pem(), root.pem(), key.serialize_pem())
}

/// A self-signed pair as `change` wants it.
fn made(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> (String, String) {
    let mut wanted =
        CertificateParams::new(names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>()).expect("names");
    change(&mut wanted);
    let key = KeyPair::generate().expect("a key");
    (wanted.self_signed(&key).expect("a certificate").pem(), key.serialize_pem())
}

#[test]
fn certificate_files_that_browsers_or_we_would_refuse_are_told_before_the_start() {
    let name = || json!({"server": {"domain": "meet.example.org"}});
    let (chain, key) = tls::pair("meet.example.org", 30);
    let (leaf, root, leaf_key) = signed("meet.example.org");
    let common = made(&[], |wanted| wanted.distinguished_name.push(DnType::CommonName, "meet.example.org"));
    let client = made(&["meet.example.org"], |wanted| {
        wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    });
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let older = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    let (other, expired) = (tls::pair("meet.example.org", 30), tls::pair("meet.example.org", -1));
    let elsewhere = tls::pair("elsewhere.example.org", 30);
    let (cert_file, key_file) = ("tls.certFile", "tls.keyFile");
    for (chain, key, codes) in [
        (&*chain, &*encrypted, &[(key_file, "key_encrypted")][..]),
        (&chain, older, &[(key_file, "key_encrypted")]),
        (&chain, &other.1, &[(key_file, "key_mismatch")]),
        (&key, &chain, &[(cert_file, "certificate_missing"), (key_file, "key_unreadable")]),
        (&format!("{root}{leaf}"), &leaf_key, &[(cert_file, "certificate_order")]),
        (&expired.0, &expired.1, &[(cert_file, "certificate_expired")]),
        (&expired.0, "", &[(cert_file, "certificate_expired"), (key_file, "key_unreadable")]),
        (&elsewhere.0, &elsewhere.1, &[(cert_file, "certificate_for_other_names")]),
        (&common.0, &common.1, &[(cert_file, "certificate_without_names")]),
        (&client.0, &client.1, &[(cert_file, "certificate_purpose")]),
        ("", "", &[(cert_file, "certificate_missing"), (key_file, "key_unreadable")]),
    ] {
        refuses(&with_files(chain, key, name()), codes);
    }
    let server = with_files(&chain, &key, name());
    for file in ["cert.pem", "key.pem"] {
        fs::remove_file(server.path(file)).expect("removed");
    }
    refuses(&server, &[(cert_file, "file_unreadable"), (key_file, "file_unreadable")]);

    let wild = tls::pair("*.example.org", 30);
    for (chain, key, domain) in [
        (&*chain, &*key, "meet.example.org"),
        (&chain, &key, "MEET.example.org."),
        (&chain, &key, "127.0.0.1"),
        (&wild.0, &wild.1, "meet.example.org"),
        (&format!("{leaf}{root}"), &leaf_key, "meet.example.org"),
    ] {
        let server = with_files(chain, key, json!({"server": {"domain": domain}}));
        let (valid, told) = told(server.command("check-config"));
        assert!(valid, "{domain}: {told}");
    }
}

#[test]
fn everything_is_told_at_once_and_nothing_is_made() {
    let server = json!({
        "port": 7001, "httpPort": 7001, "host": "192.0.2.77", "domain": "a b",
        "frontendURL": "https://meet.example.org/rooms?x", "frameAncestors": ["*"],
    });
    let livekit = json!({
        "external": false, "binary": "/nowhere", "nodeIP": "meet", "udpPortRange": "5-6", "udpPort": 7002,
        "apiSecretFile": "/nowhere", "turn": {"udpPort": 7002, "tcpPort": 7001},
    });
    let config = json!({
        "server": server, "livekit": livekit, "cors": {"allowedOrigins": ["*", "https://a.example/x"]},
        "database": {"path": "/nowhere/at/all/bedrud.db", "maxOpenConns": 0}, "nonsense": 1,
    });
    let mut server = Server::builder().tls(json!({"mode": "self-signed"})).config(config).prepare();
    fs::write(server.path("state"), "a file where a directory should be").expect("written");
    fs::create_dir_all(server.path("nowhere")).expect("a directory");
    server.reconfigure(json!({"database": {"path": server.path("state/bedrud.db")}}));
    server.set_variable("BEDRUD_AUTH_REFRESH_TOKEN_DAYS", "0");
    let invalid = "invalid_value";
    refuses(
        &server,
        &[
            ("nonsense", "unknown_key"),
            ("server.domain", invalid),
            ("server.frontendURL", invalid),
            ("server.frameAncestors", invalid),
            ("cors.allowedOrigins", invalid),
            ("cors.allowedOrigins", invalid),
            ("auth.refreshTokenDays", invalid),
            ("database.maxOpenConns", invalid),
            ("state-dir", "directory_unusable"),
            ("server.httpPort", "port_twice"),
            ("livekit.turn.tcpPort", "port_twice"),
            ("server.host", "address_unusable"),
            ("database.path", "database_unreadable"),
            ("livekit.apiSecretFile", "secret_unreadable"),
            ("livekit.binary", "livekit_binary_missing"),
            ("livekit.nodeIP", invalid),
            ("livekit.udpPortRange", invalid),
        ],
    );
    assert!(!server.path("run").exists());

    let good = Server::builder().sfu().prepare();
    let (valid, told) = told(good.command("check-config"));
    assert!(valid && !good.path("state").exists() && !good.path("run").exists(), "{told}");
}

#[tokio::test]
async fn beside_a_running_daemon_it_disturbs_nobody_and_reads_its_database() {
    let server = Server::start().await;
    server.user("alice").await;
    let files = || fs::read_dir(server.path("state")).expect("state").count();
    let before = files();
    let (valid, text) = told(server.command("check-config"));
    assert!(valid, "{text}");
    assert_eq!(files(), before);
    server.login("alice").await.ok();
    let garbage = Server::builder().on_file("the file is no database").prepare();
    fs::create_dir(garbage.path("state")).expect("a directory");
    fs::write(garbage.path("state/bedrud.db"), "no database at all ".repeat(200)).expect("written");
    refuses(&garbage, &[("database.path", "database_unreadable")]);
}

#[test]
fn a_variable_that_is_no_text_is_named_and_others_are_nobodys_affair() {
    let server = Server::builder().prepare();
    for (name, is_ours) in [("BEDRUD_SERVER_DOMAIN", true), ("SOMETHING_ELSE", false)] {
        for verb in ["check-config", "run"] {
            if verb == "run" && !is_ours {
                continue;
            }
            let mut command = server.command(verb);
            command.env(name, OsStr::from_bytes(b"caf\xe9.example"));
            let (valid, told) = told(command);
            assert_eq!(valid, !is_ours, "{told}");
            assert!(!is_ours || (told.contains(name) && told.contains("UTF-8")), "{told}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_provider_is_told_before_the_start_and_no_secret_with_it() {
    let right = || json!({"id": "example", "issuer": "https://id.example.org/", "clientId": "bedrud"});
    let with = |more: Value| {
        let mut one = right();
        for (key, value) in more.as_object().expect("members") {
            one[key] = value.clone();
        }
        one
    };
    let check = |all: Value, codes: &[(&str, &str)]| {
        let server = Server::builder().config(json!({"auth": {"providers": all}})).prepare();
        refuses(&server, codes);
    };
    let at = |key: &str| format!("auth.providers.0.{key}:");
    for (more, key, code) in [
        (json!({"id": "Example"}), "id", "invalid_value"),
        (json!({"id": ""}), "id", "invalid_value"),
        (json!({"id": "passkey"}), "id", "invalid_value"),
        (json!({"name": " "}), "name", "invalid_value"),
        (json!({"issuer": null}), "issuer", "missing_value"),
        (json!({"issuer": "http://id.example.org"}), "issuer", "invalid_value"),
        (json!({"issuer": "id.example.org"}), "issuer", "invalid_value"),
        (json!({"issuer": "https://a:b@id.example.org"}), "issuer", "invalid_value"),
        (json!({"clientId": ""}), "clientId", "missing_value"),
        (json!({"clientSecretFile": "secret"}), "clientSecretFile", "invalid_value"),
        (
            json!({"clientSecret": "hidden from all", "clientSecretFile": "/x"}),
            "clientSecretFile",
            "invalid_value",
        ),
        (json!({"kind": "github"}), "clientSecretFile", "missing_value"),
        (json!({"scopes": ["email"]}), "scopes", "invalid_value"),
        (json!({"rootFile": "root.pem"}), "rootFile", "invalid_value"),
        (json!({"administrators": ["admins"]}), "claim", "missing_value"),
        (json!({"claim": "groups"}), "claim", "unused_value"),
        (json!({"kind": "twitter", "claim": "groups", "allowed": ["a"]}), "claim", "invalid_value"),
    ] {
        check(json!([with(more)]), &[(&at(key), code)]);
    }
    check(json!([right(), right()]), &[("auth.providers.1.id:", "invalid_value")]);
    check(json!([with(json!({"clientID": "x"}))]), &[("auth.providers:", "invalid_value")]);
    check(json!([with(json!({"kind": "ldap"}))]), &[("auth.providers:", "invalid_value")]);
    // a number is no text, and may be the secret all the same
    let server =
        Server::builder().config(json!({"auth": {"providers": [with(json!({"clientSecret": 8675309}))]}}));
    let (valid, said) = told(server.prepare().command("check-config"));
    assert!(!valid && !said.contains("8675309"), "{said}");
    let nameless = Server::builder().tls(json!({"mode": "self-signed"}));
    let nameless = nameless.config(json!({"auth": {"providers": [right()]}})).prepare();
    refuses(&nameless, &[("server.domain:", "missing_value")]);
    let (valid, said) = told(
        Server::builder().config(json!({"auth": {"providers": [right()]}})).prepare().command("check-config"),
    );
    assert!(valid, "{said}");
}
