//! What other contexts' pages show of invoicing: fragments that the browser loads into them.

use std::cmp::Ordering;

use askama::Template;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Minor, Permission, Result,
    event::Owner,
    id::{CompanyId, CreditNoteId, InvoiceId, QuoteId},
    page::PageRequest,
};
use serde::{Deserialize, Serialize};
use table::{Audit, Index, Item, Key, Order, Scope, Stored, TenantKeys, meter::side_by_side};
use web::{Asker, Id, PageResult, page};

use crate::{
    client,
    credit_note::CreditNote,
    invoice::{Invoice, PaymentStatus, late},
    listing::shelf_of,
    quote::{Progress, Quote},
    self_billing, sepa,
    view::{CreditNoteRow, InvoiceRow, QuoteRow},
};

/// One line among what a client was sent, written with the document itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientDocument {
    pub client: CompanyId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_name: String,
    pub owner: Owner,
    pub summary: Summary,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Summary {
    Quote(QuoteSummary),
    Invoice(InvoiceSummary),
    CreditNote(CreditNoteSummary),
}

/// What a list shows of a quote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuoteSummary {
    pub id: QuoteId,
    pub number: Option<String>,
    pub subject: Option<String>,
    pub created_at: Timestamp,
    pub sent_on: Option<Date>,
    pub valid_until: Option<Date>,
    pub progress: Progress,
    pub gross_minor: Minor,
    pub currency: Currency,
}

/// What a list shows of an invoice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvoiceSummary {
    pub id: InvoiceId,
    pub number: Option<String>,
    pub subject: Option<String>,
    pub created_at: Timestamp,
    pub issued_on: Option<Date>,
    pub due_on: Option<Date>,
    pub gross_minor: Minor,
    pub paid_minor: Minor,
    /// What deposits paid in advance.
    #[serde(default, skip_serializing_if = "Minor::is_zero")]
    pub deducted_minor: Minor,
    #[serde(default, skip_serializing_if = "Minor::is_zero")]
    pub credited_minor: Minor,
    /// A corrective invoice took its place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_replaced: bool,
    pub currency: Currency,
    /// When it is debited, where that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debit_on: Option<Date>,
}

/// What a list shows of a credit note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreditNoteSummary {
    pub id: CreditNoteId,
    pub number: String,
    pub issued_on: Date,
    pub invoice: InvoiceId,
    pub invoice_number: String,
    pub gross_minor: Minor,
    pub currency: Currency,
}

impl InvoiceSummary {
    /// What it asked for: less deposits.
    pub fn asked(&self) -> Minor {
        Minor(self.gross_minor.0 - self.deducted_minor.0)
    }

    /// What is to be paid: less deposits and credit notes.
    pub fn owed(&self) -> Minor {
        if self.is_replaced {
            return Minor::ZERO;
        }
        Minor(self.asked().0 - self.credited_minor.0)
    }

    /// What is still to be paid; negative where more was paid than is owed.
    pub fn balance(&self) -> Minor {
        Minor(self.owed().0 - self.paid_minor.0)
    }

    /// Whether all of it was given back, or another took its place.
    pub fn is_cancelled(&self) -> bool {
        self.is_replaced || self.gross_minor > Minor::ZERO && self.credited_minor == self.gross_minor
    }

    pub fn is_overdue(&self, today: Date) -> bool {
        self.due_on.is_some_and(|due| late(due, PaymentStatus::of(self.owed(), self.paid_minor), today))
    }
}

impl Quote {
    /// Of what is agreed, as soon as it is.
    pub fn summary(&self) -> QuoteSummary {
        let agreed = self.agreed();
        QuoteSummary {
            id: self.id,
            number: self.number.clone(),
            subject: self.words.subject.clone(),
            created_at: self.created_at,
            sent_on: self.sent_on,
            valid_until: self.valid_until,
            progress: self.progress,
            gross_minor: agreed.totals.gross_minor,
            currency: agreed.currency,
        }
    }
}

