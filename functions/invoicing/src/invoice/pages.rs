//! `/facturation/factures`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{
    Error, Minor, Permission, Result,
    document::Kind,
    event::Owner,
    id::{CompanyId, CreditNoteId, InvoiceId, PaymentId, ReceiptId, RecurringInvoiceId, RemittanceId},
    terms::DayCount,
};
use serde::Deserialize;
use table::{
    Stored,
    shared::{DocumentFile, FrozenDocument, OwnedMail},
};
use web::{
    Asker, Form, Id, Ids, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect,
};

use super::{
    Invoice, InvoiceInput, PaymentStatus,
    model::{OPERATIONS, operations_name},
};
use crate::{
    attachment::pages::AttachmentBox,
    card::{self, CardRefundInput, left},
    client::{Offer, OfferedClients},
    form::{DocumentForm, Editor, exchange_label},
    interest,
    payment::{self, Method, Payment, PaymentInput, PaymentKind, ReversalInput},
    quote::pages::{Nothing, Prefilled},
    reminder,
    sepa::RefundTransfer,
    view::{
        Badge, Labelled, LinkedInvoice, LinkedQuote, Moment, Sheet, SheetLine, exchange_line, invoice_badges,
        mail_moment, payment_note, sheet_line,
    },
};

// ---- the form -------------------------------------------------------------------------------------------

#[derive(Debug, Deserialize)]
pub struct InvoiceForm {
    #[serde(default)]
    payment_days: String,
    #[serde(default)]
    day_count: String,
    #[serde(default)]
    supplied_on: String,
    #[serde(default)]
    operations: String,
    #[serde(default)]
    purchase_order: String,
    #[serde(default)]
    exchange_rate: String,
    #[serde(default)]
    exchange_on: String,
    #[serde(flatten)]
    document: DocumentForm,
}

impl InvoiceForm {
    pub fn input(&self, asker: &Asker) -> InvoiceInput {
        let document = &self.document;
        let (discount_percent, discount_amount) = document.discount();
        InvoiceInput {
            client_id: document.client.clone(),
            subject: document.subject.clone(),
            introduction: document.introduction.clone(),
            conditions: document.conditions.clone(),
            payment_days: self.payment_days.clone(),
            day_count: self.day_count.clone(),
            supplied_on: self.supplied_on.clone(),
            operations: self.operations.clone(),
            purchase_order: self.purchase_order.clone(),
            discount_percent,
            discount_amount,
            vat_treatment: document.vat_treatment.clone(),
            exchange_rate: self.exchange_rate.clone(),
            exchange_on: self.exchange_on.clone(),
            lines: document.lines(asker.organization.vat_regime),
        }
    }
}

#[derive(Template)]
#[template(path = "invoice_form.html")]
struct InvoiceFormPage {
    shell: Shell,
    action: String,
    cancel_href: String,
    preview_href: String,
    form_key: String,
    version: Option<u64>,
    clients: OfferedClients,
    operations: Vec<Choice>,
    day_counts: Vec<Choice>,
    /// What holds where no days are typed.
    usual_terms: String,
    /// `1 USD =`, where VAT is to be told in euro; empty elsewhere.
    exchange: String,
    editor: Editor,
    /// The lines of an invoice that was made of a quote, which stay as they were taken.
    kept: Option<Kept>,
    form: InvoiceInput,
    errors: FieldErrors,
}

impl InvoiceFormPage {
    fn new(
        asker: &Asker,
        edited: Option<(InvoiceId, Option<u64>)>,
        document: &DocumentForm,
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
            preview_href: match edited {
                Some((id, _)) => format!("/facturation/apercu/factures/{id}"),
                None => "/facturation/apercu/factures".into(),
            },
            form_key: asker.form_key(),
            version: edited.and_then(|(_, version)| version),
            clients: offer.choices(&input.client_id),
            operations: choices(
                OPERATIONS.map(|(operations, label)| (operations_name(operations), label)),
                &input.operations,
            ),
            day_counts: choices(DayCount::ALL.map(|count| (count.name(), count.french())), &input.day_count),
            usual_terms: asker.organization.terms().french(),
            exchange: exchange_label(asker.organization.currency),
            editor: Editor::new(asker, document, &input.lines),
            kept: None,
            form: input,
            errors,
        }
    }
}

