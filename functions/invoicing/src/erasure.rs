//! A contact was erased: drafts that name them are addressed as a new one would be, and mails that are kept lose their
//! name. What was issued stays as it was frozen, for as long as the law keeps it (C. com. L123-22).

use kernel::{
    Result,
    event::Owner,
    id::{CompanyId, ContactId},
    mail::MailState,
    reference::ClientReference,
};
use table::{
    Item, Items, Scope, Stored, Transaction,
    erasure::{DocumentsAt, Erasure, Traces, Walk},
    shared::OwnedMail,
};

use crate::{client::Client, credit_note::CreditNote, invoice::Invoice, panel::ClientDocument, quote::Quote};

/// Goes through the documents of the companies where they were, from where it was left; done twice, or by two at
/// once, it changes nothing more.
pub async fn forget_contact(scope: &Scope, contact: ContactId) -> Result<()> {
    let keys = scope.keys();
    loop {
        let read = scope.get::<Erasure>(&keys.erasure(contact)).await?;
        let Some((at, traces)) = read.as_ref().and_then(|read| match (&read.documents, &read.traces) {
            (Walk::At(at), Some(traces)) => Some((at.clone(), traces)),
            _ => None,
        }) else {
            return Ok(());
        };
        let Some(company) = traces.companies.get(at.company).copied() else {
            note(scope, contact, &at, Walk::Done, 0).await?;
            continue;
        };
        let lines = keys.client_documents(company);
        let (found, rest) = scope.collection_page(&lines, at.after.as_deref()).await?;
        let mut kept = 0;
        for line in found.all::<ClientDocument>()? {
            kept += u32::from(forgotten_in(scope, line.owner, company, traces).await?);
        }
        let next = match rest {
            Some(after) => DocumentsAt { after: Some(after), ..at.clone() },
            None => DocumentsAt { company: at.company + 1, after: None },
        };
        let next = if next.company < traces.companies.len() { Walk::At(next) } else { Walk::Done };
        note(scope, contact, &at, next, kept).await?;
    }
}

/// How far it has come, unless another was faster.
async fn note(scope: &Scope, contact: ContactId, from: &DocumentsAt, to: Walk<DocumentsAt>, kept: u32) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("note_erasure", contact);
            match scope.get::<Erasure>(&scope.keys().erasure(contact)).await? {
                Some(read) if read.documents == Walk::At(from.clone()) => {
                    transaction.update(&read, &read.with_documents(to.clone(), kept));
                    Ok((transaction, ()))
                }
                _ => Ok((transaction.nothing(), ())),
            }
        })
        .await
}

/// Whether the document was issued with their name and so keeps it.
async fn forgotten_in(scope: &Scope, owner: Owner, company: CompanyId, traces: &Traces) -> Result<bool> {
    let keys = scope.keys();
    let aggregate = match owner {
        Owner::Quote(id) => keys.quote(id),
        Owner::Invoice(id) => keys.invoice(id),
        Owner::CreditNote(id) => keys.credit_note(id),
        // It names no person.
        Owner::SelfBilled(_) | Owner::User(_) | Owner::Invitation(_) => return Ok(false),
    };
    scope
        .write(|| async {
            let found = scope.collection(&aggregate.collection()).await?;
            let mut transaction = scope.begin("forget_contact", owner);
            let mut is_changed = false;
            let mut is_kept = false;
            if let Some(quote) = found.first::<Quote>()? {
                let with = |client| Quote { client, ..quote.value.clone() };
                let is_draft = quote.must_be_draft().is_ok();
                is_kept |= !is_draft && traces.names(quote.client.reference.contact.as_deref());
                if is_draft {
                    is_changed |=
                        address(scope, &mut transaction, &quote, &quote.client, with, company, traces).await?;
                }
            }
            if let Some(invoice) = found.first::<Invoice>()? {
                let with = |client| Invoice { client, ..invoice.value.clone() };
                let is_draft = invoice.must_be_draft().is_ok();
                is_kept |= !is_draft && traces.names(invoice.client.reference.contact.as_deref());
                if is_draft {
                    is_changed |=
                        address(scope, &mut transaction, &invoice, &invoice.client, with, company, traces).await?;
                }
            }
            if let Some(note) = found.first::<CreditNote>()? {
                is_kept |= traces.names(note.client.reference.contact.as_deref());
            }
            is_changed |= mails(&mut transaction, &found, traces)?;
            Ok((if is_changed { transaction } else { transaction.nothing() }, is_kept))
        })
        .await
}

/// Addresses a draft that names them to whom a new one would be addressed.
async fn address<T: Item>(
    scope: &Scope,
    transaction: &mut Transaction,
    read: &Stored<T>,
    client: &Client,
    with: impl Fn(Client) -> T,
    company: CompanyId,
    traces: &Traces,
) -> Result<bool> {
    if !traces.names(client.reference.contact.as_deref()) {
        return Ok(false);
    }
    let now = scope.get::<ClientReference>(&scope.keys().client_reference(company)).await?;
    let contact = now.and_then(|now| now.value.contact);
    if contact == client.reference.contact {
        return Ok(false);
    }
    let reference = ClientReference { contact, ..client.reference.clone() };
    transaction.redact(read, &with(Client { reference, seen: client.seen }));
    Ok(true)
}

/// Takes their name out of the document's mails, and their address out of those that have left.
fn mails(transaction: &mut Transaction, found: &Items, traces: &Traces) -> Result<bool> {
    let mut is_changed = false;
    for read in found.all::<OwnedMail>()? {
        let mut mail = read.mail.clone();
        for name in &traces.names {
            mail = web::letter::without_name(&mail, name);
        }
        let has_left = matches!(mail.state, MailState::Sent { .. });
        if has_left && traces.emails.iter().any(|email| email.eq_ignore_ascii_case(&mail.to.address)) {
            mail.to.address = web::letter::ERASED_ADDRESS.into();
        }
        if mail != read.mail {
            transaction.redact(&read, &OwnedMail { owner: read.owner, mail });
            is_changed = true;
        }
    }
    Ok(is_changed)
}
