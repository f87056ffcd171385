//! What quotes and invoices have in common: a client, words, lines, and the totals that follow from them. Pure.

use jiff::civil::Date;
use kernel::{
    Currency, Minor, Rule, Violations,
    document::{ExchangeRate, Line, Unit, VatCategory, VatRate, VatTotal},
    id::ProductId,
    legal,
    money::{AmountTooLarge, french_percent},
    pricing::{Discount, Priced, Unpriceable, net_of},
    reference::{OrganizationReference, VatRegime},
    text,
    vat::Treatment,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The most lines that a document may have.
pub const LINES_MAX: usize = 500;

/// The most characters of one description.
pub const DESCRIPTION_MAX: usize = 2_000;

/// The most bytes that all descriptions of a document may have: with them, the document, its frozen form and the
/// answer kept for a repetition each stay below the 400 KB of an item.
pub const DESCRIPTIONS_MAX: usize = 80_000;

/// One line as it is typed. Decimals are texts: `1.5`, `1,5`.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineInput {
    /// The title of a section that begins with this line; empty within one.
    #[serde(default)]
    pub section: String,
    /// `true` for what a quote offers beside the rest; not part of its totals.
    #[serde(default)]
    pub is_optional: String,
    /// `prd_…`, what of the catalogue is sold: what is left empty below is then as the catalogue has it, the quantity 1.
    #[serde(default)]
    pub product_id: String,
    /// Its first line names what is sold.
    #[serde(default)]
    pub description: String,
    /// More than 0, at most 4 decimals.
    #[serde(default)]
    pub quantity: String,
    /// `piece`, `hour`, `day`, `month`, `kilogram`, `metre`, `square_metre`, `litre`, `flat`; a piece where empty.
    #[serde(default)]
    pub unit: String,
    /// Net of VAT, at most 4 decimals.
    #[serde(default)]
    pub unit_price: String,
    /// Per cent, 0 to 100.
    #[serde(default)]
    pub discount_percent: String,
    /// In money, for the whole line; not beside one in per cent.
    #[serde(default)]
    pub discount_amount: String,
    /// Per cent: `20`, `10`, `5.5`, `2.1`; `0` under the franchise and where the document's treatment says why.
    #[serde(default)]
    pub vat_percent: String,
    /// `goods` or `services`, where a document has both; empty for what the product is, and a service without one.
    #[serde(default)]
    pub nature: String,
}

pub const NATURES: [(&str, &str); 3] = [("", "Selon l’article"), ("goods", "Bien"), ("services", "Service")];

impl LineInput {
    /// The line that the editor adds.
    pub fn blank(regime: VatRegime) -> Self {
        let vat_percent = if regime == VatRegime::Franchise { "0" } else { "20" };
        Self {
            section: String::new(),
            is_optional: String::new(),
            product_id: String::new(),
            description: String::new(),
            quantity: "1".into(),
            unit: Unit::Piece.name().into(),
            unit_price: String::new(),
            discount_percent: String::new(),
            discount_amount: String::new(),
            vat_percent: vat_percent.into(),
            nature: String::new(),
        }
    }

    pub fn of(line: &Line, currency: Currency) -> Self {
        Self {
            section: line.section.clone().unwrap_or_default(),
            is_optional: if line.is_optional { "true".into() } else { String::new() },
            product_id: line.product.map(|product| product.to_string()).unwrap_or_default(),
            description: line.description.clone(),
            quantity: line.quantity.normalize().to_string(),
            unit: line.unit.name().into(),
            unit_price: line.unit_price.normalize().to_string(),
            discount_percent: shown(line.discount_percent),
            discount_amount: shown(line.discount_minor.to_decimal(currency)),
            vat_percent: line.vat.percent.normalize().to_string(),
            nature: nature_of(line).into(),
        }
    }
}

const fn nature_of(line: &Line) -> &'static str {
    match (line.is_goods, line.product) {
        (true, _) => "goods",
        (false, Some(_)) => "services",
        (false, None) => "",
    }
}

