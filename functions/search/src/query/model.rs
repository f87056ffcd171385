//! What was typed, what of the index answers it, and in which order. Pure.

use std::cmp::Reverse;

use kernel::search::Category;

use crate::document::{
    Found,
    model::{amount_word, words_of},
};

/// The most words that are looked at; whoever types more has found it long before.
const WORDS_MAX: usize = 8;
/// The most characters of what was typed that count.
pub const TYPED_MAX: usize = 100;
/// How many words of what was typed the index is read by: the longest, which fewest have.
const READ_MAX: usize = 2;
/// What one word may be too short for.
pub const TYPED_MIN: usize = 2;

/// What was typed, as it is searched for: all words of one of these. Where only figures were typed, they may be the parts of a
/// number, a telephone number or an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub typed: String,
    pub readings: Vec<Reading>,
}

/// Words that something must have, each at least as a beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub words: Vec<String>,
}

impl Query {
    /// None of what is too short to search for.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed: String = typed.trim().chars().take(TYPED_MAX).collect();
        let mut readings: Vec<Reading> = Vec::new();
        let mut add = |mut words: Vec<String>| {
            words.truncate(WORDS_MAX);
            let reading = Reading { words };
            if reading.is_worth_it() && !readings.contains(&reading) {
                readings.push(reading);
            }
        };
        add(typed.split_whitespace().flat_map(word_or_amount).collect());
        if let Some(figures) = Figures::of(&typed) {
            add(vec![figures.joined()]);
            add(figures.amount().into_iter().collect());
        }
        (!readings.is_empty()).then_some(Self { typed, readings })
    }

    /// The best of the readings that something answers; none where it answers none.
    pub fn score(&self, found: &Found) -> Option<u32> {
        let title = found.title_words();
        self.readings.iter().filter_map(|reading| reading.score(&title, &found.words)).max()
    }
}

impl Reading {
    fn is_worth_it(&self) -> bool {
        self.words.iter().map(|word| word.chars().count()).max().unwrap_or_default() >= TYPED_MIN
    }

    /// By which words the index is read.
    pub fn keys(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        words.sort_by_key(|word| Reverse(word.chars().count()));
        words.dedup();
        words.retain(|word| word.chars().count() >= TYPED_MIN);
        words.truncate(READ_MAX);
        words
    }

    /// Two words that may stand together in a title, one of them whole: for two that very many have.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        match self.keys().as_slice() {
            [one, other] => vec![(one, other), (other, one)],
            _ => Vec::new(),
        }
    }

    /// A whole word counts more than a beginning, one of the title more than another, and a title that begins as was typed
    /// most.
    fn score(&self, title: &[String], others: &[String]) -> Option<u32> {
        let mut score = 0;
        for (at, word) in self.words.iter().enumerate() {
            let best = |words: &[String]| {
                let matching = words.iter().filter(|known| known.starts_with(word.as_str()));
                matching.map(|known| 1 + u32::from(known == word)).max()
            };
            let of_title = best(title).map(|score| score * 3);
            let first = title.get(at).is_some_and(|known| known.starts_with(word.as_str()));
            score += of_title.max(best(others))? + u32::from(first);
        }
        Some(score)
    }
}

/// `1234,5` and `1 234.50 €` with its spaces gone are an amount; all else is words.
fn word_or_amount(chunk: &str) -> Vec<String> {
    match Figures::of(chunk).and_then(|figures| figures.amount()) {
        Some(amount) => vec![amount],
        None => words_of(chunk),
    }
}

/// Figures with nothing between them but what telephone numbers and amounts have.
struct Figures<'a>(&'a str);

impl<'a> Figures<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let fits = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+-.,()/€".contains(c);
        let has_figures = text.chars().any(|c| c.is_ascii_digit());
        (has_figures && text.chars().all(fits)).then_some(Self(text))
    }

    fn joined(&self) -> String {
        self.0.chars().filter(char::is_ascii_digit).collect()
    }

    /// Units, a comma and at most two decimals.
    fn amount(&self) -> Option<String> {
        let plain: String = self.0.chars().filter(|c| !c.is_whitespace() && *c != '€').collect();
        let (units, decimals) = plain.split_once([',', '.'])?;
        let are_figures = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        let is_amount = are_figures(units) && (decimals.is_empty() || are_figures(decimals)) && decimals.len() <= 2;
        is_amount.then(|| amount_word(&format!("{units}.{decimals}")))
    }
}

/// What was found in one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub category: Category,
    /// The best first.
    pub items: Vec<Found>,
    /// Of the best one.
    pub score: u32,
    /// Whether there may be others that were not read.
    pub is_more: bool,
}

impl Group {
    /// `entries` are what was read, where `is_more` there are others; what answers the query, each thing once. None where
    /// nothing can.
    pub fn of(
        query: &Query,
        category: Category,
        entries: impl IntoIterator<Item = Found>,
        is_more: bool,
    ) -> Option<Self> {
        let mut scored: Vec<(u32, Found)> = Vec::new();
        for found in entries {
            if scored.iter().any(|(_, known)| known.href == found.href) {
                continue;
            }
            if let Some(score) = query.score(&found) {
                scored.push((score, found));
            }
        }
        scored.sort_by(|(a, one), (b, other)| {
            (Reverse(a), Reverse(one.at), &one.href).cmp(&(Reverse(b), Reverse(other.at), &other.href))
        });
        let score = scored.first().map_or(0, |(score, _)| *score);
        let items: Vec<Found> = scored.into_iter().map(|(_, found)| found).collect();
        (is_more || !items.is_empty()).then_some(Self { category, items, score, is_more })
    }