/// What of another document the form shows and does not change.
struct Kept {
    origin: &'static str,
    href: String,
    label: String,
    lines: Vec<SheetLine>,
    net: String,
}

impl InvoiceFormPage {
    fn keeping(self, invoice: &Invoice) -> Self {
        let (quote, late) = (invoice.quote, invoice.interest_of.as_ref());
        let number = || invoice.quote_number.clone().unwrap_or_else(|| "Devis".into());
        let quote = quote.map(|id| ("du devis", format!("/facturation/devis/{id}"), number()));
        let late = late.map(|late| {
            ("du retard de la facture", format!("/facturation/factures/{}", late.invoice), late.number.clone())
        });
        let kept = quote.or(late).map(|(origin, href, label)| Kept {
            origin,
            href,
            label,
            lines: invoice.priced.lines.iter().map(|line| sheet_line(line, invoice.priced.currency)).collect(),
            net: invoice.priced.totals.net_minor.french(invoice.priced.currency),
        });
        Self { kept, ..self }
    }
}

pub async fn new_invoice(asker: Asker, Query(prefilled): Query<Prefilled>) -> PageResult {
    let input = InvoiceInput { client_id: prefilled.client, operations: "services".into(), ..InvoiceInput::default() };
    let offer = Offer::with(&asker, &input.client_id).await?;
    page(&InvoiceFormPage::new(&asker, None, &DocumentForm::default(), input, FieldErrors::default(), offer))
}