fn is_goods(nature: &str) -> Result<bool, Rule> {
    match nature {
        "goods" => Ok(true),
        "" | "services" => Ok(false),
        _ => Err(Rule::NotAChoice),
    }
}

/// Nothing where there is nothing.
fn shown(discount: Decimal) -> String {
    if discount.is_zero() { String::new() } else { discount.normalize().to_string() }
}

/// What is taken off a whole document, as it is typed: in per cent, in money.
pub fn typed_discount(priced: &Priced) -> (String, String) {
    match priced.discount {
        None => (String::new(), String::new()),
        Some(Discount::Percent(percent)) => (shown(percent), String::new()),
        Some(Discount::Amount(amount)) => (String::new(), shown(amount.to_decimal(priced.currency))),
    }
}

/// A line as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LineView {
    section: Option<String>,
    is_optional: bool,
    #[schema(value_type = Option<String>)]
    product_id: Option<ProductId>,
    description: String,
    /// Decimal text.
    quantity: String,
    unit: Unit,
    unit_price: String,
    discount_percent: String,
    discount_minor: Minor,
    vat_percent: String,
    /// Whether it is one of goods, in a document that has both.
    is_goods: bool,
    net_minor: Minor,
}

impl LineView {
    fn of(line: &Line, currency: Currency) -> Self {
        let input = LineInput::of(line, currency);
        Self {
            section: line.section.clone(),
            is_optional: line.is_optional,
            product_id: line.product,
            description: input.description,
            quantity: input.quantity,
            unit: line.unit,
            unit_price: input.unit_price,
            discount_percent: line.discount_percent.normalize().to_string(),
            discount_minor: line.discount_minor,
            vat_percent: input.vat_percent,
            is_goods: line.is_goods,
            net_minor: line.net_minor,
        }
    }
}

/// The VAT of one rate as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VatView {
    /// EN 16931 category: `S`, `E`, `AE`, `K`, `G`, `O`.
    category: &'static str,
    percent: String,
    base_minor: Minor,
    tax_minor: Minor,
}

impl VatView {
    fn of(vat: &VatTotal) -> Self {
        Self {
            category: vat.rate.category.code(),
            percent: vat.rate.percent.normalize().to_string(),
            base_minor: vat.base_minor,
            tax_minor: vat.tax_minor,
        }
    }
}

/// Lines, discounts, VAT and totals as the API shows them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PricedView {
    currency: Currency,
    vat_treatment: Treatment,
    lines: Vec<LineView>,
    discount_percent: Option<String>,
    /// What the discount of the whole document takes off.
    discount_minor: Minor,
    vat: Vec<VatView>,
    net_minor: Minor,
    tax_minor: Minor,
    gross_minor: Minor,
}

impl PricedView {
    pub fn of(priced: &Priced) -> Self {
        Self {
            currency: priced.currency,
            vat_treatment: priced.treatment,
            lines: priced.lines.iter().map(|line| LineView::of(line, priced.currency)).collect(),
            discount_percent: Some(typed_discount(priced).0).filter(|percent| !percent.is_empty()),
            discount_minor: priced.allowances_minor(),
            vat: priced.vat.iter().map(VatView::of).collect(),
            net_minor: priced.totals.net_minor,
            tax_minor: priced.totals.tax_minor,
            gross_minor: priced.totals.gross_minor,
        }
    }
}

/// At what rate VAT is converted into euro, as it is typed.
#[derive(Debug, Clone, Copy)]
pub struct ExchangeInput<'a> {
    pub rate: &'a str,
    pub on: &'a str,
}

impl ExchangeInput<'_> {
    /// None where nothing is typed; a day without a rate, and a rate without its day, are told.
    pub fn parse(self, currency: Currency, today: Date, wrong: &mut Violations) -> Option<ExchangeRate> {
        let is_empty = (self.rate.trim().is_empty(), self.on.trim().is_empty());
        if is_empty == (true, true) {
            return None;
        }
        if currency.is_fixed_to_euro() {
            let pointer = if is_empty.0 { "/exchange_on" } else { "/exchange_rate" };
            wrong.add(pointer, Rule::NoExchangeNeeded);
            return None;
        }
        let euro = legal::decimal(self.rate, 8, Decimal::new(1, 8), Decimal::from(10_000));
        let on = match is_empty.1 {
            true => Err(Rule::Required),
            false => legal::date(self.on).and_then(|on| match on > today {
                true => Err(Rule::After { date: text::short_date(today) }),
                false => Ok(on),
            }),
        };
        let (euro, on) = (wrong.take("/exchange_rate", euro), wrong.take("/exchange_on", on));
        Some(ExchangeRate { euro: euro?, on: on? })
    }
}

