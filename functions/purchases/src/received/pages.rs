//! `/ventes/factures-recues`

use askama::Template;
use axum::{extract::Query, response::Response};
use http::StatusCode;
use kernel::{
    Permission, Result,
    id::ReceivedInvoiceId,
    money::{french_decimal, french_percent, french_price},
    page::PAGE_SIZE,
};
use table::meter::side_by_side;
use web::{
    Asker, Failure, Form, Id, Json, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect,
    upload::{UploadInput, begin_on_page},
};

use super::{INVOICE, Lifecycle, Reason, ReasonInput, ReceivedInput, ReceivedInvoice, Wanted, store};
use crate::{
    Nothing,
    inbound::{InboundAddress, Outcome, PartOutcome, ReceivedMail, address_of, store::last_mails},
    supplier::{self, SupplierAccount},
};

pub const PATH: &str = "/ventes/factures-recues";
const MAILS_SHOWN: u16 = 10;

#[derive(Template)]
#[template(path = "received_invoices.html")]
struct ReceivedPage {
    shell: Shell,
    wanted: Wanted,
    states: Vec<Choice>,
    invoices: Vec<ReceivedRow>,
    is_narrowed: bool,
    next: Option<String>,
    first: Option<String>,
    drop: Option<DropZone>,
    /// None where the installation takes no mails in.
    inbound: Option<Inbound>,
}

/// The address to which invoices are mailed, and what came there.
struct Inbound {
    form_key: String,
    address: String,
    can_renew: bool,
    mails: Vec<MailRow>,
}

struct MailRow {
    at: String,
    from: String,
    subject: String,
    lines: Vec<MailLine>,
}

/// What became of a file; `href` leads to the invoice that it is.
struct MailLine {
    badge: &'static str,
    state: &'static str,
    name: String,
    href: String,
    why: String,
}

impl Inbound {
    fn of(asker: &Asker, address: Option<&InboundAddress>, mails: &[ReceivedMail]) -> Option<Self> {
        asker.deps().config.inbound_domain.as_ref()?;
        Some(Self {
            form_key: asker.form_key(),
            address: address_of(asker, address).unwrap_or_default(),
            can_renew: asker.may(Permission::SalesApprove),
            mails: mails.iter().map(|mail| MailRow::of(asker, mail)).collect(),
        })
    }
}

impl MailRow {
    fn of(asker: &Asker, mail: &ReceivedMail) -> Self {
        let line = |part: &PartOutcome| {
            let (badge, state, href, why) = match &part.outcome {
                Outcome::Taken { invoice } => ("success", "Reçue", format!("{PATH}/{invoice}"), String::new()),
                Outcome::Known => ("neutral", "Déjà reçue", String::new(), String::new()),
                Outcome::Refused { why } => ("warning", "Non lue", String::new(), why.clone()),
            };
            MailLine { badge, state, name: part.name.clone(), href, why }
        };
        let mut lines: Vec<_> = mail.parts.iter().map(line).collect();
        if lines.is_empty() {
            let none = "Aucun PDF ni XML n’était joint à ce message.".to_owned();
            let why = mail.refused.clone().unwrap_or(none);
            let name = "Message".to_owned();
            lines.push(MailLine { badge: "warning", state: "Non lu", name, href: String::new(), why });
        }
        Self {
            at: asker.organization.date(asker.organization.day(mail.at)),
            from: if mail.from.is_empty() { "Expéditeur inconnu".into() } else { mail.from.clone() },
            subject: mail.subject.clone(),
            lines,
        }
    }
}

/// Where a file is dropped, and what came of the last one.
struct DropZone {
    accept: String,
    error: Option<String>,
    /// The invoice that was taken in: its page, and that it is.
    done: Option<(String, String)>,
}

impl DropZone {
    fn new() -> Self {
        Self { accept: format!("{},.xml,.pdf", INVOICE.accept()), error: None, done: None }
    }
}

