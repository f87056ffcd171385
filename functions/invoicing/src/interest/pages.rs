//! The box of an invoice's page that tells what its late payment came to.

use askama::Template;
use kernel::{Permission, id::InvoiceId, money::french_percent};
use web::{Asker, Id, PageResult, page};

use super::{Late, Stretch};
use crate::view::LinkedInvoice;

#[derive(Template)]
#[template(path = "panel_interest.html")]
struct InterestPanel {
    id: InvoiceId,
    version: u64,
    form_key: String,
    rows: Vec<StretchRow>,
    interest: String,
    /// Empty where none is owed.
    indemnity: String,
    total: String,
    is_empty: bool,
    is_known: bool,
    is_business: bool,
    /// The invoices that ask for days before.
    invoiced: Vec<LinkedInvoice>,
    can_invoice: bool,
}

struct StretchRow {
    from: String,
    until: String,
    days: i32,
    percent: String,
    base: String,
    amount: String,
}

pub async fn show_interest(asker: Asker, Id(id): Id<InvoiceId>) -> PageResult {
    let Late { invoice, interest, .. } = super::read(&asker.scope, id, asker.today()).await?;
    let issued = invoice.must_be_issued()?;
    let currency = interest.currency;
    let date = |on| asker.organization.date(on);
    let row = |one: &Stretch| StretchRow {
        from: date(one.from),
        until: date(one.until),
        days: one.days,
        percent: french_percent(one.percent),
        base: one.base_minor.french(currency),
        amount: one.amount_minor.french(currency),
    };
    page(&InterestPanel {
        id,
        version: invoice.version,
        form_key: asker.form_key(),
        rows: interest.stretches.iter().map(row).collect(),
        interest: interest.interest_minor().french(currency),
        indemnity: Some(interest.indemnity_minor)
            .filter(|indemnity| !indemnity.is_zero())
            .map(|indemnity| indemnity.french(currency))
            .unwrap_or_default(),
        total: interest.total_minor().french(currency),
        is_empty: interest.is_empty(),
        is_known: interest.is_known(),
        is_business: invoice.client.reference.is_business,
        invoiced: issued
            .interest
            .keys()
            .map(|id| LinkedInvoice { id: *id, label: "Facture d’intérêts".into() })
            .collect(),
        can_invoice: !interest.is_empty() && asker.may(Permission::InvoicingCreate),
    })
}
