//! The same requests to two servers of ours, in turn: who answers more of them for a second of its CPU.
use anyhow::Result;
use bedrud_tests::{Builder, Client, Server};
use tokio::task::block_in_place;

use crate::{
    cases::{self, Case},
    figure::{Bar, Figures, median},
    load::CONNECTIONS,
    requests::{round, warm_up},
};

/// Each figure is the median of so many.
const ROUNDS: usize = 7;

/// One of the two.
pub struct Side {
    /// What the table calls it.
    pub name: &'static str,
    /// How it runs.
    pub builder: Builder,
}

/// How much of what the first answers the second does, for the kinds of request that `kinds` makes of people with ten rooms each.
/// What is compared is what was done one right after the other, each of them first in every other round.
pub async fn per_cpu_second(
    figures: &mut Figures,
    [first, second]: [Side; 2],
    kinds: impl Fn(&[Client]) -> Result<Vec<Case>>,
    bar: impl Fn(&str) -> Option<Bar>,
) -> Result<()> {
    let (first, second) = (Running::start(first, &kinds).await?, Running::start(second, &kinds).await?);
    for (of_first, of_second) in first.cases.iter().zip(&second.cases) {
        let sides = [(&first.server, of_first), (&second.server, of_second)];
        let (rates, share) = block_in_place(|| compared(sides))?;
        for (name, rate) in [first.name, second.name].into_iter().zip(rates) {
            figures.add(format!("{}, {name}", of_first.name), rate, "requests/CPU-s", None, None);
        }
        let name = format!("{}, {} over {}", of_first.name, second.name, first.name);
        figures.add(name, share, "times", bar(&of_first.name), None);
    }
    Ok(())
}

fn compared(sides: [(&Server, &Case); 2]) -> Result<([f64; 2], f64)> {
    for (server, case) in sides {
        warm_up(server, case)?;
    }
    let (mut rates, mut shares) = ([Vec::new(), Vec::new()], Vec::new());
    for number in 0..ROUNDS {
        let mut done = [0.0; 2];
        let order = if number % 2 == 0 { [0, 1] } else { [1, 0] };
        for side in order {
            let ((server, case), done) = (sides[side], &mut done[side]);
            *done = round(server, case)?;
        }
        shares.push(done[1] / done[0]);
        for (rates, done) in rates.iter_mut().zip(done) {
            rates.push(done);
        }
    }
    Ok((rates.map(median), median(shares)))
}

struct Running {
    name: &'static str,
    server: Server,
    cases: Vec<Case>,
}

impl Running {
    async fn start(side: Side, kinds: impl Fn(&[Client]) -> Result<Vec<Case>>) -> Result<Self> {
        let server = side.builder.start().await;
        let cases = kinds(&cases::people(&server, CONNECTIONS).await)?;
        Ok(Self { name: side.name, server, cases })
    }
}
