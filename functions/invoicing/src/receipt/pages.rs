//! `/facturation/paiements/nouveau`, `/facturation/encaissements`, `/facturation/factures/{id}/imputer`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{
    Currency, Error, Minor, Permission, Result,
    id::{CompanyId, InvoiceId, ReceiptId},
    page::PageRequest,
    reference::ClientReference,
};
use serde::Deserialize;
use table::{Order, Scope, meter::side_by_side};
use web::{
    Asker, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{
    CreditInput, PARTS_MAX, Receipt, ReceiptInput, ReceiptKind, ReceiptPartInput, ReceiptReversalInput, proposed,
};
use crate::{
    client::Offer,
    invoice::Invoice,
    panel::{ClientDocument, InvoiceSummary, Summary},
    payment::{self, Method},
};

/// More than a client of a small company leaves unpaid.
const OPEN_MAX: u16 = 500;

/// What of a client is to be paid, that which is due first at the beginning.
pub async fn open_invoices(scope: &Scope, client: CompanyId) -> Result<Vec<InvoiceSummary>> {
    let request = PageRequest { limit: OPEN_MAX, cursor: None };
    let list = scope.keys().open_invoices(Some(client));
    let found = scope.list::<ClientDocument>(&list, &request, Order::Ascending).await?;
    Ok(found.items.into_iter().filter_map(|line| invoice(line.value.summary)).collect())
}

fn invoice(summary: Summary) -> Option<InvoiceSummary> {
    match summary {
        Summary::Invoice(invoice) => Some(invoice),
        _ => None,
    }
}

/// The form as it is sent, and as it is asked for before: rows come as columns.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReceiptForm {
    client: String,
    /// An invoice that is not open, for what came too much.
    invoice: String,
    amount: String,
    paid_on: String,
    method: String,
    reference: String,
    keep_excess: String,
    #[serde(deserialize_with = "web::form::column")]
    part_invoice: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    part_amount: Vec<String>,
}

impl ReceiptForm {
    fn input(&self) -> ReceiptInput {
        let typed = |at: usize| self.part_amount.get(at).map(|amount| amount.trim()).unwrap_or_default();
        let row = |(at, invoice): (usize, &String)| ReceiptPartInput {
            invoice_id: invoice.clone(),
            amount: if typed(at).is_empty() { "0".into() } else { typed(at).into() },
        };
        let rows: Vec<_> = self.part_invoice.iter().enumerate().map(row).collect();
        let is_nothing = |part: &ReceiptPartInput| part.amount.chars().all(|c| matches!(c, '0' | ',' | '.'));
        let mut parts: Vec<_> = rows.iter().filter(|part| !is_nothing(part)).cloned().collect();
        // What only came too much stays on the last row.
        if parts.is_empty() {
            parts.extend(rows.last().cloned());
        }
        ReceiptInput {
            amount: self.amount.clone(),
            paid_on: self.paid_on.clone(),
            method: self.method.clone(),
            reference: self.reference.clone(),
            parts,
            keep_excess: self.keep_excess.clone(),
        }
    }

    /// Where a part of the input stands in the form.
    fn row_of(&self, input: &ReceiptInput, part: usize) -> Option<usize> {
        let wanted = &input.parts.get(part)?.invoice_id;
        self.part_invoice.iter().position(|invoice| invoice == wanted)
    }
}

#[derive(Template)]
#[template(path = "receipt_form.html")]
struct ReceiptFormPage {
    shell: Shell,
    form_key: String,
    /// Absent until one is chosen.
    client: Option<ClientReference>,
    clients: Vec<Choice>,
    form: ReceiptForm,
    methods: Vec<Choice>,
    symbol: &'static str,
    rows: Vec<PartRow>,
    /// Of the proposal, or as it was typed.
    spread: String,
    left: String,
    is_exact: bool,
    due: String,
    more_than_max: bool,
    errors: FieldErrors,
}

struct PartRow {
    id: InvoiceId,
    number: String,
    subject: String,
    due_on: String,
    is_overdue: bool,
    balance: String,
    amount: String,
    error: Option<String>,
}

fn typed(amount: Minor, currency: Currency) -> String {
    if amount.is_zero() { String::new() } else { amount.plain(currency).replace('.', ",") }
}

