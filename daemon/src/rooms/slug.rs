//! Slugs, the names of rooms as they stand in a link: 3 to 63 of `[a-z0-9]+(-[a-z0-9]+)*`; read, made up, made of a title.

use rand::Rng;

use crate::error::{Error, Result};

/// The longest that is made of a title; a number may follow.
const MADE: usize = 56;
/// Numbers that are tried after a slug that is taken.
const NUMBERED: std::ops::RangeInclusive<u32> = 2..=9;

/// A slug as people, apps and bots write it: case and outer blanks do not count.
pub(super) fn read(given: &str) -> String {
    given.trim().to_lowercase()
}

/// What a room of that title may be called in its link, best first: the title in Latin letters, then with a number.
/// Nothing where nothing of the title can be written so.
pub(super) fn of_title(title: &str) -> Vec<String> {
    let latin = deunicode::deunicode(title).replace(['\'', '`'], "").to_ascii_lowercase();
    let parts = latin.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let mut slug = parts.collect::<Vec<_>>().join("-");
    slug.truncate(MADE); // all of it is ASCII
    let slug = slug.trim_end_matches('-').to_owned();
    if check(&slug).is_err() {
        return Vec::new();
    }
    let numbered: Vec<String> = NUMBERED.map(|number| format!("{slug}-{number}")).collect();
    std::iter::once(slug).chain(numbered).collect()
}

/// Accepts a name, or says how one looks.
pub fn check(name: &str) -> Result<()> {
    let part = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if (3..=63).contains(&name.len()) && name.split('-').all(part) {
        return Ok(());
    }
    Err(Error::invalid(
        "room_name_invalid",
        "A room's name has 3 to 63 characters: lower-case letters, digits, and single dashes between them.",
    ))
}

/// A name for a room whose maker gave none: `xxx-xxxx-xxx`.
pub(super) fn random() -> String {
    let mut random = rand::rng();
    let mut letters =
        |count| -> String { (0..count).map(|_| char::from(random.random_range(b'a'..=b'z'))).collect() };
    format!("{}-{}-{}", letters(3), letters(4), letters(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_in_any_script_give_a_slug() {
        let first = |title: &str| of_title(title).first().cloned().unwrap_or_default();
        assert_eq!(first("Café Runde"), "cafe-runde");
        assert_eq!(first("  Q&A: O'Brien’s  team! "), "q-a-obriens-team");
        assert_eq!(first("周会"), "zhou-hui");
        assert_eq!(first("Совещание"), "soveshchanie");
        assert_eq!(of_title("standup").get(1).map(String::as_str), Some("standup-2"));
        for none in ["", "!!", "Q4", "···"] {
            assert_eq!(first(none), "", "{none}");
        }
        for title in ["جلسه", "회의", "การประชุม", "🎉 Party", &"周".repeat(80), &"a ".repeat(80)]
        {
            assert!(
                of_title(title).iter().all(|slug| check(slug).is_ok()) && !of_title(title).is_empty(),
                "{title}"
            );
        }
    }

    #[test]
    fn names_are_slugs() {
        assert_eq!(read(" Stand-Up\n"), "stand-up");
        for good in ["abc", "a-b", "team-7", "123", &"a".repeat(63), &random()] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in ["", "ab", "-abc", "abc-", "a--b", "Abc", "a b", "a_b", "ä-b", "a/b", &"a".repeat(64)] {
            assert_eq!(check(bad).expect_err(bad).code, "room_name_invalid");
        }
    }
}
