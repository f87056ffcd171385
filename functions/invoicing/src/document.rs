//! From a draft to the frozen document: who sells to whom, and the sentences that the law wants, dated.

use jiff::civil::Date;
use kernel::{
    Error, Result,
    document::{Buyer, Kind, LatePayment, Operations, Seller, Snapshot},
    error::Conflict,
    event::Owner,
    legal,
    reference::{ClientReference, OrganizationReference, VatRegime},
};

use table::shared::DocumentFile;
use web::Asker;

use crate::content::{Priced, Words};

/// The parts that differ between a quote and an invoice.
pub struct Frame<'a> {
    pub kind: Kind,
    pub number: String,
    pub issued_on: Date,
    pub due_on: Option<Date>,
    pub valid_until: Option<Date>,
    pub supplied_on: Option<Date>,
    pub operations: Operations,
    pub purchase_order: Option<String>,
    pub quote_number: Option<String>,
    pub words: &'a Words,
    pub priced: &'a Priced,
}

/// Freezes a document. An organization whose legal identity is incomplete cannot.
pub fn freeze(organization: &OrganizationReference, client: &ClientReference, frame: Frame<'_>) -> Result<Snapshot> {
    let is_invoice = frame.kind == Kind::Invoice;
    let seller = seller(organization)?;
    if !frame.priced.is_lawful(organization.vat_regime, frame.issued_on) {
        return Err(Error::Conflict(Conflict::VatOutdated));
    }
    Ok(Snapshot {
        kind: frame.kind,
        issued_on: frame.issued_on,
        due_on: frame.due_on,
        valid_until: frame.valid_until,
        supplied_on: frame.supplied_on,
        currency: frame.priced.currency,
        seller,
        buyer: buyer(client),
        purchase_order: frame.purchase_order,
        quote_number: frame.quote_number,
        subject: frame.words.subject.clone(),
        introduction: frame.words.introduction.clone(),
        conditions: frame.words.conditions.clone(),
        lines: frame.priced.lines.clone(),
        vat: frame.priced.vat.clone(),
        totals: frame.priced.totals,
        operations: frame.operations,
        payment_terms: frame.due_on.filter(|_| is_invoice).map(|due| payment_terms(frame.issued_on, due)),
        mentions: mentions(organization.vat_regime, frame.issued_on),
        late_payment: late_payment(client, is_invoice, frame.issued_on),
        brand: organization.brand.clone(),
        number: frame.number,
    })
}

fn seller(organization: &OrganizationReference) -> Result<Seller> {
    if !organization.can_issue() {
        return Err(Error::Conflict(Conflict::SellerIncomplete));
    }
    let legal = organization.legal.clone();
    let incomplete = || Error::Conflict(Conflict::SellerIncomplete);
    let siret = legal.siret.ok_or_else(incomplete)?;
    Ok(Seller {
        name: organization.name.clone(),
        legal_form: legal.legal_form,
        capital: legal.capital,
        address: legal.address.ok_or_else(incomplete)?,
        siren: siret.chars().take(9).collect(),
        siret,
        rcs_city: legal.rcs_city,
        vat_number: legal.vat_number,
        email: legal.email,
        phone: legal.phone,
        website: legal.website,
        bank: legal.bank,
    })
}

pub fn buyer(client: &ClientReference) -> Buyer {
    Buyer {
        name: client.name.clone(),
        contact: client.contact.clone(),
        address: client.address.clone().unwrap_or_default(),
        siren: client.siret.as_ref().map(|siret| siret.chars().take(9).collect()),
        vat_number: client.vat_number.clone(),
        email: client.email.clone(),
        is_business: client.is_business,
    }
}

/// The due date itself stands beside it.
fn payment_terms(issued_on: Date, due_on: Date) -> String {
    match due_on.duration_since(issued_on).as_hours() / 24 {
        0 => "Paiement à réception de la facture.".into(),
        1 => "Paiement à 1 jour à compter de la date d’émission.".into(),
        days => format!("Paiement à {days} jours à compter de la date d’émission."),
    }
}

fn mentions(regime: VatRegime, on: Date) -> Vec<String> {
    match regime {
        VatRegime::Normal => Vec::new(),
        VatRegime::Franchise => vec![legal::franchise_mention(on).into()],
        VatRegime::Debits => vec![legal::debits_mention(on).into()],
    }
}

/// C. com. L441-9, D441-5: between businesses only.
fn late_payment(client: &ClientReference, is_invoice: bool, on: Date) -> Option<LatePayment> {
    (is_invoice && client.is_business).then(|| legal::late_payment(on))
}

/// A signed link to a rendered document, and its file name.
pub async fn download(asker: &Asker, owner: Owner) -> Result<(String, String)> {
    let scope = &asker.scope;
    let keys = scope.keys();
    let aggregate = match owner {
        Owner::Quote(id) => keys.quote(id),
        Owner::Invoice(id) => keys.invoice(id),
        Owner::User(_) | Owner::Invitation(_) => return Err(Error::NotFound),
    };
    let found = scope.get_many(&[aggregate, keys.file(owner)]).await?;
    if found.is_empty() {
        return Err(Error::NotFound);
    }
    let file = found.first::<DocumentFile>()?.ok_or(Error::Conflict(Conflict::DocumentNotReady))?.value.file;
    let link = asker.deps().files.signed_link(&file.s3_key, &file.file_name, "application/pdf").await?;
    Ok((link, file.file_name))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DownloadView {
    /// Works for five minutes.
    pub url: String,
    pub file_name: String,
}
