//! The whole policy of moderation through the doors: everybody who acts, upon everybody who can be met, by every verb, in
//! every state of the other. What is expected is written down here once more, in the words of the contract.

use bedrud_tests::{Answer, Client, lk::Participant};
use http::Method;

use crate::{
    moderation::Meeting,
    rooms::{count_is, enter},
};

/// Everybody who acts, the least first, so that most is refused before anything changes.
const ACTORS: [&str; 7] = ["nobody", "guest", "participant", "moderator", "admin", "owner", "shell"];

/// Public route, word of the operator's door where it has one, and kind.
const VERBS: [(&str, Option<&str>, Kind); 15] = [
    ("kick/{}", Some("kick"), Kind::Out),
    ("ban/{}", Some("ban"), Kind::Ban),
    ("unban/{}", Some("unban"), Kind::Unban),
    ("mute/{}", Some("mute"), Kind::Quiet),
    ("video/{}/off", None, Kind::Quiet),
    ("screenshare/{}/stop", None, Kind::Quiet),
    ("ask/{}/camera", None, Kind::Quiet),
    ("ask/{}/unmute", Some("unmute"), Kind::Ask),
    ("hold/{}/microphone", Some("hold-microphone"), Kind::Hold),
    ("hold/{}/camera", Some("hold-camera"), Kind::Hold),
    ("hold/{}/screenshare", Some("hold-screenshare"), Kind::Hold),
    ("release/{}/microphone", Some("release-microphone"), Kind::Release),
    ("release/{}/camera", Some("release-camera"), Kind::Release),
    ("promote/{}", None, Kind::Role),
    ("demote/{}", None, Kind::Role),
];

#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Out,
    Ban,
    Unban,
    Quiet,
    /// Gives back what is held.
    Ask,
    Hold,
    Release,
    Role,
}

/// How the other is found.
#[derive(Clone, Copy, PartialEq, Debug)]
enum State {
    NeverHere,
    /// Was inside, has a token that is still good.
    Left,
    Banned,
    Inside,
    /// Inside, and the microphone is held.
    Held,
    /// The same of somebody who has left.
    HeldAndLeft,
}

const STATES: [State; 6] =
    [State::NeverHere, State::Left, State::Banned, State::Inside, State::Held, State::HeldAndLeft];

impl State {
    fn is_inside(self) -> bool {
        matches!(self, Self::Inside | Self::Held)
    }

    fn is_held(self) -> bool {
        matches!(self, Self::Held | Self::HeldAndLeft)
    }

    /// Moderators were inside to become it, and a ban takes it from them.
    fn is_possible(self, target: &str) -> bool {
        target != "moderator" || !matches!(self, Self::NeverHere | Self::Banned)
    }
}

/// The stable code, `ok`, or `401`; `None` where there is no such door.
fn expected(actor: &str, word: Option<&str>, kind: Kind, target: &str, state: State) -> Option<&'static str> {
    let moderates = target != "participant";
    let gives_back = kind == Kind::Release || (kind == Kind::Ask && state == State::Held);
    let is_met = match kind {
        Kind::Ban => state != State::NeverHere,
        Kind::Unban => state == State::Banned,
        Kind::Release => state.is_inside() || state.is_held(),
        Kind::Role => state.is_inside() || target == "moderator",
        Kind::Out | Kind::Quiet | Kind::Ask | Kind::Hold => state.is_inside(),
    };
    let met = if is_met { "ok" } else { "not_found" };
    Some(match actor {
        "shell" => match word {
            None => return None,
            // the operator names people who are there, or were
            Some(_) if kind == Kind::Release && !state.is_inside() => "not_found",
            Some(_) => met,
        },
        "nobody" => "401",
        "guest" | "participant" if kind == Kind::Role => "not_owner",
        "guest" | "participant" => "not_moderator",
        "moderator" if kind == Kind::Role => "not_owner",
        _ if target == "owner" && actor != "owner" => "target_owner",
        _ if target == "owner" => "target_self",
        "moderator" if moderates && (gives_back || !matches!(kind, Kind::Quiet | Kind::Ask)) => {
            "target_moderator"
        }
        _ => met,
    })
}

/// The people of one meeting.
struct House {
    meeting: Meeting,
    actors: Vec<(&'static str, Client)>,
    _anchor: Participant,
}

impl House {
    async fn built() -> Self {
        let meeting = Meeting::of_two().await;
        let server = &meeting.server;
        let guest = server.stranger().with_cookies();
        let login =
            guest.post("/api/auth/guest-login").json(bedrud_tests::json!({"name": "Gast"})).await.ok();
        let guest = guest.bearer(login.text("tokens/accessToken"));
        let (moderator, admin) = (server.user("mo").await, server.admin().await);
        let anchor = enter(&moderator, "standup").await;
        count_is(&meeting.alice, &meeting.room, 3).await;
        let promoted = format!("/api/room/{}/promote/{}", meeting.room, moderator.id().await);
        meeting.alice.post(promoted).await.ok();
        let actors = vec![
            ("nobody", server.stranger()),
            ("guest", guest),
            ("participant", meeting.bob.clone()),
            ("moderator", moderator),
            ("admin", admin),
            ("owner", meeting.alice.clone()),
        ];
        Self { meeting, actors, _anchor: anchor }
    }

