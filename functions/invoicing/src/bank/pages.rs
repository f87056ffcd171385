//! `/facturation/banque`: the lines that wait, with what each may settle, in one click.

use askama::Template;
use axum::{
    extract::{Query, RawQuery},
    response::Response,
};
use http::StatusCode;
use kernel::{
    Error, Minor, Permission, Result,
    id::{BankLineId, CompanyId, ExpenseId, InvoiceId, ReceiptId},
    page::PageRequest,
    text,
};
use serde::Deserialize;
use table::{Order, Scope, meter::side_by_side};
use web::{
    Asker, Failure, Form, Id, Json, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
    upload::{UploadInput, begin_on_page},
};

use super::{
    BankLine, Imported, LineState, MatchInput, STATEMENT, StatementInput, Suggestion,
    match_line::guessed,
    statement_csv::{ColumnsInput, Unread},
    suggestions,
};
use crate::{
    client::{Offer, OfferedClients},
    panel::{ClientDocument, InvoiceSummary, Summary},
    payment::Method,
    quote::pages::Nothing,
    receipt::{
        ReceiptPartInput,
        pages::{Split, query, typed_parts},
    },
};

const PATH: &str = "/facturation/banque";
/// More invoices than a small company has open.
const OPEN_MAX: u16 = 1_000;
const PAGE: u16 = 25;

/// What is open, and what is owed to clients.
pub struct AllOpen {
    invoices: Vec<ClientDocument>,
    credits: Vec<ClientDocument>,
}

pub async fn all_open(scope: &Scope) -> Result<AllOpen> {
    let request = PageRequest { limit: OPEN_MAX, cursor: None };
    let (open, credits) = (scope.keys().open_invoices(None), scope.keys().client_credits(None));
    let (open, credits) = side_by_side(
        scope.list::<ClientDocument>(&open, &request, Order::Ascending),
        scope.list::<ClientDocument>(&credits, &request, Order::Ascending),
    )
    .await;
    let values = |page: kernel::page::Page<table::Stored<ClientDocument>>| {
        page.items.into_iter().map(|line| line.value).collect::<Vec<_>>()
    };
    Ok(AllOpen { invoices: values(open?), credits: values(credits?) })
}

/// What a line may settle; nothing where it is settled.
pub fn suggested(line: &BankLine, open: &AllOpen) -> Vec<Suggestion> {
    match (&line.state, line.amount_minor > Minor::ZERO) {
        (LineState::Open, true) => suggestions(line, &open.invoices),
        (LineState::Open, false) => suggestions(line, &open.credits),
        _ => Vec::new(),
    }
}

// ---- the list -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "bank.html")]
struct BankPage {
    shell: Shell,
    form_key: String,
    state: String,
    lines: Vec<LineRow>,
    import: ImportBox,
    can_edit: bool,
    next: Option<String>,
    first: Option<String>,
    errors: FieldErrors,
}

struct LineRow {
    id: BankLineId,
    version: u64,
    booked_on: String,
    label: String,
    counterparty: String,
    account: String,
    amount: String,
    came: bool,
    suggestions: Vec<SuggestionRow>,
    receipt: Option<ReceiptId>,
    expense: Option<ExpenseId>,
}

struct SuggestionRow {
    why: &'static str,
    /// Whether it may be taken without a second look.
    is_sure: bool,
    text: String,
    excess: String,
    parts: Vec<(InvoiceId, String)>,
}

impl SuggestionRow {
    fn of(suggestion: Suggestion, line: &BankLine) -> Self {
        let currency = line.currency;
        let numbers: Vec<_> = suggestion.parts.iter().map(|part| part.number.as_str()).collect();
        let shown = match numbers.as_slice() {
            [first, second, third, fourth, ..] => format!("{first}, {second}, {third}, {fourth}…"),
            few => few.join(", "),
        };
        Self {
            is_sure: suggestion.why <= super::suggestions::Why::NameAndSum,
            why: suggestion.why.french(),
            text: format!("{} · {shown}", suggestion.client_name),
            excess: match suggestion.excess_minor {
                Minor::ZERO => String::new(),
                excess => excess.french(currency),
            },
            parts: suggestion.parts.into_iter().map(|part| (part.invoice, part.amount_minor.plain(currency))).collect(),
        }
    }
}

