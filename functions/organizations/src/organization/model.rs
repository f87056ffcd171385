//! What an organization says of itself, and what is accepted of it. Pure.

use kernel::{
    Currency, Rule, Violations,
    document::{Bank, Brand},
    legal::{self, TypedAddress},
    reference::{LegalIdentity, OrganizationReference, VatRegime},
};
use serde::{Deserialize, Serialize};

/// All fields as a person types them; an empty text is "none". The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OrganizationInput {
    pub name: String,
    pub legal_form: String,
    pub siret: String,
    pub vat_number: String,
    pub rcs_city: String,
    /// As printed: `10 000 €`.
    pub capital: String,
    pub street: String,
    pub complement: String,
    pub postal_code: String,
    pub city: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub phone: String,
    pub email: String,
    pub website: String,
    pub bank_name: String,
    pub iban: String,
    pub bic: String,
    /// `#RRGGBB`.
    pub primary_color: String,
    pub secondary_color: String,
    pub currency: String,
    /// IANA name.
    pub time_zone: String,
    /// `normal`, `franchise` or `debits`.
    pub vat_regime: String,
    /// Days from issue to due date, 0 to 60.
    pub payment_days: String,
}

impl OrganizationInput {
    pub fn of(organization: &OrganizationReference) -> Self {
        let legal = organization.legal.clone();
        let address = legal.address.unwrap_or_default();
        let bank = legal.bank;
        Self {
            name: organization.name.clone(),
            legal_form: legal.legal_form.unwrap_or_default(),
            siret: legal.siret.unwrap_or_default(),
            vat_number: legal.vat_number.unwrap_or_default(),
            rcs_city: legal.rcs_city.unwrap_or_default(),
            capital: legal.capital.unwrap_or_default(),
            street: address.street,
            complement: address.complement.unwrap_or_default(),
            postal_code: address.postal_code,
            city: address.city,
            country: address.country,
            phone: legal.phone.unwrap_or_default(),
            email: legal.email.unwrap_or_default(),
            website: legal.website.unwrap_or_default(),
            bank_name: bank.as_ref().and_then(|bank| bank.name.clone()).unwrap_or_default(),
            iban: bank.as_ref().map(|bank| bank.iban.clone()).unwrap_or_default(),
            bic: bank.and_then(|bank| bank.bic).unwrap_or_default(),
            primary_color: organization.brand.primary_color.clone(),
            secondary_color: organization.brand.secondary_color.clone(),
            currency: organization.currency.code().into(),
            time_zone: organization.time_zone.clone(),
            vat_regime: organization.vat_regime.name().into(),
            payment_days: organization.payment_days.to_string(),
        }
    }

    /// The organization as it will be, or all that is wrong.
    pub fn parse(
        &self,
        current: &OrganizationReference,
        today: jiff::civil::Date,
    ) -> Result<OrganizationReference, Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, 200));
        let siret = wrong.take("/siret", legal::optional(&self.siret, legal::siret)).flatten();
        let siren = siret.as_ref().map(|siret| siret.chars().take(9).collect::<String>());
        let vat_number = wrong
            .take("/vat_number", legal::optional(&self.vat_number, |text| legal::vat_number(text, siren.as_deref())));
        let address = self.typed_address().parse(&mut wrong);
        let bank = self.bank(&mut wrong);
        let text = |wrong: &mut Violations, pointer: &str, text: &str, max| {
            wrong.take(pointer, legal::optional(text, |text| legal::text(text, max))).flatten()
        };
        let legal_form = text(&mut wrong, "/legal_form", &self.legal_form, 60);
        let rcs_city = text(&mut wrong, "/rcs_city", &self.rcs_city, 60);
        let capital = text(&mut wrong, "/capital", &self.capital, 50);
        let phone = text(&mut wrong, "/phone", &self.phone, 30);
        let website = text(&mut wrong, "/website", &self.website, 200);
        let email = wrong.take("/email", legal::optional(&self.email, legal::email)).flatten();
        let primary = wrong.take("/primary_color", legal::color(&self.primary_color));
        let secondary = wrong.take("/secondary_color", legal::color(&self.secondary_color));
        let currency = wrong.take("/currency", self.currency.parse::<Currency>().map_err(|_| Rule::NotAChoice));
        let zone = wrong.take("/time_zone", time_zone(&self.time_zone));
        let vat_regime = wrong.take("/vat_regime", VatRegime::named(&self.vat_regime).ok_or(Rule::NotAChoice));
        let payment_days = wrong.take("/payment_days", payment_days(&self.payment_days, today));
        let (
            Some(name),
            Some(vat_number),
            Some(primary_color),
            Some(secondary_color),
            Some(currency),
            Some(time_zone),
            Some(vat_regime),
            Some(payment_days),
            true,
        ) = (name, vat_number, primary, secondary, currency, zone, vat_regime, payment_days, wrong.is_empty())
        else {
            return Err(wrong);
        };
        Ok(OrganizationReference {
            id: current.id,
            name,
            legal: LegalIdentity {
                legal_form,
                capital,
                address,
                siret,
                rcs_city,
                vat_number,
                email,
                phone,
                website,
                bank,
            },
            brand: Brand { primary_color, secondary_color },
            currency,
            time_zone,
            vat_regime,
            payment_days,
            ..current.clone()
        })
    }

    fn typed_address(&self) -> TypedAddress<'_> {
        TypedAddress {
            street: &self.street,
            complement: &self.complement,
            postal_code: &self.postal_code,
            city: &self.city,
            country: &self.country,
        }
    }

    fn bank(&self, wrong: &mut Violations) -> Option<Bank> {
        if self.iban.trim().is_empty() {
            if !self.bank_name.trim().is_empty() || !self.bic.trim().is_empty() {
                wrong.add("/iban", Rule::Required);
            }
            return None;
        }
        let iban = wrong.take("/iban", legal::iban(&self.iban));
        let bic = wrong.take("/bic", legal::optional(&self.bic, legal::bic));
        let name = wrong.take("/bank_name", legal::optional(&self.bank_name, |text| legal::text(text, 100)));
        Some(Bank { name: name?, iban: iban?, bic: bic? })
    }
}

fn time_zone(name: &str) -> Result<String, Rule> {
    jiff::tz::TimeZone::get(name).map(|_| name.to_owned()).map_err(|_| Rule::InvalidTimeZone)
}

/// C. com. L441-10: 60 days from issue at most.
fn payment_days(text: &str, today: jiff::civil::Date) -> Result<u16, Rule> {
    let max_days = legal::max_payment_days(today);
    let days = text.trim().parse::<u16>().map_err(|_| Rule::NotANumber)?;
    if days > max_days { Err(Rule::TermTooLong { max_days }) } else { Ok(days) }
}
