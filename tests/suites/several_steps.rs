//! Acts of several steps: all of it or nothing, and whoever asked may be gone, the SFU may be away or the daemon killed in between.
use std::{
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    io::Write,
    net::TcpStream,
    process::Command,
    time::Duration,
};

use bedrud_tests::{Client, Server, Value, json, lk::Participant, until, until_within};
use http::Method;

/// What the SFU did not take is tried again within seconds.
const AGAIN: Duration = Duration::from_secs(40);
/// Rounds of killing, unless the environment wants more.
const ROUNDS: usize = 8;

/// A server whose SFU is another server's, so that it goes on when the daemon is killed.
struct Place {
    theirs: Server,
    server: Server,
}

impl Place {
    async fn new() -> Self {
        let theirs = Server::with_sfu().await;
        let server = Server::builder().config(Self::config(&theirs).await).start().await;
        let place = Self { theirs, server };
        place.ready().await;
        place
    }

    /// The section of a daemon that uses the SFU of `theirs`.
    async fn config(theirs: &Server) -> Value {
        let port = sfu(theirs).await["ports"]["http"].as_u64().expect("a port");
        let keys = fs::read_to_string(theirs.path("state/livekit-keys")).expect("their key pair");
        let (key, secret) = keys.trim().split_once(": ").expect("key: secret");
        let livekit = json!({
            "host": format!("ws://127.0.0.1:{port}"), "internalHost": format!("ws://127.0.0.1:{port}"),
            "apiKey": key, "apiSecret": secret,
        });
        json!({"livekit": livekit})
    }

    async fn ready(&self) {
        until("the daemon and its SFU", async || {
            (self.server.stranger().get("/api/ready").await.status == 200).then_some(())
        })
        .await;
    }

    /// Ends the daemon at once and starts it again.
    async fn kill_and_start(&mut self) {
        self.server.kill();
        self.server.spawn();
        self.server.ready().await;
        self.ready().await;
    }

    async fn signal_sfu(&self, name: &str) {
        let pid = sfu(&self.theirs).await["pid"].as_u64().expect("a process");
        let sent = Command::new("kill").args([name, &pid.to_string()]).status().expect("kill(1)");
        assert!(sent.success(), "no such process");
    }

    async fn room(&self, name: &str) -> Value {
        self.server.control(Method::GET, &format!("/v1/rooms/{name}"), None).await.json()
    }
}

async fn sfu(server: &Server) -> Value {
    server.control(Method::GET, "/v1/livekit", None).await.ok().json()
}

async fn enter(person: &Client, room: &str) -> Participant {
    let answer = person.join(room).await.is(200);
    Participant::join(&answer.text("livekitHost"), &answer.text("token")).await.expect("a seat")
}

fn id(room: &Value) -> String {
    room["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn who_may_not_be_deleted_keeps_their_rooms() {
    let server = Server::with_sfu().await;
    let admin = server.admin().await;
    admin.room("standup").await;
    let inside = enter(&admin, "standup").await;
    server.ctl(["user", "delete", "admin@example.org", "--yes"]).await.failed(6);
    admin.join("standup").await.is(200);
    assert!(inside.seen().left.is_none(), "nobody was put out");
    // whoever may be, leaves nothing behind
    let alice = server.user("alice").await;
    for name in ["one", "two", "three"] {
        alice.room(name).await;
    }
    let guest = enter(&server.guest("Guest").await, "two").await;
    let own = enter(&alice, "standup").await;
    until("the guest inside", async || {
        let told = server.control(Method::GET, "/v1/rooms/two", None).await.json();
        (told["participantsCount"] == 1).then_some(())
    })
    .await;
    let told = server.ctl(["user", "delete", "alice@example.org", "--dry-run"]).await.exited(7);
    assert!(told.stdout.contains("3 rooms (three, two, one) with 1 person inside"), "{told:?}");
    let told = server.ctl(["user", "delete", "alice@example.org"]).await.failed(2);
    assert!(told.stderr.contains("3 rooms (three, two, one)"), "the question: {told:?}");
    server.ctl(["user", "delete", "alice@example.org", "--yes"]).await.ok();
    guest.until("the end of the meeting", |seen| seen.left.is_some()).await;
    own.until("being put out", |seen| seen.left.is_some()).await;
    for name in ["one", "two", "three"] {
        admin.join(name).await.refused(410, "room_closed");
    }
}

#[tokio::test]
async fn a_meeting_ends_although_whoever_ended_it_is_gone() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let room = id(&alice.room("standup").await);
    let inside = enter(&alice, "standup").await;
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    let request = format!(
        "POST /api/room/{room}/end HTTP/1.1\r\nhost: bedrud\r\nauthorization: Bearer {}\r\ncontent-length: 0\r\n\r\n",
        alice.token()
    );
    stream.write_all(request.as_bytes()).expect("sent");
    until("the decision", async || server.log().contains("room.end").then_some(())).await;
    drop(stream);
    inside.until("the end of the meeting", |seen| seen.left.is_some()).await;
}

