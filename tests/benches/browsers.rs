//! What a person at a browser gets: bytes on the wire, the first picture, and how long it is gone when something dies.
//! Chromium is driven by the scripts beside this file, which start servers of their own and print one figure a line.
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use bedrud_tests::{Value, bedrud, bedrudctl, crowd, livekit, repository};
use tokio::process::Command;

use crate::figure::{Bar, Figures};

/// Bytes and requests of three pages with an empty cache, and how long they take to be there.
pub async fn wire() -> Result<Figures> {
    let told = run("wire.mjs").await?;
    let mut figures = Figures::default();
    let older = Some(1200.0);
    let pages = [
        ("start", "start page", Some(Bar::AtMost(40.0))),
        ("dashboard", "dashboard", None),
        ("meeting", "meeting", Some(Bar::AtMost(210.0))),
    ];
    for (key, name, bar) in pages {
        let page = Told(told.0[key].clone());
        figures.add(format!("{name} on the wire"), page.get("bytes")? / 1e3, "kB", bar, older);
        figures.add(format!("{name}: requests"), page.get("requests")?, "", None, None);
        figures.add(format!("{name}: first paint"), page.get("paint")?, "ms", None, None);
        figures.add(format!("{name}: time to interactive"), page.get("interactive")?, "ms", None, None);
    }
    Ok(figures)
}

/// From the click on Join to the first picture of somebody else, beside plain livekit-client on the same SFU.
pub async fn first_frame() -> Result<Figures> {
    let told = run("first-frame.mjs").await?;
    let (ours, bare) = (told.get("ours")?, told.get("bare")?);
    let mut figures = Figures::default();
    figures.add("click to first frame, our page", ours, "ms", None, None);
    figures.add("click to first frame, bare livekit-client", bare, "ms", None, None);
    figures.add("click to first frame, ours over bare", ours / bare, "times", Some(Bar::AtMost(1.15)), None);
    Ok(figures)
}

/// A meeting of 25: the browser's CPU with all in sight beside nine and none, and the script of a change of speaker.
///
/// One's own camera, everybody's sound and the page itself cost the same whatever is in sight. Above that, nine tiles of
/// one size may cost nine twenty-fifths of what 25 cost, and a quarter more because machines are never quiet.
pub async fn tiles() -> Result<Figures> {
    let told = run("tiles.mjs").await?;
    let (all, some, none) = (told.get("all")?, told.get("some")?, told.get("none")?);
    let mut figures = Figures::default();
    figures.add("browser in a meeting of 25, all in sight", all, "% of a core", None, None);
    figures.add("browser in a meeting of 25, nine in sight", some, "% of a core", None, None);
    figures.add("browser in a meeting of 25, none in sight", none, "% of a core", None, None);
    let share = (some - none) / (all - none);
    figures.add("nine tiles over 25, above none", share, "times", Some(Bar::AtMost(0.45)), None);
    figures.add("script of a change of speaker", told.get("speech")?, "ms", Some(Bar::AtMost(8.0)), None);
    Ok(figures)
}

/// The SFU killed, and the daemon restarted, in a call of two.
pub async fn outages() -> Result<Figures> {
    let told = run("outages.mjs").await?;
    let mut figures = Figures::default();
    let killed = told.get("killed")? / 1e3;
    figures.add("SFU killed: media back at both", killed, "s", Some(Bar::AtMost(2.0)), None);
    let gap = told.get("restarted")? / 1e3;
    figures.add("daemon restarted: longest gap between frames", gap, "s", Some(Bar::AtMost(0.3)), None);
    Ok(figures)
}

/// What a script told: the last line of its output, a JSON object of numbers.
struct Told(Value);

impl Told {
    fn get(&self, name: &str) -> Result<f64> {
        self.0[name].as_f64().with_context(|| format!("the script told no {name}: {}", self.0))
    }
}

async fn run(script: &str) -> Result<Told> {
    let script = repository().join("tests/benches").join(script);
    let child = Command::new("node")
        .arg(&script)
        .env("BEDRUD_BIN", bedrud())
        .env("BEDRUDCTL_BIN", bedrudctl())
        .env("BEDRUD_CROWD", crowd())
        .env("BEDRUD_LIVEKIT", livekit())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn();
    let output = child.context("node does not start")?.wait_with_output().await?;
    if !output.status.success() {
        bail!("{} ended with {}", script.display(), output.status);
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().context("the script told nothing")?;
    Ok(Told(serde_json::from_str(line).with_context(|| format!("no JSON: {line}"))?))
}
