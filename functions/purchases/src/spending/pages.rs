//! `/ventes/depenses/banque`

use std::cmp::Ordering;

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{
    Error, Minor, Permission, Rule, Violation,
    id::{BankLineId, ExpenseId},
    page::{PAGE_SIZE, PageRequest},
};
use table::meter::side_by_side;
use web::{
    Asker, Form, Id, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page_with_status,
};

use super::{
    SpendingInput, SpendingLine, SpendingState,
    api::{Payable, Wanted, lines, state},
};
use crate::{Nothing, expense::Expense};

pub const PATH: &str = "/ventes/depenses/banque";

#[derive(Template)]
#[template(path = "spending.html")]
struct SpendingPage {
    shell: Shell,
    tab: &'static str,
    form_key: String,
    errors: FieldErrors,
    state: &'static str,
    lines: Vec<LineRow>,
    next: Option<String>,
    first: Option<String>,
    can_edit: bool,
    can_create: bool,
    may_import: bool,
}

struct LineRow {
    id: BankLineId,
    version: u64,
    label: String,
    counterparty: String,
    booked_on: String,
    amount: String,
    expense: Option<ExpenseId>,
    suggestions: Vec<SuggestionRow>,
}

struct SuggestionRow {
    expense: ExpenseId,
    text: String,
    why: &'static str,
    /// Whose account may be confirmed by it; nobody's where empty.
    asks_account: String,
    /// By how much the line comes to another amount; empty where it does not.
    difference: String,
}

/// By how much a line comes to another amount than a payment of an expense, as who accepts it reads it.
fn difference(line: &SpendingLine, expense: &Expense) -> String {
    let (paid, due) = (line.amount_minor, expense.to_pay());
    let told = |amount: i64| Minor(amount).french(line.currency);
    let of = format!("La ligne est de {}", told(paid.0));
    match paid.cmp(&due) {
        Ordering::Equal => String::new(),
        Ordering::Less => format!(
            "{of}, soit {} de moins que cette dépense\u{a0}: la tenir pour payée en entier",
            told(due.0.saturating_sub(paid.0))
        ),
        Ordering::Greater => format!(
            "{of}, soit {} de plus que cette dépense\u{a0}: rapprocher quand même toute la ligne",
            told(paid.0.saturating_sub(due.0))
        ),
    }
}

/// By what people know an expense that a line may have paid.
fn named(asker: &Asker, expense: &Expense) -> String {
    let day = |on| asker.organization.date(on);
    let paid = match &expense.payment {
        Some(noted) => format!("déjà payée le {}", day(noted.on)),
        None => format!("à payer le {}", day(expense.payable_on())),
    };
    format!("{}, {}, {paid}", expense.description, expense.to_pay().french(expense.currency))
}

impl LineRow {
    fn of(asker: &Asker, line: &SpendingLine, version: u64, open: &Payable) -> Self {
        let suggestion = |(expense, why): (&Expense, super::Reason)| SuggestionRow {
            expense: expense.id,
            text: named(asker, expense),
            why: why.french(),
            asks_account: match &expense.supplier {
                Some(supplier) if open.asks_account(line, expense) => supplier.name.clone(),
                _ => String::new(),
            },
            difference: difference(line, expense),
        };
        Self {
            id: line.id,
            version,
            label: line.label.clone(),
            counterparty: line.counterparty.clone().unwrap_or_default(),
            booked_on: asker.organization.date(line.booked_on),
            amount: line.amount_minor.french(line.currency),
            expense: match line.state {
                SpendingState::Spent { expense } => Some(expense),
                SpendingState::Open | SpendingState::Closed => None,
            },
            suggestions: line.suggestions(&open.expenses, &open.accounts).into_iter().map(suggestion).collect(),
        }
    }
}

async fn listed(
    asker: &Asker,
    state: &'static str,
    request: &PageRequest,
    status: StatusCode,
    errors: FieldErrors,
) -> PageResult {
    let (found, open) = lines(asker, state, request).await?;
    let link = |cursor: &str| format!("{PATH}?state={state}&limit={}&cursor={cursor}", request.limit);
    page_with_status(
        status,
        &SpendingPage {
            shell: Shell::new(asker, "sales", "Sorties de banque"),
            tab: "bank",
            form_key: asker.form_key(),
            errors,
            state,
            lines: found.items.iter().map(|read| LineRow::of(asker, read, read.version, &open)).collect(),
            next: found.next_cursor.map(|cursor| link(&cursor)),
            first: request.cursor.as_ref().map(|_| format!("{PATH}?state={state}")),
            can_edit: asker.may(Permission::SalesEdit),
            can_create: asker.may(Permission::SalesCreate),
            may_import: asker.may(Permission::InvoicingEdit),
        },
    )
}

