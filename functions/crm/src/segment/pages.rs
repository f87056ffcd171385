//! The bar over a list of records: its segments, and the ways in and out of it by a file.

use askama::Template;
use axum::extract::Path;
use http::{HeaderMap, StatusCode};
use kernel::{Error, Permission, id::SegmentId};
use serde::Deserialize;
use web::{Asker, Form, Id, PageResult, form::FieldErrors, page, page_with_status};

use super::{Segment, SegmentInput, query};
use crate::{import, record::RecordKind};

#[derive(Template)]
#[template(path = "list_tools.html")]
struct Tools {
    of: &'static str,
    form_key: String,
    segments: Vec<SegmentLink>,
    /// What the list shows now, as a segment would keep it.
    query: String,
    /// Whether that is a segment already, or all of the list.
    is_saved: bool,
    current: Option<Current>,
    can_share: bool,
    can_import: bool,
    can_export: bool,
    export_query: String,
    has_cards: bool,
}

struct SegmentLink {
    href: String,
    name: String,
    is_shared: bool,
    is_current: bool,
}

/// The segment that the list shows, for who may change it.
struct Current {
    href: String,
    name: String,
    is_shared: bool,
}

/// In the page by htmx, which says which address the page has.
pub async fn show_tools(asker: Asker, Path(of): Path<String>, headers: HeaderMap) -> PageResult {
    let of = RecordKind::named(&of).ok_or(Error::NotFound)?;
    let address = headers.get("hx-current-url").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let typed = address.split_once('?').map_or("", |(_, query)| query.split('#').next().unwrap_or_default());
    // A list may be asked for more than a segment keeps.
    let query = query(of, typed).unwrap_or_default();
    let segments = super::list_segments(&asker, of).await?;
    let current = segments.iter().find(|segment| !query.is_empty() && segment.query == query);
    let may_edit =
        |segment: &&Segment| segment.by == asker.user || (asker.sees_all() && asker.may(Permission::CrmEdit));
    let can_exchange = import::kind(of.name()).is_ok();
    let fields = [("of", of.name()), ("query", query.as_str())];
    page(&Tools {
        of: of.name(),
        form_key: asker.form_key(),
        is_saved: query.is_empty() || current.is_some(),
        current: current.filter(may_edit).map(|segment| Current {
            href: format!("/crm/segments/{}", segment.id),
            name: segment.name.clone(),
            is_shared: segment.is_shared,
        }),
        segments: segments
            .iter()
            .map(|segment| SegmentLink {
                href: segment.path(),
                name: segment.name.clone(),
                is_shared: segment.is_shared,
                is_current: current.is_some_and(|current| current.id == segment.id),
            })
            .collect(),
        can_share: asker.may(Permission::CrmEdit),
        can_import: can_exchange && asker.may(Permission::CrmCreate),
        can_export: can_exchange && asker.may(Permission::CrmExport),
        export_query: serde_html_form::to_string(fields).map_err(Error::internal)?,
        has_cards: of == RecordKind::Contact,
        query,
    })
}

#[derive(Template)]
#[template(path = "segment_refused.html")]
struct Refused {
    shell: web::Shell,
    back_href: &'static str,
    errors: FieldErrors,
    told: Vec<String>,
}

/// The bar is gone by then: a page says what is wrong.
fn refused(asker: &Asker, of: &str, error: Error) -> PageResult {
    let told = match &error {
        Error::Invalid(violations) => violations.iter().map(|violation| violation.rule.french()).collect(),
        _ => Vec::new(),
    };
    let errors = FieldErrors::from_error(error)?;
    let back_href = RecordKind::named(of).unwrap_or(RecordKind::Company).path();
    let shell = web::Shell::new(asker, "crm", "Segment");
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &Refused { shell, back_href, errors, told })
}

pub async fn create_segment(asker: Asker, form: Form<SegmentInput>) -> PageResult {
    match super::create_segment(&asker, &form.input).await {
        Ok(segment) => asker.done(&segment.path(), "Le segment est enregistré."),
        Err(error) => refused(&asker, &form.input.of, error),
    }
}

/// Its name and who has it; what it filters stays.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SegmentFields {
    of: String,
    name: String,
    shared: String,
}

pub async fn edit_segment(asker: Asker, Id(id): Id<SegmentId>, form: Form<SegmentFields>) -> PageResult {
    let SegmentFields { of, name, shared } = form.input;
    let input = SegmentInput { of, name, shared, query: String::new() };
    match super::edit_segment(&asker, id, &input, None).await {
        Ok((segment, _)) => asker.done(&segment.path(), "Le segment est enregistré."),
        Err(error) => refused(&asker, &input.of, error),
    }
}

pub async fn delete_segment(asker: Asker, Id(id): Id<SegmentId>) -> PageResult {
    let segment = super::delete_segment(&asker, id).await?;
    asker.done(segment.of.path(), "Le segment est supprimé. Les fiches restent.")
}
