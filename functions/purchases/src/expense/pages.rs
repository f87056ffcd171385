//! `/ventes/depenses`

use askama::Template;
use axum::{extract::Query, response::Response};
use http::StatusCode;
use kernel::{
    Currency, Error, Permission,
    id::{BankLineId, ExpenseId},
    money::french_percent,
    page::{PAGE_SIZE, PageRequest},
    purchase::PurchaseCategory,
};
use table::{Order, Stored, meter::side_by_side};
use web::{
    Asker, Failure, Form, Id, Json, NestedForm, PageResult, Pagination, Shell,
    export::size,
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect,
    upload::{UploadInput, begin_on_page},
};

use super::{
    Approval, Expense, ExpenseInput, ExpenseLineInput, PaidBy, PaymentInput, RECEIPT, ReceiptInput, RefusalInput,
    Source, Wanted, store,
};
use crate::{Nothing, supplier::Supplier};

pub const PATH: &str = "/ventes/depenses";
/// How many rows for lines a form has besides those that are filled in.
const BLANK_LINES: usize = 1;
/// How many names of suppliers a form proposes.
const OFFERED_MAX: u16 = 100;

// ---- the list -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "expenses.html")]
struct ExpensesPage {
    shell: Shell,
    tab: &'static str,
    wanted: Wanted,
    categories: Vec<Choice>,
    states: Vec<Choice>,
    payments: Vec<Choice>,
    sorts: Vec<Choice>,
    expenses: Vec<ExpenseRow>,
    is_narrowed: bool,
    next: Option<String>,
    first: Option<String>,
    can_create: bool,
    can_export: bool,
    export_href: String,
}

/// An expense as a list, and the head of its page, show it.
pub struct ExpenseRow {
    pub id: ExpenseId,
    pub description: String,
    pub spent_on: String,
    pub category: &'static str,
    pub supplier: String,
    pub net: String,
    pub gross: String,
    /// What is left to pay, where a part was paid before it was asked for.
    pub left: String,
    pub badge: &'static str,
    pub status: &'static str,
    pub lacks_receipt: bool,
}

impl ExpenseRow {
    pub fn of(asker: &Asker, expense: &Expense) -> Self {
        let sums = expense.sums();
        let (badge, status) = status(expense, asker.today());
        Self {
            id: expense.id,
            description: expense.description.clone(),
            spent_on: asker.organization.date(expense.spent_on),
            category: expense.category.french(),
            supplier: expense.supplier.as_ref().map(|supplier| supplier.name.clone()).unwrap_or_default(),
            net: sums.net.french(expense.currency),
            gross: sums.gross.french(expense.currency),
            left: match expense.is_open() && !expense.prepaid().is_zero() {
                true => expense.to_pay().french(expense.currency),
                false => String::new(),
            },
            badge,
            status,
            lacks_receipt: expense.receipt.is_none() && !sums.tax.is_zero(),
        }
    }
}

/// What is said first of it: whether it counts, then whether it is paid.
fn status(expense: &Expense, today: jiff::civil::Date) -> (&'static str, &'static str) {
    match &expense.approval {
        Approval::Draft => ("neutral", "Brouillon"),
        Approval::Submitted { .. } => ("info", "À approuver"),
        Approval::Refused { .. } => ("danger", "Refusée"),
        Approval::Approved { .. } if expense.is_paid() && expense.is_credit() => ("success", "Remboursée"),
        Approval::Approved { .. } if expense.is_paid() => ("success", "Payée"),
        Approval::Approved { .. } if !expense.is_open() => ("success", "Approuvée"),
        Approval::Approved { .. } if expense.is_credit() => ("info", "À recevoir"),
        Approval::Approved { .. } if expense.is_late(today) => ("warning", "En retard"),
        Approval::Approved { .. } => ("info", "À payer"),
    }
}

const PAYMENTS: [(&str, &str); 3] = [("unpaid", "À régler"), ("late", "En retard"), ("paid", "Payées")];
const SORTS: [(&str, &str); 3] =
    [("-day", "Les plus récentes"), ("day", "Les plus anciennes"), ("due", "À régler, par échéance")];

