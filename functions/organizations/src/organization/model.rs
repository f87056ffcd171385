//! What an organization says of itself, and what is accepted of it. Pure.

use std::collections::BTreeMap;

use jiff::tz::TimeZoneDatabase;
use kernel::{
    Currency, Rule, Violations,
    document::{Bank, Brand, Design},
    legal::{self, TypedAddress},
    reference::{LegalIdentity, OrganizationReference, VatRegime},
    terms::Terms,
    text::DateFormat,
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
    /// What the company does, in its own words.
    pub activity: String,
    /// `62.01Z`.
    pub naf_code: String,
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
    /// How quotes and invoices are laid out: `classic` (which an empty text means too), `modern`, `minimal` or `elegant`.
    pub design: String,
    pub currency: String,
    /// IANA name.
    pub time_zone: String,
    /// A strftime pattern: `%d/%m/%Y` (which an empty text means too), `%d-%m-%Y`, `%d.%m.%Y`, `%Y-%m-%d` or
    /// `%d %B %Y`.
    pub date_format: String,
    /// `normal`, `franchise` or `debits`.
    pub vat_regime: String,
    /// Days until invoices are due: at most 60, or 45 with the end of the month (C. com. L441-10).
    pub payment_days: String,
    /// `from_issue` (which an empty text means too), `then_end_of_month` or `from_end_of_month`.
    pub day_count: String,
    /// `true` where members must sign in with a second factor; `false` where empty.
    pub requires_two_factor: String,
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
            activity: legal.activity.unwrap_or_default(),
            naf_code: legal.naf_code.unwrap_or_default(),
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
            design: organization.brand.design.name().into(),
            currency: organization.currency.code().into(),
            time_zone: organization.time_zone.clone(),
            date_format: organization.date_format.name().into(),
            vat_regime: organization.vat_regime.name().into(),
            payment_days: organization.payment_days.to_string(),
            day_count: organization.day_count.name().into(),
            requires_two_factor: organization.requires_two_factor.to_string(),
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
        let activity = text(&mut wrong, "/activity", &self.activity, 200);
        let naf_code = wrong.take("/naf_code", legal::optional(&self.naf_code, legal::naf_code)).flatten();
        let phone = text(&mut wrong, "/phone", &self.phone, 30);
        let website = text(&mut wrong, "/website", &self.website, 200);
        let email = wrong.take("/email", legal::optional(&self.email, legal::email)).flatten();
        let primary = wrong.take("/primary_color", legal::brand_color(&self.primary_color));
        let secondary = wrong.take("/secondary_color", legal::brand_color(&self.secondary_color));
        let design = wrong.take("/design", choice(&self.design, Design::named));
        let currency = wrong.take("/currency", self.currency.parse::<Currency>().map_err(|_| Rule::NotAChoice));
        let zone = wrong.take("/time_zone", time_zone(&self.time_zone));
        let date_format = wrong.take("/date_format", choice(&self.date_format, DateFormat::named));
        let vat_regime = wrong.take("/vat_regime", VatRegime::named(&self.vat_regime).ok_or(Rule::NotAChoice));
        let terms = self.terms(today, &mut wrong);
        let requires_two_factor = wrong.take("/requires_two_factor", yes_or_no(&self.requires_two_factor));
        let (
            Some(name),
            Some(vat_number),
            Some(primary_color),
            Some(secondary_color),
            Some(design),
            Some(currency),
            Some(time_zone),
            Some(date_format),
            Some(vat_regime),
            Some(terms),
            Some(requires_two_factor),
            true,
        ) = (
            name,
            vat_number,
            primary,
            secondary,
            design,
            currency,
            zone,
            date_format,
            vat_regime,
            terms,
            requires_two_factor,
            wrong.is_empty(),
        )
        else {
            return Err(wrong);
        };
        Ok(OrganizationReference {
            name,
            legal: LegalIdentity {
                legal_form,
                capital,
                activity,
                naf_code,
                address,
                siret,
                rcs_city,
                vat_number,
                email,
                phone,
                website,
                bank,
            },
            brand: Brand { primary_color, secondary_color, design, logo: current.brand.logo.clone() },
            currency,
            time_zone,
            date_format,
            vat_regime,
            payment_days: terms.payment_days,
            day_count: terms.day_count,
            requires_two_factor,
            ..current.clone()
        })
    }

    fn terms(&self, today: jiff::civil::Date, wrong: &mut Violations) -> Option<Terms> {
        if self.payment_days.trim().is_empty() {
            wrong.add("/payment_days", Rule::NotAWholeNumber);
        }
        let terms = Terms::parse(&self.payment_days, &self.day_count, wrong)?;
        wrong.take("/payment_days", terms.are_lawful(today).map(|()| terms))
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

/// One of a few; none chosen is the usual one.
fn choice<T: Default>(name: &str, named: impl FnOnce(&str) -> Option<T>) -> Result<T, Rule> {
    if name.is_empty() { Ok(T::default()) } else { named(name).ok_or(Rule::NotAChoice) }
}

/// The zones that come with us, so that a name accepted on one machine means the same on another.
fn time_zone(name: &str) -> Result<String, Rule> {
    let zone = TimeZoneDatabase::bundled().get(name).map_err(|_| Rule::InvalidTimeZone)?;
    zone.iana_name().map(str::to_owned).ok_or(Rule::InvalidTimeZone)
}

/// Where French companies and those of our currencies keep their day.
const USUAL_ZONES: &[(&str, &str)] = &[
    ("Europe/Paris", "Paris (métropole)"),
    ("America/Guadeloupe", "Guadeloupe"),
    ("America/Martinique", "Martinique"),
    ("America/Cayenne", "Guyane"),
    ("Indian/Reunion", "La Réunion"),
    ("Indian/Mayotte", "Mayotte"),
    ("Pacific/Noumea", "Nouvelle-Calédonie"),
    ("Pacific/Tahiti", "Polynésie française"),
    ("Pacific/Wallis", "Wallis-et-Futuna"),
    ("America/Miquelon", "Saint-Pierre-et-Miquelon"),
    ("America/St_Barthelemy", "Saint-Barthélemy"),
    ("America/Marigot", "Saint-Martin"),
    ("Europe/Brussels", "Bruxelles"),
    ("Europe/Luxembourg", "Luxembourg"),
    ("Europe/Monaco", "Monaco"),
    ("Europe/London", "Londres"),
    ("Europe/Zurich", "Zurich"),
    ("Africa/Casablanca", "Casablanca"),
    ("Africa/Algiers", "Alger"),
    ("Africa/Tunis", "Tunis"),
    ("Africa/Dakar", "Dakar"),
    ("Africa/Abidjan", "Abidjan"),
    ("Africa/Douala", "Douala"),
    ("America/New_York", "New York"),
];

/// The time zones to choose from, IANA name and label: the usual ones, then every other place by its name, and
/// `chosen`, which a program may have set to a zone that is no place.
pub fn time_zones(chosen: &str) -> Vec<(String, String)> {
    let usual = |name: &str| USUAL_ZONES.iter().any(|(usual, _)| *usual == name);
    // `Etc/GMT-1`, `CET`, `US/Pacific`: zones, but nobody's place.
    const CONTINENTS: [&str; 10] =
        ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
    let place = |name: &str| name.split_once('/').is_some_and(|(continent, _)| CONTINENTS.contains(&continent));
    let zones = TimeZoneDatabase::bundled();
    let all =
        zones.available().map(|name| name.to_string()).filter(|name| (place(name) || name == chosen) && !usual(name));
    let others: BTreeMap<String, String> = all.map(|name| (name.clone(), name.replace('_', " "))).collect();
    USUAL_ZONES.iter().map(|(name, label)| ((*name).into(), (*label).into())).chain(others).collect()
}

fn yes_or_no(text: &str) -> Result<bool, Rule> {
    match text {
        "" | "false" => Ok(false),
        "true" => Ok(true),
        _ => Err(Rule::NotAChoice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_that_is_offered_is_accepted_and_offered_once() {
        let zones = time_zones("UTC");
        assert!(zones.iter().any(|(name, _)| name == "UTC") && time_zones("").iter().all(|(name, _)| name != "UTC"));
        assert!(zones.len() > 300 && zones[0].0 == "Europe/Paris");
        for (name, _) in &zones {
            assert_eq!(time_zone(name).as_ref(), Ok(name));
            assert_eq!(zones.iter().filter(|(other, _)| other == name).count(), 1, "{name}");
        }
        assert_eq!(time_zone("europe/paris").as_deref(), Ok("Europe/Paris"));
        for none in ["", "Mars/Olympus", "Paris", "../etc/passwd"] {
            assert_eq!(time_zone(none), Err(Rule::InvalidTimeZone), "{none}");
        }
    }
}
