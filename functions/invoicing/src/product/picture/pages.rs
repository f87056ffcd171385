//! `/facturation/catalogue/produits/{id}/photo`: the picture itself, and the box of the product's page in which it is changed.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use kernel::{Error, Permission, Result, id::ProductId};
use table::keys;
use web::{
    Asker, Failure, Form, Id, Json, PageResult,
    form::FieldErrors,
    page_with_status,
    upload::{IMAGE, UploadInput, UploadedInput, begin_on_page, show_picture as show_kept},
};

use crate::{
    product::{
        Product,
        pages::PATH,
        store::{self, Shelf},
    },
    quote::pages::Nothing,
};

/// The picture as the product's page shows it.
pub struct PictureBox {
    pub base: String,
    pub href: Option<String>,
    pub name: String,
    pub can_edit: bool,
    /// What the button says.
    pub choose: &'static str,
    pub accept: String,
    /// What was just done.
    pub notice: &'static str,
    pub error: Option<String>,
}

/// Where a page finds the picture of a product: under another address once it is another.
pub fn picture_href(product: &Product) -> Option<String> {
    let version = |sha256: &str| sha256.get(..12).unwrap_or_default().to_owned();
    let picture = product.picture.as_ref()?;
    Some(format!("{PATH}/produits/{}/photo?v={}", product.id, version(&picture.sha256)))
}

impl PictureBox {
    pub fn of(asker: &Asker, product: &Product) -> Self {
        Self {
            base: format!("{PATH}/produits/{}/photo", product.id),
            href: picture_href(product),
            name: product.name.clone(),
            can_edit: asker.may(Permission::InvoicingEdit),
            choose: if product.picture.is_some() { "Remplacer la photo" } else { "Choisir une photo" },
            accept: IMAGE.accept(),
            notice: "",
            error: None,
        }
    }
}

/// The box alone.
#[derive(Template)]
#[template(path = "product_picture_fragment.html")]
struct PictureFragment {
    picture: PictureBox,
}

pub async fn show_picture(asker: Asker, Id(id): Id<ProductId>) -> PageResult {
    let picture = store::read(&asker.scope, id).await?.product.value.picture.ok_or(Error::NotFound)?;
    let key = keys::product_picture_s3_key(asker.organization.id, &picture.sha256);
    show_kept(&asker.deps().files, &key).await
}

pub async fn begin_picture_upload(
    asker: Asker,
    _id: Id<ProductId>,
    Json(input): Json<UploadInput>,
) -> Result<Response, Failure> {
    begin_on_page(&asker, &IMAGE, &input).await
}

pub async fn change_picture(asker: Asker, Id(id): Id<ProductId>, form: Form<UploadedInput>) -> PageResult {
    let changed = super::change_picture(&asker.scope, &asker.deps().files, id, &form.input, form.version).await;
    answer(&asker, id, changed, "La photo est enregistrée.").await
}

pub async fn remove_picture(asker: Asker, Id(id): Id<ProductId>, form: Form<Nothing>) -> PageResult {
    let changed = super::remove_picture(&asker.scope, id, form.version).await;
    answer(&asker, id, changed, "La photo est retirée.").await
}

async fn answer(asker: &Asker, id: ProductId, changed: Result<Shelf>, notice: &'static str) -> PageResult {
    let is_fragment = asker.visitor.is_fragment;
    match changed {
        Ok(_) if !is_fragment => asker.done(&format!("{PATH}/produits/{id}"), notice),
        Ok(shelf) => {
            let picture = PictureBox { notice, ..PictureBox::of(asker, &shelf.product) };
            page_with_status(StatusCode::OK, &PictureFragment { picture })
        }
        Err(error) if !is_fragment => Err(Failure(error)),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let error = errors.get("/upload_id").or_else(|| errors.summary().map(str::to_owned));
            let product = store::read(&asker.scope, id).await?.product;
            let picture = PictureBox { error, ..PictureBox::of(asker, &product) };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &PictureFragment { picture })
        }
    }
}
