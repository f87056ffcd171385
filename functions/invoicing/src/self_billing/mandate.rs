//! What a supplier agreed to: that we issue their invoices. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Result, Rule, Violations,
    document::Bank,
    error::Conflict,
    id::CompanyId,
    legal,
    reference::{ClientReference, OrganizationReference, VatRegime},
    terms::{DayCount, Terms},
    text,
};
use serde::{Deserialize, Serialize};

/// With its prefix, the year and a count, a number stays below the 35 characters of BR-FR-02.
pub const CODE_MAX: usize = 12;
/// Within which a supplier contests, where nothing is said.
const CONTEST_DAYS: u16 = 30;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SelfBillingMandateInput)]
pub struct MandateInput {
    /// `com_…`, a company of the CRM; it stays what it is.
    pub supplier_id: String,
    /// What tells the supplier's series from others: 1 to 12 letters or digits. It stays what it is.
    pub code: String,
    /// The day of the agreement, `YYYY-MM-DD`, not after today. A day after a revocation is a new agreement.
    pub agreed_on: String,
    /// How many days the supplier has to contest an invoice: 30 where empty.
    #[serde(default)]
    pub contest_days: String,
    /// `normal`, `debits` or `franchise`.
    #[serde(default = "normal")]
    pub vat_regime: String,
    /// `SARL`, `SAS`…, as their documents print it.
    #[serde(default)]
    pub legal_form: String,
    /// `10 000 €`
    #[serde(default)]
    pub capital: String,
    /// City of the registry.
    #[serde(default)]
    pub rcs_city: String,
    /// Where they are paid.
    #[serde(default)]
    pub iban: String,
    #[serde(default)]
    pub bic: String,
    /// Days until an invoice is due; empty for the usual terms.
    #[serde(default)]
    pub payment_days: String,
    /// `from_issue`, `then_end_of_month` or `from_end_of_month`.
    #[serde(default)]
    pub day_count: String,
}

fn normal() -> String {
    VatRegime::Normal.name().into()
}

/// From which day nothing is issued in the supplier's name any more.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevocationInput {
    /// `YYYY-MM-DD`, not before the agreement.
    pub from: String,
}

/// A mandate whose fields are right.
pub struct MandateContent {
    pub code: String,
    pub agreed_on: Date,
    pub contest_days: u16,
    pub vat_regime: VatRegime,
    pub legal_form: Option<String>,
    pub capital: Option<String>,
    pub rcs_city: Option<String>,
    pub bank: Option<Bank>,
    pub terms: Terms,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mandate {
    pub supplier: CompanyId,
    /// As the CRM had it when the mandate was written.
    pub supplier_name: String,
    pub created_at: Timestamp,
    pub code: String,
    pub agreed_on: Date,
    pub contest_days: u16,
    pub vat_regime: VatRegime,
    pub legal_form: Option<String>,
    pub capital: Option<String>,
    pub rcs_city: Option<String>,
    pub bank: Option<Bank>,
    pub payment_days: u16,
    #[serde(default, skip_serializing_if = "DayCount::is_from_issue")]
    pub day_count: DayCount,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_from: Option<Date>,
}

/// Whose series a code is; nobody else's ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MandateCode {
    pub code: String,
    pub supplier: CompanyId,
}

impl MandateInput {
    pub fn parse(&self, organization: &OrganizationReference, today: Date) -> Result<MandateContent, Violations> {
        let mut wrong = Violations::default();
        let code = wrong.take("/code", code(&self.code));
        let agreed_on = wrong.take("/agreed_on", agreed_on(&self.agreed_on, today));
        let contest_days = wrong.take("/contest_days", contest_days(&self.contest_days));
        let vat_regime = wrong.take("/vat_regime", VatRegime::named(&self.vat_regime).ok_or(Rule::NotAChoice));
        let mut line = |pointer: &str, typed: &str, max| {
            wrong.take(pointer, legal::optional(typed, |typed| legal::text(typed, max))).flatten()
        };
        let legal_form = line("/legal_form", &self.legal_form, 60);
        let capital = line("/capital", &self.capital, 50);
        let rcs_city = line("/rcs_city", &self.rcs_city, 60);
        let bank = self.bank(&mut wrong);
        let terms = Terms::parse(&self.payment_days, &self.day_count, &mut wrong);
        if let Some(Err(rule)) = terms.map(|terms| terms.are_lawful(today)) {
            wrong.add("/payment_days", rule);
        }
        match (code, agreed_on, contest_days, vat_regime, wrong.is_empty()) {
            (Some(code), Some(agreed_on), Some(contest_days), Some(vat_regime), true) => Ok(MandateContent {
                code,
                agreed_on,
                contest_days,
                vat_regime,
                legal_form,
                capital,
                rcs_city,
                bank,
                terms: terms.unwrap_or_else(|| organization.terms()),
            }),
            _ => Err(wrong),
        }
    }

