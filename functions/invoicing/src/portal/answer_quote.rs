//! The client's answer on the portal: one decision, whatever is sent twice or at once. The acceptance is kept with what
//! shows it (C. civ. art. 1366 and 1367), put on a new version of the PDF, and told to both sides.

use jiff::Timestamp;
use kernel::{
    Error, Result,
    document::Signature,
    event::{Event, Owner},
    id::{MailId, QuoteId},
    legal,
    mail::Mailbox,
    permission::{MemberRole, Role},
    reference::OrganizationReference,
    text,
};
use table::{
    Items, Scope, Stored, Transaction,
    meter::side_by_side,
    shared::{DocumentLink, OwnedMail, QuoteSignature},
};
use web::{Letter, Membership, Visitor, path_in};

use super::{
    signature::{self, SignatureInput, Signed},
    visit::Visit,
};
use crate::{
    mails::{About, signed_file_name},
    quote::{AcceptanceInput, Quote, enter_acceptance, store},
};

/// Accepts and signs.
pub async fn sign_quote(visitor: &Visitor, visit: &Visit, input: &SignatureInput) -> Result<()> {
    let quote = visit.quote()?;
    let Signed { name, quality, email, options, drawn } = input.parse()?;
    // Before anything is kept of it; decided again below.
    let choice = AcceptanceInput { options };
    quote.accepted(&choice, visit.today())?;
    let organization = &visit.organization;
    let picture = signature::keep(visitor, organization.id, quote.id, drawn).await?;
    let scope = &visit.acting_as(visitor, &name);
    let id = quote.id;
    scope
        .write(|| async {
            let (found, recipient) = side_by_side(read(scope, visit, id), recipient(scope, organization)).await;
            let (read, recipient) = (found?, recipient?);
            let accepted = read.accepted(&choice, visit.today())?;
            let now = scope.now();
            let signature = Signature {
                name: name.clone(),
                quality: quality.clone(),
                email: email.clone(),
                picture: picture.clone(),
                signed_at: now,
                signed_on: organization.day(now),
                signed_time: time(organization, now),
                options: chosen(&read, &choice),
                gross_minor: accepted.agreed().totals.gross_minor,
                address: visitor.address,
                user_agent: visitor.user_agent.clone(),
            };
            let mut transaction = scope.begin("sign_quote", id);
            enter_acceptance(&mut transaction, scope, &read, &accepted)?;
            transaction.check(&scope.keys().document_link(Owner::Quote(id), visit.link.id), visit.link.version);
            let told = Told { visitor, scope, organization, quote: &accepted, recipient };
            told.owner(&mut transaction, "accepté", &signature.name, |letter| {
                let gross = signature.gross_minor.french(accepted.priced.currency);
                let letter = letter.fact("Signé par", signer(&signature)).fact("Montant TTC accepté", gross);
                match signature.options.is_empty() {
                    true => letter,
                    false => letter.fact("Options retenues", signature.options.join(", ")),
                }
            })?;
            let mail = told.client(&signature)?;
            if let Some(mail) = &mail {
                transaction.create(mail);
            }
            transaction
                .create(&QuoteSignature { quote: id, link: visit.link.id, signature })
                .emit(Event::QuoteSigned { quote: id, mail: mail.map(|owned| owned.mail.id) });
            Ok((transaction, ()))
        })
        .await
}

/// Refuses, with a reason or without.
pub async fn decline_quote(visitor: &Visitor, visit: &Visit, reason: &str) -> Result<()> {
    let id = visit.quote()?.id;
    let reason =
        legal::optional(reason, |text| legal::text(text, 500)).map_err(|rule| Error::field("/reason", rule))?;
    let (scope, organization) = (&visit.scope, &visit.organization);
    scope
        .write(|| async {
            let (found, recipient) = side_by_side(read(scope, visit, id), recipient(scope, organization)).await;
            let (read, recipient) = (found?, recipient?);
            let refused = read.refused(reason.clone(), visit.today())?;
            let mut transaction = scope.begin("decline_quote", id);
            store::save(&mut transaction, Some(&read), &refused);
            transaction.emit(Event::QuoteRefused { quote: id, about: refused.about() });
            transaction.check(&scope.keys().document_link(Owner::Quote(id), visit.link.id), visit.link.version);
            let told = Told { visitor, scope, organization, quote: &refused, recipient };
            let client = &refused.client.reference.name;
            told.owner(&mut transaction, "refusé", client, |letter| match &reason {
                Some(reason) => letter.fact("Motif", reason),
                None => letter,
            })?;
            Ok((transaction, ()))
        })
        .await
}

