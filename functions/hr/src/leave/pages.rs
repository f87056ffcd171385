//! `/rh/conges/calcul`

use askama::Template;
use axum::extract::RawQuery;
use kernel::{Error, text};
use web::{
    Asker, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page,
};

use super::{Counting, LeaveInput, counted};
use crate::holiday::pages::{asked, regions};

pub const PATH: &str = "/rh/conges/calcul";

const WEEK: [(&str, &str); 7] = [
    ("1", "Lundi"),
    ("2", "Mardi"),
    ("3", "Mercredi"),
    ("4", "Jeudi"),
    ("5", "Vendredi"),
    ("6", "Samedi"),
    ("7", "Dimanche"),
];

#[derive(Template)]
#[template(path = "leave_count.html")]
struct LeaveCountPage {
    shell: Shell,
    form: LeaveInput,
    errors: FieldErrors,
    countings: Vec<Choice>,
    week: Vec<Choice>,
    regions: Vec<Choice>,
    told: Option<Told>,
}

struct Told {
    days: String,
    is_one: bool,
    return_on: String,
    rows: Vec<Row>,
}

struct Row {
    day: String,
    days: String,
    reason: String,
}

pub async fn count_leave(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let form: LeaveInput = asked(query)?;
    let (told, errors) = if form.from.is_empty() && form.to.is_empty() {
        (None, FieldErrors::default())
    } else {
        match form.parse() {
            Ok(absence) => (Some(Told::of(&counted(&absence))), FieldErrors::default()),
            Err(wrong) => (None, FieldErrors::from_error(Error::Invalid(wrong))?),
        }
    };
    let is_worked = |day: &str| match form.works_on.is_empty() {
        true => !matches!(day, "6" | "7"),
        false => form.works_on.iter().any(|chosen| chosen == day),
    };
    page(&LeaveCountPage {
        shell: Shell::new(&asker, "hr", "Décompter une absence"),
        countings: choices(Counting::ALL.map(|counting| (counting.name(), counting.french())), &form.counting),
        week: WEEK.map(|(day, name)| (day.into(), name.into(), is_worked(day))).into(),
        regions: regions(&form.region),
        form,
        errors,
        told,
    })
}

impl Told {
    fn of(counted: &super::Counted) -> Self {
        let rows = counted.days.iter().map(|day| Row {
            day: text::french_day(day.date),
            days: day.halves.french(),
            reason: match day.holiday {
                Some(name) => format!("{}\u{a0}: {name}", day.reason.french()),
                None => day.reason.french().into(),
            },
        });
        Self {
            days: counted.total.french(),
            is_one: counted.total.0 < 4,
            return_on: text::french_day(counted.return_on),
            rows: rows.collect(),
        }
    }
}
