//! The daemon is killed in the middle of its work again and again: nothing that it has acknowledged is lost, and its database is whole.
//! `BEDRUD_KILLS` says how often; a few times where nobody says.
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use bedrud_tests::{Server, ask_socket, json};
use http::Method;
use tokio::task::JoinSet;

const KILLS: usize = 8;
const WRITERS: usize = 4;
/// The longest that a round writes before it is killed.
const LONGEST_MILLISECONDS: u64 = 150;

/// What one writer was told is done.
#[derive(Default)]
struct Acknowledged {
    rooms: Vec<String>,
    /// How often a setting was changed: told, and tried.
    told: usize,
    tried: usize,
}

/// Makes rooms and changes a setting until the daemon is gone.
async fn write(socket: PathBuf, round: usize, writer: usize) -> Acknowledged {
    let mut done = Acknowledged::default();
    for count in 0.. {
        let name = format!("r{round}-{writer}-{count}");
        let room = json!({"name": name, "owner": "alice"});
        match ask_socket(&socket, Method::POST, "/v1/rooms", Some(room)).await {
            Ok(answer) if answer.status == 200 => done.rooms.push(name),
            Ok(answer) => panic!("{answer}"),
            Err(_) => break,
        }
        if writer == 0 {
            done.tried = count + 1;
            let value = json!({"value": format!("{round}-{}", count + 1)});
            match ask_socket(&socket, Method::PUT, "/v1/settings/serverName", Some(value)).await {
                Ok(_) => done.told = count + 1,
                Err(_) => break,
            }
        }
    }
    done
}

async fn rooms(socket: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for page in 1.. {
        let path = format!("/v1/rooms?limit=1000&page={page}");
        let told = ask_socket(socket, Method::GET, &path, None).await.expect("it serves").ok().json();
        let rooms = told["rooms"].as_array().expect("rooms");
        names.extend(rooms.iter().filter_map(|room| room["name"].as_str().map(str::to_owned)));
        if rooms.len() < 1000 {
            break;
        }
    }
    names
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_daemon_is_killed() {
    let kills = std::env::var("BEDRUD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let config = json!({"server": {"maxRoomsPerUser": 1_000_000}, "log": {"level": "info"}});
    let mut server =
        Server::builder().on_file("a server's own tools make its backups").config(config).start().await;
    server.user("alice").await;
    let socket = server.socket();
    let mut acknowledged = BTreeSet::new();
    for round in 0..kills {
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            writers.spawn(write(socket.clone(), round, writer));
        }
        let backup = server.path("half");
        if round % 2 == 1 {
            let socket = socket.clone();
            // in the middle of a backup as well; what comes of it does not matter
            writers.spawn(async move {
                let _ = ask_socket(&socket, Method::GET, "/v1/backup", None).await;
                Acknowledged::default()
            });
        }
        // the moment is to be another one each time
        let milliseconds = 20 + (round as u64 * 37) % LONGEST_MILLISECONDS;
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        server.kill();
        let mut setting = (0, 0);
        while let Some(done) = writers.join_next().await {
            let done = done.expect("a writer");
            acknowledged.extend(done.rooms);
            if done.tried > 0 {
                setting = (done.told, done.tried);
            }
        }
        server.spawn();
        server.ready().await;
        let kept = rooms(&socket).await;
        let lost: Vec<_> = acknowledged.difference(&kept).collect();
        assert!(lost.is_empty(), "round {round}: {lost:?}");
        if setting.1 > 0 {
            let told = server.ctl(["settings", "show", "--json"]).await.ok().json();
            let all = told["settings"].as_array().expect("settings");
            let name = all.iter().find(|one| one["name"] == "serverName").expect("it")["value"].clone();
            let fits = |count: usize| count > 0 && name == format!("{round}-{count}").as_str();
            assert!(
                setting.0 == 0 || fits(setting.0) || fits(setting.1),
                "round {round}: {name} after {setting:?}"
            );
        }
        server.ctl(["doctor", "--only", "database.integrity"]).await.ok();
        server.ctl(["backup", "create", backup.to_str().expect("a path")]).await.ok();
    }
    println!("killed {kills} times; {} acknowledged rooms, none lost", acknowledged.len());
    assert!(acknowledged.len() > kills, "something was written");
}
