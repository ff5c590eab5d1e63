//! What letters say, in each language of the page. `{server}`, `{url}`, `{until}`, `{mail}`, `{at}`, `{address}` and `{device}`
//! are filled in; a test sees that each language has the same.

mod ar;
mod de;
mod en;
mod es;
mod fa;
mod fr;
mod pt;
mod ru;
mod tr;
mod zh;

use super::Language;

/// The words of one language by these names, and all of them in this order.
macro_rules! words {
    ($($name:ident,)*) => {
        /// The words of one language.
        #[allow(missing_docs)]
        pub struct Words { $(pub $name: &'static str,)* }

        #[cfg(test)]
        fn all(words: &Words) -> Vec<&'static str> {
            vec![$(words.$name,)*]
        }
    };
}

words! {
    hint,
    footer,
    not_you,
    reset_subject,
    reset_text,
    reset_button,
    reset_after,
    verify_subject,
    verify_text,
    verify_button,
    verify_after,
    address_subject,
    address_text,
    password_subject,
    password_text,
    device_subject,
    device_text,
    device_button,
    invitation_subject,
    invitation_text,
    invitation_button,
    invitation_after,
}

impl Language {
    /// What letters say in it.
    pub fn words(self) -> &'static Words {
        match self {
            Language::En => &en::WORDS,
            Language::De => &de::WORDS,
            Language::Fr => &fr::WORDS,
            Language::Es => &es::WORDS,
            Language::Pt => &pt::WORDS,
            Language::Tr => &tr::WORDS,
            Language::Fa => &fa::WORDS,
            Language::Ar => &ar::WORDS,
            Language::Ru => &ru::WORDS,
            Language::Zh => &zh::WORDS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::language::ALL, *};

    fn places(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> =
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn every_language_says_everything_with_the_same_places() {
        let english = all(Language::En.words());
        for language in ALL {
            for (theirs, ours) in all(language.words()).into_iter().zip(english.iter().copied()) {
                assert_eq!(places(theirs), places(ours), "{language:?}: {theirs}");
                assert!(language == Language::En || theirs != ours, "{language:?}: {theirs}");
                assert!(!theirs.contains(['\r', '\n']) || theirs.contains("{device}"), "{theirs}");
            }
        }
    }
}
