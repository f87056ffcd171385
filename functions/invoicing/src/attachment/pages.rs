//! `/facturation/pieces/{id}`: the box of a document's page in which its files stand, and are added and removed while it is
//! a draft; and what of the form of a credit note takes files, which is no draft.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use kernel::{
    Error, Permission, Result,
    document::AttachedFile,
    event::Owner,
    id::{AttachmentId, InvoiceId},
    money::french_decimal,
};
use rust_decimal::Decimal;
use table::Stored;
use web::{
    Asker, Failure, Form, Id, Ids, Json, PageResult,
    form::FieldErrors,
    page_with_status, redirect,
    upload::{UploadInput, begin_on_page, read_upload, refused},
};

use super::{
    ACCEPT, ATTACHMENT, Attached, AttachmentInput,
    model::{Kept, Kind, attached, must_have_room},
    read_attached,
};
use crate::{credit_note::CreditNote, invoice::Invoice, quote::Quote, quote::pages::Nothing};

/// What the forms of a draft are called that act on the version which has its files: they take it from this box, which is
/// shown anew after each change.
const FORMS: [&str; 3] = ["form-send", "form-issue", "form-delete"];

/// The files as a document's page shows them.
pub struct AttachmentBox {
    pub base: String,
    pub rows: Vec<AttachmentRow>,
    pub version: u64,
    pub forms: &'static [&'static str],
    pub is_draft: bool,
    pub can_edit: bool,
    pub can_add: bool,
    pub accept: &'static str,
    /// What was just done.
    pub notice: &'static str,
    pub error: Option<String>,
}

pub struct AttachmentRow {
    pub id: AttachmentId,
    pub name: String,
    /// What it is, and how large.
    pub note: String,
}

impl AttachmentRow {
    pub fn of(file: &AttachedFile) -> Self {
        let size = size(file.bytes);
        let note = file.description.as_ref().map_or_else(|| size.clone(), |what| format!("{what} · {size}"));
        Self { id: file.id, name: file.file_name.clone(), note }
    }
}

/// `12 Ko`, `1,4 Mo`.
pub fn size(bytes: u64) -> String {
    const KILOBYTE: u64 = 1_024;
    const MEGABYTE: u64 = 1_024 * KILOBYTE;
    if bytes < KILOBYTE {
        return format!("{bytes}\u{a0}octets");
    }
    if bytes < MEGABYTE {
        return format!("{}\u{a0}Ko", bytes.div_ceil(KILOBYTE));
    }
    let tenths = Decimal::new(i64::try_from((bytes * 10).div_ceil(MEGABYTE)).unwrap_or(i64::MAX), 1);
    format!("{}\u{a0}Mo", french_decimal(tenths.normalize()))
}

impl AttachmentBox {
    fn new(asker: &Asker, owner: Owner, document: &Attached) -> Self {
        let can_edit = document.is_draft && asker.may(Permission::InvoicingCreate);
        Self {
            base: format!("/facturation/pieces/{owner}"),
            rows: document.attachments.iter().map(AttachmentRow::of).collect(),
            version: document.version,
            forms: if document.is_draft { &FORMS } else { &[] },
            is_draft: document.is_draft,
            can_edit,
            can_add: can_edit && must_have_room(&document.attachments).is_ok(),
            accept: ACCEPT,
            notice: "",
            error: None,
        }
    }

    pub fn of_quote(asker: &Asker, quote: &Stored<Quote>) -> Self {
        let is_draft = quote.must_be_draft().is_ok();
        let document = Attached { attachments: quote.attachments.clone(), version: quote.version, is_draft };
        Self::new(asker, Owner::Quote(quote.id), &document)
    }

    pub fn of_invoice(asker: &Asker, invoice: &Stored<Invoice>) -> Self {
        let is_draft = invoice.must_be_draft().is_ok();
        let document = Attached { attachments: invoice.attachments.clone(), version: invoice.version, is_draft };
        Self::new(asker, Owner::Invoice(invoice.id), &document)
    }

    pub fn of_credit_note(asker: &Asker, note: &Stored<CreditNote>) -> Self {
        let document = Attached { attachments: note.attachments.clone(), version: note.version, is_draft: false };
        Self::new(asker, Owner::CreditNote(note.id), &document)
    }

    /// Whether there is anything to show of it.
    pub fn is_shown(&self) -> bool {
        self.is_draft || !self.rows.is_empty()
    }
}

/// The box alone.
#[derive(Template)]
#[template(path = "attachments_fragment.html")]
struct AttachmentsFragment {
    attachments: AttachmentBox,
}

pub async fn begin_attachment_upload(
    asker: Asker,
    _id: Id<Owner>,
    Json(input): Json<UploadInput>,
) -> Result<Response, Failure> {
    begin_on_page(&asker, &ATTACHMENT, &input).await
}

pub async fn add_attachment(asker: Asker, Id(owner): Id<Owner>, form: Form<AttachmentInput>) -> PageResult {
    let added = super::add_attachment(&asker.scope, &asker.deps().files, owner, &form.input, form.version).await;
    answer(&asker, owner, added, "Le fichier est joint.").await
}

pub async fn remove_attachment(
    asker: Asker,
    Ids((owner, id)): Ids<Owner, AttachmentId>,
    form: Form<Nothing>,
) -> PageResult {
    let removed = super::remove_attachment(&asker.scope, &asker.deps().files, owner, id, form.version).await;
    answer(&asker, owner, removed, "Le fichier est retiré.").await
}

pub async fn download_attachment(asker: Asker, Ids((owner, id)): Ids<Owner, AttachmentId>) -> PageResult {
    let (link, _) = super::download(&asker.scope, &asker.deps().files, owner, id).await?;
    redirect(&link)
}

