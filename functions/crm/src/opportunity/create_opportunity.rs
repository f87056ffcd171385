//! Adding an opportunity.

use kernel::{Result, id::OpportunityId};
use web::Asker;

use super::{Hand, Opportunity, OpportunityInput, links::Beside, store};
use crate::settings;

pub async fn create_opportunity(asker: &Asker, input: &OpportunityInput) -> Result<Opportunity> {
    create_opportunity_as(asker, asker.scope.new_id(OpportunityId::new), input).await
}

/// As [`create_opportunity`], under an id that follows from where it comes.
pub async fn create_opportunity_as(asker: &Asker, id: OpportunityId, input: &OpportunityInput) -> Result<Opportunity> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let beside = Beside::of(asker, input, None).await?;
            let new = input.parse(&beside.settings(), asker.organization.currency, None)?;
            let mut transaction = scope.begin("create_opportunity", id);
            let (company, contact) = beside.both(asker, None, &mut transaction)?;
            let assigned_to = asker.assigned(beside.nominee)?;
            let opportunity = new.begun(id, company, contact, assigned_to, Hand::of(asker));
            settings::SETTINGS.hold(&mut transaction, beside.settings.as_ref());
            store::add(&mut transaction, &opportunity)?;
            Ok((transaction, opportunity))
        })
        .await
}

impl Hand {
    /// Who asks, now.
    pub fn of(asker: &Asker) -> Self {
        Self { at: asker.scope.now(), today: asker.today(), by: Some(asker.user) }
    }
}
