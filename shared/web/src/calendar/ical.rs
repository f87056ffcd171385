//! A calendar as RFC 5545 writes it. Pure.
//!
//! Times are told in UTC, so that a program needs no rules of time zones; a day is a day wherever it is read.

use jiff::{Timestamp, ToSpan, civil::Date};

/// How long a calendar is at most, in bytes: an answer holds no more than six megabytes.
const BYTES_MAX: usize = 4_000_000;
/// What a line holds at most, its end not counted (RFC 5545, 3.1).
const OCTETS_MAX: usize = 75;

#[derive(Debug, Clone, PartialEq)]
pub struct Calendar<'a> {
    /// As programs call it.
    pub name: &'a str,
    /// Where its times are lived in: `Europe/Paris`.
    pub time_zone: &'a str,
    /// What matters most first: what there is no room for is left out.
    pub events: Vec<Event>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The same for ever, wherever it is told.
    pub uid: String,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub sequence: u32,
    pub when: When,
    pub summary: String,
    /// Empty where there is nothing to say; so are the next ones.
    pub description: String,
    pub place: String,
    pub category: String,
    /// Where it is shown.
    pub url: String,
    pub is_cancelled: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// From a day to another, both included.
    Days(Date, Date),
    /// From an instant to another; the first alone where both are the same.
    From(Timestamp, Timestamp),
}

impl Calendar<'_> {
    /// The same calendar is the same text, whenever it is asked for.
    pub fn text(&self) -> String {
        let mut text = Text::default();
        text.line("BEGIN", "VCALENDAR");
        text.line("VERSION", "2.0");
        text.line("PRODID", "-//ABSERVICE//Agenda//FR");
        text.line("CALSCALE", "GREGORIAN");
        text.line("X-WR-CALNAME", &escaped(self.name));
        text.line("X-WR-TIMEZONE", &escaped(self.time_zone));
        // RFC 7986, 5.7, and what programs from before it read.
        text.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
        text.line("X-PUBLISHED-TTL", "PT1H");
        for event in &self.events {
            let end = text.0.len();
            event.write(&mut text);
            if text.0.len() > BYTES_MAX {
                text.0.truncate(end);
                break;
            }
        }
        text.line("END", "VCALENDAR");
        text.0
    }
}

impl Event {
    fn write(&self, text: &mut Text) {
        text.line("BEGIN", "VEVENT");
        text.line("UID", &escaped(&self.uid));
        // Without a METHOD, the stamp is when it was last revised (RFC 5545, 3.8.7.2).
        text.line("DTSTAMP", &utc(self.changed_at));
        text.line("CREATED", &utc(self.created_at));
        text.line("LAST-MODIFIED", &utc(self.changed_at));
        text.line("SEQUENCE", &self.sequence.to_string());
        match self.when {
            When::Days(from, to) => {
                text.line("DTSTART;VALUE=DATE", &day(from));
                // The first day that it does not take any more (3.6.1).
                text.line("DTEND;VALUE=DATE", &day(to.saturating_add(1.day())));
                text.line("TRANSP", "TRANSPARENT");
            }
            When::From(from, to) => {
                text.line("DTSTART", &utc(from));
                if to > from {
                    text.line("DTEND", &utc(to));
                }
                text.line("TRANSP", "OPAQUE");
            }
        }
        text.line("SUMMARY", &escaped(&self.summary));
        for (name, value) in
            [("DESCRIPTION", &self.description), ("LOCATION", &self.place), ("CATEGORIES", &self.category)]
        {
            if !value.is_empty() {
                text.line(name, &escaped(value));
            }
        }
        if !self.url.is_empty() {
            // A URI is no text: nothing in it is escaped (3.3.13).
            text.line("URL", &self.url);
        }
        text.line("STATUS", if self.is_cancelled { "CANCELLED" } else { "CONFIRMED" });
        text.line("END", "VEVENT");
    }
}

#[derive(Default)]
struct Text(String);

