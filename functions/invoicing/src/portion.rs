//! Parts of a document: of an invoice that is given back, of a quote that is invoiced. What was taken before is known, so
//! parts never exceed the whole, and the last part takes what rounding left. Pure.

use kernel::{
    Minor, Rule, Violations,
    document::{Allowance, Line, Unit, VatTotal},
    legal,
    money::{AmountTooLarge, french_percent},
    pricing::{Priced, Unpriceable, net_of, shared, tax, totals},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A part of a line: a quantity of it, or an amount net of VAT that is taken off it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartInput {
    /// The line's place in the document, from 1.
    pub line: usize,
    #[serde(default)]
    pub quantity: String,
    #[serde(default)]
    pub amount: String,
}

/// How far a line is, all parts of it together.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgressInput {
    /// The line's place in the document, from 1.
    pub line: usize,
    /// Per cent of the whole line, at most two decimals; not less than what is invoiced of it.
    pub percent: String,
}

/// What was taken of a document, as the document remembers it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    pub lines: Vec<TakenLine>,
    pub vat: Vec<VatTotal>,
    /// The number of the situation that took it, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub situation: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TakenLine {
    /// From 0.
    pub line: usize,
    pub quantity: Decimal,
    pub net_minor: Minor,
}

/// What of a document is not taken yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Left {
    pub lines: Vec<LeftLine>,
    pub vat: Vec<LeftVat>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LeftLine {
    pub quantity: Decimal,
    pub net_minor: Minor,
}

/// Of one rate.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftVat {
    /// Net lines, before what is taken off the whole.
    pub lines_minor: Minor,
    pub base_minor: Minor,
    pub tax_minor: Minor,
}

impl Left {
    pub fn of<'a>(priced: &Priced, taken: impl Iterator<Item = &'a Taken> + Clone) -> Self {
        let mut lines: Vec<_> =
            priced.lines.iter().map(|line| LeftLine { quantity: line.quantity, net_minor: line.net_minor }).collect();
        for part in taken.clone().flat_map(|taken| &taken.lines) {
            if let Some(left) = lines.get_mut(part.line) {
                left.quantity -= part.quantity;
                left.net_minor.0 -= part.net_minor.0;
            }
        }
        let vat = priced
            .vat
            .iter()
            .map(|total| {
                let of_rate = priced.lines.iter().zip(&lines).filter(|(line, _)| line.vat == total.rate);
                let parts = taken.clone().flat_map(|taken| &taken.vat).filter(|vat| vat.rate == total.rate);
                let (base, tax) =
                    parts.fold((0, 0), |(base, tax), vat| (base + vat.base_minor.0, tax + vat.tax_minor.0));
                LeftVat {
                    lines_minor: Minor(of_rate.map(|(_, left)| left.net_minor.0).sum()),
                    base_minor: Minor(total.base_minor.0 - base),
                    tax_minor: Minor(total.tax_minor.0 - tax),
                }
            })
            .collect();
        Self { lines, vat }
    }

    /// HT, what is taken off the whole taken off.
    pub fn net_minor(&self) -> Minor {
        Minor(self.vat.iter().map(|vat| vat.base_minor.0).sum())
    }

    /// All taxes included.
    pub fn gross_minor(&self) -> Minor {
        Minor(self.vat.iter().map(|vat| vat.base_minor.0 + vat.tax_minor.0).sum())
    }

    pub fn is_nothing(&self) -> bool {
        self.lines.iter().all(|left| left.quantity.is_zero() && left.net_minor.is_zero())
    }
}

/// A part that is right.
#[derive(Debug)]
pub struct Part {
    line: usize,
    quantity: Decimal,
    net_minor: Minor,
    /// The line as the document of the part prints it.
    printed: Line,
}

