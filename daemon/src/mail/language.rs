//! The languages of letters, those of the page, and which of them somebody gets.

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Language {
    #[default]
    En,
    De,
    Fr,
    Es,
    Pt,
    Tr,
    Fa,
    Ar,
    Ru,
    Zh,
}

pub(super) const ALL: [Language; 10] = [
    Language::En,
    Language::De,
    Language::Fr,
    Language::Es,
    Language::Pt,
    Language::Tr,
    Language::Fa,
    Language::Ar,
    Language::Ru,
    Language::Zh,
];

impl Language {
    /// As in `lang` and in what browsers ask for.
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::De => "de",
            Language::Fr => "fr",
            Language::Es => "es",
            Language::Pt => "pt",
            Language::Tr => "tr",
            Language::Fa => "fa",
            Language::Ar => "ar",
            Language::Ru => "ru",
            Language::Zh => "zh",
        }
    }

    /// How it is written.
    pub fn direction(self) -> &'static str {
        if matches!(self, Language::Fa | Language::Ar) { "rtl" } else { "ltr" }
    }

    /// The first of `wanted` that there is, by how much it is wanted (`Accept-Language`, RFC 9110, 12.5.4).
    pub fn of(wanted: &str) -> Option<Self> {
        let mut ranges: Vec<(f32, Self)> = wanted
            .split(',')
            .filter_map(|range| {
                let mut parts = range.split(';').map(str::trim);
                let tag = parts.next().unwrap_or_default();
                let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
                let base = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
                let found = ALL.into_iter().find(|language| language.tag() == base)?;
                (quality > 0.0).then_some((quality, found))
            })
            .collect();
        // the sort is stable: of equal ones the first
        ranges.sort_by(|one, other| other.0.total_cmp(&one.0));
        ranges.first().map(|(_, language)| *language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_language_that_there_is() {
        for (wanted, found) in [
            ("de-CH, en;q=0.9", Some(Language::De)),
            ("ja, en;q=0.5, fa-IR;q=0.8", Some(Language::Fa)),
            ("zh-Hant-TW", Some(Language::Zh)),
            ("fr;q=0, *", None),
            ("\u{0}, ;;q=x", None),
            ("", None),
        ] {
            assert_eq!(Language::of(wanted), found, "{wanted}");
        }
    }
}