impl Invoice {
    pub fn summary(&self) -> InvoiceSummary {
        let issued = self.issued.as_ref();
        InvoiceSummary {
            id: self.id,
            number: issued.map(|issued| issued.number.clone()),
            subject: self.words.subject.clone(),
            created_at: self.created_at,
            issued_on: issued.map(|issued| issued.on),
            due_on: issued.map(|issued| issued.due_on),
            gross_minor: self.priced.totals.gross_minor,
            paid_minor: issued.map(|issued| issued.paid_minor).unwrap_or_default(),
            deducted_minor: self.deducted_minor(),
            credited_minor: issued.map(|issued| issued.credited_minor()).unwrap_or_default(),
            is_replaced: self.replaced_by().is_some(),
            currency: self.priced.currency,
            debit_on: issued.and_then(|issued| issued.debit.as_ref()).map(|debit| debit.on),
        }
    }
}

impl ClientDocument {
    pub fn of_quote(quote: &Quote) -> Self {
        Self {
            client: quote.client.reference.id,
            client_name: quote.client.reference.name.clone(),
            owner: Owner::Quote(quote.id),
            summary: Summary::Quote(quote.summary()),
        }
    }

    pub fn of_invoice(invoice: &Invoice) -> Self {
        Self {
            client: invoice.client.reference.id,
            client_name: invoice.client.reference.name.clone(),
            owner: Owner::Invoice(invoice.id),
            summary: Summary::Invoice(invoice.summary()),
        }
    }

    pub fn of_credit_note(note: &CreditNote) -> Self {
        Self {
            client: note.client.reference.id,
            client_name: note.client.reference.name.clone(),
            owner: Owner::CreditNote(note.id),
            summary: Summary::CreditNote(note.summary()),
        }
    }
}

impl CreditNote {
    pub fn summary(&self) -> CreditNoteSummary {
        CreditNoteSummary {
            id: self.id,
            number: self.number.clone(),
            issued_on: self.issued_on,
            invoice: self.invoice,
            invoice_number: self.invoice_number.clone(),
            gross_minor: self.priced.totals.gross_minor,
            currency: self.priced.currency,
        }
    }
}

impl Item for ClientDocument {
    const TYPE: &'static str = "client_document";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.client_document(self.client, self.owner)
    }

    /// What is to be paid, and what is owed to a client, stands in a list of its own: who settles it reads no more.
    fn list(&self, keys: TenantKeys) -> Option<Index> {
        let Summary::Invoice(invoice) = &self.summary else { return None };
        let due_on = invoice.due_on?;
        match invoice.balance().cmp(&Minor::ZERO) {
            Ordering::Greater => Some(keys.in_open_invoices(self.client, due_on, invoice.id)),
            Ordering::Less => Some(keys.in_client_credits(self.client, invoice.id)),
            Ordering::Equal => None,
        }
    }

    /// Among those of its state, by day.
    fn filed(&self, keys: TenantKeys) -> Option<Index> {
        let (state, on) = shelf_of(self);
        Some(keys.in_documents(state, on, self.owner))
    }
}

pub(crate) async fn latest_invoices(asker: &Asker, limit: u16) -> Result<Vec<InvoiceRow>> {
    let scope: &Scope = &asker.scope;
    let request = PageRequest { limit, cursor: None };
    let found = scope.list::<Invoice>(&scope.keys().invoices(), &request, Order::Descending).await?;
    Ok(found.items.iter().map(|invoice| InvoiceRow::of(asker, invoice)).collect())
}

pub(crate) async fn latest_quotes(asker: &Asker, limit: u16) -> Result<Vec<QuoteRow>> {
    let scope: &Scope = &asker.scope;
    let request = PageRequest { limit, cursor: None };
    let found = scope.list::<Quote>(&scope.keys().quotes(), &request, Order::Descending).await?;
    Ok(found.items.iter().map(|quote| QuoteRow::of(asker, quote)).collect())
}

#[derive(Template)]
#[template(path = "panel_client.html")]
struct ClientPanel {
    invoiced: String,
    due: String,
    overdue_note: String,
    invoices: Vec<InvoiceRow>,
    quotes: Vec<QuoteRow>,
    credit_notes: Vec<CreditNoteRow>,
    client: CompanyId,
    can_settle: bool,
    has_open: bool,
    /// What is owed to the client.
    credits: Vec<ClientCredit>,
    /// Their leave to debit them, and to issue invoices in their name.
    mandates: Vec<MandateRow>,
    can_sign: bool,
}

