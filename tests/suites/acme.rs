//! Mode `acme` against a real ACME server.
use bedrud_tests::{
    Server,
    authority::{Authority, Looks},
    json,
    tls::{self, Believe},
    until,
};

const NAME: &str = "meet.example.org";

/// A server that orders there.
fn prepared(authority: &Authority, looks: Looks) -> Server {
    let server = json!({"domain": NAME, "port": looks.https, "httpPort": looks.http});
    Server::builder().tls(authority.section()).config(json!({"server": server})).prepare()
}

async fn started(authority: &Authority, looks: Looks) -> Server {
    let mut server = prepared(authority, looks);
    server.spawn();
    server.ready().await;
    server
}

/// Waits for a certificate that people believe who believe `root`; gives it back.
async fn believed(server: &Server, root: &str) -> Vec<u8> {
    until("a certificate of the authority", async || {
        let settings = tls::settings(&Believe::Pem(root.to_owned()));
        let stream = tls::connect(server.address(), NAME, settings).await.ok()?;
        Some(tls::shown(&stream))
    })
    .await
}

#[tokio::test]
async fn the_first_certificate_comes_by_itself_on_443() {
    let looks = Looks::free();
    let authority = Authority::start(Looks { http: 1, ..looks }, json!({})).await;
    let server = started(&authority, looks).await;
    believed(&server, &authority.root().await).await;
    assert_eq!(authority.orders(), 1);
}
