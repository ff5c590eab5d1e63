//! `bedrudctl config import`: what an older server had is here, and everybody signs in with what opened their account there.
use std::{fs, path::PathBuf, time::Duration};

use bedrud_tests::{Answer, Below, Client, PASSWORD, Passkey, Server, Told, Value, json};

use crate::passkeys::{page, sign_in};

/// Of [`PASSWORD`] as the older server hashed it: bcrypt of its SHA-256; and as its first versions did.
const HASH: &str = "$2a$10$9jAarGBMlpztBN/tAWWs2ec76UnUrsGMOMabgUgnfkEh53xsHF.fG";
const FIRST_HASH: &str = "$2a$10$UTl2TulljfzXJmQSjjG7FeQDjw4trEx2f5KsOEErZYyV0MK6kvQAS";
const AT: &str = "'2024-05-06 07:08:09.123456+00:00'";

const USAGE: i32 = 2;
const WOULD_CHANGE: i32 = 7;

/// The tables of the older server as far as they matter, by its own names and types.
const SCHEMA: &str = "
    CREATE TABLE users (id varchar(36), email varchar(255) NOT NULL, name varchar(255) NOT NULL,
        provider varchar(20) DEFAULT 'local', avatar_url varchar(255), password varchar(255), refresh_token text,
        accesses text, is_active numeric NOT NULL DEFAULT true, email_verified_at datetime,
        password_changed_at datetime, created_at datetime NOT NULL, updated_at datetime NOT NULL, PRIMARY KEY (id));
    CREATE UNIQUE INDEX idx_email_provider ON users (email, provider);
    CREATE TABLE rooms (id varchar(36), name varchar(255) NOT NULL, created_by varchar(36) NOT NULL,
        is_active numeric NOT NULL DEFAULT true, max_participants integer NOT NULL DEFAULT 20,
        created_at datetime NOT NULL, updated_at datetime NOT NULL, expires_at datetime, admin_id varchar(36) NOT NULL,
        is_public numeric NOT NULL DEFAULT false, settings_allow_chat numeric NOT NULL DEFAULT true,
        settings_allow_video numeric NOT NULL DEFAULT true, settings_allow_audio numeric NOT NULL DEFAULT true,
        settings_require_approval numeric NOT NULL DEFAULT false, settings_e2_ee numeric NOT NULL DEFAULT false,
        settings_is_persistent numeric NOT NULL DEFAULT false,
        settings_recordings_allowed numeric NOT NULL DEFAULT false, mode varchar(20) NOT NULL DEFAULT 'standard',
        last_activity_at datetime, deleted_at datetime, PRIMARY KEY (id));
    CREATE TABLE room_participants (id varchar(36), room_id varchar(36) NOT NULL, user_id varchar(36) NOT NULL,
        joined_at datetime NOT NULL, left_at datetime, is_active numeric NOT NULL DEFAULT true,
        is_banned numeric NOT NULL DEFAULT false, is_moderator numeric NOT NULL DEFAULT false, PRIMARY KEY (id));
    CREATE TABLE passkeys (id varchar(36), user_id varchar(36), credential_id blob, public_key blob, algorithm integer,
        counter integer, name varchar(255), created_at datetime, PRIMARY KEY (id));
    CREATE TABLE system_settings (id integer PRIMARY KEY AUTOINCREMENT, registration_enabled numeric NOT NULL DEFAULT true,
        guest_login_enabled numeric NOT NULL DEFAULT true, server_name varchar(255), chat_message_ttl_hours integer,
        google_client_secret varchar(512), updated_at datetime);
    CREATE TABLE user_preferences (user_id varchar(36), preferences_json text, PRIMARY KEY (user_id));
    CREATE TABLE invite_tokens (id varchar(36), token text, PRIMARY KEY (id));
    CREATE TABLE jobs (id integer PRIMARY KEY, payload text);";

/// An id of the older server: a UUID that ends so.
fn id(end: &str) -> String {
    format!("6f1b0a52-7d3e-4c11-9a68-{end:0>12}")
}

