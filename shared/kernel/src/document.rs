//! The frozen content of a commercial document: what was issued, as it was issued.
//!
//! Written once, in the transaction that issues (or sends) the document, read by the worker that renders
//! it. It is the only thing the PDF and the Factur-X XML are made from, so a later change of the client's
//! address or the organization's bank cannot alter a document that has left.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Currency, Minor,
    id::{AttachmentId, ProductId},
    money::french_decimal,
    text,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Devis. Not a tax document: no Factur-X.
    Quote,
    /// Facture.
    Invoice,
    /// Facture d’acompte.
    Deposit,
    /// Facture rectificative: takes the place of the one that it names.
    Corrective,
    /// Avoir: its amounts are positive and are owed to the buyer.
    CreditNote,
    /// Facture that its buyer issues in the name of its seller (CGI art. 289, I, 2).
    SelfBilled,
    /// Avoir on one of those, issued by the buyer as well.
    SelfBilledCreditNote,
}

impl Kind {
    pub const ALL: [Self; 7] = [
        Self::Quote,
        Self::Invoice,
        Self::Deposit,
        Self::Corrective,
        Self::CreditNote,
        Self::SelfBilled,
        Self::SelfBilledCreditNote,
    ];

    pub const fn french(self) -> &'static str {
        match self {
            Self::Quote => "Devis",
            Self::Invoice => "Facture",
            Self::Deposit => "Facture d’acompte",
            Self::Corrective => "Facture rectificative",
            Self::CreditNote => "Avoir",
            Self::SelfBilled => "Facture en autofacturation",
            Self::SelfBilledCreditNote => "Avoir en autofacturation",
        }
    }

    /// BT-3, UNTDID 1001. None for what is no tax document.
    pub const fn type_code(self) -> Option<&'static str> {
        match self {
            Self::Quote => None,
            Self::Invoice => Some("380"),
            Self::Deposit => Some("386"),
            Self::Corrective => Some("384"),
            Self::CreditNote => Some("381"),
            Self::SelfBilled => Some("389"),
            Self::SelfBilledCreditNote => Some("261"),
        }
    }

    /// Whether it asks its buyer for money.
    pub const fn is_payable(self) -> bool {
        matches!(self, Self::Invoice | Self::Deposit | Self::Corrective | Self::SelfBilled)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub kind: Kind,
    /// ≤ 35 characters of `[A-Za-z0-9-+_/]` (BR-FR-01/02).
    pub number: String,
    pub issued_on: Date,
    /// Invoices: when payment is due (BT-9).
    pub due_on: Option<Date>,
    /// Quotes: last day of the offer.
    pub valid_until: Option<Date>,
    /// Date of supply or service (BT-72).
    pub supplied_on: Option<Date>,
    pub currency: Currency,
    pub seller: Seller,
    pub buyer: Buyer,
    /// The buyer's order number (BT-13).
    pub purchase_order: Option<String>,
    /// Number of the quote that this invoice comes from.
    pub quote_number: Option<String>,
    pub subject: Option<String>,
    pub introduction: Option<String>,
    /// Free text under the totals.
    pub conditions: Option<String>,
    /// At most 500.
    pub lines: Vec<Line>,
    /// Discounts on the whole document, one entry per category and rate (BG-20).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<Allowance>,
    /// One entry per category and rate, in ascending order of rate (BG-23).
    pub vat: Vec<VatTotal>,
    pub totals: Totals,
    /// What its VAT is converted into euro at, where the currency has no fixed parity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<ExchangeRate>,
    /// The documents that this one credits, corrects or deducts (BG-3). A corrective invoice names what it replaces
    /// first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preceding: Vec<Preceding>,
    /// What category of operations is invoiced (décret 2022-1299; BT-23 frame B, S or M).
    pub operations: Operations,
    /// Where it invoices the progress of a quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub situation: Option<Situation>,
    /// How and when to pay, one sentence (BT-20). Invoices only.
    pub payment_terms: Option<String>,
    /// Legal sentences in the order they are to be printed (exemptions, "TVA non applicable…").
    pub mentions: Vec<String>,
    /// The B2B clauses of C. com. L441-9, D441-5. `None` for a consumer and on quotes.
    pub late_payment: Option<LatePayment>,
    pub brand: Brand,
    /// The files that leave with it, in the order in which they were added (BG-24).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachedFile>,
}

/// A file of the seller's own that goes with a document (pièce jointe). From the moment the document leaves it is as
/// frozen as the rest, and kept as long (C. com. L123-22).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    pub id: AttachmentId,
    /// Where its bytes lie: in the folder of the document to which it was added, which a later version may share.
    pub s3_key: String,
    /// Unlike any other of its document, whatever the case of its letters (BT-122).
    pub file_name: String,
    /// What it is, as people read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// One of those that EN 16931 lets an invoice bring (BT-125-1).
    pub media_type: String,
    pub bytes: u64,
    pub sha256: String,
}

