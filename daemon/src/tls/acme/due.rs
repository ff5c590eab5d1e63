//! When to order: long before the certificate ends, and after a failure ever later. Times only; nothing is ordered here.

use chrono::{DateTime, TimeDelta, Utc};

use crate::tls::certificate::Facts;

/// After the first failure that the authority counts against us. Let's Encrypt allows five failed validations of a
/// name in an hour (letsencrypt.org/docs/rate-limits), and one try may take two.
const REFUSED: TimeDelta = TimeDelta::minutes(15);
/// After the first failure to reach it, which nobody counts; a network that is still coming up is the usual case.
const AWAY: TimeDelta = TimeDelta::minutes(1);
/// However often it failed.
pub(super) const LONGEST: TimeDelta = TimeDelta::hours(12);

/// When a certificate is renewed: a third of its life before its end, and up to a thirtieth earlier, so that servers
/// that were set up together do not come together. `chance` is between 0 and 1.
pub(super) fn renewal(facts: &Facts, chance: f64) -> DateTime<Utc> {
    let life = facts.not_after - facts.not_before;
    facts.not_after - life / 3 - part(life / 30, chance)
}

/// How long to wait after the `failures`-th failure in a row, counted from 1.
pub(super) fn retry(failures: u32, is_away: bool, chance: f64) -> TimeDelta {
    let first = if is_away { AWAY } else { REFUSED };
    let factor = 3_i32.saturating_pow(failures.saturating_sub(1).min(8));
    let wait = (first * factor).min(LONGEST);
    wait + part(wait / 5, chance)
}

#[expect(clippy::cast_possible_truncation, reason = "spans of days are exact in milliseconds")]
#[expect(clippy::cast_precision_loss, reason = "a random part of a span need not be exact")]
fn part(span: TimeDelta, chance: f64) -> TimeDelta {
    TimeDelta::milliseconds((span.num_milliseconds() as f64 * chance) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renewed_with_a_third_of_its_life_left_and_not_all_at_once() {
        let not_before = DateTime::UNIX_EPOCH;
        let facts = Facts {
            names: Vec::new(),
            issuer: String::new(),
            is_self_signed: false,
            is_for_servers: true,
            not_before,
            not_after: not_before + TimeDelta::days(90),
        };
        assert_eq!(renewal(&facts, 0.0), not_before + TimeDelta::days(60));
        assert_eq!(renewal(&facts, 1.0), not_before + TimeDelta::days(57));
    }

    #[test]
    fn failures_are_counted_against_us_at_most_five_times_an_hour() {
        // a try may take two validations
        let waits: Vec<_> = (1..=6).map(|failures| retry(failures, false, 0.0).num_minutes()).collect();
        assert_eq!(waits, [15, 45, 135, 405, 720, 720]);
        assert_eq!(retry(1, false, 1.0).num_minutes(), 18);
        assert_eq!(retry(1, true, 0.0).num_minutes(), 1);
        assert_eq!(retry(u32::MAX, true, 0.0), LONGEST);
    }
}
