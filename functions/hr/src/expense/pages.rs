//! `/rh/frais`: one's own reports, those of others that wait for a yes, and one with its lines.

use askama::Template;
use axum::{extract::RawQuery, response::Response};
use http::StatusCode;
use jiff::Timestamp;
use kernel::{
    Currency, Error, Result,
    expense::{ExpenseCategory, ReimbursementMethod},
    id::ExpenseReportId,
};
use table::meter::side_by_side;
use web::{
    Asker, Colleagues, Failure, Form, Id, Ids, Json, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect,
    upload::{UploadInput, UploadedInput, begin_on_page},
};

use super::{
    DecisionInput, ExpenseInput, ExpenseLine, ExpenseReport, LINES_MAX, RECEIPT, ReimbursementInput, ReportInput,
    ReportState, Sight, Vehicle,
    api::{LineNumber, StateQuery},
    scale,
};
use crate::{Nothing, holiday::pages::asked};

pub const PATH: &str = "/rh/frais";
pub const AWAITED_PATH: &str = "/rh/frais/a-valider";

#[derive(Template)]
#[template(path = "expense_reports.html")]
struct ReportsPage {
    shell: Shell,
    form_key: String,
    has_file: bool,
    may_decide: bool,
    rows: Vec<ReportRow>,
    next: Option<String>,
    first: Option<String>,
}

struct ReportRow {
    href: String,
    title: String,
    employee: String,
    on: String,
    lines: usize,
    total: String,
    state: &'static str,
    badge: &'static str,
}

fn total(report: &ExpenseReport) -> String {
    let totals: Vec<_> = report.totals().into_iter().map(|(currency, total)| total.french(currency)).collect();
    totals.join(" + ")
}

fn day(asker: &Asker, at: Timestamp) -> String {
    asker.organization.date(asker.organization.day(at))
}

impl ReportRow {
    fn of(asker: &Asker, report: &ExpenseReport, employee: String) -> Self {
        Self {
            href: format!("{PATH}/{}", report.id),
            title: report.title.clone(),
            employee,
            on: day(asker, report.submitted_at.unwrap_or(report.created_at)),
            lines: report.lines.len(),
            total: total(report),
            state: report.state.french(),
            badge: report.state.badge(),
        }
    }
}

pub async fn list_own_reports(asker: Asker, Pagination(request): Pagination) -> PageResult {
    let found = super::list_own_reports(&asker, &request).await?;
    let has_file = found.is_some();
    let (items, next_cursor) = found.map(|page| (page.items, page.next_cursor)).unwrap_or_default();
    page(&ReportsPage {
        shell: Shell::new(&asker, "hr", "Notes de frais"),
        form_key: asker.form_key(),
        has_file,
        may_decide: true,
        rows: items.iter().map(|report| ReportRow::of(&asker, report, String::new())).collect(),
        next: next_cursor.map(|cursor| format!("{PATH}?cursor={cursor}")),
        first: request.cursor.is_some().then(|| PATH.to_owned()),
    })
}

#[derive(Template)]
#[template(path = "awaited_reports.html")]
struct AwaitedPage {
    shell: Shell,
    state: &'static str,
    rows: Vec<ReportRow>,
    next: Option<String>,
    first: Option<String>,
}

pub async fn list_reports(asker: Asker, RawQuery(query): RawQuery, Pagination(request): Pagination) -> PageResult {
    let query: StateQuery = asked(query)?;
    let state = query.state();
    let found = super::list_reports(&asker, state, &request).await?;
    let here = format!("{AWAITED_PATH}?state={}", state.name());
    page(&AwaitedPage {
        shell: Shell::new(&asker, "hr", "Frais des salariés"),
        state: state.name(),
        rows: found.items.iter().map(|one| ReportRow::of(&asker, &one.report, one.employee.name())).collect(),
        next: found.next_cursor.map(|cursor| format!("{here}&cursor={cursor}")),
        first: request.cursor.is_some().then(|| here.clone()),
    })
}

pub async fn open_report(asker: Asker, form: Form<ReportInput>) -> PageResult {
    match super::open_report(&asker, &form.input).await {
        Ok(report) => redirect(&format!("{PATH}/{}", report.id)),
        Err(error) => Err(Failure(error)),
    }
}

