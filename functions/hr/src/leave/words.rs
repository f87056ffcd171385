//! Leave in words.

use jiff::civil::Date;
use kernel::text;

use super::{
    account::{Cause, Line, Period, Why},
    types::{LeaveType, Unit},
};

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

/// Whether a balance is still told: it can be taken, or more was taken than there was.
pub fn is_shown(period: &Period, today: Date) -> bool {
    period.sum.usable_until >= today || period.sum.left().is_negative()
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
