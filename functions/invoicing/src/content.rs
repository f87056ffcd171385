//! What quotes and invoices have in common: a client, words, lines, and the totals that follow from them. Pure.

use jiff::civil::Date;
use kernel::{
    Currency, Minor, Rule, Violations,
    document::{Line, Totals, Unit, VatCategory, VatRate, VatTotal},
    legal,
    money::{AmountTooLarge, french_percent},
    reference::{OrganizationReference, VatRegime},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The most lines that a document may have.
pub const LINES_MAX: usize = 500;

/// The most bytes that all descriptions of a document may have: with them, the document, its frozen form and the
/// answer kept for a repetition each stay below the 400 KB of an item.
pub const DESCRIPTIONS_MAX: usize = 80_000;

/// One line as it is typed. Decimals are texts: `1.5`, `1,5`.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineInput {
    /// Its first line names what is sold.
    pub description: String,
    /// More than 0, at most 4 decimals.
    pub quantity: String,
    /// `piece`, `hour`, `day`, `month`, `kilogram`, `metre`, `square_metre`, `litre`, `flat`.
    #[serde(default = "piece")]
    pub unit: String,
    /// Net of VAT, at most 4 decimals.
    pub unit_price: String,
    /// Per cent, 0 to 100.
    #[serde(default = "zero")]
    pub discount_percent: String,
    /// Per cent: `20`, `10`, `5.5`, `2.1`; `0` under the franchise.
    pub vat_percent: String,
}

fn piece() -> String {
    Unit::Piece.name().into()
}

fn zero() -> String {
    "0".into()
}

impl LineInput {
    /// The line that the editor adds.
    pub fn blank(regime: VatRegime) -> Self {
        let vat_percent = if regime == VatRegime::Franchise { "0" } else { "20" };
        Self {
            description: String::new(),
            quantity: "1".into(),
            unit: piece(),
            unit_price: String::new(),
            discount_percent: zero(),
            vat_percent: vat_percent.into(),
        }
    }

    pub fn of(line: &Line) -> Self {
        Self {
            description: line.description.clone(),
            quantity: line.quantity.normalize().to_string(),
            unit: line.unit.name().into(),
            unit_price: line.unit_price.normalize().to_string(),
            discount_percent: line.discount_percent.normalize().to_string(),
            vat_percent: line.vat.percent.normalize().to_string(),
        }
    }
}

/// A line as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LineView {
    description: String,
    /// Decimal text.
    quantity: String,
    unit: Unit,
    unit_price: String,
    discount_percent: String,
    vat_percent: String,
    net_minor: Minor,
}

impl LineView {
    pub fn of(line: &Line) -> Self {
        let input = LineInput::of(line);
        Self {
            description: input.description,
            quantity: input.quantity,
            unit: line.unit,
            unit_price: input.unit_price,
            discount_percent: input.discount_percent,
            vat_percent: input.vat_percent,
            net_minor: line.net_minor,
        }
    }
}

/// The VAT of one rate as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VatView {
    /// EN 16931 category: `S`, `E`.
    category: &'static str,
    percent: String,
    base_minor: Minor,
    tax_minor: Minor,
}

impl VatView {
    pub fn of(vat: &VatTotal) -> Self {
        Self {
            category: vat.rate.category.code(),
            percent: vat.rate.percent.normalize().to_string(),
            base_minor: vat.base_minor,
            tax_minor: vat.tax_minor,
        }
    }
}

/// The words of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Words {
    pub subject: Option<String>,
    pub introduction: Option<String>,
    pub conditions: Option<String>,
}

impl Words {
    pub fn parse(subject: &str, introduction: &str, conditions: &str, wrong: &mut Violations) -> Self {
        let mut text = |pointer: &str, text: &str, max| {
            wrong.take(pointer, legal::optional(text, |text| legal::text(text, max))).flatten()
        };
        Self {
            subject: text("/subject", subject, 200),
            introduction: text("/introduction", introduction, 2_000),
            conditions: text("/conditions", conditions, 5_000),
        }
    }
}

