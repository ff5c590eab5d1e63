//! Nobody else is contacted: a whole visit, server, SFU and two browsers, in a network namespace whose only way out is
//! counted. Needs root, iproute2 and nftables, as CI has them.
use std::process::Command;

use bedrud_tests::{Value, bedrud, bedrudctl, livekit, repository, until};

/// Two namespaces with a cable between them: `inside` holds the visit, `outside` only keeps the cable up.
struct Island {
    inside: String,
    outside: String,
}

impl Island {
    fn new() -> Self {
        let name = |side: &str| format!("bedrud-{side}-{}", std::process::id());
        let island = Self { inside: name("in"), outside: name("out") };
        let (inside, outside) = (island.inside.as_str(), island.outside.as_str());
        for side in [inside, outside] {
            ip(&["netns", "add", side]);
            // the kernel's own IPv6 announcements would be counted
            ip(&["netns", "exec", side, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1"]);
        }
        ip(&[
            "link", "add", "out", "netns", inside, "type", "veth", "peer", "name", "away", "netns", outside,
        ]);
        ip(&["-n", outside, "link", "set", "away", "up"]);
        ip(&["-n", inside, "link", "set", "lo", "up"]);
        ip(&["-n", inside, "address", "add", "203.0.113.10/24", "dev", "out"]);
        ip(&["-n", inside, "link", "set", "out", "up"]);
        ip(&["-n", inside, "route", "add", "default", "via", "203.0.113.1"]);
        // browsers listen for names on the local link (224.0.0.251), which the kernel tells that link; it goes no further
        let counter = "add table inet watch;
            add chain inet watch out { type filter hook output priority 0; };
            add rule inet watch out oifname out ip daddr != 224.0.0.0/24 counter";
        ip(&["netns", "exec", inside, "nft", counter]);
        island
    }

    /// Packets that have left so far; what goes to the own address stays on loopback.
    fn left(&self) -> u64 {
        let told = ip(&["netns", "exec", &self.inside, "nft", "-j", "list", "chain", "inet", "watch", "out"]);
        let told: Value = serde_json::from_str(&told).expect("JSON of nft(8)");
        let rules = told["nftables"].as_array().expect("a list").iter().filter_map(|item| item.get("rule"));
        let mut parts = rules.flat_map(|rule| rule["expr"].as_array().into_iter().flatten());
        parts.find_map(|part| part["counter"]["packets"].as_u64()).expect("a counter")
    }

    fn run(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.inside, program]);
        command
    }
}

impl Drop for Island {
    fn drop(&mut self) {
        for side in [&self.inside, &self.outside] {
            let _ = Command::new("ip").args(["netns", "delete", side]).status();
        }
    }
}

fn ip(arguments: &[&str]) -> String {
    let output = Command::new("ip").args(arguments).output().expect("ip(8): install iproute2 and nftables");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "ip {}: {told} (this test needs root)", arguments.join(" "));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn a_whole_visit_sends_nothing_out_of_the_machine() {
    let island = Island::new();
    let mut visit = island.run("node");
    visit.args(["--test", "quiet.test.mjs"]).current_dir(repository().join("tests/browser"));
    visit.env("BEDRUD_BIN", bedrud()).env("BEDRUDCTL_BIN", bedrudctl()).env("BEDRUD_LIVEKIT", livekit());
    let output = tokio::task::spawn_blocking(move || visit.output()).await.expect("joined").expect("node");
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
    assert_eq!(island.left(), 0, "packets left the machine\n{told}");

    // the counter counts: one packet to somebody else is seen
    let mut stray = island.run("bash");
    stray.args(["-c", "echo hello > /dev/udp/198.51.100.1/9"]);
    assert!(stray.status().expect("bash").success());
    until("the stray packet to be counted", async || (island.left() > 0).then_some(())).await;
}
