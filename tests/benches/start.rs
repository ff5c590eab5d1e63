//! From starting the process to the first answer: without the SFU, and with it until both are ready.
use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use bedrud_tests::{Builder, Server, json};
use tokio::task::block_in_place;

use crate::{
    cases::{self, get},
    figure::{Bar, Figures},
    load,
    process::resident_bytes,
};

const STARTS: usize = 9;
const PATIENCE: Duration = Duration::from_secs(20);
/// Time after which an idle process has given back what it needed to start.
const SETTLED: Duration = Duration::from_secs(3);

/// Start to serving and to ready, first on nothing and then on what is there; and what an idle process occupies.
pub async fn measure() -> Result<Figures> {
    let mut figures = Figures::default();
    let mut starts = Starts::prepare(cases::usual())?;
    figures.add("first start to serving", starts.one("/api/health").await?, "ms", None, None);
    let serving = starts.median("/api/health").await?;
    figures.add("start to serving", serving, "ms", Some(Bar::AtMost(50.0)), Some(3000.0));
    tokio::time::sleep(SETTLED).await;
    let idle = resident_bytes(starts.server.pid())? / 1e6;
    figures.add("resident, idle, without the SFU", idle, "MB", Some(Bar::AtMost(20.0)), Some(117.0));
    drop(starts);
    let mut starts = Starts::prepare(cases::usual().sfu())?;
    starts.one("/api/ready").await?;
    let serving = starts.median("/api/health").await?;
    figures.add("start to serving, with the SFU", serving, "ms", Some(Bar::AtMost(50.0)), Some(3000.0));
    figures.add("start to ready, with the SFU", starts.median("/api/ready").await?, "ms", None, Some(3000.0));
    Ok(figures)
}

/// A server that is started again and again on one port.
struct Starts {
    server: Server,
    address: SocketAddr,
}

impl Starts {
    fn prepare(builder: Builder) -> Result<Self> {
        // free a moment ago; asking the daemon for its port would be measured as well
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let config = json!({"server": {"host": "127.0.0.1", "port": address.port()}});
        Ok(Self { server: builder.config(config).prepare(), address })
    }

    /// Milliseconds from starting the process to a 200 of `path`. An earlier process is stopped first.
    async fn one(&mut self, path: &str) -> Result<f64> {
        self.server.stop().await;
        block_in_place(|| {
            let request = get(path, None, "");
            let started = Instant::now();
            self.server.spawn();
            while load::once(self.address, &request).is_err() {
                if started.elapsed() > PATIENCE {
                    bail!("{path} did not answer 200 in {PATIENCE:?}:\n{}", self.server.log());
                }
                thread::sleep(Duration::from_micros(500));
            }
            Ok(started.elapsed().as_secs_f64() * 1000.0)
        })
    }

    async fn median(&mut self, path: &str) -> Result<f64> {
        let mut times = Vec::new();
        for _ in 0..STARTS {
            times.push(self.one(path).await?);
        }
        times.sort_by(f64::total_cmp);
        Ok(times.get(STARTS / 2).copied().unwrap_or(f64::NAN))
    }
}
