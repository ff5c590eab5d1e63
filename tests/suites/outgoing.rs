//! What a server elsewhere is told of meetings here: signed, in order, and only what it asked for.
use bedrud_tests::{Client, Manner, Receiver, Server, Value, json, repository, until};

use crate::calls::enter;

/// Receivers of the suites are on this machine, which nobody may call otherwise.
pub(crate) fn may_call_us() -> Value {
    json!({"webhooks": {"allowedNetworks": ["127.0.0.0/8"]}})
}

/// A webhook for the events, or for all of them: its id and secret.
pub(crate) async fn hook(admin: &Client, receiver: &Receiver, events: Value) -> (String, String) {
    let wish = json!({"url": receiver.url(), "events": events});
    let made = admin.post("/api/admin/webhooks").json(wish).await.is(201);
    (made.text("id"), made.text("secret"))
}

pub(crate) async fn faring(admin: &Client, id: &str) -> Value {
    admin.get(format!("/api/admin/webhooks/{id}")).await.ok().json()
}

#[tokio::test]
async fn a_receiver_is_told_of_a_meeting_by_signed_calls_in_order() {
    let server = Server::builder().sfu().config(may_call_us()).start().await;
    let admin = server.admin().await;
    let receiver = Receiver::start().await;
    let (_, secret) = hook(&admin, &receiver, json!([])).await;
    let alice = server.user("alice").await;
    let room = alice.room("standup").await["id"].as_str().expect("an id").to_owned();
    receiver.called(1).await;
    let inside = enter(&alice, "standup").await;
    receiver.called(2).await;
    inside.leave().await;
    receiver.called(3).await;
    let inside = enter(&alice, "standup").await;
    receiver.called(4).await;
    alice.post(format!("/api/room/{room}/end")).await.ok();
    drop(inside);
    let calls = receiver.called(6).await;
    let told: Vec<_> = calls.iter().map(|call| call.header("x-bedrud-event").to_owned()).collect();
    let (joined, left) = ("participant.joined", "participant.left");
    assert_eq!(told, ["room.created", joined, left, joined, left, "room.ended"]);
    let alice_id = alice.id().await;
    for call in &calls {
        assert!(call.is_signed(&secret), "{call:?}");
        let json = call.json();
        assert_eq!(call.header("x-bedrud-event"), json["event"]);
        assert_eq!(call.header("x-bedrud-delivery"), json["id"]);
        assert_eq!(call.header("x-bedrud-timestamp"), json["timestamp"]);
        assert_eq!(json["data"]["roomId"], json!(room));
        assert_eq!(
            (&json["data"]["roomName"], &json["data"]["userId"]),
            (&json!("standup"), &json!(alice_id))
        );
    }
    // the end is told once, however often the SFU and the sweep find the room empty; deleting it is another thing
    alice.delete(format!("/api/room/{room}")).await.is(202);
    let calls = receiver.called(7).await;
    assert_eq!(calls[6].json()["event"], "room.ended");
}

#[tokio::test]
async fn a_receiver_is_told_what_it_asked_for_and_nothing_while_it_is_off() {
    let server = Server::builder().config(may_call_us()).start().await;
    let admin = server.admin().await;
    let (all, ended, off) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
    hook(&admin, &all, json!(["room.created", "room.ended"])).await;
    hook(&admin, &ended, json!(["room.ended"])).await;
    let (id, _) = hook(&admin, &off, json!([])).await;
    admin.put(format!("/api/admin/webhooks/{id}")).json(json!({"isActive": false})).await.ok();
    let alice = server.user("alice").await;
    let room = alice.room("standup").await["id"].as_str().expect("an id").to_owned();
    alice.delete(format!("/api/room/{room}")).await.is(202);
    all.called(2).await;
    assert_eq!(ended.called(1).await[0].json()["event"], "room.ended");
    admin.put(format!("/api/admin/webhooks/{id}")).json(json!({"isActive": true})).await.ok();
    alice.room("retro").await;
    assert_eq!(off.called(1).await[0].json()["data"]["roomName"], "retro");
    assert_eq!(ended.calls().len(), 1);
}