#[derive(Template)]
#[template(path = "expense_report.html")]
struct ReportPage {
    shell: Shell,
    form_key: String,
    base: String,
    back_href: &'static str,
    back: &'static str,
    version: u64,
    employee: String,
    state: &'static str,
    badge: &'static str,
    history: Vec<String>,
    comment: String,
    lines: Vec<LineRow>,
    total: String,
    vat: String,
    is_open: bool,
    is_full: bool,
    max: usize,
    /// How many lines are without their receipt, in words.
    missing: String,
    can_decide: bool,
    can_reimburse: bool,
    accept: String,
    fields: LineFields,
    decision: DecisionInput,
    reimbursement: ReimbursementInput,
    methods: Vec<Choice>,
    errors: FieldErrors,
}

struct LineRow {
    number: u16,
    on: String,
    category: &'static str,
    details: String,
    gross: String,
    vat: String,
    receipt: Option<String>,
}

/// The fields of a line, in whichever form.
struct LineFields {
    form: ExpenseInput,
    categories: Vec<Choice>,
    currencies: Vec<Choice>,
    vehicles: Vec<Choice>,
    symbol: &'static str,
    source: &'static str,
}

impl LineFields {
    fn of(asker: &Asker, form: ExpenseInput) -> Self {
        let own = asker.organization.currency;
        let chosen = if form.currency.is_empty() { own.code().to_owned() } else { form.currency.clone() };
        Self {
            categories: choices(ExpenseCategory::ALL.map(|one| (one.name(), one.french())), &form.category),
            currencies: choices(Currency::ALL.map(|one| (one.code(), one.french())), &chosen),
            vehicles: choices(Vehicle::ALL.map(|one| (one.name(), one.french())), &form.vehicle),
            symbol: own.symbol(),
            source: scale::source(asker.today()),
            form,
        }
    }
}

impl ExpenseInput {
    pub fn of(line: &ExpenseLine) -> Self {
        let trip = line.trip.as_ref();
        let is_trip = trip.is_some();
        let amount = |minor: kernel::Minor| minor.plain(line.currency);
        Self {
            on: line.on.to_string(),
            category: line.category.name().into(),
            amount: if is_trip { String::new() } else { amount(line.gross_minor) },
            vat: if is_trip || line.vat_minor.is_zero() { String::new() } else { amount(line.vat_minor) },
            currency: line.currency.code().into(),
            note: line.note.clone().unwrap_or_default(),
            vehicle: trip.map(|trip| trip.vehicle.name().into()).unwrap_or_default(),
            is_electric: trip.map(|trip| trip.is_electric.to_string()).unwrap_or_default(),
            km: trip.map(|trip| trip.km.to_string()).unwrap_or_default(),
            places: trip.map(|trip| trip.places.clone()).unwrap_or_default(),
        }
    }
}

/// `2 dépenses sans justificatif.`; nothing where each has its own, or is a trip.
fn missing(report: &ExpenseReport) -> String {
    match report.lines.iter().filter(|line| line.receipt.is_none() && line.trip.is_none()).count() {
        0 => String::new(),
        1 => "1 dépense sans justificatif.".into(),
        count => format!("{count} dépenses sans justificatif."),
    }
}

fn details(line: &ExpenseLine) -> String {
    let trip = line.trip.as_ref().map(|trip| {
        let electric = if trip.is_electric { ", électrique" } else { "" };
        format!("{}, {}\u{a0}km ({}{electric})", trip.places, trip.km, trip.vehicle.french())
    });
    trip.into_iter().chain(line.note.clone()).collect::<Vec<_>>().join("\n")
}

impl LineRow {
    fn target(&self) -> String {
        format!("receipt-{}", self.number)
    }
}

impl ReportPage {
    fn begin(&self) -> String {
        format!("{}/televersement", self.base)
    }

    fn receipt_done(&self, number: &u16) -> String {
        format!("{}/lignes/{number}/justificatif", self.base)
    }

