//! What can be found, by which words, and where in the index that stands. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{Currency, Minor, id::UserId, search::Category, text};
use serde::{Deserialize, Serialize};

/// How many words of a title count, and how many beside it.
const TITLE_WORDS_MAX: usize = 10;
const WORDS_MAX: usize = 16;
/// How many pairs of neighbours.
const PAIRS_MAX: usize = 8;
/// At how many places of the index something stands.
pub const PLACES_MAX: usize = TITLE_WORDS_MAX + WORDS_MAX + PAIRS_MAX;
/// The longest word that is told from others, in characters: a sort key of the table has 1 024 bytes.
const WORD_MAX: usize = 40;
/// What is shown of a title or of what stands below it.
const SHOWN_MAX: usize = 120;

/// A place in the index, among what stands there the freshest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Word(String, Rank),
    /// Two words of a title that stand together: what has both of two that very many have.
    Pair(String, String),
}

/// What a word is to what it leads to, the best first: as much as the score of a whole word says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// Its title begins with it.
    First,
    InTitle,
    Beside,
}

impl Rank {
    pub const fn digit(self) -> u8 {
        match self {
            Self::First => 0,
            Self::InTitle => 1,
            Self::Beside => 2,
        }
    }
}

/// Something that can be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub category: Category,
    pub title: String,
    /// What is shown below it; nobody finds it by that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// The path of its page.
    pub href: String,
    /// By what it is found beside its title, folded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// What is fresher comes first: the day of a document or an activity, else when it was added.
    pub at: Timestamp,
    /// Whose record it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<UserId>,
    /// For these eyes only, and for who administers the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<UserId>,
}

impl Found {
    pub fn new(category: Category, title: &str, href: String, at: Timestamp) -> Self {
        let title = shown(title);
        Self { category, title, subtitle: None, href, words: Vec::new(), at, assigned_to: None, only: None }
    }

    /// What stands below the title, of which some may be missing.
    pub fn below<'a>(mut self, parts: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let parts: Vec<_> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        self.subtitle = (!parts.is_empty()).then(|| shown(&parts.join(" · ")));
        self
    }

    pub fn by_text(self, text: Option<&str>) -> Self {
        self.by(text.map(words_of).unwrap_or_default())
    }

    /// `FAC-2026-0042`: by its parts, by `42`, and written without what is between them.
    pub fn by_number(self, number: Option<&str>) -> Self {
        let Some(number) = number else { return self };
        let parts = words_of(number);
        let whole = parts.concat();
        let short = parts.iter().filter(|part| part.chars().all(|c| c.is_ascii_digit()));
        let short = short.map(|part| part.trim_start_matches('0').to_owned()).filter(|part| part.len() > 1);
        let short: Vec<_> = short.collect();
        self.by(parts).by(short).by([whole])
    }

    /// A telephone number in its international form, and a French one as it is dialled in France.
    pub fn by_phone(self, phone: Option<&str>) -> Self {
        let digits: String = phone.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
        if digits.len() < 4 {
            return self;
        }
        let national = digits.strip_prefix("33").filter(|rest| rest.len() == 9).map(|rest| format!("0{rest}"));
        self.by([digits]).by(national)
    }

    pub fn by_amount(self, amount: Minor, currency: Currency) -> Self {
        self.by([amount_word(&amount.plain(currency))])
    }

    /// By `20/11/2026` and its beginnings, by `2026-11`, and by `3 août`.
    pub fn by_day(self, on: Date) -> Self {
        let (year, month, day) = (on.year(), on.month(), on.day());
        let written = [format!("{day:02}{month:02}{year:04}"), format!("{year:04}{month:02}{day:02}")];
        self.by(written).by(words_of(&text::french_month(on))).by([day.to_string()])
    }

    fn by(mut self, words: impl IntoIterator<Item = String>) -> Self {
        for word in words {
            if !word.is_empty() && !self.words.contains(&word) {
                self.words.push(word);
            }
        }
        self.words.truncate(WORDS_MAX);
        self
    }

    pub const fn of(mut self, assigned_to: Option<UserId>) -> Self {
        self.assigned_to = assigned_to;
        self
    }

    pub fn title_words(&self) -> Vec<String> {
        let mut words = words_of(&self.title);
        words.truncate(TITLE_WORDS_MAX);
        words
    }

    /// Where it stands in the index, each place once. A word of one letter leads to nothing.
    pub fn places(&self) -> Vec<Place> {
        let title = self.title_words();
        let rank = |at: usize| if at == 0 { Rank::First } else { Rank::InTitle };
        let of_title = title.iter().enumerate().map(|(at, word)| (word, rank(at)));
        let words = of_title.chain(self.words.iter().map(|word| (word, Rank::Beside)));
        let mut places: Vec<Place> = Vec::new();
        let mut known: Vec<&String> = Vec::new();
        for (word, rank) in words.filter(|(word, _)| word.chars().nth(1).is_some()) {
            if !known.contains(&word) {
                known.push(word);
                places.push(Place::Word(word.clone(), rank));
            }
        }
        if title.len() > 1 {
            // Around the corner: `jean martin` is found as `martin jean`.
            for (word, next) in title.iter().zip(title.iter().cycle().skip(1)).take(PAIRS_MAX) {
                let pair = Place::Pair(word.clone(), next.clone());
                if word != next && !places.contains(&pair) {
                    places.push(pair);
                }
            }
        }
        places
    }
}

