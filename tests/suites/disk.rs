//! A disk that is full: said everywhere as what it is, and healed as soon as there is room. Needs root, for a disk of its own.
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use bedrud_tests::{Server, until};

/// A small file system at this place, gone with this.
struct Small(PathBuf);

impl Small {
    fn at(place: &Path) -> Option<Self> {
        fs::create_dir_all(place).expect("a directory");
        let made = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=6m,mode=0700", "none"])
            .arg(place)
            .output();
        made.is_ok_and(|output| output.status.success()).then(|| Self(place.to_owned()))
    }

    fn fill(&self) {
        let room = vec![0; 8 << 20];
        // as much as there is room for; the rest is the failure that we want
        let _ = fs::write(self.0.join("filler"), room);
    }

    fn empty(&self) {
        fs::remove_file(self.0.join("filler")).expect("the filler");
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_called_so_and_heals_by_itself() {
    let mut server = Server::builder().on_file("a server minds its own disk").sfu().prepare();
    let Some(disk) = Small::at(&server.path("state")) else {
        eprintln!("left out: a file system can be mounted by root only");
        return;
    };
    server.spawn();
    server.ready().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let state = server.path("state").canonicalize().expect("a directory").display().to_string();

    disk.fill();
    let told = until("the disk to be full", async || {
        let answer = alice.join("standup").await;
        (answer.status != 200).then_some(answer)
    })
    .await
    .refused(503, "disk_full");
    assert!(told.sentence().contains(&state), "{told}");
    let told = server.ctl(["room", "create", "retro", "--owner", "alice", "--json"]).await.failed(1);
    assert!(told.stderr.contains("disk_full") && told.stderr.contains(&state), "{told:?}");
    let told = server.stranger().get("/api/ready").await.is(503);
    assert_eq!((told.text("status").as_str(), told.code().as_str()), ("not_ready", "disk_full"));
    assert!(told.sentence().contains(&state), "{told}");
    assert_eq!(server.stranger().get("/api/health").await.ok().text("problem"), "disk_full");
    let told = server.ctl(["status"]).await.ok();
    assert!(told.stdout.contains("is full") && told.stdout.contains(&state), "{told:?}");
    let told = server.ctl(["doctor", "--only", "database.disk", "--only", "disk.space"]).await.exited(8);
    assert!(
        told.stdout.contains("error database.disk") && told.stdout.contains("error disk.space"),
        "{told:?}"
    );
    // what is read is read all the same
    alice.get("/api/auth/me").await.ok();

    disk.empty();
    until("readiness", async || (server.stranger().get("/api/ready").await.status == 200).then_some(()))
        .await;
    alice.join("standup").await.ok();
    assert!(server.stranger().get("/api/health").await.ok().json()["problem"].is_null());
}
