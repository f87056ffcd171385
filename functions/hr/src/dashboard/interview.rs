//! An interview that was held. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Rule, Violations,
    id::{EmployeeId, UserId},
    legal, text,
};
use serde::{Deserialize, Serialize};

use crate::leave::model::flag;

const NOTE_MAX: usize = 5_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interview {
    pub employee: EmployeeId,
    pub on: Date,
    /// Whether it took stock of all since the last one that did (état des lieux récapitulatif).
    pub is_summary: bool,
    pub note: Option<String>,
    pub by: UserId,
    pub recorded_at: Timestamp,
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InterviewInput {
    /// Not after today; required.
    pub on: String,
    /// `true` where it took stock of all since the last one that did.
    pub is_summary: String,
    /// What was said and agreed; for who keeps the files.
    pub note: String,
}

impl InterviewInput {
    /// The day, whether it took stock, and the note.
    pub fn parse(&self, hired_on: Date, today: Date) -> Result<(Date, bool, Option<String>), Violations> {
        let mut wrong = Violations::default();
        let on = wrong.take("/on", day(&self.on, hired_on, today));
        let is_summary = wrong.take("/is_summary", flag(&self.is_summary));
        let note = wrong.take("/note", legal::optional(&self.note, |text| legal::text(text, NOTE_MAX)));
        match (on, is_summary, note) {
            (Some(on), Some(is_summary), Some(note)) => Ok((on, is_summary, note)),
            _ => Err(wrong),
        }
    }
}

fn day(typed: &str, hired_on: Date, today: Date) -> Result<Date, Rule> {
    let on = legal::date(typed.trim())?;
    if on > today {
        Err(Rule::After { date: text::short_date(today) })
    } else if on < hired_on {
        Err(Rule::Before { date: text::short_date(hired_on) })
    } else {
        Ok(on)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_interview_was_held_between_hiring_and_today() {
        let input = |on: &str| InterviewInput { on: on.into(), ..InterviewInput::default() };
        let parse = |on: &str| input(on).parse(date(2024, 3, 4), date(2026, 11, 30)).is_ok();
        for (on, fine) in
            [("2024-03-04", true), ("2026-11-30", true), ("2024-03-03", false), ("2026-12-01", false), ("", false)]
        {
            assert_eq!(parse(on), fine, "{on}");
        }
    }
}
