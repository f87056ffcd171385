//! How much of a product there is, and what may be taken of it. Pure.

use jiff::Timestamp;
use kernel::{
    Rule, Violations,
    document::{Line, Unit},
    id::{CreditNoteId, InvoiceId, ProductId, StockMoveId},
    legal,
    money::french_decimal,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::product::Product;

/// What is said of a product's stock on the product itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockRules {
    /// At this or less, it is time to order more.
    pub threshold: Decimal,
}

/// How much there is. Beside the product, so that selling it does not change the product under who edits it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stock {
    pub product: ProductId,
    /// As the product has them.
    pub name: String,
    pub reference: String,
    pub unit: Unit,
    /// While nobody counts it, it is only remembered.
    pub is_tracked: bool,
    /// At most 4 decimals; below zero only where the organization lets it.
    pub quantity: Decimal,
    pub threshold: Decimal,
}

/// What came or went, for good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockMove {
    pub id: StockMoveId,
    pub product: ProductId,
    pub at: Timestamp,
    /// Below zero where it went.
    pub quantity: Decimal,
    /// What there was after it.
    pub left: Decimal,
    pub cause: Cause,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cause {
    /// An invoice was issued.
    Sold {
        #[schema(value_type = String)]
        invoice: InvoiceId,
        number: String,
    },
    /// A credit note was issued.
    Returned {
        #[schema(value_type = String)]
        credit_note: CreditNoteId,
        number: String,
    },
    /// A corrective invoice took the place of the invoice that had taken it.
    Replaced {
        #[schema(value_type = String)]
        invoice: InvoiceId,
        number: String,
    },
    /// Somebody says so: a delivery, an inventory, a breakage.
    Adjusted { reason: String },
}

/// The same for the form and the API: what came or went, or what was counted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = StockAdjustmentInput)]
pub struct AdjustmentInput {
    /// `5` came, `-2` went; at most 4 decimals.
    pub quantity: String,
    /// What there is; not beside a quantity.
    pub counted: String,
    pub reason: String,
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyInput {
    /// `true` where more may be invoiced than there is; `false` where empty.
    pub allows_negative: String,
}

/// What no stock goes beyond.
const QUANTITY_MAX: i64 = 1_000_000_000;

/// A threshold as it is typed; 0 where nothing is.
pub fn parse_threshold(text: &str) -> Result<Decimal, Rule> {
    if text.trim().is_empty() {
        return Ok(Decimal::ZERO);
    }
    legal::decimal(text, 4, Decimal::ZERO, Decimal::from(QUANTITY_MAX))
}

/// `3 unités`.
pub fn french_quantity(quantity: Decimal, unit: Unit) -> String {
    format!("{}\u{a0}{}", french_decimal(quantity.normalize()), unit.french_for(quantity))
}

/// What an adjustment changes, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjustment {
    pub change: Change,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    By(Decimal),
    To(Decimal),
}

impl AdjustmentInput {
    pub fn parse(&self) -> Result<Adjustment, Violations> {
        let mut wrong = Violations::default();
        let most = Decimal::from(QUANTITY_MAX);
        let reason = wrong.take("/reason", legal::required(&self.reason, 200));
        let change = match (self.quantity.trim(), self.counted.trim()) {
            ("", "") => {
                wrong.add("/quantity", Rule::Required);
                None
            }
            (typed, "") => wrong.take("/quantity", by(typed, most)).map(Change::By),
            ("", counted) => wrong.take("/counted", legal::decimal(counted, 4, -most, most)).map(Change::To),
            _ => {
                wrong.add("/counted", Rule::OneOfTwo);
                None
            }
        };
        match (change, reason) {
            (Some(change), Some(reason)) if wrong.is_empty() => Ok(Adjustment { change, reason }),
            _ => Err(wrong),
        }
    }
}

/// Nothing is no change.
fn by(text: &str, most: Decimal) -> Result<Decimal, Rule> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let quantity = legal::decimal(text, 4, -most, most)?;
    if quantity.is_zero() { Err(Rule::Required) } else { Ok(quantity) }
}

impl Stock {
    /// Of a product that begins to be counted, with nothing there.
    pub fn of(product: &Product) -> Self {
        Self { quantity: Decimal::ZERO, ..Self::named(product, Decimal::ZERO) }
    }

