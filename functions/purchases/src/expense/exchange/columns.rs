//! The columns of the file, as they are written and as they are read. Pure.

/// What a column says of an expense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Day,
    Description,
    Category,
    Supplier,
    Reference,
    Net,
    Vat,
    Tax,
    Gross,
    Recovered,
    Currency,
    Due,
    PaidOn,
    PaidBy,
    Notes,
}

impl Column {
    pub const ALL: [Self; 15] = [
        Self::Day,
        Self::Description,
        Self::Category,
        Self::Supplier,
        Self::Reference,
        Self::Net,
        Self::Vat,
        Self::Tax,
        Self::Gross,
        Self::Recovered,
        Self::Currency,
        Self::Due,
        Self::PaidOn,
        Self::PaidBy,
        Self::Notes,
    ];

    pub const fn french(self) -> &'static str {
        match self {
            Self::Day => "Date",
            Self::Description => "Description",
            Self::Category => "Catégorie",
            Self::Supplier => "Fournisseur",
            Self::Reference => "Référence",
            Self::Net => "Montant HT",
            Self::Vat => "Taux de TVA",
            Self::Tax => "TVA",
            Self::Gross => "Montant TTC",
            Self::Recovered => "Part déductible",
            Self::Currency => "Devise",
            Self::Due => "Échéance",
            Self::PaidOn => "Payée le",
            Self::PaidBy => "Moyen de paiement",
            Self::Notes => "Notes",
        }
    }

    /// Where an [`crate::expense::ExpenseInput`] has it.
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::Day => "/spent_on",
            Self::Description => "/description",
            Self::Category => "/category",
            Self::Supplier => "/supplier",
            Self::Reference => "/reference",
            Self::Net => "/lines/0/net",
            Self::Vat => "/lines/0/vat_percent",
            Self::Tax => "/lines/0/tax",
            Self::Gross => "/lines/0/gross",
            Self::Recovered => "/lines/0/recovered_percent",
            Self::Currency => "/currency",
            Self::Due => "/due_on",
            Self::PaidOn => "/paid_on",
            Self::PaidBy => "/paid_by",
            Self::Notes => "/notes",
        }
    }

    /// As the API and a form name it.
    pub fn name(self) -> &'static str {
        self.pointer().rsplit('/').next().unwrap_or_default()
    }

    pub fn at(pointer: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.pointer() == pointer)
    }
}

/// What people and programs call them, without accents, spaces and capitals; what we write ourselves first.
pub const NAMES: &[(Column, &[&str])] = &[
    (Column::Day, &["date", "datedeladepense", "datedepense", "datefacture", "day"]),
    (Column::Description, &["description", "libelle", "objet", "designation", "intitule", "motif"]),
    (Column::Category, &["categorie", "nature", "type", "category"]),
    (Column::Supplier, &["fournisseur", "tiers", "beneficiaire", "marchand", "supplier"]),
    (Column::Reference, &["reference", "ref", "numero", "numerofacture", "ndefacture", "piece"]),
    (Column::Net, &["montantht", "ht", "totalht", "net"]),
    (Column::Vat, &["tauxdetva", "tauxtva", "tvapourcent", "taux"]),
    (Column::Tax, &["tva", "montanttva", "totaltva", "montantdetva"]),
    (Column::Gross, &["montantttc", "ttc", "totalttc", "montant", "total", "amount"]),
    (Column::Recovered, &["partdeductible", "deductible", "partrecuperee"]),
    (Column::Currency, &["devise", "monnaie", "currency"]),
    (Column::Due, &["echeance", "datedecheance", "apayerle"]),
    (Column::PaidOn, &["payeele", "payele", "datedepaiement", "datepaiement", "reglele", "regleele"]),
    (Column::PaidBy, &["moyendepaiement", "modedepaiement", "moyen", "mode", "paiement"]),
    (Column::Notes, &["notes", "note", "commentaire", "remarque"]),
];