    fn bank(&self, wrong: &mut Violations) -> Option<Bank> {
        let bic = wrong.take("/bic", legal::optional(&self.bic, legal::bic)).flatten();
        match (self.iban.trim().is_empty(), &bic) {
            (true, None) => None,
            (true, Some(_)) => {
                wrong.add("/iban", Rule::Required);
                None
            }
            (false, _) => {
                let iban = wrong.take("/iban", legal::iban(&self.iban))?;
                Some(Bank { name: None, iban, bic })
            }
        }
    }

    pub fn of(mandate: &Mandate) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let bank = mandate.bank.as_ref();
        Self {
            supplier_id: mandate.supplier.to_string(),
            code: mandate.code.clone(),
            agreed_on: mandate.agreed_on.to_string(),
            contest_days: mandate.contest_days.to_string(),
            vat_regime: mandate.vat_regime.name().into(),
            legal_form: text(&mandate.legal_form),
            capital: text(&mandate.capital),
            rcs_city: text(&mandate.rcs_city),
            iban: bank.map(|bank| text::iban(&bank.iban)).unwrap_or_default(),
            bic: bank.and_then(|bank| bank.bic.clone()).unwrap_or_default(),
            payment_days: mandate.payment_days.to_string(),
            day_count: mandate.day_count.name().into(),
        }
    }
}

fn code(typed: &str) -> Result<String, Rule> {
    let code = typed.trim().to_ascii_uppercase();
    match code.len() {
        0 => Err(Rule::Required),
        1..=CODE_MAX if code.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Ok(code),
        _ => Err(Rule::NotASeriesCode),
    }
}

fn agreed_on(typed: &str, today: Date) -> Result<Date, Rule> {
    if typed.trim().is_empty() {
        return Err(Rule::Required);
    }
    let on = legal::date(typed)?;
    if on > today { Err(Rule::After { date: text::short_date(today) }) } else { Ok(on) }
}

fn contest_days(typed: &str) -> Result<u16, Rule> {
    match typed.trim() {
        "" => Ok(CONTEST_DAYS),
        typed => match typed.parse::<u16>() {
            Ok(days @ 1..=365) => Ok(days),
            Ok(_) => Err(Rule::OutOfRange { min: "1".into(), max: "365".into() }),
            Err(_) => Err(Rule::NotAWholeNumber),
        },
    }
}

impl Mandate {
    pub fn new(supplier: &ClientReference, created_at: Timestamp, content: MandateContent) -> Self {
        Self {
            supplier: supplier.id,
            supplier_name: supplier.name.clone(),
            created_at,
            code: content.code,
            agreed_on: content.agreed_on,
            contest_days: content.contest_days,
            vat_regime: content.vat_regime,
            legal_form: content.legal_form,
            capital: content.capital,
            rcs_city: content.rcs_city,
            bank: content.bank,
            payment_days: content.terms.payment_days,
            day_count: content.terms.day_count,
            revoked_from: None,
        }
    }

    /// Its series stays: numbers were given in it. An agreement after a revocation is a new one.
    pub fn edited(&self, supplier: &ClientReference, content: MandateContent) -> Result<Self> {
        if content.code != self.code {
            return Err(Error::field("/code", Rule::NotAChoice));
        }
        let revoked_from = self.revoked_from.filter(|from| content.agreed_on <= *from);
        Ok(Self { revoked_from, ..Self::new(supplier, self.created_at, content) })
    }

    pub fn revoked(&self, input: &RevocationInput) -> Result<Self> {
        let from = match input.from.trim() {
            "" => Err(Rule::Required),
            typed => legal::date(typed).and_then(|from| match from < self.agreed_on {
                true => Err(Rule::Before { date: text::short_date(self.agreed_on) }),
                false => Ok(from),
            }),
        };
        let from = from.map_err(|rule| Error::field("/from", rule))?;
        Ok(Self { revoked_from: Some(from), ..self.clone() })
    }

