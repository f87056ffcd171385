//! What a product is, and what is accepted of it. Pure.

use std::{collections::BTreeMap, ops::Deref};

use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Rule, Violations,
    document::{Logo, Unit},
    id::{CategoryId, PriceListId, ProductId, TagId},
    legal,
    reference::OrganizationReference,
    text,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::Catalogue,
    content::{DESCRIPTION_MAX, flag, parse_unit, parse_unit_price, parse_vat_percent},
    price_list::PriceList,
    stock::{StockRules, parse_threshold},
};

const REFERENCE_MAX: usize = 40;
const NAME_MAX: usize = 200;
/// How many tags one product has.
const TAGS_MAX: usize = 10;

/// All fields as a person types them; the same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProductInput {
    /// The organization's own; no two products have the same, whatever its case.
    pub reference: String,
    pub name: String,
    pub description: String,
    /// `product`, `service` (which an empty text means too), `subscription` or `digital`.
    pub kind: String,
    /// `piece` (which an empty text means too), `hour`, `day`, `month`, `kilogram`, `metre`, `square_metre`, `litre`,
    /// `flat`.
    pub unit: String,
    /// Net of VAT, at most 4 decimals, in the organization's currency.
    pub unit_price: String,
    /// Per cent: `20`, `10`, `5.5`, `2.1`; `0` under the franchise.
    pub vat_percent: String,
    /// `cat_…`; empty for none.
    pub category_id: String,
    /// `tag_…`, ten at most.
    pub tag_ids: Vec<String>,
    /// `true` where its stock is counted; `false` where empty.
    pub track_stock: String,
    /// At this or less it is time to order more; 0 where empty.
    pub stock_threshold: String,
}

/// What is said of a product, its fields right. Whether its reference is free, the table knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProductContent {
    pub reference: String,
    pub name: String,
    pub description: Option<String>,
    pub kind: ProductKind,
    pub unit: Unit,
    /// Net of VAT.
    pub unit_price: Decimal,
    /// Of the price: the organization's when it was written.
    pub currency: Currency,
    pub vat_percent: Decimal,
    /// One that was deleted since counts for none, as do tags and price lists ([`Product::known_to`]).
    pub category: Option<CategoryId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagId>,
    /// None where nobody counts it.
    pub stock: Option<StockRules>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Product {
    pub id: ProductId,
    pub created_at: Timestamp,
    #[serde(flatten)]
    pub content: ProductContent,
    /// What it costs in price lists, where that is not what their reduction makes of its price.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub prices: BTreeMap<PriceListId, Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Logo>,
    /// Since when it is offered no more.
    pub archived_on: Option<Date>,
    /// Something names it, or did: it stays.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_used: bool,
}

/// What is said of it is its own.
impl Deref for Product {
    type Target = ProductContent;

    fn deref(&self) -> &ProductContent {
        &self.content
    }
}

/// That a reference is taken, and by which product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProductReference {
    /// Folded.
    pub reference: String,
    pub product: ProductId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductKind {
    Product,
    #[default]
    Service,
    Subscription,
    Digital,
}

