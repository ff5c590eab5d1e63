//! Mode `acme` against a real ACME server: the first certificate, the next, and everything that may be in the way.
use std::fs;

use bedrud_tests::{
    Server, Value,
    authority::{Authority, LONG, Looks},
    json,
    tls::{self, Believe},
    until_within,
};

const FAILED: i32 = 1;
const NAME: &str = "meet.example.org";
/// Nobody listens there.
const NOWHERE: u16 = 1;

/// A server that orders there for `name`, and answers on these ports.
fn prepared(authority: &Authority, looks: Looks, name: &str) -> Server {
    let server = json!({"domain": name, "port": looks.https, "httpPort": looks.http});
    Server::builder().tls(authority.section()).config(json!({"server": server})).prepare()
}

async fn started(authority: &Authority, looks: Looks, name: &str) -> Server {
    let mut server = prepared(authority, looks, name);
    server.spawn();
    server.ready().await;
    server
}

async fn restarted(server: &mut Server) {
    server.stop().await;
    server.spawn();
    server.ready().await;
}

/// The certificate, where those believe it who believe `root`.
async fn seen(server: &Server, name: &str, root: &str) -> Option<Vec<u8>> {
    let settings = tls::settings(&Believe::Pem(root.to_owned()));
    let stream = tls::connect(server.address(), name, settings).await.ok()?;
    Some(tls::shown(&stream))
}

async fn believed(server: &Server, name: &str, root: &str) -> Vec<u8> {
    until_within(LONG, "a certificate of the authority", async || seen(server, name, root).await).await
}

async fn status(server: &Server) -> Value {
    server.ctl(["cert", "status", "--json"]).await.ok().json()
}

/// Waits until an order has failed; what the operator is told then.
async fn failed(server: &Server) -> Value {
    let failed = async || Some(status(server).await).filter(|told| told["lastError"] != "");
    until_within(LONG, "a failed order", failed).await
}

/// It goes on as if there had never been an authority.
async fn still_serves(server: &Server) {
    server.stranger().get("/api/health").await.ok();
    let plain = bedrud_tests::Client::new(format!("http://{}", server.plain_address()));
    plain.get("/api/health").await.is(308);
    assert!(!server.log().contains("panicked"), "{}", server.log());
}

#[tokio::test]
async fn the_first_certificate_comes_by_itself_and_is_kept() {
    let looks = Looks::free();
    let authority = Authority::start(Looks { http: NOWHERE, ..looks }, json!({})).await;
    let root = authority.root().await;
    let mut server = started(&authority, looks, NAME).await;
    let first = believed(&server, NAME, &root).await;
    let told = status(&server).await;
    assert_eq!((&told["mode"], &told["names"]), (&json!("acme"), &json!([NAME])), "{told}");
    assert!(told["issuer"].as_str().is_some_and(|issuer| issuer.contains("Pebble")), "{told}");
    assert!(told["nextTry"].as_str() < told["notAfter"].as_str(), "{told}");
    assert_eq!(told["isPublic"], false, "a test authority is nobody's");
    let page = server.stranger().get("/").await.is(200);
    assert_eq!(page.header("strict-transport-security"), "", "the warning could not be passed any more");
    // no order runs: nothing is answered to whoever looks for a proof
    let mut settings = tls::settings(&Believe::Anything);
    settings.alpn_protocols = vec![b"acme-tls/1".to_vec()];
    tls::connect(server.address(), NAME, settings).await.expect_err("no challenge");

    restarted(&mut server).await;
    assert_eq!(seen(&server, NAME, &root).await.as_ref(), Some(&first), "served from the first moment on");
    assert_eq!(authority.orders(), 1);
    // for another name it is worth nothing, and must not be shown
    server.stop().await;
    server.reconfigure(json!({"server": {"domain": "other.example.org"}}));
    server.spawn();
    server.ready().await;
    believed(&server, "other.example.org", &root).await;
    assert_eq!(authority.orders(), 2);
}

#[tokio::test]
async fn where_443_is_not_found_port_80_proves_the_name() {
    let looks = Looks::free();
    let authority = Authority::start(Looks { https: NOWHERE, ..looks }, json!({})).await;
    let root = authority.root().await;
    let mut server = prepared(&authority, looks, NAME);
    fs::write(server.path("root.pem"), &root).expect("written");
    // on this machine everybody trusts that authority
    let file = server.path("root.pem");
    server.set_variable("SSL_CERT_FILE", &file.to_string_lossy());
    server.spawn();
    server.ready().await;
    believed(&server, NAME, &root).await;
    assert!(server.log().contains("trying http-01"), "{}", server.log());
    assert_eq!(status(&server).await["isPublic"], true);
    let page = server.stranger().get("/").await.is(200);
    assert!(page.header("strict-transport-security").contains("max-age="));
}

#[tokio::test]
async fn it_is_renewed_by_itself_and_on_demand_while_people_are_connected() {
    let looks = Looks::free();
    let authority = Authority::start(looks, json!({"certificateValidityPeriod": 30})).await;
    let root = authority.root().await;
    let server = started(&authority, looks, NAME).await;
    let first = believed(&server, NAME, &root).await;
    let person = server.stranger();
    person.get("/api/health").await.ok();
    let next = until_within(LONG, "another certificate", async || {
        person.get("/api/health").await.ok();
        seen(&server, NAME, &root).await.filter(|seen| *seen != first)
    })
    .await;
    let told = server.ctl(["cert", "renew", "--json"]).await.ok().json();
    assert_eq!(told["lastError"], "", "{told}");
    assert_ne!(seen(&server, NAME, &root).await, Some(next));
    let sql = format!(
        "SELECT count(*) FROM audit WHERE actor = 'system' AND verb = 'certificate.exchange' AND target = '{NAME}'
            AND detail LIKE 'acme, by %Pebble%'"
    );
    let lines = async || Some(server.database().number(&sql)).filter(|lines| *lines >= 3);
    until_within(LONG, "an audit line of each certificate", lines).await;
    person.get("/api/health").await.ok();
}

