//! `/facturation/recurrentes`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{
    Error, Permission, Result, Rule,
    document::Kind,
    error::Conflict,
    id::{InvoiceId, RecurringInvoiceId},
    money::{french_percent, french_price},
    terms::DayCount,
    text,
};
use serde::Deserialize;
use table::{Order, Stored, meter::side_by_side};
use web::{
    Asker, Form, Id, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices, column},
    page, page_with_status,
};

use super::{
    LinePriceInput, Occurrence, PeriodRule, PricesInput, RecurringInput, RecurringInvoice, Status, Then, Unit, store,
};
use crate::{
    client::{Offer, OfferedClients},
    form::{DocumentForm, Editor},
    invoice::{self, InvoiceInput, OPERATIONS, operations_name},
    quote::pages::Nothing,
    view::{Badge, Labelled, Sheet},
};

const PATH: &str = "/facturation/recurrentes";

fn badge(status: Status) -> Badge {
    let (kind, label) = match status {
        Status::Active => ("success", "En cours"),
        Status::Paused => ("warning", "En pause"),
        Status::Stopped => ("neutral", "Arrêtée"),
        Status::Finished => ("neutral", "Terminée"),
    };
    Badge { kind, label }
}

fn title(recurring: &RecurringInvoice) -> String {
    recurring.words.subject.clone().unwrap_or_else(|| recurring.client.reference.name.clone())
}

/// `le 01/12/2026`, or that there is none.
fn next_text(asker: &Asker, recurring: &RecurringInvoice) -> String {
    recurring.next_on().map(|on| asker.organization.date(on)).unwrap_or_default()
}

// ---- the list -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "recurring_invoices.html")]
struct RecurringInvoicesPage {
    shell: Shell,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    can_create: bool,
}

struct Row {
    id: RecurringInvoiceId,
    title: String,
    client_name: String,
    rhythm: String,
    next_on: String,
    badges: Vec<Badge>,
    total: String,
}

impl Row {
    fn of(asker: &Asker, recurring: &RecurringInvoice) -> Result<Self> {
        let on = recurring.next_on().unwrap_or(asker.today());
        let priced = recurring.priced_on(on).map_err(Error::internal)?;
        let mut badges = vec![badge(recurring.status)];
        if recurring.held_back.is_some() {
            badges.push(Badge { kind: "danger", label: "À vérifier" });
        }
        Ok(Self {
            id: recurring.id,
            title: title(recurring),
            client_name: recurring.client.reference.name.clone(),
            rhythm: recurring.plan.rhythm.french(),
            next_on: next_text(asker, recurring),
            badges,
            total: priced.totals.gross_minor.french(priced.currency),
        })
    }
}

pub async fn list_recurring_invoices(asker: Asker, Pagination(request): Pagination) -> PageResult {
    let list = asker.scope.keys().recurring_invoices();
    let found = asker.scope.list::<RecurringInvoice>(&list, &request, Order::Descending).await?;
    page(&RecurringInvoicesPage {
        shell: Shell::new(&asker, "invoicing", "Factures récurrentes"),
        rows: found.items.iter().map(|recurring| Row::of(&asker, recurring)).collect::<Result<_>>()?,
        next: found.next_cursor.map(|cursor| format!("{PATH}?cursor={cursor}")),
        first: request.cursor.map(|_| PATH.into()),
        can_create: asker.may(Permission::InvoicingCreate),
    })
}

// ---- the form -------------------------------------------------------------------------------------------

#[derive(Debug, Deserialize)]
pub struct RecurringForm {
    #[serde(default)]
    payment_days: String,
    #[serde(default)]
    day_count: String,
    #[serde(default)]
    operations: String,
    #[serde(default)]
    purchase_order: String,
    #[serde(default)]
    rhythm: String,
    #[serde(default)]
    every: String,
    #[serde(default)]
    first_on: String,
    #[serde(default)]
    day_of_month: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    times: String,
    #[serde(default)]
    period: String,
    #[serde(default)]
    then: String,
    #[serde(default)]
    yearly_percent: String,
    #[serde(flatten)]
    document: DocumentForm,
}