/// The lines with what they add up to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Priced {
    pub currency: Currency,
    pub lines: Vec<Line>,
    pub vat: Vec<VatTotal>,
    pub totals: Totals,
}

impl Priced {
    /// Checks every line and adds them up, or tells all that is wrong.
    pub fn parse(
        lines: &[LineInput],
        organization: &OrganizationReference,
        on: Date,
        wrong: &mut Violations,
    ) -> Option<Self> {
        if lines.is_empty() {
            wrong.add("/lines", Rule::Required);
            return None;
        }
        if lines.len() > LINES_MAX {
            wrong.add("/lines", Rule::TooMany { max: LINES_MAX });
            return None;
        }
        if lines.iter().map(|line| line.description.len()).sum::<usize>() > DESCRIPTIONS_MAX {
            wrong.add("/lines", Rule::TooLong { max: DESCRIPTIONS_MAX });
            return None;
        }
        let currency = organization.currency;
        let parsed: Vec<Line> = lines
            .iter()
            .enumerate()
            .filter_map(|(at, line)| parse_line(line, at, organization.vat_regime, currency, on, wrong))
            .collect();
        if parsed.len() < lines.len() {
            return None;
        }
        match Self::add_up(currency, parsed) {
            Ok(priced) => Some(priced),
            Err(AmountTooLarge) => {
                wrong.add("/lines", too_large(currency));
                None
            }
        }
    }

    /// Whether every rate may still be charged: a draft can outlive the organization's regime and a rate.
    pub fn is_lawful(&self, regime: VatRegime, on: Date) -> bool {
        self.vat.iter().all(|vat| {
            parse_vat(&vat.rate.percent.to_string(), regime, on).is_ok_and(|now| now.category == vat.rate.category)
        })
    }

    /// EN 16931: lines rounded (BT-131), VAT per category and rate on the sum of net lines, rounded once
    /// (BR-CO-17), totals by addition (BR-CO-10, -14, -15).
    pub fn add_up(currency: Currency, lines: Vec<Line>) -> Result<Self, AmountTooLarge> {
        let mut vat: Vec<VatTotal> = Vec::new();
        for line in &lines {
            match vat.iter_mut().find(|total| total.rate == line.vat) {
                Some(total) => total.base_minor = total.base_minor.checked_add(line.net_minor)?,
                None => {
                    vat.push(VatTotal { rate: line.vat.clone(), base_minor: line.net_minor, tax_minor: Minor::ZERO })
                }
            }
        }
        vat.sort_by_key(|total| (total.rate.percent, total.rate.category));
        for total in &mut vat {
            let tax = total.base_minor.to_decimal(currency) * total.rate.percent / Decimal::ONE_HUNDRED;
            total.tax_minor = Minor::round(tax, currency)?;
        }
        let net_minor = Minor::checked_sum(lines.iter().map(|line| line.net_minor))?;
        let tax_minor = Minor::checked_sum(vat.iter().map(|total| total.tax_minor))?;
        let totals = Totals { net_minor, tax_minor, gross_minor: net_minor.checked_add(tax_minor)? };
        Ok(Self { currency, lines, vat, totals })
    }
}