fn shown(text: &str) -> String {
    let mut characters = text.chars();
    let head: String = characters.by_ref().take(SHOWN_MAX).collect();
    if characters.next().is_some() { format!("{head}…") } else { head }
}

/// The words of a text as they are compared: `L’Œuvre d’été` → `l`, `oeuvre`, `d`, `ete`.
pub fn words_of(text: &str) -> Vec<String> {
    let folded = text::folded(text);
    let words = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().take(WORD_MAX).collect()).collect()
}

/// `1234.50` → `1234,50`: a whole number of units finds it as well, being its beginning.
pub fn amount_word(plain: &str) -> String {
    plain.trim_start_matches('-').replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(title: &str) -> Found {
        Found::new(Category::Contact, title, "/".into(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn words_are_folded_and_cut_where_no_letter_is() {
        assert_eq!(words_of("Société  Générale d’Œuvres (SARL)"), ["societe", "generale", "d", "oeuvres", "sarl"]);
        assert_eq!(words_of("j.martin+pro@acme.fr"), ["j", "martin", "pro", "acme", "fr"]);
        assert_eq!(words_of(" – "), Vec::<String>::new());
        assert_eq!(words_of(&"é".repeat(60)), ["e".repeat(40)]);
    }

    #[test]
    fn a_number_is_found_by_its_parts_whole_and_without_zeros() {
        assert_eq!(found("x").by_number(Some("FAC-2026-0042")).words, ["fac", "2026", "0042", "42", "fac20260042"]);
        assert_eq!(found("x").by_number(None).words, Vec::<String>::new());
    }

    #[test]
    fn a_phone_is_found_as_it_is_dialled() {
        assert_eq!(found("x").by_phone(Some("+33612345678")).words, ["33612345678", "0612345678"]);
        assert_eq!(found("x").by_phone(Some("+3225551234")).words, ["3225551234"]);
        assert_eq!(found("x").by_phone(Some("—")).words, Vec::<String>::new());
    }

    #[test]
    fn an_amount_is_found_by_its_units() {
        assert_eq!(found("x").by_amount(Minor(-123_450), Currency::Eur).words, ["1234,50"]);
        assert_eq!(found("x").by_amount(Minor(1_200), Currency::Xof).words, ["1200"]);
    }

    #[test]
    fn a_day_is_found_as_it_is_written() {
        let found = found("x").by_day(jiff::civil::date(2026, 8, 3));
        assert_eq!(found.words, ["03082026", "20260803", "aout", "2026", "3"]);
    }

    #[test]
    fn what_is_found_stands_at_each_word_and_each_pair_of_neighbours_once() {
        let word = |word: &str, rank| Place::Word(word.into(), rank);
        let pair = |word: &str, next: &str| Place::Pair(word.into(), next.into());
        assert_eq!(
            found("Jean Martin").by_text(Some("Martin & Fils")).places(),
            [
                word("jean", Rank::First),
                word("martin", Rank::InTitle),
                word("fils", Rank::Beside),
                pair("jean", "martin"),
                pair("martin", "jean"),
            ]
        );
        let jean = word("jean", Rank::First);
        assert_eq!(found("Jean").places(), std::slice::from_ref(&jean));
        assert_eq!(found("Jean Jean L").places(), [jean, pair("jean", "l"), pair("l", "jean")]);
    }

    #[test]
    fn however_much_it_says_it_stands_at_few_places() {
        let long: String = (0..90).map(|n| format!("mot{n} ")).collect();
        assert!(found(&long).by_text(Some(&long)).places().len() <= PLACES_MAX);
    }
}