#[tokio::test]
async fn a_refused_order_is_told_and_not_repeated_soon() {
    let looks = Looks::free();
    let name = "blocked.example.org";
    let authority = Authority::start(looks, json!({"domainBlocklist": [name]})).await;
    let mut server = started(&authority, looks, name).await;
    let told = failed(&server).await;
    assert!(told["lastError"].as_str().is_some_and(|e| e.contains("rejectedIdentifier")), "{told}");
    assert!(told["nextTry"].as_str() > told["lastTry"].as_str(), "{told}");
    still_serves(&server).await;
    let orders = authority.orders();
    restarted(&mut server).await;
    let after = status(&server).await;
    assert_eq!(after["nextTry"], told["nextTry"], "a restart is no reason to ask again: {after}");
    assert_eq!(after["lastError"], told["lastError"]);
    still_serves(&server).await;
    assert_eq!(authority.orders(), orders);
    let refused = server.ctl(["cert", "renew"]).await.failed(FAILED);
    assert!(refused.stderr.contains("rejectedIdentifier"), "{refused:?}");
}

#[tokio::test]
async fn an_authority_that_is_away_changes_nothing() {
    let looks = Looks::free();
    let mut authority = Authority::prepare(looks, json!({}));
    let server = started(&authority, looks, NAME).await;
    let told = failed(&server).await;
    assert!(told["lastError"].as_str().is_some_and(|e| e.contains("cannot be asked")), "{told}");
    still_serves(&server).await;
    authority.begin().await;
    let root = authority.root().await;
    server.ctl(["cert", "renew"]).await.ok();
    let first = seen(&server, NAME, &root).await.expect("a certificate");
    authority.end();
    server.ctl(["cert", "renew"]).await.failed(FAILED);
    assert_eq!(seen(&server, NAME, &root).await, Some(first), "the old one serves on");
    still_serves(&server).await;
}

#[tokio::test]
async fn a_name_that_leads_to_another_server_gets_nothing() {
    let looks = Looks::free();
    let config = json!({"server": {"port": looks.https, "httpPort": looks.http}});
    let other = Server::builder().tls(json!({"mode": "self-signed"})).config(config).start().await;
    let authority = Authority::start(looks, json!({})).await;
    let server = started(&authority, Looks::free(), NAME).await;
    let told = failed(&server).await;
    let error = told["lastError"].as_str().unwrap_or_default();
    assert!(error.contains("tls-alpn-01 on port 443") && error.contains("http-01 on port 80"), "{told}");
    assert_eq!(seen(&server, NAME, &authority.root().await).await, None);
    still_serves(&server).await;
    still_serves(&other).await;
}

#[tokio::test]
async fn a_name_that_leads_nowhere_is_told() {
    let looks = Looks::free();
    let mut authority = Authority::prepare(looks, json!({})).without_names();
    authority.begin().await;
    let server = started(&authority, looks, NAME).await;
    let told = failed(&server).await;
    let error = told["lastError"].as_str().unwrap_or_default();
    assert!(error.contains(NAME) && error.contains("port 443") && error.contains("port 80"), "{told}");
    assert!(told["nextTry"].as_str() > told["lastTry"].as_str(), "{told}");
    still_serves(&server).await;
}

#[tokio::test]
async fn what_makes_no_sense_is_told_before_anything_is_ordered() {
    let section = json!({
        "mode": "acme", "email": "nobody", "acmeDirectory": "http://127.0.0.1/dir", "acmeRootFile": "root.pem",
    });
    let server = Server::builder().tls(section).prepare();
    let told = server.command("check-config").output().expect("bedrud ends");
    let told = String::from_utf8_lossy(&told.stderr);
    for key in ["server.domain", "tls.email", "tls.acmeDirectory", "tls.acmeRootFile"] {
        assert!(told.contains(key), "{key}: {told}");
    }
}

#[tokio::test]
async fn an_authority_that_wants_a_bound_account_is_used_with_its_key_and_told_without() {
    let looks = Looks::free();
    let key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    let more = json!({"externalAccountBindingRequired": true, "externalAccountMACKeys": {"kid-1": key}});
    let authority = Authority::start(looks, more).await;
    let mut server = started(&authority, looks, NAME).await;
    let told = failed(&server).await;
    let error = told["lastError"].as_str().unwrap_or_default();
    assert!(error.contains("externalAccountRequired") && error.contains("tls.eabKeyId"), "{told}");
    server.stop().await;

    let file = server.path("eab");
    fs::write(&file, format!("{key}\n")).expect("written");
    server.reconfigure(json!({"tls": {"eabKeyId": "kid-1", "eabKeyFile": file}}));
    server.spawn();
    server.ready().await;
    server.ctl(["cert", "renew"]).await.ok();
    believed(&server, NAME, &authority.root().await).await;
    let log = fs::read_to_string(server.path("log")).expect("a log");
    assert!(!log.contains(key), "the key is a secret");
    // the next order goes to the same account
    server.ctl(["cert", "renew"]).await.ok();

    server.reconfigure(json!({"tls": {"eabKeyFile": server.path("nowhere")}}));
    let output = server.command("check-config").output().expect("bedrud ends");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("tls.eabKeyFile") && !output.status.success(), "{told}");
}
