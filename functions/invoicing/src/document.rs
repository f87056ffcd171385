//! From a draft to the frozen document: who sells to whom, and the sentences that the law wants, dated.

use jiff::civil::Date;
use kernel::{
    Currency, Error, Result,
    document::{
        AttachedFile, Buyer, ExchangeRate, Kind, LatePayment, Operations, Preceding, Seller, Situation, Snapshot,
        vat_in_euro,
    },
    error::Conflict,
    event::{Event, Owner},
    legal,
    pricing::Priced,
    reference::{ClientReference, OrganizationReference, VatRegime},
    terms::Terms,
};

use table::{
    Scope, Transaction,
    shared::{DocumentFile, FrozenDocument},
};
use web::{Asker, Letter};

use crate::{
    content::{Words, is_lawful},
    mails::About,
};

/// The parts that differ between kinds of documents.
pub struct Frame<'a> {
    pub kind: Kind,
    pub number: String,
    pub issued_on: Date,
    pub due_on: Option<Date>,
    pub terms: Option<Terms>,
    pub valid_until: Option<Date>,
    pub supplied_on: Option<Date>,
    pub operations: Operations,
    pub purchase_order: Option<String>,
    pub quote_number: Option<String>,
    pub preceding: Vec<Preceding>,
    pub situation: Option<Situation>,
    pub exchange: Option<ExchangeRate>,
    pub words: &'a Words,
    pub priced: &'a Priced,
    pub attachments: &'a [AttachedFile],
}

impl<'a> Frame<'a> {
    pub fn new(kind: Kind, number: String, issued_on: Date, words: &'a Words, priced: &'a Priced) -> Self {
        Self {
            kind,
            number,
            issued_on,
            due_on: None,
            terms: None,
            valid_until: None,
            supplied_on: None,
            operations: Operations::Services,
            purchase_order: None,
            quote_number: None,
            preceding: Vec::new(),
            situation: None,
            exchange: None,
            words,
            priced,
            attachments: &[],
        }
    }
}

/// A document on its way to its client.
pub struct Leaving<'a> {
    pub owner: Owner,
    pub organization: &'a OrganizationReference,
    pub client: &'a ClientReference,
    pub frame: Frame<'a>,
    /// Of the mail.
    pub subject: String,
}

impl<'a> Leaving<'a> {
    /// In the transaction that gives it its number: the document as it leaves, frozen; the mail that waits for the
    /// rendered file, where the client has an address; and the request to render it.
    pub fn write(
        self,
        transaction: &mut Transaction,
        scope: &Scope,
        words: impl FnOnce(Letter<'a>) -> Letter<'a>,
    ) -> Result<()> {
        let Self { owner, organization, client, frame, subject } = self;
        let (number, attachments) = (frame.number.clone(), frame.attachments);
        let snapshot = freeze(organization, client, frame)?;
        let about = About { owner, number: &number, organization, client };
        let mail = about.mail_beside(scope, attachments, subject, words)?;
        transaction.create(&FrozenDocument { owner, snapshot });
        if let Some(mail) = &mail {
            transaction.create(mail);
        }
        transaction.emit(Event::DocumentFrozen { owner, mail: mail.map(|owned| owned.mail.id) });
        Ok(())
    }
}

/// The document as it leaves, or would. An organization whose legal identity is incomplete cannot.
pub fn freeze(organization: &OrganizationReference, client: &ClientReference, frame: Frame<'_>) -> Result<Snapshot> {
    let is_payable = frame.kind.is_payable();
    let seller = seller(organization)?;
    // What is given back is given back at the rate at which it was invoiced.
    let is_new = frame.kind != Kind::CreditNote;
    if is_new && !is_lawful(frame.priced, organization.vat_regime, frame.issued_on) {
        return Err(Error::Conflict(Conflict::VatOutdated));
    }
    if is_new && frame.priced.treatment.fits(organization.vat_regime, client).is_err() {
        return Err(Error::Conflict(Conflict::TreatmentUnfit));
    }
    // What a credit note gives back is converted as its invoice was, which was issued before this was asked.
    if is_new && frame.kind != Kind::Quote {
        must_be_told_in_euro(frame.priced, frame.exchange)?;
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
        allowances: frame.priced.allowances.clone(),
        vat: frame.priced.vat.clone(),
        totals: frame.priced.totals,
        exchange: frame.exchange,
        preceding: frame.preceding,
        operations: frame.operations,
        situation: frame.situation,
        payment_terms: frame.terms.filter(|_| is_payable).map(Terms::sentence),
        mentions: mentions(organization.vat_regime, frame.priced, frame.issued_on),
        late_payment: late_payment(client, is_payable, frame.issued_on),
        brand: organization.brand.clone(),
        attachments: frame.attachments.to_vec(),
        number: frame.number,
    })
}

/// French VAT is owed in euro too (CGI art. 266, 1 bis and 289; BR-53): in a currency without a parity, at a rate.
pub fn must_be_told_in_euro(priced: &Priced, exchange: Option<ExchangeRate>) -> Result<()> {
    let tax = priced.totals.tax_minor;
    let is_told = priced.currency == Currency::Eur || vat_in_euro(tax, priced.currency, exchange).is_some();
    if is_told { Ok(()) } else { Err(Error::Conflict(Conflict::ExchangeRateMissing)) }
}

/// An organization whose legal identity is incomplete sells nothing, and writes to nobody.
pub fn seller(organization: &OrganizationReference) -> Result<Seller> {
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

pub fn mentions(regime: VatRegime, priced: &Priced, on: Date) -> Vec<String> {
    let reasons = priced.vat.iter().filter_map(|vat| vat.rate.exemption_reason.clone());
    let debits =
        (regime == VatRegime::Debits && priced.treatment.is_domestic()).then(|| legal::debits_mention(on).into());
    reasons.chain(debits).collect()
}

/// C. com. L441-9, D441-5: between businesses only.
fn late_payment(client: &ClientReference, is_payable: bool, on: Date) -> Option<LatePayment> {
    (is_payable && client.is_business).then(|| legal::late_payment(on))
}

/// The rendered document among what was read: with its client's signature where they gave one.
pub fn file_of(found: &table::Items) -> Result<Option<kernel::document::File>> {
    let signed = found.first::<table::shared::SignedFile>()?.map(|file| file.value.file);
    let file = found.first::<DocumentFile>()?.map(|file| file.value.file);
    Ok(signed.or(file))
}

/// A signed link to a rendered document, and its file name.
pub async fn download(asker: &Asker, owner: Owner) -> Result<(String, String)> {
    let scope = &asker.scope;
    let keys = scope.keys();
    let aggregate = match owner {
        Owner::Quote(id) => keys.quote(id),
        Owner::Invoice(id) => keys.invoice(id),
        Owner::CreditNote(id) => keys.credit_note(id),
        Owner::SelfBilled(id) => keys.self_billed(id),
        Owner::Letter(id) => keys.letter(id),
        Owner::User(_) | Owner::Invitation(_) => return Err(Error::NotFound),
    };
    let mut wanted = vec![aggregate, keys.file(owner)];
    if let Owner::Quote(id) = owner {
        wanted.push(keys.signed_file(id));
    }
    let found = scope.get_many(&wanted).await?;
    if found.is_empty() {
        return Err(Error::NotFound);
    }
    let file = file_of(&found)?.ok_or(Error::Conflict(Conflict::DocumentNotReady))?;
    let link = asker.deps().files.signed_link(&file.s3_key, &file.file_name, "application/pdf").await?;
    Ok((link, file.file_name))
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DownloadView {
    /// Works for five minutes.
    pub url: String,
    pub file_name: String,
}