fn parse_line(
    input: &LineInput,
    at: usize,
    regime: VatRegime,
    currency: Currency,
    on: Date,
    wrong: &mut Violations,
) -> Option<Line> {
    let pointer = |field: &str| format!("/lines/{at}/{field}");
    let description = wrong.take(pointer("description"), legal::required(&input.description, 2_000));
    let smallest = Decimal::new(1, 4);
    let quantity =
        wrong.take(pointer("quantity"), legal::decimal(&input.quantity, 4, smallest, Decimal::from(1_000_000)));
    let unit = wrong
        .take(pointer("unit"), Unit::ALL.into_iter().find(|unit| unit.name() == input.unit).ok_or(Rule::NotAChoice));
    let most = Decimal::from(100_000_000);
    let unit_price = wrong.take(pointer("unit_price"), legal::decimal(&input.unit_price, 4, Decimal::ZERO, most));
    let discount_percent = wrong.take(
        pointer("discount_percent"),
        legal::decimal(&input.discount_percent, 2, Decimal::ZERO, Decimal::ONE_HUNDRED),
    );
    let vat = wrong.take(pointer("vat_percent"), parse_vat(&input.vat_percent, regime, on));
    let (description, quantity, unit, unit_price, discount_percent, vat) =
        (description?, quantity?, unit?, unit_price?, discount_percent?, vat?);
    let kept = (Decimal::ONE_HUNDRED - discount_percent) / Decimal::ONE_HUNDRED;
    let net = wrong.take(
        pointer("unit_price"),
        Minor::round(quantity * unit_price * kept, currency).map_err(|AmountTooLarge| too_large(currency)),
    )?;
    Some(Line { description, quantity, unit, unit_price, discount_percent, vat, net_minor: net })
}

fn too_large(currency: Currency) -> Rule {
    Rule::OutOfRange { min: "0".into(), max: Minor::MAX.plain(currency) }
}

/// The rates in force on a day; under the franchise no VAT at all (CGI art. 293 B).
fn parse_vat(text: &str, regime: VatRegime, on: Date) -> Result<VatRate, Rule> {
    let percent = legal::decimal(text, 2, Decimal::ZERO, Decimal::ONE_HUNDRED).map_err(|_| Rule::UnknownVatRate)?;
    if regime == VatRegime::Franchise {
        if !percent.is_zero() {
            return Err(Rule::UnknownVatRate);
        }
        return Ok(VatRate {
            category: VatCategory::E,
            percent: Decimal::ZERO,
            exemption_reason: Some(legal::franchise_mention(on).into()),
            exemption_code: Some(legal::FRANCHISE_VATEX.into()),
        });
    }
    // A rate of 0 wants its reason; the cases that have one come with exemptions.
    if percent.is_zero() || !legal::vat_rate_exists(percent, on) {
        return Err(Rule::UnknownVatRate);
    }
    Ok(VatRate { category: VatCategory::S, percent, exemption_reason: None, exemption_code: None })
}

