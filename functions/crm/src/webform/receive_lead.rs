//! What a visitor sent becomes a contact, or is of one who is known, and an opportunity, in one transaction; whoever takes care
//! of it is told. Nothing that is known of anybody is changed: who fills in a form has only said who they are.

use std::sync::Arc;

use kernel::{
    Error, Permission, Result,
    event::{About, Event, Owner},
    id::{ContactId, MailId, OpportunityId, UserId},
    mail::Mailbox,
    page::PageRequest,
};
use sha2::{Digest, Sha256};
use table::{
    Order, Scope, Stored,
    idempotency::{Claim, Idempotency},
    meter::side_by_side,
    shared::OwnedMail,
};
use tokio::sync::OnceCell;
use web::{Letter, Membership, Visitor, path_in, team::Owners};

use super::{Lead, LeadInput, WebForm, visit::Visit};
use crate::{
    company::Category,
    contact::{Civility, Consent, Contact, Filing, Person},
    opportunity::{self, Hand, Named, NewOpportunity, Opportunity, Priority},
    phone,
    record::Record,
    retention::Retention,
    settings,
};

/// `ticket` is what tells the page that was sent from others: the same page sends one request, however often it is sent.
pub async fn receive_lead(visitor: &Visitor, visit: &Visit, ticket: String, input: &LeadInput) -> Result<()> {
    let (form, organization) = (&visit.form, &visit.organization);
    let lead = input.parse(form)?;
    let scope = &visit.scope.clone().with_idempotency(once(visit, ticket, input)?);
    let ids = (scope.new_id(ContactId::new), scope.new_id(OpportunityId::new), scope.new_id(MailId::new));
    // Once, however often the table is asked again.
    let counted = OnceCell::new();
    scope
        .write(|| async {
            let who = side_by_side(known(scope, lead.email.as_deref()), recipient(scope, form.assigned_to));
            let beside = side_by_side(settings::SETTINGS.read(scope), counted.get_or_try_init(|| visit.count(visitor)));
            let ((set_up, counted), (known, recipient)) = side_by_side(beside, who).await;
            counted?;
            let (set_up, known, recipient) = (set_up?, known?, recipient?);
            let settings = set_up.clone().unwrap_or_else(Stored::unwritten);
            let now = scope.now();
            let today = organization.day(now);
            let (new_contact, opportunity_id, mail_id) = ids;
            // Who left, or may not see records any more, gets none.
            let assigned_to = form.assigned_to.filter(|user| recipient.as_ref().is_some_and(|to| to.user == *user));
            let mut transaction = scope.begin("receive_lead", opportunity_id);
            let (contact, company) = match &known {
                Some(known) => {
                    transaction.check(&scope.keys().contact(known.id), known.version);
                    // Who asks for something is dealt with.
                    transaction.replace(&Retention::of_contact(known, today));
                    let company = known.company.as_ref().map(|at| Named { id: at.id, name: at.name.clone() });
                    (Named { id: known.id, name: known.person.name() }, company)
                }
                None => {
                    let contact = contact(new_contact, &lead, form, assigned_to, today, now);
                    transaction.create(&contact).create(&Retention::of_contact(&contact, today));
                    (Named { id: contact.id, name: contact.person.name() }, None)
                }
            };
            let Some((pipeline, stage)) = form.begins_at(&settings) else {
                return Err(Error::internal("no pipeline has a stage in progress"));
            };
            let new = NewOpportunity {
                name: lead.subject(form, today),
                company: None,
                contact: None,
                pipeline,
                stage: stage.clone(),
                amount_minor: kernel::Minor::ZERO,
                currency: organization.currency,
                probability: None,
                expected_on: None,
                priority: Priority::default(),
                source: Some(form.source.clone()),
                description: None,
                next_step: None,
                assigned_to: None,
                lost_reason: None,
                tags: Vec::new(),
                custom: settings::Custom::new(),
            };
            let hand = Hand { at: now, today, by: None };
            let begun = new.begun(opportunity_id, company, Some(contact.clone()), assigned_to, hand);
            let opportunity = Opportunity { lead: lead.said(form, known.is_some()), ..begun };
            settings::SETTINGS.hold(&mut transaction, set_up.as_ref());
            opportunity::store::add(&mut transaction, &opportunity)?;
            if known.is_none() {
                transaction.emit(Event::RecordChanged { record: contact.id.to_string() });
            }
            transaction.emit(Event::LeadReceived {
                form: form.id,
                contact: contact.id,
                opportunity: opportunity_id,
                about: About { label: Some(form.name.clone()), assigned_to, ..About::default() },
            });
            if let Some(to) = &recipient {
                let mail = told(visit, &visitor.deps.config.public_url, opportunity_id, to, mail_id)?;
                let (owner, mail_id) = (mail.owner, mail.mail.id);
                transaction.create(&mail).emit(Event::MailRequested { owner, mail: mail_id });
            }
            Ok((transaction, ()))
        })
        .await
}

