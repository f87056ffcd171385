//! `/ventes/depenses/recurrentes`

use askama::Template;
use http::StatusCode;
use kernel::{Error, Permission, id::RecurringExpenseId, rhythm::Unit};
use table::{Order, Stored, meter::side_by_side};
use web::{
    Asker, Form, Id, NestedForm, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{RecurringExpense, RecurringExpenseInput, RecurringStatus, store};
use crate::{
    Nothing,
    expense::pages::{LineRow, categories, currencies, recovered_hint, supplier_names, typed_lines},
};

pub const PATH: &str = "/ventes/depenses/recurrentes";

#[derive(Template)]
#[template(path = "recurring_expenses.html")]
struct RecurringPage {
    shell: Shell,
    tab: &'static str,
    recurring: Vec<RecurringRow>,
    next: Option<String>,
    first: Option<String>,
    can_create: bool,
}

struct RecurringRow {
    id: RecurringExpenseId,
    description: String,
    supplier: String,
    rhythm: String,
    next_on: String,
    gross: String,
    badge: &'static str,
    status: &'static str,
}

impl RecurringRow {
    fn of(asker: &Asker, recurring: &RecurringExpense) -> Self {
        let content = &recurring.content;
        Self {
            id: recurring.id,
            description: content.description.clone(),
            supplier: content.supplier.as_ref().map(|supplier| supplier.name.clone()).unwrap_or_default(),
            rhythm: recurring.plan.rhythm.french(),
            next_on: recurring.next_on().map(|on| asker.organization.date(on)).unwrap_or_default(),
            gross: content.gross().french(content.currency),
            badge: match recurring.status {
                RecurringStatus::Active => "success",
                RecurringStatus::Paused => "warning",
                RecurringStatus::Stopped => "neutral",
            },
            status: recurring.status.french(),
        }
    }
}

pub async fn list_recurring_expenses(asker: Asker, Pagination(request): Pagination) -> PageResult {
    let list = asker.scope.keys().recurring_expenses();
    let found = asker.scope.list::<RecurringExpense>(&list, &request, Order::Descending).await?;
    page(&RecurringPage {
        shell: Shell::new(&asker, "sales", "Dépenses récurrentes"),
        tab: "recurring",
        recurring: found.items.iter().map(|read| RecurringRow::of(&asker, read)).collect(),
        next: found.next_cursor.map(|cursor| format!("{PATH}?limit={}&cursor={cursor}", request.limit)),
        first: request.cursor.as_ref().map(|_| PATH.to_owned()),
        can_create: asker.may(Permission::SalesCreate),
    })
}

#[derive(Template)]
#[template(path = "recurring_expense.html")]
struct FormPage {
    shell: Shell,
    form_key: String,
    action: String,
    version: Option<u64>,
    form: RecurringForm,
    lines: Vec<LineRow>,
    errors: FieldErrors,
    categories: Vec<Choice>,
    currencies: Vec<Choice>,
    rhythms: Vec<Choice>,
    suppliers: Vec<String>,
    currency_symbol: &'static str,
    recovered_hint: String,
    /// Of one that there is.
    head: Option<RecurringRow>,
    made: String,
    can_edit: bool,
    can_pause: bool,
    can_resume: bool,
    can_stop: bool,
}

/// What the fields of an expense's form, and those of this one besides, are filled in with.
struct RecurringForm {
    description: String,
    spent_on: String,
    supplier: String,
    reference: String,
    notes: String,
    plan: RecurringExpenseInput,
}

/// How many expenses it made.
fn made(count: u32) -> String {
    match count {
        0 => "aucune dépense enregistrée".into(),
        1 => "1 dépense enregistrée".into(),
        count => format!("{count} dépenses enregistrées"),
    }
}

impl FormPage {
    fn new(
        asker: &Asker,
        edited: Option<(&Stored<RecurringExpense>, Option<u64>)>,
        input: RecurringExpenseInput,
        suppliers: Vec<String>,
        errors: FieldErrors,
    ) -> Self {
        let own = asker.organization.currency;
        let currency = if input.currency.is_empty() { own.code() } else { &input.currency };
        let rhythm = if input.rhythm.is_empty() { Unit::Monthly.name() } else { &input.rhythm };
        let rhythms = [
            (Unit::Weekly, "Semaine"),
            (Unit::Monthly, "Mois"),
            (Unit::Quarterly, "Trimestre"),
            (Unit::HalfYearly, "Semestre"),
            (Unit::Yearly, "Année"),
        ];
        let status = edited.map(|(read, _)| read.status);
        let edit = asker.may(Permission::SalesEdit);
        Self {
            shell: Shell::new(asker, "sales", edited.map_or("Nouvelle dépense récurrente", |_| "Dépense récurrente")),
            form_key: asker.form_key(),
            action: edited.map_or_else(|| format!("{PATH}/nouvelle"), |(read, _)| format!("{PATH}/{}", read.id)),
            version: edited.and_then(|(_, version)| version),
            lines: LineRow::all(&input.lines, &errors),
            categories: categories(if input.category.is_empty() { "other" } else { &input.category }),
            currencies: currencies(currency),
            rhythms: choices(rhythms.map(|(unit, french)| (unit.name(), french)), rhythm),
            suppliers,
            currency_symbol: currency.parse().unwrap_or(own).symbol(),
            recovered_hint: recovered_hint(asker),
            head: edited.map(|(read, _)| RecurringRow::of(asker, read)),
            made: made(edited.map_or(0, |(read, _)| read.made)),
            can_edit: if edited.is_some() { edit && status != Some(RecurringStatus::Stopped) } else { true },
            can_pause: edit && status == Some(RecurringStatus::Active),
            can_resume: edit && status == Some(RecurringStatus::Paused),
            can_stop: edit && matches!(status, Some(RecurringStatus::Active | RecurringStatus::Paused)),
            form: RecurringForm {
                description: input.description.clone(),
                spent_on: input.first_on.clone(),
                supplier: input.supplier.clone(),
                reference: input.reference.clone(),
                notes: input.notes.clone(),
                plan: input,
            },
            errors,
        }
    }
}

pub async fn new_recurring_expense(asker: Asker) -> PageResult {
    let suppliers = supplier_names(&asker).await?;
    let input = RecurringExpenseInput { first_on: asker.today().to_string(), ..RecurringExpenseInput::default() };
    page(&FormPage::new(&asker, None, input, suppliers, FieldErrors::default()))
}

pub async fn create_recurring_expense(asker: Asker, form: NestedForm<RecurringExpenseInput>) -> PageResult {
    match super::create_recurring_expense(&asker, &form.input).await {
        Ok(_) => asker.done(PATH, "La dépense récurrente est enregistrée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let suppliers = supplier_names(&asker).await?;
            let page = FormPage::new(&asker, None, form.input, suppliers, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn show_recurring_expense(asker: Asker, Id(id): Id<RecurringExpenseId>) -> PageResult {
    let (read, suppliers) = side_by_side(store::read(&asker.scope, id), supplier_names(&asker)).await;
    let read = read?;
    let input = RecurringExpenseInput::of(&read);
    let input = RecurringExpenseInput { supplier_id: String::new(), lines: typed_lines(input.lines), ..input };
    page(&FormPage::new(&asker, Some((&read, Some(read.version))), input, suppliers?, FieldErrors::default()))
}

pub async fn edit_recurring_expense(
    asker: Asker,
    Id(id): Id<RecurringExpenseId>,
    form: NestedForm<RecurringExpenseInput>,
) -> PageResult {
    match super::edit_recurring_expense(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La dépense récurrente est enregistrée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let (read, suppliers) = side_by_side(store::read(&asker.scope, id), supplier_names(&asker)).await;
            let page = FormPage::new(&asker, Some((&read?, form.version)), form.input, suppliers?, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

async fn turned(
    asker: &Asker,
    id: RecurringExpenseId,
    done: Result<Stored<RecurringExpense>, Error>,
    told: &str,
) -> PageResult {
    match done {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), told),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let read = store::read(&asker.scope, id).await?;
            let input = RecurringExpenseInput::of(&read);
            let page = FormPage::new(asker, Some((&read, Some(read.version))), input, Vec::new(), errors);
            page_with_status(StatusCode::CONFLICT, &page)
        }
    }
}

pub async fn pause_recurring_expense(asker: Asker, Id(id): Id<RecurringExpenseId>, form: Form<Nothing>) -> PageResult {
    let done = super::pause_recurring_expense(&asker, id, form.version).await;
    turned(&asker, id, done, "La dépense récurrente est suspendue.").await
}

pub async fn resume_recurring_expense(asker: Asker, Id(id): Id<RecurringExpenseId>, form: Form<Nothing>) -> PageResult {
    let done = super::resume_recurring_expense(&asker, id, form.version).await;
    turned(&asker, id, done, "La dépense récurrente reprend.").await
}

pub async fn stop_recurring_expense(asker: Asker, Id(id): Id<RecurringExpenseId>, form: Form<Nothing>) -> PageResult {
    let done = super::stop_recurring_expense(&asker, id, form.version).await;
    turned(&asker, id, done, "La dépense récurrente est arrêtée.").await
}