impl ProductKind {
    pub const ALL: [Self; 4] = [Self::Product, Self::Service, Self::Subscription, Self::Digital];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Service => "service",
            Self::Subscription => "subscription",
            Self::Digital => "digital",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Product => "Bien",
            Self::Service => "Service",
            Self::Subscription => "Abonnement",
            Self::Digital => "Produit numérique",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl ProductInput {
    pub fn of(product: &Product) -> Self {
        Self {
            reference: product.reference.clone(),
            name: product.name.clone(),
            description: product.description.clone().unwrap_or_default(),
            kind: product.kind.name().into(),
            unit: product.unit.name().into(),
            unit_price: product.unit_price.normalize().to_string(),
            vat_percent: product.vat_percent.normalize().to_string(),
            category_id: product.category.map(|category| category.to_string()).unwrap_or_default(),
            tag_ids: product.tags.iter().map(ToString::to_string).collect(),
            track_stock: product.stock.is_some().to_string(),
            stock_threshold: product.stock.as_ref().map(|s| s.threshold.normalize().to_string()).unwrap_or_default(),
        }
    }

    pub fn parse(
        &self,
        organization: &OrganizationReference,
        catalogue: &Catalogue,
        today: Date,
    ) -> Result<ProductContent, Violations> {
        let mut wrong = Violations::default();
        let reference = wrong.take("/reference", reference(&self.reference));
        let name = wrong.take("/name", one_line(&self.name, NAME_MAX));
        // With its name it is the description of a line.
        let description_max = DESCRIPTION_MAX - NAME_MAX - 1;
        let description = wrong
            .take("/description", legal::optional(&self.description, |text| legal::text(text, description_max)))
            .flatten();
        let kind = match self.kind.as_str() {
            "" => Some(ProductKind::default()),
            name => wrong.take("/kind", ProductKind::named(name).ok_or(Rule::NotAChoice)),
        };
        let unit = wrong.take("/unit", parse_unit(&self.unit));
        let unit_price = wrong.take("/unit_price", parse_unit_price(&self.unit_price));
        let vat_percent =
            wrong.take("/vat_percent", parse_vat_percent(&self.vat_percent, organization.vat_regime, today));
        let category = match self.category_id.as_str() {
            "" => None,
            id => {
                let category = id.parse().ok().filter(|category| catalogue.category(*category).is_some());
                wrong.take("/category_id", category.ok_or(Rule::NotFound))
            }
        };
        let tags = self.tags(catalogue, &mut wrong);
        let is_tracked = wrong.take("/track_stock", flag(&self.track_stock)).unwrap_or_default();
        let threshold = wrong.take("/stock_threshold", parse_threshold(&self.stock_threshold));
        let stock = threshold.filter(|_| is_tracked).map(|threshold| StockRules { threshold });
        match (reference, name, kind, unit, unit_price, vat_percent, wrong.is_empty()) {
            (Some(reference), Some(name), Some(kind), Some(unit), Some(unit_price), Some(vat_percent), true) => {
                let currency = organization.currency;
                Ok(ProductContent {
                    reference,
                    name,
                    description,
                    kind,
                    unit,
                    unit_price,
                    currency,
                    vat_percent,
                    category,
                    tags,
                    stock,
                })
            }
            _ => Err(wrong),
        }
    }

    /// Named twice is once.
    fn tags(&self, catalogue: &Catalogue, wrong: &mut Violations) -> Vec<TagId> {
        if self.tag_ids.len() > TAGS_MAX {
            wrong.add("/tag_ids", Rule::TooMany { max: TAGS_MAX });
            return Vec::new();
        }
        let mut tags = Vec::new();
        for (at, id) in self.tag_ids.iter().enumerate() {
            let tag = id.parse().ok().filter(|tag| catalogue.tag(*tag).is_some());
            let tag = wrong.take(format!("/tag_ids/{at}"), tag.ok_or(Rule::NotFound));
            tags.extend(tag.filter(|tag| !tags.contains(tag)));
        }
        tags
    }
}

fn reference(text: &str) -> Result<String, Rule> {
    let reference = one_line(text, REFERENCE_MAX)?;
    // Nothing of it may be left to tell it from others.
    if text::folded(&reference).is_empty() { Err(Rule::Required) } else { Ok(reference) }
}

/// Where a line break would begin another part.
fn one_line(text: &str, max: usize) -> Result<String, Rule> {
    let text = legal::required(text, max)?;
    if text.contains(['\n', '\t']) { Err(Rule::ControlCharacter) } else { Ok(text) }
}

impl Product {
    pub fn new(id: ProductId, created_at: Timestamp, content: ProductContent) -> Self {
        Self { id, created_at, content, prices: BTreeMap::new(), picture: None, archived_on: None, is_used: false }
    }

    pub fn edited(&self, content: ProductContent) -> Self {
        Self { content, ..self.clone() }
    }

    /// Without what was deleted of the catalogue since it was written.
    #[must_use]
    pub fn known_to(mut self, catalogue: &Catalogue) -> Self {
        self.content.category = self.category.filter(|category| catalogue.category(*category).is_some());
        self.content.tags.retain(|tag| catalogue.tag(*tag).is_some());
        self.prices.retain(|list, _| catalogue.price_list(*list).is_some());
        self
    }