    fn named(product: &Product, quantity: Decimal) -> Self {
        Self {
            product: product.id,
            name: product.name.clone(),
            reference: product.reference.clone(),
            unit: product.unit,
            is_tracked: product.stock.is_some() && product.archived_on.is_none(),
            quantity,
            threshold: product.stock.as_ref().map(|rules| rules.threshold).unwrap_or_default(),
        }
    }

    /// As the product is now called, with as much of it as there was.
    #[must_use]
    pub fn following(&self, product: &Product) -> Self {
        Self::named(product, self.quantity)
    }

    /// Time to order more.
    pub fn is_low(&self) -> bool {
        self.is_tracked && self.quantity <= self.threshold
    }

    /// With as much more, or less. Never below zero, unless the organization lets it; what is below already may come
    /// nearer.
    pub fn changed(&self, by: Decimal, allows_negative: bool) -> Result<Self, Rule> {
        let quantity = self.quantity + by;
        if by < Decimal::ZERO && quantity < Decimal::ZERO && !allows_negative {
            let left = french_quantity(self.quantity, self.unit);
            return Err(Rule::OutOfStock { product: self.name.clone(), left });
        }
        if quantity.abs() > Decimal::from(QUANTITY_MAX) {
            return Err(Rule::OutOfRange { min: format!("-{QUANTITY_MAX}"), max: QUANTITY_MAX.to_string() });
        }
        Ok(Self { quantity, ..self.clone() })
    }
}

/// How much of each product lines sell, with the place of the first line that does. What is offered beside the rest is
/// not sold.
pub fn sold(lines: &[Line]) -> Vec<(ProductId, Decimal, usize)> {
    let mut sold: Vec<(ProductId, Decimal, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_optional) {
        let Some(product) = line.product else { continue };
        match sold.iter_mut().find(|(known, ..)| *known == product) {
            Some((_, quantity, _)) => *quantity += line.quantity,
            None => sold.push((product, line.quantity, at)),
        }
    }
    sold
}

#[cfg(test)]
pub mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::product::{ProductContent, tests::product};

    pub fn stock(quantity: i64, threshold: i64) -> Stock {
        let rules = StockRules { threshold: Decimal::from(threshold) };
        let product = product().edited(ProductContent { stock: Some(rules), ..product().content });
        Stock { quantity: Decimal::from(quantity), ..Stock::of(&product) }
    }

    #[test]
    fn it_is_time_to_order_more_at_the_threshold() {
        assert!(!stock(6, 5).is_low() && stock(5, 5).is_low() && stock(0, 0).is_low());
        assert!(!Stock { is_tracked: false, ..stock(0, 0) }.is_low());
    }

    #[test]
    fn an_adjustment_is_a_change_or_a_count() {
        let parse = |quantity: &str, counted: &str| {
            let (quantity, counted) = (quantity.into(), counted.into());
            AdjustmentInput { quantity, counted, reason: "Inventaire".into() }.parse().map(|adjusted| adjusted.change)
        };
        assert_eq!(parse("+2,5", ""), Ok(Change::By("2.5".parse().unwrap())));
        assert_eq!(parse("-2", ""), Ok(Change::By(Decimal::from(-2))));
        assert_eq!(parse("", "0"), Ok(Change::To(Decimal::ZERO)));
        for (quantity, counted) in [("", ""), ("1", "2"), ("0", ""), ("x", ""), ("0.00001", "")] {
            assert!(parse(quantity, counted).is_err(), "{quantity} {counted}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_one_after_the_other_never_leaves_less_than_nothing(
            start in 0_i64..1_000, moves in proptest::collection::vec(-200_i64..200, 0..40)
        ) {
            let mut now = stock(start, 0);
            let mut sum = start;
            for by in moves {
                match now.changed(Decimal::from(by), false) {
                    Ok(changed) => {
                        now = changed;
                        sum += by;
                    }
                    Err(_) => prop_assert!(sum + by < 0),
                }
                prop_assert!(now.quantity >= Decimal::ZERO);
                prop_assert_eq!(now.quantity, Decimal::from(sum));
            }
        }
    }
}
