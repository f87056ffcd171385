//! Matching a line with what it settles: one act records the receipt and closes the line.

use jiff::civil::Date;
use kernel::{
    Error, Minor, Result, Rule, Violations,
    id::{BankLineId, ReceiptId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored, ledger::LedgerHead};

use super::BankLine;
use crate::{
    invoice::Invoice,
    payment::{self, Method},
    receipt::{NewReceipt, Receipt, ReceiptInput, ReceiptKind, ReceiptPartInput, invoices, store},
};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MatchInput {
    /// Invoices of one client, each once; 13 at most. Of money that went: those on which too much was paid.
    pub parts: Vec<ReceiptPartInput>,
    /// Empty for what the label says, or else a transfer.
    pub method: String,
    /// `true` where more came than the parts take: the rest stays on the last of them, a credit of the client.
    pub keep_excess: String,
}

pub async fn match_line(
    scope: &Scope,
    organization: &OrganizationReference,
    id: BankLineId,
    input: &MatchInput,
    seen: Option<u64>,
) -> Result<Receipt> {
    let today = scope.clock().today(&organization.zone());
    let receipt_id = scope.new_id(ReceiptId::new);
    let named = ReceiptInput { parts: input.parts.clone(), ..ReceiptInput::default() }.invoices()?;
    scope
        .write(|| async {
            let keys = scope.keys();
            let wanted = [keys.bank_line(id), keys.ledger_head()].into_iter();
            let wanted: Vec<_> = wanted.chain(named.iter().map(|invoice| keys.invoice(*invoice))).collect();
            let found = scope.get_many(&wanted).await?;
            let line = found.get::<BankLine>(&keys.bank_line(id))?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let matched = line.matched(receipt_id, named.clone())?;
            let read = invoices(scope, &found, &named)?;
            let new = input.parse(&line, &read, today)?;
            let kind = if line.amount_minor > Minor::ZERO { ReceiptKind::Received } else { ReceiptKind::Refunded };
            let receipt = Receipt { kind, bank_line: Some(id), ..Receipt::new(receipt_id, new, &read, scope.now())? };
            let mut transaction = scope.begin("match_bank_line", receipt_id);
            transaction.update(&line, &matched);
            super::store::tell_changed(&mut transaction, &matched, line.version + 1);
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            store::enter(&mut transaction, head.as_ref(), &receipt, read)?;
            Ok((transaction, receipt))
        })
        .await
}

impl MatchInput {
    fn parse(&self, line: &BankLine, invoices: &[Stored<Invoice>], today: Date) -> Result<NewReceipt, Violations> {
        if let Some(at) = invoices.iter().position(|invoice| invoice.priced.currency != line.currency) {
            let mut wrong = Violations::default();
            wrong.add(format!("/parts/{at}/invoice_id"), Rule::OtherCurrency);
            return Err(wrong);
        }
        let amount = Minor(line.amount_minor.0.abs());
        let method = if self.method.trim().is_empty() { guessed(&line.label).name() } else { self.method.trim() };
        let input = ReceiptInput {
            amount: amount.plain(line.currency),
            // A bank may date a line ahead.
            paid_on: line.booked_on.min(today).to_string(),
            method: method.into(),
            reference: line.label.chars().take(100).collect(),
            parts: self.parts.clone(),
            keep_excess: self.keep_excess.clone(),
        };
        let read: Vec<&Invoice> = invoices.iter().map(|read| &read.value).collect();
        if line.amount_minor > Minor::ZERO { input.parse(&read, None, today) } else { refund(&input, amount, &read) }
    }
}

/// Money that went back: each invoice gives of what it has too much, and together they give what went.
fn refund(input: &ReceiptInput, amount: Minor, invoices: &[&Invoice]) -> Result<NewReceipt, Violations> {
    let mut wrong = Violations::default();
    let client = invoices.first().map(|invoice| invoice.client.reference.id);
    let currency = invoices.first().map(|invoice| invoice.priced.currency).unwrap_or_default();
    let mut parts = Vec::new();
    for (at, (part, invoice)) in input.parts.iter().zip(invoices).enumerate() {
        if Some(invoice.client.reference.id) != client {
            wrong.add(format!("/parts/{at}/invoice_id"), Rule::OtherClient);
        }
        let excess = Minor((-invoice.balance().0).max(0));
        let given = payment::amount(&part.amount, currency).and_then(|given| match given > excess {
            true => Err(Rule::MoreThanDue { due: excess.french(currency) }),
            false => Ok(Minor(-given.0)),
        });
        parts.extend(wrong.take(format!("/parts/{at}/amount"), given));
    }
    let method = wrong.take("/method", Method::named(&input.method));
    let paid_on = wrong.take("/paid_on", kernel::legal::date(&input.paid_on));
    if wrong.is_empty() && parts.iter().map(|part| part.0).sum::<i64>() != -amount.0 {
        let left = amount.0 + parts.iter().map(|part| part.0).sum::<i64>();
        let rule = match left > 0 {
            true => Rule::NotSpread { left: Minor(left).french(currency) },
            false => Rule::BeyondReceived { received: amount.french(currency) },
        };
        wrong.add("/amount", rule);
    }
    match (method, paid_on, wrong.is_empty()) {
        (Some(method), Some(paid_on), true) => Ok(NewReceipt {
            amount_minor: amount,
            paid_on,
            method,
            reference: Some(input.reference.clone()).filter(|reference| !reference.is_empty()),
            parts,
            excess_minor: Minor::ZERO,
        }),
        _ => Err(wrong),
    }
}

/// What a label says of how money came.
pub fn guessed(label: &str) -> Method {
    let label = kernel::text::folded(label);
    let words: Vec<&str> = label.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let says = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    if says(&["cheque", "cheques", "chq", "chqs"]) {
        Method::Check
    } else if says(&["prelevement", "prelevements", "prlv", "prelevmt", "sdd"]) {
        Method::DirectDebit
    } else if says(&["especes", "versement"]) {
        Method::Cash
    } else if says(&["cb", "carte", "cartes", "tpe", "stripe", "sumup"]) {
        Method::Card
    } else {
        Method::BankTransfer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_says_how_money_came() {
        for (label, method) in [
            ("VIR SEPA DUPRE", Method::BankTransfer),
            ("REMISE CHEQUES 12", Method::Check),
            ("REM. CHQ 0012", Method::Check),
            ("REMISE PRLV SEPA", Method::DirectDebit),
            ("REMISE CB 20/11", Method::Card),
            ("VERSEMENT ESPECES", Method::Cash),
            ("", Method::BankTransfer),
        ] {
            assert_eq!(guessed(label), method, "{label}");
        }
    }
}
