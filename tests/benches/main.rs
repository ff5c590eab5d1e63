//! `make bench`: measures the real release daemon from outside, prints one table and writes `build/bench.json`.
//! `bench --only NAME` runs one part and writes `build/bench-NAME.json`.
//!
//! CPU figures are the daemon's own time (user and system, from `/proc/PID/stat`): neither the load generator nor other
//! programs on the machine count. A bar that is missed is marked, not an error; a part that cannot be measured is one.
mod before;
mod behind;
mod beside;
mod browsers;
mod cases;
mod crowd;
mod databases;
mod figure;
mod files;
mod growth;
mod load;
mod paired;
mod process;
mod requests;
mod rivals;
mod secured;
mod sockets;
mod stand_in;
mod start;
mod tls;
mod websockets;

use std::{env, panic::AssertUnwindSafe, process::ExitCode};

use anyhow::{Context, Result, bail};
use bedrud_tests::repository;
use futures_util::FutureExt;

use figure::Figures;

/// Every part, in the order of the table.
const PARTS: [&str; 15] = [
    "requests",
    "before",
    "databases",
    "latency",
    "growth",
    "start",
    "sockets",
    "tls",
    "websockets",
    "files",
    "crowd",
    "wire",
    "first-frame",
    "outages",
    "tiles",
];

async fn measure(part: &str) -> Result<Figures> {
    match part {
        "requests" => requests::per_cpu_second().await,
        "before" => before::measure().await,
        "databases" => databases::measure().await,
        "latency" => requests::latency().await,
        "growth" => growth::measure().await,
        "start" => start::measure().await,
        "sockets" => sockets::measure().await,
        "tls" => tls::measure().await,
        "websockets" => websockets::measure().await,
        "files" => files::measure().await,
        "crowd" => crowd::measure().await,
        "wire" => browsers::wire().await,
        "first-frame" => browsers::first_frame().await,
        "outages" => browsers::outages().await,
        "tiles" => browsers::tiles().await,
        other => bail!("there is no part {other:?}; there are {PARTS:?}"),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (parts, file) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => (PARTS.map(str::to_owned).to_vec(), "bench.json".to_owned()),
        ["--only", part] => (vec![part.to_owned()], format!("bench-{part}.json")),
        _ => bail!("usage: bench [--only {}]", PARTS.join("|")),
    };
    let (mut all, mut broken) = (Figures::default(), Vec::new());
    for part in parts {
        eprintln!("measuring: {part}");
        // a panic of the harness costs one part and not the table
        match AssertUnwindSafe(measure(&part)).catch_unwind().await {
            Ok(Ok(figures)) => all.append(figures),
            Ok(Err(error)) => broken.push(format!("{part}: {error:#}")),
            Err(_) => broken.push(format!("{part}: panicked, see above")),
        }
    }
    let folder = repository().join("build");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(file);
    std::fs::write(&file, all.json()?).with_context(|| format!("cannot write {}", file.display()))?;
    println!("{all}");
    if broken.is_empty() { Ok(()) } else { bail!("could not be measured:\n{}", broken.join("\n")) }
}
