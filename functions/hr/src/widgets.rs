//! What HR shows on the first page: birthdays to who may see the files, and to everybody who is away.

use askama::Template;
use jiff::{ToSpan, civil::Date};
use kernel::text;
use web::{Asker, PageResult, page};

use crate::{
    employee::{self, Employee},
    leave,
};

/// How far ahead birthdays are told.
const AHEAD_DAYS: i64 = 30;
const SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "widget_birthdays.html")]
struct BirthdaysWidget {
    rows: Vec<Birthday>,
}

struct Birthday {
    href: String,
    name: String,
    /// Never the year.
    on: String,
    is_today: bool,
}

/// The next one from a day on; somebody born on 29 February has theirs on the 28th where there is none (the last of the month).
fn next(born: Date, today: Date) -> Option<Date> {
    let in_year = |year: i16| {
        let first = Date::new(year, born.month(), 1).ok()?;
        Date::new(year, born.month(), born.day().min(first.last_of_month().day())).ok()
    };
    let this = in_year(today.year())?;
    if this >= today { Some(this) } else { in_year(today.year() + 1) }
}

/// Of those who work here, within the next days, the nearest first.
fn birthdays<'a>(employees: impl Iterator<Item = &'a Employee>, today: Date) -> Vec<(Date, &'a Employee)> {
    let until = today.saturating_add(AHEAD_DAYS.days());
    let mut found: Vec<_> = employees
        .filter(|employee| employee.is_employed_on(today))
        .filter_map(|employee| Some((next(employee.born_on?, today)?, employee)))
        .filter(|(on, _)| *on <= until)
        .collect();
    found.sort_by_key(|(on, employee)| (*on, text::sorted(&employee.last_name)));
    found
}

pub async fn show_birthdays(asker: Asker) -> PageResult {
    let today = asker.today();
    let all = employee::everybody(&asker.scope).await?;
    let found = birthdays(all.iter().map(|employee| &employee.value), today);
    let row = |(on, employee): &(Date, &Employee)| Birthday {
        href: format!("/rh/employes/{}", employee.id),
        name: format!("{} {}", employee.first_name, employee.last_name),
        on: day_and_month(*on),
        is_today: *on == today,
    };
    page(&BirthdaysWidget { rows: found.iter().take(SHOWN).map(row).collect() })
}

/// `mardi 1 décembre`
fn day_and_month(on: Date) -> String {
    let day = text::french_day(on);
    day.strip_suffix(&format!("\u{a0}{}", on.year())).map_or(day.clone(), str::to_owned)
}

#[derive(Template)]
#[template(path = "widget_absent.html")]
struct AbsentWidget {
    rows: Vec<AbsentRow>,
    /// How many are not named.
    others: usize,
}

struct AbsentRow {
    name: String,
    when: String,
    /// Why, and where it says so, for who may see that.
    kind: Option<(String, String)>,
}

/// Who is away today: that they are, to everybody; why, to who sees their leave.
pub async fn show_absent(asker: Asker) -> PageResult {
    let today = asker.today();
    let (staff, mut absent) = leave::list_absent(&asker, today, today).await?;
    absent.retain(|(one, _)| one.is_approved && (one.span.from..=one.span.to).contains(&today));
    let row = |(one, standing): &(leave::Absent, leave::Standing)| {
        let kind = staff.leave.find(one.kind).filter(|_| standing.sees());
        let href = format!("{}/{}/{}", leave::desk::PATH, one.employee, one.request);
        Some(AbsentRow {
            name: staff.find(one.employee)?.name(),
            when: match one.minutes {
                Some(minutes) => text::french_duration(minutes.into()),
                None => one.span.french(),
            },
            kind: kind.map(|kind| (kind.name.clone(), href)),
        })
    };
    let mut rows: Vec<_> = absent.iter().filter_map(row).collect();
    rows.sort_by_key(|row| text::sorted(&row.name));
    let others = rows.len().saturating_sub(SHOWN);
    rows.truncate(SHOWN);
    page(&AbsentWidget { rows, others })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_birthday_comes_every_year() {
        let today = date(2026, 11, 22);
        assert_eq!(next(date(1990, 11, 22), today), Some(today));
        assert_eq!(next(date(1990, 12, 1), today), Some(date(2026, 12, 1)));
        assert_eq!(next(date(1990, 11, 21), today), Some(date(2027, 11, 21)));
        assert_eq!(next(date(1992, 2, 29), today), Some(date(2027, 2, 28)));
        assert_eq!(next(date(1992, 2, 29), date(2028, 2, 1)), Some(date(2028, 2, 29)));
        assert!(!day_and_month(date(2026, 12, 1)).contains("2026"));
    }
}