impl Text {
    /// A line, folded where it is longer than one may be: never within a character.
    fn line(&mut self, name: &str, value: &str) {
        let mut octets = 0;
        for character in name.chars().chain([':']).chain(value.chars()) {
            if octets + character.len_utf8() > OCTETS_MAX {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(character);
            octets += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// A text (3.3.11): what would end it or its line is escaped, and what no line may hold left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' | '\r' => escaped.push_str("\\n"),
            '\t' => escaped.push(character),
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn day(on: Date) -> String {
    on.strftime("%Y%m%d").to_string()
}

#[cfg(test)]
mod tests {
    use ical::parser::{Component, ical::component::IcalCalendar};
    use jiff::civil::date;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    fn event() -> Event {
        Event {
            uid: "act_1@abservice".into(),
            created_at: at("2026-11-22T09:00:00Z"),
            changed_at: at("2026-11-23T10:00:00Z"),
            sequence: 2,
            when: When::From(at("2026-12-01T13:30:00Z"), at("2026-12-01T15:00:00Z")),
            summary: "Visite; plans, devis \\ métré".into(),
            description: "Première ligne\nDeuxième ligne".into(),
            place: "3 rue du Four, Lyon".into(),
            category: "Rendez-vous".into(),
            url: "https://app.example.fr/crm/activites/act_1;a,b".into(),
            is_cancelled: false,
        }
    }

    fn text(events: Vec<Event>) -> String {
        Calendar { name: "Agenda de Zoé", time_zone: "Europe/Paris", events }.text()
    }

    fn parsed(text: &str) -> IcalCalendar {
        let mut found = ical::IcalParser::new(text.as_bytes());
        let calendar = found.next().unwrap_or_else(|| panic!("no calendar in {text}"));
        calendar.unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// What a program makes of an escaped text.
    fn unescaped(text: &str) -> String {
        let mut read = String::new();
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some('n' | 'N') => read.push('\n'),
                    Some(other) => read.push(other),
                    None => panic!("{text} ends in the middle of an escape"),
                },
                other => read.push(other),
            }
        }
        read
    }

    fn property(calendar: &IcalCalendar, event: usize, name: &str) -> Option<String> {
        let value = calendar.events.get(event)?.get_property(name)?.value.clone();
        value.map(|value| unescaped(&value))
    }

    #[test]
    fn a_calendar_is_written_whole() {
        let expected = "BEGIN:VCALENDAR\r\n\
             VERSION:2.0\r\n\
             PRODID:-//ABSERVICE//Agenda//FR\r\n\
             CALSCALE:GREGORIAN\r\n\
             X-WR-CALNAME:Agenda de Zoé\r\n\
             X-WR-TIMEZONE:Europe/Paris\r\n\
             REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n\
             X-PUBLISHED-TTL:PT1H\r\n\
             BEGIN:VEVENT\r\n\
             UID:act_1@abservice\r\n\
             DTSTAMP:20261123T100000Z\r\n\
             CREATED:20261122T090000Z\r\n\
             LAST-MODIFIED:20261123T100000Z\r\n\
             SEQUENCE:2\r\n\
             DTSTART:20261201T133000Z\r\n\
             DTEND:20261201T150000Z\r\n\
             TRANSP:OPAQUE\r\n\
             SUMMARY:Visite\\; plans\\, devis \\\\ métré\r\n\
             DESCRIPTION:Première ligne\\nDeuxième ligne\r\n\
             LOCATION:3 rue du Four\\, Lyon\r\n\
             CATEGORIES:Rendez-vous\r\n\
             URL:https://app.example.fr/crm/activites/act_1;a,b\r\n\
             STATUS:CONFIRMED\r\n\
             END:VEVENT\r\n\
             END:VCALENDAR\r\n";
        assert_eq!(text(vec![event()]), expected);
    }

    #[test]
    fn a_day_is_a_day_and_what_is_cancelled_says_so() {
        let all_day = Event {
            when: When::Days(date(2026, 12, 31), date(2026, 12, 31)),
            description: String::new(),
            is_cancelled: true,
            ..event()
        };
        let text = text(vec![all_day]);
        for line in ["DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101", "STATUS:CANCELLED"] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} in {text}");
        }
        assert!(!text.contains("DESCRIPTION"));
        let moment = Event { when: When::From(at("2026-12-01T13:30:00Z"), at("2026-12-01T13:30:00Z")), ..event() };
        assert!(!Calendar { name: "", time_zone: "", events: vec![moment] }.text().contains("DTEND"));
    }

    #[test]
    fn days_end_on_the_day_after_the_last() {
        let when = When::Days(date(2026, 12, 24), date(2027, 1, 2));
        let text = text(vec![Event { when, ..event() }]);
        for line in ["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20270103"] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} in {text}");
        }
    }

    #[test]
    fn another_program_reads_what_was_written() {
        let calendar = parsed(&text(vec![event(), event()]));
        assert_eq!(calendar.events.len(), 2);
        for (name, expected) in [
            ("SUMMARY", event().summary),
            ("DESCRIPTION", event().description),
            ("LOCATION", event().place),
            ("UID", event().uid),
            ("URL", event().url),
        ] {
            assert_eq!(property(&calendar, 1, name), Some(expected), "{name}");
        }
    }

    /// Pseudo-random, and the same in each run.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % sides
        }

        fn text(&mut self) -> String {
            const LETTERS: [char; 20] = [
                'a', 'Z', 'é', '€', '𝄞', '👩', '\u{300}', ' ', '\n', '\t', '\\', ';', ',', ':', '"', '\'', 'n', 'N',
                '=', '\u{a0}',
            ];
            let length = self.roll(400);
            (0..length).map(|_| LETTERS[self.roll(20) as usize]).collect()
        }
    }

    #[test]
    fn whatever_was_typed_comes_back_and_no_line_is_too_long_or_broken() {
        let mut dice = Dice(5_545);
        for _ in 0..2_000 {
            let typed = dice.text();
            let text = text(vec![Event { summary: format!("x{typed}x"), ..event() }]);
            for line in text.strip_suffix("\r\n").unwrap_or_default().split("\r\n") {
                assert!(line.len() <= OCTETS_MAX, "{} octets: {line}", line.len());
                assert!(!line.contains(['\r', '\n']), "{line:?}");
            }
            let unfolded = text.replace("\r\n ", "");
            let summary = unfolded.split("\r\n").find_map(|line| line.strip_prefix("SUMMARY:"));
            assert_eq!(summary.map(unescaped), Some(format!("x{typed}x")));
        }
    }

    #[test]
    fn what_there_is_no_room_for_is_left_out_whole() {
        let long = Event { description: "é".repeat(20_000), ..event() };
        let text = text([vec![event()], vec![long; 200]].concat());
        assert!(text.len() <= BYTES_MAX + 100, "{}", text.len());
        let calendar = parsed(&text);
        assert!((50..200).contains(&calendar.events.len()), "{}", calendar.events.len());
        assert_eq!(property(&calendar, 0, "SUMMARY"), Some(event().summary));
    }

    #[test]
    fn what_no_line_may_hold_is_left_out() {
        assert_eq!(escaped("a\u{0}b\u{7f}c\r\nd\re"), "abc\\nd\\ne");
    }
}
