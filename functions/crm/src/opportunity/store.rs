//! An opportunity's items, and the one way by which an act writes them: the opportunity, its card on the board, its lines
//! on company and contact, and what all of it adds up to.

use kernel::{
    Actor, Error, Result,
    event::Event,
    id::{OpportunityId, UserId},
    text,
};
use table::{Audit, Index, Item, Key, Scope, Stored, TenantKeys, Transaction};

use super::{Opportunity, OpportunityCard, OpportunityLink, figures};
use crate::{record::Record, settings::Outcome};

impl Item for Opportunity {
    const TYPE: &'static str = "opportunity";
    /// What somebody said of themselves is told to no log.
    const AUDIT: Audit = Audit::Masked(&["lead"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.opportunity(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_opportunities(&text::sorted(&self.name), self.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.assigned_to
    }
}

impl Item for OpportunityCard {
    const TYPE: &'static str = "opportunity_card";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.opportunity_card(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_opportunities_at(self.stage, self.moved_at, self.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.assigned_to
    }
}

impl Item for OpportunityLink {
    const TYPE: &'static str = "opportunity_link";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        link_key(keys, self.of, self.opportunity)
    }
}

/// The key of a line, which says of whom it is.
pub fn link_key(keys: TenantKeys, of: Record, opportunity: OpportunityId) -> Key {
    match of {
        Record::Company(id) => keys.company_opportunity(id, opportunity),
        Record::Contact(id) => keys.contact_opportunity(id, opportunity),
        Record::Opportunity(id) => keys.opportunity(id),
    }
}

/// One opportunity, whoever may see it.
pub async fn read(scope: &Scope, id: OpportunityId) -> Result<Stored<Opportunity>> {
    scope.get::<Opportunity>(&scope.keys().opportunity(id)).await?.ok_or(Error::NotFound)
}

/// How the log keeps a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Whole,
    /// Which fields changed, and not what they held: somebody was erased.
    Untold,
}

/// Adds an opportunity.
pub fn add(transaction: &mut Transaction, new: &Opportunity) -> Result<()> {
    transaction.create(new).create(&new.card(1));
    for link in new.links() {
        transaction.create(&link);
    }
    figures::count(transaction, None, Some(new))?;
    tell(transaction, None, new);
    Ok(())
}

/// Writes what an opportunity becomes; its version after it.
pub fn change(
    transaction: &mut Transaction,
    read: &Stored<Opportunity>,
    changed: &Opportunity,
    told: Told,
) -> Result<u64> {
    let version = read.version + 1;
    match told {
        Told::Whole => transaction.update(read, changed),
        Told::Untold => transaction.redact(read, changed),
    };
    transaction.replace(&changed.card(version));
    let (before, after) = (read.links(), changed.links());
    for gone in before.iter().filter(|link| after.iter().all(|other| other.of != link.of)) {
        transaction.forget::<OpportunityLink>(|keys| link_key(keys, gone.of, gone.opportunity));
    }
    for link in after.iter().filter(|link| !before.contains(link)) {
        transaction.replace(link);
    }
    figures::count(transaction, Some(&read.value), Some(changed))?;
    tell(transaction, Some(&read.value), changed);
    Ok(version)
}

/// Takes an opportunity away.
pub fn remove(transaction: &mut Transaction, read: &Stored<Opportunity>) -> Result<()> {
    let id = read.id;
    transaction.delete(read).forget::<OpportunityCard>(|keys| keys.opportunity_card(id));
    for link in read.links() {
        transaction.forget::<OpportunityLink>(|keys| link_key(keys, link.of, id));
    }
    figures::count(transaction, Some(&read.value), None)
}

