//! A measured figure, what it should be, and what the older server gave; all of them as a table and as JSON.
use std::fmt;

use anyhow::Result;
use serde_json::json;

/// What a figure should be.
#[derive(Clone, Copy)]
pub enum Bar {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    bar: Option<Bar>,
    older: Option<f64>,
}

impl Figure {
    fn is_met(&self) -> Option<bool> {
        self.bar.map(|bar| match bar {
            Bar::AtLeast(least) => self.value >= least,
            Bar::AtMost(most) => self.value <= most,
        })
    }
}

/// What was measured, in order.
#[derive(Default)]
pub struct Figures(Vec<Figure>);

impl Figures {
    /// Adds a figure. `older` is what the older Go server gave on two cores, where that is known.
    pub fn add(
        &mut self,
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
        bar: Option<Bar>,
        older: Option<f64>,
    ) {
        let figure = Figure { name: name.into(), value, unit, bar, older };
        eprintln!("  {}: {} {}", figure.name, short(value), unit);
        self.0.push(figure);
    }

    /// Adds the figures of another part.
    pub fn append(&mut self, mut more: Figures) {
        self.0.append(&mut more.0);
    }

    /// For programs: `{cores, figures: [{name, value, unit, atLeast?, atMost?, met?, older?}]}`.
    pub fn json(&self) -> Result<String> {
        let figures: Vec<_> = self
            .0
            .iter()
            .map(|figure| {
                let mut row = json!({"name": figure.name, "value": figure.value, "unit": figure.unit});
                match figure.bar {
                    Some(Bar::AtLeast(bar)) => row["atLeast"] = json!(bar),
                    Some(Bar::AtMost(bar)) => row["atMost"] = json!(bar),
                    None => {}
                }
                if let Some(met) = figure.is_met() {
                    row["met"] = json!(met);
                }
                if let Some(older) = figure.older {
                    row["older"] = json!(older);
                }
                row
            })
            .collect();
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        Ok(serde_json::to_string_pretty(&json!({"cores": cores, "figures": figures}))? + "\n")
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|figure| figure.name.chars().count()).max().unwrap_or(0).max(6);
        writeln!(f, "{:<width$}  {:>10}  {:>11}  {:>10}  unit", "figure", "measured", "bar", "older")?;
        for figure in &self.0 {
            let bar = match figure.bar {
                Some(Bar::AtLeast(bar)) => format!(">= {}", short(bar)),
                Some(Bar::AtMost(bar)) => format!("<= {}", short(bar)),
                None => String::new(),
            };
            let older = figure.older.map(short).unwrap_or_default();
            let missed = if figure.is_met() == Some(false) { "  MISSED" } else { "" };
            let (name, value, unit) = (&figure.name, short(figure.value), figure.unit);
            writeln!(f, "{name:<width$}  {value:>10}  {bar:>11}  {older:>10}  {unit}{missed}")?;
        }
        Ok(())
    }
}

/// The one in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn short(value: f64) -> String {
    if value >= 100.0 || value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
