//! What others publish of what an event is about, looked up as it is now: the client's name and who takes care of them, the
//! number of a document. What was told long ago and is gone meanwhile stays without a name.

use kernel::{
    Result,
    event::{Owner, Person},
    export::Exports,
    id::ExportId,
    reference::{ClientReference, OrganizationReference},
};
use table::{
    Order, Scope,
    erasure::Erasure,
    meter::side_by_side,
    shared::{FrozenDocument, FrozenLetter},
};
use web::Membership;

use crate::notification::{model::Candidate, rule::Told};

/// More than an organization has, visitors included.
const LISTED: kernel::page::PageRequest = kernel::page::PageRequest { limit: 100, cursor: None };

/// All that telling rests upon.
pub struct Facts {
    pub organization: OrganizationReference,
    pub members: Vec<Membership>,
    pub told: Told,
}

impl Facts {
    /// None where there is nobody to tell: an organization that is deleted, or that lets nobody in.
    pub async fn of(scope: &Scope, told: Told) -> Result<Option<Self>> {
        let keys = scope.keys();
        let mut wanted = vec![keys.organization()];
        wanted.extend(told.about.client.map(|client| keys.client_reference(client)));
        // Told long after it happened, it may be about somebody who is erased meanwhile.
        let of = [told.about.contact.map(Person::Contact), told.about.company.map(Person::Client)];
        wanted.extend(of.into_iter().flatten().map(|person| keys.erasure(person)));
        let export = told.object.parse::<ExportId>().ok();
        wanted.extend(export.map(|_| keys.exports()));
        // Who wrote an event before it told anything may still be asked.
        let document = told.document.filter(|_| told.about.label.is_none());
        wanted.extend(document.map(|owner| match owner {
            Owner::Letter(letter) => keys.letter(letter),
            owner => keys.snapshot(owner),
        }));
        let (found, members) =
            side_by_side(scope.get_many(&wanted), scope.list::<Membership>(&keys.members(), &LISTED, Order::Ascending))
                .await;
        let (found, members) = (found?, members?);
        let organization = found.get::<OrganizationReference>(&keys.organization())?;
        let organization = organization.filter(|one| one.deletion.is_none() && one.suspended_at.is_none());
        let Some(organization) = organization else { return Ok(None) };
        let members = members.items.into_iter().map(|member| member.value).filter(|member| member.visit.is_none());
        let mut told = told;
        if let Some(frozen) = found.first::<FrozenDocument>()? {
            told = of_document(told, &frozen);
        }
        if let Some(letter) = found.first::<FrozenLetter>()? {
            told.about.label = Some(letter.letter.subject.clone());
        }
        if let Some(client) = found.first::<ClientReference>()? {
            told = of_client(told, &client);
        }
        let is_erased = !found.all::<Erasure>()?.is_empty();
        told = if is_erased { told.of_erased() } else { told.naming_besides() };
        if let (Some(id), Some(exports)) = (export, found.first::<Exports>()?) {
            let by = exports.find(id).map(|export| export.requested_by.clone());
            told.about.by = by.as_ref().map(|by| by.user);
            told.note = by.map(|by| format!("par {}", by.name));
        }
        told.note = with_amount(&told);
        Ok(Some(Self { organization: organization.value, members: members.collect(), told }))
    }

    pub fn candidates(&self) -> Vec<Candidate> {
        self.members.iter().map(candidate).collect()
    }
}

/// A member as far as a rule asks.
pub fn candidate(member: &Membership) -> Candidate {
    Candidate {
        user: member.user,
        is_owner: member.role.is_owner(),
        permissions: member.role.permissions(),
        visibility: member.role.visibility(),
    }
}

fn of_document(told: Told, frozen: &FrozenDocument) -> Told {
    let mut told = told;
    let snapshot = &frozen.snapshot;
    told.about.label = Some(snapshot.number.clone());
    told.about.amount_minor = told.about.amount_minor.or(Some(snapshot.totals.gross_minor));
    told.about.currency = told.about.currency.or(Some(snapshot.currency));
    told
}

/// The client is named, and says who takes care of it where the event does not.
fn of_client(told: Told, client: &ClientReference) -> Told {
    let mut told = told.naming(client.name.clone(), client.id);
    told.about.assigned_to = told.about.assigned_to.or(client.assigned_to);
    told
}

/// `1 200,00 € · niveau 2`
fn with_amount(told: &Told) -> Option<String> {
    let amount = told.about.amount_minor.zip(told.about.currency).map(|(amount, currency)| amount.french(currency));
    let parts: Vec<_> = [amount, told.note.clone()].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}
