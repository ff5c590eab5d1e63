//! A database server that does not suit: a start says so in one sentence with what to type, writes nothing there, and never prints
//! the password.
use std::process::Command;

use bedrud_tests::{
    Server, json,
    postgres::{Cluster, Database, USER, shared},
};

use crate::start::{refuses, run};

const SECRET: &str = "never-printed-s3cret";

/// Both verbs that look at the database refuse this URL with this code; gives back what they said.
async fn refused(url: &str, code: &str) -> String {
    let server = Server::builder().config(json!({"database": {"url": url}})).prepare();
    let mut all = String::new();
    for verb in ["check-config", "run"] {
        let output = run(&server, verb).await;
        refuses(&output, &[("database.url", code)]);
        all += &String::from_utf8_lossy(&output.stderr);
        all += &String::from_utf8_lossy(&output.stdout);
    }
    assert!(!all.contains(SECRET), "a password: {all}");
    all
}

/// Tables that are no system's own.
fn tables(database: &Database) -> String {
    database
        .sql("SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_told() {
    let (place, port) = (shared().place(), shared().port());
    let told = refused(&format!("postgres://{USER}:{SECRET}@{place}:{port}"), "invalid_value").await;
    assert!(told.contains("postgres://USER@HOST/DATABASE"), "{told}");
    refused(&format!("mysql://{USER}:{SECRET}@{place}/meet"), "invalid_value").await;
    refused(&format!("postgres://{USER}:{SECRET}@{place}:many/meet"), "invalid_value").await;
    refused(&format!("postgres://{USER}:{SECRET}@{place}/meet?sslmode=perhaps"), "invalid_value").await;
    let missing = format!("postgres://{USER}:{SECRET}@{place}:{port}/not_there");
    let told = refused(&missing, "database_missing").await;
    assert!(told.contains("createdb --encoding=UTF8"), "{told}");
    let nobody = bedrud_tests::free_port();
    refused(&format!("postgres://{USER}:{SECRET}@127.0.0.1:{nobody}/meet?sslmode=disable"), "database_away")
        .await;
}

#[tokio::test]
async fn a_database_that_does_not_suit_is_refused_and_left_alone() {
    let foreign = Database::new();
    foreign.sql("CREATE TABLE invoices (id BIGINT)");
    refused(&foreign.url(), "database_foreign").await;
    assert_eq!(tables(&foreign), "1");

    let latin = Database::with("ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    let told = refused(&latin.url(), "database_encoding").await;
    assert!(told.contains("LATIN1") && told.contains("createdb"), "{told}");

    let reading = Database::new();
    reading.sql(&format!("ALTER DATABASE {} SET default_transaction_read_only = on", reading.name()));
    refused(&reading.url(), "database_read_only").await;

    let rights = Database::new();
    let meek = format!("meek_{}", rights.name());
    shared().sql("postgres", &format!("CREATE ROLE {meek} LOGIN"));
    let as_meek = rights.url().replace(&format!("//{USER}@"), &format!("//{meek}@"));
    let told = refused(&as_meek, "database_rights").await;
    assert!(told.contains("owner"), "{told}");
    shared().sql("postgres", &format!("REVOKE CONNECT ON DATABASE {} FROM PUBLIC", rights.name()));
    refused(&as_meek, "database_rights").await;

    for database in [&latin, &reading, &rights] {
        assert_eq!(tables(database), "0", "{}", database.name());
    }
}

#[tokio::test]
async fn a_server_that_is_too_old_is_told() {
    let old = Database::new();
    let version: u32 = old.sql("SHOW server_version_num").parse().expect("a number");
    // a really old one is tried with BEDRUD_TEST_POSTGRES; a newer one has to say that it is old
    if version >= 130_000 {
        old.sql(&format!(
            "CREATE FUNCTION public.current_setting(name TEXT) RETURNS TEXT LANGUAGE sql AS
               $$ SELECT CASE name WHEN 'server_version_num' THEN '120022' ELSE pg_catalog.current_setting(name) END $$;
             ALTER DATABASE {} SET search_path = public, pg_catalog",
            old.name()
        ));
    }
    let told = refused(&old.url(), "database_too_old").await;
    assert!(told.contains("PostgreSQL 12") && told.contains("13"), "{told}");
    assert_eq!(tables(&old), "0");
}

#[tokio::test]
async fn a_copy_that_only_reads_is_refused_unless_the_one_that_writes_is_named_too() {
    let (first, copy) = (Cluster::new(&[]), Cluster::empty(&[]));
    first.start();
    first.sql("postgres", "CREATE DATABASE meet");
    copy.follow(&first);
    let told = refused(&copy.url("meet"), "database_read_only").await;
    assert!(told.contains("the one that writes"), "{told}");
    let both =
        format!("postgres://{USER}@{}:{},{}:{}/meet", copy.place(), copy.port(), first.place(), first.port());
    let server = Server::builder().config(json!({"database": {"url": both}})).start().await;
    server.user("alice").await;
}

#[tokio::test]
async fn whom_the_server_does_not_believe_and_whom_we_do_not_is_told() {
    let cluster = Cluster::new(&["listen_addresses=127.0.0.1", "ssl=on"]);
    let (certificate, key) = (cluster.file("server.crt"), cluster.file("server.key"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
        .args([
            "-subj",
            "/CN=localhost",
            "-days",
            "3",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .expect("openssl");
    assert!(made.status.success(), "{made:?}");
    let text = |file: &std::path::Path| std::fs::read_to_string(file).expect("what openssl made");
    cluster.write("server.key", &text(&key));
    cluster.write("server.crt", &text(&certificate));
    cluster.write("pg_hba.conf", "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
    cluster.start();
    cluster.sql("postgres", "CREATE DATABASE meet");
    cluster.sql("postgres", &format!("ALTER ROLE {USER} PASSWORD '{SECRET}'"));
    let url = |password: &str, more: &str| {
        format!("postgres://{USER}{password}@127.0.0.1:{}/meet?{more}", cluster.port())
    };
    let right = format!(":{SECRET}");
    let told = refused(&url(":wrong", "sslmode=require"), "database_login").await;
    assert!(told.contains("pg_hba.conf") && !told.contains("wrong"), "{told}");
    let told = refused(&url("", "sslmode=require"), "database_login").await;
    assert!(told.contains("passfile"), "{told}");
    let told = refused(&url(&right, "sslmode=disable"), "database_login").await;
    assert!(told.contains("pg_hba.conf"), "{told}");
    let told = refused(&url(&right, "sslmode=verify-full"), "database_tls").await;
    assert!(told.contains("sslrootcert"), "{told}");

    // scram with a channel binding over TLS, the certificate believed, the password from a file
    let place = bedrud_tests::TempDir::new().expect("a directory");
    let roots = place.path().join("roots.pem");
    std::fs::write(&roots, text(&certificate)).expect("a file");
    let file = place.path().join("pgpass");
    std::fs::write(&file, format!("127.0.0.1:*:meet:{USER}:{SECRET}\n")).expect("a file");
    let named = format!("sslrootcert={}&passfile={}", roots.display(), file.display());
    let told = refused(&url("", &named), "invalid_value").await;
    assert!(told.contains("chmod 600"), "{told}");
    let chmod = Command::new("chmod").arg("600").arg(&file).status();
    assert!(chmod.expect("chmod(1)").success());
    let server = Server::builder().config(json!({"database": {"url": url("", &named)}})).start().await;
    server.user("alice").await;
    assert!(!server.log().contains(SECRET), "a password in the log");
    let seen = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL";
    assert_eq!(cluster.sql("meet", seen), "t", "every connection is encrypted");
}

#[tokio::test]
async fn who_comes_through_the_socket_is_known_without_a_password() {
    let cluster = Cluster::new(&[]);
    let me = Command::new("id").arg("-un").output().expect("id(1)").stdout;
    let me = String::from_utf8(me).expect("a name");
    cluster.write("pg_hba.conf", "local all all peer map=people\n");
    cluster.write("pg_ident.conf", &format!("people {} {USER}\npeople postgres {USER}\n", me.trim()));
    cluster.start();
    cluster.sql("postgres", "CREATE DATABASE meet");
    cluster.sql("postgres", "CREATE ROLE stranger LOGIN");
    let url = cluster.url("meet");
    let told = refused(&url.replace(&format!("//{USER}@"), "//stranger@"), "database_login").await;
    assert!(told.contains("Peer authentication") && told.contains("pg_hba.conf"), "{told}");
    let server = Server::builder().config(json!({"database": {"url": url}})).start().await;
    server.user("alice").await;
}

#[tokio::test]
async fn two_daemons_that_start_at_once_migrate_once() {
    let database = Database::new();
    let one = || Server::builder().config(json!({"database": {"url": database.url()}})).start();
    let (first, second) = tokio::join!(one(), one());
    let alice = first.user("alice").await;
    alice.room("standup").await;
    second.login("alice").await.ok();
    let twice = "SELECT count(*) - count(DISTINCT version) FROM refinery_schema_history";
    assert_eq!(database.sql(twice), "0");
}