impl LineRow {
    fn of(asker: &Asker, line: &table::Stored<BankLine>, open: &AllOpen) -> Self {
        let account = kernel::legal::iban(&line.account).map(|iban| text::iban(&iban));
        Self {
            id: line.id,
            version: line.version,
            booked_on: asker.organization.date(line.booked_on),
            label: line.label.clone(),
            counterparty: line
                .counterparty
                .clone()
                .filter(|name| !line.label.contains(name.as_str()))
                .unwrap_or_default(),
            account: account.unwrap_or_else(|_| line.account.clone()),
            amount: line.amount_minor.french(line.currency),
            came: line.amount_minor > Minor::ZERO,
            suggestions: suggested(line, open).into_iter().map(|found| SuggestionRow::of(found, line)).collect(),
            expense: match line.state {
                LineState::Spent { expense } => Some(expense),
                _ => None,
            },
            receipt: match line.state {
                LineState::Matched { receipt, .. } => Some(receipt),
                LineState::Open | LineState::Ignored { .. } | LineState::Spent { .. } => None,
            },
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    etat: String,
}

pub async fn list_lines(asker: Asker, Query(shown): Query<Shown>, Pagination(request): Pagination) -> PageResult {
    list(&asker, &shown.etat, request, (StatusCode::OK, FieldErrors::default())).await
}

async fn list(
    asker: &Asker,
    state: &str,
    request: PageRequest,
    (status, errors): (StatusCode, FieldErrors),
) -> PageResult {
    let state = LineState::NAMES.into_iter().find(|name| *name == state).unwrap_or("open");
    let request = PageRequest { limit: PAGE, ..request };
    let list = asker.scope.keys().bank_lines(state);
    let lines = asker.scope.list::<BankLine>(&list, &request, Order::Descending);
    let (lines, open) = side_by_side(lines, all_open(&asker.scope)).await;
    let (lines, open) = (lines?, open?);
    let link = |cursor: &str| format!("{PATH}?etat={state}{cursor}");
    page_with_status(
        status,
        &BankPage {
            shell: Shell::new(asker, "invoicing", "Banque"),
            form_key: asker.form_key(),
            state: state.into(),
            lines: lines.items.iter().map(|line| LineRow::of(asker, line, &open)).collect(),
            import: ImportBox::new(asker),
            can_edit: asker.may(Permission::InvoicingEdit),
            next: lines.next_cursor.map(|cursor| link(&format!("&cursor={cursor}"))),
            first: request.cursor.map(|_| link("")),
            errors,
        },
    )
}

// ---- the import -----------------------------------------------------------------------------------------

struct ImportBox {
    accept: String,
    account: String,
    notice: String,
    error: Option<String>,
    /// Of a file whose columns are to be named: its id, and what they begin with.
    upload_id: String,
    columns: Vec<Choice>,
}

impl ImportBox {
    fn new(asker: &Asker) -> Self {
        let iban = asker.organization.legal.bank.as_ref().map(|bank| text::iban(&bank.iban));
        Self {
            accept: format!(".csv,.xml,{}", STATEMENT.accept()),
            account: iban.unwrap_or_else(|| "Compte principal".into()),
            notice: String::new(),
            error: None,
            upload_id: String::new(),
            columns: Vec::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "bank_import_fragment.html")]
struct ImportFragment {
    import: ImportBox,
}

pub async fn begin_statement_upload(asker: Asker, Json(input): Json<UploadInput>) -> Result<Response, Failure> {
    begin_on_page(&asker, &STATEMENT, &input).await
}

/// As the page sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ImportForm {
    upload_id: String,
    account: String,
    date: String,
    label: String,
    amount: String,
    debit: String,
    credit: String,
}

pub async fn import_statement(asker: Asker, form: Form<ImportForm>) -> PageResult {
    let ImportForm { upload_id, account, date, label, amount, debit, credit } = form.input;
    let columns = ColumnsInput { date, label, amount, debit, credit };
    let input = StatementInput { upload_id, account, columns };
    let files = &asker.deps().files;
    let is_fragment = asker.visitor.is_fragment;
    let own = ImportBox { account: input.account.clone(), ..ImportBox::new(&asker) };
    match super::import_statement(&asker.scope, files, &asker.deps().vault, &asker.organization, &input).await {
        Ok(Imported::Lines { new, known, unread }) => {
            let notice = told(new, known, &unread);
            if is_fragment {
                let mut response = page(&ImportFragment { import: ImportBox { notice, ..own } })?;
                // The lines are on the page around it.
                response.headers_mut().insert("hx-trigger", http::HeaderValue::from_static("imported"));
                return Ok(response);
            }
            asker.done(PATH, notice)
        }
        Ok(Imported::UnknownColumns(names)) => {
            let named = names.iter().enumerate().map(|(at, name)| {
                let name = if name.is_empty() { "(vide)" } else { name };
                ((at + 1).to_string(), format!("{} : {name}", at + 1))
            });
            let import = ImportBox {
                upload_id: input.upload_id,
                columns: choices(named, ""),
                error: Some("Les colonnes de ce fichier ne sont pas reconnues : indiquez-les ci-dessous.".into()),
                ..own
            };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ImportFragment { import })
        }
        Err(error) => {
            let errors = FieldErrors::summary_of(error)?;
            let import = ImportBox { error: errors.summary().map(str::to_owned), ..own };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ImportFragment { import })
        }
    }
}

