//! Interest is asked for: a draft of what the late payment of an invoice came to, whose days are not asked for again while
//! it stands.

use kernel::{
    Error, Result,
    document::Operations,
    error::Conflict,
    id::InvoiceId,
    reference::OrganizationReference,
    terms::{DayCount, Terms},
};
use table::{Scope, Stored};

use super::{InterestOf, Late, read};
use crate::{
    client::Freshness,
    content::Words,
    invoice::{Invoice, InvoiceContent, store},
};

pub async fn invoice_interest(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let draft_id = scope.new_id(InvoiceId::new);
    let freshness = Freshness::default();
    scope
        .write(|| async {
            let today = scope.clock().today(&organization.zone());
            let Late { invoice, interest, .. } = read(scope, id, today).await?;
            let read = invoice.expect_version(seen)?;
            let number = read.must_be_issued()?.number.clone();
            if interest.is_empty() {
                return Err(Error::Conflict(Conflict::NoInterest));
            }
            let client = freshness.of(scope, &read.client).await?;
            let at_once = Terms { payment_days: 0, day_count: DayCount::FromIssue };
            let content = InvoiceContent {
                words: Words {
                    subject: Some(format!("Intérêts de retard – facture {number}")),
                    introduction: None,
                    conditions: None,
                },
                terms: Some(at_once),
                usual_terms: at_once,
                supplied_on: None,
                operations: Operations::Services,
                purchase_order: read.purchase_order.clone(),
                priced: interest.priced(today)?,
                exchange: None,
            };
            let draft = Invoice {
                interest_of: Some(InterestOf { invoice: id, number }),
                ..Invoice::draft(draft_id, scope.now(), client, content)
            };
            let mut transaction = scope.begin("invoice_interest", id);
            Freshness::hold(&mut transaction, scope, &draft.client);
            store::save(&mut transaction, Some(&read), &read.claimed(draft_id, interest.claim())?);
            store::save(&mut transaction, None, &draft);
            Ok((transaction, Stored { value: draft, version: 1 }))
        })
        .await
}
