//! What a letter says, and what the account of a client comes to on a day. Pure.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{
    Currency, Minor, Result, Rule, Violations,
    document::Buyer,
    id::InvoiceId,
    legal,
    letter::{Letter, LetterEntry, LetterKind},
    reference::{ClientReference, OrganizationReference},
    text,
};
use serde::{Deserialize, Serialize};

use crate::{
    content::flag,
    document::{buyer, seller},
    interest::Interest,
    invoice::Invoice,
    panel::{ClientDocument, Summary},
    payment::{Payment, PaymentKind},
};

/// A transfer carries 140 characters (EPC069-12); some banks show fewer.
const REFERENCE_MAX: usize = 100;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WriteStatementInput {
    /// `YYYY-MM-DD`, not after today; empty for today.
    pub on: String,
    /// `true` where it is to be sent to the client.
    pub sends: String,
}

impl WriteStatementInput {
    /// The day, and whether it is sent.
    pub fn parse(&self, today: Date) -> Result<(Date, bool), Violations> {
        let mut wrong = Violations::default();
        let on = wrong.take("/on", day(&self.on, today));
        let sends = wrong.take("/sends", flag(&self.sends));
        match (on, sends) {
            (Some(on), Some(sends)) => Ok((on, sends)),
            _ => Err(wrong),
        }
    }
}

fn day(text: &str, today: Date) -> Result<Date, Rule> {
    if text.trim().is_empty() {
        return Ok(today);
    }
    let on = legal::date(text)?;
    if on > today { Err(Rule::After { date: text::short_date(today) }) } else { Ok(on) }
}

/// What a client was asked for and is not settled on a day, with what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    pub on: Date,
    pub currency: Currency,
    /// Each invoice with its credit notes and payments, the oldest invoice first.
    pub entries: Vec<LetterEntry>,
    pub overdue_minor: Minor,
    /// The numbers of what is to be paid, the oldest first.
    pub owed: Vec<String>,
}

impl Account {
    /// `payments` are all of the client's. What is in another currency is another account.
    pub fn of(documents: &[ClientDocument], payments: &[Payment], currency: Currency, on: Date) -> Self {
        // By the invoice that each belongs to.
        let mut moved: BTreeMap<InvoiceId, Vec<LetterEntry>> = BTreeMap::new();
        for document in documents {
            if let Summary::CreditNote(note) = &document.summary
                && note.currency == currency
                && note.issued_on <= on
            {
                moved.entry(note.invoice).or_default().push(LetterEntry {
                    on: note.issued_on,
                    text: format!("Avoir {} sur {}", note.number, note.invoice_number),
                    due_on: None,
                    amount_minor: Minor(-note.gross_minor.0),
                });
            }
        }
        for payment in payments {
            let stands = matches!(payment.kind, PaymentKind::Received | PaymentKind::Refunded);
            if !stands || payment.reversed_by.is_some() || payment.currency != currency || payment.paid_on > on {
                continue;
            }
            let of = payment.of.as_ref().map(|of| format!(" {}", of.number)).unwrap_or_default();
            let what = if payment.kind == PaymentKind::Received { "Règlement" } else { "Remboursement" };
            moved.entry(payment.invoice).or_default().push(LetterEntry {
                on: payment.paid_on,
                text: format!("{what}{of} ({})", payment.method.french().to_lowercase()),
                due_on: None,
                amount_minor: Minor(-payment.effect().0),
            });
        }
        let mut invoices: Vec<_> = documents
            .iter()
            .filter_map(|document| match &document.summary {
                Summary::Invoice(invoice) if invoice.currency == currency => {
                    let issued_on = invoice.issued_on.filter(|issued| *issued <= on)?;
                    Some((issued_on, invoice.number.as_deref()?, invoice))
                }
                _ => None,
            })
            .collect();
        invoices.sort_by_key(|(issued_on, number, _)| (*issued_on, *number));
        let mut account = Self { on, currency, entries: Vec::new(), overdue_minor: Minor::ZERO, owed: Vec::new() };
        for (issued_on, number, invoice) in invoices {
            let asked = if invoice.is_replaced { Minor::ZERO } else { invoice.asked() };
            let mut rest = moved.remove(&invoice.id).unwrap_or_default();
            rest.sort_by_key(|entry| entry.on);
            let left = Minor(asked.0 + rest.iter().map(|entry| entry.amount_minor.0).sum::<i64>());
            if left.is_zero() {
                continue;
            }
            if invoice.due_on.is_some_and(|due| due < on) && left > Minor::ZERO {
                account.overdue_minor = Minor(account.overdue_minor.0 + left.0);
            }
            if left > Minor::ZERO {
                account.owed.push(number.to_owned());
            }
            account.entries.push(LetterEntry {
                on: issued_on,
                text: format!("Facture {number}"),
                due_on: invoice.due_on,
                amount_minor: asked,
            });
            account.entries.append(&mut rest);
        }
        account
    }