#[derive(Template)]
#[template(path = "received_drop_fragment.html")]
struct DropFragment {
    drop: DropZone,
}

struct ReceivedRow {
    id: ReceivedInvoiceId,
    number: String,
    seller: String,
    issued_on: String,
    due_on: String,
    gross: String,
    badge: &'static str,
    state: &'static str,
    is_credit: bool,
}

impl ReceivedRow {
    fn of(asker: &Asker, invoice: &ReceivedInvoice) -> Self {
        Self {
            id: invoice.id,
            number: invoice.number.clone(),
            seller: invoice.seller.clone(),
            issued_on: asker.organization.date(invoice.issued_on),
            due_on: invoice.due_on.map(|on| asker.organization.date(on)).unwrap_or_default(),
            gross: invoice.gross_minor.french(invoice.currency),
            badge: invoice.lifecycle.badge(),
            state: invoice.state_french(invoice.lifecycle),
            is_credit: invoice.is_credit,
        }
    }
}

impl Wanted {
    fn link(&self, limit: u16, cursor: Option<&str>) -> String {
        let limit = (limit != PAGE_SIZE).then(|| limit.to_string());
        let fields = [
            ("q", self.q.as_str()),
            ("state", &self.state),
            ("limit", limit.as_deref().unwrap_or_default()),
            ("cursor", cursor.unwrap_or_default()),
        ];
        web::form::link(PATH, &fields)
    }
}

pub async fn list_received_invoices(
    asker: Asker,
    Query(mut wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> PageResult {
    wanted.q = wanted.q.trim().chars().take(100).collect();
    let scope = &asker.scope;
    let key = scope.keys().inbound_address();
    let inbound = side_by_side(scope.get::<InboundAddress>(&key), last_mails(scope, MAILS_SHOWN));
    let (found, (address, mails)) = side_by_side(super::list_received(scope, &wanted, &request), inbound).await;
    let (found, address, mails) = (found?, address?, mails?);
    page(&ReceivedPage {
        shell: Shell::new(&asker, "sales", "Factures reçues"),
        states: choices(Lifecycle::ALL.map(|state| (state.name(), state.french())), &wanted.state),
        invoices: found.items.iter().map(|read| ReceivedRow::of(&asker, read)).collect(),
        is_narrowed: !wanted.q.is_empty() || !wanted.state.is_empty(),
        next: found.next_cursor.map(|cursor| wanted.link(request.limit, Some(&cursor))),
        first: request.cursor.as_ref().map(|_| wanted.link(request.limit, None)),
        drop: asker.may(Permission::SalesCreate).then(DropZone::new),
        inbound: Inbound::of(&asker, address.map(|read| read.value).as_ref(), &mails),
        wanted,
    })
}

pub async fn begin_received_invoice_upload(asker: Asker, Json(input): Json<UploadInput>) -> Result<Response, Failure> {
    begin_on_page(&asker, &INVOICE, &input).await
}

pub async fn receive_invoice(asker: Asker, form: Form<ReceivedInput>) -> PageResult {
    match Box::pin(super::receive_invoice(&asker, &form.input)).await {
        Ok(invoice) if asker.visitor.is_fragment => {
            let arrived = if invoice.is_credit { ("Avoir", "reçu") } else { ("Facture", "reçue") };
            let called = format!("{} {} ({}) {}.", arrived.0, invoice.number, invoice.seller, arrived.1);
            let done = Some((format!("{PATH}/{}", invoice.id), called));
            page(&DropFragment { drop: DropZone { done, ..DropZone::new() } })
        }
        Ok(invoice) => {
            let told = if invoice.is_credit {
                "L’avoir est reçu : une dépense a été créée."
            } else {
                "La facture est reçue : une dépense a été créée."
            };
            asker.done(&format!("{PATH}/{}", invoice.id), told)
        }
        Err(error) if asker.visitor.is_fragment => {
            let error = FieldErrors::summary_of(error)?.summary().map(str::to_owned);
            let drop = DropZone { error, ..DropZone::new() };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &DropFragment { drop })
        }
        Err(error) => Err(Failure(error)),
    }
}

#[derive(Template)]
#[template(path = "received_invoice.html")]
struct InvoicePage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    base: String,
    version: u64,
    invoice: ReceivedRow,
    words: Words,
    expense_href: String,
    supplier_href: String,
    seller_numbers: String,
    buyer: String,
    is_addressed: bool,
    /// The day on which its expense is due, where it names one that cannot be.
    other_due_on: String,
    syntax: &'static str,
    order: String,
    preceding: String,
    iban_end: String,
    iban: Iban,
    net: String,
    tax: String,
    due: String,
    lines: Vec<LineRow>,
    more_lines: usize,
    steps: Vec<StepRow>,
    received_on: String,
    can_take: bool,
    can_approve: bool,
    can_dispute: bool,
    can_refuse: bool,
    can_note_payment: bool,
    can_confirm: bool,
    disputes: Vec<Choice>,
    refusals: Vec<Choice>,
    comment: String,
    dispute_errors: bool,
    refuse_errors: bool,
}

