//! `/facturation/factures`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{Error, Permission, document::Kind, event::Owner, id::InvoiceId};
use serde::Deserialize;
use table::{
    Order, Stored,
    shared::{DocumentFile, FrozenDocument, OwnedMail},
};
use web::{
    Asker, Form, Id, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect,
};

use super::{
    Invoice, InvoiceInput, PaymentStatus,
    model::{OPERATIONS, operations_name},
};
use crate::{
    client::Offer,
    payment::{self, Method, Payment, PaymentInput},
    quote::pages::{Nothing, Prefilled},
    view::{Badge, Editor, InvoiceRow, Labelled, LineColumns, LinkedQuote, Moment, Sheet, invoice_badges, mail_moment},
};

// ---- the list -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "invoices.html")]
struct InvoicesPage {
    shell: Shell,
    invoices: Vec<InvoiceRow>,
    next: Option<String>,
    first: Option<String>,
    can_create: bool,
}

pub async fn list_invoices(asker: Asker, Pagination(request): Pagination) -> PageResult {
    let found = asker.scope.list::<Invoice>(&asker.scope.keys().invoices(), &request, Order::Descending).await?;
    page(&InvoicesPage {
        shell: Shell::new(&asker, "invoicing", "Factures"),
        invoices: found.items.iter().map(|invoice| InvoiceRow::of(&asker, invoice)).collect(),
        next: found.next_cursor.map(|cursor| format!("/facturation/factures?cursor={cursor}")),
        first: request.cursor.map(|_| "/facturation/factures".into()),
        can_create: asker.may(Permission::InvoicingCreate),
    })
}

// ---- the form -------------------------------------------------------------------------------------------

/// The form's fields; lines come as columns.
#[derive(Debug, Deserialize)]
pub struct InvoiceForm {
    #[serde(default)]
    client: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    introduction: String,
    #[serde(default)]
    conditions: String,
    #[serde(default)]
    payment_days: String,
    #[serde(default)]
    supplied_on: String,
    #[serde(default)]
    operations: String,
    #[serde(default)]
    purchase_order: String,
    #[serde(flatten)]
    lines: LineColumns,
}

impl InvoiceForm {
    fn into_input(self, asker: &Asker) -> InvoiceInput {
        InvoiceInput {
            client_id: self.client,
            subject: self.subject,
            introduction: self.introduction,
            conditions: self.conditions,
            payment_days: self.payment_days,
            supplied_on: self.supplied_on,
            operations: self.operations,
            purchase_order: self.purchase_order,
            lines: self.lines.rows(asker.organization.vat_regime),
        }
    }
}

#[derive(Template)]
#[template(path = "invoice_form.html")]
struct InvoiceFormPage {
    shell: Shell,
    action: String,
    cancel_href: String,
    form_key: String,
    version: Option<u64>,
    clients: Vec<Choice>,
    operations: Vec<Choice>,
    editor: Editor,
    form: InvoiceInput,
    errors: FieldErrors,
}

impl InvoiceFormPage {
    fn new(
        asker: &Asker,
        edited: Option<(InvoiceId, Option<u64>)>,
        input: InvoiceInput,
        errors: FieldErrors,
        offer: Offer,
    ) -> Self {
        let (title, action, cancel_href) = match edited {
            Some((id, _)) => (
                "Modifier la facture",
                format!("/facturation/factures/{id}/modifier"),
                format!("/facturation/factures/{id}"),
            ),
            None => ("Nouvelle facture", "/facturation/factures/nouvelle".into(), "/facturation/factures".into()),
        };
        Self {
            shell: Shell::new(asker, "invoicing", title),
            action,
            cancel_href,
            form_key: asker.form_key(),
            version: edited.and_then(|(_, version)| version),
            clients: offer.choices(&input.client_id),
            operations: choices(
                OPERATIONS.map(|(operations, label)| (operations_name(operations), label)),
                &input.operations,
            ),
            editor: Editor::new(asker, &input.lines),
            form: input,
            errors,
        }
    }
}

pub async fn new_invoice(asker: Asker, Query(prefilled): Query<Prefilled>) -> PageResult {
    let input = InvoiceInput {
        client_id: prefilled.client,
        payment_days: asker.organization.payment_days.to_string(),
        operations: "services".into(),
        ..InvoiceInput::default()
    };
    let offer = Offer::with(&asker, &input.client_id).await?;
    page(&InvoiceFormPage::new(&asker, None, input, FieldErrors::default(), offer))
}