    /// Negative where it is owed to the client.
    pub fn due_minor(&self) -> Minor {
        Minor(self.entries.iter().map(|entry| entry.amount_minor.0).sum())
    }

    /// The statement as it leaves.
    pub fn letter(
        &self,
        client: &ClientReference,
        organization: &OrganizationReference,
        today: Date,
    ) -> Result<Letter> {
        let (due, money) = (self.due_minor(), |minor: Minor| minor.french(self.currency));
        let on = text::french_date(self.on);
        let told = match due {
            due if due > Minor::ZERO && self.overdue_minor > Minor::ZERO => format!(
                "Sauf erreur de notre part, il reste {} à régler, dont {} échus.",
                money(due),
                money(self.overdue_minor)
            ),
            due if due > Minor::ZERO => format!("Sauf erreur de notre part, il reste {} à régler.", money(due)),
            due if due < Minor::ZERO => {
                format!("Votre compte présente un solde de {} en votre faveur.", money(Minor(-due.0)))
            }
            _ => "Toutes nos factures sont réglées. Nous vous en remercions.".into(),
        };
        let first = format!("Voici l’état de votre compte dans nos livres, arrêté au {on}.");
        Ok(Letter {
            kind: LetterKind::Statement,
            reference: format!("releve-{}", self.on),
            payment_reference: payment_reference(&self.owed),
            dated_on: today,
            currency: self.currency,
            seller: seller(organization)?,
            buyer: addressee(client),
            brand: organization.brand.clone(),
            subject: format!("Relevé de compte au {on}"),
            paragraphs: vec![first, told],
            entries: self.entries.clone(),
        })
    }
}

/// What the client of several invoices says in a transfer: as many of their numbers as a bank carries along.
fn payment_reference(owed: &[String]) -> String {
    let mut reference = String::new();
    for number in owed {
        let separator = if reference.is_empty() { "" } else { ", " };
        if reference.len() + separator.len() + number.len() > REFERENCE_MAX {
            break;
        }
        reference.push_str(separator);
        reference.push_str(number);
    }
    reference
}

/// A house, and nobody in it by name: a letter outlives the people whom it names.
fn addressee(client: &ClientReference) -> Buyer {
    Buyer { contact: None, email: None, ..buyer(client) }
}

