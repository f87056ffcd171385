//! What a price list says, and the price that follows from it. Pure.

use std::collections::BTreeMap;

use kernel::{
    Error, Result, Rule, Violations,
    id::{CompanyId, PriceListId},
    legal,
    tag::parse_name,
    text,
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::{catalogue::Catalogue, content::parse_unit_price, product::Product};

const PRICE_LISTS_MAX: usize = 50;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceList {
    pub id: PriceListId,
    pub name: String,
    /// Off each price, unless the product has one of its own in the list.
    pub percent_off: Decimal,
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PriceListInput {
    pub name: String,
    /// Off each price, 0 (which an empty text means too) to 100, at most 2 decimals. A product may have a price of its own
    /// in the list.
    pub percent_off: String,
}

/// The prices that one product has in price lists, whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PricesInput {
    pub prices: Vec<PriceInput>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceInput {
    /// `pri_…`
    pub price_list_id: String,
    /// Net of VAT, at most 4 decimals; none of its own where empty.
    pub unit_price: String,
}

/// Which price list a client has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientPriceList {
    pub client: CompanyId,
    pub price_list: PriceListId,
}

impl PriceList {
    /// What a product costs a client who has this list, at most 4 decimals.
    pub fn price(&self, product: &Product) -> Decimal {
        product.prices.get(&self.id).copied().unwrap_or_else(|| self.reduced(product.unit_price))
    }

    /// Half of the last decimal goes away from zero, as everywhere.
    fn reduced(&self, price: Decimal) -> Decimal {
        let kept = (Decimal::ONE_HUNDRED - self.percent_off) / Decimal::ONE_HUNDRED;
        (price * kept).round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
    }
}

impl Catalogue {
    pub fn price_list(&self, id: PriceListId) -> Option<&PriceList> {
        self.price_lists.iter().find(|list| list.id == id)
    }

    /// With a new price list, or another name or reduction of one.
    pub fn with_price_list(&self, id: PriceListId, input: &PriceListInput) -> Result<Self, Violations> {
        let mut wrong = Violations::default();
        let name = parse_name("/name", &input.name, &mut wrong);
        let percent_off = match input.percent_off.trim() {
            "" => Some(Decimal::ZERO),
            percent => wrong.take("/percent_off", legal::decimal(percent, 2, Decimal::ZERO, Decimal::ONE_HUNDRED)),
        };
        let (Some(name), Some(percent_off)) = (name, percent_off) else { return Err(wrong) };
        if self.price_lists.iter().any(|other| other.id != id && text::folded(&other.name) == text::folded(&name)) {
            wrong.add("/name", Rule::AlreadyTaken);
        }
        let mut changed = self.clone();
        let list = PriceList { id, name, percent_off };
        match changed.price_lists.iter_mut().find(|known| known.id == id) {
            Some(known) => *known = list,
            None if self.price_lists.len() >= PRICE_LISTS_MAX => {
                wrong.add("/name", Rule::TooMany { max: PRICE_LISTS_MAX });
            }
            None => changed.price_lists.push(list),
        }
        changed.price_lists.sort_by_cached_key(|list| text::sorted(&list.name));
        if wrong.is_empty() { Ok(changed) } else { Err(wrong) }
    }

    /// Without a price list: its clients then pay what everybody pays.
    pub fn without_price_list(&self, id: PriceListId) -> Result<Self> {
        self.price_list(id).ok_or(Error::NotFound)?;
        let price_lists = self.price_lists.iter().filter(|list| list.id != id).cloned().collect();
        Ok(Self { price_lists, ..self.clone() })
    }
}

impl PricesInput {
    pub fn parse(&self, catalogue: &Catalogue) -> Result<BTreeMap<PriceListId, Decimal>, Violations> {
        let mut wrong = Violations::default();
        let mut prices = BTreeMap::new();
        if self.prices.len() > PRICE_LISTS_MAX {
            wrong.add("/prices", Rule::TooMany { max: PRICE_LISTS_MAX });
            return Err(wrong);
        }
        for (at, input) in self.prices.iter().enumerate() {
            let pointer = |field: &str| format!("/prices/{at}/{field}");
            let list = input.price_list_id.parse().ok().filter(|list| catalogue.price_list(*list).is_some());
            let list = wrong.take(pointer("price_list_id"), list.ok_or(Rule::NotFound));
            if input.unit_price.trim().is_empty() {
                continue;
            }
            let price = wrong.take(pointer("unit_price"), parse_unit_price(&input.unit_price));
            if let (Some(list), Some(price)) = (list, price)
                && prices.insert(list, price).is_some()
            {
                wrong.add(pointer("price_list_id"), Rule::AlreadyTaken);
            }
        }
        if wrong.is_empty() { Ok(prices) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::product::tests::product;

    fn id(number: u128) -> PriceListId {
        PriceListId::from_ulid(Ulid(number))
    }

    fn input(name: &str, percent: &str) -> PriceListInput {
        PriceListInput { name: name.into(), percent_off: percent.into() }
    }

    #[test]
    fn a_list_takes_off_unless_the_product_has_a_price_in_it() {
        let lists = Catalogue::default().with_price_list(id(1), &input("Revendeurs", "12,5")).unwrap();
        let list = lists.price_list(id(1)).unwrap();
        // 189.005 × 0.875 = 165.379375.
        assert_eq!(list.price(&product()).to_string(), "165.3794");
        let mut own = product();
        own.prices.insert(id(1), "150".parse().unwrap());
        assert_eq!(list.price(&own).to_string(), "150");
    }

    #[test]
    fn what_is_wrong_with_a_list_is_told() {
        let one = Catalogue::default().with_price_list(id(1), &input("Revendeurs", "")).unwrap();
        assert!(one.with_price_list(id(2), &input("REVENDEURS", "5")).is_err());
        assert!(one.with_price_list(id(2), &input("Amis", "100.01")).is_err());
        assert!(one.with_price_list(id(2), &input("", "-1")).unwrap_err().iter().count() == 2);
        let price = |list: &str, price: &str| PriceInput { price_list_id: list.into(), unit_price: price.into() };
        let known = id(1).to_string();
        let wrong = PricesInput { prices: vec![price(&known, "x"), price("pri_1", "5")] }.parse(&one).unwrap_err();
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/prices/0/unit_price", "/prices/1/price_list_id"]);
        let twice = PricesInput { prices: vec![price(&known, "5"), price(&known, "6")] };
        assert!(twice.parse(&one).is_err());
        assert!(PricesInput { prices: vec![price(&known, "")] }.parse(&one).unwrap().is_empty());
    }
}
