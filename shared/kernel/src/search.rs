//! What can be found by the search: which items of the table, in which category, and who may see it there.

use serde::{Deserialize, Serialize};

use crate::Permission;

/// What is found stands under one of these; a partition of the index each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SearchCategory)]
pub enum Category {
    Company,
    Contact,
    Opportunity,
    Activity,
    File,
    Product,
    Quote,
    Invoice,
    Expense,
    Supplier,
    Employee,
}

impl Category {
    /// In the order in which results name them where nothing else decides.
    pub const ALL: [Self; 11] = [
        Self::Company,
        Self::Contact,
        Self::Opportunity,
        Self::Quote,
        Self::Invoice,
        Self::Product,
        Self::Expense,
        Self::Supplier,
        Self::Activity,
        Self::File,
        Self::Employee,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Contact => "contact",
            Self::Opportunity => "opportunity",
            Self::Activity => "activity",
            Self::File => "file",
            Self::Product => "product",
            Self::Quote => "quote",
            Self::Invoice => "invoice",
            Self::Expense => "expense",
            Self::Supplier => "supplier",
            Self::Employee => "employee",
        }
    }

    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.code() == code)
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Company => "Entreprises",
            Self::Contact => "Contacts",
            Self::Opportunity => "Opportunités",
            Self::Activity => "Activités",
            Self::File => "Fichiers",
            Self::Product => "Catalogue",
            Self::Quote => "Devis",
            Self::Invoice => "Factures et avoirs",
            Self::Expense => "Dépenses",
            Self::Supplier => "Fournisseurs",
            Self::Employee => "Salariés",
        }
    }

    /// The permission of the pages that it leads to.
    pub const fn needs(self) -> Permission {
        match self {
            Self::Company | Self::Contact | Self::Opportunity | Self::Activity | Self::File => Permission::CrmView,
            Self::Product | Self::Quote | Self::Invoice => Permission::InvoicingView,
            Self::Expense | Self::Supplier => Permission::SalesView,
            Self::Employee => Permission::HrView,
        }
    }

    /// Whether who sees only the records that are assigned to them finds no others here.
    pub const fn is_assigned(self) -> bool {
        matches!(self, Self::Company | Self::Contact | Self::Opportunity | Self::Activity | Self::File)
    }
}

/// The types of items that can be found, as the table names them. The filter of the relay's stream in template.yaml repeats
/// them; a test compares both.
pub const ITEMS: &[(&str, Category)] = &[
    ("company", Category::Company),
    ("contact", Category::Contact),
    ("opportunity", Category::Opportunity),
    ("activity", Category::Activity),
    ("attached_file", Category::File),
    ("product", Category::Product),
    ("quote", Category::Quote),
    ("invoice", Category::Invoice),
    ("credit_note", Category::Invoice),
    ("self_billed_document", Category::Invoice),
    ("recurring_invoice", Category::Invoice),
    ("expense", Category::Expense),
    ("recurring_expense", Category::Expense),
    ("supplier", Category::Supplier),
    ("employee", Category::Employee),
];

/// None of what nobody searches for.
pub fn category_of(item: &str) -> Option<Category> {
    ITEMS.iter().find(|(known, _)| *known == item).map(|(_, category)| *category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_every_category_has_something_in_it() {
        for category in Category::ALL {
            assert_eq!(Category::named(category.code()), Some(category));
            assert_eq!(serde_json::to_value(category).unwrap(), category.code());
            assert!(ITEMS.iter().any(|(_, of)| *of == category), "{category:?}");
        }
        assert_eq!(category_of("contact"), Some(Category::Contact));
        assert_eq!(category_of("session"), None);
    }
}
