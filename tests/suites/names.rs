//! What people are called: as they like, in any script, but never so that nothing is seen or that the words around it suffer.

use bedrud_tests::{PASSWORD, Server, json, until, webhook_token};

use crate::rooms::text;

/// Names that people really have, or give themselves.
const GOOD: &[&str] = &[
    "O'Brien",
    "Tom & Anna",
    "Robert \"Bob\" Roe",
    "<Ada>",
    "\"Bo\" Müller",
    "李娜",
    "محمد",
    "مهدی\u{200c}زاده",
    "नमस्ते जी",
    "❤️❤️",
];

/// Controls, overrides of the direction of writing, nothing to see, too short, too long in characters or in bytes.
fn bad() -> Vec<String> {
    let written = [
        "a\u{7}b",
        "a\u{1b}[31mb",
        "a\u{9b}b",
        "a\u{202e}b",
        "a\u{2066}b",
        "a\nb",
        "\u{3164}\u{3164}",
        "\u{2800}\u{2800}",
        "\u{200b}\u{200b}",
        "\u{115f}\u{1160}",
        "\u{ad}\u{ad}\u{ad}",
        "\u{2060}\u{200d}",
        "",
    ];
    let mut all: Vec<String> = written.map(str::to_owned).to_vec();
    all.extend(["y".repeat(51), "👨‍👩‍👧‍👦".repeat(12)]);
    all
}

#[tokio::test]
async fn people_are_called_what_they_call_themselves() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    for (number, name) in GOOD.iter().enumerate() {
        let body = json!({"email": format!("p{number}@example.org"), "password": PASSWORD, "name": format!("  {name} ")});
        let made = server.stranger().post("/api/auth/register").json(body).await.ok();
        assert_eq!(made.text("user/name"), *name);
        assert_eq!(alice.put("/api/auth/me").json(json!({"name": name})).await.ok().text("name"), *name);
        let guest = server.stranger().post("/api/auth/guest-login").json(json!({"name": name})).await.ok();
        assert_eq!(guest.text("user/name"), *name);
        let body = json!({"roomName": "standup", "guestName": name});
        let guest = server.stranger().post("/api/room/guest-join").json(body).await.ok();
        assert_eq!(text(&crate::rooms::claims(&guest.text("token")), "name"), *name);
        let mail = format!("q{number}@example.org");
        server.ctl(["user", "add", &mail, "--name", name, "--generate-password"]).await.ok();
        let shown = server.ctl(["user", "show", &mail, "--json"]).await.ok().json();
        assert_eq!(text(&shown, "name"), *name);
    }
    // one spelling, fifty characters as people count them, and a single one for a guest of one meeting
    let decomposed = "e\u{301}".repeat(50);
    let renamed = alice.put("/api/auth/me").json(json!({"name": decomposed})).await.ok();
    assert_eq!(renamed.text("name"), "é".repeat(50));
    let body = json!({"roomName": "standup", "guestName": "李"});
    server.stranger().post("/api/room/guest-join").json(body).await.ok();
}

#[tokio::test]
async fn a_name_of_which_nothing_is_seen_is_refused_at_every_door() {
    let server = Server::with_sfu().await;
    let first = until("the set-up token", async || server.setup_token()).await;
    for name in bad().iter().map(String::as_str).chain(["x"]) {
        let body = json!({"token": first, "email": "a@example.org", "password": PASSWORD, "name": name});
        server.stranger().post("/api/auth/setup").json(body).await.refused(400, "name_invalid");
    }
    let alice = server.user("alice").await;
    alice.room("standup").await;
    for name in bad() {
        for name in [name.as_str(), "x"] {
            let body = json!({"email": "b@example.org", "password": PASSWORD, "name": name});
            server
                .stranger()
                .post("/api/auth/register")
                .json(body)
                .await
                .refused(400, "registration_refused");
            let login = server.stranger().post("/api/auth/guest-login").json(json!({"name": name})).await;
            login.refused(400, "name_invalid");
            alice.put("/api/auth/me").json(json!({"name": name})).await.refused(400, "name_invalid");
        }
        let body = json!({"roomName": "standup", "guestName": name});
        server.stranger().post("/api/room/guest-join").json(body).await.refused(400, "name_invalid");
        if !name.is_empty() {
            let titled = json!({"title": format!("{name}{name}")});
            if name != "\u{200b}\u{200b}" {
                // blanks of no width around a title are trimmed, and nothing is no title
                alice.post("/api/room/create").json(titled).await.refused(400, "title_invalid");
            }
            server
                .ctl(["user", "add", "c@example.org", "--name", &name, "--generate-password"])
                .await
                .failed(2);
        }
    }
    assert_eq!(alice.get("/api/auth/me").await.ok().text("name"), "alice");
    let people = server.ctl(["user", "list", "--json"]).await.ok().json();
    assert_eq!(people["total"], 2, "{people}");
}

