//! Names of hosts: whatever a browser can open is a server with meetings and a relay, or is refused in words before.
use bedrud_tests::{
    Server, Value, json,
    lk::Participant,
    stun::{self, Message},
    tls::{self, Believe},
};

use crate::{calls::ticket, tls_turn::asked};

/// Somebody in a meeting of this server is told of the relay at `host`, and the relay lets them in.
async fn has_a_relay_at(server: &Server, host: &str) {
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let (told, token) = ticket(&alice, "standup").await;
    let port = server.address().port();
    assert_eq!(told, format!("wss://{host}:{port}/livekit"));
    // here the name leads nowhere
    let here = format!("wss://{}/livekit", server.address());
    let inside = Participant::join(&here, &token).await.expect("a seat");
    let seen = inside.seen();
    let url = format!("turns:{host}:{port}?transport=tcp");
    let relay = seen.ice_servers.iter().find(|one| one.urls.contains(&url));
    let relay = relay.unwrap_or_else(|| panic!("no {url} among {:?}", seen.ice_servers));
    let mut stream = tls::anyone(server.address()).await;
    let refusal = asked(&mut stream, &Message::allocate()).await;
    let who = refusal.credential(&relay.username, &relay.credential).expect("a realm");
    let given = stun::ask(&mut stream, &Message::allocate(), Some(&who)).await.expect("an answer");
    assert!(given.is_allocated(), "{given:?}");
    inside.leave().await;
}

#[tokio::test]
async fn a_meeting_works_under_every_name_that_a_browser_opens() {
    for (domain, name) in [
        ("meet", "meet"),
        ("my_host.example", "my_host.example"),
        ("Meet.Example.ORG.", "meet.example.org"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("192.0.2.10", "192.0.2.10"),
        ("[2001:DB8::1]", "2001:db8::1"),
    ] {
        let builder = Server::builder().sfu().tls(json!({"mode": "self-signed"}));
        let config = json!({"server": {"domain": domain}, "livekit": {"nodeIP": "127.0.0.1"}});
        let server = builder.config(config).start().await;
        let host = if name.contains(':') { format!("[{name}]") } else { name.to_owned() };
        has_a_relay_at(&server, &host).await;
        // whoever trusts the certificate is in under that name
        let pem = server.stranger().get("/api/cert").await.is(200);
        let pem = String::from_utf8(pem.body.to_vec()).expect("PEM");
        let stream = tls::connect(server.address(), name, tls::settings(&Believe::Pem(pem))).await;
        let (status, _) = tls::get(stream.expect(domain), "/api/health").await.expect("an answer");
        assert_eq!(status, 200);
        let plain = bedrud_tests::Client::new(format!("http://{}", server.plain_address()));
        let sent = plain.get("/m/standup").await.is(308);
        assert_eq!(sent.header("location"), format!("https://{host}:{}/m/standup", server.address().port()));
    }
}

#[tokio::test]
async fn a_server_without_a_name_is_reached_by_its_addresses() {
    for (host, told) in [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")] {
        let builder = Server::builder().sfu().tls(json!({"mode": "self-signed"}));
        let server = builder.config(json!({"server": {"host": host}})).start().await;
        has_a_relay_at(&server, told).await;
        let names = server.ctl(["cert", "status", "--json"]).await.ok().json()["names"].clone();
        let has = |name: &str| names.as_array().is_some_and(|names| names.contains(&Value::from(name)));
        assert!(has(host) && has(&server.node_address().await), "{names}");
    }
}

#[tokio::test]
async fn at_443_a_name_that_the_sfu_refuses_is_announced_beside_one_that_it_takes() {
    let builder = Server::builder().sfu().tls(json!({"mode": "self-signed"}));
    let server = json!({"domain": "meet", "frontendURL": "https://meet"});
    let config = json!({"server": server, "livekit": {"nodeIP": "127.0.0.1"}});
    let server = builder.config(config).start().await;
    let text = std::fs::read_to_string(server.path("run/livekit.yaml")).expect("the SFU's file");
    assert!(text.contains("domain: 127.0.0.1"), "{text}");
    // the connection that is told so goes to where this server really listens
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let (_, token) = ticket(&alice, "standup").await;
    let inside =
        Participant::join(&format!("wss://{}/livekit", server.address()), &token).await.expect("a seat");
    let seen = inside.seen();
    let told =
        seen.ice_servers.iter().flat_map(|one| &one.urls).any(|url| url == "turns:meet:443?transport=tcp");
    assert!(told, "{:?}", seen.ice_servers);
    inside.leave().await;
}

#[tokio::test]
async fn what_is_no_host_is_refused_in_words() {
    for (domain, mode) in [
        ("https://meet.example.org", "self-signed"),
        ("meet.example.org:443", "self-signed"),
        ("meet.example.org/rooms", "self-signed"),
        ("192.0.2", "self-signed"),
        ("192.0.2.256", "self-signed"),
        ("-meet.example", "self-signed"),
        ("meet..example", "self-signed"),
        ("192.0.2.10", "acme"),
        ("meet", "acme"),
        ("my_host.example", "acme"),
    ] {
        let server =
            Server::builder().tls(json!({"mode": mode})).config(json!({"server": {"domain": domain}}));
        let output = server.prepare().command("check-config").output().expect("bedrud ends");
        let told = String::from_utf8_lossy(&output.stderr);
        let line = told.lines().find(|line| line.starts_with("server.domain: "));
        assert!(!output.status.success() && line.is_some_and(|line| line.len() > 40), "{domain}: {told}");
    }
}