/// The letter of a level of the schedule: its words, and the account of the invoice with what the delay came to.
pub fn of_reminder(
    (level, is_notice): (u8, bool),
    (subject, paragraphs): (&str, &[String]),
    invoice: &Invoice,
    interest: Option<&Interest>,
    client: &ClientReference,
    organization: &OrganizationReference,
    today: Date,
) -> Result<Letter> {
    let issued = invoice.must_be_issued()?;
    let (currency, number) = (invoice.priced.currency, &issued.number);
    let mut entries = vec![LetterEntry {
        on: issued.on,
        text: format!("{} {number}", invoice.kind.french()),
        due_on: Some(issued.due_on),
        amount_minor: invoice.summary().asked(),
    }];
    entries.extend(issued.credits.iter().map(|credit| LetterEntry {
        on: credit.on,
        text: format!("Avoir {}", credit.number),
        due_on: None,
        amount_minor: Minor(-credit.gross_minor.0),
    }));
    if issued.paid_minor > Minor::ZERO {
        entries.push(LetterEntry {
            on: today,
            text: "Règlements reçus à ce jour".into(),
            due_on: None,
            amount_minor: Minor(-issued.paid_minor.0),
        });
    }
    if let Some(interest) = interest {
        entries.extend(interest.entries(today));
    }
    Ok(Letter {
        kind: if is_notice { LetterKind::FormalNotice } else { LetterKind::Reminder },
        payment_reference: number.clone(),
        reference: format!("{number}-{}-{level}", if is_notice { "mise-en-demeure" } else { "relance" }),
        dated_on: today,
        currency,
        seller: seller(organization)?,
        buyer: addressee(client),
        brand: organization.brand.clone(),
        subject: subject.to_owned(),
        paragraphs: paragraphs.to_vec(),
        entries,
    })
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use kernel::{
        event::Owner,
        id::{CompanyId, CreditNoteId, PaymentId},
    };
    use ulid::Ulid;

    use super::*;
    use crate::{
        panel::{CreditNoteSummary, InvoiceSummary},
        payment,
    };

    fn document(summary: Summary) -> ClientDocument {
        let owner = Owner::Invoice(InvoiceId::from_ulid(Ulid(1)));
        ClientDocument { client: CompanyId::from_ulid(Ulid(1)), client_name: "Client".into(), owner, summary }
    }

    fn invoice(id: u128, gross: i64, issued_on: Date, due_on: Date) -> ClientDocument {
        document(Summary::Invoice(InvoiceSummary {
            id: InvoiceId::from_ulid(Ulid(id)),
            number: Some(format!("FAC-2026-000{id}")),
            subject: None,
            created_at: Timestamp::UNIX_EPOCH,
            issued_on: Some(issued_on),
            due_on: Some(due_on),
            gross_minor: Minor(gross),
            paid_minor: Minor::ZERO,
            deducted_minor: Minor::ZERO,
            credited_minor: Minor::ZERO,
            is_replaced: false,
            debit_on: None,
            currency: Currency::Eur,
        }))
    }

    fn payment(of: u128, amount: i64, on: Date) -> Payment {
        payment::tests::received(InvoiceId::from_ulid(Ulid(of)), amount, on)
    }

    #[test]
    fn who_pays_what_a_letter_asks_for_names_the_invoices() {
        let numbers = |count| (1..=count).map(|at| format!("FAC-2026-{at:04}")).collect::<Vec<_>>();
        assert_eq!(payment_reference(&[]), "");
        assert_eq!(payment_reference(&numbers(2)), "FAC-2026-0001, FAC-2026-0002");
        let many = payment_reference(&numbers(50));
        assert!(many.len() <= REFERENCE_MAX && many.ends_with("FAC-2026-0006"), "{many}");
        let documents = [
            invoice(2, 30_000, date(2026, 11, 10), date(2026, 12, 10)),
            invoice(1, 50_000, date(2026, 11, 1), date(2026, 11, 15)),
        ];
        let account =
            Account::of(&documents, &[payment(2, 30_000, date(2026, 11, 25))], Currency::Eur, date(2026, 12, 1));
        assert_eq!(account.owed, ["FAC-2026-0001"]);
    }

    #[test]
    fn an_account_is_what_it_was_on_its_day() {
        let note = CreditNoteSummary {
            id: CreditNoteId::from_ulid(Ulid(1)),
            number: "AV-2026-0001".into(),
            issued_on: date(2026, 11, 20),
            invoice: InvoiceId::from_ulid(Ulid(2)),
            invoice_number: "FAC-2026-0002".into(),
            gross_minor: Minor(10_000),
            currency: Currency::Eur,
        };
        let documents = [
            invoice(2, 30_000, date(2026, 11, 10), date(2026, 12, 10)),
            invoice(1, 50_000, date(2026, 11, 1), date(2026, 11, 15)),
            document(Summary::CreditNote(note)),
        ];
        let payments = [payment(1, 20_000, date(2026, 11, 25)), payment(1, 30_000, date(2026, 12, 5))];
        let on = |day: Date| {
            let account = Account::of(&documents, &payments, Currency::Eur, day);
            (account.entries.len(), account.due_minor().0, account.overdue_minor.0)
        };
        assert_eq!(on(date(2026, 10, 31)), (0, 0, 0));
        assert_eq!(on(date(2026, 11, 12)), (2, 80_000, 0));
        assert_eq!(on(date(2026, 11, 30)), (4, 50_000, 30_000));
        // What is settled is not told any more.
        assert_eq!(on(date(2026, 12, 9)), (2, 20_000, 0));
        // A payment that was taken back was none, and another currency is another account.
        let back =
            Payment { reversed_by: Some(PaymentId::from_ulid(Ulid(8))), ..payment(2, 30_000, date(2026, 11, 11)) };
        assert_eq!(Account::of(&documents, &[back], Currency::Eur, date(2026, 11, 12)).due_minor(), Minor(80_000));
        assert!(Account::of(&documents, &payments, Currency::Usd, date(2026, 12, 9)).entries.is_empty());
    }
}
