//! `/api/v1/invoices/{id}/interest`

use axum::Json as Plain;
use jiff::civil::Date;
use kernel::{Currency, Minor, id::InvoiceId};
use rust_decimal::Decimal;
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, IfMatch};

use super::Interest;
use crate::invoice::api::InvoiceView;

#[derive(Serialize, utoipa::ToSchema)]
pub struct InterestView {
    /// What was not asked for yet, in order of days.
    stretches: Vec<StretchView>,
    interest_minor: Minor,
    /// 40 € for recovery, once, between businesses (C. com. D441-5).
    indemnity_minor: Minor,
    total_minor: Minor,
    #[schema(value_type = String)]
    currency: Currency,
    /// Whether each rate is that of its semester; else the last known one goes on.
    are_rates_known: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StretchView {
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    until: Date,
    days: i32,
    /// What was owed, all taxes included.
    base_minor: Minor,
    /// A year: `12.15`.
    #[schema(value_type = String)]
    percent: Decimal,
    amount_minor: Minor,
}

impl InterestView {
    fn new(interest: &Interest) -> Self {
        let stretches = interest.stretches.iter().map(|one| StretchView {
            from: one.from,
            until: one.until,
            days: one.days,
            base_minor: one.base_minor,
            percent: one.percent,
            amount_minor: one.amount_minor,
        });
        Self {
            stretches: stretches.collect(),
            interest_minor: interest.interest_minor(),
            indemnity_minor: interest.indemnity_minor,
            total_minor: interest.total_minor(),
            currency: interest.currency,
            are_rates_known: interest.is_known(),
        }
    }
}

/// What the late payment of an invoice came to until today, as far as it was not invoiced: per day on what was owed, at
/// the rate of its semester (C. com. L441-10, II; from a consumer, C. civ. 1231-6 from the formal notice on).
#[utoipa::path(get, path = "/api/v1/invoices/{id}/interest", tag = "invoicing", operation_id = "show_interest",
    params(("id" = String, Path, description = "`inv_…`")), responses((status = 200, body = InterestView)))]
pub async fn show_interest(asker: Asker, Id(id): Id<InvoiceId>) -> Result<Plain<InterestView>, Failure> {
    let late = super::read(&asker.scope, id, asker.today()).await?;
    Ok(Plain(InterestView::new(&late.interest)))
}

/// Makes the draft of an invoice of it. Its days are not asked for again, unless the draft is deleted.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/interest", tag = "invoicing", operation_id = "invoice_interest",
    params(("id" = String, Path, description = "`inv_…`")), responses((status = 201, body = InvoiceView)))]
pub async fn invoice_interest(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<InvoiceView>, Failure> {
    let draft = super::invoice_interest(&asker.scope, &asker.organization, id, version).await?;
    Ok(InvoiceView::drafted(&asker, &draft))
}
