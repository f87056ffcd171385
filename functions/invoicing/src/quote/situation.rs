//! `/facturation/devis/{id}/situation`: how far each line is, and what that makes.

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{
    Minor,
    id::{InvoiceId, QuoteId},
    money::french_decimal,
};
use serde::Deserialize;
use table::Stored;
use ulid::Ulid;
use web::{
    Asker, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{Quote, Recovery, SituationInput, model::Wanted, pages::drafted};
use crate::{
    portion::{LeftLine, ProgressInput, reached},
    view::LinkedQuote,
};

/// One field per line, in their order.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SituationForm {
    #[serde(deserialize_with = "web::form::column")]
    progress: Vec<String>,
    deposits: String,
}

impl SituationForm {
    /// As far as the quote is invoiced.
    fn of(quote: &Quote) -> Self {
        let left = quote.left();
        let lines = quote.agreed().lines.iter().zip(&left.lines);
        let progress = lines.map(|(line, left)| french_decimal(reached(line, left).normalize())).collect();
        Self { progress, deposits: Recovery::ProRata.name().into() }
    }

    /// The lines in which something was typed.
    fn typed(&self) -> Vec<ProgressInput> {
        let typed = self.progress.iter().enumerate().filter(|(_, percent)| !percent.trim().is_empty());
        typed.map(|(at, percent)| ProgressInput { line: at + 1, percent: percent.clone() }).collect()
    }
}

struct LineRow {
    name: String,
    agreed: String,
    before: String,
    percent: String,
    error: Option<String>,
    is_done: bool,
}

#[derive(Template)]
#[template(path = "situation.html")]
struct SituationPage {
    shell: Shell,
    form_key: String,
    quote: LinkedQuote,
    version: u64,
    number: u16,
    lines: Vec<LineRow>,
    agreed: String,
    before: String,
    /// What was typed makes; empty where that is nothing or wrong.
    now: String,
    left: String,
    has_deposits: bool,
    deposits: Vec<Choice>,
    errors: FieldErrors,
}

impl SituationPage {
    fn new(asker: &Asker, quote: &Stored<Quote>, form: &SituationForm, errors: FieldErrors) -> Self {
        let (agreed, left, currency) = (quote.agreed(), quote.left(), quote.agreed().currency);
        let typed = form.typed();
        // What is not written needs no id of its own.
        let would_be = quote.invoiced(InvoiceId::from_ulid(Ulid::nil()), Wanted::Progress(&typed));
        let now = would_be.map(|(_, priced, _)| priced.totals.net_minor).ok();
        let rest = Minor(left.net_minor().0 - now.unwrap_or_default().0);
        let number = quote.number.clone().unwrap_or_default();
        let lines = agreed.lines.iter().zip(&left.lines).enumerate();
        let row = |(at, (line, left)): (usize, (&kernel::document::Line, &LeftLine))| {
            let sent = typed.iter().position(|typed| typed.line == at + 1);
            let before = reached(line, left);
            LineRow {
                name: line.description.lines().next().unwrap_or_default().to_owned(),
                agreed: line.net_minor.french(currency),
                before: kernel::money::french_percent(before),
                percent: form.progress.get(at).cloned().unwrap_or_default(),
                error: sent.and_then(|sent| errors.get(&format!("/lines/{sent}/percent"))),
                is_done: left.quantity.is_zero() && left.net_minor.is_zero(),
            }
        };
        Self {
            shell: Shell::new(asker, "invoicing", format!("Situation sur le devis {number}")),
            form_key: asker.form_key(),
            quote: LinkedQuote { id: quote.id, label: number },
            version: quote.version,
            number: quote.next_situation(&left).number,
            lines: lines.map(row).collect(),
            agreed: agreed.totals.net_minor.french(currency),
            before: Minor(agreed.totals.net_minor.0 - left.net_minor().0).french(currency),
            now: now.map(|now| now.french(currency)).unwrap_or_default(),
            left: rest.french(currency),
            has_deposits: !quote.deposits.is_empty(),
            deposits: choices(Recovery::ALL.map(|one| (one.name(), one.french())), &form.deposits),
            errors,
        }
    }
}

/// With what is typed so far in the query, the page tells what that makes.
pub async fn new_situation(
    asker: Asker,
    Id(id): Id<QuoteId>,
    Query(typed): Query<Vec<(String, String)>>,
) -> PageResult {
    let quote = super::store::read(&asker.scope, id).await?;
    quote.must_be_accepted()?;
    let value =
        |name: &'static str| typed.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.clone());
    let progress: Vec<_> = value("progress").take(quote.agreed().lines.len()).collect();
    let form = match progress.is_empty() {
        true => SituationForm::of(&quote),
        false => SituationForm { progress, deposits: value("deposits").next().unwrap_or_default() },
    };
    page(&SituationPage::new(&asker, &quote, &form, FieldErrors::default()))
}

pub async fn invoice_situation(asker: Asker, Id(id): Id<QuoteId>, form: Form<SituationForm>) -> PageResult {
    let input = SituationInput { lines: form.input.typed(), deposits: form.input.deposits.clone() };
    match super::invoice_situation(&asker.scope, &asker.organization, id, &input, form.version).await {
        Ok(invoice) => drafted(&asker, &invoice),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let quote = super::store::read(&asker.scope, id).await?;
            let page = SituationPage::new(&asker, &quote, &form.input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
