//! Events as programs outside are told of them: their names, and what of them is told: ids, numbers, amounts, and no name
//! of a person. A further event is a line in [`KINDS`], one in [`told`] and one in `Event::is_public`. Pure.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{
    event::{About, Event},
    id::{EventId, OrganizationId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::{
    ContentBuilder, HttpMethod, ObjectBuilder, PathItem, Paths, PathsBuilder, Ref, Required, ResponseBuilder, Type,
    path::{OperationBuilder, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
};

/// What `Envoyer un essai` sends; nobody asks for it by its name.
pub const TEST: &str = "webhook.test.v1";

/// A kind of event that programs may ask for.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    pub name: &'static str,
    pub french: &'static str,
}

const fn kind(name: &'static str, french: &'static str) -> Kind {
    Kind { name, french }
}

pub const KINDS: &[Kind] = &[
    kind("quote.sent.v1", "Devis envoyé"),
    kind("quote.accepted.v1", "Devis accepté"),
    kind("quote.refused.v1", "Devis refusé"),
    kind("quote.expired.v1", "Devis expiré"),
    kind("invoice.issued.v1", "Facture émise"),
    kind("invoice.paid.v1", "Facture payée"),
    kind("payment.recorded.v1", "Paiement partiel, ou annulé"),
    kind("invoice.overdue.v1", "Facture en retard"),
    kind("invoice.replaced.v1", "Facture remplacée par une rectificative"),
    kind("credit_note.issued.v1", "Avoir émis"),
    kind("lead.received.v1", "Demande reçue par un formulaire"),
    kind("opportunity.won.v1", "Opportunité gagnée"),
    kind("opportunity.lost.v1", "Opportunité perdue"),
    kind("record.changed.v1", "Entreprise ou contact ajouté, modifié ou supprimé"),
    kind("record.deleted.v1", "Fiche supprimée"),
    kind("record.merged.v1", "Fiches fusionnées"),
    kind("contact.erased.v1", "Contact effacé (RGPD)"),
    kind("client.erased.v1", "Client particulier effacé (RGPD)"),
];

pub fn french(name: &str) -> &str {
    match KINDS.iter().find(|kind| kind.name == name) {
        Some(kind) => kind.french,
        None if name == TEST => "Essai",
        None => name,
    }
}

/// What is told of an event besides when it happened.
pub type Data = BTreeMap<String, Value>;

/// The body of a request to a webhook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublicEvent {
    /// `evt_…`: the same however often the event is sent. Who has seen it does nothing again.
    #[schema(value_type = String)]
    pub id: EventId,
    /// `invoice.paid.v1`
    #[serde(rename = "type")]
    pub kind: String,
    #[schema(value_type = String, format = DateTime)]
    pub created: Timestamp,
    /// `org_…`
    #[schema(value_type = String)]
    pub organization: OrganizationId,
    /// Ids with their prefix (`invoice`, `quote`, `client`…); of documents their `number`; `amount_minor` in the minor unit
    /// of `currency`.
    #[schema(value_type = Object)]
    pub data: Data,
}

fn data(ids: &[(&str, &dyn std::fmt::Display)], about: Option<&About>) -> Data {
    let mut data: Data = ids.iter().map(|(name, id)| ((*name).to_owned(), json!(id.to_string()))).collect();
    let Some(about) = about else { return data };
    if let Some(client) = about.client {
        data.insert("client".into(), json!(client.to_string()));
    }
    if let Some((amount, currency)) = about.amount_minor.zip(about.currency) {
        data.insert("amount_minor".into(), json!(amount.0));
        data.insert("currency".into(), json!(currency.code()));
    }
    data
}

/// The same of a document: people call it by its number, which names nobody.
fn document(ids: &[(&str, &dyn std::fmt::Display)], about: &About) -> Data {
    let mut data = data(ids, Some(about));
    if let Some(number) = &about.label {
        data.insert("number".into(), json!(number));
    }
    data
}

/// What programs are told of an event; none of one that is not for them.
pub fn told(event: &Event) -> Option<(&'static str, Data)> {
    Some(match event {
        Event::QuoteSent { quote } => ("quote.sent.v1", data(&[("quote", quote)], None)),
        Event::QuoteAccepted { quote, about } => ("quote.accepted.v1", document(&[("quote", quote)], about)),
        Event::QuoteRefused { quote, about } => ("quote.refused.v1", document(&[("quote", quote)], about)),
        Event::QuoteExpired { quote, about } => ("quote.expired.v1", document(&[("quote", quote)], about)),
        Event::InvoiceIssued { invoice } => ("invoice.issued.v1", data(&[("invoice", invoice)], None)),
        Event::InvoicePaid { invoice, about } => ("invoice.paid.v1", document(&[("invoice", invoice)], about)),
        Event::PaymentRecorded { invoice, payment, about } => {
            ("payment.recorded.v1", document(&[("invoice", invoice), ("payment", payment)], about))
        }
        Event::InvoiceOverdue { invoice, about } => ("invoice.overdue.v1", document(&[("invoice", invoice)], about)),
        Event::InvoiceReplaced { invoice, by } => {
            ("invoice.replaced.v1", data(&[("invoice", invoice), ("by", by)], None))
        }
        Event::CreditNoteIssued { credit_note, invoice } => {
            ("credit_note.issued.v1", data(&[("credit_note", credit_note), ("invoice", invoice)], None))
        }
        Event::LeadReceived { form, contact, opportunity, .. } => {
            ("lead.received.v1", data(&[("form", form), ("contact", contact), ("opportunity", opportunity)], None))
        }
        Event::OpportunityWon { opportunity, about } => {
            ("opportunity.won.v1", data(&[("opportunity", opportunity)], Some(about)))
        }
        Event::OpportunityLost { opportunity, about } => {
            ("opportunity.lost.v1", data(&[("opportunity", opportunity)], Some(about)))
        }
        Event::RecordChanged { record } => ("record.changed.v1", data(&[("record", record)], None)),
        Event::RecordDeleted { record } => ("record.deleted.v1", data(&[("record", record)], None)),
        Event::RecordMerged { loser, winner } => {
            ("record.merged.v1", data(&[("loser", loser), ("winner", winner)], None))
        }
        Event::ContactErased { contact } => ("contact.erased.v1", data(&[("contact", contact)], None)),
        Event::ClientErased { client } => ("client.erased.v1", data(&[("client", client)], None)),
        _ => return None,
    })
}

