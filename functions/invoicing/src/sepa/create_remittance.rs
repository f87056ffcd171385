//! Making a remittance of chosen invoices: each is then known to be debited, its mandate to be used, and its client is told.

use kernel::{
    Currency, Error, Result, Rule, Violations,
    error::Conflict,
    event::{Event, Owner},
    id::{InvoiceId, MandateId, RemittanceId},
    reference::OrganizationReference,
    text,
};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored, shared::OwnedMail};

use super::{
    Creditor, DebitLine, Mandate, Remittance, Scheme, SepaCreditor,
    remittance::{REMITTED_MAX, debit_on, lines},
};
use crate::{
    content::flag,
    invoice::{self, Invoice, PlannedDebit},
    mails::About,
};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemittanceInput {
    /// `YYYY-MM-DD`, a day on which banks work, two such days ahead at least, and as many days ahead as clients are told.
    pub debit_on: String,
    /// Each invoice once; 13 at most.
    pub lines: Vec<RemittanceLineInput>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemittanceLineInput {
    /// `inv_…`: all that is due of it is debited.
    pub invoice_id: String,
    /// `man_…`, of the same client.
    pub mandate_id: String,
    /// `true` for the last debit of its mandate, which serves no more after it.
    #[serde(default)]
    pub is_last: String,
}

/// What a line names, and whether it is the last debit of its mandate.
type Chosen = (InvoiceId, MandateId, bool);

impl RemittanceInput {
    fn chosen(&self) -> std::result::Result<Vec<Chosen>, Violations> {
        let mut wrong = Violations::default();
        if self.lines.is_empty() {
            wrong.add("/lines", Rule::Required);
        }
        if self.lines.len() > REMITTED_MAX {
            wrong.add("/lines", Rule::TooManyInvoices { max: REMITTED_MAX });
        }
        let mut ids: Vec<Chosen> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let pointer = format!("/lines/{at}/invoice_id");
            let invoice = wrong.take(&pointer, line.invoice_id.trim().parse().map_err(|_| Rule::NotFound));
            let mandate = line.mandate_id.trim().parse().map_err(|_| Rule::NotFound);
            let mandate = wrong.take(format!("/lines/{at}/mandate_id"), mandate);
            let is_last = wrong.take(format!("/lines/{at}/is_last"), flag(&line.is_last)).unwrap_or_default();
            if invoice.is_some_and(|invoice| ids.iter().any(|(other, ..)| *other == invoice)) {
                wrong.add(&pointer, Rule::Repeated);
            }
            ids.extend(invoice.zip(mandate).map(|(invoice, mandate)| (invoice, mandate, is_last)));
        }
        if wrong.is_empty() { Ok(ids) } else { Err(wrong) }
    }
}

