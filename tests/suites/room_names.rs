//! What rooms are called: by a slug in a link, however it is written, and by a title of their own in any script.

use bedrud_tests::{Server, json};

use crate::rooms::text;

#[tokio::test]
async fn a_room_is_found_however_its_name_is_written() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let made = alice.post("/api/room/create").json(json!({"name": " Stand-Up "})).await.ok().json();
    assert_eq!(made["name"], "stand-up");
    for name in ["STAND-UP", " stand-up", "Stand-Up\n"] {
        let create = alice.post("/api/room/create").json(json!({"name": name})).await;
        create.refused(409, "room_name_taken");
        assert_eq!(alice.join(name).await.ok().json()["id"], made["id"]);
        let body = json!({"roomName": name, "guestName": "Greta"});
        assert_eq!(
            server.stranger().post("/api/room/guest-join").json(body).await.ok().json()["id"],
            made["id"]
        );
        alice.post("/api/room/refresh-token").json(json!({"roomName": name})).await.ok().text("token");
        let shown = server.ctl(["room", "show", name, "--json"]).await.ok().json();
        assert_eq!(shown["id"], made["id"]);
    }
    for written in ["STAND-UP", "stand-up%20", "%20Stand-Up"] {
        let found = server.stranger().get(format!("/api/room/check/{written}")).await.ok();
        assert_eq!(found.text("name"), "stand-up");
    }
    assert_eq!(server.ctl(["room", "show", "STAND", "--json"]).await.ok().json()["id"], made["id"]);
}

#[tokio::test]
async fn whatever_stands_after_m_is_the_page() {
    let server = Server::start().await;
    for link in
        ["standup", "standup.", "v1.2", "Stand-Up", "stand-up%20", "%3Cstandup%3E", "a/b.c", ".", "%E0%A4%A"]
    {
        let page = server.stranger().get(format!("/m/{link}")).await.is(200);
        assert!(page.header("content-type").starts_with("text/html"), "{page}");
        assert!(!page.header("content-security-policy").is_empty(), "{link}");
    }
    let moved = server.stranger().get("/c/standup?from=mail&x=1").await.is(308);
    assert_eq!(moved.header("location"), "/m/standup?from=mail&x=1");
    server.stranger().get("/no-such-file.js").await.is(404);
    server.stranger().post("/m/standup.").await.is(405);
    for (path, status) in [("/health", "healthy"), ("/api/health", "healthy")] {
        assert_eq!(server.stranger().get(path).await.ok().text("status"), status);
    }
    // without an SFU this server is not ready, and says so in the same way under both names
    for path in ["/ready", "/api/ready"] {
        assert_eq!(server.stranger().get(path).await.is(503).text("status"), "not_ready");
    }
}

#[tokio::test]
async fn a_room_has_a_title_of_its_own_in_any_script() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let create =
        async |title: &str| alice.post("/api/room/create").json(json!({"title": title})).await.ok().json();
    for (title, slug) in [
        (" Café Runde ", "cafe-runde"),
        ("Café Runde", "cafe-runde-2"),
        ("周会", "zhou-hui"),
        ("Tom & Anna's <room>", "tom-annas-room"),
    ] {
        let made = create(title).await;
        assert_eq!((text(&made, "title").as_str(), text(&made, "name").as_str()), (title.trim(), slug));
        let joined = alice.join(slug).await.ok();
        assert_eq!(joined.text("title"), title.trim());
        let checked = server.stranger().get(format!("/api/room/check/{slug}")).await.ok();
        assert_eq!(checked.text("title"), title.trim());
        let body = json!({"roomName": slug, "guestName": "Greta"});
        let guest = server.stranger().post("/api/room/guest-join").json(body).await.ok();
        assert_eq!(guest.text("title"), title.trim());
    }
    // what leaves nothing to write in a link gets one that is made up; Arabic letters do leave something
    for title in ["!!", "Q4", "جلسه"] {
        let made = create(title).await;
        assert_eq!(made["title"], title);
        alice.join(&text(&made, "name")).await.ok();
    }
    assert_eq!(alice.room("plain").await["title"], "plain", "without a title it is called by its slug");

    let room = create("Совещание").await;
    let settings = format!("/api/room/{}/settings", text(&room, "id"));
    let changed = alice.put(&settings).json(json!({"title": "Große Runde"})).await.ok().json();
    assert_eq!((&changed["title"], &changed["name"]), (&json!("Große Runde"), &json!("soveshchanie")));
    alice.put(&settings).json(json!({"maxParticipants": 5})).await.ok();
    let list = alice.get("/api/room/list").await.ok().json();
    let titles: Vec<_> = list.as_array().expect("rooms").iter().map(|room| text(room, "title")).collect();
    assert!(titles.contains(&"Große Runde".to_owned()) && titles.contains(&"جلسه".to_owned()), "{titles:?}");
    alice.put(&settings).json(json!({"title": "a\u{202e}b"})).await.refused(400, "title_invalid");
    assert_eq!(alice.put(&settings).json(json!({"title": ""})).await.ok().text("title"), "soveshchanie");
    alice.delete(format!("/api/room/{}", text(&room, "id"))).await.is(202);
    assert_eq!(alice.get("/api/room/archived").await.ok().json()["rooms"][0]["title"], "soveshchanie");
}

#[tokio::test]
async fn the_operator_names_rooms_by_title_too() {
    let server = Server::start().await;
    server.user("alice").await;
    let told = server.ctl(["room", "create", "--owner", "alice", "--title", "Éric's Runde"]).await.ok();
    assert!(told.stdout.contains("Éric's Runde") && told.stdout.contains("erics-runde"), "{told:?}");
    let shown = server.ctl(["room", "show", "éric's runde"]).await.ok();
    assert!(shown.stdout.contains("Éric's Runde"), "{shown:?}");
    let list = server.ctl(["room", "list", "ÉRIC"]).await.ok();
    assert!(list.stdout.contains("Éric's Runde") && list.stdout.contains("erics-runde"), "{list:?}");
    server.ctl(["room", "create", "--owner", "alice", "--title", "ÉRIC'S RUNDE"]).await.ok();
    let told = server.ctl(["room", "show", "Éric's Runde"]).await.failed(6);
    assert!(told.stderr.contains("erics-runde-2"), "{told:?}");
}
