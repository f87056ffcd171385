//! Leave in words.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::text;

use super::{
    Counting, Quantity,
    account::{Cause, Line, PeriodSum, Why},
    types::{LeaveType, Unit},
};
use crate::employee::Employee;

/// Why a line of a balance is there.
pub fn cause(line: &Line) -> String {
    match &line.cause {
        Cause::Month { worked, sick, of } => {
            let month = text::french_month(line.on);
            let days = |halves: u16| super::Halves(halves).french();
            match (worked, sick) {
                (worked, 0) if worked == of => format!("Acquis en {month}"),
                (worked, 0) => format!("Acquis en {month}\u{a0}: {} jours sur {}", days(*worked), days(*of)),
                (worked, sick) => format!(
                    "Acquis en {month}\u{a0}: {} jours, et {} d’arrêt maladie à 2 jours par mois (L3141-5-1)",
                    days(*worked),
                    days(*sick)
                ),
            }
        }
        Cause::Presence { worked, of } if worked == of => format!("Acquis en {}", text::french_month(line.on)),
        Cause::Presence { worked, of } => format!(
            "Acquis en {}\u{a0}: présent {} jours de travail sur {}",
            text::french_month(line.on),
            super::Halves(*worked).french(),
            super::Halves(*of).french()
        ),
        Cause::Converted { before, after, to } => format!(
            "Passage en {}\u{a0}: {} {} deviennent {} (25 jours ouvrés valent 30 jours ouvrables, et rien n’est perdu \
             à l’arrondi)",
            counting(*to),
            before.french(),
            if *before >= Quantity::days(2) { "jours restants" } else { "jour restant" },
            after.french()
        ),
        Cause::RoundedUp => "Arrondi au jour supérieur (L3141-7)".into(),
        Cause::Adjusted { why: Why::Split, .. } => "Jours de fractionnement (L3141-23)".into(),
        Cause::Adjusted { reason, .. } => {
            format!("Correction\u{a0}: {}", reason.as_deref().unwrap_or("sans motif"))
        }
        Cause::Taken { span, .. } => format!("Pris {}", span.french()),
        Cause::Pending { span, .. } => format!("Demandé {}", span.french()),
        Cause::GivenBack { span, .. } => {
            format!(
                "Rendu\u{a0}: arrêt maladie pendant le congé {} (Cass. soc. 10-9-2025, n° 23-22.732)",
                span.french()
            )
        }
        Cause::Lost => "Perdu\u{a0}: non pris à temps".into(),
    }
}

pub const fn counting(counting: Counting) -> &'static str {
    match counting {
        Counting::Ouvrables => "jours ouvrables",
        Counting::Ouvres => "jours ouvrés",
    }
}

/// `17,5`, or `3 h 30` of what is taken by hours.
pub fn amount(quantity: Quantity, kind: Option<&LeaveType>) -> String {
    if kind.is_none_or(|kind| kind.unit != Unit::Hours) {
        return quantity.french();
    }
    let minutes = quantity.in_minutes();
    let sign = if minutes < 0 { "−" } else { "" };
    format!("{sign}{}", text::french_duration(u32::try_from(minutes.abs()).unwrap_or(u32::MAX)))
}

/// `17,5 jours`, `3 h 30`.
pub fn amount_in_words(quantity: Quantity, kind: &LeaveType) -> String {
    let amount = amount(quantity, Some(kind));
    if kind.unit == Unit::Hours { amount } else { format!("{amount}\u{a0}{}", days(quantity)) }
}

/// `jour`, or `jours` from two on.
pub fn days(quantity: Quantity) -> &'static str {
    let is_plural = quantity >= Quantity::days(2) || -quantity >= Quantity::days(2);
    if is_plural { "jours" } else { "jour" }
}

/// In what a balance is told: `jours ouvrés`, `heures`.
pub fn unit(kind: Option<&LeaveType>, counted: Counting) -> &'static str {
    match kind.map(|kind| kind.unit) {
        Some(Unit::Hours) => "heures",
        Some(Unit::CalendarDays) => "jours calendaires",
        Some(Unit::Days) | None => counting(counted),
    }
}

/// The same of so much: `jour ouvré` below two.
pub fn unit_of(quantity: Quantity, kind: Option<&LeaveType>, counted: Counting) -> String {
    let unit = unit(kind, counted);
    match days(quantity) {
        "jour" => unit.split(' ').map(|word| word.trim_end_matches('s')).collect::<Vec<_>>().join(" "),
        _ => unit.to_owned(),
    }
}

/// Whether a balance is still told: it can be taken, more was taken than there was, or some of it was lost within the year: whose
/// it was may ask why. What had passed before their file was kept here, nobody knows.
pub fn is_shown(sum: &PeriodSum, employee: &Employee, today: Date) -> bool {
    let kept_since = employee.created_at.to_zoned(TimeZone::UTC).date();
    let is_recent = kept_since <= sum.usable_until && today <= sum.usable_until.saturating_add(1.year());
    let was_lost = is_recent && sum.left() + sum.lost > Quantity::ZERO;
    sum.usable_until >= today || sum.left().is_negative() || was_lost
}

/// `2,5 jours`, `1 jour calendaire`, `1 h 30`.
pub fn quantity(halves: super::Halves, minutes: Option<u16>, kind: Option<&LeaveType>) -> String {
    if let Some(minutes) = minutes {
        return text::french_duration(minutes.into());
    }
    let plural = if halves.0 >= 4 { "s" } else { "" };
    let unit = match kind.map(|kind| kind.unit) {
        Some(Unit::CalendarDays) => format!("jour{plural} calendaire{plural}"),
        _ => format!("jour{plural}"),
    };
    format!("{}\u{a0}{unit}", halves.french())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leave::types::LeaveSettings;

    #[test]
    fn a_plural_begins_with_two() {
        let settings = LeaveSettings::default();
        let kind = &settings.types[0];
        for (halves, said, unit) in [
            (0, "0\u{a0}jour", "jour ouvrable"),
            (2, "1\u{a0}jour", "jour ouvrable"),
            (3, "1,5\u{a0}jour", "jour ouvrable"),
            (4, "2\u{a0}jours", "jours ouvrables"),
            (-2, "−1\u{a0}jour", "jour ouvrable"),
            (-10, "−5\u{a0}jours", "jours ouvrables"),
        ] {
            let quantity = Quantity::halves(halves);
            assert_eq!(amount_in_words(quantity, kind), said);
            assert_eq!(unit_of(quantity, Some(kind), Counting::Ouvrables), unit);
        }
    }
}
