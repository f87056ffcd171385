//! The periods that the calendar shows, and what stands where. Pure.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use kernel::text;

/// How many days the agenda goes ahead.
const AGENDA_DAYS: i64 = 30;
/// The hours that are shown of each day, whatever is on it.
const HOURS: (i8, i8) = (8, 18);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    #[default]
    Month,
    Week,
    Day,
    Agenda,
}

impl View {
    pub const ALL: [Self; 4] = [Self::Month, Self::Week, Self::Day, Self::Agenda];

    /// As addresses name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Month => "mois",
            Self::Week => "semaine",
            Self::Day => "jour",
            Self::Agenda => "liste",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Month => "Mois",
            Self::Week => "Semaine",
            Self::Day => "Jour",
            Self::Agenda => "Liste",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }

    /// The first and the last day that are shown with this one.
    pub fn period(self, on: Date) -> (Date, Date) {
        match self {
            Self::Month => (monday(on.first_of_month()), monday(on.last_of_month()).saturating_add(6.days())),
            Self::Week => (monday(on), monday(on).saturating_add(6.days())),
            Self::Day => (on, on),
            Self::Agenda => (on, on.saturating_add((AGENDA_DAYS - 1).days())),
        }
    }

    /// A day of the period before.
    pub fn before(self, on: Date) -> Date {
        match self {
            Self::Month => on.first_of_month().saturating_sub(1.month()),
            Self::Week => on.saturating_sub(7.days()),
            Self::Day => on.saturating_sub(1.day()),
            Self::Agenda => on.saturating_sub(AGENDA_DAYS.days()),
        }
    }

    /// A day of the period after.
    pub fn after(self, on: Date) -> Date {
        match self {
            Self::Month => on.first_of_month().saturating_add(1.month()),
            Self::Week => on.saturating_add(7.days()),
            Self::Day => on.saturating_add(1.day()),
            Self::Agenda => on.saturating_add(AGENDA_DAYS.days()),
        }
    }

    pub fn title(self, on: Date) -> String {
        let (from, to) = self.period(on);
        match self {
            Self::Month => capitalised(&text::french_month(on)),
            Self::Week => format!("Semaine du {} au {}", text::french_date(from), text::french_date(to)),
            Self::Day => capitalised(&text::french_day(on)),
            Self::Agenda => format!("Du {} au {}", text::french_date(from), text::french_date(to)),
        }
    }
}

fn monday(on: Date) -> Date {
    let since = on.weekday().since(Weekday::Monday);
    on.saturating_sub(i64::from(since).days())
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Day by day, both included.
pub fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    from.series(1.day()).take_while(move |on| *on <= to)
}

/// The hours that a grid shows: the usual ones, and those at which something begins.
pub fn hours(begin_at: impl Iterator<Item = i8>) -> std::ops::RangeInclusive<i8> {
    let (first, last) = begin_at.fold(HOURS, |(first, last), hour| (first.min(hour), last.max(hour)));
    first..=last
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_shown_in_whole_weeks() {
        assert_eq!(View::Month.period(date(2026, 11, 15)), (date(2026, 10, 26), date(2026, 12, 6)));
        // One that begins on a Monday and ends on a Sunday.
        assert_eq!(View::Month.period(date(2027, 2, 28)), (date(2027, 2, 1), date(2027, 2, 28)));
        for month in date(2020, 1, 31).series(1.month()).take(200) {
            let (from, to) = View::Month.period(month);
            assert_eq!((from.weekday(), to.weekday()), (Weekday::Monday, Weekday::Sunday));
            assert!(from <= month.first_of_month() && to >= month.last_of_month());
            assert!(days(from, to).count() <= 42);
        }
    }

    #[test]
    fn periods_follow_each_other_without_a_gap() {
        for view in View::ALL {
            let mut on = date(2026, 1, 31);
            for _ in 0..40 {
                let next = view.after(on);
                let end = if view == View::Month { on.last_of_month() } else { view.period(on).1 };
                let begin = if view == View::Month { next.first_of_month() } else { view.period(next).0 };
                assert_eq!(end.tomorrow().ok(), Some(begin), "{view:?} {on}");
                assert_eq!(view.period(view.before(next)), view.period(on), "{view:?} {on}");
                on = next;
            }
        }
    }

    #[test]
    fn titles_are_french() {
        let on = date(2026, 11, 30);
        let titles = View::ALL.map(|view| view.title(on).replace('\u{a0}', " "));
        assert_eq!(
            titles,
            [
                "Novembre 2026",
                "Semaine du 30 novembre 2026 au 6 décembre 2026",
                "Lundi 30 novembre 2026",
                "Du 30 novembre 2026 au 29 décembre 2026",
            ]
        );
    }

    #[test]
    fn what_begins_early_or_late_is_shown_too() {
        assert_eq!(hours([9, 10].into_iter()), 8..=18);
        assert_eq!(hours([6, 22].into_iter()), 6..=22);
    }
}
