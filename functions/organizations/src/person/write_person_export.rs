//! Writing what there is on one person. A message may come several times, and several times at once: each writes the whole
//! file anew under the same key, and the first to note that it is ready tells who asked.

use std::collections::BTreeMap;

use cloud::{Archive, Deps, archive::MEDIA_TYPE};
use jiff::tz::TimeZone;
use kernel::{
    Actor, Error, Result, Tenant,
    event::{Event, Owner, Person},
    export::Export,
    id::{ExportId, MailId, UserId},
    mail::Mailbox,
    reference::OrganizationReference,
    text,
};
use table::{
    Scope,
    exports::{Parts, PersonExports, Sought},
    keys,
    shared::OwnedMail,
};
use web::{Letter, path_in, person, team::UserOrganization};

use super::{
    gather::{Gather, List, MENTIONS, Theirs},
    readme::{Contents, Told, readme},
};
use crate::{export::DOCUMENT_BYTES_MAX, kinds, organization};

pub async fn write_person_export(deps: &Deps, scope: &Scope, of: Person, id: ExportId) -> Result<()> {
    let Some((sought, parts)) = start(scope, of, id).await? else { return Ok(()) };
    let organization = organization::read(scope).await?.value;
    if organization.deletion.is_some() {
        return Ok(());
    }
    let now = scope.now();
    let s3_key = keys::person_export_s3_key(organization.id, id);
    let to = deps.files.begin_parts(&s3_key, MEDIA_TYPE).await?;
    let mut archive = Archive::new(to, now.to_zoned(organization.zone()).datetime());
    let mut contents = Contents::default();

    for (file, json) in &sought.own {
        let name = format!("compte/{file}.json");
        archive.add(&name, json.as_bytes()).await?;
        contents.lists.push(Told { name, french: own_french(file).into() });
    }
    match of {
        // Wherever they are a member; nothing is asked of the organizations for it, for it is theirs.
        Person::User(user) => {
            for (place, line) in places(deps, user).await?.iter().enumerate() {
                let actor = Actor::System { name: "organizations".into() };
                let there = deps.table.scope(Tenant::proven(line.organization, actor));
                let folder = format!("entreprises/{}-{}/", place + 1, folder(&line.name));
                let (lists, files) = gather(&there, of, &sought, parts).await?;
                write(deps, &mut archive, &mut contents, &folder, lists, files).await?;
            }
        }
        _ => {
            let (lists, files) = gather(scope, of, &sought, parts).await?;
            write(deps, &mut archive, &mut contents, "", lists, files).await?;
        }
    }
    let portrait = match (of, sought.portrait) {
        (Person::Member(user) | Person::User(user), Some(portrait)) => Some(keys::portrait_s3_key(user, portrait)),
        _ => None,
    };
    if let Some(s3_key) = portrait {
        let theirs = Theirs { name: "portrait.png".into(), s3_key };
        write(deps, &mut archive, &mut contents, "", BTreeMap::new(), vec![theirs]).await?;
    }
    archive.add("LISEZMOI.txt", readme(of, &organization, now, &contents).as_bytes()).await?;
    let bytes = archive.finish().await?;
    if !finish(deps, scope, &organization, of, id, bytes).await? {
        // They were erased meanwhile.
        deps.files.delete(&s3_key).await?;
    }
    Ok(())
}

async fn gather(
    scope: &Scope,
    of: Person,
    sought: &Sought,
    parts: Parts,
) -> Result<(BTreeMap<&'static str, List>, Vec<Theirs>)> {
    let mut gather = Gather::new(scope.tenant().organization(), of, &sought.traces, parts);
    let mut walk = scope.walk();
    while let Some(part) = walk.next().await? {
        gather.take(&part)?;
    }
    Ok(gather.finish())
}

/// The organizations of a user, by their own list.
async fn places(deps: &Deps, user: UserId) -> Result<Vec<UserOrganization>> {
    let lines = deps.table.collection(&keys::memberships_of_user(user)).await?.all::<UserOrganization>()?;
    Ok(lines.into_iter().map(|line| line.value).collect())
}