/// The form of a client, with what is open; `sent` is what came back with errors.
async fn form_page(
    asker: &Asker,
    form: ReceiptForm,
    errors: FieldErrors,
    sent: Option<&ReceiptInput>,
) -> Result<ReceiptFormPage> {
    let shell = Shell::new(asker, "invoicing", "Encaisser un règlement");
    let mut form = form;
    if form.paid_on.is_empty() {
        form.paid_on = asker.today().to_string();
    }
    if form.method.is_empty() {
        form.method = Method::BankTransfer.name().into();
    }
    let currency = asker.organization.currency;
    let mut page = ReceiptFormPage {
        shell,
        form_key: asker.form_key(),
        client: None,
        clients: Vec::new(),
        methods: choices(Method::ALL.map(|method| (method.name(), method.french())), &form.method),
        symbol: currency.symbol(),
        rows: Vec::new(),
        spread: String::new(),
        left: String::new(),
        is_exact: true,
        due: String::new(),
        more_than_max: false,
        errors,
        form,
    };
    let Ok(id) = page.form.client.parse::<CompanyId>() else {
        page.clients = Offer::first(asker).await?.choices("");
        return Ok(page);
    };
    let keys = asker.scope.keys();
    let named = page.form.invoice.parse::<InvoiceId>().ok();
    let wanted: Vec<_> =
        [keys.client_reference(id)].into_iter().chain(named.map(|named| keys.invoice(named))).collect();
    let (open, found) = side_by_side(open_invoices(&asker.scope, id), asker.scope.get_many(&wanted)).await;
    let found = found?;
    let client = found.get::<ClientReference>(&keys.client_reference(id))?.ok_or(Error::NotFound)?.value;
    asker.must_see(client.assigned_to)?;
    let mut open = open?;
    open.retain(|invoice| invoice.currency == currency);
    page.more_than_max = open.len() > PARTS_MAX;
    open.truncate(PARTS_MAX);
    if let Some(named) = found.first::<Invoice>()?
        && named.issued.is_some()
        && named.client.reference.id == id
        && !open.iter().any(|invoice| invoice.id == named.id)
        && open.len() < PARTS_MAX
    {
        open.push(named.summary());
    }
    let due = open.iter().map(|invoice| invoice.balance().0.max(0)).sum();
    page.due = Minor(due).french(currency);
    let received = payment::amount(&page.form.amount, currency).unwrap_or_default();
    let shares = proposed(received, open.iter().map(InvoiceSummary::balance));
    let today = asker.today();
    for (at, (invoice, share)) in open.iter().zip(shares).enumerate() {
        let amount = match sent {
            Some(_) => {
                let row = page.form.part_invoice.iter().position(|id| *id == invoice.id.to_string());
                row.and_then(|row| page.form.part_amount.get(row)).cloned().unwrap_or_default()
            }
            None => typed(share, currency),
        };
        let error = sent.and_then(|sent| {
            (0..sent.parts.len()).filter(|part| page.form.row_of(sent, *part) == Some(at)).find_map(|part| {
                page.errors
                    .get(&format!("/parts/{part}/amount"))
                    .or_else(|| page.errors.get(&format!("/parts/{part}/invoice_id")))
            })
        });
        page.rows.push(PartRow {
            id: invoice.id,
            number: invoice.number.clone().unwrap_or_default(),
            subject: invoice.subject.clone().unwrap_or_default(),
            due_on: invoice.due_on.map(|on| asker.organization.date(on)).unwrap_or_default(),
            is_overdue: invoice.is_overdue(today),
            balance: invoice.balance().french(currency),
            amount,
            error,
        });
    }
    let spread =
        page.rows.iter().filter_map(|row| payment::amount(&row.amount, currency).ok()).map(|part| part.0).sum();
    let left = received.0.saturating_sub(spread);
    page.spread = Minor(spread).french(currency);
    page.left = Minor(left).french(currency);
    page.is_exact = left == 0;
    page.client = Some(client);
    Ok(page)
}

pub async fn new_receipt(asker: Asker, Query(form): Query<ReceiptForm>) -> PageResult {
    page(&form_page(&asker, form, FieldErrors::default(), None).await?)
}