/// The older server's database, without anybody.
pub(crate) struct Older {
    pub(crate) path: PathBuf,
    database: Below,
}

impl Older {
    pub(crate) fn new(server: &Server, name: &str) -> Self {
        let path = server.path(name);
        let database = Below::file(&path);
        database.run(SCHEMA);
        Self { path, database }
    }

    fn user(&self, end: &str, email: &str, name: &str, provider: &str, password: &str) {
        let (id, email) = (id(end), bedrud_tests::quoted(email));
        self.database.run(&format!(
            "INSERT INTO users (id, email, name, provider, password, accesses, created_at, updated_at)
             VALUES ('{id}', {email}, {name}, '{provider}', '{password}', '{{user}}', {AT}, {AT})"
        ));
    }

    fn room(&self, end: &str, name: &str, owner: &str) {
        let (id, owner) = (id(end), id(owner));
        self.database.run(&format!(
            "INSERT INTO rooms (id, name, created_by, admin_id, is_public, created_at, updated_at)
             VALUES ('{id}', '{name}', '{owner}', '{owner}', 1, {AT}, {AT})"
        ));
    }

    fn passkey(&self, end: &str, owner: &str, passkey: &Passkey) {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let (key, counter) = (hex(&passkey.public_key()), passkey.counter);
        let (id, owner, credential) = (id(end), id(owner), hex(&passkey.raw_id()));
        self.database.run(&format!(
            "INSERT INTO passkeys VALUES ('{id}', '{owner}', x'{credential}', x'{key}', -7, {counter}, 'Passkey', {AT})"
        ));
    }

    async fn import(&self, server: &Server, more: &[&str]) -> Told {
        let path = self.path.display().to_string();
        server.ctl([&["config", "import", "--database", &path], more].concat()).await
    }

    async fn imported(&self, server: &Server) -> Value {
        self.import(server, &["--yes", "--json"]).await.ok().json()["database"].clone()
    }
}

/// A small older server with one of everything.
pub(crate) fn older(server: &Server) -> Older {
    let older = Older::new(server, "older.db");
    older.user("a", "Root@Example.org", "'Root'", "local", HASH);
    older.user("b", "alice@example.org", "'Älice'", "local", FIRST_HASH);
    older.user("c", "carol@example.org", "'Carol'", "local", HASH);
    older.user("d", "alice@example.org", "'Alice at Google'", "google", "");
    older.user("e", "eve@example.org", "'E'", "github", "");
    older.user("f", "guest_1@bedrud.guest", "'Gast'", "guest", "");
    older.user("10", "nothing", "'Nobody'", "local", HASH);
    older.user("11", "lines@example.org", "'Two' || char(10) || 'lines' || char(0)", "local", HASH);
    older.user("12", "broken@example.org", "'Broken'", "local", "$2a$10$broken");
    older.database.run(&format!(
        "UPDATE users SET accesses = '{{superadmin,user}}', email_verified_at = {AT} WHERE id = '{}';
         UPDATE users SET is_active = 0 WHERE id = '{}';
         UPDATE users SET accesses = '{{guest}}' WHERE provider = 'guest'",
        id("a"),
        id("c")
    ));
    for (end, name, owner) in [
        ("1a", "standup", "b"),
        ("1b", "standup", "b"),
        ("1c", "closed-by-root", "b"),
        ("1d", "of-a-guest", "f"),
        ("1e", "Not A Slug", "b"),
    ] {
        older.room(end, name, owner);
    }
    older.database.run(&format!(
        "UPDATE rooms SET deleted_at = {AT}, is_active = 0 WHERE id = '{}'; UPDATE rooms SET is_active = 0 WHERE id = '{}';
         UPDATE rooms SET max_participants = 7, settings_allow_chat = 0, settings_e2_ee = 1, mode = 'webinar' WHERE id = '{}'",
        id("1b"),
        id("1c"),
        id("1a")
    ));
    for (end, who, what) in [("1", "a", "0, 1"), ("2", "c", "1, 0"), ("3", "f", "1, 0")] {
        let (end, room, who) = (id(end), id("1a"), id(who));
        older.database.run(&format!(
            "INSERT INTO room_participants VALUES ('{end}', '{room}', '{who}', {AT}, NULL, 0, {what})"
        ));
    }
    older.database.run(&format!(
        "INSERT INTO system_settings (registration_enabled, guest_login_enabled, server_name, chat_message_ttl_hours,
            google_client_secret) VALUES (1, 0, 'Treffpunkt', 0, 's3cret-of-theirs');
         INSERT INTO user_preferences VALUES ('{}', '{{\"language\":\"de\"}}');
         INSERT INTO invite_tokens VALUES ('1', 'x'), ('2', 'y'); INSERT INTO jobs VALUES (1, 'x');
         ALTER TABLE users ADD COLUMN of_a_newer_version text; CREATE TABLE gizmos (id integer); INSERT INTO gizmos VALUES (1)",
        id("b")
    ));
    older
}