/// The quote afresh, while the link still opens it.
async fn read(scope: &Scope, visit: &Visit, id: QuoteId) -> Result<Stored<Quote>> {
    let keys = scope.keys();
    let link = keys.document_link(Owner::Quote(id), visit.link.id);
    let found: Items = scope.get_many(&[keys.quote(id), link.clone()]).await?;
    let link = found.get::<DocumentLink>(&link)?.ok_or(Error::NotFound)?;
    if link.hash != visit.link.hash || !link.is_open_at(scope.now()) {
        return Err(Error::NotFound);
    }
    found.get::<Quote>(&keys.quote(id))?.ok_or(Error::NotFound)
}

/// Who of the organization is told: its own address, or that of an owner.
async fn recipient(scope: &Scope, organization: &OrganizationReference) -> Result<Option<Mailbox>> {
    if let Some(address) = &organization.legal.email {
        return Ok(Some(Mailbox { name: Some(organization.name.clone()), address: address.clone() }));
    }
    let request = kernel::page::PageRequest { limit: 100, cursor: None };
    let members = scope.list::<Membership>(&scope.keys().members(), &request, table::Order::Ascending).await?;
    let owner = members.items.into_iter().find(|member| member.role == MemberRole::from(Role::Owner));
    Ok(owner.map(|owner| Mailbox { name: Some(owner.name.clone()), address: owner.email.clone() }))
}

/// The names of what was chosen beside the rest.
fn chosen(quote: &Quote, choice: &AcceptanceInput) -> Vec<String> {
    let lines = quote.priced.lines.iter().enumerate().filter(|(at, _)| choice.options.contains(&(at + 1)));
    lines.map(|(_, line)| line.description.lines().next().unwrap_or_default().to_owned()).collect()
}

fn time(organization: &OrganizationReference, at: Timestamp) -> String {
    let local = at.to_zoned(organization.zone());
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// `Claire Martin, gérante`
pub fn signer(signature: &Signature) -> String {
    [Some(signature.name.as_str()), signature.quality.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Who is told of an answer.
struct Told<'a> {
    visitor: &'a Visitor,
    scope: &'a Scope,
    organization: &'a OrganizationReference,
    quote: &'a Quote,
    recipient: Option<Mailbox>,
}

impl Told<'_> {
    /// The organization, at once.
    fn owner(
        &self,
        transaction: &mut Transaction,
        how: &str,
        who: &str,
        words: impl FnOnce(Letter<'_>) -> Letter<'_>,
    ) -> Result<()> {
        let Some(to) = self.recipient.clone() else { return Ok(()) };
        let (quote, organization) = (self.quote, self.organization);
        let number = quote.number.clone().unwrap_or_default();
        let client = &quote.client.reference;
        let path = path_in(organization.id, &format!("/facturation/devis/{}", quote.id));
        let letter = Letter::new(organization, format!("Devis {number} {how} – {}", client.name), None)
            .paragraph(format!("{who} a {how} en ligne le devis {number} adressé à {}.", client.name))
            .fact("Client", &client.name);
        let letter = words(letter).button("Ouvrir le devis", format!("{}{path}", self.visitor.deps.config.public_url));
        let id = self.scope.new_id(MailId::new);
        let mut mail = letter.mail(id, to)?;
        // An answer goes to the client.
        mail.reply_to = client.email.clone().map(|address| Mailbox { name: client.contact.clone(), address });
        let owner = Owner::Quote(quote.id);
        transaction.create(&OwnedMail { owner, mail }).emit(Event::MailRequested { owner, mail: id });
        Ok(())
    }

    /// The client, at the address that the organization has, once the signed document is rendered.
    fn client(&self, signature: &Signature) -> Result<Option<OwnedMail>> {
        let (quote, organization) = (self.quote, self.organization);
        let number = quote.number.clone().unwrap_or_default();
        let about =
            About { owner: Owner::Quote(quote.id), number: &number, organization, client: &quote.client.reference };
        let subject = format!("Votre accord sur le devis {number} – {}", organization.name);
        about.mail_with(self.scope, signed_file_name(&number), subject, |letter| {
            letter
                .paragraph(format!(
                    "Nous vous remercions de votre accord sur notre devis {number}, donné en ligne le {} à {}. Vous en \
                     trouverez ci-joint l’exemplaire signé.",
                    text::french_date(signature.signed_on),
                    signature.signed_time,
                ))
                .fact("Devis", &number)
                .fact("Signé par", signer(signature))
                .fact("Montant TTC accepté", signature.gross_minor.french(quote.priced.currency))
        })
    }
}