/// What it is called.
struct Words {
    what: &'static str,
    to_whom: &'static str,
    amount: &'static str,
    arrived_on: &'static str,
    dispute: &'static str,
    refuse: &'static str,
    refuse_it: &'static str,
}

impl Words {
    const fn of(invoice: &ReceivedInvoice) -> Self {
        if invoice.is_credit {
            Self {
                what: "Avoir",
                to_whom: "Cet avoir ne nomme votre entreprise ni par son SIREN ni par son numéro de TVA : vérifiez qu’il vous est bien adressé",
                amount: "À recevoir",
                arrived_on: "Reçu le",
                dispute: "Mettre cet avoir en litige ?",
                refuse: "Refuser cet avoir ?",
                refuse_it: "Refuser l’avoir",
            }
        } else {
            Self {
                what: "Facture",
                to_whom: "Cette facture ne nomme votre entreprise ni par son SIREN ni par son numéro de TVA : vérifiez qu’elle vous est bien adressée",
                amount: "À payer",
                arrived_on: "Reçue le",
                dispute: "Mettre cette facture en litige ?",
                refuse: "Refuser cette facture ?",
                refuse_it: "Refuser la facture",
            }
        }
    }
}

/// What is known of the account that an invoice names.
#[derive(PartialEq, Eq)]
enum Iban {
    Unnamed,
    Confirmed,
    /// Of a supplier whose account nobody confirmed.
    Unknown,
    /// Another one than was confirmed: a forged invoice, or a supplier who moved.
    Other,
}

impl Iban {
    fn of(invoice: &ReceivedInvoice, accounts: &[SupplierAccount]) -> Self {
        // To a credit note nothing is paid.
        if invoice.is_credit {
            return Self::Unnamed;
        }
        let mut theirs = accounts.iter().filter(|known| known.supplier == invoice.supplier).peekable();
        match &invoice.account {
            None => Self::Unnamed,
            Some(_) if theirs.peek().is_none() => Self::Unknown,
            Some(account) if theirs.any(|known| known.mark == *account) => Self::Confirmed,
            Some(_) => Self::Other,
        }
    }
}

/// The reasons of a state, with what somebody chose of them.
fn reasons(state: Lifecycle, input: &ReasonInput) -> Vec<Choice> {
    choices(Reason::of(state).map(|reason| (reason.code(), reason.french())), &input.code)
}

/// What somebody said that was not accepted.
#[derive(Default)]
struct Said {
    state: Option<Lifecycle>,
    input: ReasonInput,
}

struct LineRow {
    name: String,
    quantity: String,
    price: String,
    vat: String,
    net: String,
}

struct StepRow {
    state: &'static str,
    code: u16,
    why: String,
    on: String,
    reason: String,
}

