//! Sending a quote: it gets its number, is frozen, rendered and mailed, and can no longer change.

use jiff::civil::Date;
use kernel::{
    Result,
    document::Kind,
    event::{Event, Owner, QuoteStage, QuoteStanding},
    id::QuoteId,
    reference::OrganizationReference,
    text,
};
use table::{Patch, Scope, Stored, Transaction, sequence::Sequence};

use super::{Progress, Quote, model::SERIES, store};
use crate::{
    client::Freshness,
    document::{Frame, Leaving},
    panel::ClientDocument,
};

/// What the document of a quote that is sent says.
pub fn frame(quote: &Quote, number: String, on: Date) -> Frame<'_> {
    Frame {
        valid_until: quote.valid_until,
        attachments: &quote.attachments,
        ..Frame::new(Kind::Quote, number, on, &quote.words, &quote.priced)
    }
}

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
            let number = match read.version_of_number() {
                Some(number) => number,
                None => transaction.take_number(&series, found.get::<Sequence>(&keys.sequence(&series))?.as_ref()),
            };
            let quote = read.sent(number.clone(), client, today)?;
            let client = &quote.client.reference;
            let gross = quote.priced.totals.gross_minor.french(quote.priced.currency);
            let until = quote.valid_until.map(text::french_date).unwrap_or_default();
            Leaving {
                owner: Owner::Quote(id),
                organization,
                client,
                frame: frame(&quote, number.clone(), today),
                subject: format!("Devis {number} – {}", organization.name),
            }
            .write(&mut transaction, scope, |letter| {
                let letter = letter.paragraph(format!(
                    "Veuillez trouver ci-joint notre devis {number} d’un montant de {gross} TTC, valable jusqu’au {until}."
                ));
                let letter = match quote.former.last() {
                    Some(former) => letter.paragraph(format!("Il remplace notre devis {}.", former.number)),
                    None => letter,
                };
                letter
                    .paragraph(
                        "Vous pouvez l’accepter et le signer en ligne, ou nous le retourner signé.",
                    )
                    .fact("Devis", &number)
                    .fact("Montant TTC", &gross)
                    .fact("Valable jusqu’au", &until)
            })?;
            store::save(&mut transaction, Some(&read), &quote);
            replace_former(&mut transaction, scope, &quote)?;
            transaction.emit(Event::QuoteSent { quote: id });
            Ok((transaction, Stored { value: quote, version: read.version + 1 }))
        })
        .await
}

/// The version that it revises is open no more, and all that were sent before know of it. Nothing of them is read: who
/// accepts the former one at this moment has written to this draft.
fn replace_former(transaction: &mut Transaction, scope: &Scope, quote: &Quote) -> Result<()> {
    let Some((last, _)) = quote.former.split_last() else { return Ok(()) };
    let (keys, versions) = (scope.keys(), quote.versions());
    for (at, version) in quote.former.iter().enumerate() {
        let told = Patch::of::<Quote>(keys.quote(version.id)).set_value("later", &&versions[at + 1..])?;
        let is_last = version.id == last.id;
        transaction.patch(if is_last { told.set_value("progress", &Progress::Replaced)? } else { told });
    }
    let line = keys.client_document(quote.client.reference.id, Owner::Quote(last.id));
    let line = Patch::of::<ClientDocument>(line).set_value("summary.progress", &Progress::Replaced)?;
    let on = quote.sent_on.unwrap_or(last.sent_on);
    let standing = QuoteStanding { stage: QuoteStage::Replaced, on, facts: None };
    transaction.patch(line).emit(Event::QuoteStated { quote: last.id, standing });
    Ok(())
}