/// A rate as it is typed, and its day.
pub fn typed_exchange(exchange: Option<ExchangeRate>) -> (String, String) {
    exchange.map(|rate| (rate.euro.normalize().to_string(), rate.on.to_string())).unwrap_or_default()
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

/// The lines, discounts and VAT of a document as they are typed.
#[derive(Debug, Clone, Copy)]
pub struct PricedInput<'a> {
    pub lines: &'a [LineInput],
    pub discount_percent: &'a str,
    pub discount_amount: &'a str,
    pub vat_treatment: &'a str,
}

impl PricedInput<'_> {
    /// Checks every line and adds them up, or tells all that is wrong.
    pub fn parse(&self, organization: &OrganizationReference, on: Date, wrong: &mut Violations) -> Option<Priced> {
        let lines = self.lines;
        if lines.is_empty() {
            wrong.add("/lines", Rule::Required);
            return None;
        }
        if lines.len() > LINES_MAX {
            wrong.add("/lines", Rule::TooMany { max: LINES_MAX });
            return None;
        }
        let length = |line: &LineInput| line.description.len() + line.section.len() + line.product_id.len();
        if lines.iter().map(length).sum::<usize>() > DESCRIPTIONS_MAX {
            wrong.add("/lines", Rule::TooLong { max: DESCRIPTIONS_MAX });
            return None;
        }
        let currency = organization.currency;
        let treatment = wrong.take("/vat_treatment", treatment(self.vat_treatment));
        let rates = Rates { treatment: treatment.unwrap_or_default(), regime: organization.vat_regime, on };
        let discount = parse_discount(self.discount_percent, self.discount_amount, currency, "", wrong);
        let parsed: Vec<Line> = lines
            .iter()
            .enumerate()
            .filter_map(|(at, line)| parse_line(line, &format!("/lines/{at}"), rates, currency, wrong))
            .collect();
        if parsed.len() < lines.len() {
            return None;
        }
        match Priced::add_up(currency, treatment?, parsed, discount?) {
            Ok(priced) => Some(priced),
            Err(Unpriceable::TooLarge(_)) => {
                wrong.add("/lines", too_large(currency));
                None
            }
            Err(Unpriceable::DiscountBeyond) => {
                wrong.add("/discount_amount", Rule::DiscountBeyond);
                None
            }
        }
    }
}

fn treatment(name: &str) -> Result<Treatment, Rule> {
    if name.is_empty() { Ok(Treatment::Domestic) } else { Treatment::named(name).ok_or(Rule::NotAChoice) }
}

/// A discount in per cent or in money, or none, of the document or of the line at `pointer`; nothing where it is wrong.
fn parse_discount(
    percent: &str,
    amount: &str,
    currency: Currency,
    pointer: &str,
    wrong: &mut Violations,
) -> Option<Option<Discount>> {
    let percent = wrong.take(format!("{pointer}/discount_percent"), discount(percent, 2, Decimal::ONE_HUNDRED))?;
    let most = Minor::MAX.to_decimal(currency);
    let amount = wrong.take(format!("{pointer}/discount_amount"), discount(amount, currency.scale(), most))?;
    let amount = wrong.take(
        format!("{pointer}/discount_amount"),
        Minor::round(amount, currency).map_err(|AmountTooLarge| too_large(currency)),
    )?;
    match (percent.is_zero(), amount.is_zero()) {
        (true, true) => Some(None),
        (false, true) => Some(Some(Discount::Percent(percent))),
        (true, false) => Some(Some(Discount::Amount(amount))),
        (false, false) => {
            wrong.add(format!("{pointer}/discount_amount"), Rule::OneDiscountOnly);
            None
        }
    }
}

