//! The products that lines name: read beside the document, they complete what was left empty, and remember that
//! something names them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::{
    Result, Rule, Violations,
    id::ProductId,
    reference::{OrganizationReference, VatRegime},
};
use table::{Patch, Scope, Stored, Transaction, idempotency::Idempotency, meter::all_at_once};
use web::Asker;

use super::{Product, ProductKind, model::ProductInput};
use crate::{
    content::{LINES_MAX, LineInput, parse_vat_percent},
    price_list::{self, PriceList},
};

/// What one reading takes.
const READ_AT_ONCE: usize = 100;

/// How many products are noted as used in the transaction of a document, which has other things to write.
const NOTED_BESIDE: usize = 50;
/// And in one of their own.
const NOTED_AT_ONCE: usize = 90;

#[derive(Debug, Default)]
pub struct Named {
    products: BTreeMap<ProductId, Stored<Product>>,
    /// By which the client is asked for prices.
    price_list: Option<PriceList>,
}

impl Named {
    /// Of lines for this client, by an id as it was typed. Without a line that names a product, nothing is read.
    pub async fn of(scope: &Scope, client: &str, lines: &[LineInput]) -> Result<Self> {
        let ids: BTreeSet<ProductId> = lines.iter().filter_map(|line| line.product_id.parse().ok()).collect();
        if ids.is_empty() || lines.len() > LINES_MAX {
            return Ok(Self::default());
        }
        let keys = scope.keys();
        let mut wanted = vec![keys.catalogue()];
        wanted.extend(client.parse().ok().map(|client| keys.client_price_list(client)));
        wanted.extend(ids.into_iter().map(|id| keys.product(id)));
        let mut named = Self::default();
        for found in all_at_once(wanted.chunks(READ_AT_ONCE).map(|keys| scope.get_many(keys))).await {
            let found = found?;
            named.products.extend(found.all::<Product>()?.into_iter().map(|product| (product.id, product)));
            // Both stand in the first part.
            named.price_list = named.price_list.or(price_list::store::found_in(&found)?);
        }
        Ok(named)
    }

    /// The lines, with what was left empty as the catalogue has it.
    pub fn complete(&self, asker: &Asker, lines: &[LineInput]) -> Result<Vec<LineInput>> {
        let mut wrong = Violations::default();
        let today = asker.today();
        let completed = lines.iter().enumerate().map(|(at, line)| {
            if line.product_id.is_empty() || lines.len() > LINES_MAX {
                return line.clone();
            }
            match line.product_id.parse().ok().and_then(|id| self.products.get(&id)) {
                Some(product) => completed(line, product, self.price_list.as_ref(), &asker.organization, today),
                None => {
                    wrong.add(format!("/lines/{at}/product_id"), Rule::NotFound);
                    line.clone()
                }
            }
        });
        let completed = completed.collect();
        if wrong.is_empty() { Ok(completed) } else { Err(wrong.into()) }
    }

    /// Notes on the products that something names them: from then on they can be archived, not deleted. In the
    /// transaction of what names them; where there are too many, the others before it. A product that was noted and is
    /// then not named after all can merely not be deleted.
    pub async fn note(&self, scope: &Scope, transaction: &mut Transaction) -> Result<()> {
        let unused: Vec<ProductId> =
            self.products.values().filter(|product| !product.is_used).map(|used| used.id).collect();
        let beside = unused.len().min(NOTED_BESIDE);
        note(transaction, scope, &unused[..beside])?;
        // Acts of their own: the request's key belongs to the document.
        let scope = &scope.clone().with_idempotency(Idempotency::None);
        for ids in unused[beside..].chunks(NOTED_AT_ONCE) {
            let noted = scope.write(|| async {
                let mut noting = scope.begin("use_products", scope.tenant().organization());
                note(&mut noting, scope, ids)?;
                Ok((noting, ()))
            });
            Box::pin(noted).await?;
        }
        Ok(())
    }
}

/// Raises their versions, so that who deletes one at the same time reads again.
fn note(transaction: &mut Transaction, scope: &Scope, products: &[ProductId]) -> Result<()> {
    for product in products {
        transaction.patch(Patch::of::<Product>(scope.keys().product(*product)).set_value("is_used", &true)?);
    }
    Ok(())
}

/// What the catalogue proposes for a line, where the line says nothing itself. A price of another currency and a rate
/// that is in force no more are not proposed.
pub fn completed(
    line: &LineInput,
    product: &Product,
    price_list: Option<&PriceList>,
    organization: &OrganizationReference,
    on: Date,
) -> LineInput {
    let shown = ProductInput::of(product);
    let or = |typed: &str, otherwise: String| if typed.trim().is_empty() { otherwise } else { typed.to_owned() };
    let price = product.price(price_list).normalize().to_string();
    let price = if product.currency == organization.currency { price } else { String::new() };
    let is_lawful = parse_vat_percent(&shown.vat_percent, organization.vat_regime, on).is_ok();
    let rate = match organization.vat_regime {
        VatRegime::Franchise => "0".into(),
        VatRegime::Normal | VatRegime::Debits if is_lawful => shown.vat_percent,
        VatRegime::Normal | VatRegime::Debits => String::new(),
    };
    LineInput {
        description: or(&line.description, product.line_description()),
        quantity: or(&line.quantity, "1".into()),
        unit: or(&line.unit, shown.unit),
        unit_price: or(&line.unit_price, price),
        vat_percent: or(&line.vat_percent, rate),
        nature: or(&line.nature, if product.kind == ProductKind::Product { "goods" } else { "services" }.into()),
        ..line.clone()
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, id::OrganizationId};
    use ulid::Ulid;

    use super::*;
    use crate::product::model::{ProductContent, tests::product};

    fn organization() -> OrganizationReference {
        OrganizationReference::new(OrganizationId::from_ulid(Ulid(1)), "Atelier".into())
    }

    fn named() -> LineInput {
        LineInput {
            product_id: product().id.to_string(),
            quantity: String::new(),
            unit: String::new(),
            vat_percent: String::new(),
            ..LineInput::blank(VatRegime::Normal)
        }
    }

    #[test]
    fn what_is_left_empty_is_as_the_catalogue_has_it() {
        let on = jiff::civil::date(2026, 11, 25);
        let line = completed(&named(), &product(), None, &organization(), on);
        assert_eq!(line.description, "Lampe d’atelier « Œil »\nBras articulé\nAmpoule comprise");
        let rest = [line.quantity.as_str(), &line.unit, &line.unit_price, &line.vat_percent];
        assert_eq!(rest, ["1", "piece", "189.005", "20"]);
        let typed = LineInput { unit_price: "150".into(), description: "Lampe".into(), ..named() };
        let line = completed(&typed, &product(), None, &organization(), on);
        assert_eq!((line.description.as_str(), line.unit_price.as_str()), ("Lampe", "150"));
    }

    #[test]
    fn neither_a_price_of_another_currency_nor_a_former_rate_is_proposed() {
        let on = jiff::civil::date(2026, 11, 25);
        let content = ProductContent { currency: Currency::Usd, ..product().content };
        let line = completed(&named(), &product().edited(content), None, &organization(), on);
        assert_eq!(line.unit_price, "");
        let franchise = OrganizationReference { vat_regime: VatRegime::Franchise, ..organization() };
        assert_eq!(completed(&named(), &product(), None, &franchise, on).vat_percent, "0");
    }
}