#[tokio::test]
async fn a_mail_address_with_an_apostrophe_signs_up_and_in() {
    let server = Server::start().await;
    server.admin().await;
    for mail in ["sean.o'brien@example.org", "tom&anna@example.org", "a+b=c@example.org"] {
        let body = json!({"email": mail, "password": PASSWORD, "name": "Seán"});
        server.stranger().post("/api/auth/register").json(body).await.ok();
        let body = json!({"email": mail.to_uppercase(), "password": PASSWORD});
        assert_eq!(server.stranger().post("/api/auth/login").json(body).await.ok().text("user/email"), mail);
        assert_eq!(server.ctl(["user", "show", mail, "--json"]).await.ok().json()["email"], mail);
    }
}

#[tokio::test]
async fn names_are_found_in_any_case_of_any_script() {
    let server = Server::start().await;
    server.admin().await;
    for (number, name) in ["Émile Dupont", "Жук", "Straße", "Σίσυφος", "İzmir"].iter().enumerate()
    {
        let mail = format!("p{number}@example.org");
        server.ctl(["user", "add", &mail, "--name", name, "--generate-password"]).await.ok();
    }
    for (wanted, found) in [
        ("émile", "p0"),
        ("ÉMILE", "p0"),
        ("e\u{301}mile", "p0"),
        ("ЖУ", "p1"),
        ("STRASSE", "p2"),
        ("ΣΊΣΥΦ", "p3"),
        ("izmir", "p4"),
    ] {
        let list = server.ctl(["user", "list", wanted, "--json"]).await.ok().json();
        assert_eq!(
            (&list["total"], &list["users"][0]["email"]),
            (&json!(1), &json!(format!("{found}@example.org"))),
            "{wanted}"
        );
    }
    assert_eq!(server.ctl(["user", "show", "жук", "--json"]).await.ok().json()["email"], "p1@example.org");
    assert_eq!(server.ctl(["user", "list", "%", "--json"]).await.ok().json()["total"], 0);
}

#[tokio::test]
async fn what_acts_on_a_terminal_never_reaches_it() {
    let server = Server::start().await;
    let owner = server.user("owner").await;
    let room = text(&owner.room("standup").await, "id");
    // a name that the SFU tells of: somebody else's SFU, or a token of before today's rule
    let event = json!({"event": "participant_joined", "room": {"sid": "RM_1", "name": room}, "participant":
        {"sid": "PA_1", "identity": "mallory", "name": "Eve\u{1b}[2J\u{9b}2J\u{202e}live", "state": "ACTIVE", "joinedAtMs": "1795263566704"}});
    let body = event.to_string();
    let token = webhook_token("APItest", "a-secret-of-the-suites-0123456789abcdef", body.as_bytes());
    let request = server.stranger().post("/api/livekit/webhook").header("authorization", &token);
    request.raw("application/webhook+json", body).await.is(200);
    for verb in [
        vec!["room", "participants", "standup"],
        vec!["room", "participants", "standup", "--json"],
        vec!["room", "kick", "standup", "mallory", "--dry-run"],
        vec!["room", "kick", "standup", "mallory", "--dry-run", "--json"],
        vec!["room", "mute", "standup", "mallory"],
        vec!["room", "kick", "standup", "\u{1b}[2J"],
    ] {
        let told = server.ctl(&verb).await;
        let acting = |c: char| {
            c != '\n' && (c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        };
        assert!(!told.stdout.contains(acting) && !told.stderr.contains(acting), "{verb:?}: {told:?}");
        assert!(
            verb.contains(&"mute") || told.stdout.contains("Eve") || told.code == 4,
            "{verb:?}: {told:?}"
        );
    }
}
