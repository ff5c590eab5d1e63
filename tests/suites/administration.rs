//! The administration's routes: who is found, what becomes of them at once, and what an administrator cannot do by a slip.
use bedrud_tests::{Answer, Client, PASSWORD, Server, Value, json};

async fn found(admin: &Client, query: &str) -> Vec<String> {
    let list = admin.get(format!("/api/admin/users?{query}")).await.ok().json();
    let users = list["users"].as_array().expect("a list");
    assert!(list["total"].as_i64().is_some_and(|total| total >= users.len() as i64), "{list}");
    users.iter().filter_map(|user| user["name"].as_str().map(str::to_owned)).collect()
}

async fn change(admin: &Client, id: &str, what: &str, body: Value) -> Answer {
    admin.put(format!("/api/admin/users/{id}/{what}")).json(body).await
}

#[tokio::test]
async fn accounts_are_found_by_what_is_known_of_them() {
    let server = Server::start().await;
    let admin = server.admin().await;
    for name in ["berta", "anton", "cäsar_1"] {
        let body =
            json!({"email": format!("{}@example.org", &name[..1]), "password": PASSWORD, "name": name});
        server.stranger().post("/api/auth/register").json(body).await.ok();
    }
    server.guest("Gast").await;
    assert_eq!(
        found(&admin, "").await,
        ["cäsar_1", "anton", "berta", "Admin"],
        "newest first, without guests"
    );
    assert_eq!(found(&admin, "sort=name&order=asc").await, ["Admin", "anton", "berta", "cäsar_1"]);
    assert_eq!(found(&admin, "sort=email&order=asc&limit=2&page=2").await, ["berta", "cäsar_1"]);
    assert_eq!(found(&admin, "q=C%C3%84SAR_").await, ["cäsar_1"]);
    assert_eq!(
        found(&admin, "q=%25").await,
        [""; 0],
        "a sign of the search itself is a letter like any other"
    );
    assert_eq!(found(&admin, "role=superadmin").await, ["Admin"]);
    assert_eq!(found(&admin, "provider=guest").await, ["Gast"]);
    // who set the server up has nothing to prove
    assert_eq!(found(&admin, "role=all&created=today&verified=false&status=active").await.len(), 3);
    let id = |name: &str| {
        let (admin, name) = (admin.clone(), name.to_owned());
        async move {
            let list = admin.get(format!("/api/admin/users?q={name}")).await.ok().json();
            list["users"][0]["id"].as_str().expect("an id").to_owned()
        }
    };
    let (anton, berta) = (id("anton").await, id("berta").await);
    change(&admin, &anton, "status", json!({"active": false})).await.ok();
    admin.post(format!("/api/admin/users/{berta}/verify")).await.ok();
    assert_eq!(found(&admin, "status=disabled").await, ["anton"]);
    assert_eq!(found(&admin, "verified=true").await, ["berta", "Admin"]);
    for wrong in ["role=owner", "sort=shoe", "created=soon", "status=x", "verified=x", "order=x", "page=x"] {
        admin.get(format!("/api/admin/users?{wrong}")).await.is(400).sentence();
    }
}

