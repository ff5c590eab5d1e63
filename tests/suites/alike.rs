//! Names are sorted, searched and compared alike in both databases, in any script, whatever language the database itself speaks.
use bedrud_tests::{Client, PASSWORD, Server, Value, json, postgres::Database};
use http::Method;

const NAMES: &[&str] = &[
    "Müller",
    "MÜLLER",
    "Mu\u{308}ller",
    "Muller",
    "İpek",
    "ipek",
    "IPEK",
    "Işık",
    "ışık",
    "Straße",
    "STRASSE",
    "Ærø",
    "Zoë",
    "zoe",
    "Ольга",
    "ОЛЬГА",
    "مهدی\u{200c}زاده",
    "李娜",
    "Ǆungla",
    "ﬁn",
    "a_b",
    "a%b",
    "a\\b",
    "axb",
    "O'Brien",
    "Ångström",
    "A\u{30a}ngström",
];

/// What is looked for, and one name that has to be found; empty: whatever it is, both find the same.
const WANTED: &[(&str, &str)] = &[
    ("müller", "MÜLLER"),
    ("MÜLLER", "Mu\u{308}ller"),
    ("ipek", "IPEK"),
    ("İPEK", ""),
    ("ıPEK", ""),
    ("IŞIK", ""),
    ("strasse", "STRASSE"),
    ("straße", "Straße"),
    ("ærø", "Ærø"),
    ("ZOË", "Zoë"),
    ("ольга", "ОЛЬГА"),
    ("ОЛЬГА", "Ольга"),
    ("مهدی", "مهدی\u{200c}زاده"),
    ("李", "李娜"),
    ("ǆ", ""),
    ("FIN", ""),
    ("a_b", "a_b"),
    ("%", "a%b"),
    ("\\", "a\\b"),
    ("_", "a_b"),
    ("o'b", "O'Brien"),
    ("ångström", "Ångström"),
    ("'; --", ""),
];

/// Slugs whose order differs where a language passes over hyphens or puts digits elsewhere.
const SLUGS: &[&str] = &["xx-b", "xxa", "xx-a", "xx1", "xx-1", "xxz", "xx-z", "xx10", "xx2"];

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn filled(server: &Server) -> Client {
    server.admin().await;
    for (number, name) in NAMES.iter().enumerate() {
        let body = json!({"email": format!("p{number}@example.org"), "password": PASSWORD, "name": name});
        server.stranger().post("/api/auth/register").json(body).await.ok();
    }
    let owner = server.user("owner").await;
    for name in NAMES {
        owner.post("/api/room/create").json(json!({"name": "", "title": name})).await;
    }
    for slug in SLUGS {
        owner.room(slug).await;
    }
    owner
}

/// The names that a list has, in an order of ours: two of the same millisecond come in any.
async fn names(server: &Server, path: &str, list: &str, name: &str) -> Vec<String> {
    let told = server.control(Method::GET, path, None).await.ok().json();
    let all = told[list].as_array().cloned().unwrap_or_default();
    let mut all: Vec<String> =
        all.iter().map(|one| one[name].as_str().unwrap_or_default().to_owned()).collect();
    all.sort();
    all
}

#[tokio::test]
async fn names_in_any_script_are_found_alike() {
    let turkish = Database::with("TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'");
    let file = Server::builder().on_file("compared with a server").start().await;
    let server = Server::builder().config(json!({"database": {"url": turkish.url()}})).start().await;
    let (here, there) = (filled(&file).await, filled(&server).await);
    for (wanted, expected) in WANTED {
        for (list, name) in [("users", "name"), ("rooms", "title")] {
            let path = format!("/v1/{list}?limit=1000&q={}", encoded(wanted));
            let (one, other) =
                (names(&file, &path, list, name).await, names(&server, &path, list, name).await);
            assert_eq!(one, other, "{list} with {wanted:?}");
            if list == "users" && !expected.is_empty() {
                let is_there = one
                    .iter()
                    .any(|found| found == expected || found.replace("Ü", "U\u{308}").contains(expected));
                assert!(is_there || expected.contains('\u{308}'), "{wanted:?} finds {expected:?}: {one:?}");
            }
        }
        // by its whole name: found, not found, or one of several
        let path = format!("/v1/users/{}", encoded(wanted));
        let told =
            [file.control(Method::GET, &path, None).await, server.control(Method::GET, &path, None).await];
        assert_eq!(told[0].status, told[1].status, "{wanted:?}: {}", told[1]);
    }
    // the beginning of several: named in the same order
    let told = [
        file.control(Method::GET, "/v1/rooms/xx", None).await,
        server.control(Method::GET, "/v1/rooms/xx", None).await,
    ];
    let candidates = told.each_ref().map(|answer| {
        let told = answer.json();
        let all = told["candidates"].as_array().cloned().unwrap_or_default();
        let slugs = all.iter().filter_map(|one| one.as_str()?.split(' ').next().map(str::to_owned));
        slugs.collect::<Vec<_>>()
    });
    assert_eq!(candidates[0], candidates[1]);
    assert_eq!(candidates[0].len(), SLUGS.len(), "{}", told[0]);
    // slugs out of titles, and who owns what
    let slugs = async |person: &Client| {
        let list = person.get("/api/room/list").await.ok().json();
        let rooms = list.as_array().or(list["rooms"].as_array()).cloned().unwrap_or_default();
        let mut names: Vec<Value> = rooms.iter().map(|room| room["name"].clone()).collect();
        names.sort_by_key(Value::to_string);
        names
    };
    let (one, other) = (slugs(&here).await, slugs(&there).await);
    assert_eq!(one.len(), other.len());
    let written = |names: &[Value]| {
        names.iter().filter(|name| SLUGS.iter().any(|slug| *name == slug)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(written(&one), written(&other));
    // a mail address is one account, however it is written
    for place in [&file, &server] {
        for email in ["P0@EXAMPLE.ORG", "p0@example.org"] {
            let body = json!({"email": email, "password": PASSWORD, "name": "again"});
            let again = place.stranger().post("/api/auth/register").json(body).await;
            again.refused(400, "registration_refused");
        }
    }
}