    /// What it costs a client who has this price list, or none.
    pub fn price(&self, list: Option<&PriceList>) -> Decimal {
        list.map_or(self.unit_price, |list| list.price(self))
    }

    /// What holds its reference.
    pub fn claim(&self) -> ProductReference {
        ProductReference { reference: text::folded(&self.reference), product: self.id }
    }

    /// As a document says it: the name, then what there is to say of it.
    pub fn line_description(&self) -> String {
        match &self.description {
            Some(description) => format!("{}\n{description}", self.name),
            None => self.name.clone(),
        }
    }

    /// Whether it answers to what somebody typed: each word begins one of its name or reference. `words` are folded.
    pub fn answers_to(&self, words: &[String]) -> bool {
        let own = text::folded(&format!("{} {}", self.reference, self.name));
        let begins = |word: &String| {
            own.match_indices(word.as_str())
                .any(|(at, _)| !own[..at].chars().next_back().is_some_and(char::is_alphanumeric))
        };
        words.iter().all(begins)
    }
}

#[cfg(test)]
pub mod tests {
    use kernel::{id::OrganizationId, reference::VatRegime};
    use ulid::Ulid;

    use super::*;

    fn organization(regime: VatRegime) -> OrganizationReference {
        let id = OrganizationId::from_ulid(Ulid(1));
        OrganizationReference { vat_regime: regime, ..OrganizationReference::new(id, "Atelier".into()) }
    }

    pub fn input() -> ProductInput {
        ProductInput {
            reference: "LAMPE-01".into(),
            name: "Lampe d’atelier « Œil »".into(),
            description: "Bras articulé\nAmpoule comprise".into(),
            kind: "product".into(),
            unit: "piece".into(),
            unit_price: "189.0050".into(),
            vat_percent: "20".into(),
            ..ProductInput::default()
        }
    }

    fn parse(input: &ProductInput) -> Result<ProductContent, Violations> {
        input.parse(&organization(VatRegime::Normal), &Catalogue::default(), jiff::civil::date(2026, 11, 25))
    }

    pub fn product() -> Product {
        let new = parse(&input()).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        Product::new(ProductId::from_ulid(Ulid(2)), Timestamp::UNIX_EPOCH, new)
    }

    #[test]
    fn what_is_shown_is_accepted_again() {
        let shown = ProductInput::of(&product());
        let expected = ProductInput { unit_price: "189.005".into(), track_stock: "false".into(), ..input() };
        assert_eq!(shown, expected);
        assert_eq!(parse(&shown), parse(&input()));
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = ProductInput {
            reference: "\u{200b}".into(),
            name: "Lampe\nde bureau".into(),
            description: "x".repeat(1_800),
            kind: "gift".into(),
            unit: "dozen".into(),
            unit_price: "0.00001".into(),
            vat_percent: "19.6".into(),
            category_id: "cat_1".into(),
            tag_ids: vec!["tag_1".into()],
            track_stock: "yes".into(),
            stock_threshold: "-1".into(),
        };
        let wrong = parse(&wrong).unwrap_err();
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(
            pointers.join(" "),
            "/reference /name /description /kind /unit /unit_price /vat_percent /category_id /tag_ids/0 /track_stock /stock_threshold"
        );
    }

    #[test]
    fn the_franchise_knows_no_rate() {
        let on = jiff::civil::date(2026, 11, 25);
        let franchise = organization(VatRegime::Franchise);
        assert!(input().parse(&franchise, &Catalogue::default(), on).is_err());
        assert!(
            ProductInput { vat_percent: "0".into(), ..input() }.parse(&franchise, &Catalogue::default(), on).is_ok()
        );
    }

    #[test]
    fn a_product_is_found_by_the_beginnings_of_its_words() {
        let lamp = product();
        let found = |typed: &str| {
            let words: Vec<_> = text::folded(typed).split(' ').map(str::to_owned).collect();
            lamp.answers_to(&words)
        };
        for typed in ["lam", "LAMPE-01", "01", "atel lampe", "oei", "d’at", "« oeil"] {
            assert!(found(typed), "{typed}");
        }
        for typed in ["ampe", "lampe bureau", "02"] {
            assert!(!found(typed), "{typed}");
        }
    }
}