/// The rates that a form offers: value and label.
pub fn vat_choices(regime: VatRegime, on: Date) -> Vec<(String, String)> {
    if regime == VatRegime::Franchise {
        return vec![("0".into(), "0 %".into())];
    }
    let mut rates: Vec<Decimal> =
        legal::vat_rates(on).iter().map(|rate| rate.value).filter(|rate| !rate.is_zero()).collect();
    rates.sort_by(|a, b| b.cmp(a));
    rates.into_iter().map(|rate| (rate.normalize().to_string(), french_percent(rate))).collect()
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;

    use super::*;

    fn organization(regime: VatRegime) -> OrganizationReference {
        let id = OrganizationId::new(jiff::Timestamp::UNIX_EPOCH, 1);
        OrganizationReference { vat_regime: regime, ..OrganizationReference::new(id, "Atelier".into()) }
    }

    fn line(quantity: &str, unit_price: &str, discount: &str, vat: &str) -> LineInput {
        LineInput {
            description: "Pose".into(),
            quantity: quantity.into(),
            unit: "piece".into(),
            unit_price: unit_price.into(),
            discount_percent: discount.into(),
            vat_percent: vat.into(),
        }
    }

    fn priced(lines: &[LineInput], regime: VatRegime) -> Result<Priced, Violations> {
        let mut wrong = Violations::default();
        let on = jiff::civil::date(2026, 11, 22);
        Priced::parse(lines, &organization(regime), on, &mut wrong).ok_or(wrong)
    }

    fn rule(lines: &[LineInput]) -> (String, Rule) {
        let wrong = priced(lines, VatRegime::Normal).unwrap_err();
        let first = wrong.iter().next().unwrap();
        (first.pointer.clone(), first.rule.clone())
    }

    #[test]
    fn vat_is_rounded_once_per_rate_on_the_sum_of_net_lines() {
        // Three lines of 0.33 at 20 %: 0.99 × 20 % = 0.198 → 0.20; rounded line by line it would be 0.21.
        let lines = [line("1", "0.33", "0", "20"), line("1", "0,33", "0", "20"), line("1", "0.33", "0", "20")];
        let priced = priced(&lines, VatRegime::Normal).unwrap();
        assert_eq!(priced.totals.net_minor, Minor(99));
        assert_eq!(priced.totals.tax_minor, Minor(20));
        assert_eq!(priced.totals.gross_minor, Minor(119));
    }

    #[test]
    fn each_rate_has_its_own_total() {
        let lines = [line("2", "100", "10", "20"), line("3", "50", "0", "5,5")];
        let priced = priced(&lines, VatRegime::Normal).unwrap();
        let vat: Vec<_> =
            priced.vat.iter().map(|v| (v.rate.percent.to_string(), v.base_minor.0, v.tax_minor.0)).collect();
        assert_eq!(vat, [("5.5".into(), 15_000, 825), ("20".into(), 18_000, 3_600)]);
        assert_eq!(priced.totals.gross_minor, Minor(37_425));
    }

    #[test]
    fn bad_lines_are_told_with_their_place() {
        assert_eq!(rule(&[line("-1", "10", "0", "20")]).0, "/lines/0/quantity");
        assert_eq!(rule(&[line("1", "10", "0", "20"), line("1", "x", "0", "20")]).0, "/lines/1/unit_price");
        assert_eq!(rule(&[line("1", "10", "0", "200")]), ("/lines/0/vat_percent".into(), Rule::UnknownVatRate));
        assert_eq!(rule(&[line("1", "10", "0", "0")]), ("/lines/0/vat_percent".into(), Rule::UnknownVatRate));
        assert_eq!(rule(&[]), ("/lines".into(), Rule::Required));
        assert_eq!(
            rule(&vec![line("1", "10", "0", "20"); LINES_MAX + 1]),
            ("/lines".into(), Rule::TooMany { max: LINES_MAX })
        );
    }

    #[test]
    fn the_franchise_charges_no_vat_and_says_why() {
        let franchise = priced(&[line("1", "100", "0", "0")], VatRegime::Franchise).unwrap();
        assert_eq!(franchise.totals.tax_minor, Minor::ZERO);
        assert!(franchise.vat[0].rate.exemption_reason.as_deref().unwrap().contains("293 B"));
        assert!(priced(&[line("1", "100", "0", "20")], VatRegime::Franchise).is_err());
    }

    proptest::proptest! {
        #[test]
        fn net_and_vat_always_add_up(
            lines in proptest::collection::vec((1_u32..1_000_000, 0_u32..100_000_000, 0_u32..=10_000, 0_usize..4), 1..30)
        ) {
            let rates = ["20", "10", "5.5", "2.1"];
            let decimal = |value: u32, scale| Decimal::new(i64::from(value), scale).to_string();
            let lines: Vec<_> = lines
                .into_iter()
                .map(|(q, p, d, r)| line(&decimal(q, 3), &decimal(p, 4), &decimal(d, 2), rates[r]))
                .collect();
            let priced = priced(&lines, VatRegime::Normal).unwrap();
            let base: i64 = priced.vat.iter().map(|v| v.base_minor.0).sum();
            proptest::prop_assert_eq!(base, priced.totals.net_minor.0);
            proptest::prop_assert_eq!(
                priced.totals.net_minor.0 + priced.totals.tax_minor.0,
                priced.totals.gross_minor.0
            );
        }
    }
}
