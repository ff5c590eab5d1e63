//! Names of rooms as they stand in a link: 3 to 63 of `[a-z0-9]+(-[a-z0-9]+)*`.

use rand::Rng;

use crate::error::{Error, Result};

/// Accepts a name, or says how one looks.
pub(super) fn check(name: &str) -> Result<()> {
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
    fn names_are_slugs() {
        for good in ["abc", "a-b", "team-7", "123", &"a".repeat(63), &random()] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in ["", "ab", "-abc", "abc-", "a--b", "Abc", "a b", "a_b", "ä-b", "a/b", &"a".repeat(64)] {
            assert_eq!(check(bad).expect_err(bad).code, "room_name_invalid");
        }
    }
}
