//! The disk of a database server that is full: said as what it is, at a start as later, and healed as soon as there is room.
//! Needs root, for a disk of its own.
use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    path::PathBuf,
    process::Command,
};

use bedrud_tests::{
    Server, TempDir, json,
    postgres::{Cluster, USER},
    until,
};

use crate::start::{refuses, run};

/// A small file system of the cluster's user, gone with this.
struct Small(PathBuf, #[allow(dead_code)] TempDir);

impl Small {
    fn of(cluster: &Cluster) -> Option<Self> {
        let place = TempDir::with_prefix("bedrud-disk-").expect("a directory");
        let owner = fs::metadata(cluster.file("PG_VERSION")).expect("a cluster");
        chown(place.path(), Some(owner.uid()), Some(owner.gid())).ok()?;
        let disk = place.path().join("disk");
        fs::create_dir(&disk).expect("a directory");
        let options = format!("size=16m,mode=0700,uid={},gid={}", owner.uid(), owner.gid());
        let made = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "none"]).arg(&disk).output();
        made.is_ok_and(|output| output.status.success()).then_some(Self(disk, place))
    }

    fn fill(&self) {
        // as much as there is room for; the rest is the failure that we want
        let _ = fs::write(self.0.join("filler"), vec![0; 32 << 20]);
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
async fn a_server_without_room_is_called_so_and_heals_by_itself() {
    let cluster = Cluster::new(&[]);
    let Some(disk) = Small::of(&cluster) else {
        eprintln!("left out: a file system can be mounted by root only");
        return;
    };
    cluster.start();
    cluster.sql("postgres", &format!("CREATE TABLESPACE small OWNER {USER} LOCATION '{}'", disk.0.display()));
    cluster.sql("postgres", "CREATE DATABASE meet TABLESPACE small");
    let config = json!({"database": {"url": cluster.url("meet")}});
    // the first connection writes a file, without which there is none
    cluster.sql("meet", "SELECT 1");
    disk.fill();
    let mut server = Server::builder().config(config).prepare();
    refuses(&run(&server, "run").await, &[("database.url", "disk_full")]);
    let tables = "SELECT count(*) FROM pg_tables WHERE tablename IN ('users', 'rooms')";
    assert_eq!(cluster.sql("meet", tables), "0", "nothing is made by halves");
    disk.empty();
    server.spawn();
    server.ready().await;
    let alice = server.user("alice").await;

    disk.fill();
    let mut number = 0;
    let told = until("the disk to be full", async || {
        number += 1;
        let name = format!("room-{number}");
        let title = "w".repeat(60);
        let answer = alice.post("/api/room/create").json(json!({"name": name, "title": title})).await;
        (answer.status != 200).then_some(answer)
    })
    .await
    .refused(503, "disk_full");
    assert!(told.sentence().contains("Make room"), "{told}");
    // what is read is read all the same
    alice.get("/api/auth/me").await.ok();
    disk.empty();
    until("rooms to be made again", async || {
        let answer = alice.post("/api/room/create").json(json!({"name": "afterwards"})).await;
        (answer.status != 503).then(|| answer.ok())
    })
    .await;
}