#[tokio::test]
async fn what_an_administrator_decides_holds_at_once_and_never_locks_everybody_out() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let alice = server.user("alice").await;
    let (own, hers) = (admin.id().await, alice.id().await);
    alice.room("garden").await;
    let shown = admin.get(format!("/api/admin/users/{hers}")).await.ok().json();
    assert_eq!((&shown["user"]["name"], &shown["rooms"][0]["name"]), (&json!("alice"), &json!("garden")));
    // oneself
    change(&admin, &own, "status", json!({"active": false})).await.refused(400, "self_lockout");
    change(&admin, &own, "accesses", json!({"accesses": ["user"]})).await.refused(400, "self_lockout");
    admin.delete(format!("/api/admin/users/{own}")).await.refused(400, "self_lockout");
    // a role
    alice.get("/api/admin/overview").await.refused(403, "not_permitted");
    change(&admin, &hers, "accesses", json!({"accesses": ["superadmin", "user"]})).await.ok();
    alice.get("/api/admin/overview").await.ok();
    for wrong in [json!([]), json!(["guest"]), json!(["king"])] {
        change(&admin, &hers, "accesses", json!({"accesses": wrong})).await.refused(400, "role_invalid");
    }
    change(&admin, &hers, "accesses", json!({"accesses": ["user"]})).await.ok();
    alice.get("/api/admin/overview").await.refused(403, "not_permitted");
    // a session, a password, all of it
    admin.post(format!("/api/admin/users/{hers}/force-logout")).await.ok();
    alice.get("/api/auth/me").await.refused(401, "session_ended");
    change(&admin, &hers, "password", json!({"password": "short"})).await.refused(400, "password_invalid");
    change(&admin, &hers, "password", json!({"password": "battery staple horse"})).await.ok();
    server.login("alice").await.refused(401, "login_refused");
    let many = json!({"ids": [hers, own, "nobody"]});
    let banned = admin.post("/api/admin/users/bulk/ban").json(many.clone()).await.ok().json();
    assert_eq!((&banned["totalProcessed"], &banned["totalFailed"]), (&json!(3), &json!(2)), "{banned}");
    assert_eq!(banned["results"][&hers], json!({"success": true, "name": "alice"}));
    assert!(banned["results"]["nobody"]["error"].is_string(), "{banned}");
    let gone = admin.post("/api/admin/users/bulk/delete").json(many).await.is(202).json();
    assert_eq!(gone["count"], 1, "{gone}");
    admin.get(format!("/api/admin/users/{hers}")).await.refused(404, "not_found");
    let far = json!({"ids": vec!["x"; 501]});
    admin.post("/api/admin/users/bulk/ban").json(far).await.refused(400, "too_many_ids");
}

#[tokio::test]
async fn the_overview_counts_and_settings_are_changed_all_or_none() {
    let server = Server::with_sfu().await;
    let admin = server.admin().await;
    let alice = server.user("alice").await;
    alice.room("garden").await;
    let _inside = crate::calls::enter(&alice, "garden").await;
    let overview = bedrud_tests::until("somebody to be online", async || {
        let overview = admin.get("/api/admin/overview").await.ok().json();
        (overview["kpis"]["onlineNow"]["value"] == 1).then_some(overview)
    })
    .await;
    assert_eq!(overview["kpis"]["totalUsers"]["value"], 2);
    assert_eq!(overview["kpis"]["totalRooms"], json!({"value": 1, "activeNow": 1}));
    assert_eq!(overview["recentSignups"][0]["name"], "alice");
    assert_eq!((&overview["health"]["status"], &overview["needsAttention"]), (&json!("healthy"), &json!([])));
    let trend = overview["activityTrend"].as_array().expect("days");
    assert_eq!(trend.len(), 7);
    let day = |participants| json!([participants, participants, participants]);
    let figures = |day: &Value| json!([day["participants"], day["roomsActive"], day["roomsCreated"]]);
    assert_eq!((figures(&trend[6]), figures(&trend[5])), (day(1), day(0)));
    assert!(overview["recentRoomEvents"].as_array().is_some_and(|events| !events.is_empty()), "{overview}");
    assert_eq!(admin.get("/api/admin/online-count").await.ok().json(), json!({"count": 1}));

    let settings = admin.get("/api/admin/settings").await.ok().json();
    assert_eq!((&settings["serverName"], &settings["jwtSecret"]), (&json!("Bedrud"), &json!("")));
    let wrong = json!({"serverName": "Haus", "chatMaxMessageCount": -1});
    admin.put("/api/admin/settings").json(wrong).await.refused(400, "setting_invalid");
    assert_eq!(admin.get("/api/admin/settings").await.ok().json()["serverName"], "Bedrud");
    // old pages send everything back, and names that are no settings here
    let mut all = settings;
    all["serverName"] = json!("Haus");
    all["ofAnotherVersion"] = json!({"a": 1});
    let changed = admin.put("/api/admin/settings").json(all).await.ok().json();
    assert_eq!(changed["serverName"], "Haus");
    let public = server.stranger().get("/api/auth/settings").await.ok().json();
    assert_eq!(public["serverName"], "Haus");
    let sql = "SELECT count(*) FROM audit WHERE verb = 'settings.change'";
    assert_eq!(server.database().number(sql), 1, "only what changed");
}