#[tokio::test]
async fn what_the_sfu_did_not_take_is_tried_again() {
    let place = Place::new().await;
    let alice = place.server.user("alice").await;
    let room = id(&alice.room("standup").await);
    let inside = enter(&alice, "standup").await;
    place.signal_sfu("-STOP").await;
    alice.post(format!("/api/room/{room}/end")).await.ok();
    place.signal_sfu("-CONT").await;
    let gone = async || inside.seen().left.is_some().then_some(());
    until_within(AGAIN, "the end of the meeting", gone).await;
    // the next meeting is another one
    let again = enter(&alice, "standup").await;
    until("somebody inside", async || (place.room("standup").await["participantsCount"] == 1).then_some(()))
        .await;
    assert!(again.seen().left.is_none(), "ended twice");
}

#[tokio::test]
async fn a_meeting_that_was_ended_does_not_come_back_with_the_sfu() {
    let mut server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let room = id(&alice.room("standup").await);
    let answer = alice.join("standup").await.ok();
    let (host, token) = (answer.text("livekitHost"), answer.text("token"));
    let inside = Participant::join(&host, &token).await.expect("a seat");
    let count = async |server: &Server| {
        let told = server.control(Method::GET, "/v1/rooms/standup", None).await.json();
        told["participantsCount"].as_i64()
    };
    until("alice inside", async || (count(&server).await == Some(1)).then_some(())).await;
    let pid = sfu(&server).await["pid"].as_u64().expect("a process").to_string();
    assert!(Command::new("kill").args(["-STOP", &pid]).status().expect("kill(1)").success());
    alice.post(format!("/api/room/{room}/end")).await.ok();
    server.kill();
    Command::new("kill").args(["-9", &pid]).status().expect("kill(1)");
    drop(inside);
    server.spawn();
    server.ready().await;
    assert_eq!(count(&server).await, Some(0));
    assert!(Participant::join(&host, &token).await.is_err(), "the token of the meeting that is over");
    enter(&alice, "standup").await;
}

#[tokio::test]
async fn another_daemon_of_the_same_database_finishes_what_one_left() {
    let mut place = Place::new().await;
    let database = json!({"database": place.server.database_section()});
    let second = Server::builder().config(Place::config(&place.theirs).await).config(database);
    let second = second.start().await;
    let alice = place.server.user("alice").await;
    let room = id(&alice.room("standup").await);
    let inside = enter(&alice, "standup").await;
    // both are told of both, and neither undoes what the other knows
    until("the other one to know", async || {
        let told = second.control(Method::GET, "/v1/rooms/standup", None).await.json();
        (told["participantsCount"] == 1).then_some(())
    })
    .await;
    place.signal_sfu("-STOP").await;
    alice.post(format!("/api/room/{room}/end")).await.ok();
    place.server.kill();
    place.signal_sfu("-CONT").await;
    let gone = async || inside.seen().left.is_some().then_some(());
    until_within(Duration::from_secs(80), "the end of the meeting", gone).await;
    assert!(!second.log().contains("recovery_held"), "nobody waits for a daemon that is done");
}

/// What is killed in the middle.
#[derive(Clone, Copy, Debug)]
enum Verb {
    Ban,
    DeleteUser,
    End,
    Promote,
}