impl Wanted {
    fn link(&self, base: &str, limit: u16, cursor: Option<&str>) -> String {
        let limit = (limit != PAGE_SIZE).then(|| limit.to_string());
        let fields = [
            ("q", self.q.as_str()),
            ("category", &self.category),
            ("state", &self.state),
            ("payment", &self.payment),
            ("supplier", &self.supplier),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
            ("limit", limit.as_deref().unwrap_or_default()),
            ("cursor", cursor.unwrap_or_default()),
        ];
        web::form::link(base, &fields)
    }
}

pub fn categories(chosen: &str) -> Vec<Choice> {
    choices(PurchaseCategory::ALL.map(|category| (category.name(), category.french())), chosen)
}

pub async fn list_expenses(
    asker: Asker,
    Query(mut wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> PageResult {
    wanted.q = wanted.q.trim().chars().take(100).collect();
    let found = super::list_expenses(&asker.scope, &wanted, &request, asker.today()).await?;
    let link = |cursor: Option<&str>| wanted.link(PATH, request.limit, cursor);
    page(&ExpensesPage {
        shell: Shell::new(&asker, "sales", "Dépenses"),
        tab: "expenses",
        categories: categories(&wanted.category),
        states: choices(Approval::NAMES, &wanted.state),
        payments: choices(PAYMENTS, &wanted.payment),
        sorts: choices(SORTS, if wanted.sort.is_empty() { "-day" } else { &wanted.sort }),
        expenses: found.items.iter().map(|expense| ExpenseRow::of(&asker, expense)).collect(),
        is_narrowed: wanted.is_narrowed(),
        next: found.next_cursor.map(|cursor| link(Some(&cursor))),
        first: request.cursor.as_ref().map(|_| link(None)),
        can_create: asker.may(Permission::SalesCreate),
        can_export: asker.may(Permission::SalesExport),
        export_href: wanted.link(&format!("{PATH}/export"), PAGE_SIZE, None),
        wanted,
    })
}

// ---- the form -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "expense_form.html")]
struct ExpenseFormPage {
    shell: Shell,
    form_key: String,
    action: String,
    cancel_href: String,
    /// Absent for a new expense.
    version: Option<u64>,
    form: ExpenseInput,
    lines: Vec<LineRow>,
    errors: FieldErrors,
    categories: Vec<Choice>,
    currencies: Vec<Choice>,
    methods: Vec<Choice>,
    suppliers: Vec<String>,
    currency_symbol: &'static str,
    recovered_hint: String,
    can_draft: bool,
}

/// The fields of one line, by the names under which the form sends them.
pub struct LineRow {
    pub input: ExpenseLineInput,
    pub net_name: String,
    pub gross_name: String,
    pub rate_name: String,
    pub tax_name: String,
    pub recovered_name: String,
    pub net_error: Option<String>,
    pub gross_error: Option<String>,
    pub rate_error: Option<String>,
    pub tax_error: Option<String>,
    pub recovered_error: Option<String>,
}

impl LineRow {
    /// Those that are filled in and some more.
    pub fn all(lines: &[ExpenseLineInput], errors: &FieldErrors) -> Vec<Self> {
        // What is wrong is told by its place, so that those between stay where they were.
        let filled = lines.iter().rposition(|line| !line.is_blank()).map_or(0, |last| last + 1);
        let blank = if filled == 0 { 2 } else { BLANK_LINES };
        let blank = std::iter::repeat_n(ExpenseLineInput::default(), blank);
        let lines = lines[..filled].iter().cloned().chain(blank).take(super::LINES_MAX);
        let row = |(at, input): (usize, ExpenseLineInput)| {
            let name = |field: &str| format!("lines.{at}.{field}");
            let error = |field: &str| errors.get(&format!("/lines/{at}/{field}"));
            Self {
                net_name: name("net"),
                gross_name: name("gross"),
                rate_name: name("vat_percent"),
                tax_name: name("tax"),
                recovered_name: name("recovered_percent"),
                net_error: error("net"),
                gross_error: error("gross"),
                rate_error: error("vat_percent"),
                tax_error: error("tax"),
                recovered_error: error("recovered_percent"),
                input,
            }
        };
        lines.enumerate().map(row).collect()
    }
}

pub fn currencies(chosen: &str) -> Vec<Choice> {
    choices(Currency::ALL.map(|currency| (currency.code(), currency.french())), chosen)
}

fn methods(chosen: &str) -> Vec<Choice> {
    choices(PaidBy::ALL.map(|by| (by.name(), by.french())), chosen)
}

pub fn recovered_hint(asker: &Asker) -> String {
    match super::recovers_vat(&asker.organization) {
        true => "100 si vide.".into(),
        false => "0 si vide (franchise).".into(),
    }
}

/// The first names that a form proposes.
pub async fn supplier_names(asker: &Asker) -> kernel::Result<Vec<String>> {
    let list = asker.scope.keys().suppliers(false, "");
    let request = PageRequest { limit: OFFERED_MAX, cursor: None };
    let found = asker.scope.list::<Supplier>(&list, &request, Order::Ascending).await?;
    Ok(found.items.into_iter().map(|read| read.value.content.name).collect())
}

/// With the comma that people type.
pub fn typed_lines(lines: Vec<ExpenseLineInput>) -> Vec<ExpenseLineInput> {
    let comma = |text: String| text.replace('.', ",");
    let line = |line: ExpenseLineInput| ExpenseLineInput {
        net: comma(line.net),
        gross: comma(line.gross),
        vat_percent: comma(line.vat_percent),
        tax: comma(line.tax),
        recovered_percent: comma(line.recovered_percent),
    };
    lines.into_iter().map(line).collect()
}

impl ExpenseFormPage {
    fn new(
        asker: &Asker,
        edited: Option<(ExpenseId, Option<u64>)>,
        form: ExpenseInput,
        suppliers: Vec<String>,
        errors: FieldErrors,
    ) -> Self {
        let title = if edited.is_some() { "Modifier la dépense" } else { "Nouvelle dépense" };
        let one = |id| format!("{PATH}/{id}");
        let own = asker.organization.currency;
        let currency = if form.currency.is_empty() { own.code() } else { &form.currency };
        Self {
            shell: Shell::new(asker, "sales", title),
            form_key: asker.form_key(),
            action: edited.map_or_else(|| format!("{PATH}/nouvelle"), |(id, _)| format!("{}/modifier", one(id))),
            cancel_href: edited.map_or_else(|| PATH.into(), |(id, _)| one(id)),
            version: edited.and_then(|(_, version)| version),
            lines: LineRow::all(&form.lines, &errors),
            categories: categories(if form.category.is_empty() { "other" } else { &form.category }),
            currencies: currencies(currency),
            methods: methods(&form.paid_by),
            suppliers,
            currency_symbol: currency.parse().unwrap_or(own).symbol(),
            recovered_hint: recovered_hint(asker),
            can_draft: edited.is_none(),
            form,
            errors,
        }
    }
}

pub async fn new_expense(asker: Asker) -> PageResult {
    let suppliers = supplier_names(&asker).await?;
    let form = ExpenseInput { spent_on: asker.today().to_string(), ..ExpenseInput::default() };
    page(&ExpenseFormPage::new(&asker, None, form, suppliers, FieldErrors::default()))
}

/// A form names suppliers: the one who was chosen elsewhere is not sent back.
async fn again(
    asker: &Asker,
    edited: Option<(ExpenseId, Option<u64>)>,
    form: ExpenseInput,
    error: Error,
) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let suppliers = supplier_names(asker).await?;
    let page = ExpenseFormPage::new(asker, edited, form, suppliers, errors);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

pub async fn create_expense(asker: Asker, form: NestedForm<ExpenseInput>) -> PageResult {
    match super::create_expense(&asker, &form.input).await {
        Ok(expense) => {
            let told = match expense.approval {
                Approval::Draft => "La dépense est gardée en brouillon : elle ne compte pas encore.",
                Approval::Submitted { .. } => "La dépense attend son approbation.",
                Approval::Approved { .. } | Approval::Refused { .. } => "La dépense est enregistrée.",
            };
            asker.done(&format!("{PATH}/{}", expense.id), told)
        }
        Err(error) => again(&asker, None, form.input, error).await,
    }
}

pub async fn change_expense(asker: Asker, Id(id): Id<ExpenseId>) -> PageResult {
    let (read, suppliers) = side_by_side(store::read(&asker.scope, id), supplier_names(&asker)).await;
    let read = read?;
    let form = ExpenseInput { supplier_id: String::new(), ..ExpenseInput::of(&read) };
    let form = ExpenseInput { lines: typed_lines(form.lines), ..form };
    let edited = Some((id, Some(read.version)));
    page(&ExpenseFormPage::new(&asker, edited, form, suppliers?, FieldErrors::default()))
}

pub async fn edit_expense(asker: Asker, Id(id): Id<ExpenseId>, form: NestedForm<ExpenseInput>) -> PageResult {
    match super::edit_expense(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La dépense est enregistrée."),
        Err(error) => again(&asker, Some((id, form.version)), form.input, error).await,
    }
}

// ---- one expense ----------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "expense.html")]
struct ExpensePage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    base: String,
    version: u64,
    expense: ExpenseRow,
    lines: Vec<TaxRow>,
    recovered: String,
    supplier_href: Option<String>,
    reference: String,
    notes: String,
    due_on: String,
    paid_on: String,
    paid_by: &'static str,
    bank_line: Option<BankLineId>,
    payment: PaymentWords,
    created_on: String,
    source: Option<(String, &'static str)>,
    /// The number of the employee who is paid back.
    employee: String,
    refusal: String,
    receipt: ReceiptBox,
    methods: Vec<Choice>,
    today: String,
    can_edit: bool,
    can_delete: bool,
    can_submit: bool,
    can_withdraw: bool,
    can_decide: bool,
    can_refuse: bool,
    can_pay: bool,
    can_unpay: bool,
    pay_errors: bool,
    refuse_errors: bool,
}

/// What a payment of it is called.
struct PaymentWords {
    note: &'static str,
    noted_on: &'static str,
    take_back: &'static str,
}

impl PaymentWords {
    fn of(expense: &Expense) -> Self {
        if expense.is_credit() {
            Self { note: "Noter le remboursement", noted_on: "Remboursée le", take_back: "Annuler le remboursement" }
        } else {
            Self { note: "Noter le paiement", noted_on: "Payée le", take_back: "Annuler le paiement" }
        }
    }
}

struct TaxRow {
    rate: String,
    tax: String,
    /// Where it is not all of it.
    recovered: String,
}

/// The proof, and what may be done with it.
struct ReceiptBox {
    label: &'static str,
    name: String,
    size: String,
    href: String,
    begin: String,
    accept: String,
    version: u64,
    can_edit: bool,
    error: Option<String>,
}

impl ReceiptBox {
    fn of(asker: &Asker, read: &Stored<Expense>, error: Option<String>) -> Self {
        let href = format!("{PATH}/{}/justificatif", read.id);
        let receipt = read.receipt.as_ref();
        Self {
            label: if receipt.is_some() { "Remplacer" } else { "Ajouter un justificatif" },
            name: receipt.map(super::Receipt::file_name).unwrap_or_default(),
            size: receipt.map(|receipt| size(receipt.bytes)).unwrap_or_default(),
            begin: format!("{href}/televersement"),
            href,
            accept: RECEIPT.accept(),
            version: read.version,
            can_edit: asker.may(Permission::SalesEdit) && !matches!(read.source, Source::Invoice { .. }),
            error,
        }
    }
}

#[derive(Template)]
#[template(path = "receipt_fragment.html")]
struct ReceiptFragment {
    receipt: ReceiptBox,
}

impl ExpensePage {
    fn new(asker: &Asker, read: &Stored<Expense>, errors: FieldErrors) -> Self {
        let expense = &read.value;
        let organization = &asker.organization;
        let day = |on: Option<jiff::civil::Date>| on.map(|on| organization.date(on)).unwrap_or_default();
        let money = |amount: kernel::Minor| amount.french(expense.currency);
        let tax = |line: &super::ExpenseLine| TaxRow {
            rate: french_percent(line.vat_percent),
            tax: money(line.tax_minor),
            recovered: if line.recovered_minor == line.tax_minor { String::new() } else { money(line.recovered_minor) },
        };
        let payment = expense.payment.as_ref();
        let is_submitted = matches!(expense.approval, Approval::Submitted { .. });
        let (edit, create) = (asker.may(Permission::SalesEdit), asker.may(Permission::SalesCreate));
        Self {
            shell: Shell::new(asker, "sales", expense.description.clone()),
            form_key: asker.form_key(),
            base: format!("{PATH}/{}", expense.id),
            version: read.version,
            expense: ExpenseRow::of(asker, expense),
            lines: expense.lines.iter().map(tax).collect(),
            recovered: money(expense.sums().recovered),
            supplier_href: expense.supplier.as_ref().map(|supplier| format!("/ventes/fournisseurs/{}", supplier.id)),
            reference: expense.reference.clone().unwrap_or_default(),
            notes: expense.notes.clone().unwrap_or_default(),
            due_on: day(expense.due_on),
            paid_on: day(payment.map(|payment| payment.on)),
            paid_by: payment.map_or("", |payment| payment.by.french()),
            bank_line: payment.and_then(|payment| payment.bank_line),
            payment: PaymentWords::of(expense),
            created_on: organization.date(organization.day(expense.created_at)),
            source: match &expense.source {
                Source::Manual => None,
                Source::Recurring { recurring, .. } => {
                    Some((format!("{PATH}/recurrentes/{recurring}"), "Dépense récurrente"))
                }
                Source::Invoice { invoice, .. } => {
                    let what =
                        if expense.is_credit() { "Avoir électronique reçu" } else { "Facture électronique reçue" };
                    Some((format!("/ventes/factures-recues/{invoice}"), what))
                }
                // For who may decide on reports; to others there is none.
                Source::Report { report, .. } => {
                    let is_seen = asker.may(Permission::HrApprove);
                    let href = if is_seen { format!("/rh/frais/{report}") } else { String::new() };
                    Some((href, "Note de frais"))
                }
            },
            employee: match &expense.source {
                Source::Report { employee_number, .. } => employee_number.clone(),
                _ => String::new(),
            },
            refusal: match &expense.approval {
                Approval::Refused { reason, .. } => reason.clone(),
                _ => String::new(),
            },
            receipt: ReceiptBox::of(asker, read, None),
            methods: methods(""),
            today: asker.today().to_string(),
            can_edit: edit && !is_submitted,
            can_delete: asker.may(Permission::SalesDelete) && expense.must_be_deletable().is_ok(),
            can_submit: create && matches!(expense.approval, Approval::Draft | Approval::Refused { .. }),
            can_withdraw: create && is_submitted,
            can_decide: asker.may(Permission::SalesApprove) && is_submitted,
            can_refuse: asker.may(Permission::SalesApprove)
                && is_submitted
                && !matches!(expense.source, Source::Invoice { .. }),
            can_pay: edit && expense.is_open(),
            can_unpay: edit && expense.is_paid(),
            pay_errors: ["/paid_on", "/paid_by"].iter().any(|at| errors.get(at).is_some()),
            refuse_errors: errors.get("/reason").is_some(),
            errors,
        }
    }
}

pub async fn show_expense(asker: Asker, Id(id): Id<ExpenseId>) -> PageResult {
    let read = store::read(&asker.scope, id).await?;
    page(&ExpensePage::new(&asker, &read, FieldErrors::default()))
}

/// The page again, which says why nothing happened.
async fn refused(asker: &Asker, id: ExpenseId, error: Error) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let status = if errors.summary().is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    let read = store::read(&asker.scope, id).await?;
    page_with_status(status, &ExpensePage::new(asker, &read, errors))
}

async fn answered<T>(asker: &Asker, id: ExpenseId, done: kernel::Result<T>, told: &str) -> PageResult {
    match done {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), told),
        Err(error) => refused(asker, id, error).await,
    }
}