/// The requests that webhooks get, as the document of the API tells them.
pub fn documented() -> Paths {
    let header = |name: &str, description: &str| {
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(description))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .build()
    };
    KINDS.iter().fold(PathsBuilder::new(), |paths, kind| {
        let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("PublicEvent"))).build();
        let operation = OperationBuilder::new()
            .tag("webhooks")
            .summary(Some(kind.name))
            .description(Some(
                "A 2xx within ten seconds takes it; else it is sent again, eight times in all within three days. Events \
                 may come twice and in another order than they happened in.",
            ))
            .parameter(header(
                "Abservice-Signature",
                "`t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<t>.<body>` by the webhook's secret; two v1 for a day after the \
                 secret was changed.",
            ))
            .parameter(header("Abservice-Event", "The id of the event: the same whenever it is sent."))
            .request_body(Some(RequestBodyBuilder::new().content("application/json", body).build()))
            .response("204", ResponseBuilder::new().description("taken; any 2xx is").build())
            .build();
        paths.path(kind.name, PathItem::new(HttpMethod::Post, operation))
    })
    .build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::{
        Currency, Minor,
        id::{CompanyId, ContactId, CreditNoteId, InvoiceId, OpportunityId, PaymentId, QuoteId, WebFormId},
    };
    use ulid::Ulid;

    use super::*;

    fn about() -> About {
        let client = Some(CompanyId::from_ulid(Ulid(9)));
        About { label: Some("F-2026-1".into()), client, ..About::default() }.worth(Minor(120_000), Currency::Eur)
    }

    fn public() -> Vec<Event> {
        let (invoice, quote) = (InvoiceId::from_ulid(Ulid(1)), QuoteId::from_ulid(Ulid(2)));
        let (opportunity, contact) = (OpportunityId::from_ulid(Ulid(3)), ContactId::from_ulid(Ulid(4)));
        vec![
            Event::QuoteSent { quote },
            Event::QuoteAccepted { quote, about: about() },
            Event::QuoteRefused { quote, about: about() },
            Event::QuoteExpired { quote, about: about() },
            Event::InvoiceIssued { invoice },
            Event::InvoicePaid { invoice, about: about() },
            Event::PaymentRecorded { invoice, payment: PaymentId::from_ulid(Ulid(5)), about: about() },
            Event::InvoiceOverdue { invoice, about: about() },
            Event::InvoiceReplaced { invoice, by: invoice },
            Event::CreditNoteIssued { credit_note: CreditNoteId::from_ulid(Ulid(6)), invoice },
            Event::LeadReceived { form: WebFormId::from_ulid(Ulid(7)), contact, opportunity, about: about() },
            Event::OpportunityWon { opportunity, about: about() },
            Event::OpportunityLost { opportunity, about: about() },
            Event::RecordChanged { record: "com_1".into() },
            Event::RecordDeleted { record: "com_1".into() },
            Event::RecordMerged { loser: "com_1".into(), winner: "com_2".into() },
            Event::ContactErased { contact },
            Event::ClientErased { client: CompanyId::from_ulid(Ulid(8)) },
        ]
    }

    #[test]
    fn the_table_names_each_event_that_the_relay_sends_as_it_is_called() {
        let mut named = BTreeSet::new();
        for event in public() {
            assert!(event.is_public(), "{event:?}");
            let (name, _) = told(&event).unwrap();
            assert_eq!(serde_json::to_value(&event).unwrap()["name"], name);
            named.insert(name);
        }
        assert_eq!(named, KINDS.iter().map(|kind| kind.name).collect::<BTreeSet<_>>());
        assert_eq!(told(&Event::LedgerDue {}), None);
        assert!(!Event::LedgerDue {}.is_public());
    }

    #[test]
    fn a_title_which_may_name_somebody_is_not_told_and_a_number_is() {
        for event in public() {
            let (name, data) = told(&event).unwrap();
            let is_document = name.starts_with("quote") || name.starts_with("invoice") || name.starts_with("payment");
            assert!(is_document || !data.contains_key("number"), "{name}");
        }
        let (_, paid) = told(&public()[5]).unwrap();
        let expected = json!({
            "invoice": "inv_00000000000000000000000001", "client": "com_00000000000000000000000009",
            "number": "F-2026-1", "amount_minor": 120_000, "currency": "EUR",
        });
        assert_eq!(json!(paid), expected);
    }
}
