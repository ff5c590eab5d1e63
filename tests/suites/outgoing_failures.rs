//! Receivers that refuse, hang, lead inside or answer nonsense: nothing is lost, nothing overtakes, and meetings never notice.
use std::time::{Duration, Instant};

use bedrud_tests::{Client, Manner, Receiver, Server, Value, json, until, until_within};

use crate::outgoing::{faring, hook, may_call_us};

/// Rooms by their slugs, made one after the other.
async fn rooms(person: &Client, slugs: &[&str]) {
    for slug in slugs {
        person.room(slug).await;
    }
}

fn names(receiver: &Receiver) -> Vec<String> {
    let taken = receiver.calls().into_iter().filter(|call| call.taken);
    taken.map(|call| call.json()["data"]["roomName"].as_str().expect("a slug").to_owned()).collect()
}

/// As if the pause were over, and `hours` had gone by since everything that waits was written.
fn later(server: &Server, hours: i64) {
    let ms = hours * 3_600_000;
    let database = server.database();
    database.run(&format!(
        "UPDATE webhook_deliveries SET give_up_at = give_up_at - {ms} WHERE state = 'waiting'"
    ));
    database.run("UPDATE webhook_lines SET due_at = 0");
}

#[tokio::test]
async fn what_could_not_be_told_is_told_later_in_order() {
    let server = Server::builder().config(may_call_us()).start().await;
    let (admin, receiver) = (server.admin().await, Receiver::start().await);
    receiver.answers(Manner::Says(500));
    let (id, secret) = hook(&admin, &receiver, json!(["room.created"])).await;
    let alice = server.user("alice").await;
    rooms(&alice, &["one", "two", "three"]).await;
    // an hour of failures, by the clock of the table
    for failures in 1..12 {
        let known = async || (faring(&admin, &id).await["failures"] == failures).then_some(());
        until(&format!("failure {failures}"), known).await;
        later(&server, 0);
    }
    let calls = receiver.calls();
    assert!(calls.iter().all(|call| call.json()["data"]["roomName"] == "one"), "nothing overtakes");
    assert!(calls.iter().all(|call| call.body == calls[0].body), "byte by byte the same");
    receiver.answers(Manner::Says(200));
    later(&server, 0);
    until("all of it", async || (names(&receiver).len() == 3).then_some(())).await;
    assert_eq!(names(&receiver), ["one", "two", "three"]);
    assert!(receiver.calls().iter().all(|call| call.is_signed(&secret)));
    let quiet = async || (faring(&admin, &id).await["failures"] == 0).then_some(());
    until("nothing wrong any more", quiet).await;
    // every call can be seen
    let told = admin.get(format!("/api/admin/webhooks/{id}/deliveries")).await.ok().json();
    let first = told["deliveries"][2]["id"].as_str().expect("an id").to_owned();
    let first = admin.get(format!("/api/admin/webhooks/{id}/deliveries/{first}")).await.ok().json();
    let tries = first["tries"].as_array().expect("tries");
    assert_eq!(Some(tries.len()), first["attempts"].as_u64().map(|n| n as usize));
    assert_eq!((&tries[0]["status"], &tries[0]["error"]), (&json!(500), &json!("It answered 500.")));
    assert_eq!(tries.last().map(|last| &last["status"]), Some(&json!(200)));
}