pub async fn create_invoice(asker: Asker, form: Form<InvoiceForm>) -> PageResult {
    let input = form.input.input(&asker);
    match super::create_invoice(&asker, &input).await {
        Ok(invoice) => asker.done(&format!("/facturation/factures/{}", invoice.id), "Le brouillon est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let offer = Offer::with(&asker, &input.client_id).await?;
            let page = InvoiceFormPage::new(&asker, None, &form.input.document, input, errors, offer);
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
    let document = DocumentForm::of(&invoice.client.reference, &invoice.words, &invoice.priced);
    let form =
        InvoiceFormPage::new(&asker, edited, &document, InvoiceInput::of(&invoice), FieldErrors::default(), offer);
    page(&form.keeping(&invoice))
}

pub async fn edit_invoice(asker: Asker, Id(id): Id<InvoiceId>, form: Form<InvoiceForm>) -> PageResult {
    let seen = form.version;
    let input = form.input.input(&asker);
    match super::edit_invoice(&asker, id, &input, seen).await {
        Ok(_) => asker.done(&format!("/facturation/factures/{id}"), "Les modifications sont enregistrées."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let (invoice, offer) =
                table::meter::side_by_side(super::store::read(&asker.scope, id), Offer::with(&asker, &input.client_id))
                    .await;
            let page = InvoiceFormPage::new(&asker, Some((id, seen)), &form.input.document, input, errors, offer?);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page.keeping(&*invoice?))
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
    attachments: AttachmentBox,
    credits: Vec<CreditRow>,
    payments: Vec<PaymentRow>,
    payment_form: PaymentInput,
    refund_form: PaymentInput,
    /// The dialog that comes back open, with what is wrong in it.
    dialog: Dialog,
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
    /// A copy that says that it is one.
    copy_href: Option<String>,
    can_edit: bool,
    can_delete: bool,
    can_issue: bool,
    can_record_payment: bool,
    can_credit: bool,
    has_reminders: bool,
    /// It was late, or is: what that came to is told.
    has_interest: bool,
    can_duplicate: bool,
    can_correct: bool,
    /// What takes its place, or whose place it takes: what the page says of it.
    notice: Option<Notice>,
    is_overpaid: bool,
    can_refund: bool,
    /// The remittance that debits it, and when.
    debit: Option<(RemittanceId, String)>,
    /// Paid, so that what still comes is too much.
    can_take_more: bool,
    client: CompanyId,
    /// What credit notes gave back; empty where there are none.
    /// Deposits that it deducts; empty where it deducts none.
    deducted: String,
    credited: String,
    late_notice: String,
    balance_due: String,
    paid: String,
    due_on: String,
    quote: Option<LinkedQuote>,
    recurring: Option<RecurringInvoiceId>,
    has_time: bool,
    interest_of: Option<LinkedInvoice>,
    can_repeat: bool,
    situation: Vec<Labelled>,
    recipient: String,
    currency_symbol: &'static str,
}

/// A sentence that ends with the link to another invoice.
struct Notice {
    text: &'static str,
    other: LinkedInvoice,
}

struct CreditRow {
    id: CreditNoteId,
    number: String,
    amount: String,
}

/// Which of the page's forms was sent and came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialog {
    None,
    Payment,
    Refund,
    Reversal(PaymentId),
    CardRefund(PaymentId),
}

impl Dialog {
    fn is_payment(self) -> bool {
        self == Self::Payment
    }

    fn is_refund(self) -> bool {
        self == Self::Refund
    }

    fn refunds(self, payment: &PaymentId) -> bool {
        self == Self::CardRefund(*payment)
    }

    fn reverses(self, payment: &PaymentId) -> bool {
        self == Self::Reversal(*payment)
    }
}

struct PaymentRow {
    id: PaymentId,
    /// What it is where it is no payment that stands; empty for one that does.
    note: &'static str,
    /// Recorded with payments of other invoices.
    receipt: Option<ReceiptId>,
    can_reverse: bool,
    /// It leaves by a transfer, whose file the bank takes.
    has_transfer: bool,
    /// What of it can go back to the card now, as it is typed; none where nothing can.
    to_card: Option<String>,
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
        let is_open = issued.is_some() && invoice.payment_status() != PaymentStatus::Paid;
        let late_notice = match issued {
            Some(issued) if invoice.is_overdue(today) => {
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
            copy_href: issued.map(|_| format!("/facturation/duplicata/factures/{}", invoice.id)),
            can_edit: issued.is_none() && may(Permission::InvoicingCreate),
            can_delete: issued.is_none() && may(Permission::InvoicingDelete),
            can_issue: issued.is_none() && may(Permission::InvoicingApprove),
            can_record_payment: is_open && may(Permission::InvoicingEdit),
            has_interest: invoice.interest_of.is_none()
                && issued.is_some_and(|issued| {
                    invoice.is_overdue(today) || issued.overdue_since.is_some() || !issued.interest.is_empty()
                }),
            can_duplicate: invoice.kind != Kind::Deposit
                && invoice.interest_of.is_none()
                && may(Permission::InvoicingCreate),
            can_credit: issued.is_some() && !summary.is_cancelled() && may(Permission::InvoicingApprove),
            can_correct: invoice.kind != Kind::Deposit
                && invoice.interest_of.is_none()
                && issued.is_some_and(|issued| issued.credits.is_empty() && issued.replaced_by.is_none())
                && may(Permission::InvoicingCreate),
            notice: notice(invoice),
            has_reminders: is_open || issued.is_some_and(|issued| issued.reminders > 0),
            is_overpaid: summary.balance() < Minor::ZERO,
            can_refund: summary.balance() < Minor::ZERO && may(Permission::InvoicingEdit),
            debit: issued
                .and_then(|issued| issued.debit.as_ref())
                .map(|debit| (debit.remittance, asker.organization.date(debit.on))),
            can_take_more: issued.is_some()
                && !is_open
                && invoice.replaced_by().is_none()
                && may(Permission::InvoicingEdit),
            client: invoice.client.reference.id,
            deducted: match summary.deducted_minor {
                Minor::ZERO => String::new(),
                deducted => Minor(-deducted.0).french(invoice.priced.currency),
            },
            credited: match summary.credited_minor {
                Minor::ZERO => String::new(),
                credited => Minor(-credited.0).french(invoice.priced.currency),
            },
            late_notice,
            balance_due: Minor(summary.balance().0.abs()).french(invoice.priced.currency),
            paid: summary.paid_minor.french(invoice.priced.currency),
            due_on: issued.map(|issued| asker.organization.date(issued.due_on)).unwrap_or_default(),
            quote: invoice
                .quote
                .map(|id| LinkedQuote { id, label: invoice.quote_number.clone().unwrap_or_else(|| "Devis".into()) }),
            recurring: invoice.recurred.map(|recurred| recurred.recurring),
            has_time: !invoice.time.is_empty(),
            interest_of: invoice
                .interest_of
                .as_ref()
                .map(|origin| LinkedInvoice { id: origin.invoice, label: origin.number.clone() }),
            can_repeat: invoice.kind == Kind::Invoice
                && invoice.situation.is_none()
                && summary.deducted_minor.is_zero()
                && invoice.recurred.is_none()
                && invoice.interest_of.is_none()
                && may(Permission::InvoicingCreate),
            situation: situation(invoice),
            recipient: invoice.client.reference.email.clone().unwrap_or_default(),
            currency_symbol: invoice.priced.currency.symbol(),
        }
    }
}

/// How far its quote is invoiced, net of VAT.
fn situation(invoice: &Invoice) -> Vec<Labelled> {
    let Some(situation) = invoice.situation else { return Vec::new() };
    let (currency, now) = (invoice.priced.currency, invoice.priced.totals.net_minor);
    vec![
        Labelled::new("Situation", format!("n°\u{a0}{}", situation.number)),
        Labelled::new("Déjà facturé, HT", situation.before_minor.french(currency)),
        Labelled::new("Cette situation, HT", now.french(currency)),
        Labelled::new("Reste à facturer, HT", situation.left_minor(now).french(currency)),
    ]
}

fn notice(invoice: &Invoice) -> Option<Notice> {
    if let Some(by) = invoice.replaced_by() {
        let other = LinkedInvoice { id: by.invoice, label: by.number.clone() };
        return Some(Notice { text: "Cette facture est annulée et remplacée par", other });
    }
    let original = invoice.corrects.as_ref()?;
    let text = match invoice.issued {
        Some(_) => "Cette facture annule et remplace",
        None => "Une fois émise, cette facture annulera et remplacera",
    };
    Some(Notice { text, other: LinkedInvoice { id: original.invoice, label: original.number.clone() } })
}

impl PaymentRow {
    fn new(
        asker: &Asker,
        payment: &Payment,
        payments: &[Stored<Payment>],
        balance: Minor,
        transfers: &[Stored<RefundTransfer>],
    ) -> Self {
        let by_card =
            payment.kind == PaymentKind::Received && payment.charge.is_some() && payment.reversed_by.is_none();
        let excess = Minor(-balance.0);
        let most = left(payment, payments.iter().map(|other| &other.value)).min(excess);
        let can_refund = by_card && most > Minor::ZERO && asker.may(Permission::InvoicingEdit);
        Self {
            to_card: can_refund.then(|| most.plain(payment.currency).replace('.', ",")),
            id: payment.id,
            has_transfer: payment.reversed_by.is_none()
                && transfers.iter().any(|transfer| transfer.refund == payment.id)
                && asker.may(Permission::InvoicingExport),
            note: payment_note(payment),
            can_reverse: payment.can_be_reversed() && payment.receipt.is_none() && asker.may(Permission::InvoicingEdit),
            receipt: payment.receipt,
            paid_on: asker.organization.date(payment.paid_on),
            method: payment.method.french(),
            reference: payment.reference.clone().unwrap_or_default(),
            amount: payment.effect().french(payment.currency),
        }
    }
}

fn events(asker: &Asker, invoice: &Invoice, payments: &[Stored<Payment>]) -> Vec<Moment> {
    let mut events = vec![("neutral", "Brouillon créé".to_owned(), asker.organization.day(invoice.created_at))];
    if let Some(issued) = &invoice.issued {
        events.push(("info", "Facture émise".into(), issued.on));
        if let Some(by) = &issued.replaced_by {
            events.push(("neutral", format!("Remplacée par {}", by.number), by.on));
        }
        for credit in &issued.credits {
            events.push(("neutral", format!("Avoir {} émis", credit.number), credit.on));
        }
        for reminded in &issued.reminded {
            let how = if reminded.was_sent { "envoyée" } else { "écartée" };
            events.push(("info", format!("Relance {how} : {}", reminder::pages::name(reminded.level)), reminded.on));
        }
        if let Some(since) = issued.overdue_since {
            events.push(("danger", "Échéance dépassée".into(), since));
        }
    }
    for payment in payments {
        let (kind, what) = match payment.kind {
            PaymentKind::Received => ("success", "Paiement"),
            PaymentKind::Refunded => ("neutral", "Remboursement"),
            PaymentKind::Reversal => ("danger", "Annulation d’un paiement"),
            PaymentKind::RefundReversal => ("danger", "Annulation d’un remboursement"),
        };
        let title = format!("{what} de {}", payment.amount_minor.french(payment.currency));
        events.push((kind, title, asker.organization.day(payment.recorded_at)));
    }
    // Newest first; of one day, as they follow from each other.
    events.sort_by_key(|(_, _, on)| *on);
    events.into_iter().rev().map(|(kind, title, on)| Moment::on(asker, kind, title, on)).collect()
}

fn credits(invoice: &Invoice) -> Vec<CreditRow> {
    let credits = invoice.issued.iter().flat_map(|issued| &issued.credits);
    credits
        .map(|credit| CreditRow {
            id: credit.note,
            number: credit.number.clone(),
            amount: Minor(-credit.gross_minor.0).french(invoice.priced.currency),
        })
        .collect()
}

pub async fn show_invoice(asker: Asker, Id(id): Id<InvoiceId>) -> PageResult {
    show(&asker, id, StatusCode::OK, (Dialog::None, None), FieldErrors::default()).await
}

async fn show(
    asker: &Asker,
    id: InvoiceId,
    status: StatusCode,
    (open, typed): (Dialog, Option<PaymentInput>),
    errors: FieldErrors,
) -> PageResult {
    let scope = &asker.scope;
    let found = scope.collection(&scope.keys().invoice(id).collection()).await?;
    let invoice = found.first::<Invoice>()?.ok_or(Error::NotFound)?;
    let payments = found.all::<Payment>()?;
    let transfers = found.all::<RefundTransfer>()?;
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
    dates.extend(exchange_line(invoice.exchange, invoice.priced.currency));
    let document = Sheet::new(
        asker,
        invoice.kind.french(),
        summary.number.as_ref(),
        dates,
        &invoice.client.reference,
        &invoice.words,
        &invoice.priced,
    )
    .frozen(snapshot);
    let title = match &summary.number {
        Some(number) => format!("{} {number}", invoice.kind.french()),
        None => format!("{} (brouillon)", invoice.kind.french()),
    };
    let form = |dialog: Dialog| match &typed {
        Some(typed) if open == dialog => typed.clone(),
        _ => PaymentInput {
            amount: Minor(summary.balance().0.abs()).plain(invoice.priced.currency).replace('.', ","),
            paid_on: asker.today().to_string(),
            method: Method::BankTransfer.name().into(),
            ..PaymentInput::default()
        },
    };
    let (payment_form, refund_form) = (form(Dialog::Payment), form(Dialog::Refund));
    page_with_status(
        status,
        &InvoicePage {
            shell: Shell::new(asker, "invoicing", title),
            form_key: asker.form_key(),
            errors,
            payment_methods: choices(Method::ALL.map(|m| (m.name(), m.french())), &payment_form.method),
            payment_form,
            refund_form,
            dialog: open,
            invoice: InvoiceHead::new(asker, &invoice, has_file),
            document,
            attachments: AttachmentBox::of_invoice(asker, &invoice),
            mails: mails.iter().rev().map(|mail| mail_moment(asker, mail)).collect(),
            events: events(asker, &invoice, &payments),
            credits: credits(&invoice),
            payments: payments
                .iter()
                .map(|payment| PaymentRow::new(asker, payment, &payments, summary.balance(), &transfers))
                .collect(),
        },
    )
}

pub async fn delete_invoice(asker: Asker, Id(id): Id<InvoiceId>, form: Form<Nothing>) -> PageResult {
    match super::delete_invoice(&asker.scope, &asker.deps().files, id, form.version).await {
        Ok(()) => asker.done("/facturation/factures", "Le brouillon est supprimé."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, id, StatusCode::CONFLICT, (Dialog::None, None), errors).await
        }
    }
}

pub async fn correct_invoice(asker: Asker, Id(id): Id<InvoiceId>, form: Form<Nothing>) -> PageResult {
    let told = "La facture rectificative est prête\u{a0}: corrigez-la, puis émettez-la.";
    to_draft(&asker, id, super::correct_invoice(&asker.scope, id, form.version).await, told).await
}

pub async fn invoice_interest(asker: Asker, Id(id): Id<InvoiceId>, form: Form<Nothing>) -> PageResult {
    let draft = interest::invoice_interest(&asker.scope, &asker.organization, id, form.version).await;
    to_draft(&asker, id, draft, "La facture d’intérêts est prête\u{a0}: relisez-la, puis émettez-la.").await
}

pub async fn duplicate_invoice(asker: Asker, Id(id): Id<InvoiceId>, _: Form<Nothing>) -> PageResult {
    let copy = super::duplicate_invoice(&asker.scope, id).await;
    to_draft(&asker, id, copy, "Voici la copie, en brouillon.").await
}

/// To the draft that was made of an invoice, or back to the invoice with why it could not be.
async fn to_draft(asker: &Asker, of: InvoiceId, made: Result<Stored<Invoice>>, told: &str) -> PageResult {
    match made {
        Ok(draft) => asker.done(&format!("/facturation/factures/{}", draft.id), told),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(asker, of, StatusCode::CONFLICT, (Dialog::None, None), errors).await
        }
    }
}

