//! What is told of an expense to those who sum expenses up: its category and what it comes to.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Currency, Minor,
    id::{ExpenseId, SupplierId},
};

/// What money is spent on.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseCategory {
    Salary,
    Rent,
    Utilities,
    Supplies,
    Transport,
    Marketing,
    Equipment,
    Maintenance,
    Taxes,
    Insurance,
    #[default]
    Other,
}

impl PurchaseCategory {
    pub const ALL: [Self; 11] = [
        Self::Salary,
        Self::Rent,
        Self::Utilities,
        Self::Supplies,
        Self::Transport,
        Self::Marketing,
        Self::Equipment,
        Self::Maintenance,
        Self::Taxes,
        Self::Insurance,
        Self::Other,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Salary => "salary",
            Self::Rent => "rent",
            Self::Utilities => "utilities",
            Self::Supplies => "supplies",
            Self::Transport => "transport",
            Self::Marketing => "marketing",
            Self::Equipment => "equipment",
            Self::Maintenance => "maintenance",
            Self::Taxes => "taxes",
            Self::Insurance => "insurance",
            Self::Other => "other",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Salary => "Salaires",
            Self::Rent => "Loyer",
            Self::Utilities => "Énergie, eau, télécoms",
            Self::Supplies => "Fournitures",
            Self::Transport => "Transport",
            Self::Marketing => "Marketing",
            Self::Equipment => "Équipement",
            Self::Maintenance => "Entretien",
            Self::Taxes => "Impôts et taxes",
            Self::Insurance => "Assurance",
            Self::Other => "Autre",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }
}

/// An expense that counts, as it is after an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpenseFacts {
    pub expense: ExpenseId,
    /// The version of the expense that says this: whoever knows a later one knows better.
    pub v: u64,
    pub on: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_on: Option<Date>,
    pub category: PurchaseCategory,
    pub net_minor: Minor,
    /// VAT that was charged.
    pub tax_minor: Minor,
    /// What of it is deducted.
    pub recovered_minor: Minor,
    pub gross_minor: Minor,
    /// What of it was paid before it was asked for.
    #[serde(default, skip_serializing_if = "Minor::is_zero")]
    pub prepaid_minor: Minor,
    pub currency: Currency,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<SupplierId>,
}

/// What a recurring expense will cost within the year, for whoever looks ahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpensePlan {
    /// The version of the recurring expense that says this: whoever knows a later one knows better.
    pub v: u64,
    /// What it is called.
    pub label: String,
    pub currency: Currency,
    /// In their order; none of one that stands still or is over.
    pub expenses: Vec<PlannedExpense>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedExpense {
    /// By when money is to leave.
    pub payable_on: Date,
    pub gross_minor: Minor,
}
