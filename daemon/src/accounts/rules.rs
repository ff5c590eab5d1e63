//! What a mail address, a name and a password look like. Pure.

use unicode_normalization::UnicodeNormalization;

use crate::{
    error::{Error, Result},
    names,
};

/// The longest address that SMTP can carry (RFC 5321 4.5.3.1.3, less the brackets).
const MAIL_BYTES: usize = 254;

/// Trimmed, NFKC, the domain in punycode, lower case; `None` where it is no address. What stands before the `@` is a
/// dot-atom (RFC 5321 4.1.2, with RFC 6531's letters), so `o'brien` and `a&b` are; quoted forms are not.
pub fn mail(given: &str) -> Option<String> {
    let text: String = given.trim().nfkc().collect::<String>().to_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = |c: char| !names::is_unseen(c) && !names::is_control(c) && !r#"@<>()[]\,;:""#.contains(c);
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

/// The display name of an account: 2 characters at least.
pub(super) fn name(given: &str) -> Result<String> {
    names::person(given, 2)
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
        for own in
            ["sean.o'brien@example.org", "tom&anna@example.org", "a+b_{c}=d@example.org", "jörg@example.org"]
        {
            assert_eq!(mail(own).as_deref(), Some(own));
        }
        let long = format!("{}@example.org", "a".repeat(65));
        for wrong in [
            "",
            "ada",
            "@example.org",
            "a b@example.org",
            "a@",
            "a@b c",
            "a@@b.c",
            "a@-b.c",
            "\"a b\"@c",
            ".a@b.c",
            "a..b@b.c",
            "a\u{200b}@b.c",
            &long,
        ] {
            assert_eq!(mail(wrong), None, "{wrong}");
        }
    }
}