impl InvoicePage {
    fn new(
        asker: &Asker,
        read: &store::Received,
        accounts: &[SupplierAccount],
        said: &Said,
        errors: FieldErrors,
    ) -> Self {
        let invoice = &read.invoice.value;
        let organization = &asker.organization;
        let money = |amount: kernel::Minor| amount.french(invoice.currency);
        let may = |state| invoice.stated(state, (asker.scope.now(), None), None).is_ok();
        let line = |line: &super::ReceivedLine| LineRow {
            name: line.name.clone(),
            quantity: line.quantity.map(|quantity| french_decimal(quantity.normalize())).unwrap_or_default(),
            price: line.unit_price.map(|price| french_price(price, invoice.currency)).unwrap_or_default(),
            vat: line.vat_percent.map(french_percent).unwrap_or_default(),
            net: money(line.net_minor),
        };
        let step = |step: &super::Step| StepRow {
            state: invoice.state_french(step.state),
            code: step.state.code(),
            on: organization.date(organization.day(step.at)),
            why: step.code.map(|why| format!("{} ({})", why.french(), why.code())).unwrap_or_default(),
            reason: step.reason.clone().unwrap_or_default(),
        };
        let siren = invoice.seller_siren.as_deref().map(|siren| format!("SIREN {}", kernel::text::siren(siren)));
        let vat = invoice.seller_vat_number.as_deref().map(|number| format!("TVA {number}"));
        let edit = asker.may(Permission::SalesEdit);
        let iban = Iban::of(invoice, accounts);
        let is_said = |state| said.state == Some(state);
        let approve = asker.may(Permission::SalesApprove);
        let words = Words::of(invoice);
        Self {
            shell: Shell::new(asker, "sales", format!("{} {}", words.what, invoice.number)),
            words,
            form_key: asker.form_key(),
            base: format!("{PATH}/{}", invoice.id),
            version: read.invoice.version,
            expense_href: format!("/ventes/depenses/{}", invoice.expense()),
            supplier_href: format!("/ventes/fournisseurs/{}", invoice.supplier),
            seller_numbers: [siren, vat].into_iter().flatten().collect::<Vec<_>>().join(", "),
            buyer: invoice.buyer.clone(),
            is_addressed: invoice.is_addressed,
            other_due_on: if invoice.is_due_before_issued() {
                organization.date(read.expense.payable_on())
            } else {
                String::new()
            },
            syntax: invoice.syntax.french(),
            order: invoice.order.clone().unwrap_or_default(),
            preceding: invoice.preceding.join(", "),
            iban_end: invoice.iban_end.clone().unwrap_or_default(),
            can_confirm: edit && matches!(iban, Iban::Unknown | Iban::Other),
            iban,
            net: money(invoice.net_minor),
            tax: money(invoice.tax_minor),
            due: money(invoice.due_minor),
            lines: invoice.lines.iter().map(line).collect(),
            more_lines: invoice.line_count - invoice.lines.len(),
            steps: invoice.steps.iter().rev().map(step).collect(),
            received_on: organization.date(organization.day(invoice.received_at)),
            invoice: ReceivedRow::of(asker, invoice),
            can_take: edit && may(Lifecycle::TakenInCharge),
            can_approve: approve && may(Lifecycle::Approved),
            can_dispute: edit && may(Lifecycle::Disputed),
            can_refuse: approve && may(Lifecycle::Refused) && !read.expense.is_paid(),
            can_note_payment: edit && !invoice.is_credit && may(Lifecycle::PaymentReceived) && read.expense.is_paid(),
            disputes: reasons(Lifecycle::Disputed, &said.input),
            refusals: reasons(Lifecycle::Refused, &said.input),
            comment: said.input.comment.clone(),
            dispute_errors: is_said(Lifecycle::Disputed) && errors.summary().is_none(),
            refuse_errors: is_said(Lifecycle::Refused) && errors.summary().is_none(),
            errors,
        }
    }
}

pub async fn show_received_invoice(asker: Asker, Id(id): Id<ReceivedInvoiceId>) -> PageResult {
    show(&asker, id, StatusCode::OK, &Said::default(), FieldErrors::default()).await
}