    pub fn claim(&self) -> MandateCode {
        MandateCode { code: self.code.clone(), supplier: self.supplier }
    }

    pub fn terms(&self) -> Terms {
        Terms { payment_days: self.payment_days, day_count: self.day_count }
    }

    pub fn is_in_force(&self, on: Date) -> bool {
        self.agreed_on <= on && self.revoked_from.is_none_or(|from| on < from)
    }

    pub fn must_be_in_force(&self, on: Date) -> Result<()> {
        if self.is_in_force(on) { Ok(()) } else { Err(Error::Conflict(Conflict::MandateMissing)) }
    }
}

#[cfg(test)]
pub mod tests {
    use kernel::id::OrganizationId;
    use ulid::Ulid;

    use super::*;
    use crate::client;

    const TODAY: Date = jiff::civil::date(2026, 11, 22);

    fn organization() -> OrganizationReference {
        OrganizationReference::new(OrganizationId::from_ulid(Ulid(1)), "Atelier".into())
    }

    pub fn supplier() -> ClientReference {
        ClientReference { id: CompanyId::from_ulid(Ulid(2)), ..client::tests::business("Menuiserie Dupont") }
    }

    fn input() -> MandateInput {
        MandateInput {
            code: " dupont ".into(),
            agreed_on: "2026-11-02".into(),
            vat_regime: "normal".into(),
            ..MandateInput::default()
        }
    }

    pub fn mandate() -> Mandate {
        let content = input().parse(&organization(), TODAY).unwrap();
        Mandate::new(&supplier(), Timestamp::UNIX_EPOCH, content)
    }

    #[test]
    fn a_mandate_holds_from_its_agreement_until_it_is_revoked() {
        let mandate = mandate();
        assert_eq!((mandate.code.as_str(), mandate.contest_days, mandate.payment_days), ("DUPONT", 30, 30));
        assert!(!mandate.is_in_force(jiff::civil::date(2026, 11, 1)) && mandate.is_in_force(TODAY));
        let revoked = mandate.revoked(&RevocationInput { from: "2026-11-22".into() }).unwrap();
        assert!(!revoked.is_in_force(TODAY) && revoked.is_in_force(jiff::civil::date(2026, 11, 21)));
        assert!(mandate.revoked(&RevocationInput { from: "2026-11-01".into() }).is_err());
        let kept = revoked.edited(&supplier(), input().parse(&organization(), TODAY).unwrap()).unwrap();
        assert_eq!(kept.revoked_from, revoked.revoked_from);
        let later = MandateInput { agreed_on: "2026-11-24".into(), ..input() };
        let later = later.parse(&organization(), jiff::civil::date(2026, 12, 1)).unwrap();
        assert_eq!(kept.edited(&supplier(), later).unwrap().revoked_from, None);
    }

    #[test]
    fn a_code_is_letters_and_digits_and_stays() {
        for wrong in ["", "É", "A-B", "A B", "ABCDEFGHIJKLM"] {
            let input = MandateInput { code: wrong.into(), ..input() };
            let wrong = input.parse(&organization(), TODAY).err().unwrap();
            assert_eq!(wrong.iter().next().unwrap().pointer, "/code");
        }
        let other = MandateInput { code: "AUTRE".into(), ..input() }.parse(&organization(), TODAY).unwrap();
        assert!(mandate().edited(&supplier(), other).is_err());
        let longest = format!("AFA-{}-2026-{}", "X".repeat(CODE_MAX), 9_999_999_999_u64);
        assert!(longest.len() <= 35, "BR-FR-02");
    }

    #[test]
    fn what_is_wrong_is_told_at_once() {
        let wrong = MandateInput {
            agreed_on: "2026-11-23".into(),
            contest_days: "0".into(),
            bic: "AGRIFRPP".into(),
            payment_days: "90".into(),
            vat_regime: "x".into(),
            ..input()
        };
        let wrong = wrong.parse(&organization(), TODAY).err().unwrap();
        let mut told: Vec<_> = wrong.iter().map(|violation| violation.pointer.clone()).collect();
        told.sort();
        assert_eq!(told, ["/agreed_on", "/contest_days", "/iban", "/payment_days", "/vat_regime"]);
    }
}
