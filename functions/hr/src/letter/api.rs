//! `/api/v1/employees/{id}/letters`, `/api/v1/letter-templates`

use jiff::civil::Date;
use kernel::id::EmployeeId;
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, created, seen};

use super::{LetterInput, LetterTemplatesInput, edit_letter_templates::shown_templates};
use crate::paper::api::PaperView;

/// A letter as it would be made out.
#[derive(Serialize, utoipa::ToSchema)]
pub struct LetterPreview {
    title: String,
    place: String,
    #[schema(value_type = String, format = Date)]
    dated_on: Date,
    addressee: String,
    facts: Vec<LetterFact>,
    paragraphs: Vec<String>,
    signatory: String,
    /// Whether the employee signs it too.
    is_agreement: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct LetterFact {
    label: String,
    value: String,
}

/// What a letter would say; nothing is kept.
#[utoipa::path(post, path = "/api/v1/employees/{id}/letters/preview", tag = "hr", operation_id = "preview_letter",
    params(("id" = String, Path, description = "`emp_…`")),
    request_body = LetterInput, responses((status = 200, body = LetterPreview)))]
pub async fn preview_letter(
    asker: Asker,
    Id(id): Id<EmployeeId>,
    Json(input): Json<LetterInput>,
) -> Result<axum::Json<LetterPreview>, Failure> {
    let letter = super::compose_letter(&asker, id, &input).await?.made.letter;
    Ok(axum::Json(LetterPreview {
        title: letter.title,
        place: letter.place,
        dated_on: letter.dated_on,
        addressee: letter.addressee,
        facts: letter.facts.into_iter().map(|(label, value)| LetterFact { label, value }).collect(),
        paragraphs: letter.paragraphs,
        signatory: letter.signatory,
        is_agreement: letter.is_agreement,
    }))
}

/// Makes a letter out: it becomes a document of the employee's file, whose PDF is there a moment later.
#[utoipa::path(post, path = "/api/v1/employees/{id}/letters", tag = "hr", operation_id = "make_letter",
    params(("id" = String, Path, description = "`emp_…`")),
    request_body = LetterInput, responses((status = 201, body = PaperView)))]
pub async fn make_letter(
    asker: Asker,
    Id(id): Id<EmployeeId>,
    Json(input): Json<LetterInput>,
) -> Result<Answer<PaperView>, Failure> {
    let paper = super::make_letter(&asker, id, &input).await?;
    Ok(created(PaperView::new(&paper, false), 1, format!("/api/v1/employees/{id}/papers/{}", paper.id)))
}

/// The words of the organization's own letters to its staff.
#[utoipa::path(get, path = "/api/v1/letter-templates", tag = "hr", operation_id = "show_letter_templates",
    responses((status = 200, body = LetterTemplatesInput)))]
pub async fn show_letter_templates(asker: Asker) -> Result<Answer<LetterTemplatesInput>, Failure> {
    let shown = shown_templates(&asker).await?;
    Ok(seen(LetterTemplatesInput::of(&shown), shown.version))
}

/// Replaces them.
#[utoipa::path(put, path = "/api/v1/letter-templates", tag = "hr", operation_id = "edit_letter_templates",
    request_body = LetterTemplatesInput, responses((status = 200, body = LetterTemplatesInput)))]
pub async fn edit_letter_templates(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<LetterTemplatesInput>,
) -> Result<Answer<LetterTemplatesInput>, Failure> {
    let changed = super::edit_letter_templates(&asker, &input, version).await?;
    Ok(seen(LetterTemplatesInput::of(&changed), changed.version))
}
