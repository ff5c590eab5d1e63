//! Today's build beside an older one: `BEDRUD_BENCH_BEFORE` names its daemon. Without it there is nothing to compare.
use std::{env, path::PathBuf};

use anyhow::Result;

use crate::{
    cases,
    figure::{Bar, Figures},
    paired::{Side, per_cpu_second},
    requests::everything,
};

/// What no line may fall below.
const SHARE: f64 = 0.97;

/// Everything of this part.
pub async fn measure() -> Result<Figures> {
    let mut figures = Figures::default();
    let Some(older) = env::var_os("BEDRUD_BENCH_BEFORE") else {
        eprintln!("  left out: BEDRUD_BENCH_BEFORE names no daemon");
        return Ok(figures);
    };
    let usual = || cases::usual().on_file("the default").sfu();
    let sides = [
        Side { name: "before", builder: usual().program(PathBuf::from(older)) },
        Side { name: "now", builder: usual() },
    ];
    per_cpu_second(&mut figures, sides, everything, |_| Some(Bar::AtLeast(SHARE))).await?;
    Ok(figures)
}
