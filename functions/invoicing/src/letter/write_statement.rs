//! A statement of account is written: frozen, rendered, and sent where that is wanted.

use kernel::{
    Error, Result, Rule,
    error::Conflict,
    event::{Event, Owner},
    id::{CompanyId, LetterId},
    reference::ClientReference,
    text,
};
use table::{Stored, shared::FrozenLetter};
use web::Asker;

use super::{Statement, WriteStatementInput, read_account};
use crate::mails::About;

/// What the renderer takes.
const ENTRIES_MAX: usize = 1_000;

pub async fn write_statement(
    asker: &Asker,
    id: CompanyId,
    input: &WriteStatementInput,
) -> Result<Stored<FrozenLetter>> {
    let (scope, today) = (&asker.scope, asker.today());
    let (on, sends) = input.parse(today)?;
    let letter_id = scope.new_id(LetterId::new);
    let owner = Owner::Letter(letter_id);
    scope
        .write(|| async {
            let Statement { client, account } = read_account(asker, id, on).await?;
            if account.entries.len() > ENTRIES_MAX {
                return Err(Error::field("/on", Rule::TooMany { max: ENTRIES_MAX }));
            }
            let letter = account.letter(&client, &asker.organization, today)?;
            let mail = if sends {
                // To the house: what is sent names nobody.
                let client = ClientReference { contact: None, ..client.clone() };
                let about =
                    About { owner, number: &letter.reference, organization: &asker.organization, client: &client };
                let subject = format!("{} – {}", letter.subject, asker.organization.name);
                let mail = about.mail(scope, subject, |mail| {
                    let mail = letter.paragraphs.iter().fold(mail, |mail, words| mail.paragraph(words));
                    mail.fact("Arrêté au", text::french_date(on))
                        .fact("Solde", account.due_minor().french(account.currency))
                })?;
                Some(mail.ok_or(Error::Conflict(Conflict::ClientEmailMissing))?)
            } else {
                None
            };
            let frozen = FrozenLetter {
                id: letter_id,
                client: id,
                reminds: None,
                mail: mail.as_ref().map(|owned| (owner, owned.mail.id)),
                letter,
            };
            let mut transaction = scope.begin("write_statement", letter_id);
            transaction.create(&frozen);
            if let Some(mail) = &mail {
                transaction.create(mail);
            }
            transaction.emit(Event::DocumentFrozen { owner, mail: mail.as_ref().map(|owned| owned.mail.id) });
            Ok((transaction, Stored { value: frozen, version: 1 }))
        })
        .await
}