pub async fn create_invoice(asker: Asker, form: Form<InvoiceForm>) -> PageResult {
    let input = form.input.into_input(&asker);
    match super::create_invoice(&asker, &input).await {
        Ok(invoice) => asker.done(&format!("/facturation/factures/{}", invoice.id), "Le brouillon est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let offer = Offer::with(&asker, &input.client_id).await?;
            let page = InvoiceFormPage::new(&asker, None, input, errors, offer);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn change_invoice(asker: Asker, Id(id): Id<InvoiceId>) -> PageResult {
    let (invoice, offer) = table::meter::side_by_side(super::store::read(&asker.scope, id), Offer::first(&asker)).await;
    let invoice = invoice?;
    invoice.must_be_draft()?;
    let edited = Some((id, Some(invoice.version)));
    let offer = offer?.and(&invoice.client.reference);
    page(&InvoiceFormPage::new(&asker, edited, InvoiceInput::of(&invoice), FieldErrors::default(), offer))
}

pub async fn edit_invoice(asker: Asker, Id(id): Id<InvoiceId>, form: Form<InvoiceForm>) -> PageResult {
    let seen = form.version;
    let input = form.input.into_input(&asker);
    match super::edit_invoice(&asker, id, &input, seen).await {
        Ok(_) => asker.done(&format!("/facturation/factures/{id}"), "Les modifications sont enregistrées."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let offer = Offer::with(&asker, &input.client_id).await?;
            let page = InvoiceFormPage::new(&asker, Some((id, seen)), input, errors, offer);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

// ---- one invoice ----------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "invoice.html")]
struct InvoicePage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    invoice: InvoiceHead,
    document: Sheet,
    payments: Vec<PaymentRow>,
    payment_form: PaymentInput,
    payment_methods: Vec<Choice>,
    mails: Vec<Moment>,
    events: Vec<Moment>,
}

struct InvoiceHead {
    id: InvoiceId,
    version: u64,
    badges: Vec<Badge>,
    pdf_href: Option<String>,
    pdf_pending: bool,
    can_edit: bool,
    can_issue: bool,
    can_record_payment: bool,
    late_notice: String,
    balance_due: String,
    paid: String,
    due_on: String,
    quote: Option<LinkedQuote>,
    recipient: String,
    currency_symbol: &'static str,
}

struct PaymentRow {
    paid_on: String,
    method: &'static str,
    reference: String,
    amount: String,
}

impl InvoiceHead {
    fn new(asker: &Asker, invoice: &Stored<Invoice>, has_file: bool) -> Self {
        let may = |permission| asker.may(permission);
        let today = asker.today();
        let issued = invoice.issued.as_ref();
        let summary = invoice.summary();
        let is_open = issued.is_some_and(|issued| issued.payment_status(&invoice.priced) != PaymentStatus::Paid);
        let late_notice = match issued {
            Some(issued) if issued.is_overdue(&invoice.priced, today) => {
                let reminded = match issued.reminders {
                    0 => "",
                    1 => " Une relance a été envoyée au client.",
                    _ => " Des relances ont été envoyées au client.",
                };
                format!(
                    "Cette facture est en retard depuis le {}.{reminded}",
                    asker.organization.date(issued.due_on.tomorrow().unwrap_or(issued.due_on))
                )
            }
            _ => String::new(),
        };
        Self {
            id: invoice.id,
            version: invoice.version,
            badges: invoice_badges(&summary, today),
            pdf_href: has_file.then(|| format!("/facturation/factures/{}/pdf", invoice.id)),
            pdf_pending: issued.is_some() && !has_file,
            can_edit: issued.is_none() && may(Permission::InvoicingCreate),
            can_issue: issued.is_none() && may(Permission::InvoicingApprove),
            can_record_payment: is_open && may(Permission::InvoicingEdit),
            late_notice,
            balance_due: summary.balance().french(invoice.priced.currency),
            paid: summary.paid_minor.french(invoice.priced.currency),
            due_on: issued.map(|issued| asker.organization.date(issued.due_on)).unwrap_or_default(),
            quote: invoice
                .quote
                .map(|id| LinkedQuote { id, label: invoice.quote_number.clone().unwrap_or_else(|| "Devis".into()) }),
            recipient: invoice.client.reference.email.clone().unwrap_or_default(),
            currency_symbol: invoice.priced.currency.symbol(),
        }
    }
}

impl PaymentRow {
    fn new(asker: &Asker, payment: &Payment) -> Self {
        Self {
            paid_on: asker.organization.date(payment.paid_on),
            method: payment.method.french(),
            reference: payment.reference.clone().unwrap_or_default(),
            amount: payment.amount_minor.french(payment.currency),
        }
    }
}

fn events(asker: &Asker, invoice: &Invoice, payments: &[Stored<Payment>]) -> Vec<Moment> {
    let mut events = vec![("neutral", "Brouillon créé".to_owned(), asker.organization.day(invoice.created_at))];
    if let Some(issued) = &invoice.issued {
        events.push(("info", "Facture émise".into(), issued.on));
        if let Some(since) = issued.overdue_since {
            events.push(("danger", "Échéance dépassée".into(), since));
        }
    }
    for payment in payments {
        let title = format!("Paiement de {}", payment.amount_minor.french(payment.currency));
        events.push(("success", title, asker.organization.day(payment.recorded_at)));
    }
    // Newest first; of one day, as they follow from each other.
    events.sort_by_key(|(_, _, on)| *on);
    events.into_iter().rev().map(|(kind, title, on)| Moment::on(asker, kind, title, on)).collect()
}

pub async fn show_invoice(asker: Asker, Id(id): Id<InvoiceId>) -> PageResult {
    show(&asker, id, StatusCode::OK, None, FieldErrors::default()).await
}

async fn show(
    asker: &Asker,
    id: InvoiceId,
    status: StatusCode,
    payment_input: Option<PaymentInput>,
    errors: FieldErrors,
) -> PageResult {
    let scope = &asker.scope;
    let found = scope.collection(&scope.keys().invoice(id).collection()).await?;
    let invoice = found.first::<Invoice>()?.ok_or(Error::NotFound)?;
    let payments = found.all::<Payment>()?;
    let mails = found.all::<OwnedMail>()?;
    let has_file = found.first::<DocumentFile>()?.is_some();
    let snapshot = found.first::<FrozenDocument>()?.map(|frozen| frozen.value.snapshot);
    let summary = invoice.summary();

    let mut dates = vec![Labelled::new(
        "Date",
        asker.organization.date(summary.issued_on.unwrap_or_else(|| asker.organization.day(invoice.created_at))),
    )];
    if let Some(due) = summary.due_on {
        dates.push(Labelled::new("Échéance", asker.organization.date(due)));
    }
    let document = Sheet::new(
        asker,
        Kind::Invoice.french(),
        summary.number.as_ref(),
        dates,
        &invoice.client.reference,
        &invoice.words,
        &invoice.priced,
    )
    .frozen(snapshot);
    let title = match &summary.number {
        Some(number) => format!("Facture {number}"),
        None => "Facture (brouillon)".into(),
    };
    let payment_form = payment_input.unwrap_or_else(|| PaymentInput {
        amount: summary.balance().plain(invoice.priced.currency).replace('.', ","),
        paid_on: asker.today().to_string(),
        method: Method::BankTransfer.name().into(),
        reference: String::new(),
    });
    page_with_status(
        status,
        &InvoicePage {
            shell: Shell::new(asker, "invoicing", title),
            form_key: asker.form_key(),
            errors,
            payment_methods: choices(Method::ALL.map(|m| (m.name(), m.french())), &payment_form.method),
            payment_form,
            invoice: InvoiceHead::new(asker, &invoice, has_file),
            document,
            mails: mails.iter().rev().map(|mail| mail_moment(asker, mail)).collect(),
            events: events(asker, &invoice, &payments),
            payments: payments.iter().map(|payment| PaymentRow::new(asker, payment)).collect(),
        },
    )
}

pub async fn issue_invoice(asker: Asker, Id(id): Id<InvoiceId>, form: Form<Nothing>) -> PageResult {
    match super::issue_invoice(&asker.scope, &asker.organization, id, form.version).await {
        Ok(invoice) => {
            let number = invoice.issued.as_ref().map(|issued| issued.number.clone()).unwrap_or_default();
            asker.done(&format!("/facturation/factures/{id}"), format!("La facture {number} est émise."))
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, id, StatusCode::CONFLICT, None, errors).await
        }
    }
}

pub async fn record_payment(asker: Asker, Id(id): Id<InvoiceId>, form: Form<PaymentInput>) -> PageResult {
    match payment::record_payment(&asker.scope, &asker.organization, id, &form.input, form.version).await {
        Ok(recorded) => {
            let amount = recorded.payment.amount_minor.french(recorded.payment.currency);
            asker.done(&format!("/facturation/factures/{id}"), format!("Le paiement de {amount} est enregistré."))
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, id, StatusCode::UNPROCESSABLE_ENTITY, Some(form.input), errors).await
        }
    }
}

pub async fn download_invoice(asker: Asker, Id(id): Id<InvoiceId>) -> PageResult {
    let (link, _) = crate::document::download(&asker, Owner::Invoice(id)).await?;
    redirect(&link)
}
