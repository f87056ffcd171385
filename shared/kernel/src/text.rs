//! Text as it is compared, sorted and searched.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lower case, without accents, ligatures opened, spaces folded: `Société  Œuvre` → `societe oeuvre`.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match letter {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            c if c.is_whitespace() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c if c.is_control() => {}
            c => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// A sort key of the table holds 1 024 bytes; folding may lengthen a text, and a character may have four.
const SORTED_MAX: usize = 100;

/// A name as lists are sorted by it, and what somebody types in search of it.
pub fn sorted(name: &str) -> String {
    folded(name).chars().take(SORTED_MAX).collect()
}

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// `words` with what stands in braces replaced, once; `None` where a name is unknown or a brace stays open.
pub fn filled(words: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut rest = words;
    let mut written = String::with_capacity(words.len());
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        written.push_str(before);
        written.push_str(&value(name)?);
        rest = after;
    }
    written.push_str(rest);
    Some(written)
}

/// `1er mars 2026`.
pub fn french_date(date: Date) -> String {
    let ordinal = if date.day() == 1 { "er" } else { "" };
    let month = MONTHS.get(date.month() as usize - 1).copied().unwrap_or_default();
    format!("{}{ordinal}\u{a0}{month}\u{a0}{}", date.day(), date.year())
}

/// `mars 2026`.
pub fn french_month(date: Date) -> String {
    let month = MONTHS.get(date.month() as usize - 1).copied().unwrap_or_default();
    format!("{month}\u{a0}{}", date.year())
}

/// `dimanche 1er mars 2026`.
pub fn french_day(date: Date) -> String {
    let day = DAYS.get(date.weekday().to_monday_zero_offset() as usize).copied().unwrap_or_default();
    format!("{day} {}", french_date(date))
}

/// `1 h 30`, `45 min`.
pub fn french_duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}\u{a0}min"),
        (hours, 0) => format!("{hours}\u{a0}h"),
        (hours, minutes) => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
    }
}

/// `01/03/2026`.
pub fn short_date(date: Date) -> String {
    DateFormat::Slashes.show(date)
}

/// How an organization writes a day, by its strftime pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum DateFormat {
    #[default]
    #[serde(rename = "%d/%m/%Y")]
    Slashes,
    #[serde(rename = "%d-%m-%Y")]
    Hyphens,
    #[serde(rename = "%d.%m.%Y")]
    Dots,
    #[serde(rename = "%Y-%m-%d")]
    Iso,
    #[serde(rename = "%d %B %Y")]
    Words,
}

impl DateFormat {
    pub const ALL: [Self; 5] = [Self::Slashes, Self::Hyphens, Self::Dots, Self::Iso, Self::Words];

    /// The value of the API and of a form field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slashes => "%d/%m/%Y",
            Self::Hyphens => "%d-%m-%Y",
            Self::Dots => "%d.%m.%Y",
            Self::Iso => "%Y-%m-%d",
            Self::Words => "%d %B %Y",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    pub fn show(self, date: Date) -> String {
        let separated = |mark| format!("{:02}{mark}{:02}{mark}{:04}", date.day(), date.month(), date.year());
        match self {
            Self::Slashes => separated('/'),
            Self::Hyphens => separated('-'),
            Self::Dots => separated('.'),
            Self::Iso => date.to_string(),
            Self::Words => french_date(date),
        }
    }
}

/// `123456789` → `123 456 789`; a SIRET adds its five digits: `123 456 789 00012`.
pub fn siren(digits: &str) -> String {
    if !digits.chars().all(|c| c.is_ascii_digit()) || !matches!(digits.len(), 9 | 14) {
        return digits.to_owned();
    }
    let mut groups = vec![&digits[..3], &digits[3..6], &digits[6..9]];
    if digits.len() == 14 {
        groups.push(&digits[9..]);
    }
    groups.join("\u{a0}")
}

/// By four, as on paper.
pub fn iban(iban: &str) -> String {
    let letters: Vec<char> = iban.chars().filter(|c| !c.is_whitespace()).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_in_hours_and_minutes() {
        assert_eq!(
            [0, 45, 60, 65, 1_500].map(french_duration).join(" | ").replace('\u{a0}', " "),
            "0 min | 45 min | 1 h | 1 h 05 | 25 h"
        );
    }

    #[test]
    fn identifiers_are_grouped_and_what_is_none_is_left_alone() {
        assert_eq!(siren("123456789"), "123\u{a0}456\u{a0}789");
        assert_eq!(siren("12345678900012"), "123\u{a0}456\u{a0}789\u{a0}00012");
        assert_eq!(siren("é2345678"), "é2345678");
        assert_eq!(iban("FR7630006000011234567890189"), "FR76 3000 6000 0112 3456 7890 189".replace(' ', "\u{a0}"));
    }

    #[test]
    fn dates_read_french() {
        assert_eq!(french_day(jiff::civil::date(2026, 3, 1)), "dimanche 1er\u{a0}mars\u{a0}2026");
        assert_eq!(short_date(jiff::civil::date(2026, 11, 22)), "22/11/2026");
    }

    #[test]
    fn a_day_is_written_as_the_organization_does() {
        let first = jiff::civil::date(2026, 3, 1);
        let shown = DateFormat::ALL.map(|format| format.show(first));
        assert_eq!(shown, ["01/03/2026", "01-03-2026", "01.03.2026", "2026-03-01", "1er\u{a0}mars\u{a0}2026"]);
        for format in DateFormat::ALL {
            assert_eq!(DateFormat::named(format.name()), Some(format));
            assert_eq!(serde_json::to_value(format).unwrap(), format.name());
        }
        assert_eq!(DateFormat::named("%s"), None);
    }

    #[test]
    fn accents_case_ligatures_and_spaces_are_folded() {
        assert_eq!(folded("  Société\u{a0} Générale d’Œuvres "), "societe generale d’oeuvres");
        assert_eq!(folded("ÇA ÉTÉ"), "ca ete");
    }
    #[test]
    fn what_is_typed_is_a_prefix_of_what_is_sorted() {
        assert!(sorted("Société Générale d’Œuvres").starts_with(&sorted(" SOCIETE  gé")));
    }

    #[test]
    fn a_name_that_folding_lengthens_still_fits_a_sort_key() {
        assert!(sorted(&"\u{fdfa}".repeat(200)).len() <= 400);
    }
}