pub async fn record_receipt(asker: Asker, form: Form<ReceiptForm>) -> PageResult {
    let input = form.input.input();
    match super::record_receipt(&asker.scope, &asker.organization, &input).await {
        Ok(receipt) => {
            let amount = receipt.amount_minor.french(receipt.currency);
            asker.done(
                &format!("/facturation/encaissements/{}", receipt.id),
                format!("Le règlement de {amount} est enregistré."),
            )
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let page = form_page(&asker, form.input, errors, Some(&input)).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

// ---- one receipt ----------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    shell: Shell,
    form_key: String,
    receipt_id: ReceiptId,
    is_applied: bool,
    client: CompanyId,
    client_name: String,
    amount: String,
    facts: Vec<(&'static str, String)>,
    parts: Vec<(InvoiceId, String, String)>,
    excess: String,
    reversal: String,
    can_reverse: bool,
    is_open: bool,
    errors: FieldErrors,
}

pub async fn show_receipt(asker: Asker, Id(id): Id<ReceiptId>) -> PageResult {
    show(&asker, id, StatusCode::OK, FieldErrors::default()).await
}

async fn show(asker: &Asker, id: ReceiptId, status: StatusCode, errors: FieldErrors) -> PageResult {
    let receipt = asker.scope.get::<Receipt>(&asker.scope.keys().receipt(id)).await?.ok_or(Error::NotFound)?.value;
    let currency = receipt.currency;
    let is_applied = receipt.kind == ReceiptKind::Applied;
    let title = if is_applied { "Imputation d’un crédit" } else { "Encaissement" };
    let facts = vec![
        ("Date", asker.organization.date(receipt.paid_on)),
        ("Moyen de paiement", receipt.method.french().to_owned()),
        ("Référence", receipt.reference.clone().unwrap_or_default()),
        ("Enregistré le", crate::view::moment(asker, receipt.recorded_at)),
    ];
    page_with_status(
        status,
        &ReceiptPage {
            shell: Shell::new(asker, "invoicing", title),
            form_key: asker.form_key(),
            receipt_id: id,
            is_applied,
            client: receipt.client,
            client_name: receipt.client_name.clone(),
            amount: receipt.amount_minor.french(currency),
            facts,
            parts: receipt
                .parts
                .iter()
                .map(|part| (part.invoice, part.number.clone(), part.effect_minor.french(currency)))
                .collect(),
            excess: if receipt.excess_minor.is_zero() { String::new() } else { receipt.excess_minor.french(currency) },
            reversal: receipt
                .reversed
                .as_ref()
                .map(|reversal| format!("Annulé le {} : {}", asker.organization.date(reversal.on), reversal.reason))
                .unwrap_or_default(),
            can_reverse: receipt.reversed.is_none() && asker.may(Permission::InvoicingEdit),
            is_open: !errors.is_empty(),
            errors,
        },
    )
}

/// As the page sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReversalForm {
    reason: String,
    #[serde(deserialize_with = "web::form::column")]
    invoice: Vec<String>,
}

pub async fn reverse_receipt(asker: Asker, Id(id): Id<ReceiptId>, form: Form<ReversalForm>) -> PageResult {
    let input = ReceiptReversalInput { reason: form.input.reason, invoice_ids: form.input.invoice };
    match super::reverse_receipt(&asker.scope, &asker.organization, id, &input).await {
        Ok(_) => asker.done(
            &format!("/facturation/encaissements/{id}"),
            "L’encaissement est annulé : ses contre-écritures figurent au journal.",
        ),
        Err(error) => show(&asker, id, StatusCode::UNPROCESSABLE_ENTITY, FieldErrors::from_error(error)?).await,
    }
}

// ---- a credit -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "credit_apply.html")]
struct CreditPage {
    shell: Shell,
    form_key: String,
    invoice_id: InvoiceId,
    version: u64,
    number: String,
    excess: String,
    symbol: &'static str,
    invoices: Vec<Choice>,
    form: CreditInput,
    errors: FieldErrors,
}

/// Whose invoice it is, where the link says so: then what is open is read along with it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OfClient {
    client: String,
}

pub async fn new_credit_application(asker: Asker, Id(id): Id<InvoiceId>, Query(of): Query<OfClient>) -> PageResult {
    let client = of.client.parse().ok();
    credit_page(&asker, (id, client), CreditInput::default(), StatusCode::OK, FieldErrors::default()).await
}

async fn credit_page(
    asker: &Asker,
    (id, client): (InvoiceId, Option<CompanyId>),
    form: CreditInput,
    status: StatusCode,
    errors: FieldErrors,
) -> PageResult {
    let guessed = async {
        match client {
            Some(client) => open_invoices(&asker.scope, client).await,
            None => Ok(Vec::new()),
        }
    };
    let (invoice, guessed) = side_by_side(crate::invoice::store::read(&asker.scope, id), guessed).await;
    let (invoice, guessed) = (invoice?, guessed?);
    let number = invoice.must_be_issued()?.number.clone();
    let currency = invoice.priced.currency;
    let owner = invoice.client.reference.id;
    let mut open = if client == Some(owner) { guessed } else { open_invoices(&asker.scope, owner).await? };
    open.retain(|other| other.currency == currency && other.id != id);
    let label = |other: &InvoiceSummary| {
        format!("{} : reste {}", other.number.as_deref().unwrap_or_default(), other.balance().french(currency))
    };
    let chosen = if form.invoice_id.is_empty() {
        open.first().map(|other| other.id.to_string())
    } else {
        Some(form.invoice_id.clone())
    };
    page_with_status(
        status,
        &CreditPage {
            shell: Shell::new(asker, "invoicing", "Imputer un crédit"),
            form_key: asker.form_key(),
            invoice_id: id,
            version: invoice.version,
            number,
            excess: Minor((-invoice.balance().0).max(0)).french(currency),
            symbol: currency.symbol(),
            invoices: choices(
                open.iter().map(|other| (other.id.to_string(), label(other))),
                &chosen.unwrap_or_default(),
            ),
            form,
            errors,
        },
    )
}

pub async fn apply_credit(asker: Asker, Id(id): Id<InvoiceId>, form: Form<CreditInput>) -> PageResult {
    match super::apply_credit(&asker.scope, &asker.organization, id, &form.input, form.version).await {
        Ok(receipt) => {
            let amount = receipt.amount_minor.french(receipt.currency);
            asker.done(
                &format!("/facturation/encaissements/{}", receipt.id),
                format!("{amount} de crédit sont imputés."),
            )
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            credit_page(&asker, (id, None), form.input, StatusCode::UNPROCESSABLE_ENTITY, errors).await
        }
    }
}