pub(crate) fn count(server: &Server, what: &str) -> i64 {
    server.database().number(&format!("SELECT count(*) FROM {what}"))
}

async fn login(server: &Server, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    server.stranger().post("/api/auth/login").json(body).await
}

pub(crate) async fn signs_in(server: &Server, email: &str) -> Client {
    let login = login(server, email, PASSWORD).await.ok();
    server.stranger().bearer(login.text("tokens/accessToken"))
}

/// The hash of somebody's password, as it is kept.
fn hash(server: &Server, end: &str) -> String {
    let sql = format!("SELECT secret FROM credentials WHERE subject = '{}' AND kind = 'password'", id(end));
    server.database().text(&sql)
}

#[tokio::test]
async fn everybody_of_an_older_server_signs_in_with_the_old_password() {
    let server = Server::start().await;
    let older = older(&server);
    let before = fs::read(&older.path).expect("the older database");
    let told = older.import(&server, &["--dry-run", "--json"]).await.exited(WOULD_CHANGE);
    let would = told.json()["database"].clone();
    assert_eq!((count(&server, "users"), count(&server, "rooms"), count(&server, "settings")), (0, 0, 0));
    // not without a yes, and nobody is there to be asked
    let told = older.import(&server, &[]).await.failed(USAGE);
    assert!(told.stderr.contains("6 accounts (1 of them administrators)"), "{told:?}");
    assert_eq!((count(&server, "users"), count(&server, "audit")), (0, 0));
    let all = older.imported(&server).await;
    assert_eq!(all, would, "as the dry run said");
    assert_eq!((all["users"].as_u64(), all["administrators"].as_u64()), (Some(6), Some(1)), "{all}");
    assert_eq!((all["rooms"].as_u64(), all["settings"].as_u64()), (Some(3), Some(2)), "{all}");
    let left = all["left"].to_string();
    for what in [
        "alice@example.org (google)",
        "nothing",
        "of-a-guest",
        "Not A Slug",
        "ways into eve@example.org",
        "name of lines@example.org",
        "password of broken@example.org",
        "1 guests",
        "bans of 1 guests",
        "end-to-end encryption of 1 rooms",
        "chatMessageTTLHours",
        "googleclientsecret",
        "2 of invite_tokens",
        "1 of gizmos",
    ] {
        assert!(left.contains(what), "{what}: {left}");
    }
    assert!(!left.contains("s3cret") && !left.contains("jobs"), "{left}");
    assert_eq!(fs::read(&older.path).expect("the older database"), before, "it is only read");

    assert_eq!(hash(&server, "b"), FIRST_HASH);
    login(&server, "alice@example.org", "correct horse batter").await.refused(401, "login_refused");
    assert_eq!(hash(&server, "b"), FIRST_HASH, "nobody was there");
    for (end, email) in [("a", "root@example.org"), ("b", "Alice@Example.org"), ("11", "lines@example.org")] {
        signs_in(&server, email).await;
        assert!(hash(&server, end).starts_with("$argon2id$"), "{email}: {}", hash(&server, end));
        let again = signs_in(&server, email).await.get("/api/auth/me").await.ok();
        assert_eq!(again.text("createdAt"), "2024-05-06T07:08:09.123Z");
    }
    let me = signs_in(&server, "lines@example.org").await.get("/api/auth/me").await.ok();
    assert_eq!(me.text("name"), "Two lines");
    let root = signs_in(&server, "root@example.org").await;
    root.get("/api/admin/users").await.ok();
    assert_eq!(server.setup_token(), None, "somebody administers it");
    login(&server, "carol@example.org", PASSWORD).await.is(403);
    login(&server, "broken@example.org", PASSWORD).await.refused(401, "login_refused");
    let settings = server.stranger().get("/api/auth/settings").await.ok().json();
    assert_eq!(
        (&settings["serverName"], &settings["guestLoginEnabled"]),
        (&json!("Treffpunkt"), &json!(false))
    );

    let alice = signs_in(&server, "alice@example.org").await;
    assert_eq!(alice.get("/api/auth/preferences").await.ok().text("preferencesJson"), r#"{"language":"de"}"#);
    let rooms = alice.get("/api/room/list").await.ok().json();
    assert_eq!(rooms.as_array().map(Vec::len), Some(1), "{rooms}");
    let room = &rooms[0];
    assert_eq!((&room["name"], &room["maxParticipants"]), (&json!("standup"), &json!(7)));
    assert_eq!(
        (&room["id"], &room["adminId"], &room["mode"]),
        (&json!(id("1a")), &json!(id("b")), &json!("webinar"))
    );
    assert_eq!((&room["settings"]["allowChat"], &room["settings"]["e2ee"]), (&json!(false), &json!(false)));
    let archived = alice.get("/api/room/archived").await.ok().json();
    assert_eq!(archived["total"], 2, "what was archived or closed: {archived}");
    assert_eq!(count(&server, &format!("moderators WHERE identity = '{}'", id("a"))), 1);
    assert_eq!(count(&server, &format!("bans WHERE identity = '{}'", id("c"))), 1);

    // once more: nothing is there twice, nobody has the old hash again, and who was let in stays in
    server.database().run("DELETE FROM bans");
    let told = older.import(&server, &["--dry-run"]).await.ok();
    assert!(told.stdout.contains("LEFT OUT"), "{told:?}");
    let again = older.imported(&server).await;
    assert_eq!((&again["entries"], again["known"].as_u64()), (&json!([]), Some(9)), "{again}");
    assert_eq!((count(&server, "bans"), count(&server, "audit WHERE verb = 'config.import'")), (0, 1));
    assert!(hash(&server, "b").starts_with("$argon2id$"));
    assert!(!server.log().contains("$2a$"), "no hash in the log");
}

#[tokio::test]
async fn nobody_is_overwritten_by_an_import() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    server.admin().await.room("closed-by-root").await;
    server.ctl(["settings", "set", "serverName", "Ours"]).await.ok();
    let older = older(&server);
    older.user("20", "admin@example.org", "'Admin of old'", "local", HASH);
    older.room("21", "of-the-admin", "20");
    let all = older.imported(&server).await;
    let left = all["left"].to_string();
    for what in ["account alice@example.org (local)", "account admin@example.org", "setting serverName"] {
        assert!(left.contains(what), "{what}: {left}");
    }
    assert_eq!(alice.get("/api/auth/me").await.ok().text("name"), "alice");
    server.login("alice").await.ok();
    // whoever has not proven an address does not come by the rooms of the one who had it there; an administrator has
    let own = |rooms: Value| {
        rooms.as_array().expect("rooms").iter().map(|room| room["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(own(alice.get("/api/room/list").await.ok().json()), [json!("standup")]);
    let rooms = own(server.admin().await.get("/api/room/list").await.ok().json());
    assert!(rooms.contains(&json!("of-the-admin")) && rooms.contains(&json!("closed-by-root")), "{rooms:?}");
    let settings = server.ctl(["settings", "--json"]).await.ok().stdout;
    assert!(settings.contains("Ours") && !settings.contains("Treffpunkt"), "{settings}");

    // an open room there, whose link is an open room's here; and an archived one
    let more = Older::new(&server, "more.db");
    more.user("30", "mary@example.org", "'Mary'", "local", HASH);
    more.room("31", "standup", "30");
    more.room("32", "closed-by-root", "30");
    more.database.run(&format!("UPDATE rooms SET deleted_at = {AT} WHERE id = '{}'", id("32")));
    let all = more.imported(&server).await;
    assert!(all["left"].to_string().contains("room \\\"standup\\\""), "{all}");
    assert_eq!(all["rooms"], 1, "{all}");
}

#[tokio::test]
async fn two_devices_that_sign_in_at_once_are_both_in() {
    let server = Server::start().await;
    older(&server).imported(&server).await;
    let attempt = || login(&server, "alice@example.org", PASSWORD);
    let (a, b, c, d) = tokio::join!(attempt(), attempt(), attempt(), attempt());
    for answer in [a, b, c, d] {
        answer.ok();
    }
    assert!(hash(&server, "b").starts_with("$argon2id$"));
}

#[tokio::test]
async fn a_refusal_does_not_tell_who_has_a_password_of_the_older_server() {
    let server = Server::start().await;
    server.user("bob").await;
    older(&server).imported(&server).await;
    let mut quickest = Vec::new();
    for email in ["alice@example.org", "bob@example.org", "nobody@example.org"] {
        let mut times = Vec::new();
        for _ in 0..5 {
            let started = std::time::Instant::now();
            login(&server, email, "not the password").await.refused(401, "login_refused");
            times.push(started.elapsed());
        }
        quickest.extend(times.into_iter().min());
    }
    let (least, most) = (quickest.iter().min().expect("times"), quickest.iter().max().expect("times"));
    assert!(*most < *least + Duration::from_millis(60), "older, ours, none: {quickest:?}");
}

#[tokio::test]
async fn a_passkey_of_the_older_server_opens_its_account() {
    let server = Server::start().await;
    let older = Older::new(&server, "older.db");
    let (mut phone, mut stick) = (Passkey::elsewhere(&page(&server)), Passkey::elsewhere(&page(&server)));
    (phone.is_synced, stick.counter) = (true, 41);
    older.user("a", "ada@example.org", "'Ada'", "passkey", "");
    older.passkey("1", "a", &phone);
    older.passkey("2", "a", &stick);
    older.database.run(&format!(
        "INSERT INTO passkeys VALUES ('x', '{}', x'0102', x'3000', -7, 0, '', {AT}), ('y', '{}', x'03', x'3000', -8, 0, '', {AT})",
        id("a"),
        id("a")
    ));
    let all = older.imported(&server).await;
    assert_eq!((all["users"].as_u64(), all["passkeys"].as_u64()), (Some(1), Some(2)), "{all}");
    assert_eq!(all["left"].to_string().matches("a passkey of ada@example.org").count(), 2, "{all}");

    // one that counts less than it did there is a copy
    sign_in(&server, &stick).await.is(401);
    stick.counter = 42;
    sign_in(&server, &stick).await.ok();
    sign_in(&server, &stick).await.is(401);
    stick.counter = 43;
    for _ in 0..2 {
        let ada = server.stranger().bearer(sign_in(&server, &phone).await.ok().text("tokens/accessToken"));
        let listed = ada.get("/api/auth/passkeys").await.ok().json();
        assert_eq!(listed["passkeys"].as_array().map(Vec::len), Some(2), "{listed}");
        assert_eq!(listed["passkeys"][0]["name"], "Passkey");
    }
    // what the first answer said about it holds from then on
    phone.is_synced = false;
    sign_in(&server, &phone).await.is(401);
    sign_in(&server, &stick).await.ok();
}
