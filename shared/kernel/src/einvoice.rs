//! Why a file is not taken for an electronic invoice, in words. Who reads such files says one of these.

use jiff::civil::Date;
use serde::Serialize;

use crate::text;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[error("{}", self.english())]
pub enum Fault {
    /// Neither XML nor PDF.
    NotRecognised,
    TooLarge {
        max_mb: u64,
    },
    /// A declaration of document types, and with it entities.
    HasDtd,
    /// Not well-formed, too deep, in an encoding other than UTF-8 and UTF-16.
    NotXml,
    TooDeep {
        max: usize,
    },
    TooManyNodes,
    /// XML of another vocabulary than CII and UBL.
    OtherXml,
    PdfUnreadable,
    PdfEncrypted,
    /// A PDF to look at, without the data of an invoice in it.
    NothingEmbedded,
    /// A profile of Factur-X without lines: MINIMUM, BASIC WL.
    NotAnInvoice,
    Missing {
        /// A business term of EN 16931: `BT-1`.
        term: &'static str,
    },
    Malformed {
        term: &'static str,
    },
    /// A total that the others contradict.
    Inconsistent {
        /// A rule of EN 16931: `BR-CO-15`.
        rule: &'static str,
    },
    TooManyLines {
        max: usize,
    },
    /// It is addressed to somebody else.
    OtherBuyer {
        name: String,
    },
    /// Dated outside of the days of which an expense is taken.
    ImplausibleDate {
        on: Date,
        first: Date,
        last: Date,
    },
    /// A currency in which no organization of ours keeps books.
    UnknownCurrency {
        code: String,
    },
}

/// What a business term is called by people.
fn term_french(term: &str) -> &'static str {
    match term {
        "BT-1" => "le numéro de la facture",
        "BT-2" => "la date de la facture",
        "BT-3" => "le type de document",
        "BT-5" => "la devise",
        "BT-9" => "la date d’échéance",
        "BT-27" => "le nom du vendeur",
        "BT-44" => "le nom de l’acheteur",
        "BT-106" => "le total des lignes",
        "BT-107" => "le total des remises",
        "BT-108" => "le total des frais",
        "BT-109" => "le total hors taxes",
        "BT-110" => "le total de TVA",
        "BT-112" => "le total TTC",
        "BT-113" => "le montant déjà payé",
        "BT-115" => "le montant à payer",
        "BT-116" => "la base d’une TVA",
        "BT-117" => "le montant d’une TVA",
        "BT-119" => "le taux d’une TVA",
        "BT-131" => "le montant d’une ligne",
        "BT-152" => "le taux de TVA d’une ligne",
        "BG-23" => "le détail de la TVA",
        "BG-25" => "les lignes",
        _ => "une donnée",
    }
}

fn rule_french(rule: &str) -> &'static str {
    match rule {
        "BR-CO-10" => "le total des lignes n’est pas leur somme",
        "BR-CO-11" => "le total des remises n’est pas leur somme",
        "BR-CO-12" => "le total des frais n’est pas leur somme",
        "BR-CO-13" => "le total hors taxes ne suit pas des lignes, remises et frais",
        "BR-CO-14" => "le total de TVA n’est pas la somme de ses taux",
        "BR-CO-15" => "le total TTC n’est pas le total hors taxes augmenté de la TVA",
        "BR-CO-16" => "le montant à payer ne suit pas du total et de ce qui est déjà payé",
        "BR-CO-17" => "la TVA d’un taux n’est pas ce taux de sa base",
        _ => "un total n’est pas cohérent",
    }
}

impl Fault {
    pub fn french(&self) -> String {
        match self {
            Self::NotRecognised => {
                "Ce fichier n’est pas une facture électronique : choisissez un PDF Factur-X, ou un XML CII ou UBL.".into()
            }
            Self::TooLarge { max_mb } => {
                format!("Les données de cette facture sont trop volumineuses\u{a0}: {max_mb} Mo au plus, une fois décompressées.")
            }
            Self::HasDtd => {
                "Ce XML contient une déclaration de type de document (DTD) ou des entités\u{a0}: il est refusé par sécurité.".into()
            }
            Self::NotXml => "Ce XML est mal formé, ou dans un encodage qui n’est ni UTF-8 ni UTF-16.".into(),
            Self::TooDeep { max } => {
                format!("Ce fichier est imbriqué trop profondément\u{a0}: {max} niveaux au plus. Il est refusé par sécurité.")
            }
            Self::TooManyNodes => "Ce XML contient trop d’éléments pour une facture.".into(),
            Self::OtherXml => "Ce XML n’est ni une facture CII (Factur-X) ni une facture UBL.".into(),
            Self::PdfUnreadable => "Ce PDF est endommagé ou illisible.".into(),
            Self::PdfEncrypted => "Ce PDF est protégé par un mot de passe\u{a0}: demandez-en un qui ne l’est pas.".into(),
            Self::NothingEmbedded => {
                "Ce PDF ne contient pas les données d’une facture électronique (Factur-X)\u{a0}: enregistrez-le comme justificatif d’une dépense.".into()
            }
            Self::NotAnInvoice => "Ce document n’est ni une facture ni un avoir.".into(),
            Self::Missing { term } => format!("Il manque {} ({term}).", term_french(term)),
            Self::Malformed { term } => format!("Cette facture indique mal {} ({term}).", term_french(term)),
            Self::Inconsistent { rule } => {
                format!("Cette facture est incohérente\u{a0}: {} ({rule}, EN 16931).", rule_french(rule))
            }
            Self::TooManyLines { max } => format!("Cette facture a trop de lignes\u{a0}: {max} au plus."),
            Self::OtherBuyer { name } => {
                format!("Cette facture est adressée à {name}, pas à votre entreprise (SIREN et numéro de TVA dans les paramètres).")
            }
            Self::ImplausibleDate { on, first, last } => {
                let [on, first, last] = [*on, *first, *last].map(text::short_date);
                format!("Cette facture est datée du {on}\u{a0}: sa date (BT-2) doit être comprise entre le {first} et le {last}.")
            }
            Self::UnknownCurrency { code } => format!("La devise {code} n’est pas prise en charge."),
        }
    }

    pub fn english(&self) -> String {
        match self {
            Self::NotRecognised => "is neither XML nor PDF".into(),
            Self::TooLarge { max_mb } => format!("has more than {max_mb} MB of data"),
            Self::HasDtd => "declares document types or entities".into(),
            Self::NotXml => "is not well-formed XML in UTF-8 or UTF-16".into(),
            Self::TooDeep { max } => format!("is nested deeper than {max}"),
            Self::TooManyNodes => "has too many elements".into(),
            Self::OtherXml => "is neither a CII nor a UBL invoice".into(),
            Self::PdfUnreadable => "is a PDF that cannot be read".into(),
            Self::PdfEncrypted => "is an encrypted PDF".into(),
            Self::NothingEmbedded => "is a PDF without an embedded invoice".into(),
            Self::NotAnInvoice => "is neither an invoice nor a credit note".into(),
            Self::Missing { term } => format!("lacks {term}"),
            Self::Malformed { term } => format!("has a malformed {term}"),
            Self::Inconsistent { rule } => format!("breaks {rule}"),
            Self::TooManyLines { max } => format!("has more than {max} lines"),
            Self::OtherBuyer { name } => format!("is addressed to {name}"),
            Self::ImplausibleDate { on, first, last } => format!("is dated {on}, not between {first} and {last}"),
            Self::UnknownCurrency { code } => format!("is in an unknown currency: {code}"),
        }
    }
}