#[tokio::test]
async fn after_a_day_in_vain_it_is_a_dead_letter_which_can_be_sent_again() {
    let server = Server::builder().config(may_call_us()).start().await;
    let (admin, receiver) = (server.admin().await, Receiver::start().await);
    receiver.answers(Manner::Says(500));
    let (id, _) = hook(&admin, &receiver, json!(["room.created"])).await;
    let alice = server.user("alice").await;
    rooms(&alice, &["one", "two"]).await;
    receiver.called(1).await;
    until("the failure", async || (faring(&admin, &id).await["failures"] == 1).then_some(())).await;
    later(&server, 25);
    let dead = async || Some(faring(&admin, &id).await).filter(|fares| fares["dead"] == 2);
    assert_eq!(until("dead letters", dead).await["waiting"], 0, "what waited behind it is as old");
    receiver.answers(Manner::Says(200));
    alice.room("three").await;
    later(&server, 0);
    until("the next", async || (names(&receiver) == ["three"]).then_some(())).await;
    let replayed = admin.post(format!("/api/admin/webhooks/{id}/replay")).await.ok().json();
    assert_eq!(replayed, json!({"count": 2}));
    until("the dead", async || (names(&receiver) == ["three", "one", "two"]).then_some(())).await;
    // one alone, and one that is not there
    let delivered =
        admin.get(format!("/api/admin/webhooks/{id}/deliveries?state=delivered")).await.ok().json();
    assert_eq!(delivered["total"], 3);
    let one = delivered["deliveries"][2]["id"].as_str().expect("an id").to_owned();
    admin.post(format!("/api/admin/webhooks/{id}/deliveries/{one}/replay")).await.ok();
    until("one again", async || (names(&receiver).len() == 4).then_some(())).await;
    assert_eq!(names(&receiver)[3], "one");
    assert_eq!(receiver.taken().len(), 3, "its id is the same");
    admin.post(format!("/api/admin/webhooks/{id}/deliveries/x/replay")).await.refused(404, "not_found");
    admin.get(format!("/api/admin/webhooks/{id}/deliveries?state=lost")).await.refused(400, "state_invalid");
}

