//! The form in which a document is written: its fields as a page posts them, and the line editor.

use kernel::{
    Currency, Error, Result, Rule,
    document::Unit,
    money::french_decimal,
    pricing::Priced,
    reference::{ClientReference, VatRegime},
    vat::Treatment,
};
use serde::Deserialize;
use web::{
    Asker,
    form::{Choice, FieldErrors, choices},
};

use crate::{
    content::{LINES_MAX, LineInput, NATURES, Words, typed_discount, vat_choices},
    portion::{Left, PartInput},
};

/// What every document's form has; lines come as columns, one name each, repeated once a row.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DocumentForm {
    pub client: String,
    pub subject: String,
    pub introduction: String,
    pub conditions: String,
    /// Of the whole: `5 %`, `100 €`, or a number of per cent.
    pub discount: String,
    pub vat_treatment: String,
    #[serde(deserialize_with = "web::form::column")]
    line_section: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    line_optional: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    line_product: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    line_description: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    line_quantity: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    line_unit: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    line_unit_price: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    line_discount: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    line_vat: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    line_nature: Vec<String>,
}

impl DocumentForm {
    /// Filled in with what a document has.
    pub fn of(client: &ClientReference, words: &Words, priced: &Priced) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let (percent, amount) = typed_discount(priced);
        Self {
            client: client.id.to_string(),
            subject: text(&words.subject),
            introduction: text(&words.introduction),
            conditions: text(&words.conditions),
            discount: discount_text(&percent, &amount, priced.currency.symbol()),
            vat_treatment: priced.treatment.name().into(),
            ..Self::default()
        }
    }

    /// In per cent, in money.
    pub fn discount(&self) -> (String, String) {
        split_discount(&self.discount)
    }

    /// The rows; those in which nothing was typed are left out.
    pub fn lines(&self, regime: VatRegime) -> Vec<LineInput> {
        let blank = LineInput::blank(regime);
        let cell = |column: &[String], at: usize, otherwise: &str| {
            column.get(at).cloned().unwrap_or_else(|| otherwise.to_owned())
        };
        (0..self.line_description.len())
            .map(|at| {
                let (discount_percent, discount_amount) = split_discount(&cell(&self.line_discount, at, ""));
                LineInput {
                    section: cell(&self.line_section, at, ""),
                    is_optional: cell(&self.line_optional, at, ""),
                    product_id: cell(&self.line_product, at, ""),
                    description: cell(&self.line_description, at, ""),
                    quantity: cell(&self.line_quantity, at, ""),
                    unit: cell(&self.line_unit, at, &blank.unit),
                    unit_price: cell(&self.line_unit_price, at, ""),
                    discount_percent,
                    discount_amount,
                    vat_percent: cell(&self.line_vat, at, &blank.vat_percent),
                    nature: cell(&self.line_nature, at, ""),
                }
            })
            .filter(|line| !(line.description.trim().is_empty() && line.unit_price.trim().is_empty()))
            .collect()
    }
}

/// `10 %` and `10` are per cent; `10 €` is money.
fn split_discount(text: &str) -> (String, String) {
    let text = text.trim();
    if let Some(percent) = text.strip_suffix('%') {
        return (percent.trim().to_owned(), String::new());
    }
    let is_unit = |letter: char| letter.is_alphabetic() || matches!(letter, '€' | '$' | '£');
    match text.trim_end_matches(is_unit).trim() {
        // What is no number is told as it was typed.
        "" => (text.to_owned(), String::new()),
        amount if text.ends_with(is_unit) => (String::new(), amount.to_owned()),
        percent => (percent.to_owned(), String::new()),
    }
}

fn discount_text(percent: &str, amount: &str, symbol: &str) -> String {
    let comma = |text: &str| text.replace('.', ",");
    match (percent.is_empty(), amount.is_empty()) {
        (true, true) => String::new(),
        (false, _) => format!("{} %", comma(percent)),
        (true, false) => format!("{} {symbol}", comma(amount)),
    }
}

/// `1 USD =`, for a currency that has no parity to the euro; empty for the others.
pub fn exchange_label(currency: Currency) -> String {
    if currency.is_fixed_to_euro() { String::new() } else { format!("1\u{a0}{} =", currency.code()) }
}

/// A row of the line editor, texts as they were typed.
#[derive(Clone)]
pub struct EditorLine {
    pub section: String,
    pub is_optional: bool,
    pub product: String,
    pub description: String,
    pub quantity: String,
    pub unit: String,
    pub unit_price: String,
    pub discount: String,
    pub vat: String,
    pub nature: String,
}

impl EditorLine {
    fn of(line: &LineInput, symbol: &str) -> Self {
        let comma = |text: &str| text.replace('.', ",");
        Self {
            section: line.section.clone(),
            is_optional: line.is_optional == "true",
            product: line.product_id.clone(),
            description: line.description.clone(),
            quantity: comma(&line.quantity),
            unit: line.unit.clone(),
            unit_price: comma(&line.unit_price),
            discount: discount_text(&line.discount_percent, &line.discount_amount, symbol),
            vat: line.vat_percent.clone(),
            nature: line.nature.clone(),
        }
    }
}

/// What the line editor needs beside the form.
pub struct Editor {
    pub lines: Vec<EditorLine>,
    pub blank_line: EditorLine,
    pub units: Vec<Choice>,
    pub vat_rates: Vec<Choice>,
    pub natures: Vec<Choice>,
    pub treatments: Vec<Choice>,
    /// Whether lines may be offered beside the rest.
    pub has_options: bool,
    pub discount: String,
    pub currency_scale: u32,
    pub currency_symbol: &'static str,
    pub lines_max: usize,
}