    fn path(&self, route: &str, id: &str) -> String {
        format!("/api/room/{}/{}", self.meeting.room, route.replace("{}", id))
    }

    async fn as_shell(&self, word: &str, id: &str) -> Answer {
        self.meeting.server.control(Method::POST, &format!("/v1/rooms/standup/{word}/{id}"), None).await
    }

    async fn act(&self, actor: &str, route: &str, word: Option<&str>, id: &str) -> Option<String> {
        let answer = match actor {
            "shell" => self.as_shell(word?, id).await,
            _ => {
                let (_, client) = self.actors.iter().find(|(name, _)| *name == actor).expect("an actor");
                client.post(self.path(route, id)).await
            }
        };
        Some(match answer.status {
            200 => "ok".to_owned(),
            401 => "401".to_owned(),
            _ => answer.code(),
        })
    }

    async fn is_inside(&self, id: &str) -> bool {
        let path = format!("/api/room/{}/presence", self.meeting.room);
        let told = self.meeting.alice.get(path).await.ok().json();
        told["participants"].as_array().is_some_and(|all| all.iter().any(|one| one["identity"] == id))
    }

    async fn wait(&self, id: &str, inside: bool) {
        let what = format!("{id} to be {}", if inside { "inside" } else { "outside" });
        bedrud_tests::until(&what, async || (self.is_inside(id).await == inside).then_some(())).await;
    }
}

/// The person upon whom everything is done.
struct Target {
    rank: &'static str,
    client: Client,
    id: String,
    inside: Option<Participant>,
}

impl Target {
    /// Somebody of that rank who was never in the room.
    async fn of(house: &House, rank: &'static str, name: &str) -> Self {
        let server = &house.meeting.server;
        let client = server.user(name).await;
        if rank == "admin" {
            server.ctl(["user", "role", &format!("{name}@example.org"), "admin"]).await.ok();
        }
        let id = client.id().await;
        Self { rank, client, id, inside: None }
    }

    /// Brings this person into the state, whatever was done before.
    async fn bring(&mut self, house: &House, state: State) {
        if state == State::NeverHere {
            return;
        }
        house.as_shell("unban", &self.id).await;
        if !house.is_inside(&self.id).await {
            self.inside = Some(enter(&self.client, "standup").await);
            house.wait(&self.id, true).await;
        }
        for word in ["release-microphone", "release-camera", "release-screenshare"] {
            house.as_shell(word, &self.id).await.ok();
        }
        let role = if self.rank == "moderator" { "promote" } else { "demote" };
        if self.rank != "owner" {
            house.meeting.alice.post(house.path(&format!("{role}/{{}}"), &self.id)).await.is(200);
        }
        if state.is_held() {
            house.as_shell("hold-microphone", &self.id).await.ok();
        }
        if state == State::Banned {
            house.as_shell("ban", &self.id).await.ok();
        } else if let (false, Some(inside)) = (state.is_inside(), self.inside.take()) {
            inside.leave().await;
        }
        house.wait(&self.id, state.is_inside()).await;
    }
}

/// Everybody upon somebody of that rank.
async fn upon(rank: &'static str) {
    let house = House::built().await;
    let mut wrong = Vec::new();
    for state in STATES.into_iter().filter(|state| state.is_possible(rank)) {
        let name = format!("{rank}-{state:?}").to_lowercase();
        let mut target = Target::of(&house, rank, &name).await;
        target.bring(&house, state).await;
        for (route, word, kind) in VERBS {
            for actor in ACTORS {
                let Some(wanted) = expected(actor, word, kind, rank, state) else { continue };
                let told = house.act(actor, route, word, &target.id).await.expect("a door");
                if told != wanted {
                    wrong.push(format!("{actor}: {route} upon {rank} ({state:?}): {told}, not {wanted}"));
                }
                if told == "ok" {
                    target.bring(&house, state).await;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn upon_a_participant() {
    upon("participant").await;
}

#[tokio::test]
async fn upon_a_moderator() {
    upon("moderator").await;
}

#[tokio::test]
async fn upon_an_administrator() {
    upon("admin").await;
}

#[tokio::test]
async fn upon_the_owner_and_upon_oneself() {
    let house = House::built().await;
    let owner = house.meeting.alice.id().await;
    for (route, word, kind) in VERBS {
        for (actor, client) in house.actors.iter().skip(1) {
            let wanted = expected(actor, word, kind, "owner", State::Inside);
            let told = house.act(actor, route, word, &owner).await;
            assert_eq!(told.as_deref(), wanted, "{actor}: {route} upon the owner");
            let of_oneself = match wanted {
                Some("not_owner" | "not_moderator") => wanted,
                _ => Some("target_self"),
            };
            let told = house.act(actor, route, word, &client.id().await).await;
            assert_eq!(told.as_deref(), of_oneself, "{actor}: {route} upon oneself");
        }
    }
    // the shell reaches owners too, but for their role
    house.as_shell("mute", &owner).await.ok();
    house.as_shell("hold-camera", &owner).await.ok();
    house.as_shell("ban", &owner).await.ok();
    house.meeting.alice.join("standup").await.refused(403, "banned");
    house.as_shell("unban", &owner).await.ok();
    enter(&house.meeting.alice, "standup").await;
}
