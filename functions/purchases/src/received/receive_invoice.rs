//! Taking an electronic invoice in: read within limits, held against the rules, addressed to us, not known yet; then, in one
//! transaction, an expense with its lines, its supplier, and the file as it came.

use cloud::Deps;
use einvoice::Container;
use kernel::{
    Error, Result,
    einvoice::Fault,
    error::Conflict,
    event::{About, Event},
    id::{ExpenseId, ReceivedInvoiceId, SupplierId, UploadId, UserId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use table::{Scope, Stored, Transaction, keys};
use tokio::sync::OnceCell;
use web::{
    Asker,
    file::{FileType, name_of},
    upload::{FileKind, UploadedInput, discard_upload, read_upload},
};

use super::{
    ReceivedInvoice, ReceivedNumber,
    model::{addressed, content, number_hash, prepaid, refused},
};
use crate::{
    expense::{self, Expense, ExpenseContent, Receipt, Source, SupplierName, Threshold},
    settings,
    supplier::{Supplier, SupplierContent, SupplierSign, account_mark, siren_of},
};

/// What an electronic invoice comes as.
pub const INVOICE: FileKind = FileKind {
    media_types: &[
        ("application/pdf", "PDF Factur-X"),
        ("text/xml", "XML"),
        ("application/xml", "XML"),
        ("application/octet-stream", "XML"),
    ],
    megabytes_max: einvoice::MEGABYTES_MAX,
};

/// A file that was sent. The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReceivedInput {
    /// `upl_…`
    pub upload_id: String,
    /// What it is called where it comes from.
    pub name: String,
}

/// By what a file comes.
#[derive(Debug, Clone, Copy)]
pub enum Carrier<'a> {
    /// The bucket, where somebody put it.
    Upload,
    Mail(&'a [u8]),
}

/// A file on its way in, and for whom it is.
pub struct Incoming<'a> {
    pub deps: &'a Deps,
    pub scope: &'a Scope,
    pub organization: &'a OrganizationReference,
    /// Nobody where it came by itself.
    pub by: Option<UserId>,
    /// What it will be: the same for the same file of the same mail.
    pub id: ReceivedInvoiceId,
    pub upload: UploadId,
    /// What it is called where it comes from.
    pub name: &'a str,
    pub carrier: Carrier<'a>,
}

/// A file that was read, before anything is made of it.
struct Read {
    bytes: Vec<u8>,
    container: Container,
    invoice: einvoice::Invoice,
    is_addressed: bool,
    /// The mark of the account that it names.
    account: Option<String>,
}

impl Incoming<'_> {
    const fn expense(&self) -> ExpenseId {
        ExpenseId::from_ulid(self.id.ulid())
    }

    async fn read(&self) -> Result<Read> {
        let bytes = match self.carrier {
            Carrier::Upload => read_upload(self.scope, &self.deps.files, &INVOICE, self.upload).await?,
            Carrier::Mail(bytes) => bytes.to_vec(),
        };
        let reading = move || {
            let read = einvoice::read(&bytes);
            (bytes, read)
        };
        let (bytes, read) = tokio::task::spawn_blocking(reading)
            .await
            .map_err(|_| Error::internal("the reader of an invoice panicked"))?;
        let (container, invoice) = read.map_err(refused)?;
        let is_addressed = addressed(&invoice, self.organization);
        if is_addressed == Some(false) {
            return Err(refused(Fault::OtherBuyer { name: invoice.buyer.name.clone() }));
        }
        let account = match invoice.iban.as_deref().and_then(|iban| kernel::legal::iban(iban).ok()) {
            Some(iban) => Some(account_mark(self.scope, &self.deps.vault, &iban).await?),
            None => None,
        };
        Ok(Read { bytes, container, invoice, is_addressed: is_addressed.is_some(), account })
    }
}

/// What there is of its seller: by SIREN first, then by VAT number; and of the number, under which invoice it came.
async fn seller(
    scope: &Scope,
    invoice: &einvoice::Invoice,
) -> Result<(Option<Stored<Supplier>>, Threshold, Option<ReceivedInvoiceId>)> {
    let keys = scope.keys();
    let hash = number_hash(invoice);
    let siren = seller_siren(invoice);
    let mut wanted = vec![keys.purchase_settings(), keys.received_number(&hash)];
    wanted.extend(siren.as_deref().map(|siren| keys.supplier_sign("SIREN", siren)));
    wanted.extend(invoice.seller.vat_number.as_deref().map(|number| keys.supplier_sign("VAT", number)));
    let found = scope.get_many(&wanted).await?;
    let known = found.first::<ReceivedNumber>()?.map(|number| number.invoice);
    let signs = found.all::<SupplierSign>()?;
    let of = |way: &str| signs.iter().find(|sign| sign.way == way).map(|sign| sign.supplier);
    let supplier = match of("SIREN").or_else(|| of("VAT")) {
        Some(id) => scope.get::<Supplier>(&keys.supplier(id)).await?,
        None => None,
    };
    Ok((supplier, settings::THRESHOLD.among(&found)?.value, known))
}

fn seller_siren(invoice: &einvoice::Invoice) -> Option<String> {
    let seller = &invoice.seller;
    seller.siren.clone().or_else(|| seller.vat_number.as_deref().and_then(siren_of))
}