    /// `12`, `plus de 100`; nothing where something may be that was not read.
    pub fn count(&self, shown_max: usize) -> String {
        match (self.items.len(), self.is_more) {
            (0, true) => String::new(),
            (count, _) if count > shown_max => format!("plus de {shown_max}"),
            (count, false) => count.to_string(),
            (count, true) => format!("{count} ou plus"),
        }
    }
}

/// The categories with the best in them first.
pub fn ranked(mut groups: Vec<Group>) -> Vec<Group> {
    let place = |category| Category::ALL.iter().position(|one| *one == category);
    groups.sort_by_key(|group| (Reverse(group.score), place(group.category)));
    groups
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn words(typed: &str) -> Vec<Vec<String>> {
        Query::parse(typed).map(|query| query.readings.into_iter().map(|one| one.words).collect()).unwrap_or_default()
    }

    fn found(title: &str, at: &str) -> Found {
        Found::new(Category::Company, title, format!("/{title}"), at.parse().unwrap())
    }

    #[test]
    fn what_is_typed_is_folded_into_words() {
        assert_eq!(words("  Société   GÉN "), [["societe", "gen"]]);
        assert_eq!(words("FAC-2026-0042"), [["fac", "2026", "0042"]]);
        assert_eq!(words("j.martin@acme.fr"), [["j", "martin", "acme", "fr"]]);
        assert_eq!(words("x"), Vec::<Vec<String>>::new());
        assert_eq!(words(" ’ "), Vec::<Vec<String>>::new());
        assert_eq!(words(&"mot ".repeat(90))[0].len(), WORDS_MAX);
    }

    #[test]
    fn figures_may_be_the_parts_of_a_number_a_telephone_number_or_an_amount() {
        let read = |typed| words(typed).into_iter().map(|words| words.join(" ")).collect::<Vec<_>>();
        assert_eq!(read("06 12 34"), ["06 12 34", "061234"]);
        assert_eq!(read("+33 6 12"), ["33 6 12", "33612"]);
        assert_eq!(read("1 234,56"), ["1 234,56", "123456", "1234,56"]);
        assert_eq!(read("1234.5"), ["1234,5", "12345"]);
        assert_eq!(read("dupré 1234,56 €"), ["dupre 1234,56"]);
        assert_eq!(read("0042"), ["0042"]);
        assert_eq!(read("30.11.2026"), ["30 11 2026", "30112026"]);
    }

    #[test]
    fn the_index_is_read_by_the_longest_words() {
        let query = Query::parse("la société de jean martin").unwrap();
        assert_eq!(query.readings[0].keys(), ["societe", "martin"]);
        assert_eq!(query.readings[0].pairs(), [("societe", "martin"), ("martin", "societe")]);
        assert_eq!(Query::parse("jean m").unwrap().readings[0].keys(), ["jean"]);
    }

    #[test]
    fn every_word_must_be_the_beginning_of_one() {
        let query = Query::parse("societe gen").unwrap();
        let one = found("Société Générale", "2026-01-01T00:00:00Z");
        assert!(query.score(&one).is_some());
        assert!(query.score(&found("Société Nouvelle", "2026-01-01T00:00:00Z")).is_none());
        assert!(query.score(&found("Générale", "2026-01-01T00:00:00Z").by_text(Some("société"))).is_some());
    }

    #[test]
    fn whole_words_of_the_title_come_first_and_then_what_is_fresh() {
        let query = Query::parse("martin").unwrap();
        let entries = [
            found("Martine", "2026-05-01T00:00:00Z"),
            found("Dupont", "2026-06-01T00:00:00Z").by_text(Some("Martin")),
            found("Jean Martin", "2026-01-01T00:00:00Z"),
            found("Martin", "2026-01-01T00:00:00Z"),
            found("Paul Martin", "2026-02-01T00:00:00Z"),
            found("Martin", "2026-01-01T00:00:00Z"),
            found("Durand", "2026-01-01T00:00:00Z"),
        ];
        let group = Group::of(&query, Category::Company, entries, false).unwrap();
        let titles: Vec<_> = group.items.iter().map(|found| found.title.as_str()).collect();
        assert_eq!(titles, ["Martin", "Paul Martin", "Jean Martin", "Martine", "Dupont"]);
        assert_eq!(group.count(100), "5");
    }

    #[test]
    fn counts_say_what_they_know() {
        let group = |count: usize, is_more| Group {
            category: Category::Company,
            items: (0..count)
                .map(|n| Found::new(Category::Company, "a", n.to_string(), Timestamp::UNIX_EPOCH))
                .collect(),
            score: 1,
            is_more,
        };
        assert_eq!([group(12, false).count(100), group(101, true).count(100)], ["12", "plus de 100"]);
        assert_eq!([group(40, true).count(100), group(0, true).count(100)], ["40 ou plus", ""]);
        let nothing = |is_more| Group::of(&Query::parse("martin").unwrap(), Category::Company, [], is_more);
        assert!(nothing(false).is_none() && nothing(true).is_some_and(|group| group.items.is_empty()));
    }
}