/// Every verb is begun, and the daemon killed a random moment later. After the next start either nothing of it has happened,
/// or all of it.
#[tokio::test]
async fn killed_in_the_middle_leaves_all_of_it_or_nothing() {
    let rounds = std::env::var("BEDRUD_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS);
    let mut place = Place::new().await;
    place.server.admin().await;
    for round in 0..rounds {
        let verb = [Verb::Ban, Verb::DeleteUser, Verb::End, Verb::Promote][round % 4];
        let (name, slug) = (format!("owner{round}"), format!("room-{round}"));
        let owner = place.server.user(&name).await;
        let room = id(&owner.room(&slug).await);
        let guest = place.server.guest("Guest").await;
        let (owner_id, guest_id) = (owner.id().await, guest.id().await);
        let (there, other) = (enter(&owner, &slug).await, enter(&guest, &slug).await);
        until("both inside", async || (place.room(&slug).await["participantsCount"] == 2).then_some(()))
            .await;
        let socket = place.server.socket();
        let (path, method) = match verb {
            Verb::Ban => (format!("/v1/rooms/{slug}/ban/{guest_id}"), Method::POST),
            Verb::DeleteUser => (format!("/v1/users/{owner_id}"), Method::DELETE),
            Verb::End => (format!("/api/room/{room}/end"), Method::POST),
            Verb::Promote => (format!("/api/room/{room}/promote/{guest_id}"), Method::POST),
        };
        let (asked, by) = (path.clone(), owner.clone());
        let asking = tokio::spawn(async move {
            if asked.starts_with("/v1") {
                bedrud_tests::ask_socket(&socket, method, &asked, None).await.ok();
            } else {
                by.request(method, asked).await;
            }
        });
        // a random moment is the point of it
        let pause = RandomState::new().build_hasher().finish() % if round % 2 == 0 { 8_000 } else { 60_000 };
        tokio::time::sleep(Duration::from_micros(pause)).await;
        place.kill_and_start().await;
        asking.abort();
        let what = format!("round {round}: {verb:?} killed after {pause} us");
        match verb {
            Verb::Ban => {
                let known = place.room(&format!("{slug}/participants")).await;
                let banned = known["banned"].as_array().is_some_and(|b| !b.is_empty());
                settled(&what, &other, banned).await;
            }
            Verb::DeleteUser => {
                let found = place.server.control(Method::GET, &format!("/v1/users/{owner_id}"), None).await;
                let is_gone = found.status == 404;
                // not the administrator's, whose token ends in a run of many rounds
                let join = guest.join(&slug).await;
                assert_eq!(join.status == 410, is_gone, "{what}: the account and its room");
                settled(&what, &there, is_gone).await;
                settled(&what, &other, is_gone).await;
            }
            Verb::End => {
                let is_over =
                    place.server.log().contains(&format!("\"room\":\"{room}\"")) && has_ended(&place, &room);
                settled(&what, &there, is_over).await;
                settled(&what, &other, is_over).await;
            }
            Verb::Promote => {
                let all = place.room(&format!("{slug}/participants")).await;
                let people = all["participants"].as_array().cloned().unwrap_or_default();
                let guest =
                    people.iter().find(|p| p["identity"] == json!(guest_id)).cloned().unwrap_or_default();
                let is_moderator = guest["isModerator"] == true;
                let shown = |text: &str| text.contains("\"role\":\"moderator\"");
                until_within(AGAIN, &what, async || {
                    let seen = there.seen();
                    let told = seen.others.get(&guest_id).map(|p| p.metadata.clone()).unwrap_or_default();
                    (shown(&told) == is_moderator).then_some(())
                })
                .await;
            }
        }
        there.leave().await;
        other.leave().await;
    }
}

/// The decision is in the log before the commit, which may not have come; the table says.
fn has_ended(place: &Place, room: &str) -> bool {
    let sql = format!("SELECT count(*) FROM audit WHERE verb = 'room.end' AND room_id = '{room}'");
    place.server.database().number(&sql) > 0
}

/// Whoever has to leave is put out; whoever has not, is still there when the sweep has looked.
async fn settled(what: &str, person: &Participant, must_leave: bool) {
    if must_leave {
        until_within(AGAIN, what, async || person.seen().left.is_some().then_some(())).await;
    } else {
        assert!(person.seen().left.is_none(), "{what}: put out for nothing");
    }
}