/// Says what others want to know.
fn tell(transaction: &mut Transaction, before: Option<&Opportunity>, now: &Opportunity) {
    let opportunity = now.id;
    let about = now.about().by(transaction.actor());
    if before.is_none_or(|before| before.outcome != now.outcome) {
        match now.outcome {
            Outcome::Won => drop(transaction.emit(Event::OpportunityWon { opportunity, about: about.clone() })),
            Outcome::Lost => drop(transaction.emit(Event::OpportunityLost { opportunity, about: about.clone() })),
            Outcome::Open => {}
        }
    }
    let former = before.map(|before| before.assigned_to);
    // What a form brought has an event and a mail of its own.
    let is_lead = before.is_none() && matches!(transaction.actor(), Actor::System { .. });
    if now.assigned_to.is_some() && former != Some(now.assigned_to) && !is_lead {
        transaction.emit(Event::OpportunityAssigned { opportunity, about });
    }
    if before.is_some_and(|before| before.name != now.name) {
        transaction.emit(Event::RecordRenamed { record: opportunity.to_string() });
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::{
        Currency, Minor,
        id::{CompanyId, ContactId, OrganizationId, PipelineId, StageId},
    };
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::{
        opportunity::{Named, Priority, Step},
        settings::Custom,
    };

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    fn opportunity() -> Opportunity {
        let by = Some(UserId::from_ulid(Ulid(4)));
        let stage = StageId::from_ulid(Ulid(3));
        Opportunity {
            id: OpportunityId::from_ulid(Ulid(2)),
            name: "Rénovation du fournil".into(),
            company: Some(Named { id: CompanyId::from_ulid(Ulid(5)), name: "Boulangerie Dupré".into() }),
            contact: Some(Named { id: ContactId::from_ulid(Ulid(6)), name: "Zoé Durand".into() }),
            pipeline: PipelineId::from_ulid(Ulid(1)),
            stage,
            outcome: Outcome::Open,
            amount_minor: Minor(1_200_050),
            currency: Currency::Eur,
            probability: 50,
            expected_on: Some(jiff::civil::date(2026, 12, 31)),
            closed_on: None,
            priority: Priority::High,
            source: Some("Salon".into()),
            description: None,
            lead: None,
            next_step: Some("Relancer.".into()),
            lost_reason: None,
            assigned_to: by,
            tags: Vec::new(),
            custom: Custom::new(),
            created_at: Timestamp::UNIX_EPOCH,
            moved_at: Timestamp::UNIX_EPOCH,
            history: vec![Step { stage, name: "Devis envoyé".into(), at: Timestamp::UNIX_EPOCH, by }],
        }
    }

    #[test]
    fn an_opportunity_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#OPPORTUNITY#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#OPPORTUNITIES",
            "gsi1sk": "renovation du fournil#00000000000000000000000002",
            "gsi3pk": "ORG#00000000000000000000000001#OPPORTUNITIES#OF#00000000000000000000000004",
            "gsi3sk": "renovation du fournil#00000000000000000000000002",
            "type": "opportunity",
            "v": 1,
            "id": "opp_00000000000000000000000002",
            "name": "Rénovation du fournil",
            "company": { "id": "com_00000000000000000000000005", "name": "Boulangerie Dupré" },
            "contact": { "id": "con_00000000000000000000000006", "name": "Zoé Durand" },
            "pipeline": "pip_00000000000000000000000001",
            "stage": "stg_00000000000000000000000003",
            "outcome": "open",
            "amount_minor": 1_200_050,
            "currency": "EUR",
            "probability": 50,
            "expected_on": "2026-12-31",
            "priority": "high",
            "source": "Salon",
            "next_step": "Relancer.",
            "assigned_to": "usr_00000000000000000000000004",
            "created_at": "1970-01-01T00:00:00Z",
            "moved_at": "1970-01-01T00:00:00Z",
            "history": [{
                "stage": "stg_00000000000000000000000003",
                "name": "Devis envoyé",
                "at": "1970-01-01T00:00:00Z",
                "by": "usr_00000000000000000000000004",
            }],
        });
        assert_eq!(golden(&opportunity(), KEYS).ok(), Some(expected));
    }

    #[test]
    fn its_card_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#OPPORTUNITY#00000000000000000000000002",
            "sk": "CARD",
            "gsi1pk": "ORG#00000000000000000000000001#OPPORTUNITY_STAGES",
            "gsi1sk": "00000000000000000000000003#00000000000000#00000000000000000000000002",
            "gsi3pk": "ORG#00000000000000000000000001#OPPORTUNITY_STAGES#OF#00000000000000000000000004",
            "gsi3sk": "00000000000000000000000003#00000000000000#00000000000000000000000002",
            "type": "opportunity_card",
            "v": 1,
            "id": "opp_00000000000000000000000002",
            "seen": 7,
            "name": "Rénovation du fournil",
            "company": { "id": "com_00000000000000000000000005", "name": "Boulangerie Dupré" },
            "contact": { "id": "con_00000000000000000000000006", "name": "Zoé Durand" },
            "pipeline": "pip_00000000000000000000000001",
            "stage": "stg_00000000000000000000000003",
            "outcome": "open",
            "amount_minor": 1_200_050,
            "currency": "EUR",
            "probability": 50,
            "expected_on": "2026-12-31",
            "priority": "high",
            "source": "Salon",
            "next_step": "Relancer.",
            "assigned_to": "usr_00000000000000000000000004",
            "moved_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&opportunity().card(7), KEYS).ok(), Some(expected));
    }

    #[test]
    fn its_lines_as_they_are_stored() {
        let line = |pk: &str, of: serde_json::Value| {
            json!({
                "pk": format!("ORG#00000000000000000000000001#{pk}"),
                "sk": "OPPORTUNITY#00000000000000000000000002",
                "type": "opportunity_link",
                "v": 1,
                "of": of,
                "opportunity": "opp_00000000000000000000000002",
                "name": "Rénovation du fournil",
                "stage": "stg_00000000000000000000000003",
                "outcome": "open",
                "amount_minor": 1_200_050,
                "currency": "EUR",
                "expected_on": "2026-12-31",
                "assigned_to": "usr_00000000000000000000000004",
            })
        };
        let expected = [
            line(
                "COMPANY#00000000000000000000000005",
                json!({ "kind": "company", "id": "com_00000000000000000000000005" }),
            ),
            line(
                "CONTACT#00000000000000000000000006",
                json!({ "kind": "contact", "id": "con_00000000000000000000000006" }),
            ),
        ];
        let stored: Vec<_> = opportunity().links().iter().filter_map(|link| golden(link, KEYS).ok()).collect();
        assert_eq!(stored, expected);
    }
}
