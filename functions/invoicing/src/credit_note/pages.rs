//! `/facturation/avoirs`, `/facturation/factures/{id}/avoir`

use askama::Template;
use http::StatusCode;
use kernel::{
    Error, Minor, Result,
    document::Kind,
    error::Conflict,
    event::Owner,
    id::{CreditNoteId, InvoiceId},
};
use serde::Deserialize;
use table::{
    Stored,
    shared::{DocumentFile, FrozenDocument, OwnedMail},
};
use web::{Asker, Form, Id, PageResult, Shell, form::FieldErrors, page, page_with_status, redirect};

use super::{CreditInput, CreditNote};
use crate::{
    attachment::pages::{AttachmentBox, PendingBox, PendingForm},
    form::{PartRow, PartsForm, basis},
    invoice::{self, Invoice},
    view::{Labelled, LinkedInvoice, Moment, Sheet, exchange_line, mail_moment},
};

const PATH: &str = "/facturation/avoirs";

// ---- the form -------------------------------------------------------------------------------------------

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CreditForm {
    reason: String,
    #[serde(flatten)]
    pub parts: PartsForm,
    #[serde(flatten)]
    pub pending: PendingForm,
}

impl CreditForm {
    pub fn input(&self) -> Result<CreditInput> {
        Ok(CreditInput { reason: self.reason.clone(), lines: self.parts.inputs()?, attachments: self.pending.inputs() })
    }
}

/// Of an invoice of ours, or of one that we issued in a supplier's name.
#[derive(Template)]
#[template(path = "credit_form.html")]
pub struct CreditFormPage {
    pub shell: Shell,
    /// Empty where there is none.
    pub preview_href: String,
    pub form_key: String,
    /// The page of the invoice, and its number.
    pub invoice_href: String,
    pub invoice_label: String,
    pub version: u64,
    pub left_gross: String,
    pub lines: Vec<PartRow>,
    /// What the amounts of the lines are.
    pub basis: &'static str,
    pub is_part: bool,
    /// The files that will leave with it; none where it brings none.
    pub pending: Option<PendingBox>,
    pub form: CreditForm,
    pub errors: FieldErrors,
}

impl CreditFormPage {
    fn new(asker: &Asker, invoice: &Stored<Invoice>, form: CreditForm, errors: FieldErrors) -> Result<Self> {
        let issued = invoice.must_stand()?;
        let left = issued.left(&invoice.priced);
        if left.is_nothing() {
            return Err(Error::Conflict(Conflict::AlreadyCredited));
        }
        let currency = invoice.priced.currency;
        let lines = form.parts.rows(&invoice.priced, &left, &errors);
        Ok(Self {
            shell: Shell::new(asker, "invoicing", format!("Avoir sur la facture {}", issued.number)),
            form_key: asker.form_key(),
            preview_href: format!("/facturation/apercu/avoirs/{}", invoice.id),
            invoice_href: format!("/facturation/factures/{}", invoice.id),
            invoice_label: issued.number.clone(),
            version: invoice.version,
            left_gross: Minor(invoice.priced.totals.gross_minor.0 - issued.credited_minor().0).french(currency),
            lines,
            basis: basis(&invoice.priced),
            is_part: form.parts.is_part(),
            pending: Some(PendingBox::new(invoice.id, &form.pending.inputs(), &errors)),
            form,
            errors,
        })
    }
}

pub async fn new_credit_note(asker: Asker, Id(id): Id<InvoiceId>) -> PageResult {
    let invoice = invoice::store::read(&asker.scope, id).await?;
    page(&CreditFormPage::new(&asker, &invoice, CreditForm::default(), FieldErrors::default())?)
}

pub async fn credit_invoice(asker: Asker, Id(id): Id<InvoiceId>, form: Form<CreditForm>) -> PageResult {
    let credited = async {
        let input = form.input.input()?;
        super::credit_invoice(&asker.scope, &asker.deps().files, &asker.organization, id, &input, form.version).await
    };
    match credited.await {
        Ok(credited) => {
            let told = format!("L’avoir {} est émis.", credited.note.number);
            asker.done(&format!("{PATH}/{}", credited.note.id), told)
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let invoice = invoice::store::read(&asker.scope, id).await?;
            let page = CreditFormPage::new(&asker, &invoice, form.input, errors)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

// ---- one credit note ------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "credit_note.html")]
struct CreditNotePage {
    shell: Shell,
    id: CreditNoteId,
    pdf_href: Option<String>,
    invoice: LinkedInvoice,
    document: Sheet,
    attachments: AttachmentBox,
    mails: Vec<Moment>,
}

pub async fn show_credit_note(asker: Asker, Id(id): Id<CreditNoteId>) -> PageResult {
    let keys = asker.scope.keys();
    let found = asker.scope.collection(&keys.credit_note(id).collection()).await?;
    let note = found.first::<CreditNote>()?.ok_or(Error::NotFound)?;
    let has_file = found.first::<DocumentFile>()?.is_some();
    let snapshot = found.first::<FrozenDocument>()?.map(|frozen| frozen.value.snapshot);
    let exchange = snapshot.as_ref().and_then(|snapshot| snapshot.exchange);
    let mut dates = vec![
        Labelled::new("Date", asker.organization.date(note.issued_on)),
        Labelled::new("Facture d’origine", note.invoice_number.clone()),
    ];
    dates.extend(exchange_line(exchange, note.priced.currency));
    let document = Sheet::new(
        &asker,
        Kind::CreditNote.french(),
        Some(&note.number),
        dates,
        &note.client.reference,
        &note.words,
        &note.priced,
    )
    .frozen(snapshot);
    page(&CreditNotePage {
        shell: Shell::new(&asker, "invoicing", format!("Avoir {}", note.number)),
        id,
        pdf_href: has_file.then(|| format!("{PATH}/{id}/pdf")),
        invoice: LinkedInvoice { id: note.invoice, label: note.invoice_number.clone() },
        document,
        attachments: AttachmentBox::of_credit_note(&asker, &note),
        mails: found.all::<OwnedMail>()?.iter().rev().map(|mail| mail_moment(&asker, mail)).collect(),
    })
}

pub async fn download_credit_note(asker: Asker, Id(id): Id<CreditNoteId>) -> PageResult {
    let (link, _) = crate::document::download(&asker, Owner::CreditNote(id)).await?;
    redirect(&link)
}