pub async fn list_spending_lines(
    asker: Asker,
    Query(wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> PageResult {
    listed(&asker, state(&wanted.state)?, &request, StatusCode::OK, FieldErrors::default()).await
}

#[derive(Template)]
#[template(path = "spending_line.html")]
struct LinePage {
    shell: Shell,
    form_key: String,
    line: LineRow,
    is_open: bool,
    /// Any of those that it could have paid.
    expenses: Vec<Choice>,
    errors: FieldErrors,
    /// By how much it comes to another amount than the one that was chosen; empty where nobody has chosen yet.
    difference: String,
    names_account: bool,
    can_edit: bool,
    can_create: bool,
    may_import: bool,
}

/// A line, and any expense that may be chosen for it.
pub async fn show_spending_line(asker: Asker, Id(id): Id<BankLineId>) -> PageResult {
    shown(&asker, id, "", StatusCode::OK, FieldErrors::default()).await
}

async fn shown(asker: &Asker, id: BankLineId, chosen: &str, status: StatusCode, errors: FieldErrors) -> PageResult {
    let scope = &asker.scope;
    let key = scope.keys().spending_line(id);
    let (read, open) = side_by_side(scope.get::<SpendingLine>(&key), Payable::read(scope)).await;
    let (read, open) = (read?.ok_or(Error::NotFound)?, open?);
    let fitting = open.expenses.iter().filter(|expense| expense.currency == read.currency && expense.wants_line());
    let choice = |expense: &Expense| {
        let supplier = expense.supplier.as_ref().map(|supplier| format!(" ({})", supplier.name)).unwrap_or_default();
        (expense.id.to_string(), format!("{}{supplier}", named(asker, expense)))
    };
    let different = open.expenses.iter().find(|expense| expense.id.to_string() == chosen);
    let line = LinePage {
        shell: Shell::new(asker, "sales", "Sortie de banque"),
        errors,
        difference: different.map(|expense| difference(&read, expense)).unwrap_or_default(),
        form_key: asker.form_key(),
        is_open: read.state == SpendingState::Open,
        expenses: choices(fitting.map(choice), chosen),
        names_account: read.account.is_some(),
        line: LineRow::of(asker, &read, read.version, &open),
        can_edit: asker.may(Permission::SalesEdit),
        can_create: asker.may(Permission::SalesCreate),
        may_import: asker.may(Permission::InvoicingEdit),
    };
    page_with_status(status, &line)
}

async fn answered(
    asker: &Asker,
    done: kernel::Result<table::Stored<Expense>>,
    told: &str,
    to_expense: bool,
) -> PageResult {
    match done {
        Ok(expense) if to_expense => asker.done(&format!("/ventes/depenses/{}/modifier", expense.id), told),
        Ok(_) => asker.done(PATH, told),
        Err(error) => {
            let errors = FieldErrors::summary_of(error)?;
            let request = PageRequest { limit: PAGE_SIZE, cursor: None };
            listed(asker, "open", &request, StatusCode::CONFLICT, errors).await
        }
    }
}

pub async fn match_spending_line(asker: Asker, Id(id): Id<BankLineId>, form: Form<SpendingInput>) -> PageResult {
    let done = super::match_spending_line(&asker, id, &form.input, form.version).await;
    // Who is told of a difference may accept it where it stands.
    if let Err(Error::Invalid(violations)) = &done
        && let Some(Violation { rule: Rule::NotWhatLinePaid { .. }, .. }) = violations.iter().next()
    {
        let errors = FieldErrors::summary_of(Error::Invalid(violations.clone()))?;
        return shown(&asker, id, &form.input.expense_id, StatusCode::UNPROCESSABLE_ENTITY, errors).await;
    }
    answered(&asker, done, "La ligne est rapprochée de la dépense.", false).await
}

pub async fn enter_spending_line(asker: Asker, Id(id): Id<BankLineId>, form: Form<Nothing>) -> PageResult {
    let done = super::enter_spending_line(&asker, id, form.version).await;
    let told = "La dépense est en brouillon : complétez sa TVA et son fournisseur, puis enregistrez-la.";
    answered(&asker, done, told, true).await
}
