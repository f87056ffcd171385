//! `/facturation/paiements/nouveau`, `/facturation/encaissements`, `/facturation/factures/{id}/imputer`

use askama::Template;
use axum::extract::{Query, RawQuery};
use http::StatusCode;
use kernel::{
    Currency, Error, Minor, Permission, Result,
    id::{CompanyId, InvoiceId, ReceiptId},
    page::PageRequest,
    reference::ClientReference,
};
use serde::{Deserialize, de::DeserializeOwned};
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
    client::{Offer, OfferedClients},
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
        ReceiptInput {
            amount: self.amount.clone(),
            paid_on: self.paid_on.clone(),
            method: self.method.clone(),
            reference: self.reference.clone(),
            parts: typed_parts(&self.part_invoice, &self.part_amount),
            keep_excess: self.keep_excess.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "receipt_form.html")]
struct ReceiptFormPage {
    shell: Shell,
    form_key: String,
    /// Absent until one is chosen.
    client: Option<ClientReference>,
    clients: OfferedClients,
    form: ReceiptForm,
    methods: Vec<Choice>,
    symbol: &'static str,
    split: Split,
    keep_excess: bool,
    errors: FieldErrors,
}

/// How money is spread over invoices: as it is proposed, or as it was typed.
pub struct Split {
    pub rows: Vec<PartRow>,
    pub due: String,
    pub spread: String,
    pub left: String,
    pub is_exact: bool,
    pub more_than_max: bool,
}

pub struct PartRow {
    pub id: InvoiceId,
    pub number: String,
    pub subject: String,
    pub due_on: String,
    pub is_overdue: bool,
    pub balance: String,
    pub amount: String,
    pub error: Option<String>,
}

/// Rows of a form as the parts of an input: those in which nothing was typed are left out. What only came too much stays on
/// the last row.
pub fn typed_parts(invoices: &[String], amounts: &[String]) -> Vec<ReceiptPartInput> {
    let typed = |at: usize| amounts.get(at).map(|amount| amount.trim()).unwrap_or_default();
    let row = |(at, invoice): (usize, &String)| ReceiptPartInput {
        invoice_id: invoice.clone(),
        amount: if typed(at).is_empty() { "0".into() } else { typed(at).into() },
    };
    let rows: Vec<_> = invoices.iter().enumerate().map(row).collect();
    let is_nothing = |part: &ReceiptPartInput| part.amount.chars().all(|letter| matches!(letter, '0' | ',' | '.'));
    let mut parts: Vec<_> = rows.iter().filter(|part| !is_nothing(part)).cloned().collect();
    if parts.is_empty() {
        parts.extend(rows.last().cloned());
    }
    parts
}

impl Split {
    /// `open` are invoices to be paid, or, of money that goes back, invoices on which too much was paid. `typed` is what
    /// was sent, as columns and as the parts of the input.
    pub fn new(
        asker: &Asker,
        mut open: Vec<InvoiceSummary>,
        amount: Minor,
        currency: Currency,
        typed: Option<(&[String], &[String], &[ReceiptPartInput])>,
        errors: &FieldErrors,
    ) -> Self {
        let more_than_max = open.len() > PARTS_MAX;
        open.truncate(PARTS_MAX);
        let balance = |invoice: &InvoiceSummary| Minor(invoice.balance().0.abs());
        let due = open.iter().map(|invoice| balance(invoice).0).sum();
        let shares = proposed(amount, open.iter().map(balance));
        let today = asker.today();
        let rows: Vec<_> = open
            .iter()
            .zip(shares)
            .map(|(invoice, share)| {
                let id = invoice.id.to_string();
                let (amount, error) = match typed {
                    None => (plain(share, currency), None),
                    Some((invoices, amounts, parts)) => {
                        let row = invoices.iter().position(|own| *own == id);
                        let amount = row.and_then(|row| amounts.get(row)).cloned().unwrap_or_default();
                        let part = parts.iter().position(|part| part.invoice_id == id);
                        let told = |field: &str| part.and_then(|part| errors.get(&format!("/parts/{part}/{field}")));
                        (amount, told("amount").or_else(|| told("invoice_id")))
                    }
                };
                PartRow {
                    id: invoice.id,
                    number: invoice.number.clone().unwrap_or_default(),
                    subject: invoice.subject.clone().unwrap_or_default(),
                    due_on: invoice.due_on.map(|on| asker.organization.date(on)).unwrap_or_default(),
                    is_overdue: invoice.is_overdue(today),
                    balance: balance(invoice).french(currency),
                    amount,
                    error,
                }
            })
            .collect();
        let spread = rows.iter().filter_map(|row| payment::amount(&row.amount, currency).ok()).map(|part| part.0).sum();
        let left = amount.0.saturating_sub(spread);
        Self {
            rows,
            due: Minor(due).french(currency),
            spread: Minor(spread).french(currency),
            left: Minor(left).french(currency),
            is_exact: left == 0,
            more_than_max,
        }
    }
}

fn plain(amount: Minor, currency: Currency) -> String {
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
        clients: OfferedClients::default(),
        methods: choices(Method::ALL.map(|method| (method.name(), method.french())), &form.method),
        symbol: currency.symbol(),
        split: Split::new(asker, Vec::new(), Minor::ZERO, currency, None, &errors),
        keep_excess: form.keep_excess == "true",
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
    if let Some(named) = found.first::<Invoice>()?
        && named.issued.is_some()
        && named.client.reference.id == id
        && !open.iter().any(|invoice| invoice.id == named.id)
        && open.len() < PARTS_MAX
    {
        open.push(named.summary());
    }
    let received = payment::amount(&page.form.amount, currency).unwrap_or_default();
    let typed = sent.map(|sent| (page.form.part_invoice.as_slice(), page.form.part_amount.as_slice(), &sent.parts[..]));
    page.split = Split::new(asker, open, received, currency, typed, &page.errors);
    page.client = Some(client);
    Ok(page)
}

/// A query in which a column of a form is a name that repeats.
pub fn query<T: DeserializeOwned>(RawQuery(query): RawQuery) -> Result<T> {
    serde_html_form::from_str(&query.unwrap_or_default())
        .map_err(|error| Error::Malformed { detail: error.to_string() })
}

pub async fn new_receipt(asker: Asker, asked: RawQuery) -> PageResult {
    page(&form_page(&asker, query(asked)?, FieldErrors::default(), None).await?)
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
    what: &'static str,
    client: CompanyId,
    client_name: String,
    amount: String,
    facts: Vec<(&'static str, String)>,
    parts: Vec<(InvoiceId, String, String)>,
    excess: String,
    reversal: String,
    /// The line of the bank that it is; empty where it is none.
    bank_line: String,
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
    let (title, what) = match receipt.kind {
        ReceiptKind::Received => ("Encaissement", "Montant reçu"),
        ReceiptKind::Refunded => ("Remboursement", "Montant rendu"),
        ReceiptKind::Applied => ("Imputation d’un crédit", "Montant imputé"),
    };
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
            what,
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
            bank_line: receipt.bank_line.map(|line| line.to_string()).unwrap_or_default(),
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
    bank_line: String,
}

pub async fn reverse_receipt(asker: Asker, Id(id): Id<ReceiptId>, form: Form<ReversalForm>) -> PageResult {
    let ReversalForm { reason, invoice, bank_line } = form.input;
    let input = ReceiptReversalInput { reason, invoice_ids: invoice, bank_line_id: bank_line };
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