/// What one unit of a currency was in euro on a day, as the European Central Bank published it (CGI art. 266, 1 bis).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeRate {
    pub euro: Decimal,
    pub on: Date,
}

impl ExchangeRate {
    /// `1 USD = 0,9215 € (BCE, 27/11/2026)`.
    pub fn french(self, currency: Currency) -> String {
        let (euro, on) = (french_decimal(self.euro.normalize()), text::short_date(self.on));
        format!("1\u{a0}{} = {euro}\u{a0}€ (BCE, {on})", currency.code())
    }
}

/// VAT in euro: none for a document in euro; where it is in another currency, none where nobody said at what rate.
/// The francs CFA have a legal parity (655.957 per euro, Council decision 98/683/EC).
pub fn vat_in_euro(tax: Minor, currency: Currency, exchange: Option<ExchangeRate>) -> Option<Minor> {
    let euro = match currency {
        Currency::Eur => return None,
        _ if tax.is_zero() => return Some(Minor::ZERO),
        Currency::Xof | Currency::Xaf => tax.to_decimal(currency).checked_div(Decimal::new(655_957, 3))?,
        _ => tax.to_decimal(currency).checked_mul(exchange?.euro)?,
    };
    Minor::round(euro, Currency::Eur).ok()
}

/// How far a quote is invoiced by its progress (situation de travaux), net of VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Situation {
    /// From 1.
    pub number: u16,
    /// What was agreed.
    pub agreed_minor: Minor,
    /// What was invoiced of it before this one.
    pub before_minor: Minor,
}

impl Situation {
    /// What is left to be invoiced after one of `net`.
    pub fn left_minor(&self, net: Minor) -> Minor {
        Minor(self.agreed_minor.0 - self.before_minor.0 - net.0)
    }
}

/// A document that was issued before, as this one names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preceding {
    /// BT-25.
    pub number: String,
    /// BT-26.
    pub issued_on: Date,
    /// What this document deducts because it was invoiced there: a deposit, all taxes included (part of BT-113). Of the
    /// one that a corrective invoice replaces: what was paid on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deducted_minor: Option<Minor>,
}

/// A discount on all that is invoiced at one rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Allowance {
    /// Why (BT-97): `Remise`.
    pub reason: String,
    /// Per cent of the base, where it was given so (BT-94).
    pub percent: Option<Decimal>,
    /// Sum of the net lines at this rate (BT-93).
    pub base_minor: Minor,
    /// BT-92.
    pub amount_minor: Minor,
    pub vat: VatRate,
}

