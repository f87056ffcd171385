//! A client's mandate. Pure.

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Rule, Sealed, Violations,
    id::{CompanyId, MandateId, OrganizationId, RemittanceId},
    legal, text,
};
use serde::{Deserialize, Serialize};

/// A mandate that is not used for so long is void (EPC SDD Core Rulebook, 4.1).
const UNUSED_MONTHS: i32 = 36;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    Core,
    /// Between businesses: the debtor's bank checks the mandate, and nothing is refunded on demand.
    B2b,
}

impl Scheme {
    pub const ALL: [Self; 2] = [Self::Core, Self::B2b];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::B2b => "b2b",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Core => "Classique (CORE)",
            Self::B2b => "Interentreprises (B2B)",
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Core => "CORE",
            Self::B2b => "B2B",
        }
    }
}

/// Which debit of a mandate it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sequence {
    First,
    Recurrent,
    /// After it the mandate serves no more.
    Final,
    OneOff,
}

impl Sequence {
    pub const fn code(self) -> &'static str {
        match self {
            Self::First => "FRST",
            Self::Recurrent => "RCUR",
            Self::Final => "FNAL",
            Self::OneOff => "OOFF",
        }
    }
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MandateInput {
    /// `com_…`
    pub client_id: String,
    /// The unique mandate reference (RUM), 35 characters at most; empty for one of ours.
    pub reference: String,
    /// Who holds the account, as the bank knows them; empty for the client's name.
    pub debtor: String,
    pub iban: String,
    pub bic: String,
    /// `YYYY-MM-DD`, not after today.
    pub signed_on: String,
    /// `core` or `b2b`.
    pub scheme: String,
    /// `true` where it serves once.
    pub one_off: String,
}

/// A mandate whose fields are right; its IBAN is not sealed yet.
#[derive(Debug, Clone)]
pub struct NewMandate {
    pub reference: Option<String>,
    pub debtor: Option<String>,
    pub iban: String,
    pub bic: Option<String>,
    pub signed_on: Date,
    pub scheme: Scheme,
    pub is_one_off: bool,
}

/// The last debit that it was used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    pub remittance: RemittanceId,
    pub on: Date,
    /// It was the last one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_last: bool,
}

/// Holds a reference for its mandate, whatever its case: a debtor's bank knows the mandate by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MandateReference {
    /// Folded.
    pub reference: String,
    pub mandate: MandateId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mandate {
    pub id: MandateId,
    pub client: CompanyId,
    pub client_name: String,
    pub reference: String,
    pub debtor: String,
    /// Sealed by the vault for [`Self::purpose`].
    pub iban: Sealed,
    /// Of the IBAN, for people: its country and its last four.
    pub shown: String,
    pub bic: Option<String>,
    pub signed_on: Date,
    pub scheme: Scheme,
    pub is_one_off: bool,
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Used>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_on: Option<Date>,
}

impl Mandate {
    /// What an IBAN is sealed for: it opens for this mandate alone.
    pub fn purpose(organization: OrganizationId, mandate: MandateId) -> String {
        format!("mandate iban {organization} {mandate}")
    }

    pub fn masked(iban: &str) -> String {
        let last = iban.get(iban.len().saturating_sub(4)..).unwrap_or_default();
        format!("{}•• •••• {last}", iban.get(..2).unwrap_or_default())
    }

    pub fn claim(&self) -> MandateReference {
        MandateReference { reference: text::folded(&self.reference), mandate: self.id }
    }

    /// Whether it was not used for too long.
    pub fn is_void(&self, on: Date) -> bool {
        let since = self.used.as_ref().map_or(self.signed_on, |used| used.on);
        since.checked_add(UNUSED_MONTHS.months()).is_ok_and(|until| until < on)
    }

    /// In a colour and a word.
    pub fn state(&self, today: Date) -> (&'static str, &'static str) {
        match (self.revoked_on, self.sequence(today, false)) {
            (Some(_), _) => ("neutral", "Révoqué"),
            (None, Err(_)) if self.is_void(today) => ("warning", "Caduc"),
            (None, Err(_)) => ("neutral", "Terminé"),
            (None, Ok(_)) => ("success", "Actif"),
        }
    }

    /// Whether it may be used, and how, for a debit on this day that is its last one or is not.
    pub fn sequence(&self, on: Date, is_last: bool) -> Result<Sequence, Rule> {
        if self.revoked_on.is_some() || self.is_void(on) {
            return Err(Rule::MandateUnusable);
        }
        match (self.is_one_off, &self.used) {
            (true, None) => Ok(Sequence::OneOff),
            // Its first and last debit in one is one of once.
            (false, None) if is_last => Ok(Sequence::OneOff),
            (false, None) => Ok(Sequence::First),
            (false, Some(used)) if !used.is_last => Ok(if is_last { Sequence::Final } else { Sequence::Recurrent }),
            _ => Err(Rule::MandateUnusable),
        }
    }
}