/// How many rows that could not be read are named.
const NAMED_MAX: usize = 5;

fn told(new: usize, known: usize, unread: &Unread) -> String {
    let lines = |count: usize| if count > 1 { format!("{count} lignes") } else { format!("{count} ligne") };
    let mut told = match new {
        0 => "Aucune nouvelle ligne".to_owned(),
        1 => "1 ligne importée".into(),
        _ => format!("{new} lignes importées"),
    };
    if known > 0 {
        told.push_str(&format!(", {} déjà connue{}", lines(known), if known > 1 { "s" } else { "" }));
    }
    let count = unread.count();
    let plural = if count > 1 { "s" } else { "" };
    match unread {
        _ if count == 0 => {}
        Unread::Entries(_) => told.push_str(&format!(", {} non comptabilisée{plural}", lines(count))),
        Unread::Rows(rows) => {
            let named: Vec<_> = rows.iter().take(NAMED_MAX).map(ToString::to_string).collect();
            let more = if count > NAMED_MAX { "…" } else { "" };
            told.push_str(&format!(", {} illisible{plural} (ligne{plural} {}{more})", lines(count), named.join(", ")));
        }
    }
    told.push('.');
    told
}

// ---- one line -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "bank_line.html")]
struct LinePage {
    shell: Shell,
    form_key: String,
    line: LineRow,
    is_open: bool,
    clients: OfferedClients,
    methods: Vec<Choice>,
    client: Option<CompanyId>,
    client_name: String,
    split: Split,
    keep_excess: bool,
    errors: FieldErrors,
}

/// The client whose invoices are shown, and what is typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MatchForm {
    client: String,
    method: String,
    keep_excess: String,
    #[serde(deserialize_with = "web::form::column")]
    part_invoice: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    part_amount: Vec<String>,
}

impl MatchForm {
    fn input(&self) -> MatchInput {
        MatchInput {
            parts: typed_parts(&self.part_invoice, &self.part_amount),
            method: self.method.clone(),
            keep_excess: self.keep_excess.clone(),
        }
    }
}

