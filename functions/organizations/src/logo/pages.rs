//! `/organisation/logo`: the picture itself, and the box of the settings page in which it is changed.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use kernel::{Error, Permission, Result, reference::OrganizationReference};
use serde::Deserialize;
use table::keys;
use web::{
    Asker, Failure, Form, Json, PageResult,
    form::FieldErrors,
    initials, logo_href, page_with_status,
    upload::{IMAGE, UploadInput, UploadedInput, begin_on_page, show_picture},
};

/// The logo as the settings page shows it.
pub struct LogoBox {
    pub href: Option<String>,
    pub initials: String,
    pub can_edit: bool,
    /// What the button says.
    pub choose: &'static str,
    pub accept: String,
    /// What was just done.
    pub notice: &'static str,
    pub error: Option<String>,
}

impl LogoBox {
    pub fn new(asker: &Asker, organization: &OrganizationReference) -> Self {
        Self {
            href: organization.brand.logo.as_ref().map(logo_href),
            initials: initials(&organization.name),
            can_edit: asker.permissions.allow(Permission::SettingsEdit),
            choose: if organization.brand.logo.is_some() { "Remplacer le logo" } else { "Choisir un logo" },
            accept: IMAGE.accept(),
            notice: "",
            error: None,
        }
    }
}

/// The box alone, with what else of the page changes along with it.
#[derive(Template)]
#[template(path = "logo_fragment.html")]
struct LogoFragment {
    logo: LogoBox,
    /// What the settings form is now filled in on; none where nothing was changed.
    version: Option<u64>,
}

pub async fn show_logo(asker: Asker) -> PageResult {
    let logo = asker.organization.brand.logo.as_ref().ok_or(Error::NotFound)?;
    let key = keys::logo_s3_key(asker.organization.id, &logo.sha256);
    show_picture(&asker.deps().files, &key).await
}

pub async fn begin_logo_upload(asker: Asker, Json(input): Json<UploadInput>) -> Result<Response, Failure> {
    begin_on_page(&asker, &IMAGE, &input).await
}

pub async fn change_logo(asker: Asker, form: Form<UploadedInput>) -> PageResult {
    let changed = super::change_logo(&asker.scope, &asker.deps().files, &form.input, form.version).await;
    answer(&asker, changed, "Le logo est enregistré.")
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn remove_logo(asker: Asker, form: Form<Nothing>) -> PageResult {
    let changed = super::remove_logo(&asker.scope, form.version).await;
    answer(&asker, changed, "Le logo est retiré.")
}

fn answer(asker: &Asker, changed: Result<(OrganizationReference, u64)>, notice: &'static str) -> PageResult {
    let is_fragment = asker.visitor.is_fragment;
    match changed {
        Ok(_) if !is_fragment => asker.done("/organisation", notice),
        Ok((organization, version)) => {
            let logo = LogoBox { notice, ..LogoBox::new(asker, &organization) };
            page_with_status(StatusCode::OK, &LogoFragment { logo, version: Some(version) })
        }
        Err(error) if !is_fragment => Err(Failure(error)),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let error = errors.get("/upload_id").or_else(|| errors.summary().map(str::to_owned));
            let logo = LogoBox { error, ..LogoBox::new(asker, &asker.organization) };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &LogoFragment { logo, version: None })
        }
    }
}
