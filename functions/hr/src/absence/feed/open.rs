//! `/ical/absences.ics?lien=…`: the calendar itself.

use axum::{extract::RawQuery, response::Response};
use http::HeaderMap;
use jiff::{ToSpan, civil::Date};
use kernel::{Result, id::EmployeeId, text};
use table::meter::side_by_side;
use web::{
    Failure, Visitor,
    calendar::{self, Calendar, Event, Opened, When, Which},
    path_in,
};

use super::super::{Who, pages::PATH};
use crate::{
    employee::Employee,
    leave::{Absent, Staff, absences_between, desk, staff},
};

/// How far a calendar looks back and ahead, in months.
const MONTHS: (i64, i64) = (3, 12);

pub async fn show_absences(
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let site = &visitor.deps.config.public_url;
    calendar::answer(&visitor, &headers, query, Which::Absences, async |opened| written(site, &opened).await).await
}

async fn written(site: &str, opened: &Opened) -> Result<String> {
    let Opened { scope, feed, member, organization } = opened;
    let today = organization.day(scope.now());
    let (back, ahead) = MONTHS;
    let (from, to) = (today.saturating_sub(back.months()), today.saturating_add(ahead.months()));
    let absences = absences_between(scope, from, to);
    let (staff, absences) = side_by_side(staff(scope, member.user), absences).await;
    let (staff, mut absences) = (staff?, absences?);
    let shown = Shown::of(&feed.shows, &staff);
    absences.retain(|one| one.is_approved);
    // What is to come first: there may be no room for all.
    absences.sort_by_key(|one| (one.span.to < today, one.span.from, one.request));
    let mut events = Vec::new();
    for one in &absences {
        let Some(employee) = staff.find(one.employee).filter(|employee| shown.has(employee, &staff, one.span.from))
        else {
            continue;
        };
        let summary = match shown {
            Shown::Own(_) => staff.leave.find(one.kind).map_or("Absent".into(), |kind| kind.name.clone()),
            Shown::Some(_) => format!("Absent\u{a0}: {}", employee.name()),
            Shown::Nobody => continue,
        };
        events.push(event(one, summary, format!("{site}{}", path_in(organization.id, &shown.path(one)))));
    }
    let whose = match shown {
        Shown::Own(_) => member.name.clone(),
        Shown::Some(_) | Shown::Nobody => shown.french(&staff, today),
    };
    let name = format!("{}\u{a0}: absences, {whose}", organization.name);
    Ok(Calendar { name: &name, time_zone: &organization.time_zone, events }.text())
}

/// What a feed shows, by what it was asked for and what there is now.
#[derive(Clone, Copy)]
enum Shown {
    Own(EmployeeId),
    Some(Who),
    Nobody,
}

impl Shown {
    fn of(shows: &str, staff: &Staff) -> Self {
        match shows {
            "own" => staff.own.as_ref().map_or(Self::Nobody, |own| Self::Own(own.id)),
            other => Who::named(other).map_or(Self::Nobody, Self::Some),
        }
    }

    fn has(self, employee: &Employee, staff: &Staff, day: Date) -> bool {
        match self {
            Self::Own(own) => employee.id == own,
            Self::Some(who) => who.has(employee, staff.own.as_ref().map(|own| &own.value), day),
            Self::Nobody => false,
        }
    }

    /// Where an event leads: one's own to the request, the others to the calendar of their month.
    fn path(self, absent: &Absent) -> String {
        match self {
            Self::Own(own) => format!("{}/{own}/{}", desk::PATH, absent.request),
            Self::Some(_) | Self::Nobody => format!("{PATH}?month={}", absent.span.from.strftime("%Y-%m")),
        }
    }

    fn french(self, staff: &Staff, today: Date) -> String {
        let name = match self {
            Self::Some(who) => who.name(),
            Self::Own(_) | Self::Nobody => String::new(),
        };
        let offered = Who::offered(staff, today).into_iter().find(|(one, _)| *one == name);
        offered.map(|(_, french)| french).unwrap_or_default()
    }
}

fn event(absent: &Absent, what: String, url: String) -> Event {
    let span = absent.span;
    let part = match (absent.minutes, span.from == span.to, span.starts_at_noon, span.ends_at_noon) {
        (Some(minutes), ..) => text::french_duration(minutes.into()),
        (_, _, false, false) => String::new(),
        (_, true, true, _) => "après-midi".into(),
        (_, true, false, true) => "matin".into(),
        (_, false, true, false) => "dès midi le premier jour".into(),
        (_, false, false, true) => "jusqu’à midi le dernier jour".into(),
        (_, false, true, true) => "de midi à midi".into(),
    };
    let part = if part.is_empty() { part } else { format!(" ({part})") };
    // An absence that is approved is not edited: what it was asked for by is when it was made.
    let at = absent.request.given_at();
    Event {
        uid: format!("{}@abservice", absent.request),
        created_at: at,
        changed_at: at,
        sequence: 0,
        when: When::Days(span.from, span.to),
        summary: format!("{what}{part}"),
        description: String::new(),
        place: String::new(),
        category: "Absence".into(),
        url,
        is_cancelled: false,
    }
}
