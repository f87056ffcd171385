//! The columns of the file, as they are written and as they are read. Pure.

use web::sheet::{Sheet, letters};

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

    /// As the API and a form name it.
    pub fn name(self) -> &'static str {
        &self.pointer()[1..]
    }
}

/// What people and programs call them, without accents, spaces and capitals; what we write ourselves first.
const NAMES: &[(Column, &[&str])] = &[
    (Column::Reference, &["reference", "ref", "sku", "codearticle", "codeproduit", "code"]),
    (Column::Name, &["nom", "designation", "libelle", "intitule", "name", "produit", "article"]),
    (Column::Description, &["description", "descriptif", "detail", "commentaire"]),
    (Column::Kind, &["nature", "type"]),
    (Column::Unit, &["unite", "unit"]),
    (
        Column::Price,
        &["prixunitaireht", "prixdeventeht", "prixht", "puht", "pvht", "tarifht", "prix", "tarif", "price"],
    ),
    (Column::Vat, &["tva", "tauxdetva", "tauxtva", "vat"]),
    (Column::Category, &["categorie", "famille", "rayon", "category"]),
    (Column::Tags, &["etiquettes", "etiquette", "motscles", "tags"]),
    (Column::Tracked, &["suivienstock", "suivistock", "suividestock", "stocksuivi"]),
    (Column::Threshold, &["seuildalerte", "stockminimum", "stockmini", "seuil"]),
];

/// Where the names of the columns stand, and which each is by its name. What something cost, or costs with VAT, is no price
/// of ours.
pub fn guessed(sheet: &Sheet) -> (usize, Vec<Option<Column>>) {
    let (at, mut columns) = sheet.header(NAMES);
    let cells = sheet.rows.get(at).map(|row| row.cells.as_slice()).unwrap_or_default();
    for (column, cell) in columns.iter_mut().zip(cells) {
        let name = letters(cell);
        if *column == Some(Column::Price) && (name.contains("ttc") || name.contains("achat")) {
            *column = None;
        }
    }
    (at, columns)
}