impl RecurringForm {
    fn input(&self, asker: &Asker) -> RecurringInput {
        let document = &self.document;
        let (discount_percent, discount_amount) = document.discount();
        RecurringInput {
            invoice: InvoiceInput {
                client_id: document.client.clone(),
                subject: document.subject.clone(),
                introduction: document.introduction.clone(),
                conditions: document.conditions.clone(),
                payment_days: self.payment_days.clone(),
                day_count: self.day_count.clone(),
                supplied_on: String::new(),
                operations: self.operations.clone(),
                purchase_order: self.purchase_order.clone(),
                discount_percent,
                discount_amount,
                vat_treatment: document.vat_treatment.clone(),
                exchange_rate: String::new(),
                exchange_on: String::new(),
                lines: document.lines(asker.organization.vat_regime),
            },
            rhythm: self.rhythm.clone(),
            every: self.every.clone(),
            first_on: self.first_on.clone(),
            day_of_month: self.day_of_month.clone(),
            until: self.until.clone(),
            times: self.times.clone(),
            period: self.period.clone(),
            then: self.then.clone(),
            yearly_percent: self.yearly_percent.clone(),
        }
    }
}

/// What is wrong, as the fields of the form are called: those of the invoice stand beside the others.
fn form_errors(error: Error) -> Result<FieldErrors, Error> {
    FieldErrors::from_error(match error {
        Error::Invalid(violations) => {
            Error::Invalid(violations.moved(|pointer| pointer.strip_prefix("/invoice").unwrap_or(pointer).to_owned()))
        }
        other => other,
    })
}

#[derive(Template)]
#[template(path = "recurring_invoice_form.html")]
struct RecurringFormPage {
    shell: Shell,
    action: String,
    cancel_href: String,
    form_key: String,
    version: Option<u64>,
    clients: OfferedClients,
    operations: Vec<Choice>,
    day_counts: Vec<Choice>,
    rhythms: Vec<Choice>,
    periods: Vec<Choice>,
    thens: Vec<Choice>,
    editor: Editor,
    input: RecurringInput,
    form: InvoiceInput,
    errors: FieldErrors,
}

impl RecurringFormPage {
    fn new(
        asker: &Asker,
        edited: Option<(RecurringInvoiceId, Option<u64>)>,
        document: &DocumentForm,
        input: RecurringInput,
        errors: FieldErrors,
        offer: Offer,
    ) -> Self {
        let (title, action, cancel_href) = match edited {
            Some((id, _)) => {
                ("Modifier la facture récurrente", format!("{PATH}/{id}/modifier"), format!("{PATH}/{id}"))
            }
            None => ("Nouvelle facture récurrente", format!("{PATH}/nouvelle"), PATH.into()),
        };
        let may_issue = asker.may(Permission::InvoicingApprove) || input.then == Then::Issue.name();
        let thens = Then::ALL.into_iter().filter(|then| may_issue || *then == Then::Draft);
        Self {
            shell: Shell::new(asker, "invoicing", title),
            action,
            cancel_href,
            form_key: asker.form_key(),
            version: edited.and_then(|(_, version)| version),
            clients: offer.choices(&input.invoice.client_id),
            operations: choices(
                OPERATIONS.map(|(operations, label)| (operations_name(operations), label)),
                &input.invoice.operations,
            ),
            day_counts: choices(DayCount::ALL.map(|count| (count.name(), count.french())), &input.invoice.day_count),
            rhythms: choices(Unit::ALL.map(|unit| (unit.name(), unit.french())), &input.rhythm),
            periods: choices(PeriodRule::ALL.map(|rule| (rule.name(), rule.french())), &input.period),
            thens: choices(thens.map(|then| (then.name(), then.french())), &input.then),
            editor: Editor::new(asker, document, &input.invoice.lines),
            form: input.invoice.clone(),
            input,
            errors,
        }
    }
}

#[derive(Deserialize)]
pub struct Source {
    /// The invoice that it is to repeat.
    #[serde(default)]
    facture: String,
    #[serde(default)]
    client: String,
}

pub async fn new_recurring_invoice(asker: Asker, Query(source): Query<Source>) -> PageResult {
    let first_on = asker.today();
    if let Ok(id) = source.facture.parse::<InvoiceId>() {
        let (invoice, offer) = side_by_side(invoice::store::read(&asker.scope, id), Offer::first(&asker)).await;
        let invoice = invoice?;
        let input = RecurringInput::of_invoice(&invoice, first_on);
        let document = DocumentForm::of(&invoice.client.reference, &invoice.words, &invoice.priced);
        let offer = offer?.and(&invoice.client.reference);
        return page(&RecurringFormPage::new(&asker, None, &document, input, FieldErrors::default(), offer));
    }
    let input = RecurringInput {
        invoice: InvoiceInput { client_id: source.client, operations: "services".into(), ..InvoiceInput::default() },
        rhythm: Unit::Monthly.name().into(),
        first_on: first_on.to_string(),
        ..RecurringInput::default()
    };
    let offer = Offer::with(&asker, &input.invoice.client_id).await?;
    page(&RecurringFormPage::new(&asker, None, &DocumentForm::default(), input, FieldErrors::default(), offer))
}