pub async fn create_remittance(
    scope: &Scope,
    organization: &OrganizationReference,
    input: &RemittanceInput,
) -> Result<Remittance> {
    let today = scope.clock().today(&organization.zone());
    let id = scope.new_id(RemittanceId::new);
    let ids = input.chosen()?;
    let bank = organization.legal.bank.clone().ok_or(Error::Conflict(Conflict::CreditorIncomplete))?;
    scope
        .write(|| async {
            let keys = scope.keys();
            let mut wanted = vec![keys.sepa_creditor()];
            for (invoice, mandate, _) in &ids {
                for key in [keys.invoice(*invoice), keys.mandate(*mandate)] {
                    // A mandate may serve several of them, and a key is asked for once.
                    if !wanted.contains(&key) {
                        wanted.push(key);
                    }
                }
            }
            let found = scope.get_many(&wanted).await?;
            let creditor = found.get::<SepaCreditor>(&keys.sepa_creditor())?;
            let creditor = creditor.ok_or(Error::Conflict(Conflict::CreditorIncomplete))?.value;
            let on = debit_on(&input.debit_on, today, creditor.notice_days);
            let on = on.map_err(|rule| Error::field("/debit_on", rule))?;
            let (mut read, mut wrong) = (Vec::new(), Violations::default());
            for (at, (invoice, mandate, is_last)) in ids.iter().enumerate() {
                let missing = |name: &str| format!("/lines/{at}/{name}");
                let invoice = found.get::<Invoice>(&keys.invoice(*invoice))?.ok_or(Rule::NotFound);
                let mandate = found.get::<Mandate>(&keys.mandate(*mandate))?.ok_or(Rule::NotFound);
                let invoice = wrong.take(missing("invoice_id"), invoice);
                let both = invoice.zip(wrong.take(missing("mandate_id"), mandate));
                read.extend(both.map(|(invoice, mandate)| (invoice, mandate, *is_last)));
            }
            if !wrong.is_empty() {
                return Err(wrong.into());
            }
            let chosen: Vec<_> =
                read.iter().map(|(invoice, mandate, is_last)| (&invoice.value, &mandate.value, *is_last)).collect();
            let (lines, mandates) = lines(id, &chosen, on)?;
            let remittance = Remittance {
                id,
                created_at: scope.now(),
                creditor: Creditor {
                    name: organization.name.clone(),
                    creditor_id: creditor.creditor_id,
                    iban: bank.iban.clone(),
                    bic: bank.bic.clone(),
                },
                debit_on: on,
                lines,
                confirmed_on: None,
                cancelled_on: None,
            };
            let mut transaction = scope.begin("create_remittance", id);
            transaction.create(&remittance);
            for used in &mandates {
                let before: Option<&Stored<Mandate>> =
                    read.iter().map(|(_, mandate, _)| mandate).find(|m| m.id == used.id);
                transaction.save(before, used);
            }
            for ((invoice, mandate, _), line) in read.iter().zip(&remittance.lines) {
                let planned = invoice.debited(Some(PlannedDebit { remittance: id, on }))?;
                invoice::store::save(&mut transaction, Some(invoice), &planned);
                if let Some(mail) = notice(scope, organization, invoice, mandate, (&remittance, line))? {
                    let event = Event::MailRequested { owner: mail.owner, mail: mail.mail.id };
                    transaction.create(&mail).emit(event);
                }
            }
            Ok((transaction, remittance))
        })
        .await
}

/// Tells the client beforehand what is debited and when; none where they have no address.
fn notice(
    scope: &Scope,
    organization: &OrganizationReference,
    invoice: &Invoice,
    mandate: &Mandate,
    (remittance, line): (&Remittance, &DebitLine),
) -> Result<Option<OwnedMail>> {
    let amount = line.amount_minor.french(Currency::Eur);
    let on = text::french_date(remittance.debit_on);
    let DebitLine { number, reference, .. } = line;
    let client = &invoice.client.reference;
    let subject = format!("Prélèvement du {on}\u{a0}: facture {number} – {}", organization.name);
    let about = About { owner: Owner::Invoice(line.invoice), number, organization, client };
    about.mail(scope, subject, |letter| {
        let letter = letter
            .paragraph(format!(
                "Comme le prévoit votre mandat {reference}, nous prélèverons {amount} sur votre compte le {on}, pour le \
                 règlement de notre facture {number}."
            ))
            .paragraph("Vous n’avez rien à faire. Si quelque chose ne convient pas, répondez-nous avant cette date.")
            .fact("Facture", number)
            .fact("Montant prélevé", &amount)
            .fact("Date du prélèvement", &on)
            .fact("Compte débité", &mandate.shown)
            .fact("Référence du mandat (RUM)", reference)
            .fact("Identifiant créancier (ICS)", &remittance.creditor.creditor_id);
        match mandate.scheme {
            Scheme::Core => letter.note(
                "Vous pouvez demander à votre banque le remboursement d’un prélèvement dans les huit semaines qui le \
                 suivent.",
            ),
            Scheme::B2b => letter,
        }
    })
}