pub async fn issue_invoice(asker: Asker, Id(id): Id<InvoiceId>, form: Form<Nothing>) -> PageResult {
    match super::issue_invoice(&asker.scope, &asker.organization, id, form.version).await {
        Ok(invoice) => {
            let number = invoice.issued.as_ref().map(|issued| issued.number.clone()).unwrap_or_default();
            asker.done(&format!("/facturation/factures/{id}"), format!("La facture {number} est émise."))
        }
        Err(error) => {
            // The page has no fields for its lines: what is not in stock is told above it.
            let errors = FieldErrors::summary_of(error)?;
            show(&asker, id, StatusCode::CONFLICT, (Dialog::None, None), errors).await
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
            show(&asker, id, StatusCode::UNPROCESSABLE_ENTITY, (Dialog::Payment, Some(form.input)), errors).await
        }
    }
}

pub async fn refund_invoice(asker: Asker, Id(id): Id<InvoiceId>, form: Form<PaymentInput>) -> PageResult {
    match payment::refund_invoice(&asker.scope, &asker.organization, id, &form.input, form.version).await {
        Ok(recorded) => {
            let amount = recorded.payment.amount_minor.french(recorded.payment.currency);
            asker.done(&format!("/facturation/factures/{id}"), format!("Le remboursement de {amount} est enregistré."))
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, id, StatusCode::UNPROCESSABLE_ENTITY, (Dialog::Refund, Some(form.input)), errors).await
        }
    }
}