/// Printed, and carried as notes PMD, PMT and AAB in the XML.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LatePayment {
    /// Late-payment penalties (note PMD).
    pub penalties: String,
    /// The 40 € recovery indemnity (note PMT).
    pub indemnity: String,
    /// Terms of discount for early payment (note AAB).
    pub discount: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Operations {
    Goods,
    Services,
    Mixed,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Address {
    pub street: String,
    pub complement: Option<String>,
    pub postal_code: String,
    pub city: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seller {
    /// Corporate name; with "EI" for a sole trader.
    pub name: String,
    /// Legal form as printed: `SARL`, `SAS`…
    pub legal_form: Option<String>,
    /// Share capital as printed: `10 000 €`.
    pub capital: Option<String>,
    pub address: Address,
    pub siren: String,
    pub siret: String,
    /// City of the registry: `RCS Lyon`.
    pub rcs_city: Option<String>,
    pub vat_number: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub bank: Option<Bank>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bank {
    pub name: Option<String>,
    /// Electronic form, without spaces.
    pub iban: String,
    pub bic: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Buyer {
    pub name: String,
    pub contact: Option<String>,
    pub address: Address,
    /// Absent for a consumer and for a foreign company.
    pub siren: Option<String>,
    pub vat_number: Option<String>,
    pub email: Option<String>,
    pub is_business: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The title of the section that begins with this line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Quotes: offered beside the rest, and not part of the totals.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_optional: bool,
    /// What of the catalogue it was filled in from; what was written on it since does not follow the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// Goods, whose VAT is due when they are invoiced; told where a document has both, for the accounts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_goods: bool,
    /// First line of the description: the item's name (BT-153); the rest is its description (BT-154).
    pub description: String,
    pub quantity: Decimal,
    pub unit: Unit,
    /// Net of VAT, at most 4 decimals (BT-146 before discount).
    pub unit_price: Decimal,
    /// Per cent, 0 to 100.
    pub discount_percent: Decimal,
    /// Taken off after that, for the whole line.
    #[serde(default, skip_serializing_if = "Minor::is_zero")]
    pub discount_minor: Minor,
    pub vat: VatRate,
    /// quantity × unit price − discounts, rounded (BT-131).
    pub net_minor: Minor,
}

/// Units of measure with their UN/ECE Rec 20 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    #[default]
    Piece,
    Hour,
    Day,
    Month,
    Kilogram,
    Metre,
    SquareMetre,
    Litre,
    Flat,
}

impl Unit {
    pub const ALL: [Self; 9] = [
        Self::Piece,
        Self::Hour,
        Self::Day,
        Self::Month,
        Self::Kilogram,
        Self::Metre,
        Self::SquareMetre,
        Self::Litre,
        Self::Flat,
    ];

    pub const fn unece(self) -> &'static str {
        match self {
            Self::Piece => "C62",
            Self::Hour => "HUR",
            Self::Day => "DAY",
            Self::Month => "MON",
            Self::Kilogram => "KGM",
            Self::Metre => "MTR",
            Self::SquareMetre => "MTK",
            Self::Litre => "LTR",
            Self::Flat => "LS",
        }
    }

    /// The value of the API and of a form field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Piece => "piece",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
            Self::Kilogram => "kilogram",
            Self::Metre => "metre",
            Self::SquareMetre => "square_metre",
            Self::Litre => "litre",
            Self::Flat => "flat",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Piece => "unité",
            Self::Hour => "heure",
            Self::Day => "jour",
            Self::Month => "mois",
            Self::Kilogram => "kg",
            Self::Metre => "m",
            Self::SquareMetre => "m²",
            Self::Litre => "litre",
            Self::Flat => "forfait",
        }
    }

    /// As it follows its quantity: French counts in the plural from two.
    pub fn french_for(self, quantity: Decimal) -> &'static str {
        if quantity.abs() < Decimal::TWO {
            return self.french();
        }
        match self {
            Self::Piece => "unités",
            Self::Hour => "heures",
            Self::Day => "jours",
            Self::Litre => "litres",
            Self::Flat => "forfaits",
            Self::Month | Self::Kilogram | Self::Metre | Self::SquareMetre => self.french(),
        }
    }
}

/// VAT category codes of EN 16931 (UNCL 5305, subset).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VatCategory {
    /// Standard and reduced rates.
    S,
    /// Exempt, with its reason: franchise, margin schemes.
    E,
    /// Reverse charge: the buyer owes the tax.
    AE,
    /// Supply of goods to a business of another state of the Union.
    K,
    /// Export out of the Union.
    G,
    /// Outside the scope of the tax.
    O,
}

impl VatCategory {
    pub const fn code(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::E => "E",
            Self::AE => "AE",
            Self::K => "K",
            Self::G => "G",
            Self::O => "O",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VatRate {
    pub category: VatCategory,
    /// Per cent: 20, 10, 5.5, 2.1, 0.
    pub percent: Decimal,
    /// Why no VAT is charged (BT-120), with every category but S.
    pub exemption_reason: Option<String>,
    /// VATEX code (BT-121), with every category but S.
    pub exemption_code: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VatTotal {
    pub rate: VatRate,
    /// Sum of the net lines at this rate, less the allowances (BT-116).
    pub base_minor: Minor,
    /// base × rate, rounded once (BT-117, BR-CO-17).
    pub tax_minor: Minor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Total HT, allowances taken off (BT-109).
    pub net_minor: Minor,
    /// Total VAT (BT-110).
    pub tax_minor: Minor,
    /// Total TTC (BT-112).
    pub gross_minor: Minor,
}

impl Snapshot {
    /// What its totals are made of: what a quote offers beside the rest is not.
    pub fn counted_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.is_optional)
    }

    /// BT-111.
    pub fn vat_in_euro(&self) -> Option<Minor> {
        vat_in_euro(self.totals.tax_minor, self.currency, self.exchange)
    }

    /// The one that a corrective invoice replaces.
    pub fn replaced(&self) -> Option<&Preceding> {
        self.preceding.first().filter(|_| self.kind == Kind::Corrective)
    }

    /// BT-113.
    /// BT-113.
    pub fn deducted_minor(&self) -> Minor {
        Minor(self.preceding.iter().filter_map(|document| document.deducted_minor).map(|minor| minor.0).sum())
    }

    /// What is to be paid (BT-115).
    pub fn due_minor(&self) -> Minor {
        Minor(self.totals.gross_minor.0 - self.deducted_minor().0)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brand {
    /// `#RRGGBB`.
    pub primary_color: String,
    pub secondary_color: String,
    #[serde(default)]
    pub design: Design,
    pub logo: Option<Logo>,
}

/// What shows that a client accepted a quote, as it was given on the portal (C. civ. art. 1366 and 1367).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// First and last name, as it was typed.
    pub name: String,
    /// In what quality: `Gérante`.
    pub quality: Option<String>,
    pub email: Option<String>,
    /// What was drawn; none where the typed name stands for it.
    pub picture: Option<Logo>,
    pub signed_at: jiff::Timestamp,
    /// The day of it, and the time as `14:05`, where the organization is.
    pub signed_on: Date,
    pub signed_time: String,
    /// The names of what was chosen beside the rest.
    pub options: Vec<String>,
    /// Total TTC of what was accepted.
    pub gross_minor: Minor,
    pub address: Option<std::net::IpAddr>,
    pub user_agent: Option<String>,
}

/// A picture in the bucket, named by its content: one that a frozen document names is never another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Logo {
    /// Of the PNG, in hexadecimal.
    pub sha256: String,
    /// Pixels.
    pub width: u32,
    pub height: u32,
}

impl Brand {
    /// Two colours, and the rest as it is by default.
    pub fn of(primary_color: &str, secondary_color: &str) -> Self {
        Self {
            primary_color: primary_color.into(),
            secondary_color: secondary_color.into(),
            design: Design::default(),
            logo: None,
        }
    }
}

/// How quotes and invoices are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Design {
    #[default]
    Classic,
    /// A band of colour.
    Modern,
    /// Ink and white.
    Minimal,
    /// Centred, between rules.
    Elegant,
}

