//! Somebody was erased. Drafts that name a contact are addressed as a new one would be, those of a client who was a private
//! person to a client without a name, for whom nothing recurs any more; hours worked for them, and mails that are kept, lose
//! the name. What was issued
//! stays as it was frozen, for as long as the law keeps it (C. com. L123-22).

use kernel::{
    Result,
    event::{Owner, Person},
    id::{CompanyId, TimeEntryId},
    mail::MailState,
    page::PageRequest,
    reference::ClientReference,
};
use table::{
    Items, Order, Scope, Transaction,
    erasure::{DocumentsAt, Erasure, Traces, Walk},
    meter::side_by_side,
    shared::OwnedMail,
};

use crate::{
    client::Client,
    credit_note::CreditNote,
    invoice::Invoice,
    panel::ClientDocument,
    quote::Quote,
    recurring::RecurringInvoice,
    time::{self, TimeEntry},
};

/// Goes through the documents of the companies where they were, from where it was left; done twice, or by two at
/// once, it changes nothing more.
pub async fn forget(scope: &Scope, of: Person) -> Result<()> {
    let keys = scope.keys();
    loop {
        let read = scope.get::<Erasure>(&keys.erasure(of)).await?;
        let Some((at, traces)) = read.as_ref().and_then(|read| match (&read.documents, &read.traces) {
            (Walk::At(at), Some(traces)) => Some((at.clone(), traces)),
            _ => None,
        }) else {
            return Ok(());
        };
        let Some(company) = traces.companies.get(at.company).copied() else {
            note(scope, of, &at, Walk::Done, 0).await?;
            continue;
        };
        if matches!(of, Person::Client(_)) && at.after.is_none() {
            stop_recurring(scope, company).await?;
            rename_hours(scope, company).await?;
        }
        let lines = keys.client_documents(company);
        let (found, rest) = scope.collection_page(&lines, at.after.as_deref()).await?;
        let mut kept = 0;
        for line in found.all::<ClientDocument>()? {
            kept += u32::from(forgotten_in(scope, of, line.owner, company, traces).await?);
        }
        let next = match rest {
            Some(after) => DocumentsAt { after: Some(after), ..at.clone() },
            None => DocumentsAt { company: at.company + 1, after: None },
        };
        let next = if next.company < traces.companies.len() { Walk::At(next) } else { Walk::Done };
        note(scope, of, &at, next, kept).await?;
    }
}

/// How far it has come, unless another was faster.
async fn note(scope: &Scope, of: Person, from: &DocumentsAt, to: Walk<DocumentsAt>, kept: u32) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("note_erasure", of);
            match scope.get::<Erasure>(&scope.keys().erasure(of)).await? {
                Some(read) if read.documents == Walk::At(from.clone()) => {
                    transaction.update(&read, &read.with_documents(to.clone(), kept));
                    Ok((transaction, ()))
                }
                _ => Ok((transaction.nothing(), ())),
            }
        })
        .await
}

/// How many recurring invoices, or hours, are looked at in one reading.
const READ_AT_ONCE: u16 = 100;

/// Stops what recurs for a client who was erased, and takes their name out of it.
async fn stop_recurring(scope: &Scope, company: CompanyId) -> Result<()> {
    let keys = scope.keys();
    let mut page = PageRequest { limit: READ_AT_ONCE, cursor: None };
    loop {
        let listed = scope.list::<RecurringInvoice>(&keys.recurring_invoices(), &page, Order::Ascending).await?;
        for recurring in listed.items.iter().filter(|recurring| recurring.client.reference.id == company) {
            scope
                .write(|| async {
                    let key = keys.recurring_invoice(recurring.id);
                    let (read, now) = side_by_side(scope.get::<RecurringInvoice>(&key), now(scope, company)).await;
                    let mut transaction = scope.begin("forget_contact", recurring.id);
                    match (read?, now?) {
                        (Some(read), Some(client)) if read.client != client => {
                            let stopped = read.stopped().unwrap_or_else(|_| read.value.clone());
                            transaction.redact(&read, &RecurringInvoice { client, ..stopped });
                            Ok((transaction, ()))
                        }
                        _ => Ok((transaction.nothing(), ())),
                    }
                })
                .await?;
        }
        page.cursor = listed.next_cursor;
        if page.cursor.is_none() {
            return Ok(());
        }
    }
}

