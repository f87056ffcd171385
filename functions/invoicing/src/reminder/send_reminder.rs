//! By hand: one level of one invoice now; and the answer to what the clock proposed.

use kernel::{Error, Result, Rule, error::Conflict, id::InvoiceId, reference::OrganizationReference};
use serde::Deserialize;
use table::{Scope, Stored, idempotency::Idempotency, meter};

use super::{
    ClientReminders, Policy, ReminderSettings,
    remind_invoice::{interest_told, reminder},
};
use crate::{
    client::Freshness,
    invoice::{Invoice, store},
};

/// As many as a page shows.
pub const CHOSEN_MAX: u16 = 25;

/// Which level to send.
enum Wanted {
    Level(u8),
    /// The one that the clock proposed; nothing where it proposes none any more.
    Proposed,
}

/// Sends a level that was not sent yet, whatever is paused: whoever sends by hand knows why.
pub async fn send_reminder(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    level: &str,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let level = level.trim().parse().map_err(|_| Error::field("/level", Rule::NotAChoice))?;
    Ok(send(scope, organization, id, Wanted::Level(level), seen).await?.0)
}

/// The invoice, and whether something left.
async fn send(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    wanted: Wanted,
    seen: Option<u64>,
) -> Result<(Stored<Invoice>, bool)> {
    let freshness = Freshness::default();
    scope
        .write(|| async {
            let keys = scope.keys();
            let mut transaction = scope.begin("send_reminder", id);
            let found = scope.get_many(&[keys.invoice(id), keys.reminder_settings()]).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let settings = found.first::<ReminderSettings>()?.map(|settings| settings.value).unwrap_or_default();
            let today = scope.clock().today(&organization.zone());
            let number = match wanted {
                Wanted::Level(level) => level,
                Wanted::Proposed => match read.proposal() {
                    Some(proposal) => proposal.level,
                    None => return Ok((transaction.nothing(), (read, false))),
                },
            };
            let invoice = read.reminded_by_hand(&settings, number, today)?;
            // Whoever sends by hand knows why; a yes to a whole morning does not tell one from the other.
            if matches!(wanted, Wanted::Proposed) {
                let own = keys.client_reminders(read.client.reference.id);
                let own = scope.get::<ClientReminders>(&own).await?.map(|own| own.value);
                let policy = Policy { settings: &settings, client: own.as_ref(), can_write: true };
                if !policy.still_sends(number, today) {
                    let mut dropped = scope.begin("dismiss_reminder", id);
                    store::save(&mut dropped, Some(&read), &read.unproposed());
                    return Ok((dropped, (read, false)));
                }
            }
            let client = freshness.of(scope, &read.client).await?;
            if client.reference.email.is_none() {
                return Err(Error::Conflict(Conflict::ClientEmailMissing));
            }
            Freshness::hold(&mut transaction, scope, &client);
            let level = settings.level(number).ok_or_else(|| Error::internal("a level without its words"))?;
            let told = interest_told(scope, level, &invoice, &settings, today).await?;
            let reminder = reminder(scope, (number, level), told.as_ref(), &invoice, &client.reference, organization)?;
            let invoice = reminder.request(&mut transaction, &invoice, number);
            store::save(&mut transaction, Some(&read), &invoice);
            Ok((transaction, (Stored { value: invoice, version: read.version + 1 }, true)))
        })
        .await
}

/// The boxes that were checked among what waits for a yes.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Chosen {
    /// `inv_…`, 25 at most.
    pub invoices: Vec<String>,
}

impl Chosen {
    fn parse(&self) -> Result<Vec<InvoiceId>> {
        let wrong = |rule| Err(Error::field("/invoices", rule));
        if self.invoices.is_empty() {
            return wrong(Rule::Required);
        }
        if self.invoices.len() > usize::from(CHOSEN_MAX) {
            return wrong(Rule::TooMany { max: CHOSEN_MAX.into() });
        }
        let mut chosen: Vec<InvoiceId> = Vec::with_capacity(self.invoices.len());
        for id in &self.invoices {
            match id.parse() {
                Ok(id) if !chosen.contains(&id) => chosen.push(id),
                Ok(_) => {}
                Err(_) => return wrong(Rule::NotAnId),
            }
        }
        Ok(chosen)
    }
}

/// Sends or sets aside what is proposed for each of these, and says for how many. Each is an act of its own; done twice,
/// it changes nothing more.
pub async fn answer_proposals(
    scope: &Scope,
    organization: &OrganizationReference,
    chosen: &Chosen,
    sends: bool,
) -> Result<usize> {
    let scope = &scope.clone().with_idempotency(Idempotency::None);
    let answering = chosen.parse()?.into_iter().map(|id| async move {
        if sends {
            Ok(send(scope, organization, id, Wanted::Proposed, None).await?.1)
        } else {
            set_aside(scope, organization, id).await
        }
    });
    let mut answered = 0;
    for done in meter::all_at_once(answering).await {
        match done {
            Ok(done) => answered += usize::from(done),
            // Paid, the day of what comes before the due date is over, or there is no address any more: the others leave.
            Err(Error::NotFound | Error::Invalid(_) | Error::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(answered)
}

async fn set_aside(scope: &Scope, organization: &OrganizationReference, id: InvoiceId) -> Result<bool> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?;
            let mut transaction = scope.begin("dismiss_reminder", id);
            let Some(proposal) = read.proposal() else { return Ok((transaction.nothing(), false)) };
            let today = scope.clock().today(&organization.zone());
            store::save(&mut transaction, Some(&read), &read.reminded(proposal.level, today, false));
            Ok((transaction, true))
        })
        .await
}
