//! The ledger is read after the last entry that is in the figures, and folded into them, chunk by chunk: each in a transaction
//! that holds the cursor. So each entry is in them once and in its order, however often somebody is called, or killed.

use std::collections::BTreeMap;

use kernel::{
    Currency, Error, Result,
    event::{Event, Owner},
    id::{CompanyId, InvoiceId},
    reference::OrganizationReference,
};
use rust_decimal::Decimal;
use serde::Deserialize;
use table::{Item, Items, Scope, Stored, Transaction, ledger::LedgerEntry, shared::FrozenDocument};

use super::{
    Effects, Known, OpenSale, Phase, Projection, Sale, SaleClient,
    facts::fact_of,
    model::{SHAPE, fold},
    note, rebuild_figures, store,
};

/// Of a transaction, which has 100: the cursor, and an event, find room beside them.
const WRITES_MAX: usize = 94;
/// What one chunk reads of invoices, clients and documents, beside cursor and organization.
const KEYS_MAX: usize = 96;
/// How many chunks one call folds: more is asked for by an event, so that no call takes longer than it may.
const CHUNKS_MAX: usize = 200;

/// What an entry names, as far as a chunk must know it before it is folded.
#[derive(Deserialize)]
struct Names {
    invoice: Option<InvoiceId>,
    client: Option<CompanyId>,
    #[serde(default)]
    currency: Currency,
}

/// Whoever is called because something happened: reads on, and begins anew where the figures are of another currency.
pub async fn follow(scope: &Scope) -> Result<()> {
    let keys = scope.keys();
    let (mut page, mut behind) = (Vec::new(), None);
    for _ in 0..CHUNKS_MAX {
        let found = scope.get_many(&[keys.projection_state(), keys.organization()]).await?;
        let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
        if organization.deletion.is_some() {
            return Ok(());
        }
        let state = found.first::<Projection>()?;
        match state
            .as_ref()
            .map(|state| (state.phase(), state.currency == organization.currency && state.shape == SHAPE))
        {
            Some((None, false)) => {
                rebuild_figures::request_rebuild(scope).await?;
                continue;
            }
            Some((Some(Phase::Clearing | Phase::Stated), _)) => {
                if !rebuild_figures::go_on(scope).await? {
                    return Ok(());
                }
                continue;
            }
            Some((Some(Phase::Ledger) | None, _)) | None => {}
        }
        let position = state.as_ref().map(|state| state.position).unwrap_or_default();
        if behind != Some(position) || page.is_empty() {
            page = entries_behind(scope, position).await?;
        }
        if page.is_empty() {
            if state.as_ref().is_some_and(|state| state.phase().is_some()) {
                rebuild_figures::ledger_read(scope).await?;
                continue;
            }
            return Ok(());
        }
        behind = fold_ledger(scope, &page).await?;
        let position = behind.unwrap_or(u64::MAX);
        page.retain(|entry| entry.position > position);
    }
    ask_for_more(scope).await
}

async fn ask_for_more(scope: &Scope) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("fold_ledger", "ledger").unlogged();
            transaction.emit(Event::SalesProjectionDue {});
            Ok((transaction, ()))
        })
        .await
}

async fn entries_behind(scope: &Scope, position: u64) -> Result<Vec<LedgerEntry>> {
    let keys = scope.keys();
    let behind = keys.ledger_entry(position);
    let start = (position > 0).then(|| behind.parts().1);
    let (found, _) = scope.collection_page(&keys.ledger(), start).await?;
    Ok(found.all::<LedgerEntry>()?.into_iter().map(|stored| stored.value).collect())
}

/// Folds the first of these entries, as many as one transaction has room for, unless somebody did meanwhile. Tells up to
/// where the ledger is in the figures then; nothing where they are being cleared.
pub async fn fold_ledger(scope: &Scope, entries: &[LedgerEntry]) -> Result<Option<u64>> {
    scope
        .write(|| async {
            let chunk = Chunk::read(scope, entries).await?;
            let transaction = scope.begin("fold_ledger", "ledger").unlogged();
            let Some(chunk) = chunk else { return Ok((transaction.nothing(), None)) };
            chunk.write(scope, transaction).await
        })
        .await
}

/// What folding some entries rests upon.
struct Chunk<'a> {
    state: Option<Stored<Projection>>,
    currency: Currency,
    found: Items,
    known: Known,
    exchange: BTreeMap<InvoiceId, Decimal>,
    entries: Vec<&'a LedgerEntry>,
}

