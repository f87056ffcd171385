//! What an invoice says, whichever way it is written. The comments name the business terms of EN 16931-1.

use jiff::civil::Date;
use kernel::{Currency, Minor, einvoice::Fault, legal};
use rust_decimal::Decimal;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    Cii,
    Ubl,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Invoice {
    pub syntax: Syntax,
    /// BT-24.
    pub profile: Option<String>,
    /// BT-1.
    pub number: String,
    /// BT-3, UNTDID 1001.
    pub type_code: String,
    /// BT-2.
    pub issued_on: Date,
    /// BT-9.
    pub due_on: Option<Date>,
    /// BT-5.
    pub currency: Currency,
    /// BT-13.
    pub order: Option<String>,
    /// BT-25.
    pub preceding: Vec<String>,
    /// BG-4.
    pub seller: Party,
    /// BG-7.
    pub buyer: Party,
    /// BT-84.
    pub iban: Option<String>,
    /// BG-25.
    pub lines: Vec<Line>,
    /// BG-20 and BG-21: of the whole document.
    pub charges: Vec<Charge>,
    /// BG-23.
    pub vat: Vec<VatTotal>,
    /// BG-22.
    pub totals: Totals,
}

impl Invoice {
    /// Whether the seller gives back (UNTDID 1001: credit notes, self-billed ones, and those of a factor).
    pub fn is_credit(&self) -> bool {
        matches!(
            self.type_code.as_str(),
            "81" | "83" | "261" | "262" | "296" | "308" | "381" | "396" | "420" | "458" | "502" | "503" | "532"
        )
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// BT-27, BT-44.
    pub name: String,
    /// BT-30, BT-47 of scheme 0002; else what a SIRET or a French VAT number says of it.
    pub siren: Option<String>,
    /// BT-31, BT-48.
    pub vat_number: Option<String>,
    /// BT-34, BT-49, with its scheme.
    pub address: Option<(String, String)>,
    /// BT-40, BT-55.
    pub country: Option<String>,
    /// BT-43, BT-58.
    pub email: Option<String>,
}

impl Party {
    /// With what each identifier says of its SIREN: `(scheme, value)`, ISO/IEC 6523.
    pub(crate) fn identified(mut self, identifiers: &[(String, String)]) -> Self {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let found = identifiers.iter().find_map(|(scheme, value)| {
            let digits = digits(value);
            match scheme.as_str() {
                "0002" | "0225" | "SIREN" => legal::siren(digits.get(..9)?).ok(),
                "0009" | "SIRET" => legal::siren(digits.get(..9)?).ok(),
                _ => None,
            }
        });
        let of_vat = || {
            let rest = self.vat_number.as_deref()?.strip_prefix("FR")?.get(2..)?;
            legal::siren(rest).ok()
        };
        self.siren = found.or_else(of_vat);
        self
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// BT-153, BT-154.
    pub name: String,
    /// BT-129.
    pub quantity: Option<Decimal>,
    /// BT-130, UN/ECE Recommendation 20.
    pub unit: Option<String>,
    /// BT-146.
    pub unit_price: Option<Decimal>,
    /// BT-131.
    pub net_minor: Minor,
    /// BT-152.
    pub vat_percent: Option<Decimal>,
}

/// Something taken off the whole document, or added to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    pub is_charge: bool,
    /// BT-92, BT-99.
    pub amount_minor: Minor,
}

#[derive(Debug, Clone, PartialEq)]
pub struct VatTotal {
    /// BT-118, UNTDID 5305.
    pub category: String,
    /// BT-119.
    pub percent: Decimal,
    /// BT-116.
    pub base_minor: Minor,
    /// BT-117.
    pub tax_minor: Minor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// BT-106.
    pub lines: Minor,
    /// BT-107.
    pub allowances: Minor,
    /// BT-108.
    pub charges: Minor,
    /// BT-109.
    pub net: Minor,
    /// BT-110.
    pub tax: Minor,
    /// BT-112.
    pub gross: Minor,
    /// BT-113.
    pub prepaid: Minor,
    /// BT-114.
    pub rounding: Minor,
    /// BT-115.
    pub due: Minor,
}

const TEXT_MAX: usize = 200;

/// One line of text, short enough to be kept.
pub(crate) fn short(text: &str) -> String {
    let words: Vec<_> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(TEXT_MAX).collect()
}

pub(crate) fn required(text: Option<String>, term: &'static str) -> Result<String, Fault> {
    text.map(|text| short(&text)).filter(|text| !text.is_empty()).ok_or(Fault::Missing { term })
}

pub(crate) fn currency(code: Option<String>) -> Result<Currency, Fault> {
    let code = required(code, "BT-5")?;
    code.parse().map_err(|_| Fault::UnknownCurrency { code: code.chars().take(3).collect() })
}

pub(crate) fn decimal(text: &str, term: &'static str) -> Result<Decimal, Fault> {
    let text = text.trim();
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.')) && text.len() <= 30;
    let number = text.parse::<Decimal>().ok().filter(|_| is_plain);
    number.ok_or(Fault::Malformed { term })
}

/// An amount of the document, in as many decimals as its currency has (BR-DEC).
pub(crate) fn amount(text: &str, currency: Currency, term: &'static str) -> Result<Minor, Fault> {
    let number = decimal(text, term)?;
    let minor = Minor::round(number, currency).map_err(|_| Fault::Malformed { term })?;
    if minor.to_decimal(currency) == number { Ok(minor) } else { Err(Fault::Malformed { term }) }
}

/// `2026-11-20`, or `20261120` as CII writes it (format 102).
pub(crate) fn date(text: &str, term: &'static str) -> Result<Date, Fault> {
    let text = text.trim();
    let malformed = Fault::Malformed { term };
    let digits = match (text.len(), text.is_ascii()) {
        (8, true) => format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]),
        // Some add a time or a zone.
        (10.., true) => text[..10].to_owned(),
        _ => return Err(malformed),
    };
    digits.parse().map_err(|_| malformed)
}

/// BT-3: three digits at most.
pub(crate) fn type_code(text: Option<String>) -> Result<String, Fault> {
    let code = required(text, "BT-3")?;
    let is_code = (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    if is_code { Ok(code) } else { Err(Fault::NotAnInvoice) }
}

pub(crate) fn compact(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_uppercase()
}