pub async fn delete_expense(asker: Asker, Id(id): Id<ExpenseId>, form: Form<Nothing>) -> PageResult {
    match super::delete_expense(&asker.scope, id, form.version).await {
        Ok(()) => asker.done(PATH, "La dépense est supprimée."),
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn submit_expense(asker: Asker, Id(id): Id<ExpenseId>, form: Form<Nothing>) -> PageResult {
    let done = super::submit_expense(&asker, id, form.version).await;
    let told = match &done {
        Ok(expense) if expense.counts() => "La dépense est enregistrée.",
        _ => "La dépense attend son approbation.",
    };
    answered(&asker, id, done, told).await
}

pub async fn withdraw_expense(asker: Asker, Id(id): Id<ExpenseId>, form: Form<Nothing>) -> PageResult {
    let done = super::withdraw_expense(&asker.scope, id, form.version).await;
    answered(&asker, id, done, "La dépense est de nouveau un brouillon.").await
}

pub async fn approve_expense(asker: Asker, Id(id): Id<ExpenseId>, form: Form<Nothing>) -> PageResult {
    let done = super::approve_expense(&asker.scope, id, form.version).await;
    answered(&asker, id, done, "La dépense est approuvée.").await
}

pub async fn refuse_expense(asker: Asker, Id(id): Id<ExpenseId>, form: Form<RefusalInput>) -> PageResult {
    let done = super::refuse_expense(&asker.scope, id, &form.input, form.version).await;
    answered(&asker, id, done, "La dépense est refusée.").await
}

pub async fn pay_expense(asker: Asker, Id(id): Id<ExpenseId>, form: Form<PaymentInput>) -> PageResult {
    let done = super::pay_expense(&asker, id, &form.input, form.version).await;
    let told = match &done {
        Ok(expense) if expense.is_credit() => "Le remboursement est noté.",
        _ => "Le paiement est noté.",
    };
    answered(&asker, id, done, told).await
}

pub async fn unpay_expense(asker: Asker, Id(id): Id<ExpenseId>, form: Form<Nothing>) -> PageResult {
    let done = super::unpay_expense(&asker.scope, id, form.version).await;
    let told = match &done {
        Ok(expense) if expense.is_credit() => "Le remboursement est annulé.",
        _ => "Le paiement est annulé.",
    };
    answered(&asker, id, done, told).await
}

// ---- its proof ------------------------------------------------------------------------------------------

pub async fn download_receipt(asker: Asker, Id(id): Id<ExpenseId>) -> PageResult {
    redirect(&super::download_receipt(&asker, id).await?.url)
}

pub async fn begin_receipt_upload(
    asker: Asker,
    Id(_): Id<ExpenseId>,
    Json(input): Json<UploadInput>,
) -> Result<Response, Failure> {
    begin_on_page(&asker, &RECEIPT, &input).await
}

pub async fn attach_receipt(asker: Asker, Id(id): Id<ExpenseId>, form: Form<ReceiptInput>) -> PageResult {
    let attached = super::attach_receipt(&asker, id, &form.input, form.version).await;
    if !asker.visitor.is_fragment {
        return answered(&asker, id, attached, "Le justificatif est ajouté.").await;
    }
    match attached {
        Ok(read) => page(&ReceiptFragment { receipt: ReceiptBox::of(&asker, &read, None) }),
        Err(error) => {
            let told = FieldErrors::summary_of(error)?.summary().map(str::to_owned);
            let read = store::read(&asker.scope, id).await?;
            let receipt = ReceiptBox::of(&asker, &read, told);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ReceiptFragment { receipt })
        }
    }
}

pub async fn remove_receipt(asker: Asker, Id(id): Id<ExpenseId>, form: Form<Nothing>) -> PageResult {
    let done = super::remove_receipt(&asker.scope, id, form.version).await;
    answered(&asker, id, done, "Le justificatif est retiré.").await
}