impl Editor {
    pub fn new(asker: &Asker, form: &DocumentForm, lines: &[LineInput]) -> Self {
        Self::of_seller(asker, asker.organization.vat_regime, form, lines)
    }

    /// For a seller of this regime.
    pub fn of_seller(asker: &Asker, regime: VatRegime, form: &DocumentForm, lines: &[LineInput]) -> Self {
        let organization = &asker.organization;
        let symbol = organization.currency.symbol();
        let blank = LineInput::blank(regime);
        let lines = if lines.is_empty() { std::slice::from_ref(&blank) } else { lines };
        // Who charges no VAT has no other reason not to.
        let treatments = match regime {
            VatRegime::Franchise => &Treatment::ALL[..1],
            VatRegime::Normal | VatRegime::Debits => &Treatment::ALL[..],
        };
        Self {
            lines: lines.iter().map(|line| EditorLine::of(line, symbol)).collect(),
            blank_line: EditorLine::of(&blank, symbol),
            units: Unit::ALL.into_iter().map(|unit| (unit.name().into(), unit.french().into(), false)).collect(),
            vat_rates: vat_choices(regime, asker.today())
                .into_iter()
                .map(|(value, label)| (value, label, false))
                .collect(),
            natures: choices(NATURES, ""),
            treatments: choices(treatments.iter().map(|one| (one.name(), one.french())), &form.vat_treatment),
            has_options: false,
            discount: form.discount.clone(),
            currency_scale: organization.currency.scale(),
            currency_symbol: symbol,
            lines_max: LINES_MAX,
        }
    }

    #[must_use]
    pub fn with_options(self) -> Self {
        Self { has_options: true, ..self }
    }

    /// With these treatments only.
    #[must_use]
    pub fn with_treatments(self, offered: impl Iterator<Item = Treatment>, chosen: &str) -> Self {
        Self { treatments: choices(offered.map(|one| (one.name(), one.french())), chosen), ..self }
    }
}

/// Which parts of a document are wanted: all that is left, or line by line a quantity or an amount.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PartsForm {
    /// `all` or `part`.
    extent: String,
    #[serde(deserialize_with = "web::form::column")]
    line_quantity: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    line_amount: Vec<String>,
}

/// A line of the document, with what is left of it and what was typed.
pub struct PartRow {
    pub name: String,
    pub left_quantity: String,
    pub left_net: String,
    pub quantity: String,
    pub amount: String,
    pub error: Option<String>,
    /// Nothing is left of it.
    pub is_done: bool,
}

/// What amounts of its lines are: a discount on the whole is taken off after them.
pub fn basis(priced: &Priced) -> &'static str {
    if priced.allowances_minor().is_zero() { "HT" } else { "HT avant remise" }
}

impl PartsForm {
    pub fn is_part(&self) -> bool {
        self.extent == "part"
    }

    fn cells(&self, at: usize) -> (String, String) {
        let cell = |column: &[String]| column.get(at).cloned().unwrap_or_default();
        (cell(&self.line_quantity), cell(&self.line_amount))
    }

    /// The lines in which something was typed.
    fn typed(&self) -> impl Iterator<Item = PartInput> {
        (0..self.line_quantity.len()).filter_map(|at| {
            let (quantity, amount) = self.cells(at);
            let is_typed = !(quantity.trim().is_empty() && amount.trim().is_empty());
            is_typed.then_some(PartInput { line: at + 1, quantity, amount })
        })
    }

    /// A part of nothing is told; it must not become the whole.
    pub fn inputs(&self) -> Result<Vec<PartInput>> {
        if !self.is_part() {
            return Ok(Vec::new());
        }
        let parts: Vec<_> = self.typed().collect();
        if parts.is_empty() { Err(Error::field("/lines", Rule::Required)) } else { Ok(parts) }
    }

    pub fn rows(&self, priced: &Priced, left: &Left, errors: &FieldErrors) -> Vec<PartRow> {
        // Errors count the lines that were sent.
        let places: Vec<usize> = self.typed().map(|line| line.line).collect();
        let lines = priced.lines.iter().zip(&left.lines).enumerate();
        lines
            .map(|(at, (line, left))| {
                let (quantity, amount) = self.cells(at);
                let sent = places.iter().position(|place| *place == at + 1);
                let error = sent.and_then(|sent| {
                    let of = |field: &str| errors.get(&format!("/lines/{sent}/{field}"));
                    of("quantity").or_else(|| of("amount"))
                });
                let unit = line.unit.french_for(left.quantity);
                PartRow {
                    name: line.description.lines().next().unwrap_or_default().to_owned(),
                    left_quantity: format!("{} {unit}", french_decimal(left.quantity.normalize())),
                    left_net: left.net_minor.french(priced.currency),
                    quantity,
                    amount,
                    error,
                    is_done: left.quantity.is_zero() && left.net_minor.is_zero(),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discount_is_read_as_it_is_written() {
        let read = |text: &str| split_discount(text);
        for (text, percent, amount) in [
            ("", "", ""),
            ("10", "10", ""),
            (" 2,5 % ", "2,5", ""),
            ("10\u{a0}%", "10", ""),
            ("15 €", "", "15"),
            ("1 500\u{a0}FCFA", "", "1 500"),
            ("€", "€", ""),
            ("abc", "abc", ""),
        ] {
            assert_eq!(read(text), (percent.into(), amount.into()), "{text:?}");
        }
        assert_eq!(discount_text("2.5", "", "€"), "2,5 %");
        assert_eq!(discount_text("", "15", "€"), "15 €");
    }
}
