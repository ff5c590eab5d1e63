//! What a mail address, a name and a password look like. Pure.

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// The longest address that SMTP can carry (RFC 5321 4.5.3.1.3, less the brackets).
const MAIL_BYTES: usize = 254;

/// Trimmed, NFKC, the domain in punycode, lower case; `None` where it is no address.
pub(super) fn mail(given: &str) -> Option<String> {
    let text: String = given.trim().nfkc().collect::<String>().to_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !r#"@<>()[]\,;:"'&"#.contains(c);
    let dotted = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    if local.is_empty() || local.len() > 64 || dotted || !local.chars().all(plain) {
        return None;
    }
    let domain = idna::domain_to_ascii_strict(domain).ok().filter(|d| !d.is_empty())?;
    let mail = format!("{local}@{domain}");
    (mail.len() <= MAIL_BYTES).then_some(mail)
}

/// For an address that is none, or that somebody else has: the two are not told apart.
pub(super) fn mail_invalid() -> Error {
    Error::invalid("mail_invalid", "Give a valid mail address that is not in use.")
}

/// Trimmed, `least` to `most` characters, none of which is a control character, one of `<>&"'`, or an override of the
/// direction of writing, which would turn around the words beside the name.
pub(super) fn name(given: &str, least: usize, most: usize) -> Result<String> {
    let name = given.trim();
    let length = name.chars().count();
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = |c: char| !c.is_control() && !turns(c) && !"<>&\"'".contains(c);
    if (least..=most).contains(&length) && name.chars().all(plain) {
        return Ok(name.to_owned());
    }
    let s =
        format!("Give a name of {least} to {most} characters without control characters or any of <>&\"'.");
    Err(Error::invalid("name_invalid", s))
}

/// 12 to 128 bytes.
pub(super) fn password(given: &str) -> Result<()> {
    if (12..=128).contains(&given.len()) {
        return Ok(());
    }
    Err(Error::invalid("password_invalid", "Give a password of 12 to 128 bytes."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_one() {
        for same in ["  Ada@Example.ORG ", "ada@example.org", "ａｄａ@example.org"] {
            assert_eq!(mail(same).as_deref(), Some("ada@example.org"), "{same}");
        }
        assert_eq!(mail("a@bücher.example").as_deref(), Some("a@xn--bcher-kva.example"));
        let long = format!("{}@example.org", "a".repeat(65));
        for wrong in ["", "ada", "@example.org", "a b@example.org", "a@", "a@b c", "a@@b.c", "a@-b.c", &long]
        {
            assert_eq!(mail(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_are_counted_in_characters() {
        assert_eq!(name(&format!(" {} ", "é".repeat(50)), 2, 50).expect("50"), "é".repeat(50));
        for wrong in ["", "  ", "x", "a<b", "a\u{7}b", &"y".repeat(51)] {
            assert!(name(wrong, 2, 50).is_err(), "{wrong}");
        }
    }
}