#[tokio::test]
async fn a_webhook_is_listed_tried_rotated_and_deleted_and_shows_its_secret_only_when_it_is_new() {
    let server = Server::builder().config(may_call_us()).start().await;
    let admin = server.admin().await;
    let receiver = Receiver::start().await;
    let (id, secret) = hook(&admin, &receiver, json!(["room.created"])).await;
    let listed = admin.get("/api/admin/webhooks").await.ok();
    assert!(!listed.to_string().contains(&secret), "{listed}");
    let listed = listed.json();
    assert_eq!(
        (&listed["total"], &listed["page"], &listed["webhooks"][0]["id"]),
        (&json!(1), &json!(1), &json!(id))
    );
    let tested = admin.post(format!("/api/admin/webhooks/{id}/test")).await.ok().json();
    assert_eq!((&tested["success"], &tested["status"]), (&json!(true), &json!(200)));
    let call = receiver.called(1).await.remove(0);
    assert_eq!(call.json()["event"], "ping");
    assert!(call.is_signed(&secret));
    let rotated = admin.post(format!("/api/admin/webhooks/{id}/rotate-secret")).await.ok().text("secret");
    assert_ne!(rotated, secret);
    admin.post(format!("/api/admin/webhooks/{id}/test")).await.ok();
    let call = receiver.called(2).await.remove(1);
    assert!(call.is_signed(&rotated) && !call.is_signed(&secret));
    receiver.answers(Manner::Says(500));
    let tested = admin.post(format!("/api/admin/webhooks/{id}/test")).await.ok().json();
    assert_eq!((&tested["success"], &tested["error"]), (&json!(false), &json!("It answered 500.")));
    let told = admin.get(format!("/api/admin/webhooks/{id}/deliveries")).await.ok().json();
    let states: Vec<_> =
        told["deliveries"].as_array().expect("deliveries").iter().map(|d| &d["state"]).collect();
    assert_eq!(states, ["dead", "delivered", "delivered"]);
    admin.delete(format!("/api/admin/webhooks/{id}")).await.ok();
    admin.get(format!("/api/admin/webhooks/{id}")).await.refused(404, "not_found");
    assert_eq!(admin.get("/api/admin/webhooks").await.ok().json()["webhooks"], json!([]));
}

#[tokio::test]
async fn the_operator_does_the_same_at_the_shell() {
    let server = Server::builder().config(may_call_us()).start().await;
    let receiver = Receiver::start().await;
    let added =
        server.ctl(["webhook", "add", &receiver.url(), "--events", "room.created", "--json"]).await.ok();
    let added = added.json();
    let [id, secret] = ["id", "secret"].map(|name| added[name].as_str().expect("text").to_owned());
    server.ctl(["webhook", "test", &id]).await.ok();
    assert!(receiver.called(1).await[0].is_signed(&secret));
    receiver.answers(Manner::Says(404));
    server.ctl(["webhook", "test", &id]).await.exited(1);
    let told = server.ctl(["webhook", "deliveries", &id, "--state", "dead", "--json"]).await.ok().json();
    let dead = told["deliveries"][0]["id"].as_str().expect("an id").to_owned();
    let shown = server.ctl(["webhook", "deliveries", &id, &dead]).await.ok();
    assert!(shown.stdout.contains("It answered 404."), "{shown:?}");
    receiver.answers(Manner::Says(204));
    server.ctl(["webhook", "replay", &id]).await.ok();
    let call = receiver.called(3).await.remove(2);
    assert_eq!(call.json()["id"], json!(dead), "the same letter again");
    let rotated = server.ctl(["webhook", "rotate", &id, "--yes", "--json"]).await.ok().json();
    assert_ne!(rotated["secret"], json!(secret));
    assert!(server.ctl(["webhook", "list"]).await.ok().stdout.contains(&receiver.url()));
    server.ctl(["webhook", "remove", &id, "--yes"]).await.ok();
    server.ctl(["webhook", "remove", &id, "--yes"]).await.failed(4);
}

#[tokio::test]
async fn a_letter_of_a_deleted_webhook_is_never_sent() {
    let server = Server::builder().config(may_call_us()).start().await;
    let admin = server.admin().await;
    let receiver = Receiver::start().await;
    receiver.answers(Manner::Says(503));
    let (id, _) = hook(&admin, &receiver, json!([])).await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    receiver.called(1).await;
    let gone = async || (faring(&admin, &id).await["failures"] == 1).then_some(());
    until("the failure to be written down", gone).await;
    admin.delete(format!("/api/admin/webhooks/{id}")).await.ok();
    assert_eq!(server.database().number("SELECT count(*) FROM webhook_deliveries"), 0);
    assert_eq!(server.database().number("SELECT count(*) FROM webhook_attempts"), 0);
}

/// Whoever reads the API document can do what it says: its example is computed again here, by nothing of the daemon.
#[test]
fn the_example_in_the_document_verifies() {
    let text = std::fs::read_to_string(repository().join("frontend/openapi.json")).expect("the document");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let tags = document["tags"].as_array().expect("tags");
    let tag = tags.iter().find(|tag| tag["name"] == "webhooks").expect("the tag");
    let description = tag["description"].as_str().expect("a text");
    let indented: Vec<_> = description.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let [secret, body, header, _] = indented.as_slice() else { panic!("{indented:?}") };
    let (name, value) = header.split_once(": ").expect("a header");
    let headers = [(name.parse().expect("a name"), value.parse().expect("a value"))].into_iter().collect();
    let call = bedrud_tests::Call { headers, body: (*body).to_owned().into(), taken: true };
    assert!(call.is_signed(secret));
    let json = call.json();
    assert_eq!(json["event"], "participant.joined");
}