impl Design {
    pub const ALL: [Self; 4] = [Self::Classic, Self::Modern, Self::Minimal, Self::Elegant];

    /// The value of the API and of a form field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Modern => "modern",
            Self::Minimal => "minimal",
            Self::Elegant => "elegant",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|design| design.name() == name)
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Classic => "Classique",
            Self::Modern => "Moderne",
            Self::Minimal => "Minimaliste",
            Self::Elegant => "Élégant",
        }
    }
}

/// The rendered form of a document, in S3. Written once per document by the worker that renders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// Under the tenant's prefix: `ORG/<ulid>/…`.
    pub s3_key: String,
    /// As the person who downloads it sees it: `FAC-2026-0001.pdf`.
    pub file_name: String,
    pub sha256: String,
    pub bytes: u64,
    pub rendered_at: jiff::Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_unit_is_its_stored_form() {
        for unit in Unit::ALL {
            assert_eq!(serde_json::to_value(unit).unwrap(), unit.name());
        }
    }

    #[test]
    fn the_name_of_a_design_is_its_stored_form() {
        for design in Design::ALL {
            assert_eq!(serde_json::to_value(design).unwrap(), design.name());
            assert_eq!(Design::named(design.name()), Some(design));
        }
    }

    #[test]
    fn vat_is_told_in_euro_where_the_rate_is_known() {
        let rate = ExchangeRate { euro: Decimal::new(92_155, 5), on: jiff::civil::date(2026, 11, 27) };
        let exchange = Some(rate);
        assert_eq!(vat_in_euro(Minor(20_000), Currency::Eur, exchange), None);
        assert_eq!(vat_in_euro(Minor(20_000), Currency::Usd, exchange), Some(Minor(18_431)));
        assert_eq!(vat_in_euro(Minor(20_000), Currency::Usd, None), None);
        assert_eq!(vat_in_euro(Minor::ZERO, Currency::Usd, None), Some(Minor::ZERO));
        // Thousandths of a dinar: 200.000 at 0.30.
        let dinar = Some(ExchangeRate { euro: Decimal::new(30, 2), on: jiff::civil::date(2026, 11, 27) });
        assert_eq!(vat_in_euro(Minor(200_000), Currency::Tnd, dinar), Some(Minor(6_000)));
        assert_eq!(vat_in_euro(Minor(655_957), Currency::Xof, None), Some(Minor(100_000)));
        assert_eq!(rate.french(Currency::Usd), "1\u{a0}USD = 0,92155\u{a0}€ (BCE, 27/11/2026)");
    }

    #[test]
    fn units_take_the_plural_from_two() {
        assert_eq!(Unit::Hour.french_for(Decimal::new(15, 1)), "heure");
        assert_eq!(Unit::Hour.french_for(Decimal::TWO), "heures");
        assert_eq!(Unit::Month.french_for(Decimal::from(12)), "mois");
        assert_eq!(Unit::SquareMetre.french_for(Decimal::from(12)), "m²");
    }
}
