//! Mail on its way: what waits for a mail server, what is given up, and that nobody waits for either.
use std::{fs, os::unix::fs::PermissionsExt, time::Instant};

use bedrud_tests::{Post, Server, Value, json, link_of, until};
use tokio::net::TcpListener;

async fn forgot(server: &Server, email: &str) -> u128 {
    let began = Instant::now();
    server.stranger().post("/api/auth/forgot-password").json(json!({"email": email})).await.ok();
    began.elapsed().as_millis()
}

async fn queue(server: &Server) -> Value {
    server.ctl(["mail", "status", "--json"]).await.ok().json()
}

/// The one mail in the queue, once it is in that state.
async fn in_state(server: &Server, state: &str) -> Value {
    until(&format!("a mail that is {state}"), async || {
        let mails = queue(server).await["mails"].clone();
        mails.as_array()?.iter().find(|one| one["state"] == state).cloned()
    })
    .await
}

#[tokio::test]
async fn mail_waits_for_a_server_that_is_away_also_over_a_restart() {
    let mut post = Post::start();
    let mut server = Server::builder().config(json!({"mail": post.section()})).start().await;
    server.user("alice").await;
    post.close();
    forgot(&server, "alice@example.org").await;
    forgot(&server, "stranger@example.org").await;
    let waiting = in_state(&server, "failing").await;
    assert_eq!((&waiting["kind"], &waiting["to"]), (&json!("reset"), &json!("alice@example.org")));
    assert!(waiting["lastError"].as_str().is_some_and(|why| why.contains("localhost")), "{waiting}");
    assert_eq!(queue(&server).await["waiting"], 1, "to nobody, nothing");
    server.terminate();
    server.ended().await;
    post.open();
    server.spawn();
    server.ready().await;
    server.ctl(["mail", "retry"]).await.ok();
    let mail = post.mail_to("alice@example.org").await;
    let body = json!({"token": link_of(&mail, "/reset"), "newPassword": "another horse battery"});
    server.stranger().post("/api/auth/reset-password").json(body).await.ok();
    assert!(!server.log().contains(post.secret()), "the password is in the log");
    let config = server.ctl(["config", "show"]).await.ok().stdout;
    assert!(!config.contains(post.secret()), "{config}");
}

#[tokio::test]
async fn what_a_server_refuses_for_good_is_given_up_and_what_for_now_is_tried_again() {
    let post = Post::start();
    let server = Server::builder().config(json!({"mail": post.section()})).start().await;
    server.user("nobody").await;
    server.user("later").await;
    forgot(&server, "nobody@example.org").await;
    let given_up = in_state(&server, "given up").await;
    assert!(
        given_up["lastError"].as_str().is_some_and(|why| why.contains("nobody of that name")),
        "{given_up}"
    );
    assert_eq!((&given_up["attempts"], queue(&server).await["givenUp"].clone()), (&json!(1), json!(1)));
    forgot(&server, "later@example.org").await;
    post.mail_to("later@example.org").await;
    let shown = server.ctl(["mail", "status"]).await.ok().stdout;
    assert!(shown.contains("given up") && shown.contains("starttls"), "{shown}");
}

#[tokio::test]
async fn nobody_waits_for_a_mail_server_that_says_nothing() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = silent.local_addr().expect("bound").port();
    let held = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = silent.accept().await {
            held.push(stream);
        }
    });
    let section =
        json!({"host": "127.0.0.1", "port": port, "security": "none", "from": "bedrud@example.org"});
    let mut server = Server::builder().config(json!({"mail": section})).start().await;
    for name in ["alice", "bob", "carol", "dave", "eve"] {
        server.user(name).await;
        let milliseconds = forgot(&server, &format!("{name}@example.org")).await;
        assert!(milliseconds < 3000, "{milliseconds} ms");
    }
    // a sign-in by a new device leaves a mail too
    let began = Instant::now();
    server.login("alice").await.ok();
    assert!(began.elapsed().as_secs() < 5);
    assert!(queue(&server).await["waiting"].as_i64() >= Some(5));
    // who looks on hears so
    let began = Instant::now();
    let told = server.ctl(["mail", "test", "a@example.org"]).await;
    assert!(
        told.code != 0 && told.stderr.contains("longer than") && began.elapsed().as_secs() < 11,
        "{told:?}"
    );
    server.terminate();
    let began = Instant::now();
    server.ended().await;
    assert!(began.elapsed().as_secs() < 10, "it stops while mail is on its way");
    held.abort();
}

#[tokio::test]
async fn a_test_says_what_the_mail_server_said() {
    let post = Post::start();
    let server = Server::builder().config(json!({"mail": post.section()})).start().await;
    let admin = server.admin().await;
    server.ctl(["mail", "test", "operator@example.org"]).await.ok();
    let mail = post.mail_to("operator@example.org").await;
    assert_eq!(mail["subject"], "Test mail of Bedrud");
    let test =
        async |to: &str| admin.post("/api/admin/settings/send-test-email").json(json!({"to": to})).await;
    test("admin@example.org").await.ok();
    post.mail_to("admin@example.org").await;
    let refused = test("nobody@example.org").await.is(503);
    assert!(refused.sentence().contains("nobody of that name"), "{refused}");
    test("no address").await.refused(400, "mail_invalid");
    test("a@example.org\r\nBcc: eve@example.org").await.refused(400, "mail_invalid");
    // a wrong password is no fault of the receiver, and is shown nowhere
    fs::write(post.path("password"), "of another server").expect("written");
    let told = server.ctl(["mail", "test", "operator@example.org"]).await;
    assert!(told.code != 0 && told.stderr.contains("535") && !told.stderr.contains("of another"), "{told:?}");
    // and a certificate of somebody else
    let (other, _) = bedrud_tests::tls::pair("localhost", 30);
    fs::write(post.path("certificate.pem"), other).expect("written");
    let told = server.ctl(["mail", "test", "operator@example.org"]).await;
    assert!(told.code != 0 && told.stderr.contains("certificate"), "{told:?}");
}

#[tokio::test]
async fn a_program_of_this_machine_carries_mail_as_well() {
    let directory = bedrud_tests::TempDir::new().expect("a directory");
    let program = directory.path().join("sendmail");
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$*\" > {0}/arguments\ncat > {0}/part && mv {0}/part {0}/message\n",
        directory.path().display()
    );
    fs::write(&program, script).expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("ours");
    let section = json!({"sendmail": program, "from": "bedrud@example.org"});
    let server =
        Server::builder().config(json!({"mail": section})).variable("PATH", "/usr/bin:/bin").start().await;
    server.user("alice").await;
    forgot(&server, "alice@example.org").await;
    let message = directory.path().join("message");
    until("the message", async || message.exists().then_some(())).await;
    let arguments = fs::read_to_string(directory.path().join("arguments")).expect("written");
    assert_eq!(arguments.trim(), "-i -f bedrud@example.org -- alice@example.org");
    let message = fs::read_to_string(message).expect("a message");
    assert!(message.contains("From: Bedrud <bedrud@example.org>"), "{message}");
    until("an empty queue", async || (queue(&server).await["waiting"] == 0).then_some(())).await;
}
