//! Writing an export. A message may come several times, and several times at once: each writes the whole file anew under
//! the same key, and the first to note that it is ready tells who asked.

use cloud::{Archive, Deps, archive::MEDIA_TYPE};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{Timestamp, tz::TimeZone};
use kernel::{
    Error, Result,
    event::{Event, Owner},
    export::{Export, Exports},
    id::{ExportId, MailId},
    mail::Mailbox,
    reference::OrganizationReference,
    text,
};
use table::{
    Scope, keys,
    shared::{DocumentFile, OwnedMail},
};
use web::{Letter, path_in};

use super::{
    pages::PATH,
    readme::{Missing, readme},
    spool::Spool,
};
use crate::{organization, platform};

/// How many documents are fetched at the same time.
const AT_ONCE: usize = 8;
/// The same of files that people sent, which may be large.
const ATTACHED_AT_ONCE: usize = 3;
/// More than a document has; one that is larger stays out.
pub(crate) const DOCUMENT_BYTES_MAX: u64 = 64 * 1024 * 1024;

pub async fn write_export(deps: &Deps, scope: &Scope, id: ExportId) -> Result<()> {
    let Some(started) = start(scope, id).await? else { return Ok(()) };
    let organization = organization::read(scope).await?.value;
    if organization.deletion.is_some() {
        return Ok(());
    }
    let now = scope.now();
    let mut spool = Spool::new(started.without_staff)?;
    let mut walk = scope.walk();
    while let Some(part) = walk.next().await? {
        spool.take(&part)?;
    }
    let spooled = spool.finish()?;

    let key = keys::export_s3_key(organization.id, id);
    let parts = deps.files.begin_parts(&key, MEDIA_TYPE).await?;
    let mut archive = Archive::new(parts, now.to_zoned(organization.zone()).datetime());
    for sheet in spooled.sheets() {
        sheet.write(&mut archive).await?;
    }
    let mut missing = Missing(Vec::new());
    // Fetched some at a time, written in their order.
    let mut documents = stream::iter(spooled.documents()?).map(|file| fetch(deps, file)).buffered(AT_ONCE);
    while let Some((name, bytes)) = documents.try_next().await? {
        match bytes {
            Some(bytes) => archive.add(&name, &bytes).await?,
            None => missing.0.push(name),
        }
    }
    drop(documents);
    let attached = spooled.attached(organization.id)?.chain(spooled.proofs(organization.id)?);
    let mut attached = stream::iter(attached).map(|file| fetch_attached(deps, file)).buffered(ATTACHED_AT_ONCE);
    while let Some((name, bytes)) = attached.try_next().await? {
        match bytes {
            Some(bytes) => archive.add(&name, &bytes).await?,
            None => missing.0.push(name),
        }
    }
    drop(attached);
    for file in spooled.attachments()? {
        match deps.files.find(&file.s3_key, DOCUMENT_BYTES_MAX).await? {
            Some(bytes) => archive.add(&file.name, &bytes).await?,
            None => missing.0.push(file.name),
        }
    }
    if let Some(logo) = &organization.brand.logo {
        let key = keys::logo_s3_key(organization.id, &logo.sha256);
        match deps.files.find(&key, DOCUMENT_BYTES_MAX).await? {
            Some(png) => archive.add("logo.png", &png).await?,
            None => missing.0.push("logo.png".into()),
        }
    }
    for list in spooled.lists() {
        list.write(&mut archive).await?;
    }
    archive.add("README.txt", readme(&organization, now, &spooled, &missing).as_bytes()).await?;
    let bytes = archive.finish().await?;
    finish(deps, scope, &organization, id, bytes).await
}

/// A document under its number, and its bytes where they are there.
async fn fetch(deps: &Deps, file: Result<DocumentFile>) -> Result<(String, Option<Vec<u8>>)> {
    let DocumentFile { owner, file } = file?;
    let folder = match owner {
        Owner::Quote(_) => "devis",
        Owner::Invoice(_) => "factures",
        Owner::CreditNote(_) => "avoirs",
        Owner::SelfBilled(_) => "autofacturation",
        Owner::Letter(_) => "courriers",
        Owner::User(_) | Owner::Invitation(_) => "autres",
    };
    // A number may have a slash, which is no folder.
    let name = format!("documents/{folder}/{}", file.file_name.replace('/', "-"));
    Ok((name, deps.files.find(&file.s3_key, DOCUMENT_BYTES_MAX).await?))
}

async fn fetch_attached(deps: &Deps, file: Result<(String, String)>) -> Result<(String, Option<Vec<u8>>)> {
    let (name, s3_key) = file?;
    let bytes = deps.files.find(&s3_key, DOCUMENT_BYTES_MAX).await?;
    Ok((name, bytes))
}

/// None where there is nothing to do.
async fn start(scope: &Scope, id: ExportId) -> Result<Option<Export>> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("start_export", id);
            let read = scope.get::<Exports>(&scope.keys().exports()).await?.ok_or(Error::NotFound)?;
            match read.prepared(id, scope.now()) {
                Some(prepared) => {
                    transaction.update(&read, &prepared);
                    Ok((transaction, prepared.find(id).cloned()))
                }
                None => Ok((transaction.nothing(), None)),
            }
        })
        .await
}

async fn finish(
    deps: &Deps,
    scope: &Scope,
    organization: &OrganizationReference,
    id: ExportId,
    bytes: u64,
) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("finish_export", id);
            let read = scope.get::<Exports>(&scope.keys().exports()).await?.ok_or(Error::NotFound)?;
            let Some(finished) = read.finished(id, bytes, scope.now()) else {
                return Ok((transaction.nothing(), ()));
            };
            let export = finished.find(id).ok_or(Error::NotFound)?;
            let (_, expires_at) = export.file(scope.now()).ok_or(Error::NotFound)?;
            let mail = letter(deps, scope, organization, export, expires_at)?;
            transaction
                .update(&read, &finished)
                .create(&mail)
                .emit(Event::MailRequested { owner: mail.owner, mail: mail.mail.id });
            Ok((transaction, ()))
        })
        .await
}

/// It leads to the page: who opens the file must be signed in.
fn letter(
    deps: &Deps,
    scope: &Scope,
    organization: &OrganizationReference,
    export: &Export,
    expires_at: Timestamp,
) -> Result<OwnedMail> {
    let by = &export.requested_by;
    let page = if by.platform {
        format!("{}/entreprises/{}", platform::pages::PATH, organization.id)
    } else {
        path_in(organization.id, PATH)
    };
    let until = text::french_date(expires_at.to_zoned(TimeZone::UTC).date());
    let name = &organization.name;
    let what = match export.without_staff {
        true => format!("L’export des données de {name}, sans les dossiers des salariés,"),
        false => format!("L’export complet des données de {name}"),
    };
    let letter = Letter::new(organization, format!("Votre export est prêt – {name}"), Some(&by.name))
        .paragraph(format!("{what} est prêt. Vous pouvez le télécharger jusqu’au {until}."))
        .button("Télécharger l’export", format!("{}{page}", deps.config.public_url))
        .note(
            "Ce fichier contient toutes les données de l’entreprise\u{a0}: conservez-le en lieu sûr. Si vous ne l’avez \
             pas demandé, prévenez un propriétaire de l’entreprise.",
        );
    let to = Mailbox { name: Some(by.name.clone()), address: by.email.clone() };
    Ok(OwnedMail { owner: Owner::User(by.user), mail: letter.mail(scope.new_id(MailId::new), to)? })
}
