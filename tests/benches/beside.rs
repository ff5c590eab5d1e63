//! The same work done by another server and by ours, in turn, with the same client: who does more of it for a second of CPU.
use std::net::SocketAddr;

use anyhow::{Context, Result};

use crate::{
    figure::{Bar, Figures, median},
    process::cpu_seconds,
};

/// Ours has to reach this share of theirs.
const SHARE: f64 = 0.9;
/// Each figure is the median of so many, after one that only warms up.
const ROUNDS: usize = 5;

/// One of the two.
pub struct Side {
    /// What the table calls it.
    pub name: &'static str,
    /// Where it listens.
    pub address: SocketAddr,
    /// Every process that works for it.
    pub processes: Vec<u32>,
}

impl Side {
    fn cpu_seconds(&self) -> Result<f64> {
        self.processes.iter().map(|pid| cpu_seconds(*pid)).sum()
    }
}

/// How much of `work` (which says how much it was) each side does in a second of its own CPU time, in turn. What is compared is
/// what was done one right after the other: the machine is not the same a minute later.
pub fn per_cpu_second(
    figures: &mut Figures,
    name: &str,
    unit: &'static str,
    sides: &[Side; 2],
    work: impl Fn(SocketAddr) -> Result<f64>,
) -> Result<()> {
    let (mut rounds, mut shares) = ([Vec::new(), Vec::new()], Vec::new());
    for round in 0..=ROUNDS {
        let mut done = [0.0; 2];
        for (side, done) in sides.iter().zip(&mut done) {
            let before = side.cpu_seconds()?;
            let amount = work(side.address).with_context(|| format!("{name}, {}", side.name))?;
            *done = amount / (side.cpu_seconds()? - before).max(0.01);
        }
        if round > 0 {
            let [theirs, ours] = done;
            shares.push(ours / theirs);
            for (rounds, done) in rounds.iter_mut().zip(done) {
                rounds.push(done);
            }
        }
    }
    compare(figures, name, unit, sides, rounds.map(median), median(shares));
    Ok(())
}

/// Both figures, and `share`, which has a bar: ours of theirs, or theirs of ours where less is better.
pub fn compare(
    figures: &mut Figures,
    name: &str,
    unit: &'static str,
    sides: &[Side; 2],
    values: [f64; 2],
    share: f64,
) {
    for (side, value) in sides.iter().zip(values) {
        figures.add(format!("{name}, {}", side.name), value, unit, None, None);
    }
    let [theirs, _] = sides;
    figures.add(
        format!("{name}, as good as {}", theirs.name),
        share,
        "times",
        Some(Bar::AtLeast(SHARE)),
        None,
    );
}
