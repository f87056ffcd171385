//! What documents take out of stock and give back, in the transaction in which they are issued: a product once, however
//! many lines or documents sell it.

use std::collections::BTreeMap;

use kernel::{Error, Result, Rule, Violations, error::Conflict, id::ProductId};
use rust_decimal::Decimal;
use table::{Scope, Stored, Transaction, meter::all_at_once};

use super::{Cause, Stock, StockMove, model::sold};
use crate::{catalogue::Catalogue, credit_note::CreditNote, invoice::Invoice};

/// What one reading takes.
const READ_AT_ONCE: usize = 100;

/// How many products one transaction counts: each is two writes, of the hundred that there are. More of them in one
/// document are refused. Counting some of them afterwards would let what is not there be sold.
const COUNTED_MAX: usize = 40;

#[derive(Debug, Clone, Default)]
pub struct Stocks {
    read: BTreeMap<ProductId, Stored<Stock>>,
    now: BTreeMap<ProductId, Stock>,
    moves: Vec<StockMove>,
    allows_negative: bool,
}

impl Stocks {
    /// Those of the products that these invoices name. A document that names none is read no further.
    pub async fn of(scope: &Scope, invoices: &[&Invoice]) -> Result<Self> {
        let named = invoices.iter().flat_map(|invoice| sold(&invoice.priced.lines));
        let mut products: Vec<_> = named.map(|(product, ..)| product).collect();
        products.sort_unstable();
        products.dedup();
        if products.is_empty() {
            return Ok(Self::default());
        }
        let keys = scope.keys();
        let mut wanted = vec![keys.catalogue()];
        wanted.extend(products.into_iter().map(|product| keys.stock(product)));
        let mut stocks = Self::default();
        for found in all_at_once(wanted.chunks(READ_AT_ONCE).map(|keys| scope.get_many(keys))).await {
            let found = found?;
            let tracked = found.all::<Stock>()?.into_iter().filter(|stock| stock.is_tracked);
            stocks.read.extend(tracked.map(|stock| (stock.product, stock)));
            if let Some(catalogue) = found.first::<Catalogue>()? {
                stocks.allows_negative = catalogue.allows_negative_stock;
            }
        }
        Ok(stocks)
    }

    /// Takes out what an invoice sells, as it is issued; what it took of, the invoice remembers.
    pub fn take(&mut self, scope: &Scope, invoice: &mut Invoice) -> Result<()> {
        let Some(number) = invoice.issued.as_ref().map(|issued| issued.number.clone()) else { return Ok(()) };
        let mut wrong = Violations::default();
        let mut taken = Vec::new();
        for (product, quantity, at) in sold(&invoice.priced.lines) {
            let cause = Cause::Sold { invoice: invoice.id, number: number.clone() };
            match self.change(scope, product, -quantity, cause) {
                Ok(true) => taken.push(product),
                Ok(false) => {}
                Err(rule) => wrong.add(format!("/lines/{at}/quantity"), rule),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        if let Some(issued) = &mut invoice.issued {
            issued.stocked = taken;
        }
        Ok(())
    }

    /// Gives back what of an invoice a credit note credits by its quantity, of what the invoice took.
    pub fn give_back(&mut self, scope: &Scope, invoice: &Invoice, note: &CreditNote) -> Result<()> {
        let stocked = invoice.issued.as_ref().map(|issued| issued.stocked.as_slice()).unwrap_or_default();
        for (product, quantity, at) in sold(&note.priced.lines) {
            if stocked.contains(&product) {
                let cause = Cause::Returned { credit_note: note.id, number: note.number.clone() };
                self.change(scope, product, quantity, cause)
                    .map_err(|rule| Error::field(format!("/lines/{at}/quantity"), rule))?;
            }
        }
        Ok(())
    }

    /// Puts back what an invoice took, as another takes its place.
    pub fn put_back(&mut self, scope: &Scope, replaced: &Invoice) -> Result<()> {
        let issued = replaced.must_be_issued()?;
        for (product, quantity, at) in sold(&replaced.priced.lines) {
            if issued.stocked.contains(&product) {
                let cause = Cause::Replaced { invoice: replaced.id, number: issued.number.clone() };
                self.change(scope, product, quantity, cause)
                    .map_err(|rule| Error::field(format!("/lines/{at}/quantity"), rule))?;
            }
        }
        Ok(())
    }

    /// How many writes it will be.
    pub fn writes(&self) -> usize {
        self.now.len() + self.moves.len()
    }

    /// Whether it is counted at all.
    fn change(&mut self, scope: &Scope, product: ProductId, by: Decimal, cause: Cause) -> Result<bool, Rule> {
        let Some(read) = self.read.get(&product) else { return Ok(false) };
        let now = self.now.get(&product).unwrap_or(&read.value).changed(by, self.allows_negative)?;
        self.moves.push(StockMove {
            id: scope.new_id(kernel::id::StockMoveId::new),
            product,
            at: scope.now(),
            quantity: by,
            left: now.quantity,
            cause,
        });
        self.now.insert(product, now);
        Ok(true)
    }

    /// Writes what changed.
    pub fn write(&self, transaction: &mut Transaction) -> Result<()> {
        if self.moves.len() > COUNTED_MAX {
            return Err(Error::Conflict(Conflict::TooManyStocked));
        }
        for (product, now) in &self.now {
            if let Some(read) = self.read.get(product) {
                transaction.update(read, now);
            }
        }
        for moved in &self.moves {
            transaction.create(moved);
        }
        Ok(())
    }
}

/// What nobody is there to correct, as the reason that is noted: the lines of a draft were right when they were typed, so
/// what is wrong with them now is what there is in stock.
pub fn unattended(error: Error) -> Error {
    match error {
        Error::Invalid(_) => Error::Conflict(Conflict::StockShort),
        other => other,
    }
}