#[tokio::test]
async fn one_that_hangs_or_refuses_keeps_nobody_waiting() {
    let server = Server::builder().config(may_call_us()).start().await;
    let (admin, good, bad) = (server.admin().await, Receiver::start().await, Receiver::start().await);
    bad.answers(Manner::Hangs);
    let (hanging, _) = hook(&admin, &bad, json!([])).await;
    // whoever refuses the connection
    let closed = json!({"url": format!("http://127.0.0.1:{}/", bedrud_tests::free_port())});
    let closed = admin.post("/api/admin/webhooks").json(closed).await.is(201).text("id");
    hook(&admin, &good, json!([])).await;
    let alice = server.user("alice").await;
    let began = Instant::now();
    rooms(&alice, &["one", "two"]).await;
    good.called(2).await;
    assert!(began.elapsed() < Duration::from_secs(8), "nobody waits for who hangs: {:?}", began.elapsed());
    let why = async |id: &str| {
        let told = admin.get(format!("/api/admin/webhooks/{id}/deliveries")).await.ok().json();
        let first = told["deliveries"].as_array().and_then(|all| all.last().cloned())?;
        let first = first["id"].as_str().expect("an id").to_owned();
        let shown = admin.get(format!("/api/admin/webhooks/{id}/deliveries/{first}")).await.ok().json();
        shown["tries"][0]["error"].as_str().map(str::to_owned)
    };
    let error = until("what went wrong", async || why(&closed).await).await;
    assert!(error.starts_with("Nobody could be connected to: "), "{error}");
    let error =
        until_within(Duration::from_secs(40), "the end of a call", async || why(&hanging).await).await;
    assert_eq!(error, "There was no answer within 10 seconds.");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_leads_nowhere() {
    let server = Server::builder().config(may_call_us()).start().await;
    let (admin, receiver, inside) = (server.admin().await, Receiver::start().await, Receiver::start().await);
    receiver.answers(Manner::Redirects(inside.url()));
    let (id, _) = hook(&admin, &receiver, json!([])).await;
    let tested = admin.post(format!("/api/admin/webhooks/{id}/test")).await.ok().json();
    assert_eq!((&tested["success"], &tested["status"]), (&json!(false), &json!(302)));
    assert!(tested["error"].as_str().is_some_and(|s| s.contains("Redirects are not followed")), "{tested}");
    assert!(inside.calls().is_empty());
}

#[tokio::test]
async fn over_tls_only_a_certificate_that_this_machine_trusts_is_believed() {
    let (certificate, key) = bedrud_tests::tls::pair("localhost", 30);
    let receiver = Receiver::secure(&certificate, &key).await;
    let tested = async |server: &Server| {
        let admin = server.admin().await;
        let (id, _) = hook(&admin, &receiver, json!([])).await;
        admin.post(format!("/api/admin/webhooks/{id}/test")).await.ok().json()
    };
    let strange = tested(&Server::builder().config(may_call_us()).start().await).await;
    assert_eq!((&strange["success"], &strange["status"]), (&json!(false), &Value::Null));
    assert!(
        strange["error"].as_str().is_some_and(|s| s.starts_with("No TLS connection could be made: ")),
        "{strange}"
    );
    let directory = bedrud_tests::TempDir::new().expect("a directory");
    let file = directory.path().join("authorities.pem");
    std::fs::write(&file, &certificate).expect("the certificate");
    let known = Server::builder().config(may_call_us()).variable("SSL_CERT_FILE", &file.to_string_lossy());
    assert_eq!(tested(&known.start().await).await["success"], true);
    assert_eq!(receiver.calls().len(), 1);
}

#[tokio::test]
async fn nothing_inside_can_be_called_whatever_it_is_written_like() {
    let server = Server::start().await;
    let (admin, inside) = (server.admin().await, Receiver::start().await);
    for url in [
        inside.url(),
        inside.url().replace("127.0.0.1", "localhost"),
        inside.url().replace("127.0.0.1", "2130706433"),
        inside.url().replace("127.0.0.1", "0x7f.1"),
        inside.url().replace("127.0.0.1", "[::ffff:7f00:1]"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "https://10.0.0.1/".to_owned(),
        "https://192.168.1.1/".to_owned(),
        "http://[fe80::1]/".to_owned(),
        "http://[fd00::1]/".to_owned(),
        "http://0.0.0.0/".to_owned(),
        "http://100.64.0.1/".to_owned(),
    ] {
        let refused = admin.post("/api/admin/webhooks").json(json!({"url": url})).await;
        refused.refused(400, "webhook_address_refused");
    }
    for (wish, code) in [
        (json!({}), "webhook_url_invalid"),
        (json!({"url": "no url"}), "webhook_url_invalid"),
        (json!({"url": "ftp://example.org/"}), "webhook_url_invalid"),
        (json!({"url": "file:///etc/passwd"}), "webhook_url_invalid"),
        (json!({"url": "https://a:b@example.org/"}), "webhook_url_invalid"),
        (json!({"url": format!("https://1.1.1.1/{}", "x".repeat(3000))}), "webhook_url_invalid"),
        (json!({"url": "https://1.1.1.1/", "events": ["room.exploded"]}), "event_unknown"),
    ] {
        admin.post("/api/admin/webhooks").json(wish).await.refused(400, code);
    }
    // one that led elsewhere when it was made: looked at again with every call
    let made = json!({"url": "http://1.1.1.1/", "isActive": false});
    let id = admin.post("/api/admin/webhooks").json(made).await.is(201).text("id");
    let url = inside.url().replace("127.0.0.1", "localhost");
    server.database().run(&format!("UPDATE webhooks SET url = {}", bedrud_tests::quoted(&url)));
    let tested = admin.post(format!("/api/admin/webhooks/{id}/test")).await.ok().json();
    assert_eq!((&tested["success"], &tested["status"]), (&json!(false), &Value::Null));
    assert!(tested["error"].as_str().is_some_and(|s| s.contains("webhooks.allowedNetworks")), "{tested}");
    assert!(inside.calls().is_empty());
}

#[tokio::test]
async fn a_network_that_is_none_is_told_at_the_start() {
    let wrong = json!({"webhooks": {"allowedNetworks": ["everywhere"]}});
    let output = Server::builder().config(wrong).prepare().command("check-config").output();
    let output = output.expect("bedrud ends");
    let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(!output.status.success() && told.contains("webhooks.allowedNetworks"), "{told}");
}