    fn new(asker: &Asker, sight: &Sight, colleagues: &Colleagues) -> Self {
        let (report, base) = (&sight.report, format!("{PATH}/{}", sight.report.id));
        let name = |user| colleagues.assignee(Some(user)).map(|known| known.name).unwrap_or_default();
        let by = |user| match name(user) {
            known if known.is_empty() => String::new(),
            known => format!(" par {known}"),
        };
        let mut history = Vec::new();
        history.extend(report.submitted_at.map(|at| format!("Envoyée le {}", day(asker, at))));
        if let Some(decision) = &report.decision {
            let what = if report.state == ReportState::Refused { "Refusée" } else { "Approuvée" };
            history.push(format!("{what} le {}{}", day(asker, decision.at), by(decision.by)));
        }
        if let Some(paid) = &report.reimbursement {
            let on = asker.organization.date(paid.on);
            history.push(format!("Remboursée le {on} ({}){}", paid.method.french().to_lowercase(), by(paid.by)));
        }
        let is_open = sight.is_own && report.must_be_open().is_ok();
        let row = |line: &ExpenseLine| LineRow {
            number: line.number,
            on: asker.organization.date(line.on),
            category: line.category.french(),
            details: details(line),
            gross: line.gross_minor.french(line.currency),
            vat: if line.vat_minor.is_zero() { String::new() } else { line.vat_minor.french(line.currency) },
            receipt: line.receipt.as_ref().map(|_| format!("{base}/lignes/{}/justificatif", line.number)),
        };
        let own = asker.organization.currency;
        let vat: i64 = report.lines.iter().filter(|line| line.currency == own).map(|line| line.vat_minor.0).sum();
        let form = ExpenseInput { on: asker.today().to_string(), ..ExpenseInput::default() };
        Self {
            shell: Shell::new(asker, "hr", report.title.clone()),
            form_key: asker.form_key(),
            back_href: if sight.is_own { PATH } else { AWAITED_PATH },
            back: if sight.is_own { "Notes de frais" } else { "Frais des salariés" },
            version: report.version,
            employee: sight.employee.name(),
            state: report.state.french(),
            badge: report.state.badge(),
            history,
            comment: report.decision.as_ref().and_then(|decision| decision.comment.clone()).unwrap_or_default(),
            lines: report.lines.iter().map(row).collect(),
            total: total(report),
            vat: if vat == 0 { String::new() } else { kernel::Minor(vat).french(own) },
            is_open,
            is_full: report.lines.len() >= LINES_MAX,
            max: LINES_MAX,
            missing: missing(report),
            can_decide: sight.decides && report.state == ReportState::Submitted,
            can_reimburse: sight.reimburses && report.state == ReportState::Approved,
            accept: RECEIPT.accept(),
            fields: LineFields::of(asker, form),
            decision: DecisionInput::default(),
            reimbursement: ReimbursementInput { on: asker.today().to_string(), ..ReimbursementInput::default() },
            methods: choices(ReimbursementMethod::ALL.map(|one| (one.name(), one.french())), "transfer"),
            errors: FieldErrors::default(),
            base,
        }
    }
}

async fn report_page(asker: &Asker, id: ExpenseReportId) -> Result<ReportPage> {
    let (sight, colleagues) = side_by_side(super::show_report(asker, id), Colleagues::of(asker)).await;
    Ok(ReportPage::new(asker, &sight?, &colleagues?))
}

pub async fn show_report(asker: Asker, Id(id): Id<ExpenseReportId>) -> PageResult {
    page(&report_page(&asker, id).await?)
}

pub async fn add_line(asker: Asker, Id(id): Id<ExpenseReportId>, form: Form<ExpenseInput>) -> PageResult {
    match super::save_line(&asker, id, None, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La dépense est ajoutée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let known = report_page(&asker, id).await?;
            let fields = LineFields::of(&asker, form.input);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ReportPage { errors, fields, ..known })
        }
    }
}

#[derive(Template)]
#[template(path = "expense_line.html")]
struct LinePage {
    shell: Shell,
    form_key: String,
    base: String,
    title: String,
    version: u64,
    number: u16,
    fields: LineFields,
    errors: FieldErrors,
}

async fn line_page(asker: &Asker, id: ExpenseReportId, number: u16) -> Result<LinePage> {
    let sight = super::show_report(asker, id).await?;
    let line = sight.report.line(number).filter(|_| sight.is_own).ok_or(Error::NotFound)?;
    Ok(LinePage {
        shell: Shell::new(asker, "hr", "Modifier une dépense"),
        form_key: asker.form_key(),
        base: format!("{PATH}/{id}"),
        title: sight.report.title.clone(),
        version: sight.report.version,
        number,
        fields: LineFields::of(asker, ExpenseInput::of(line)),
        errors: FieldErrors::default(),
    })
}

pub async fn line_form(asker: Asker, Ids((id, line)): Ids<ExpenseReportId, LineNumber>) -> PageResult {
    page(&line_page(&asker, id, line.0).await?)
}

pub async fn edit_line(
    asker: Asker,
    Ids((id, line)): Ids<ExpenseReportId, LineNumber>,
    form: Form<ExpenseInput>,
) -> PageResult {
    match super::save_line(&asker, id, Some(line.0), &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La dépense est modifiée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let known = line_page(&asker, id, line.0).await?;
            let (fields, version) = (LineFields::of(&asker, form.input), form.version.unwrap_or(known.version));
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &LinePage { errors, fields, version, ..known })
        }
    }
}