pub async fn create_recurring_invoice(asker: Asker, form: Form<RecurringForm>) -> PageResult {
    let input = form.input.input(&asker);
    match super::create_recurring_invoice(&asker, &input).await {
        Ok(recurring) => asker.done(&format!("{PATH}/{}", recurring.id), "La facture récurrente est enregistrée."),
        Err(error) => {
            let errors = form_errors(error)?;
            let offer = Offer::with(&asker, &input.invoice.client_id).await?;
            let page = RecurringFormPage::new(&asker, None, &form.input.document, input, errors, offer);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn change_recurring_invoice(asker: Asker, Id(id): Id<RecurringInvoiceId>) -> PageResult {
    let (recurring, offer) = side_by_side(store::read(&asker.scope, id), Offer::first(&asker)).await;
    let recurring = recurring?;
    recurring.must_not_be_stopped()?;
    let offer = offer?.and(&recurring.client.reference);
    let document = DocumentForm::of(&recurring.client.reference, &recurring.words, &recurring.priced);
    let input = RecurringInput::of(&recurring, asker.today())?;
    let edited = Some((id, Some(recurring.version)));
    page(&RecurringFormPage::new(&asker, edited, &document, input, FieldErrors::default(), offer))
}

pub async fn edit_recurring_invoice(
    asker: Asker,
    Id(id): Id<RecurringInvoiceId>,
    form: Form<RecurringForm>,
) -> PageResult {
    let input = form.input.input(&asker);
    match super::edit_recurring_invoice(&asker, id, &input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Les modifications valent pour les prochaines factures."),
        Err(error) => {
            let errors = form_errors(error)?;
            let offer = Offer::with(&asker, &input.invoice.client_id).await?;
            let edited = Some((id, form.version));
            let page = RecurringFormPage::new(&asker, edited, &form.input.document, input, errors, offer);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

// ---- one recurring invoice --------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "recurring_invoice.html")]
struct RecurringInvoicePage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    recurring: Head,
    document: Sheet,
    occurrences: Vec<OccurrenceRow>,
    prices: PricesDialog,
}

struct Head {
    id: RecurringInvoiceId,
    version: u64,
    badge: Badge,
    /// Why the last one stayed a draft.
    notice: Option<&'static str>,
    next_on: String,
    facts: Vec<Labelled>,
    can_edit: bool,
    can_pause: bool,
    can_resume: bool,
    can_stop: bool,
}

struct OccurrenceRow {
    invoice: InvoiceId,
    is_linked: bool,
    due_on: String,
    made_on: String,
    period: String,
    label: String,
    total: String,
    badge: Badge,
    reason: String,
}

struct PricesDialog {
    is_open: bool,
    from: String,
    rows: Vec<PriceRow>,
    symbol: &'static str,
    /// What is planned, in words.
    planned: String,
}

struct PriceRow {
    name: String,
    now: String,
    typed: String,
    error: Option<String>,
}

/// The prices of the page's dialog: a column with a row for each line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PricesForm {
    from: String,
    #[serde(deserialize_with = "column")]
    unit_price: Vec<String>,
}

impl PricesForm {
    /// The lines in which something was typed.
    fn input(&self) -> PricesInput {
        let typed = self.unit_price.iter().enumerate().filter(|(_, price)| !price.trim().is_empty());
        let lines = typed.map(|(at, price)| LinePriceInput { line: at + 1, unit_price: price.clone() }).collect();
        PricesInput { from: self.from.clone(), lines }
    }

    fn of(recurring: &RecurringInvoice) -> Self {
        let Some(planned) = &recurring.new_prices else { return Self::default() };
        let shown = |price: &rust_decimal::Decimal| price.normalize().to_string().replace('.', ",");
        Self {
            from: planned.from.to_string(),
            unit_price: planned.unit_prices.iter().map(|price| price.as_ref().map(shown).unwrap_or_default()).collect(),
        }
    }
}

impl Head {
    fn new(asker: &Asker, recurring: &Stored<RecurringInvoice>) -> Self {
        let may = |permission| asker.may(permission);
        let plan = &recurring.plan;
        let date = |on| asker.organization.date(on);
        let is_over = matches!(recurring.status, Status::Stopped | Status::Finished);
        let mut facts = vec![Labelled::new("Rythme", plan.rhythm.french())];
        facts.push(Labelled::new("Depuis le", date(plan.rhythm.first_on)));
        let ends = match (plan.until, plan.times) {
            (None, None) => "Sans fin prévue".into(),
            (Some(until), None) => format!("Le {}", date(until)),
            (None, Some(times)) => format!("Après {times} factures ({} créées)", recurring.made),
            (Some(until), Some(times)) => format!("Le {}, ou après {times} factures", date(until)),
        };
        facts.push(Labelled::new("Fin", ends));
        facts.push(Labelled::new("À l’échéance", plan.then.french()));
        if !plan.yearly_percent.is_zero() {
            let percent = french_percent(plan.yearly_percent);
            facts.push(Labelled::new("Indexation", format!("{percent} par an, à la date anniversaire")));
        }
        Self {
            id: recurring.id,
            version: recurring.version,
            badge: badge(recurring.status),
            notice: recurring.held_back.map(Conflict::french),
            next_on: next_text(asker, recurring),
            facts,
            can_edit: recurring.status != Status::Stopped && may(Permission::InvoicingCreate),
            can_pause: recurring.status == Status::Active && may(Permission::InvoicingEdit),
            can_resume: recurring.status == Status::Paused && may(Permission::InvoicingEdit),
            can_stop: !is_over && may(Permission::InvoicingEdit),
        }
    }
}

impl OccurrenceRow {
    fn new(asker: &Asker, recurring: &RecurringInvoice, occurrence: &Occurrence) -> Self {
        let date = |on| asker.organization.date(on);
        let badge = match (occurrence.is_deleted, &occurrence.invoice_number, occurrence.held_back) {
            (true, ..) => Badge { kind: "neutral", label: "Brouillon supprimé" },
            (_, Some(_), _) => Badge { kind: "info", label: "Émise" },
            (_, None, Some(_)) => Badge { kind: "danger", label: "Restée en brouillon" },
            (_, None, None) => Badge { kind: "neutral", label: "Brouillon" },
        };
        let is_late = occurrence.made_on > occurrence.due_on;
        Self {
            invoice: occurrence.invoice,
            is_linked: !occurrence.is_deleted,
            due_on: date(occurrence.due_on),
            made_on: if is_late { format!("créée le {}", date(occurrence.made_on)) } else { String::new() },
            period: occurrence.period.french(asker.organization.date_format),
            label: occurrence.invoice_number.clone().unwrap_or_else(|| format!("Facture {}", occurrence.number)),
            total: occurrence.gross_minor.french(recurring.priced.currency),
            badge,
            reason: occurrence
                .held_back
                .filter(|_| !occurrence.is_deleted)
                .map(Conflict::french)
                .unwrap_or_default()
                .into(),
        }
    }
}

pub async fn show_recurring_invoice(asker: Asker, Id(id): Id<RecurringInvoiceId>) -> PageResult {
    show(&asker, id, StatusCode::OK, None, FieldErrors::default()).await
}

async fn show(
    asker: &Asker,
    id: RecurringInvoiceId,
    status: StatusCode,
    typed: Option<PricesForm>,
    errors: FieldErrors,
) -> PageResult {
    let scope = &asker.scope;
    let found = scope.collection(&scope.keys().recurring_invoice(id).collection()).await?;
    let recurring = found.first::<RecurringInvoice>()?.ok_or(Error::NotFound)?;
    let occurrences = found.all::<Occurrence>()?;

    // The next one as it would leave, or what the last would have been.
    let on = recurring.next_on().unwrap_or(asker.today());
    let period = recurring.period_on(recurring.next, on);
    let number = recurring.made + 1;
    let content = recurring.content(on, period, number, asker.organization.date_format);
    let (words, priced) = content.map_err(Error::internal)?;
    let dates = match recurring.next_on() {
        Some(on) => vec![
            Labelled::new("Prochaine", asker.organization.date(on)),
            Labelled::new("Période", period.french(asker.organization.date_format)),
        ],
        None => Vec::new(),
    };
    let client = &recurring.client.reference;
    let document = Sheet::new(asker, Kind::Invoice.french(), None, dates, client, &words, &priced);
    page_with_status(
        status,
        &RecurringInvoicePage {
            shell: Shell::new(asker, "invoicing", title(&recurring)),
            form_key: asker.form_key(),
            recurring: Head::new(asker, &recurring),
            document,
            occurrences: occurrences.iter().rev().map(|one| OccurrenceRow::new(asker, &recurring, one)).collect(),
            prices: PricesDialog::new(asker, &recurring, typed, &errors)?,
            errors,
        },
    )
}

impl PricesDialog {
    fn new(
        asker: &Asker,
        recurring: &RecurringInvoice,
        typed: Option<PricesForm>,
        errors: &FieldErrors,
    ) -> Result<Self> {
        let is_open = typed.is_some();
        let form = typed.unwrap_or_else(|| PricesForm::of(recurring));
        let now = recurring.priced_on(asker.today()).map_err(Error::internal)?;
        // Errors count the lines that were sent.
        let sent: Vec<usize> = form.input().lines.iter().map(|line| line.line).collect();
        let row = |(at, line): (usize, &kernel::document::Line)| {
            let place = sent.iter().position(|line| *line == at + 1);
            PriceRow {
                name: line.description.lines().next().unwrap_or_default().to_owned(),
                now: french_price(line.unit_price, now.currency),
                typed: form.unit_price.get(at).cloned().unwrap_or_default(),
                error: place.and_then(|place| errors.get(&format!("/lines/{place}/unit_price"))),
            }
        };
        let planned = recurring.new_prices.as_ref().map(|prices| {
            let count = prices.unit_prices.iter().flatten().count();
            let lines = if count == 1 { "une ligne".to_owned() } else { format!("{count} lignes") };
            format!("Nouveaux prix prévus à partir du {} ({lines}).", asker.organization.date(prices.from))
        });
        Ok(Self {
            is_open,
            rows: now.lines.iter().enumerate().map(row).collect(),
            from: form.from,
            symbol: now.currency.symbol(),
            planned: planned.unwrap_or_default(),
        })
    }
}

/// What refused the act is told on the page.
async fn refused(asker: &Asker, id: RecurringInvoiceId, error: Error) -> PageResult {
    show(asker, id, StatusCode::CONFLICT, None, FieldErrors::from_error(error)?).await
}

pub async fn pause_recurring_invoice(asker: Asker, Id(id): Id<RecurringInvoiceId>, form: Form<Nothing>) -> PageResult {
    match super::pause_recurring_invoice(&asker.scope, id, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La facture récurrente est en pause : rien ne sera créé."),
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn resume_recurring_invoice(asker: Asker, Id(id): Id<RecurringInvoiceId>, form: Form<Nothing>) -> PageResult {
    match super::resume_recurring_invoice(&asker.scope, &asker.organization, id, form.version).await {
        Ok(recurring) => {
            let told = match recurring.next_on() {
                Some(on) => format!("La facture récurrente reprend le {}.", asker.organization.date(on)),
                None => "La facture récurrente est terminée : elle n’a plus d’échéance.".into(),
            };
            asker.done(&format!("{PATH}/{id}"), told)
        }
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn stop_recurring_invoice(asker: Asker, Id(id): Id<RecurringInvoiceId>, form: Form<Nothing>) -> PageResult {
    match super::stop_recurring_invoice(&asker.scope, id, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La facture récurrente est arrêtée."),
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn reprice_recurring_invoice(
    asker: Asker,
    Id(id): Id<RecurringInvoiceId>,
    form: Form<PricesForm>,
) -> PageResult {
    let (scope, organization, input) = (&asker.scope, &asker.organization, form.input.input());
    let is_half = input.lines.is_empty() && !input.from.trim().is_empty();
    let repriced = match is_half {
        // A day without a price is not meant to take the plan back.
        true => Err(Error::field("/lines", Rule::Required)),
        false => super::reprice_recurring_invoice(scope, organization, id, &input, form.version).await,
    };
    match repriced {
        Ok(recurring) => {
            let told = match &recurring.new_prices {
                Some(prices) => {
                    format!("Les nouveaux prix valent à partir du {}.", text::short_date(prices.from))
                }
                None => "Aucun nouveau prix n’est prévu.".into(),
            };
            asker.done(&format!("{PATH}/{id}"), told)
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, id, StatusCode::UNPROCESSABLE_ENTITY, Some(form.input), errors).await
        }
    }
}
