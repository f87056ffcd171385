//! `/facturation/factures/emission`: choosing drafts, and watching them leave.

use askama::Template;
use http::StatusCode;
use kernel::{
    Error, Result,
    error::Conflict,
    id::{InvoiceId, IssueBatchId},
    page::PageRequest,
};
use serde::Deserialize;
use web::{
    Asker, Form, Id, PageResult, Shell,
    form::{FieldErrors, column},
    page, page_with_status,
};

use super::{BatchInput, IssueBatch, model::INVOICES_MAX};
use crate::{
    listing::{FilterInput, Shape, list_documents},
    panel::Summary,
};

const PATH: &str = "/facturation/factures/emission";

#[derive(Template)]
#[template(path = "issue_batch_form.html")]
struct DraftsPage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    drafts: Vec<Draft>,
    /// There are more than one batch takes: the newest are shown.
    is_cut: bool,
}

struct Draft {
    id: InvoiceId,
    client_name: String,
    subject: String,
    dated_on: String,
    total: String,
    is_chosen: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DraftsForm {
    #[serde(deserialize_with = "column")]
    invoice: Vec<String>,
}

pub async fn choose_drafts(asker: Asker) -> PageResult {
    choose(&asker, StatusCode::OK, &[], FieldErrors::default()).await
}

async fn choose(asker: &Asker, status: StatusCode, chosen: &[String], errors: FieldErrors) -> PageResult {
    let filter = FilterInput { state: "draft".into(), sort: "newest".into(), ..FilterInput::default() };
    let request = PageRequest { limit: u16::try_from(INVOICES_MAX).map_err(Error::internal)? - 1, cursor: None };
    let found = list_documents(&asker.scope, &filter.parse(Shape::Invoice)?, &request, asker.today()).await?;
    let drafts = found.items.iter().filter_map(|document| match &document.summary {
        Summary::Invoice(invoice) => Some(Draft {
            id: invoice.id,
            client_name: document.client_name.clone(),
            subject: invoice.subject.clone().unwrap_or_default(),
            dated_on: asker.organization.date(asker.organization.day(invoice.created_at)),
            total: invoice.gross_minor.french(invoice.currency),
            is_chosen: chosen.contains(&invoice.id.to_string()),
        }),
        _ => None,
    });
    page_with_status(
        status,
        &DraftsPage {
            shell: Shell::new(asker, "invoicing", "Émettre des brouillons"),
            form_key: asker.form_key(),
            errors,
            drafts: drafts.collect(),
            is_cut: found.next_cursor.is_some(),
        },
    )
}

pub async fn create_issue_batch(asker: Asker, form: Form<DraftsForm>) -> PageResult {
    // Shown with the newest first, issued in the order in which they were written.
    let invoices = form.input.invoice.iter().rev().cloned().collect();
    match super::create_issue_batch(&asker.scope, &BatchInput { invoices }).await {
        Ok(batch) => web::redirect(&format!("{PATH}/{}", batch.id)),
        Err(error) => {
            let errors = FieldErrors::summary_of(error)?;
            choose(&asker, StatusCode::UNPROCESSABLE_ENTITY, &form.input.invoice, errors).await
        }
    }
}

#[derive(Template)]
#[template(path = "issue_batch.html")]
struct BatchPage {
    shell: Shell,
    batch: Progress,
}

struct Progress {
    href: String,
    total: usize,
    done: usize,
    issued: usize,
    is_finished: bool,
    refused: Vec<RefusedRow>,
}

struct RefusedRow {
    invoice: InvoiceId,
    name: String,
    reason: &'static str,
    /// Whether its page is there.
    is_linked: bool,
}

impl Progress {
    fn of(batch: &IssueBatch) -> Self {
        let rows = batch.refused.iter().map(|refused| RefusedRow {
            invoice: refused.invoice,
            name: match refused.client_name.as_str() {
                "" => "Brouillon supprimé".into(),
                name => format!("Facture pour {name}"),
            },
            reason: refused.reason.map_or("Ce brouillon n’existe plus.", Conflict::french),
            is_linked: refused.reason.is_some(),
        });
        Self {
            href: format!("{PATH}/{}", batch.id),
            total: batch.invoices.len(),
            done: batch.done,
            issued: batch.issued,
            is_finished: batch.finished_at.is_some(),
            refused: rows.collect(),
        }
    }
}

async fn read(asker: &Asker, id: IssueBatchId) -> Result<IssueBatch> {
    let found = asker.scope.get::<IssueBatch>(&asker.scope.keys().issue_batch(id)).await?;
    Ok(found.ok_or(Error::NotFound)?.value)
}

pub async fn show_issue_batch(asker: Asker, Id(id): Id<IssueBatchId>) -> PageResult {
    let batch = read(&asker, id).await?;
    page(&BatchPage { shell: Shell::new(&asker, "invoicing", "Émission groupée"), batch: Progress::of(&batch) })
}