impl MandateInput {
    pub fn parse(&self, today: Date) -> Result<NewMandate, Violations> {
        let mut wrong = Violations::default();
        let reference = wrong.take("/reference", legal::optional(&self.reference, reference));
        let debtor = wrong.take("/debtor", legal::optional(&self.debtor, |text| legal::text(text, 70)));
        let iban = wrong
            .take("/iban", if self.iban.trim().is_empty() { Err(Rule::Required) } else { legal::iban(&self.iban) });
        let bic = wrong.take("/bic", legal::optional(&self.bic, legal::bic));
        let signed_on = wrong.take(
            "/signed_on",
            legal::date(&self.signed_on).and_then(|on| match on > today {
                true => Err(Rule::After { date: text::short_date(today) }),
                false => Ok(on),
            }),
        );
        let scheme = Scheme::ALL.into_iter().find(|scheme| scheme.name() == self.scheme).ok_or(Rule::NotAChoice);
        let scheme = wrong.take("/scheme", scheme);
        let is_one_off = wrong.take("/one_off", crate::content::flag(&self.one_off));
        match (reference, debtor, iban, bic, signed_on, scheme, is_one_off) {
            (Some(reference), Some(debtor), Some(iban), Some(bic), Some(signed_on), Some(scheme), Some(is_one_off)) => {
                Ok(NewMandate { reference, debtor, iban, bic, signed_on, scheme, is_one_off })
            }
            _ => Err(wrong),
        }
    }
}

/// What banks take as an identifier (EPC217-08): without a space, and no slash at an end or twice.
fn reference(text: &str) -> Result<String, Rule> {
    let text = legal::text(text, 35)?;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-?:().,'+".contains(&byte));
    let slashes = text.starts_with('/') || text.ends_with('/') || text.contains("//");
    if is_plain && !slashes { Ok(text) } else { Err(Rule::NotABankReference) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;

    fn mandate() -> Mandate {
        Mandate {
            id: MandateId::from_ulid(Ulid(1)),
            client: CompanyId::from_ulid(Ulid(2)),
            client_name: "Client".into(),
            reference: "RUM-1".into(),
            debtor: "Client".into(),
            iban: Sealed::from_bytes(vec![1]),
            shown: Mandate::masked("FR7630006000011234567890189"),
            bic: None,
            signed_on: date(2026, 1, 10),
            scheme: Scheme::Core,
            is_one_off: false,
            created_at: Timestamp::UNIX_EPOCH,
            used: None,
            revoked_on: None,
        }
    }

    #[test]
    fn a_mandate_is_first_then_recurrent_and_void_after_three_years() {
        let first = mandate();
        assert_eq!(first.shown, "FR•• •••• 0189");
        assert_eq!(first.sequence(date(2026, 12, 1), false), Ok(Sequence::First));
        let debit = Used { remittance: RemittanceId::from_ulid(Ulid(3)), on: date(2026, 12, 1), is_last: false };
        let used = Mandate { used: Some(debit.clone()), ..first.clone() };
        assert_eq!(used.sequence(date(2029, 12, 1), false), Ok(Sequence::Recurrent));
        assert_eq!(used.sequence(date(2029, 12, 1), true), Ok(Sequence::Final));
        assert_eq!(used.sequence(date(2029, 12, 2), false), Err(Rule::MandateUnusable));
        let ended = Mandate { used: Some(Used { is_last: true, ..debit }), ..first.clone() };
        assert_eq!(ended.sequence(date(2026, 12, 2), false), Err(Rule::MandateUnusable));
        let once = Mandate { is_one_off: true, ..first.clone() };
        assert_eq!(once.sequence(date(2026, 12, 1), false), Ok(Sequence::OneOff));
        assert!(Mandate { is_one_off: true, ..used }.sequence(date(2026, 12, 2), false).is_err());
        assert!(Mandate { revoked_on: Some(date(2026, 11, 1)), ..first }.sequence(date(2026, 12, 1), false).is_err());
    }

    #[test]
    fn a_reference_is_one_that_banks_take() {
        for text in ["RUM-2026-0001", "A+B(1)", "x/y"] {
            assert!(reference(text).is_ok(), "{text}");
        }
        for text in ["RUM 1", "é", "/x", "x/", "x//y", "a_b", &"x".repeat(36)] {
            assert!(reference(text).is_err(), "{text}");
        }
    }
}