/// Reads what is wanted of a document: these parts, or all that is left where none is named. `in_money` words a part that
/// is an amount: `Remise accordée`.
pub fn parse(inputs: &[PartInput], priced: &Priced, left: &Left, in_money: &str, wrong: &mut Violations) -> Vec<Part> {
    if inputs.is_empty() {
        let all = priced.lines.iter().zip(&left.lines).enumerate();
        return all
            .filter(|(_, (_, left))| !(left.quantity.is_zero() && left.net_minor.is_zero()))
            .filter_map(|(at, (line, left))| part(at, line, left.quantity, left.net_minor, priced, in_money))
            .collect();
    }
    let mut parts: Vec<Part> = Vec::new();
    for (at, input) in inputs.iter().enumerate() {
        let pointer = |field: &str| format!("/lines/{at}/{field}");
        let place = input.line.wrapping_sub(1);
        let (Some(line), Some(left)) = (priced.lines.get(place), left.lines.get(place)) else {
            wrong.add(pointer("line"), Rule::NotFound);
            continue;
        };
        if parts.iter().any(|part| part.line == place) {
            wrong.add(pointer("line"), Rule::AlreadyTaken);
            continue;
        }
        let found = match (input.quantity.trim().is_empty(), input.amount.trim().is_empty()) {
            (false, true) => wrong
                .take(pointer("quantity"), quantity(&input.quantity, left.quantity))
                .map(|quantity| (quantity, net_of_part(line, left, quantity, priced))),
            (true, false) => wrong
                .take(pointer("amount"), amount(&input.amount, left.net_minor, priced))
                .map(|amount| (Decimal::ZERO, amount)),
            (true, true) => {
                wrong.add(pointer("quantity"), Rule::Required);
                None
            }
            (false, false) => {
                wrong.add(pointer("amount"), Rule::OneOfTwo);
                None
            }
        };
        parts.extend(found.and_then(|(quantity, net)| part(place, line, quantity, net, priced, in_money)));
    }
    parts
}

/// How much of a line was taken, in per cent of its amount, or of its quantity where it costs nothing; cut to hundredths.
pub fn reached(line: &Line, left: &LeftLine) -> Decimal {
    let (taken, whole) = match line.net_minor.is_zero() {
        true => (line.quantity - left.quantity, line.quantity),
        false => (Decimal::from(line.net_minor.0 - left.net_minor.0), Decimal::from(line.net_minor.0)),
    };
    let percent = taken.checked_mul(Decimal::ONE_HUNDRED).and_then(|taken| taken.checked_div(whole));
    percent.map(|percent| percent.trunc_with_scale(2)).unwrap_or_default()
}

/// Reads how far lines are: what is taken of each is the difference to what was taken before. A line that is not named
/// stays where it is.
pub fn parse_progress(inputs: &[ProgressInput], priced: &Priced, left: &Left, wrong: &mut Violations) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut seen = Vec::new();
    for (at, input) in inputs.iter().enumerate() {
        let place = input.line.wrapping_sub(1);
        let (Some(line), Some(left)) = (priced.lines.get(place), left.lines.get(place)) else {
            wrong.add(format!("/lines/{at}/line"), Rule::NotFound);
            continue;
        };
        if seen.contains(&place) {
            wrong.add(format!("/lines/{at}/line"), Rule::AlreadyTaken);
            continue;
        }
        seen.push(place);
        let pointer = format!("/lines/{at}/percent");
        let read = legal::decimal(&input.percent, 2, Decimal::ZERO, Decimal::ONE_HUNDRED);
        let Some(percent) = wrong.take(&pointer, read) else { continue };
        let before = reached(line, left);
        if percent < before {
            wrong.add(pointer, Rule::BelowReached { percent: french_percent(before) });
            continue;
        }
        let Some((quantity, net)) = advanced(line, left, percent, before, priced) else { continue };
        parts.extend(part(place, line, quantity, net, priced, "Avancement"));
    }
    parts
}

/// What is taken of a line so that it is as far as this; none where it is.
fn advanced(
    line: &Line,
    left: &LeftLine,
    percent: Decimal,
    before: Decimal,
    priced: &Priced,
) -> Option<(Decimal, Minor)> {
    let (quantity, net) = match percent {
        _ if percent == Decimal::ONE_HUNDRED => (left.quantity, left.net_minor),
        _ if percent == before => return None,
        _ => {
            let share = percent / Decimal::ONE_HUNDRED;
            let net = Minor::round(line.net_minor.to_decimal(priced.currency).checked_mul(share)?, priced.currency);
            let taken = (line.quantity - left.quantity, line.net_minor.0 - left.net_minor.0);
            let quantity = line.quantity.checked_mul(share)?.trunc_with_scale(4) - taken.0;
            // What was taken as an amount has no quantity, and the other way round.
            let net = Minor((net.ok()?.0 - taken.1).clamp(0, left.net_minor.0.max(0)));
            (quantity.max(Decimal::ZERO).min(left.quantity), net)
        }
    };
    (!(quantity.is_zero() && net.is_zero())).then_some((quantity, net))
}

