//! Starts, ends, failures, calls.

use std::time::{Duration, Instant};

use bedrud::{
    error::{Error, Kind},
    livekit::{self, NewRoom, Permission, Sfu, Source, State},
};

use crate::place::{GENEROUS, Place, kill, place, ready};

/// Waits for another life than `old`, and says how long that took.
async fn ready_again(sfu: &Sfu, old: u64) -> (u32, Duration) {
    let begun = Instant::now();
    let mut status = sfu.watch();
    let again = status.wait_for(|s| s.generation().is_some_and(|g| g != old));
    tokio::time::timeout(GENEROUS, again).await.expect("in time").expect("a supervisor");
    let (_, pid) = ready(sfu).await;
    (pid, begun.elapsed())
}

fn is_alive(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|s| !s.contains(") Z "))
}

fn room(name: &str) -> NewRoom {
    NewRoom {
        name: name.to_owned(),
        empty_timeout_seconds: 60,
        departure_timeout_seconds: 20,
        max_participants: 0,
        metadata: "{}".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_sfu_is_back_at_once_and_a_stopped_one_stays_away() {
    let place = place();
    let begun = Instant::now();
    let sfu = place.start().await;
    let (generation, pid) = ready(&sfu).await;
    eprintln!("start to ready: {:?}", begun.elapsed());

    kill(pid);
    let (second, took) = ready_again(&sfu, generation).await;
    eprintln!("kill -9 to ready again: {took:?}");
    assert!(second != pid && took < Duration::from_secs(2), "{took:?}");
    assert_eq!(sfu.status().restarts, 1);

    let (generation, _) = ready(&sfu).await;
    sfu.restart().await.expect("asked");
    let (third, took) = ready_again(&sfu, generation).await;
    eprintln!("restart to ready again: {took:?}");
    assert!(third != second && !is_alive(second));

    let begun = Instant::now();
    sfu.stop(Duration::from_secs(2)).await;
    eprintln!("stop: {:?}", begun.elapsed());
    assert_eq!(sfu.status().state, State::Stopped);
    assert!(!is_alive(third));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_fails_says_why() {
    let place = place();
    let wrong = place.paths.runtime.join("own.yaml");
    std::fs::write(&wrong, "no_such_key: 1\n").expect("written");
    let mut config = place.config.clone();
    config.livekit.config_path = Some(wrong);
    config.livekit.port = 7880;
    config.livekit.api_key = Some("APIx".to_owned());
    config.livekit.api_secret = Some("a-secret-of-more-than-thirty-two-characters".to_owned());
    let broken = Place { config, ..place };
    let sfu = broken.start().await;
    let mut status = sfu.watch();
    let failed = status.wait_for(|s| matches!(s.state, State::Failed { .. }));
    let failed =
        tokio::time::timeout(GENEROUS, failed).await.expect("in time").expect("a supervisor").clone();
    let State::Failed { sentence, last_lines } = failed.state else { panic!("{failed:?}") };
    assert!(sentence.contains("ended by itself"), "{sentence}");
    assert!(last_lines.iter().any(|l| l.contains("no_such_key")), "{last_lines:?}");
    sfu.stop(Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_opened_listed_and_ended() {
    let place = place();
    let sfu = place.start().await;
    ready(&sfu).await;
    let client = sfu.client();
    let opened = client.create_room(room("r1")).await.expect("opened");
    assert_eq!((opened.name.as_str(), opened.participants), ("r1", 0));
    assert!(opened.created_at_ms > 1_700_000_000_000);
    assert_eq!(client.create_room(room("r1")).await.expect("again").sid, opened.sid);
    let names: Vec<_> = client.list_rooms().await.expect("listed").into_iter().map(|r| r.name).collect();
    assert_eq!(names, ["r1"]);
    assert!(client.list_participants("r1").await.expect("listed").is_empty());
    let absent = |r: Result<(), Error>| r.expect_err("nobody").kind;
    assert_eq!(absent(client.remove_participant("r1", "nobody").await), Kind::NotFound);
    assert_eq!(absent(client.get_participant("r1", "nobody").await.map(drop)), Kind::NotFound);
    let update = livekit::ParticipantUpdate {
        permission: Some(Permission { sources: vec![Source::Camera], ..Permission::default() }),
        ..Default::default()
    };
    assert_eq!(absent(client.update_participant("r1", "nobody", update).await), Kind::NotFound);
    client.send_data("r1", "chat", b"{}".to_vec(), Vec::new()).await.expect("sent");
    client.delete_room("r1").await.expect("ended");
    assert!(client.list_rooms().await.expect("listed").is_empty());
    sfu.stop(Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_daemon_is_refused_and_an_orphan_ended() {
    let place = place();
    let sfu = place.start().await;
    let (_, pid) = ready(&sfu).await;
    let problems = place.prepared().await.err().expect("the first one is running");
    assert_eq!(problems.0[0].code, "already_running");

    // as a supervisor leaves it that was killed itself: the record names a living SFU, nobody holds the lock
    let record = place.paths.runtime.join("livekit.json");
    let orphan = std::process::Command::new("sleep").arg("60").spawn().expect("spawned");
    let text = std::fs::read_to_string(&record).expect("a record");
    let mut json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", orphan.id())).expect("stat");
    let started =
        stat.rsplit_once(')').and_then(|(_, f)| f.split_ascii_whitespace().nth(19)).expect("field 22");
    sfu.stop(Duration::ZERO).await;
    drop(sfu);
    json["program"] =
        serde_json::json!({ "pid": orphan.id(), "started": started.parse::<u64>().expect("ticks") });
    std::fs::write(&record, json.to_string()).expect("written");
    let mut orphan = orphan;
    let sfu = place.start().await;
    let end = orphan.wait().expect("ended");
    assert!(!end.success());
    let (_, second) = ready(&sfu).await;
    assert_ne!(second, pid);
    sfu.stop(Duration::ZERO).await;
}