async fn answer(asker: &Asker, owner: Owner, changed: Result<Attached>, notice: &'static str) -> PageResult {
    let is_fragment = asker.visitor.is_fragment;
    match changed {
        Ok(_) if !is_fragment => asker.done(&page_of(owner), notice),
        Ok(document) => {
            let attachments = AttachmentBox { notice, ..AttachmentBox::new(asker, owner, &document) };
            page_with_status(StatusCode::OK, &AttachmentsFragment { attachments })
        }
        Err(error) if !is_fragment => Err(Failure(error)),
        Err(error) => {
            let error = Some(told(error)?);
            let document = read_attached(&asker.scope, owner).await?;
            let attachments = AttachmentBox { error, ..AttachmentBox::new(asker, owner, &document) };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &AttachmentsFragment { attachments })
        }
    }
}

fn page_of(owner: Owner) -> String {
    match owner {
        Owner::Quote(id) => format!("/facturation/devis/{id}"),
        Owner::CreditNote(id) => format!("/facturation/avoirs/{id}"),
        _ => format!("/facturation/factures/{owner}"),
    }
}

/// One sentence: a box has no fields beside which the rest would stand.
fn told(error: Error) -> Result<String> {
    let errors = FieldErrors::from_error(error)?;
    let field = ["/upload_id", "/description", "/file_name"].iter().find_map(|pointer| errors.get(pointer));
    Ok(field.or_else(|| errors.summary().map(str::to_owned)).unwrap_or_default())
}

// ---- the form of a credit note --------------------------------------------------------------------------

/// A file that was sent and will leave with a credit note: the form keeps what names it.
pub struct PendingRow {
    pub upload: String,
    pub name: String,
    pub description: String,
    pub error: Option<String>,
}

impl PendingRow {
    pub fn of(place: usize, input: &AttachmentInput, errors: &FieldErrors) -> Self {
        let of = |field: &str| errors.get(&format!("/attachments/{place}/{field}"));
        Self {
            upload: input.upload_id.clone(),
            name: input.file_name.clone(),
            description: input.description.clone(),
            error: of("upload_id").or_else(|| of("file_name")).or_else(|| of("description")),
        }
    }
}

/// The files of the form of a credit note.
pub struct PendingBox {
    pub base: String,
    pub rows: Vec<PendingRow>,
    pub can_add: bool,
    pub accept: &'static str,
    pub error: Option<String>,
}

impl PendingBox {
    pub fn new(id: InvoiceId, inputs: &[AttachmentInput], errors: &FieldErrors) -> Self {
        Self {
            base: format!("/facturation/factures/{id}/avoir/pieces"),
            rows: inputs.iter().enumerate().map(|(place, input)| PendingRow::of(place, input, errors)).collect(),
            can_add: inputs.len() < super::FILES_MAX,
            accept: ACCEPT,
            error: errors.get("/attachments"),
        }
    }
}

/// The box alone.
#[derive(Template)]
#[template(path = "credit_attachments_fragment.html")]
struct PendingFragment {
    pending: PendingBox,
}

/// The files that a form has, as columns, and the one that was just sent.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct PendingForm {
    #[serde(deserialize_with = "web::form::column")]
    attachment_upload: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    attachment_name: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    attachment_description: Vec<String>,
    /// The one that was just sent; the one that is taken off the form.
    upload_id: String,
    file_name: String,
    description: String,
    removed: String,
}

impl PendingForm {
    pub fn inputs(&self) -> Vec<AttachmentInput> {
        let cell = |column: &[String], at: usize| column.get(at).cloned().unwrap_or_default();
        let uploads = self.attachment_upload.iter().enumerate().filter(|(_, upload)| !upload.is_empty());
        uploads
            .map(|(at, upload)| AttachmentInput {
                upload_id: upload.clone(),
                file_name: cell(&self.attachment_name, at),
                description: cell(&self.attachment_description, at),
            })
            .collect()
    }
}

pub async fn begin_credit_attachment_upload(
    asker: Asker,
    _id: Id<InvoiceId>,
    Json(input): Json<UploadInput>,
) -> Result<Response, Failure> {
    begin_on_page(&asker, &ATTACHMENT, &input).await
}

/// Looks at what was sent: the form goes on with what it is, or says why it is refused. Nothing is written; the bucket forgets
/// by itself what leaves with no credit note.
pub async fn check_credit_attachment(asker: Asker, Id(id): Id<InvoiceId>, form: Form<PendingForm>) -> PageResult {
    let mut inputs = form.input.inputs();
    inputs.retain(|input| input.upload_id != form.input.removed);
    let PendingForm { upload_id, file_name, description, .. } = form.input;
    let mut failed = None;
    if !upload_id.is_empty() {
        let input = AttachmentInput { upload_id, file_name, description };
        match checked(&asker, &inputs, &input).await {
            Ok(checked) => inputs.push(checked),
            Err(error) => failed = Some(told(error)?),
        }
    }
    let status = if failed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let pending = PendingBox::new(id, &inputs, &FieldErrors::default());
    page_with_status(status, &PendingFragment { pending: PendingBox { error: failed, ..pending } })
}

/// The same, under the name that it will have.
async fn checked(asker: &Asker, others: &[AttachmentInput], input: &AttachmentInput) -> Result<AttachmentInput> {
    let announced = input.parse()?;
    let sent = read_upload(&asker.scope, &asker.deps().files, &ATTACHMENT, announced.upload).await?;
    let kind = Kind::of(&sent, &announced.file_name).map_err(refused)?;
    let kept = Kept { s3_key: String::new(), kind, bytes: sent.len() as u64, sha256: String::new() };
    let file = attached(&announced, &kept, &super::announced(others)).map_err(refused)?;
    Ok(AttachmentInput { file_name: file.file_name, ..input.clone() })
}