struct MandateRow {
    href: String,
    label: String,
    note: String,
    state: (&'static str, &'static str),
}

/// How many mandates of direct debit are looked through: those of most organizations.
const MANDATES_MAX: u16 = 500;

fn mandates(
    asker: &Asker,
    id: CompanyId,
    debit: &[Stored<sepa::Mandate>],
    self_billing: Option<&self_billing::Mandate>,
) -> Vec<MandateRow> {
    let debit = debit.iter().filter(|mandate| mandate.client == id).map(|mandate| MandateRow {
        href: format!("/facturation/mandats/{}", mandate.id),
        label: format!("Prélèvement {}", mandate.reference),
        note: format!("{}, signé le {}", mandate.shown, asker.organization.date(mandate.signed_on)),
        state: mandate.state(asker.today()),
    });
    let self_billing = self_billing.map(|mandate| MandateRow {
        href: format!("/facturation/autofacturation/mandats/{id}"),
        label: format!("Autofacturation AF-{}", mandate.code),
        note: format!("accord du {}", asker.organization.date(mandate.agreed_on)),
        state: self_billing::pages::mandate_state(asker, mandate),
    });
    debit.chain(self_billing).collect()
}

struct ClientCredit {
    id: InvoiceId,
    number: String,
    amount: String,
}

/// What a client was sent and owes.
pub async fn show_client(asker: Asker, Id(id): Id<CompanyId>) -> PageResult {
    let (scope, sent) = (&asker.scope, asker.scope.keys().client_documents(id));
    let (all, debits) = (PageRequest { limit: MANDATES_MAX, cursor: None }, scope.keys().mandates());
    let agreed = scope.keys().self_billing_mandate(id);
    let ((documents, seen), (debits, agreed)) = side_by_side(
        side_by_side(scope.collection(&sent), client::must_see(&asker, id)),
        side_by_side(
            scope.list::<sepa::Mandate>(&debits, &all, Order::Descending),
            scope.get::<self_billing::Mandate>(&agreed),
        ),
    )
    .await;
    seen?;
    let agreed = agreed?.map(|mandate| mandate.value);
    let mandates = mandates(&asker, id, &debits?.items, agreed.as_ref());
    let documents = documents?.all::<ClientDocument>()?;
    let today = asker.today();
    let currency = asker.organization.currency;
    let (mut invoiced, mut due, mut overdue) = (Minor::ZERO, Minor::ZERO, Minor::ZERO);
    let (mut invoices, mut quotes, mut credit_notes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut has_open, mut credits) = (false, Vec::new());
    // Ids sort by time: the newest first.
    for document in documents.into_iter().rev() {
        match document.value.summary {
            Summary::Quote(quote) => quotes.push(QuoteRow::of_summary(&asker, &quote, "")),
            Summary::CreditNote(note) => credit_notes.push(CreditNoteRow::of_summary(&asker, &note, "")),
            Summary::Invoice(invoice) => {
                if invoice.number.is_some() && invoice.currency == currency {
                    invoiced = invoiced.checked_add(invoice.owed()).unwrap_or(Minor::MAX);
                    due = due.checked_add(invoice.balance()).unwrap_or(Minor::MAX);
                    if invoice.is_overdue(today) {
                        overdue = overdue.checked_add(invoice.balance()).unwrap_or(Minor::MAX);
                    }
                    has_open |= invoice.balance() > Minor::ZERO;
                    if invoice.balance() < Minor::ZERO {
                        let amount = Minor(-invoice.balance().0).french(currency);
                        let number = invoice.number.clone().unwrap_or_default();
                        credits.push(ClientCredit { id: invoice.id, number, amount });
                    }
                }
                invoices.push(InvoiceRow::of_summary(&asker, &invoice, ""));
            }
        }
    }
    page(&ClientPanel {
        invoiced: invoiced.french(currency),
        due: due.french(currency),
        overdue_note: if overdue > Minor::ZERO {
            format!("dont {} en retard", overdue.french(currency))
        } else {
            String::new()
        },
        invoices,
        quotes,
        credit_notes,
        client: id,
        can_settle: asker.may(Permission::InvoicingEdit),
        has_open,
        credits,
        mandates,
        can_sign: asker.may(Permission::InvoicingEdit),
    })
}