/// Takes the name of a client who was erased out of the hours that were worked for them.
async fn rename_hours(scope: &Scope, company: CompanyId) -> Result<()> {
    for state in time::STATES {
        let list = scope.keys().time_entries(state, Some(company));
        let mut page = PageRequest { limit: READ_AT_ONCE, cursor: None };
        loop {
            let listed = scope.list::<TimeEntry>(&list, &page, Order::Ascending).await?;
            for entry in &listed.items {
                rename_entry(scope, company, entry.id).await?;
            }
            page.cursor = listed.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
    }
    Ok(())
}

async fn rename_entry(scope: &Scope, company: CompanyId, id: TimeEntryId) -> Result<()> {
    let key = scope.keys().time_entry(id);
    scope
        .write(|| async {
            let (read, now) = side_by_side(scope.get::<TimeEntry>(&key), now(scope, company)).await;
            let mut transaction = scope.begin("forget_contact", id);
            match (read?, now?) {
                (Some(read), Some(client)) if read.client_name != client.reference.name => {
                    let client_name = client.reference.name.clone();
                    transaction.redact(&read, &TimeEntry { client_name, ..read.value.clone() });
                    Ok((transaction, ()))
                }
                _ => Ok((transaction.nothing(), ())),
            }
        })
        .await
}

/// The client as the CRM publishes them now.
async fn now(scope: &Scope, company: CompanyId) -> Result<Option<Client>> {
    let read = scope.get::<ClientReference>(&scope.keys().client_reference(company)).await?;
    Ok(read.map(Client::from))
}

/// Whether the document was issued with their name and so keeps it.
async fn forgotten_in(scope: &Scope, of: Person, owner: Owner, company: CompanyId, traces: &Traces) -> Result<bool> {
    let keys = scope.keys();
    let aggregate = match owner {
        Owner::Quote(id) => keys.quote(id),
        Owner::Invoice(id) => keys.invoice(id),
        Owner::CreditNote(id) => keys.credit_note(id),
        // They name no contact.
        Owner::Letter(_) | Owner::SelfBilled(_) | Owner::User(_) | Owner::Invitation(_) => return Ok(false),
    };
    let line = keys.client_document(company, owner);
    scope
        .write(|| async {
            let found = scope.collection(&aggregate.collection()).await?;
            let mut transaction = scope.begin("forget_contact", owner);
            let mut readdressed = None;
            let mut is_kept = false;
            if let Some(quote) = found.first::<Quote>()? {
                if quote.must_be_draft().is_err() {
                    is_kept |= is_named(of, &quote.client, traces);
                } else if let Some(client) = anew(scope, of, &quote.client, traces).await? {
                    transaction.redact(&quote, &Quote { client: client.clone(), ..quote.value.clone() });
                    readdressed = Some(client);
                }
            }
            if let Some(invoice) = found.first::<Invoice>()? {
                if invoice.must_be_draft().is_err() {
                    is_kept |= is_named(of, &invoice.client, traces);
                } else if let Some(client) = anew(scope, of, &invoice.client, traces).await? {
                    transaction.redact(&invoice, &Invoice { client: client.clone(), ..invoice.value.clone() });
                    readdressed = Some(client);
                }
            }
            if let Some(note) = found.first::<CreditNote>()? {
                is_kept |= is_named(of, &note.client, traces);
            }
            if let (Some(client), Person::Client(_)) = (&readdressed, of)
                && let Some(read) = scope.get::<ClientDocument>(&line).await?
            {
                let client_name = client.reference.name.clone();
                transaction.update(&read, &ClientDocument { client_name, ..read.value.clone() });
            }
            let is_changed = mails(&mut transaction, &found, traces)? || readdressed.is_some();
            Ok((if is_changed { transaction } else { transaction.nothing() }, is_kept))
        })
        .await
}

fn is_named(of: Person, client: &Client, traces: &Traces) -> bool {
    match of {
        Person::Client(id) => client.reference.id == id,
        _ => traces.names(client.reference.contact.as_deref()),
    }
}

/// The client of a draft that names them, as a new one would have it; none where nothing of it changes.
async fn anew(scope: &Scope, of: Person, drafted: &Client, traces: &Traces) -> Result<Option<Client>> {
    if !is_named(of, drafted, traces) {
        return Ok(None);
    }
    let client = match (of, now(scope, drafted.reference.id).await?) {
        (Person::Client(_), Some(now)) => now,
        (_, now) => {
            let contact = now.and_then(|now| now.reference.contact);
            Client { reference: ClientReference { contact, ..drafted.reference.clone() }, seen: drafted.seen }
        }
    };
    Ok((client != *drafted).then_some(client))
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