/// Nothing typed is no discount.
fn discount(text: &str, decimals: u32, most: Decimal) -> Result<Decimal, Rule> {
    if text.trim().is_empty() { Ok(Decimal::ZERO) } else { legal::decimal(text, decimals, Decimal::ZERO, most) }
}

/// What decides the rate of a line.
#[derive(Debug, Clone, Copy)]
struct Rates {
    treatment: Treatment,
    regime: VatRegime,
    on: Date,
}

impl Rates {
    /// The rates in force on a day; under the franchise no VAT at all (CGI art. 293 B), nor where the treatment of the
    /// document says why.
    fn parse(self, text: &str) -> Result<VatRate, Rule> {
        if let Some(rate) = self.treatment.rate(self.on) {
            return Ok(rate);
        }
        let percent = legal::decimal(text, 2, Decimal::ZERO, Decimal::ONE_HUNDRED).map_err(|_| Rule::UnknownVatRate)?;
        if self.regime == VatRegime::Franchise {
            if !percent.is_zero() {
                return Err(Rule::UnknownVatRate);
            }
            return Ok(VatRate {
                category: VatCategory::E,
                percent: Decimal::ZERO,
                exemption_reason: Some(legal::franchise_mention(self.on).into()),
                exemption_code: Some(legal::FRANCHISE_VATEX.into()),
            });
        }
        // Without VAT there is a reason, and that is the document's treatment.
        if percent.is_zero() || !legal::vat_rate_exists(percent, self.on) {
            return Err(Rule::UnknownVatRate);
        }
        Ok(VatRate { category: VatCategory::S, percent, exemption_reason: None, exemption_code: None })
    }
}

/// The rate, in per cent, that the catalogue proposes where nothing else is said of a document.
pub fn parse_vat_percent(text: &str, regime: VatRegime, on: Date) -> Result<Decimal, Rule> {
    Rates { treatment: Treatment::Domestic, regime, on }.parse(text).map(|rate| rate.percent)
}

/// Whether every rate may still be charged: a draft can outlive the organization's regime and a rate.
pub fn is_lawful(priced: &Priced, regime: VatRegime, on: Date) -> bool {
    let rates = Rates { treatment: priced.treatment, regime, on };
    priced
        .vat
        .iter()
        .all(|vat| rates.parse(&vat.rate.percent.to_string()).is_ok_and(|now| now.category == vat.rate.category))
}

fn parse_line(
    input: &LineInput,
    pointer: &str,
    rates: Rates,
    currency: Currency,
    wrong: &mut Violations,
) -> Option<Line> {
    let at = |field: &str| format!("{pointer}/{field}");
    let section = wrong.take(at("section"), legal::optional(&input.section, |text| legal::text(text, 200)));
    let is_optional = wrong.take(at("is_optional"), flag(&input.is_optional));
    let product = wrong.take(at("product_id"), product(&input.product_id));
    let description = wrong.take(at("description"), legal::required(&input.description, DESCRIPTION_MAX));
    let smallest = Decimal::new(1, 4);
    let quantity = wrong.take(at("quantity"), legal::decimal(&input.quantity, 4, smallest, Decimal::from(1_000_000)));
    let unit = wrong.take(at("unit"), parse_unit(&input.unit));
    let unit_price = wrong.take(at("unit_price"), parse_unit_price(&input.unit_price));
    let discount = parse_discount(&input.discount_percent, &input.discount_amount, currency, pointer, wrong);
    let vat = wrong.take(at("vat_percent"), rates.parse(&input.vat_percent));
    let is_goods = wrong.take(at("nature"), is_goods(&input.nature));
    let (section, is_optional, product, description, quantity, unit, unit_price, vat, is_goods) =
        (section?, is_optional?, product?, description?, quantity?, unit?, unit_price?, vat?, is_goods?);
    let (discount_percent, discount_minor) = match discount? {
        None => (Decimal::ZERO, Minor::ZERO),
        Some(Discount::Percent(percent)) => (percent, Minor::ZERO),
        Some(Discount::Amount(amount)) => (Decimal::ZERO, amount),
    };
    let net_minor = match net_of(quantity, unit_price, discount_percent, discount_minor, currency) {
        Ok(net) => net,
        Err(Unpriceable::TooLarge(_)) => {
            wrong.add(at("unit_price"), too_large(currency));
            return None;
        }
        Err(Unpriceable::DiscountBeyond) => {
            wrong.add(at("discount_amount"), Rule::DiscountBeyond);
            return None;
        }
    };
    Some(Line {
        section,
        is_optional,
        product,
        is_goods,
        description,
        quantity,
        unit,
        unit_price,
        discount_percent,
        discount_minor,
        vat,
        net_minor,
    })
}