/// A request of this page: known again for as long as its ticket is good.
fn once(visit: &Visit, ticket: String, input: &LeadInput) -> Result<Idempotency> {
    let said = LeadInput { ticket: String::new(), ..input.clone() };
    let request = hex::encode(Sha256::digest(serde_json::to_vec(&said).map_err(Error::internal)?));
    // Nobody is signed in: the form stands where the user does.
    let user = UserId::from_ulid(visit.form.id.ulid());
    Ok(Idempotency::Claimed(Arc::new(Claim { home: visit.scope.keys(), user, key: ticket, request, known: None })))
}

/// The contact who has this address, if there is one among the first thousand by name.
async fn known(scope: &Scope, email: Option<&str>) -> Result<Option<Stored<Contact>>> {
    let Some(email) = email else { return Ok(None) };
    let all = PageRequest { limit: 1, cursor: None };
    let sieve = scope.sieve(&scope.keys().contacts(""), &all, Order::Ascending).await?;
    let has = |contact: &Contact| contact.person.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email));
    Ok(sieve.take(1, has)?.items.into_iter().next())
}

/// Who is told: whom the form names while they may see records, or else an owner of the organization.
async fn recipient(scope: &Scope, assigned_to: Option<UserId>) -> Result<Option<Membership>> {
    let keys = scope.keys();
    let mut wanted = vec![keys.owners()];
    wanted.extend(assigned_to.map(|user| keys.member(user)));
    let found = scope.get_many(&wanted).await?;
    let may_see = |member: &Membership| member.visit.is_none() && member.role.permissions().allow(Permission::CrmView);
    if let Some(member) = found.first::<Membership>()?.filter(|member| may_see(&member.value)) {
        return Ok(Some(member.value));
    }
    let owner = found.first::<Owners>()?.and_then(|owners| owners.users.first().copied());
    let Some(owner) = owner else { return Ok(None) };
    Ok(scope.get::<Membership>(&keys.member(owner)).await?.map(|member| member.value))
}

fn contact(
    id: ContactId,
    lead: &Lead,
    form: &WebForm,
    assigned_to: Option<UserId>,
    today: jiff::civil::Date,
    now: jiff::Timestamp,
) -> Contact {
    let consent = lead.consents.then(|| Consent { given: true, source: form.consent_source(), on: today });
    Contact {
        id,
        company: None,
        person: Person {
            civility: Civility::None,
            first_name: lead.first_name.clone(),
            last_name: lead.last_name.clone(),
            job_title: None,
            email: lead.email.clone(),
            phone: lead.phone.as_deref().map(|typed| phone::normalized(typed, "")),
            mobile: None,
            notes: None,
            department: None,
            address: None,
        },
        assigned_to,
        created_at: now,
        kept: None,
        filing: Filing { category: Some(Category::Prospect), consent, ..Filing::default() },
        former: Vec::new(),
    }
}

/// It names nobody and holds nothing of what was said: whoever is erased is then in no mail.
fn told(visit: &Visit, site: &str, opportunity: OpportunityId, to: &Membership, id: MailId) -> Result<OwnedMail> {
    let (form, organization) = (&visit.form, &visit.organization);
    let path = path_in(organization.id, &Record::Opportunity(opportunity).path());
    let letter = Letter::new(organization, "Nouvelle demande", Some(&to.name))
        .paragraph(format!("Une demande est arrivée par le formulaire «\u{a0}{}\u{a0}».", form.name))
        .button("Ouvrir l’opportunité", format!("{site}{path}"));
    let mail = letter.mail(id, Mailbox { name: Some(to.name.clone()), address: to.email.clone() })?;
    Ok(OwnedMail { owner: Owner::User(to.user), mail })
}