async fn show(
    asker: &Asker,
    id: ReceivedInvoiceId,
    status: StatusCode,
    said: &Said,
    errors: FieldErrors,
) -> PageResult {
    let scope = &asker.scope;
    let (read, accounts) = side_by_side(store::read(scope, id), supplier::store::accounts(scope)).await;
    page_with_status(status, &InvoicePage::new(asker, &read?, &accounts?, said, errors))
}

async fn answered<T>(asker: &Asker, id: ReceivedInvoiceId, said: Said, done: Result<T>, told: &str) -> PageResult {
    match done {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), told),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let conflict = errors.summary().is_some();
            let status = if conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            show(asker, id, status, &said, errors).await
        }
    }
}

/// The file as it came.
pub async fn download_received_invoice(asker: Asker, Id(id): Id<ReceivedInvoiceId>) -> PageResult {
    let read = store::read(&asker.scope, id).await?;
    let organization = asker.scope.tenant().organization();
    redirect(&crate::expense::receipt::link(&asker.deps().files, organization, &read.expense).await?.url)
}

async fn stated(
    asker: &Asker,
    id: ReceivedInvoiceId,
    state: Lifecycle,
    reason: Option<&ReasonInput>,
    seen: Option<u64>,
    (of_invoice, of_credit): (&str, &str),
) -> PageResult {
    let said = Said { state: Some(state), input: reason.cloned().unwrap_or_default() };
    let done = super::state_invoice(&asker.scope, id, state, reason, seen).await;
    let told = match &done {
        Ok(read) if read.is_credit => of_credit,
        _ => of_invoice,
    };
    answered(asker, id, said, done, told).await
}

pub async fn take_received_invoice(asker: Asker, Id(id): Id<ReceivedInvoiceId>, form: Form<Nothing>) -> PageResult {
    let told = ("La facture est prise en charge.", "L’avoir est pris en charge.");
    stated(&asker, id, Lifecycle::TakenInCharge, None, form.version, told).await
}

pub async fn approve_received_invoice(asker: Asker, Id(id): Id<ReceivedInvoiceId>, form: Form<Nothing>) -> PageResult {
    let told = ("La facture est approuvée.", "L’avoir est approuvé.");
    stated(&asker, id, Lifecycle::Approved, None, form.version, told).await
}

pub async fn dispute_received_invoice(
    asker: Asker,
    Id(id): Id<ReceivedInvoiceId>,
    form: Form<ReasonInput>,
) -> PageResult {
    let told = ("La facture est en litige.", "L’avoir est en litige.");
    stated(&asker, id, Lifecycle::Disputed, Some(&form.input), form.version, told).await
}

pub async fn refuse_received_invoice(
    asker: Asker,
    Id(id): Id<ReceivedInvoiceId>,
    form: Form<ReasonInput>,
) -> PageResult {
    let told = ("La facture est refusée.", "L’avoir est refusé.");
    stated(&asker, id, Lifecycle::Refused, Some(&form.input), form.version, told).await
}

pub async fn note_payment_received(asker: Asker, Id(id): Id<ReceivedInvoiceId>, form: Form<Nothing>) -> PageResult {
    let told = ("L’encaissement par le fournisseur est noté.", "Le remboursement est noté.");
    stated(&asker, id, Lifecycle::PaymentReceived, None, form.version, told).await
}

pub async fn confirm_supplier_account(asker: Asker, Id(id): Id<ReceivedInvoiceId>, form: Form<Nothing>) -> PageResult {
    let done = super::confirm_account(&asker, id, form.version).await;
    answered(&asker, id, Said::default(), done, "L’IBAN du fournisseur est confirmé.").await
}

pub async fn renew_invoice_address(asker: Asker, _form: Form<Nothing>) -> PageResult {
    crate::inbound::renew_invoice_address(&asker).await?;
    asker.done(PATH, "L’adresse est créée : communiquez-la à vos fournisseurs.")
}
