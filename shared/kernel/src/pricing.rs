//! What the lines of a document add up to. The one place that computes its amounts (EN 16931-1). Pure.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Currency, Minor,
    document::{Allowance, Line, Totals, VatRate, VatTotal},
    money::AmountTooLarge,
    vat::Treatment,
};

/// What is taken off a whole document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Discount {
    /// Per cent of each rate's net lines.
    Percent(Decimal),
    /// Shared between the rates in proportion to their net lines.
    Amount(Minor),
}

/// Why lines cannot be added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unpriceable {
    #[error(transparent)]
    TooLarge(#[from] AmountTooLarge),
    /// More is taken off than there is.
    #[error("discount beyond the amount")]
    DiscountBeyond,
}

/// The lines with what they add up to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Priced {
    pub currency: Currency,
    #[serde(default, skip_serializing_if = "Treatment::is_domestic")]
    pub treatment: Treatment,
    pub lines: Vec<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<Allowance>,
    pub vat: Vec<VatTotal>,
    pub totals: Totals,
}

/// BT-131: quantity × unit price, less the discount in per cent, rounded, less the discount in money.
pub fn net_of(
    quantity: Decimal,
    unit_price: Decimal,
    discount_percent: Decimal,
    discount_minor: Minor,
    currency: Currency,
) -> Result<Minor, Unpriceable> {
    let kept = (Decimal::ONE_HUNDRED - discount_percent) / Decimal::ONE_HUNDRED;
    let gross = quantity.checked_mul(unit_price).and_then(|gross| gross.checked_mul(kept)).ok_or(AmountTooLarge)?;
    let gross = Minor::round(gross, currency)?;
    if discount_minor > Minor::ZERO && discount_minor > gross {
        return Err(Unpriceable::DiscountBeyond);
    }
    Ok(gross.checked_sub(discount_minor)?)
}

impl Priced {
    /// Lines rounded (BT-131), allowances per category and rate (BG-20), VAT per category and rate on what is left,
    /// rounded once (BR-CO-17), totals by addition (BR-CO-10, -11, -13, -14, -15). What a quote offers beside the rest
    /// does not count.
    pub fn add_up(
        currency: Currency,
        treatment: Treatment,
        lines: Vec<Line>,
        discount: Option<Discount>,
    ) -> Result<Self, Unpriceable> {
        let mut vat: Vec<VatTotal> = Vec::new();
        for line in lines.iter().filter(|line| !line.is_optional) {
            match vat.iter_mut().find(|total| total.rate == line.vat) {
                Some(total) => total.base_minor = total.base_minor.checked_add(line.net_minor)?,
                None => {
                    vat.push(VatTotal { rate: line.vat.clone(), base_minor: line.net_minor, tax_minor: Minor::ZERO })
                }
            }
        }
        vat.sort_by_key(|total| (total.rate.percent, total.rate.category));
        let allowances = match discount {
            None => Vec::new(),
            Some(discount) => allowances(&vat, discount, currency)?,
        };
        for allowance in &allowances {
            if let Some(total) = vat.iter_mut().find(|total| total.rate == allowance.vat) {
                total.base_minor = total.base_minor.checked_sub(allowance.amount_minor)?;
            }
        }
        for total in &mut vat {
            total.tax_minor = tax(total.base_minor, &total.rate, currency)?;
        }
        let totals = totals(&vat)?;
        Ok(Self { currency, treatment, lines, discount, allowances, vat, totals })
    }

    /// BT-107.
    pub fn allowances_minor(&self) -> Minor {
        Minor(self.allowances.iter().map(|allowance| allowance.amount_minor.0).sum())
    }
}

/// BT-117.
pub fn tax(base: Minor, rate: &VatRate, currency: Currency) -> Result<Minor, AmountTooLarge> {
    let tax = base.to_decimal(currency).checked_mul(rate.percent).ok_or(AmountTooLarge)?;
    Minor::round(tax / Decimal::ONE_HUNDRED, currency)
}

pub fn totals(vat: &[VatTotal]) -> Result<Totals, AmountTooLarge> {
    let net_minor = Minor::checked_sum(vat.iter().map(|total| total.base_minor))?;
    let tax_minor = Minor::checked_sum(vat.iter().map(|total| total.tax_minor))?;
    Ok(Totals { net_minor, tax_minor, gross_minor: net_minor.checked_add(tax_minor)? })
}