/// Whether there is such a product, its reader said before ([`crate::product::Named`]).
fn product(id: &str) -> Result<Option<ProductId>, Rule> {
    if id.is_empty() { Ok(None) } else { id.parse().map(Some).map_err(|_| Rule::NotFound) }
}

/// A piece where nothing is said.
pub fn parse_unit(name: &str) -> Result<Unit, Rule> {
    if name.is_empty() {
        return Ok(Unit::default());
    }
    Unit::ALL.into_iter().find(|unit| unit.name() == name).ok_or(Rule::NotAChoice)
}

/// Net of VAT, at most 4 decimals.
pub fn parse_unit_price(text: &str) -> Result<Decimal, Rule> {
    legal::decimal(text, 4, Decimal::ZERO, Decimal::from(100_000_000))
}

/// A box of a form, a truth of the API.
pub fn flag(text: &str) -> Result<bool, Rule> {
    match text {
        "" | "false" => Ok(false),
        "true" => Ok(true),
        _ => Err(Rule::NotAChoice),
    }
}

fn too_large(currency: Currency) -> Rule {
    Rule::OutOfRange { min: "0".into(), max: Minor::MAX.plain(currency) }
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
            unit_price: unit_price.into(),
            discount_percent: discount.into(),
            vat_percent: vat.into(),
            ..LineInput::blank(VatRegime::Normal)
        }
    }

    fn priced(lines: &[LineInput], regime: VatRegime) -> Result<Priced, Violations> {
        let mut wrong = Violations::default();
        let on = jiff::civil::date(2026, 11, 22);
        let input = PricedInput { lines, discount_percent: "", discount_amount: "", vat_treatment: "" };
        input.parse(&organization(regime), on, &mut wrong).ok_or(wrong)
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

    #[test]
    fn a_discount_is_in_per_cent_or_in_money() {
        let both = LineInput { discount_amount: "5".into(), ..line("1", "10", "10", "20") };
        assert_eq!(rule(&[both]), ("/lines/0/discount_amount".into(), Rule::OneDiscountOnly));
        let beyond = LineInput { discount_amount: "10,01".into(), ..line("1", "10", "", "20") };
        assert_eq!(rule(&[beyond]), ("/lines/0/discount_amount".into(), Rule::DiscountBeyond));
        let some = LineInput { discount_amount: "2,50".into(), ..line("1", "10", "", "20") };
        assert_eq!(priced(&[some], VatRegime::Normal).unwrap().totals.net_minor, Minor(750));
    }

    #[test]
    fn where_the_document_says_why_no_line_is_taxed() {
        let mut wrong = Violations::default();
        let lines = [line("1", "100", "", "20"), line("1", "50", "", "10")];
        let input =
            PricedInput { lines: &lines, discount_percent: "", discount_amount: "", vat_treatment: "reverse_charge" };
        let on = jiff::civil::date(2026, 11, 22);
        let priced = input.parse(&organization(VatRegime::Normal), on, &mut wrong).unwrap();
        assert_eq!(priced.vat.len(), 1);
        assert_eq!((priced.totals.tax_minor, priced.totals.net_minor), (Minor::ZERO, Minor(15_000)));
        assert!(is_lawful(&priced, VatRegime::Normal, on));
    }
}