pub async fn reverse_payment(
    asker: Asker,
    Ids(ids): Ids<InvoiceId, PaymentId>,
    form: Form<ReversalInput>,
) -> PageResult {
    match payment::reverse_payment(&asker.scope, &asker.organization, ids, &form.input).await {
        Ok(_) => asker.done(
            &format!("/facturation/factures/{}", ids.0),
            "Le paiement est annulé : une contre-écriture figure au journal.",
        ),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let open = (Dialog::Reversal(ids.1), None);
            show(&asker, ids.0, StatusCode::UNPROCESSABLE_ENTITY, open, errors).await
        }
    }
}

pub async fn refund_card_payment(
    asker: Asker,
    Ids(ids): Ids<InvoiceId, PaymentId>,
    form: Form<CardRefundInput>,
) -> PageResult {
    match Box::pin(card::refund_card_payment(asker.deps(), &asker.scope, &asker.organization, ids, &form.input)).await {
        Ok(recorded) => {
            let amount = recorded.payment.amount_minor.french(recorded.payment.currency);
            let told = format!("{amount} sont remboursés sur la carte du client.");
            asker.done(&format!("/facturation/factures/{}", ids.0), told)
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let open = (Dialog::CardRefund(ids.1), None);
            show(&asker, ids.0, StatusCode::UNPROCESSABLE_ENTITY, open, errors).await
        }
    }
}

pub async fn download_invoice(asker: Asker, Id(id): Id<InvoiceId>) -> PageResult {
    let (link, _) = crate::document::download(&asker, Owner::Invoice(id)).await?;
    redirect(&link)
}
