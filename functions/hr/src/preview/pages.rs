//! `/rh/courriers/apercu`: a letter as pictures of its pages. Of what cannot be made out yet, it is said what is wrong.

use askama::Template;
use base64::{Engine, engine::general_purpose::STANDARD};
use cloud::fetch_logo;
use kernel::id::EmployeeId;
use web::{
    Asker, Form, Id, PageResult,
    drawing::{PAGES_MAX, PER_CENT, Pages, drawn},
    form::FieldErrors,
    page,
};

use crate::letter::{LetterInput, compose_letter};

#[derive(Template)]
#[template(path = "letter_pages.html")]
struct LetterPages {
    /// As base64.
    pages: Vec<String>,
    /// What is not shown.
    note: String,
    errors: FieldErrors,
}

pub async fn draw_letter(asker: Asker, Id(id): Id<EmployeeId>, form: Form<LetterInput>) -> PageResult {
    let letter = match compose_letter(&asker, id, &form.input).await {
        Ok(composed) => composed.made.letter,
        Err(error) => {
            let errors = FieldErrors::summary_of(error)?;
            return page(&LetterPages { pages: Vec::new(), note: String::new(), errors });
        }
    };
    let logo = fetch_logo(&asker.deps().files, asker.organization.id, letter.brand.logo.as_ref()).await?;
    let draw = move || documents::preview_staff_letter(&letter, logo.as_deref(), PER_CENT, PAGES_MAX);
    let pages = drawn(draw).await?.map(|(pictures, count)| Pages::fitting(pictures, count));
    let note = match &pages {
        Some(pages) => pages.note(),
        None => "Ce courrier est trop long pour un aperçu : son PDF sera complet.".into(),
    };
    let pages = pages.iter().flat_map(|pages| &pages.pictures).map(|picture| STANDARD.encode(picture));
    page(&LetterPages { pages: pages.collect(), note, errors: FieldErrors::default() })
}