fn quantity(text: &str, left: Decimal) -> Result<Decimal, Rule> {
    let smallest = Decimal::new(1, 4);
    if left < smallest {
        return Err(Rule::NothingLeft);
    }
    legal::decimal(text, 4, smallest, left)
}

fn amount(text: &str, left: Minor, priced: &Priced) -> Result<Minor, Rule> {
    if left <= Minor::ZERO {
        return Err(Rule::NothingLeft);
    }
    let currency = priced.currency;
    let amount = legal::decimal(text, currency.scale(), Minor(1).to_decimal(currency), left.to_decimal(currency))?;
    Minor::round(amount, currency)
        .map_err(|AmountTooLarge| Rule::OutOfRange { min: "0".into(), max: left.plain(currency) })
}

/// The last of a line takes what is left of it, whatever rounding did before.
fn net_of_part(line: &Line, left: &LeftLine, quantity: Decimal, priced: &Priced) -> Minor {
    if quantity == left.quantity {
        return left.net_minor;
    }
    let net = line.net_minor.to_decimal(priced.currency).checked_mul(quantity).map(|net| net / line.quantity);
    net.and_then(|net| Minor::round(net, priced.currency).ok()).map_or(left.net_minor, |net| net.min(left.net_minor))
}

/// The line as it is taken. An amount alone is one forfeit of that much.
fn part(at: usize, line: &Line, quantity: Decimal, net_minor: Minor, priced: &Priced, in_money: &str) -> Option<Part> {
    let currency = priced.currency;
    let printed = if quantity.is_zero() {
        Line {
            section: None,
            // A reduction gives back nothing that was sold.
            product: None,
            description: format!("{in_money} : {}", line.description.lines().next().unwrap_or_default()),
            quantity: Decimal::ONE,
            unit: Unit::Flat,
            unit_price: net_minor.to_decimal(currency),
            discount_percent: Decimal::ZERO,
            discount_minor: Minor::ZERO,
            net_minor,
            ..line.clone()
        }
    } else {
        let whole = net_of(quantity, line.unit_price, line.discount_percent, Minor::ZERO, currency).ok()?;
        let discount_minor = whole.checked_sub(net_minor).ok()?;
        Line { quantity, discount_minor, net_minor, ..line.clone() }
    };
    Some(Part { line: at, quantity, net_minor, printed })
}

/// Per rate: of what was taken off the whole a share in proportion, VAT on what remains. Where a rate is credited to
/// its end, all that is left of it is taken, so that all parts together are the whole.
pub fn add_up(priced: &Priced, left: &Left, parts: &[Part]) -> Result<Priced, Unpriceable> {
    let mut allowances = Vec::new();
    let mut vat = Vec::new();
    for (total, left) in priced.vat.iter().zip(&left.vat) {
        let mut of_rate = parts.iter().filter(|part| part.printed.vat == total.rate).peekable();
        if of_rate.peek().is_none() {
            continue;
        }
        let lines_minor = Minor::checked_sum(of_rate.map(|part| part.net_minor))?;
        let is_last = lines_minor == left.lines_minor;
        let allowance_left = left.lines_minor.checked_sub(left.base_minor)?;
        let rest = left.lines_minor.checked_sub(lines_minor)?;
        let shares = shared(allowance_left, &[lines_minor, rest]).ok_or(Unpriceable::DiscountBeyond)?;
        let allowance = shares[0];
        let base_minor = lines_minor.checked_sub(allowance)?;
        let tax_minor = match is_last {
            true => left.tax_minor,
            false => tax(base_minor, &total.rate, priced.currency)?.min(left.tax_minor),
        };
        if !allowance.is_zero() {
            allowances.push(Allowance {
                reason: "Remise".into(),
                percent: None,
                base_minor: lines_minor,
                amount_minor: allowance,
                vat: total.rate.clone(),
            });
        }
        vat.push(VatTotal { rate: total.rate.clone(), base_minor, tax_minor });
    }
    Ok(Priced {
        currency: priced.currency,
        treatment: priced.treatment,
        lines: parts.iter().map(|part| part.printed.clone()).collect(),
        discount: None,
        allowances,
        totals: totals(&vat)?,
        vat,
    })
}

/// What the document remembers of these parts.
pub fn taken(parts: Vec<Part>, vat: Vec<VatTotal>) -> Taken {
    let lines = parts
        .into_iter()
        .map(|part| TakenLine { line: part.line, quantity: part.quantity, net_minor: part.net_minor })
        .collect();
    Taken { lines, vat, situation: None }
}
