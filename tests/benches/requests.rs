//! Requests per CPU-second of the daemon, and how long single ones take at a modest rate.
use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use bedrud_tests::{Client, Server};
use tokio::task::block_in_place;

use crate::{
    cases::{self, Case},
    figure::{Figures, median},
    load::{self, CONNECTIONS},
    process::cpu_seconds,
};

/// Each figure is the median of so many.
const ROUNDS: usize = 3;
const PACED: Duration = Duration::from_secs(4);
const LOGINS: usize = 20;

/// How many requests of each kind the daemon answers with one second of its own CPU time.
pub async fn per_cpu_second() -> Result<Figures> {
    let mut figures = Figures::default();
    let server = cases::usual().sfu().start().await;
    let people = cases::people(&server, CONNECTIONS).await;
    for case in everything(&people)? {
        let rate = block_in_place(|| rate(&server, &case))?;
        figures.add(case.name, rate, "requests/CPU-s", case.bar, case.older);
    }
    Ok(figures)
}

/// p50 and p99 of each kind at a modest rate; and of the list while people sign in.
pub async fn latency() -> Result<Figures> {
    let mut figures = Figures::default();
    let server = cases::usual().sfu().start().await;
    let people = cases::people(&server, CONNECTIONS).await;
    for case in everything(&people)? {
        let times = block_in_place(|| load::pace(server.address(), &case.requests, case.pace, PACED))?;
        add(&mut figures, &format!("{} at {}/s", case.name, case.pace), &times);
    }
    let list = cases::list(&people);
    let times = block_in_place(|| beside_logins(&server, &list))?;
    add(&mut figures, &format!("{} at {}/s while {LOGINS} logins hash", list.name, list.pace), &times);
    Ok(figures)
}

/// Requests of `case` per second of the daemon's CPU time.
pub fn rate(server: &Server, case: &Case) -> Result<f64> {
    warm_up(server, case)?;
    (0..ROUNDS).map(|_| round(server, case)).collect::<Result<_>>().map(median)
}

/// The first requests of a kind, which find nothing prepared.
pub fn warm_up(server: &Server, case: &Case) -> Result<()> {
    load::flood(server.address(), &case.requests, (case.count / 20).max(CONNECTIONS))
}

/// The same, of one round.
pub fn round(server: &Server, case: &Case) -> Result<f64> {
    let before = cpu_seconds(server.pid())?;
    load::flood(server.address(), &case.requests, case.count)?;
    let sent = case.count.div_ceil(CONNECTIONS) * CONNECTIONS;
    Ok(sent as f64 / (cpu_seconds(server.pid())? - before).max(0.01))
}

/// Every kind of request.
pub fn everything(people: &[Client]) -> Result<Vec<Case>> {
    Ok(vec![
        cases::health(),
        cases::me(people),
        cases::list(people),
        cases::join(people),
        cases::create(people),
        cases::login(),
        cases::largest_file()?,
    ])
}

/// The times of `case` while so many people sign in again and again that [`LOGINS`] are always under way.
fn beside_logins(server: &Server, case: &Case) -> Result<Vec<Duration>> {
    let (login, over) = (cases::login(), AtomicBool::new(false));
    thread::scope(|scope| {
        let hashing = scope.spawn(|| {
            load::everywhere(LOGINS, |number| {
                let request = login.requests.get(number % login.requests.len()).context("no login")?;
                while !over.load(Ordering::Relaxed) {
                    load::once(server.address(), request)?;
                }
                Ok(())
            })
        });
        let times = load::pace(server.address(), &case.requests, case.pace, PACED);
        over.store(true, Ordering::Relaxed);
        hashing.join().map_err(|_| anyhow!("a login thread panicked"))??;
        times
    })
}

fn add(figures: &mut Figures, name: &str, times: &[Duration]) {
    figures.add(format!("{name}, p50"), load::quantile(times, 0.5), "ms", None, None);
    figures.add(format!("{name}, p99"), load::quantile(times, 0.99), "ms", None, None);
}
