//! The whole policy of moderation as a table: every verb by every rank upon every rank, and by every state of the other.

use super::*;

const VERBS: [Verb; 10] = [
    Verb::Kick,
    Verb::Ban,
    Verb::Unban,
    Verb::Quiet,
    Verb::Hold,
    Verb::Release,
    Verb::Promote,
    Verb::Demote,
    Verb::Everybody,
    Verb::Own,
];
const RANKS: [Rank; 5] = [Rank::Participant, Rank::Moderator, Rank::Admin, Rank::Owner, Rank::Shell];
/// Upon oneself, and upon everybody else who can be met; nobody is of the shell's rank there.
const TARGETS: [&str; 5] = ["oneself", "participant", "moderator", "admin", "owner"];

/// What each who acts gets upon each target. `+` yes, `m` not a moderator, `o` not the owner, `s` upon oneself,
/// `O` upon the owner, `M` upon somebody who moderates.
///
/// | verb | by | oneself, participant, moderator, admin, owner |
const REACH: &[(&str, [&str; 5])] = &[
    //              participant  moderator  admin    owner    shell
    ("Kick", ["mmmmm", "s+MMO", "s+++O", "s+++O", "s++++"]),
    ("Ban", ["mmmmm", "s+MMO", "s+++O", "s+++O", "s++++"]),
    ("Unban", ["mmmmm", "s+MMO", "s+++O", "s+++O", "s++++"]),
    ("Quiet", ["mmmmm", "s+++O", "s+++O", "s+++O", "s++++"]),
    ("Hold", ["mmmmm", "s+MMO", "s+++O", "s+++O", "s++++"]),
    ("Release", ["mmmmm", "s+MMO", "s+++O", "s+++O", "s++++"]),
    ("Promote", ["ooooo", "ooooo", "s+++O", "s+++O", "s+++O"]),
    ("Demote", ["ooooo", "ooooo", "s+++O", "s+++O", "s+++O"]),
    ("Everybody", ["mmmmm", "s+MMO", "s+++O", "s+++O", "s++++"]),
    ("Own", ["ooooo", "ooooo", "s+++O", "s+++O", "s++++"]),
];

/// Which state of the other is enough to be met: `i` inside, `w` was here, `b` banned, `h` held, `m` moderates; `*` always.
const MET: &[(&str, &str)] = &[
    ("Kick", "i"),
    ("Ban", "iwb"),
    ("Unban", "b"),
    ("Quiet", "i"),
    ("Hold", "i"),
    ("Release", "ih"),
    ("Promote", "im"),
    ("Demote", "im"),
    ("Everybody", "*"),
    ("Own", "*"),
];

fn told(outcome: Result<()>) -> char {
    match outcome.map_err(|e| e.code) {
        Ok(()) => '+',
        Err("not_moderator") => 'm',
        Err("not_owner") => 'o',
        Err("target_self") => 's',
        Err("target_owner") => 'O',
        Err("target_moderator") => 'M',
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn every_rank_reaches_whom_the_table_says() {
    assert_eq!(REACH.len(), VERBS.len());
    for (verb, (name, row)) in VERBS.iter().zip(REACH) {
        assert_eq!(&format!("{verb:?}"), name);
        for (by, expected) in RANKS.iter().zip(row) {
            let upon = |target: &&str| match *target {
                "oneself" => told(must_reach(*by, *verb, *by, true)),
                "participant" => told(must_reach(*by, *verb, Rank::Participant, false)),
                "moderator" => told(must_reach(*by, *verb, Rank::Moderator, false)),
                "admin" => told(must_reach(*by, *verb, Rank::Admin, false)),
                _ => told(must_reach(*by, *verb, Rank::Owner, false)),
            };
            assert_eq!(TARGETS.iter().map(upon).collect::<String>(), *expected, "{name} by {by:?}");
        }
    }
}

#[test]
fn every_state_is_met_as_the_table_says() {
    assert_eq!(MET.len(), VERBS.len());
    for (verb, (name, letters)) in VERBS.iter().zip(MET) {
        assert_eq!(&format!("{verb:?}"), name);
        for bits in 0..32_u8 {
            let on = |bit: u8| bits & (1 << bit) != 0;
            let whom = Whereabouts {
                is_inside: on(0),
                was_here: on(1),
                is_banned: on(2),
                is_held: on(3),
                moderates: on(4),
            };
            let is_in = |(bit, letter): (u8, char)| on(bit) && letters.contains(letter);
            let expected = *letters == "*" || (0..).zip("iwbhm".chars()).any(is_in);
            assert_eq!(is_met(*verb, whom), expected, "{name}: {whom:?}");
        }
    }
}