/// A name that any file system takes.
fn folder(name: &str) -> String {
    let name: String =
        text::sorted(name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    name.trim_matches('-').to_owned()
}

async fn write(
    deps: &Deps,
    archive: &mut Archive,
    contents: &mut Contents,
    folder: &str,
    lists: BTreeMap<&'static str, List>,
    files: Vec<Theirs>,
) -> Result<()> {
    for (file, mut list) in lists {
        let name = format!("{folder}donnees/{file}.json");
        archive.add(&name, list.finish()).await?;
        let what = french(file);
        let french = if list.count == 1 { what } else { format!("{what} ({})", list.count) };
        contents.lists.push(Told { name, french });
    }
    for Theirs { name, s3_key } in files {
        let name = format!("{folder}{name}");
        match deps.files.find(&s3_key, DOCUMENT_BYTES_MAX).await? {
            Some(bytes) => {
                archive.add(&name, &bytes).await?;
                let french = match name.rsplit_once('.') {
                    _ if name.contains("fichiers/") => "un fichier joint à la fiche, ou une de ses versions",
                    _ if name.contains("pieces-jointes/") => "un fichier joint à un document adressé à la personne",
                    Some((_, "pdf")) => "un document adressé à la personne, tel quel",
                    _ if name.contains("signatures/") => "la signature dessinée sous un devis",
                    _ => "le portrait du profil",
                };
                contents.files.push(Told { name, french: french.into() });
            }
            None => contents.missing.push(name),
        }
    }
    Ok(())
}

/// What a list of items has, to who reads it of themselves.
fn french(file: &str) -> String {
    let what = match file {
        MENTIONS => "les autres objets qui nomment la personne\u{a0}: leur identifiant et les champs qui la nomment",
        "clients" => "la fiche dans le CRM",
        "contacts" => "la fiche de contact",
        "liste-contacts" => "la ligne du contact sur la page de son entreprise",
        "liste-clients" | "liste-destinataires" => "la même fiche, telle que les listes et les documents la reprennent",
        "fichiers-crm" => "les fichiers joints à la fiche et leurs versions",
        "conservation" => "depuis quand la fiche n’a pas changé",
        "devis" => "les devis",
        "factures" => "les factures",
        "avoirs" => "les avoirs",
        "factures-recurrentes" => "les factures récurrentes",
        "documents-figes" => "le contenu de chaque document, tel qu’il a été émis",
        "fichiers" | "fichiers-signes" => "les fichiers PDF et leur empreinte SHA-256",
        "signatures" => "les signatures de devis en ligne, avec l’adresse et le navigateur",
        "courriels" => "les e-mails",
        "liens-clients" => "les liens vers les documents, sans leur secret",
        "paiements" | "encaissements" => "les paiements",
        "releves-bancaires" => "les lignes de relevé bancaire des paiements",
        "journal-activite" => "le journal d’activité\u{a0}: ce que la personne a fait et ce qu’il dit d’elle",
        "salaries" => "le dossier de salarié et les contrats, sans le numéro de sécurité sociale",
        "liste-comptes-salaries" => "le lien entre le compte et le dossier de salarié",
        "membres" => "la place dans l’équipe et le rôle",
        "jetons-api" => "les jetons d’API, sans leur secret",
        "roles-attribues" => "le rôle personnalisé",
        "invitations" | "invitations-en-attente" => "les invitations reçues",
        other => kinds::KINDS.iter().find(|kind| kind.file == other).map_or(other, |kind| kind.french),
    };
    what.to_owned()
}

fn own_french(file: &str) -> &'static str {
    match file {
        "compte" => "le compte, et ce qui le protège",
        "sessions" => "les sessions\u{a0}: quand, d’où, avec quel navigateur",
        "cles-acces" => "les clés d’accès, par leur nom",
        _ => "les entreprises dont la personne est membre",
    }
}

/// None where there is nothing to do.
async fn start(scope: &Scope, of: Person, id: ExportId) -> Result<Option<(Sought, Parts)>> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("start_person_export", of);
            let read = scope.get::<PersonExports>(&scope.keys().person_exports(of)).await?;
            let Some((read, prepared)) = read.and_then(|read| read.prepared(id, scope.now()).map(|next| (read, next)))
            else {
                return Ok((transaction.nothing(), None));
            };
            let known = read.sought.clone().zip(read.find(id).map(|(_, parts)| parts));
            transaction.update(&read, &prepared);
            Ok((transaction, known))
        })
        .await
}

/// Whether the request is still there.
async fn finish(
    deps: &Deps,
    scope: &Scope,
    organization: &OrganizationReference,
    of: Person,
    id: ExportId,
    bytes: u64,
) -> Result<bool> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("finish_person_export", of);
            let Some(read) = scope.get::<PersonExports>(&scope.keys().person_exports(of)).await? else {
                return Ok((transaction.nothing(), false));
            };
            let Some(finished) = read.finished(id, bytes, scope.now()) else {
                return Ok((transaction.nothing(), read.find(id).is_some()));
            };
            let export = finished.exports.find(id).ok_or(Error::NotFound)?;
            let mail = letter(deps, scope, organization, of, export)?;
            transaction
                .update(&read, &finished)
                .create(&mail)
                .emit(Event::MailRequested { owner: mail.owner, mail: mail.mail.id });
            Ok((transaction, true))
        })
        .await
}

/// It leads to the page, and does not say whose data it is: who opens the file must be signed in.
fn letter(
    deps: &Deps,
    scope: &Scope,
    organization: &OrganizationReference,
    of: Person,
    export: &Export,
) -> Result<OwnedMail> {
    let by = &export.requested_by;
    let (_, until) = export.file(scope.now()).ok_or(Error::NotFound)?;
    let until = text::french_date(until.to_zoned(TimeZone::UTC).date());
    let name = &organization.name;
    let (whose, subject) = match of {
        Person::User(_) => ("de vos données personnelles", "Vos données personnelles sont prêtes".to_owned()),
        _ => ("des données d’une personne", format!("L’export de données personnelles est prêt – {name}")),
    };
    let letter = Letter::new(organization, subject, Some(&by.name))
        .paragraph(format!(
            "L’export {whose} que vous avez demandé est prêt. Vous pouvez le télécharger jusqu’au {until}."
        ))
        .button("Télécharger l’export", format!("{}{}", deps.config.public_url, path_in(organization.id, &person::path(of))))
        .note("Ce fichier contient des données personnelles\u{a0}: conservez-le en lieu sûr, ou remettez-le à qui il concerne.");
    let to = Mailbox { name: Some(by.name.clone()), address: by.email.clone() };
    Ok(OwnedMail { owner: Owner::User(by.user), mail: letter.mail(scope.new_id(MailId::new), to)? })
}
