//! Sending a quote: it gets its number, is frozen, rendered and mailed, and can no longer change.

use kernel::{
    Result,
    document::{Kind, Operations},
    event::{Event, Owner},
    id::QuoteId,
    reference::OrganizationReference,
    text,
};
use table::{Scope, Stored, sequence::Sequence, shared::FrozenDocument};

use super::{Quote, model::SERIES, store};
use crate::{
    client::Freshness,
    document::{self, Frame},
    mails::About,
};

pub async fn send_quote(
    scope: &Scope,
    organization: &OrganizationReference,
    id: QuoteId,
    seen: Option<u64>,
) -> Result<Stored<Quote>> {
    let freshness = Freshness::default();
    let today = scope.clock().today(&organization.zone());
    let series = Sequence::series(SERIES, today.year());
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.quote(id), keys.sequence(&series)]).await?;
            let read = found.get::<Quote>(&keys.quote(id))?.ok_or(kernel::Error::NotFound)?.expect_version(seen)?;
            read.must_be_draft()?;
            let client = freshness.of(scope, &read.client).await?;

            let mut transaction = scope.begin("send_quote", id);
            Freshness::hold(&mut transaction, scope, &client);
            let number = transaction.take_number(&series, found.get::<Sequence>(&keys.sequence(&series))?.as_ref());
            let quote = read.sent(number.clone(), client, today)?;
            let client = &quote.client.reference;
            let snapshot = document::freeze(
                organization,
                client,
                Frame {
                    kind: Kind::Quote,
                    number: number.clone(),
                    issued_on: today,
                    due_on: None,
                    valid_until: quote.valid_until,
                    supplied_on: None,
                    operations: Operations::Services,
                    purchase_order: None,
                    quote_number: None,
                    words: &quote.words,
                    priced: &quote.priced,
                },
            )?;
            let owner = Owner::Quote(id);
            let gross = quote.priced.totals.gross_minor.french(quote.priced.currency);
            let until = quote.valid_until.map(text::french_date).unwrap_or_default();
            let mail = About { owner, number: &number, organization, client }.mail(
                scope,
                format!("Devis {number} – {}", organization.name),
                |letter| {
                    letter
                        .paragraph(format!(
                            "Veuillez trouver ci-joint notre devis {number} d’un montant de {gross} TTC, valable \
                             jusqu’au {until}."
                        ))
                        .paragraph(
                            "Pour l’accepter, il vous suffit de nous le retourner signé ou de répondre à ce message.",
                        )
                        .fact("Devis", &number)
                        .fact("Montant TTC", &gross)
                        .fact("Valable jusqu’au", &until)
                },
            )?;
            store::save(&mut transaction, Some(&read), &quote);
            transaction.create(&FrozenDocument { owner, snapshot });
            if let Some(mail) = &mail {
                transaction.create(mail);
            }
            transaction
                .emit(Event::DocumentFrozen { owner, mail: mail.map(|owned| owned.mail.id) })
                .emit(Event::QuoteSent { quote: id });
            Ok((transaction, Stored { value: quote, version: read.version + 1 }))
        })
        .await
}
