//! Sending a quote: it gets its number, is frozen, rendered and mailed, and can no longer change.

use kernel::{
    Result,
    document::Kind,
    event::{Event, Owner},
    id::QuoteId,
    reference::OrganizationReference,
    text,
};
use table::{Scope, Stored, sequence::Sequence};

use super::{Quote, model::SERIES, store};
use crate::{
    client::Freshness,
    document::{Frame, Leaving},
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
            let gross = quote.priced.totals.gross_minor.french(quote.priced.currency);
            let until = quote.valid_until.map(text::french_date).unwrap_or_default();
            Leaving {
                owner: Owner::Quote(id),
                organization,
                client,
                frame: Frame {
                    valid_until: quote.valid_until,
                    ..Frame::new(Kind::Quote, number.clone(), today, &quote.words, &quote.priced)
                },
                subject: format!("Devis {number} – {}", organization.name),
            }
            .write(&mut transaction, scope, |letter| {
                letter
                    .paragraph(format!(
                        "Veuillez trouver ci-joint notre devis {number} d’un montant de {gross} TTC, valable jusqu’au \
                         {until}."
                    ))
                    .paragraph(
                        "Pour l’accepter, il vous suffit de nous le retourner signé ou de répondre à ce message.",
                    )
                    .fact("Devis", &number)
                    .fact("Montant TTC", &gross)
                    .fact("Valable jusqu’au", &until)
            })?;
            store::save(&mut transaction, Some(&read), &quote);
            transaction.emit(Event::QuoteSent { quote: id });
            Ok((transaction, Stored { value: quote, version: read.version + 1 }))
        })
        .await
}
