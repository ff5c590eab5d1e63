//! What people and rooms may be called, in any script, and how such names are compared in a search. Pure.

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

use crate::error::{Error, Result};

/// The most characters of a person's name, as people count them.
const MOST: usize = 50;
/// The most characters of a room's title.
const MOST_OF_TITLE: usize = 80;
/// Names that are offered for a mistyped one.
const NEAREST: usize = 3;
/// LiveKit refuses to restrict anybody whose name is longer (1.13.5, `UpdateParticipant`). An emoji may have 28 bytes.
const MOST_BYTES: usize = 256;

/// A person's name: NFC, trimmed, `least` to 50 characters, of which one can be seen; see [`fault`] for what is refused.
pub fn person(given: &str, least: usize) -> Result<String> {
    let name = trimmed(given);
    match fault(&name, least, MOST) {
        None => Ok(name),
        Some(why) => Err(Error::invalid("name_invalid", format!("This name cannot be used: {why}."))),
    }
}

/// The title of a room by the same rule, 1 to 80 characters; `None` for nothing at all.
pub fn title(given: &str) -> Result<Option<String>> {
    let title = trimmed(given);
    match fault(&title, 1, MOST_OF_TITLE) {
        _ if title.is_empty() => Ok(None),
        None => Ok(Some(title)),
        Some(why) => Err(Error::invalid("title_invalid", format!("This title cannot be used: {why}."))),
    }
}

/// A name as a search compares it: one spelling for what differs only in case, width or composition.
pub fn folded(name: &str) -> String {
    // by way of the capitals, which ß, ſ and both small sigmas share with what they are searched by
    let folded: String = name.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    folded.replace("i\u{307}", "i") // the small letter of İ
}

/// Those of `known` that somebody may have meant by `wanted`, which is none of them: the likeliest first, three at most. Each
/// comes with the names by which it goes.
pub fn nearest<'a, T>(wanted: &str, known: impl IntoIterator<Item = (T, Vec<&'a str>)>) -> Vec<T> {
    let wanted = folded(wanted.trim());
    let most = wanted.chars().count().div_ceil(4);
    let far = |name: &str| {
        let name = folded(name);
        if wanted.chars().count() > 2 && name.starts_with(&wanted) {
            1
        } else {
            strsim::osa_distance(&name, &wanted)
        }
    };
    let mut near: Vec<_> = known
        .into_iter()
        .filter_map(|(one, names)| Some((names.into_iter().map(far).min()?, one)))
        .filter(|(far, _)| *far <= most)
        .collect();
    near.sort_by_key(|(far, _)| *far);
    near.into_iter().map(|(_, one)| one).take(NEAREST).collect()
}

/// The same as a sentence for the end of a refusal; empty where nothing is near.
pub fn did_you_mean(near: &[String]) -> String {
    match near {
        [] => String::new(),
        [first, rest @ ..] => {
            rest.iter().fold(format!(" Did you mean {first}"), |s, one| s + " or " + one) + "?"
        }
    }
}

/// True for a character that leaves nothing to see by itself.
pub fn is_unseen(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}' || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// True for what would act on the text around it: controls, line separators, overrides of the direction of writing.
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn trimmed(given: &str) -> String {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}');
    given.trim_matches(blank).nfc().collect()
}

/// What is wrong with a name, and how it would be right.
fn fault(name: &str, least: usize, most: usize) -> Option<String> {
    let count = name.graphemes(true).count();
    if !(least..=most).contains(&count) {
        return Some(format!("it has {count} characters. Give {least} to {most}"));
    }
    if name.chars().any(is_control) {
        return Some(
            "control characters and overrides of the direction of writing are not allowed".to_owned(),
        );
    }
    if name.chars().all(|c| is_unseen(c) || is_combining_mark(c)) {
        return Some("nothing of it can be seen. Give letters, digits or signs".to_owned());
    }
    (name.len() > MOST_BYTES)
        .then(|| format!("it takes {} bytes, and {MOST_BYTES} are the most. Make it shorter", name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_are_theirs_to_choose() {
        let family = "👨‍👩‍👧‍👦";
        for good in [
            "O'Brien",
            "Tom & Anna",
            "Robert \"Bob\" Roe",
            "<Ada>",
            "李娜",
            "محمد",
            "می‌خواهم",
            "नमस्ते",
            "❤️❤️",
            &"é".repeat(50),
            &"e\u{301}".repeat(50),
            &family.repeat(10),
        ] {
            assert_eq!(person(good, 2).expect(good), good.nfc().collect::<String>());
        }
        assert_eq!(person(" \u{feff}Ada\u{200b}\n", 2).expect("trimmed"), "Ada");
        assert_eq!(person("x", 1).expect("a guest"), "x");
        assert_eq!(title("  ").expect("none"), None);
        assert_eq!(title("Café Runde").expect("a title").as_deref(), Some("Café Runde"));
    }

    #[test]
    fn names_that_are_none_are_refused() {
        for wrong in [
            "",
            "  ",
            "x",
            "a\u{7}b",
            "a\u{9b}b",
            "a\u{202e}b",
            "a\u{2067}b",
            "a\u{2028}b",
            "\u{3164}\u{3164}",
            "\u{2800}\u{2800}",
            "\u{200d}\u{200d}",
            "\u{115f}\u{1160}",
            "\u{ad}\u{ad}",
            "\u{e0041}\u{e0042}",
            "\u{301}\u{302} \u{301}",
            &"y".repeat(51),
            &"👨‍👩‍👧‍👦".repeat(11),
        ] {
            assert_eq!(person(wrong, 2).expect_err(wrong).code, "name_invalid");
        }
        assert_eq!(title(&"y".repeat(81)).expect_err("too long").code, "title_invalid");
    }

    #[test]
    fn a_search_sees_through_case_and_width_in_any_script() {
        for same in [
            ("ÉMILE", "émile"),
            ("Straße", "STRASSE"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("ЖУК", "жук"),
            ("İzmir", "izmir"),
            ("ＡＢ", "ab"),
        ] {
            assert_eq!(folded(same.0), folded(same.1), "{same:?}");
        }
    }

    #[test]
    fn what_somebody_may_have_meant_is_offered() {
        let known = ["Alice", "Älice", "Bob", "Anna Neri", "registrationEnabled", "server"];
        let near = |wanted: &str| nearest(wanted, known.iter().map(|name| (*name, vec![*name])));
        assert_eq!(near("alcie"), ["Alice", "Älice"]);
        assert_eq!(near("anna"), ["Anna Neri"]);
        assert_eq!(near("registrationEnable"), ["registrationEnabled"]);
        assert_eq!((near("x"), near(""), near("nobody at all")), (vec![], vec![], vec![]));
        assert_eq!(did_you_mean(&["a".to_owned(), "b".to_owned()]), " Did you mean a or b?");
        assert_eq!(did_you_mean(&[]), "");
    }
}
