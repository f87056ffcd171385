//! `/compte/portrait`: the picture itself, and the box of the profile in which it is changed.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use kernel::{
    Result,
    id::{UploadId, UserId},
};
use serde::Deserialize;
use web::{
    Asker, Failure, Form, Id, Json, PageResult,
    form::FieldErrors,
    initials, page_with_status, portrait_href,
    upload::{IMAGE, UploadInput, UploadedInput, begin_on_page, show_picture},
};

use crate::account::Account;

/// The portrait as the profile shows it.
pub struct PortraitBox {
    pub href: Option<String>,
    pub initials: String,
    /// What the button says.
    pub choose: &'static str,
    pub accept: String,
    /// What was just done.
    pub notice: &'static str,
    pub error: Option<String>,
}

impl PortraitBox {
    pub fn new(name: &str, portrait: Option<UploadId>) -> Self {
        Self {
            href: portrait.map(portrait_href),
            initials: initials(name),
            choose: if portrait.is_some() { "Remplacer la photo" } else { "Choisir une photo" },
            accept: IMAGE.accept(),
            notice: "",
            error: None,
        }
    }
}

/// The box alone, with what else of the page changes along with it.
#[derive(Template)]
#[template(path = "portrait_fragment.html")]
struct PortraitFragment {
    portrait: PortraitBox,
    /// What the profile's form is now filled in on; none where nothing was changed.
    version: Option<u64>,
}

pub async fn show_portrait(asker: Asker) -> PageResult {
    let key = super::find_portrait(&asker, asker.user).await?;
    show_picture(&asker.deps().files, &key).await
}

pub async fn show_member_portrait(asker: Asker, Id(id): Id<UserId>) -> PageResult {
    let key = super::find_portrait(&asker, id).await?;
    show_picture(&asker.deps().files, &key).await
}

pub async fn begin_portrait_upload(asker: Asker, Json(input): Json<UploadInput>) -> Result<Response, Failure> {
    begin_on_page(&asker, &IMAGE, &input).await
}

pub async fn change_portrait(asker: Asker, form: Form<UploadedInput>) -> PageResult {
    let changed = super::change_portrait(&asker, &form.input, form.version).await;
    answer(&asker, changed, "La photo est enregistrée.")
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn remove_portrait(asker: Asker, form: Form<Nothing>) -> PageResult {
    let changed = super::remove_portrait(&asker, form.version).await;
    answer(&asker, changed, "La photo est retirée.")
}

fn answer(asker: &Asker, changed: Result<(Account, u64)>, notice: &'static str) -> PageResult {
    let is_fragment = asker.visitor.is_fragment;
    match changed {
        Ok(_) if !is_fragment => asker.done("/compte", notice),
        Ok((account, version)) => {
            let portrait = PortraitBox { notice, ..PortraitBox::new(&account.name, account.portrait) };
            page_with_status(StatusCode::OK, &PortraitFragment { portrait, version: Some(version) })
        }
        Err(error) if !is_fragment => Err(Failure(error)),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let error = errors.get("/upload_id").or_else(|| errors.summary().map(str::to_owned));
            let portrait = PortraitBox { error, ..PortraitBox::new(&asker.name, asker.portrait) };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &PortraitFragment { portrait, version: None })
        }
    }
}
