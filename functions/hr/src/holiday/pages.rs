//! `/rh/jours-feries`

use askama::Template;
use axum::extract::RawQuery;
use jiff::civil::Weekday;
use kernel::{
    Error, Permission, Result,
    holiday::{Region, holidays},
    text,
};
use web::{
    Asker, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, redirect,
};

use super::YearInput;
use crate::dashboard;

pub const PATH: &str = "/rh/jours-feries";

#[derive(Template)]
#[template(path = "holidays.html")]
struct HolidaysPage {
    shell: Shell,
    form: YearInput,
    errors: FieldErrors,
    regions: Vec<Choice>,
    /// None where the year is none.
    shown: Option<Shown>,
}

impl HolidaysPage {
    fn is_of_alsace_moselle(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.is_alsace_moselle)
    }
}

struct Shown {
    year: i16,
    region: &'static str,
    /// Where each of them is a day off (C. trav. L3134-13).
    is_alsace_moselle: bool,
    days: Vec<Row>,
    /// Those that fall on no Saturday and no Sunday.
    on_weekdays: usize,
    before_href: String,
    after_href: String,
}

struct Row {
    day: String,
    name: &'static str,
    source: &'static str,
    is_weekend: bool,
    is_over: bool,
}

/// `/rh`: the dashboard, for who may read them; one's own for everybody else.
pub async fn show_hr(asker: Asker) -> PageResult {
    redirect(if asker.may(Permission::HrView) { dashboard::pages::PATH } else { "/rh/moi" })
}

pub async fn list_holidays(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let form: YearInput = asked(query)?;
    let today = asker.today();
    let (shown, errors) = match form.parse(today) {
        Err(wrong) => (None, FieldErrors::from_error(Error::Invalid(wrong))?),
        Ok(asked) => {
            let days: Vec<Row> = holidays(asked.year, asked.region)
                .iter()
                .map(|holiday| Row {
                    day: text::french_day(holiday.date),
                    name: holiday.name,
                    source: holiday.source,
                    is_weekend: matches!(holiday.date.weekday(), Weekday::Saturday | Weekday::Sunday),
                    is_over: holiday.date < today,
                })
                .collect();
            let href = |year: i16| format!("{PATH}?year={year}&region={}", asked.region.name());
            let shown = Shown {
                year: asked.year,
                region: asked.region.french(),
                is_alsace_moselle: matches!(asked.region, Region::AlsaceMoselle | Region::AlsaceMoselleWithoutChurch),
                on_weekdays: days.iter().filter(|day| !day.is_weekend).count(),
                days,
                before_href: href(asked.year - 1),
                after_href: href(asked.year + 1),
            };
            (Some(shown), FieldErrors::default())
        }
    };
    page(&HolidaysPage {
        shell: Shell::new(&asker, "hr", "Jours fériés"),
        regions: regions(&form.region),
        form,
        errors,
        shown,
    })
}

pub fn regions(chosen: &str) -> Vec<Choice> {
    choices(Region::ALL.map(|region| (region.name(), region.french())), chosen)
}

/// What stands in the address.
pub fn asked<T: serde::de::DeserializeOwned>(query: Option<String>) -> Result<T> {
    serde_html_form::from_str(&query.unwrap_or_default())
        .map_err(|error| Error::Malformed { detail: error.to_string() })
}