pub async fn show_line(asker: Asker, Id(id): Id<BankLineId>, asked: RawQuery) -> PageResult {
    line_page(&asker, id, query(asked)?, None, (StatusCode::OK, FieldErrors::default())).await
}

async fn line_page(
    asker: &Asker,
    id: BankLineId,
    form: MatchForm,
    sent: Option<&[ReceiptPartInput]>,
    (status, errors): (StatusCode, FieldErrors),
) -> PageResult {
    let key = asker.scope.keys().bank_line(id);
    let read = side_by_side(asker.scope.get::<BankLine>(&key), all_open(&asker.scope));
    let ((line, open), offer) = side_by_side(read, Offer::first(asker)).await;
    let (line, open) = (line?.ok_or(Error::NotFound)?, open?);
    let row = LineRow::of(asker, &line, &open);
    let lines = if row.came { &open.invoices } else { &open.credits };
    let chosen =
        form.client.parse::<CompanyId>().ok().or_else(|| suggested(&line, &open).first().map(|found| found.client));
    let own: Vec<&ClientDocument> = lines.iter().filter(|open| Some(open.client) == chosen).collect();
    let client_name = own.first().map(|open| open.client_name.clone()).unwrap_or_default();
    let invoices: Vec<InvoiceSummary> = own
        .into_iter()
        .filter_map(|open| match &open.summary {
            Summary::Invoice(invoice) if invoice.currency == line.currency => Some(invoice.clone()),
            _ => None,
        })
        .collect();
    let amount = Minor(line.amount_minor.0.abs());
    let typed = sent.map(|parts| (form.part_invoice.as_slice(), form.part_amount.as_slice(), parts));
    let split = Split::new(asker, invoices, amount, line.currency, typed, &errors);
    let method = if form.method.is_empty() { guessed(&line.label).name() } else { &form.method };
    page_with_status(
        status,
        &LinePage {
            shell: Shell::new(asker, "invoicing", "Ligne de relevé"),
            form_key: asker.form_key(),
            is_open: line.state == LineState::Open && asker.may(Permission::InvoicingEdit),
            line: row,
            clients: offer?.choices(&chosen.map(|client| client.to_string()).unwrap_or_default()),
            methods: choices(Method::ALL.map(|method| (method.name(), method.french())), method),
            client: chosen,
            client_name,
            split,
            keep_excess: form.keep_excess == "true",
            errors,
        },
    )
}

pub async fn match_line(asker: Asker, Id(id): Id<BankLineId>, form: Form<MatchForm>) -> PageResult {
    let input = form.input.input();
    match super::match_line(&asker.scope, &asker.organization, id, &input, form.version).await {
        Ok(receipt) => {
            let numbers: Vec<_> = receipt.parts.iter().map(|part| part.number.as_str()).collect();
            asker.done(PATH, format!("Rapproché de {} : {}.", receipt.client_name, numbers.join(", ")))
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let answer = (StatusCode::UNPROCESSABLE_ENTITY, errors);
            line_page(&asker, id, form.input, Some(&input.parts), answer).await
        }
    }
}

pub async fn ignore_line(asker: Asker, Id(id): Id<BankLineId>, form: Form<Nothing>) -> PageResult {
    let done = super::ignore_line(&asker.scope, &asker.organization, id, form.version).await;
    settled(&asker, done.map(drop), "La ligne est mise de côté.").await
}

pub async fn reopen_line(asker: Asker, Id(id): Id<BankLineId>, form: Form<Nothing>) -> PageResult {
    let done = super::reopen_line(&asker.scope, id, form.version).await;
    settled(&asker, done.map(drop), "La ligne est à rapprocher.").await
}

async fn settled(asker: &Asker, done: Result<()>, message: &str) -> PageResult {
    match done {
        Ok(()) => asker.done(PATH, message),
        Err(error) => {
            let answer = (StatusCode::CONFLICT, FieldErrors::from_error(error)?);
            list(asker, "open", PageRequest::default(), answer).await
        }
    }
}