/// Names the seller in the transaction: as it is known, or as the invoice makes it known. No account is taken from an
/// invoice: whoever forges one would be paid from then on.
fn named(
    transaction: &mut Transaction,
    scope: &Scope,
    invoice: &einvoice::Invoice,
    known: Option<&Stored<Supplier>>,
) -> SupplierName {
    if let Some(known) = known {
        if !known.is_used || known.archived_on.is_some() {
            transaction.update(known, &Supplier { is_used: true, archived_on: None, ..known.value.clone() });
        }
        return SupplierName { id: known.id, name: known.name.clone() };
    }
    let is_number = |number: &String| kernel::legal::vat_number(number, None).is_ok();
    let content = SupplierContent {
        name: invoice.seller.name.clone(),
        siren: seller_siren(invoice),
        vat_number: invoice.seller.vat_number.clone().filter(is_number),
        email: invoice.seller.email.as_deref().and_then(|email| kernel::legal::email(email).ok()),
        ..SupplierContent::default()
    };
    let new = Supplier::new(scope.new_id(SupplierId::new), scope.now(), content);
    let new = Supplier { is_used: true, ..new };
    transaction.create(&new);
    for sign in new.signs() {
        // Whoever was faster is found when this is decided anew.
        transaction.create(&sign);
    }
    SupplierName { id: new.id, name: new.content.name }
}

fn receipt(read: &Read, upload: UploadId, name: &str) -> Receipt {
    let kind = (read.container == Container::Pdf).then_some(FileType::Pdf);
    Receipt {
        upload,
        kind,
        name: name_of(name, kind.map_or(&["xml"], FileType::endings)),
        bytes: read.bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(&read.bytes)),
    }
}

fn received_before() -> Error {
    Error::Conflict(Conflict::InvoiceReceivedBefore)
}

/// The same number of the same seller is taken in once.
pub async fn receive_invoice(asker: &Asker, input: &ReceivedInput) -> Result<Stored<ReceivedInvoice>> {
    let (scope, deps) = (&asker.scope, asker.deps());
    let upload = UploadedInput { upload_id: input.upload_id.clone() }.parse()?;
    let incoming = Incoming {
        deps,
        scope,
        organization: &asker.organization,
        by: Some(asker.user),
        id: scope.new_id(ReceivedInvoiceId::new),
        upload,
        name: &input.name,
        carrier: Carrier::Upload,
    };
    let received = take_in(&incoming).await;
    if matches!(received, Ok(_) | Err(Error::Conflict(_) | Error::Invalid(_))) {
        discard_upload(scope, &deps.files, upload).await;
    }
    received
}

/// The same for a file that is dropped and for one that is mailed. Told again under its id, it is there.
pub async fn take_in(incoming: &Incoming<'_>) -> Result<Stored<ReceivedInvoice>> {
    let Incoming { deps, scope, organization, by, id, upload, name, .. } = *incoming;
    let (files, expense_id) = (&deps.files, incoming.expense());
    let key = keys::expense_s3_key(scope.tenant().organization(), expense_id, upload);
    // Read and kept once, however often others write meanwhile.
    let (sent, kept) = (OnceCell::new(), OnceCell::new());
    let received = scope
        .write(|| async {
            let sent: &Read = sent.get_or_try_init(|| incoming.read()).await?;
            let invoice = &sent.invoice;
            let (supplier, threshold, known) = seller(scope, invoice).await?;
            let mut transaction = scope.begin("receive_invoice", id);
            match known {
                Some(known) if known == id => {
                    let read = scope.get::<ReceivedInvoice>(&scope.keys().received_invoice(id)).await?;
                    return Ok((transaction.nothing(), read.ok_or(Error::NotFound)?));
                }
                Some(_) => return Err(received_before()),
                None => {}
            }
            let category = supplier.as_ref().and_then(|supplier| supplier.category);
            let content = content(invoice, organization, category, organization.day(scope.now()))?;
            let receipt = receipt(sent, upload, name);
            kept.get_or_try_init(|| files.put(&key, sent.bytes.clone(), receipt.media_type())).await?;
            let supplier = named(&mut transaction, scope, invoice, supplier.as_ref());
            let content = ExpenseContent { supplier: Some(supplier.clone()), ..content };
            let wants_approval = threshold.wants_approval(&content, organization.currency);
            let by = (scope.now(), by);
            let expense = Expense {
                receipt: Some(receipt),
                source: Source::Invoice { invoice: id, prepaid_minor: prepaid(invoice) },
                ..Expense::entered(expense_id, by, content, false, wants_approval)
            };
            expense::store::save(&mut transaction, None, Some(&expense));
            let received = (sent.container, invoice);
            let account = sent.account.clone();
            let received = ReceivedInvoice::new(id, by, supplier.id, received, sent.is_addressed, account);
            let number = ReceivedNumber { hash: number_hash(invoice), invoice: id };
            transaction.create(&received).claim(&number, received_before);
            let label = format!("{} ({})", received.number, received.seller).chars().take(80).collect();
            let about = About { label: Some(label), ..About::default() };
            let about = about.worth(received.gross_minor, received.currency).by(transaction.actor());
            transaction.emit(Event::ReceivedInvoiceArrived { invoice: id, about });
            Ok((transaction, Stored { value: received, version: 1 }))
        })
        .await;
    if matches!(received, Err(Error::Conflict(_) | Error::Invalid(_))) && kept.initialized() {
        files.delete(&key).await?;
    }
    received
}