fn allowances(vat: &[VatTotal], discount: Discount, currency: Currency) -> Result<Vec<Allowance>, Unpriceable> {
    let bases: Vec<Minor> = vat.iter().map(|total| total.base_minor).collect();
    let (percent, amounts) = match discount {
        Discount::Percent(percent) => {
            let of = |base: &Minor| Minor::round(base.to_decimal(currency) * percent / Decimal::ONE_HUNDRED, currency);
            (Some(percent), bases.iter().map(of).collect::<Result<Vec<_>, _>>()?)
        }
        Discount::Amount(amount) => (None, shared(amount, &bases).ok_or(Unpriceable::DiscountBeyond)?),
    };
    let each = vat.iter().zip(amounts).filter(|(_, amount)| !amount.is_zero());
    Ok(each
        .map(|(total, amount_minor)| Allowance {
            reason: "Remise".into(),
            percent,
            base_minor: total.base_minor,
            amount_minor,
            vat: total.rate.clone(),
        })
        .collect())
}

/// An amount shared in proportion to `parts`, to the last minor unit: what rounding leaves over goes where most of it
/// was cut off. None where it is more than all parts together, or there is nothing to share it by.
pub fn shared(amount: Minor, parts: &[Minor]) -> Option<Vec<Minor>> {
    let all: i128 = parts.iter().map(|part| i128::from(part.0)).sum();
    if amount.is_zero() {
        return Some(vec![Minor::ZERO; parts.len()]);
    }
    if amount < Minor::ZERO || i128::from(amount.0) > all || parts.iter().any(|part| *part < Minor::ZERO) {
        return None;
    }
    let exact = |part: &Minor| i128::from(amount.0) * i128::from(part.0);
    let mut shares: Vec<i128> = parts.iter().map(|part| exact(part) / all).collect();
    let mut by_loss: Vec<usize> = (0..parts.len()).collect();
    by_loss.sort_by_key(|at| std::cmp::Reverse(exact(&parts[*at]) % all));
    let left = i128::from(amount.0) - shares.iter().sum::<i128>();
    for at in by_loss.into_iter().take(usize::try_from(left).ok()?) {
        shares[at] += 1;
    }
    shares.into_iter().map(|share| i64::try_from(share).ok().map(Minor)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{Unit, VatCategory};

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn rate(percent: &str) -> VatRate {
        VatRate { category: VatCategory::S, percent: decimal(percent), exemption_reason: None, exemption_code: None }
    }

    fn line(net: i64, percent: &str) -> Line {
        Line {
            section: None,
            is_optional: false,
            product: None,
            is_goods: false,
            description: "Pose".into(),
            quantity: Decimal::ONE,
            unit: Unit::Piece,
            unit_price: Minor(net).to_decimal(Currency::Eur),
            discount_percent: Decimal::ZERO,
            discount_minor: Minor::ZERO,
            vat: rate(percent),
            net_minor: Minor(net),
        }
    }

    fn add_up(lines: Vec<Line>, discount: Option<Discount>) -> Result<Priced, Unpriceable> {
        Priced::add_up(Currency::Eur, Treatment::Domestic, lines, discount)
    }

    #[test]
    fn a_discount_in_money_is_shared_between_the_rates_to_the_cent() {
        let lines = vec![line(10_000, "20"), line(5_000, "10"), line(5_000, "5.5")];
        let priced = add_up(lines, Some(Discount::Amount(Minor(1_001)))).unwrap();
        let amounts: Vec<_> = priced.allowances.iter().map(|a| (a.vat.percent.to_string(), a.amount_minor.0)).collect();
        // 250.25, 250.25 and 500.5: the cent that is left goes to the half.
        assert_eq!(amounts, [("5.5".into(), 250), ("10".into(), 250), ("20".into(), 501)]);
        assert_eq!(priced.totals.net_minor, Minor(18_999));
    }

    #[test]
    fn a_discount_in_per_cent_is_taken_off_each_rate() {
        let priced = add_up(vec![line(10_000, "20"), line(333, "10")], Some(Discount::Percent(decimal("10")))).unwrap();
        let left: Vec<_> = priced.vat.iter().map(|total| (total.base_minor.0, total.tax_minor.0)).collect();
        assert_eq!(left, [(300, 30), (9_000, 1_800)]);
        assert!(priced.allowances.iter().all(|allowance| allowance.percent == Some(decimal("10"))));
    }

    #[test]
    fn more_than_there_is_cannot_be_taken_off() {
        let more = Some(Discount::Amount(Minor(10_001)));
        assert_eq!(add_up(vec![line(10_000, "20")], more), Err(Unpriceable::DiscountBeyond));
        assert_eq!(
            net_of(Decimal::ONE, decimal("10"), Decimal::ZERO, Minor(1_001), Currency::Eur),
            Err(Unpriceable::DiscountBeyond)
        );
        assert_eq!(
            net_of(decimal("3"), decimal("10"), decimal("50"), Minor(500), Currency::Eur),
            Ok(Minor(1_000)),
            "first the per cent, then the money"
        );
    }

    #[test]
    fn what_is_offered_beside_the_rest_does_not_count() {
        let optional = Line { is_optional: true, ..line(99_999, "10") };
        let priced = add_up(vec![line(10_000, "20"), optional], None).unwrap();
        assert_eq!((priced.totals.net_minor, priced.vat.len(), priced.lines.len()), (Minor(10_000), 1, 2));
    }

    proptest! {
        #[test]
        fn shares_add_up_and_none_exceeds_its_part(
            parts in proptest::collection::vec(0_i64..1_000_000_000, 1..6), percent in 0_i64..=100
        ) {
            let parts: Vec<_> = parts.into_iter().map(Minor).collect();
            let all: i64 = parts.iter().map(|part| part.0).sum();
            let amount = Minor(i64::try_from(i128::from(all) * i128::from(percent) / 100).unwrap());
            let shares = shared(amount, &parts).unwrap();
            prop_assert_eq!(shares.iter().map(|share| share.0).sum::<i64>(), amount.0);
            prop_assert!(shares.iter().zip(&parts).all(|(share, part)| Minor::ZERO <= *share && share <= part));
        }

        #[test]
        fn lines_less_discounts_and_vat_are_the_total(
            lines in proptest::collection::vec(
                (1_u32..1_000_000, 0_u32..100_000_000, 0_u32..=10_000, 0_usize..4, any::<bool>()), 1..30),
            discount in proptest::option::of(prop_oneof![
                (0_u32..=10_000).prop_map(|percent| (Some(percent), 0)), (0_i64..=100).prop_map(|part| (None, part))]),
            scale in 0_usize..3,
        ) {
            let currency = [Currency::Xof, Currency::Eur, Currency::Tnd][scale];
            let hundredths = |value: u32| Decimal::new(i64::from(value), 2);
            let lines: Vec<Line> = lines
                .into_iter()
                .map(|(quantity, price, percent, at, is_optional)| {
                    let (quantity, unit_price) = (Decimal::new(quantity.into(), 3), Decimal::new(price.into(), 4));
                    let net = net_of(quantity, unit_price, hundredths(percent), Minor::ZERO, currency).unwrap();
                    let discount_percent = hundredths(percent);
                    let vat = rate(["20", "10", "5.5", "2.1"][at]);
                    Line { quantity, unit_price, discount_percent, net_minor: net, is_optional, vat, ..line(0, "20") }
                })
                .collect();
            let counted: i64 = lines.iter().filter(|line| !line.is_optional).map(|line| line.net_minor.0).sum();
            let discount = discount.map(|(percent, part)| match percent {
                Some(percent) => Discount::Percent(hundredths(percent)),
                None => Discount::Amount(Minor(counted / 100 * part)),
            });
            let priced = Priced::add_up(currency, Treatment::Domestic, lines, discount).unwrap();
            let taken_off: i64 = priced.allowances.iter().map(|allowance| allowance.amount_minor.0).sum();
            let tax: i64 = priced.vat.iter().map(|total| total.tax_minor.0).sum();
            prop_assert_eq!(counted - taken_off, priced.totals.net_minor.0);
            prop_assert_eq!(counted - taken_off + tax, priced.totals.gross_minor.0);
            prop_assert!(priced.vat.iter().all(|total| total.base_minor >= Minor::ZERO));
        }
    }
}
