//! The read models that one context publishes for the others, written in the same transaction as what they
//! describe. This is all that invoicing knows of the CRM, and all that anyone knows of an organization.

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Currency,
    document::{Address, Bank, Brand},
    id::{CompanyId, EmployeeId, OrganizationId, SpanId, UserId},
    terms::{DayCount, Terms},
    text::DateFormat,
};

/// An organization as the others see it: who sells, how its pages look, which day it is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrganizationReference {
    pub id: OrganizationId,
    pub name: String,
    pub legal: LegalIdentity,
    pub brand: Brand,
    pub currency: Currency,
    /// IANA name.
    pub time_zone: String,
    #[serde(default)]
    pub date_format: DateFormat,
    pub vat_regime: VatRegime,
    /// Terms of payment where a client has no term of its own.
    pub payment_days: u16,
    #[serde(default, skip_serializing_if = "DayCount::is_from_issue")]
    pub day_count: DayCount,
    /// Whether members must sign in with a second factor.
    pub requires_two_factor: bool,
    /// Set while the platform lets nobody in.
    pub suspended_at: Option<jiff::Timestamp>,
    /// Set once the platform deleted it, for good.
    #[serde(default)]
    pub deletion: Option<Deletion>,
    /// Last day of the trial; only the platform's administrator acts on it.
    pub trial_ends_on: Option<Date>,
}

impl OrganizationReference {
    /// A new organization, before it says more of itself.
    pub fn new(id: OrganizationId, name: String) -> Self {
        Self {
            id,
            name,
            legal: LegalIdentity::default(),
            brand: Brand::of("#1E40AF", "#0F766E"),
            currency: Currency::Eur,
            time_zone: "Europe/Paris".into(),
            date_format: DateFormat::default(),
            vat_regime: VatRegime::Normal,
            payment_days: 30,
            day_count: DayCount::FromIssue,
            requires_two_factor: false,
            suspended_at: None,
            deletion: None,
            trial_ends_on: None,
        }
    }

    /// Whether the seller's part of an invoice is complete (CGI ann. II art. 242 nonies A): name, address,
    /// SIRET, and a VAT number unless no VAT is charged.
    pub fn can_issue(&self) -> bool {
        let legal = &self.legal;
        legal.address.is_some()
            && legal.siret.is_some()
            && (legal.vat_number.is_some() || self.vat_regime == VatRegime::Franchise)
    }

    /// What the platform's administrator sees of it in a list.
    pub fn card(&self) -> OrganizationCard {
        OrganizationCard {
            id: self.id,
            name: self.name.clone(),
            suspended_at: self.suspended_at,
            deleted_at: self.deletion.as_ref().map(|deletion| deletion.at),
        }
    }

    pub fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.time_zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// The day of an instant, where the organization is.
    pub fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone()).date()
    }

    /// A day as the organization's pages write it.
    pub fn date(&self, on: Date) -> String {
        self.date_format.show(on)
    }
}

/// An organization in the platform's list by name. Whoever writes the organization's name or suspends it writes this
/// in the same transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrganizationCard {
    pub id: OrganizationId,
    pub name: String,
    pub suspended_at: Option<jiff::Timestamp>,
    #[serde(default)]
    pub deleted_at: Option<jiff::Timestamp>,
}

/// That an organization is deleted. What the law keeps of it stays until [`Self::kept_until`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    pub at: Timestamp,
    /// Since when only what the law keeps is left.
    pub erased_at: Option<Timestamp>,
}

impl Deletion {
    /// Ten years from the end of the financial year, which a calendar year stands for (C. com. L123-22).
    pub fn kept_until(&self, zone: jiff::tz::TimeZone) -> Date {
        let deleted_on = self.at.to_zoned(zone).date();
        Date::new(deleted_on.year().saturating_add(10), 12, 31).unwrap_or(Date::MAX)
    }
}

/// Any part may still be missing while the organization settles in; issuing an invoice wants them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LegalIdentity {
    pub legal_form: Option<String>,
    /// Share capital as printed: `10 000 €`.
    pub capital: Option<String>,
    /// What it does, in its own words.
    pub activity: Option<String>,
    /// `62.01Z`.
    pub naf_code: Option<String>,
    pub address: Option<Address>,
    pub siret: Option<String>,
    pub rcs_city: Option<String>,
    pub vat_number: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub bank: Option<Bank>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VatRegime {
    #[default]
    Normal,
    /// Franchise en base: no VAT is charged.
    Franchise,
    /// Normal, with the option to pay the tax on debits.
    Debits,
}

impl VatRegime {
    pub const ALL: [Self; 3] = [Self::Normal, Self::Franchise, Self::Debits];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Franchise => "franchise",
            Self::Debits => "debits",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|regime| regime.name() == name)
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Normal => "Régime normal",
            Self::Franchise => "Franchise en base de TVA",
            Self::Debits => "Régime normal, option pour les débits",
        }
    }
}

/// What of an employee's week was worked for clients, as it was approved last: all that invoicing knows of anybody's time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BillableWeek {
    pub employee: EmployeeId,
    /// `2026-W48`
    pub week: String,
    /// The member who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    pub entries: Vec<Billable>,
    /// What was approved once and is not any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<SpanId>,
}

/// Time for one client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Billable {
    pub id: SpanId,
    pub client: CompanyId,
    pub worked_on: Date,
    pub minutes: u16,
    pub description: String,
    /// Net of VAT, in the organization's currency; where none is known, invoicing is where it is typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hourly_price: Option<Decimal>,
}

/// A company of the CRM as a document addresses it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientReference {
    pub id: CompanyId,
    pub name: String,
    pub is_business: bool,
    pub address: Option<Address>,
    pub siret: Option<String>,
    pub vat_number: Option<String>,
    /// Where documents and reminders go.
    pub email: Option<String>,
    pub contact: Option<String>,
    /// The member who takes care of it.
    pub assigned_to: Option<UserId>,
    /// Where they are not those of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
    /// Nothing new is done with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}
