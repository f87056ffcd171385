//! From a self-billed draft to the frozen document: the supplier sells, we buy and issue.

use jiff::civil::Date;
use kernel::{
    Error, Result,
    document::{Brand, Preceding, Seller, Snapshot},
    error::Conflict,
    event::{Event, Owner},
    id::CompanyId,
    legal,
    reference::{ClientReference, OrganizationReference, VatRegime},
};
use table::{Scope, Transaction, shared::FrozenDocument};
use web::Letter;

use super::{Issued, Mandate, SelfBilled};
use crate::{content::is_lawful, document, mails::About};

/// What an invoice that a buyer issues says of itself (CGI ann. II, art. 242 nonies A, I, 13°).
const MENTION: &str = "Autofacturation";

/// We, as the one who buys.
pub fn buyer(organization: &OrganizationReference) -> ClientReference {
    let legal = &organization.legal;
    ClientReference {
        id: CompanyId::from_ulid(organization.id.ulid()),
        name: organization.name.clone(),
        is_business: true,
        address: legal.address.clone(),
        siret: legal.siret.clone(),
        vat_number: legal.vat_number.clone(),
        email: legal.email.clone(),
        contact: None,
        assigned_to: None,
        terms: None,
        archived: false,
    }
}

/// Whether the seller's part of an invoice is complete (CGI ann. II art. 242 nonies A).
pub fn is_complete(supplier: &ClientReference, regime: VatRegime) -> bool {
    supplier.is_business
        && supplier.address.is_some()
        && supplier.siret.is_some()
        && (supplier.vat_number.is_some() || regime == VatRegime::Franchise)
}

fn seller(supplier: &ClientReference, mandate: &Mandate) -> Result<Seller> {
    let incomplete = || Error::Conflict(Conflict::SupplierIncomplete);
    if !is_complete(supplier, mandate.vat_regime) {
        return Err(incomplete());
    }
    let siret = supplier.siret.clone().ok_or_else(incomplete)?;
    Ok(Seller {
        name: supplier.name.clone(),
        legal_form: mandate.legal_form.clone(),
        capital: mandate.capital.clone(),
        address: supplier.address.clone().ok_or_else(incomplete)?,
        siren: siret.chars().take(9).collect(),
        siret,
        rcs_city: mandate.rcs_city.clone(),
        vat_number: supplier.vat_number.clone(),
        email: supplier.email.clone(),
        phone: None,
        website: None,
        bank: mandate.bank.clone(),
    })
}

/// Refuses what may not leave any more: a draft outlives a regime, a rate, the length of terms.
fn must_be_lawful(
    organization: &OrganizationReference,
    document: &SelfBilled,
    mandate: &Mandate,
    on: Date,
) -> Result<()> {
    let buyer = buyer(organization);
    if !is_lawful(&document.priced, mandate.vat_regime, on) {
        return Err(Error::Conflict(Conflict::VatOutdated));
    }
    if document.priced.treatment.fits(mandate.vat_regime, &buyer).is_err() {
        return Err(Error::Conflict(Conflict::TreatmentUnfit));
    }
    if document.terms().are_lawful_with(&buyer, on).is_err() {
        return Err(Error::Conflict(Conflict::TermsUnlawful));
    }
    document::must_be_told_in_euro(&document.priced, document.exchange)
}

fn freeze(
    organization: &OrganizationReference,
    document: &SelfBilled,
    issued: &Issued,
    mandate: &Mandate,
) -> Result<Snapshot> {
    if !organization.can_issue() {
        return Err(Error::Conflict(Conflict::SellerIncomplete));
    }
    let priced = &document.priced;
    let is_payable = document.kind.is_payable();
    if !document.is_credit_note() {
        must_be_lawful(organization, document, mandate, issued.on)?;
    }
    let mut mentions = vec![MENTION.to_owned()];
    mentions.extend(document::mentions(mandate.vat_regime, priced, issued.on));
    Ok(Snapshot {
        kind: document.kind,
        number: issued.number.clone(),
        issued_on: issued.on,
        due_on: issued.due_on,
        valid_until: None,
        supplied_on: Some(document.supplied_on.unwrap_or(issued.on)),
        currency: priced.currency,
        seller: seller(&document.supplier.reference, mandate)?,
        buyer: document::buyer(&buyer(organization)),
        purchase_order: document.purchase_order.clone(),
        quote_number: None,
        subject: document.words.subject.clone(),
        introduction: document.words.introduction.clone(),
        conditions: document.words.conditions.clone(),
        lines: priced.lines.clone(),
        allowances: priced.allowances.clone(),
        vat: priced.vat.clone(),
        totals: priced.totals,
        exchange: document.exchange,
        preceding: document
            .origin
            .iter()
            .map(|origin| Preceding {
                number: origin.number.clone(),
                issued_on: origin.issued_on,
                deducted_minor: None,
            })
            .collect(),
        operations: document.operations,
        situation: None,
        payment_terms: is_payable.then(|| document.terms().sentence()),
        mentions,
        late_payment: is_payable.then(|| legal::late_payment(issued.on)),
        // In the supplier's name, so without our logo.
        brand: Brand { logo: None, ..organization.brand.clone() },
        attachments: Vec::new(),
    })
}

/// In the transaction that gives it its number: frozen, its mail waiting for the rendered file, its rendering asked for.
pub fn leave<'a>(
    transaction: &mut Transaction,
    scope: &Scope,
    organization: &'a OrganizationReference,
    document: &'a SelfBilled,
    mandate: &Mandate,
    words: impl FnOnce(Letter<'a>) -> Letter<'a>,
) -> Result<()> {
    let issued = document.issued.as_ref().ok_or(Error::Conflict(Conflict::NotIssued))?;
    let owner = Owner::SelfBilled(document.id);
    let snapshot = freeze(organization, document, issued, mandate)?;
    let about = About { owner, number: &issued.number, organization, client: &document.supplier.reference };
    let subject = format!("{} {} – {}", document.kind.french(), issued.number, organization.name);
    let mail = about.mail_without_link(scope, subject, words)?;
    transaction.create(&FrozenDocument { owner, snapshot });
    if let Some(mail) = &mail {
        transaction.create(mail);
    }
    transaction.emit(Event::DocumentFrozen { owner, mail: mail.map(|owned| owned.mail.id) });
    Ok(())
}
