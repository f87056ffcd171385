//! The columns of the file, as they are written and as they are read. Pure.

/// What a column says of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Reference,
    Name,
    Description,
    Kind,
    Unit,
    Price,
    Vat,
    Category,
    Tags,
    Tracked,
    Threshold,
}

impl Column {
    pub const ALL: [Self; 11] = [
        Self::Reference,
        Self::Name,
        Self::Description,
        Self::Kind,
        Self::Unit,
        Self::Price,
        Self::Vat,
        Self::Category,
        Self::Tags,
        Self::Tracked,
        Self::Threshold,
    ];

    /// Without which nothing new can be made.
    pub const REQUIRED: [Self; 4] = [Self::Reference, Self::Name, Self::Price, Self::Vat];

    pub const fn french(self) -> &'static str {
        match self {
            Self::Reference => "Référence",
            Self::Name => "Nom",
            Self::Description => "Description",
            Self::Kind => "Nature",
            Self::Unit => "Unité",
            Self::Price => "Prix unitaire HT",
            Self::Vat => "TVA",
            Self::Category => "Catégorie",
            Self::Tags => "Étiquettes",
            Self::Tracked => "Suivi en stock",
            Self::Threshold => "Seuil d’alerte",
        }
    }

    /// Where a [`crate::product::ProductInput`] has it.
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::Reference => "/reference",
            Self::Name => "/name",
            Self::Description => "/description",
            Self::Kind => "/kind",
            Self::Unit => "/unit",
            Self::Price => "/unit_price",
            Self::Vat => "/vat_percent",
            Self::Category => "/category_id",
            Self::Tags => "/tag_ids",
            Self::Tracked => "/track_stock",
            Self::Threshold => "/stock_threshold",
        }
    }
}