impl<'a> Chunk<'a> {
    /// None where nothing is folded now: the figures are being cleared.
    async fn read(scope: &Scope, entries: &'a [LedgerEntry]) -> Result<Option<Self>> {
        let keys = scope.keys();
        let mut wanted = BTreeMap::new();
        let mut taken = Vec::new();
        for entry in entries {
            let names = Names::deserialize(&entry.content).unwrap_or(Names {
                invoice: None,
                client: None,
                currency: Currency::default(),
            });
            let mut own = vec![];
            if let Some(invoice) = names.invoice.filter(|_| !entry.kind.is_closing()) {
                own.push(keys.sale(invoice));
                own.extend(names.client.map(|client| keys.sale_client(client)));
                // Its document says at what rate.
                let is_document = names.client.is_some() && !names.currency.is_fixed_to_euro();
                own.extend(is_document.then(|| keys.snapshot(Owner::Invoice(invoice))));
            }
            let new: Vec<_> = own.into_iter().map(|key| (format!("{:?}", key.parts()), key)).collect();
            if wanted.len() + new.len() > KEYS_MAX {
                break;
            }
            wanted.extend(new);
            taken.push(entry);
        }
        let beside = [keys.projection_state(), keys.organization()];
        let wanted: Vec<_> = beside.into_iter().chain(wanted.into_values()).collect();
        let found = scope.get_many(&wanted).await?;
        let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
        let state = found.first::<Projection>()?;
        let is_ready = state.as_ref().is_none_or(|state| {
            state.currency == organization.currency && matches!(state.phase(), None | Some(Phase::Ledger))
        });
        if !is_ready || organization.deletion.is_some() {
            return Ok(None);
        }
        let position = state.as_ref().map(|state| state.position).unwrap_or_default();
        taken.retain(|entry| entry.position > position);
        let sales = found.all::<Sale>()?.into_iter().map(|sale| (sale.invoice, sale.value));
        let clients = found.all::<SaleClient>()?.into_iter().map(|client| (client.client, client.value));
        let known = Known { sales: sales.collect(), clients: clients.collect() };
        let rate = |frozen: Stored<FrozenDocument>| match frozen.owner {
            Owner::Invoice(invoice) => frozen.snapshot.exchange.map(|exchange| (invoice, exchange.euro)),
            _ => None,
        };
        let exchange = found.all::<FrozenDocument>()?.into_iter().filter_map(rate).collect();
        Ok(Some(Self { currency: organization.currency, state, known, exchange, entries: taken, found }))
    }

    async fn write(self, scope: &Scope, mut transaction: Transaction) -> Result<(Transaction, Option<u64>)> {
        let Self { state, currency, found, mut known, exchange, entries } = self;
        let before = known.clone();
        let mut effects = Effects::default();
        let state_before =
            state.as_ref().map_or_else(|| Projection::new(currency, scope.now()), |state| state.value.clone());
        let mut position = state_before.position;
        for entry in entries {
            if entry.position != position + 1 {
                return Err(Error::internal(format!("the ledger has no entry {}", position + 1)));
            }
            if let Some(fact) = fact_of(entry, |invoice| exchange.get(&invoice).copied())? {
                let (mut known_after, mut effects_after) = (known.clone(), effects.clone());
                fold(&mut known_after, currency, &fact, &mut effects_after)?;
                let (written, gone) = open_lines(&before, &known_after, currency);
                let lines = written.len() + gone.len();
                if effects_after.places() + changed(&before, &known_after).len() + lines > WRITES_MAX {
                    break;
                }
                (known, effects) = (known_after, effects_after);
            }
            position = entry.position;
        }
        if position == state_before.position {
            return Ok((transaction.nothing(), Some(position)));
        }
        effects.drop_nothing();
        let sums = scope.get_many(&store::touched(scope.keys(), &effects)?).await?;
        store::add(&mut transaction, &sums, &effects)?;
        for changed in changed(&before, &known) {
            match changed {
                Changed::Sale(sale) => {
                    let read = found.get::<Sale>(&scope.keys().sale(sale.invoice))?;
                    transaction.save(read.as_ref(), sale);
                }
                Changed::Client(client) => {
                    transaction.create(client);
                }
            }
        }
        let (written, gone) = open_lines(&before, &known, currency);
        for line in &written {
            transaction.replace(line);
        }
        for line in &gone {
            transaction.forget::<OpenSale>(|keys| line.key(keys));
        }
        let after = Projection { position, at: scope.now(), ..state_before };
        match &state {
            Some(state) => transaction.update(state, &after),
            None => note::begin(&mut transaction, &after),
        };
        Ok((transaction, Some(position)))
    }
}

/// What of the open invoices is written, and what is no more.
fn open_lines(before: &Known, after: &Known, own: Currency) -> (Vec<OpenSale>, Vec<OpenSale>) {
    let (mut written, mut gone) = (Vec::new(), Vec::new());
    for (id, sale) in after.sales.iter().filter(|(id, sale)| before.sales.get(id) != Some(sale)) {
        let former = before.sales.get(id).map(|sale| sale.open_lines(own)).unwrap_or_default();
        let lines = sale.open_lines(own);
        gone.extend(former.iter().filter(|_| lines.is_empty()).cloned());
        written.extend(lines.into_iter().filter(|line| !former.contains(line)));
    }
    (written, gone)
}

enum Changed<'a> {
    Sale(&'a Sale),
    Client(&'a SaleClient),
}

fn changed<'a>(before: &Known, after: &'a Known) -> Vec<Changed<'a>> {
    let sales = after.sales.iter().filter(|(id, sale)| before.sales.get(id) != Some(sale));
    let clients = after.clients.iter().filter(|(id, _)| !before.clients.contains_key(id));
    let sales = sales.map(|(_, sale)| Changed::Sale(sale));
    sales.chain(clients.map(|(_, client)| Changed::Client(client))).collect()
}