pub async fn remove_line(
    asker: Asker,
    Ids((id, line)): Ids<ExpenseReportId, LineNumber>,
    form: Form<Nothing>,
) -> PageResult {
    super::remove_line(&asker, id, line.0, form.version).await?;
    asker.done(&format!("{PATH}/{id}"), "La dépense est retirée.")
}

pub async fn begin_receipt_upload(
    asker: Asker,
    Id(_): Id<ExpenseReportId>,
    Json(input): Json<UploadInput>,
) -> Result<Response, Failure> {
    begin_on_page(&asker, &RECEIPT, &input).await
}

/// The receipt of one line, where it stands in the page.
#[derive(Template)]
#[template(path = "receipt_fragment.html")]
struct ReceiptFragment {
    base: String,
    number: u16,
    receipt: Option<String>,
    accept: String,
    is_open: bool,
    error: Option<String>,
    /// What the report says of those that are missing, where it says something else by now.
    missing: Option<String>,
}

impl ReceiptFragment {
    fn target(&self) -> String {
        format!("receipt-{}", self.number)
    }

    fn begin(&self) -> String {
        format!("{}/televersement", self.base)
    }

    fn done(&self) -> String {
        format!("{}/lignes/{}/justificatif", self.base, self.number)
    }
}

pub async fn add_receipt(
    asker: Asker,
    Ids((id, line)): Ids<ExpenseReportId, LineNumber>,
    form: Form<UploadedInput>,
) -> PageResult {
    let fragment = |receipt: Option<String>, error| ReceiptFragment {
        base: format!("{PATH}/{id}"),
        number: line.0,
        receipt,
        accept: RECEIPT.accept(),
        is_open: true,
        error,
        missing: None,
    };
    let own = format!("{PATH}/{id}/lignes/{}/justificatif", line.0);
    match super::add_receipt(&asker, id, line.0, &form.input, None).await {
        Ok(_) if !asker.visitor.is_fragment => asker.done(&format!("{PATH}/{id}"), "Le justificatif est ajouté."),
        Ok((report, _)) => page(&ReceiptFragment { missing: Some(missing(&report)), ..fragment(Some(own), None) }),
        Err(error) if !asker.visitor.is_fragment => Err(Failure(error)),
        Err(error) => {
            let errors = FieldErrors::summary_of(error)?;
            let told = errors.summary().unwrap_or_default().to_owned();
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &fragment(None, Some(told)))
        }
    }
}

pub async fn remove_receipt(
    asker: Asker,
    Ids((id, line)): Ids<ExpenseReportId, LineNumber>,
    form: Form<Nothing>,
) -> PageResult {
    super::remove_receipt(&asker, id, line.0, form.version).await?;
    asker.done(&format!("{PATH}/{id}"), "Le justificatif est retiré.")
}

/// Leads to it.
pub async fn download_receipt(asker: Asker, Ids((id, line)): Ids<ExpenseReportId, LineNumber>) -> PageResult {
    redirect(&super::download_receipt(&asker, id, line.0).await?.url)
}

pub async fn submit_report(asker: Asker, Id(id): Id<ExpenseReportId>, form: Form<Nothing>) -> PageResult {
    match super::submit_report(&asker, id, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La note de frais est envoyée."),
        Err(error) => {
            let errors = FieldErrors::summary_of(error)?;
            let known = report_page(&asker, id).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ReportPage { errors, ..known })
        }
    }
}

pub async fn delete_report(asker: Asker, Id(id): Id<ExpenseReportId>, form: Form<Nothing>) -> PageResult {
    super::delete_report(&asker, id, form.version).await?;
    asker.done(PATH, "La note de frais est supprimée.")
}

pub async fn approve_report(asker: Asker, Id(id): Id<ExpenseReportId>, form: Form<DecisionInput>) -> PageResult {
    match super::approve_report(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La note de frais est approuvée."),
        Err(error) => undecided(&asker, id, form.input, error).await,
    }
}

pub async fn refuse_report(asker: Asker, Id(id): Id<ExpenseReportId>, form: Form<DecisionInput>) -> PageResult {
    match super::refuse_report(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La note de frais est refusée."),
        Err(error) => undecided(&asker, id, form.input, error).await,
    }
}

async fn undecided(asker: &Asker, id: ExpenseReportId, decision: DecisionInput, error: Error) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let known = report_page(asker, id).await?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ReportPage { errors, decision, ..known })
}

pub async fn reimburse_report(asker: Asker, Id(id): Id<ExpenseReportId>, form: Form<ReimbursementInput>) -> PageResult {
    match super::reimburse_report(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Le remboursement est noté."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let known = report_page(&asker, id).await?;
            let reimbursement = form.input;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ReportPage { errors, reimbursement, ..known })
        }
    }
}
