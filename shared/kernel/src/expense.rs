//! What an employee spent for the organization, as far as more than one context knows it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Currency, Minor, Rule, id::UploadId};

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ExpenseCategory {
    Meal,
    Lodging,
    /// Train, aeroplane, taxi.
    Transport,
    /// One's own vehicle, by the official scale.
    Mileage,
    /// Tolls and parking.
    Road,
    Fuel,
    Supplies,
    Telecom,
    /// Meals and gifts for clients.
    Hospitality,
    #[default]
    Other,
}

impl ExpenseCategory {
    pub const ALL: [Self; 10] = [
        Self::Meal,
        Self::Lodging,
        Self::Transport,
        Self::Mileage,
        Self::Road,
        Self::Fuel,
        Self::Supplies,
        Self::Telecom,
        Self::Hospitality,
        Self::Other,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Meal => "meal",
            Self::Lodging => "lodging",
            Self::Transport => "transport",
            Self::Mileage => "mileage",
            Self::Road => "road",
            Self::Fuel => "fuel",
            Self::Supplies => "supplies",
            Self::Telecom => "telecom",
            Self::Hospitality => "hospitality",
            Self::Other => "other",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Meal => "Repas",
            Self::Lodging => "Hébergement",
            Self::Transport => "Train, avion, taxi",
            Self::Mileage => "Indemnités kilométriques",
            Self::Road => "Péage et stationnement",
            Self::Fuel => "Carburant",
            Self::Supplies => "Fournitures",
            Self::Telecom => "Téléphone et internet",
            Self::Hospitality => "Réception de clients, cadeaux",
            Self::Other => "Autre",
        }
    }

    pub fn named(name: &str) -> Result<Self, Rule> {
        Self::ALL.into_iter().find(|category| category.name() == name).ok_or(Rule::NotAChoice)
    }
}

/// A line of a report that was approved, for whoever books it: [`crate::event::Event::ExpenseReportApproved`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApprovedExpense {
    /// From 1: with the id of its report it is one expense, however often it is told.
    pub line: u16,
    pub on: Date,
    pub category: ExpenseCategory,
    /// With VAT, in the minor unit of `currency`.
    pub gross_minor: Minor,
    /// What of it is VAT that the organization gets back.
    pub vat_minor: Minor,
    pub currency: Currency,
    /// The receipt that is kept with the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ApprovedReceipt>,
}

/// A receipt, by where it lies. What it is, its content says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovedReceipt {
    pub upload: UploadId,
    pub bytes: u64,
}

/// How an employee is paid back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReimbursementMethod {
    Transfer,
    Payroll,
    Cash,
    Cheque,
}

impl ReimbursementMethod {
    pub const ALL: [Self; 4] = [Self::Transfer, Self::Payroll, Self::Cash, Self::Cheque];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Payroll => "payroll",
            Self::Cash => "cash",
            Self::Cheque => "cheque",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Transfer => "Virement",
            Self::Payroll => "Avec la paie",
            Self::Cash => "Espèces",
            Self::Cheque => "Chèque",
        }
    }
}
