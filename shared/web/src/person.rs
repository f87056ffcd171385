//! What there is on one person, as a file (RGPD art. 15 and 20): asking for it, its page, its file. A context says of whom,
//! and by what they are found; the worker of organizations writes it.

use std::future::Future;

use askama::Template;
use kernel::{
    Error, Permission, Result,
    event::{Event, Person},
    export::{Export, Exports},
    id::ExportId,
};
use table::{
    Key,
    exports::{Parts, PersonExports, Sought},
    keys, meter,
};

use crate::{
    Asker, PageResult, Shell,
    export::{Download, ExportRow, own_requester, reads_staff, rows},
    page,
};

/// What a context knows of somebody of whom all is wanted.
pub struct Known {
    pub sought: Sought,
    /// The record that it was read from, as it was then: of who is erased meanwhile, nothing is written.
    pub read: (Key, u64),
}

/// What whoever asks may see. Of oneself that is everything, and nothing of what an organization has on others.
fn parts(asker: &Asker, of: Person) -> Parts {
    match of {
        Person::User(_) => Parts { documents: false, log: true, private: false, hr: true },
        _ => Parts {
            documents: asker.may(Permission::InvoicingView),
            log: asker.may(Permission::SettingsView),
            private: asker.administers(),
            hr: reads_staff(asker),
        },
    }
}

/// `read` is asked beside the exports; it refuses who may not see the person. The worker writes the file, and who asks
/// gets a mail once it is ready.
pub async fn request_person_export<F, R>(asker: &Asker, of: Person, read: F) -> Result<Export>
where
    F: Fn() -> R + Send + Sync,
    R: Future<Output = Result<Known>> + Send,
{
    if asker.visit.is_some() {
        return Err(Error::Conflict(kernel::error::Conflict::Visiting));
    }
    let scope = &asker.scope;
    let key = scope.keys().person_exports(of);
    let id = scope.new_id(ExportId::new);
    scope
        .write(|| async {
            let (former, known) = meter::side_by_side(scope.get::<PersonExports>(&key), read()).await;
            let (former, Known { sought, read: (record, version) }) = (former?, known?);
            let current = former.as_ref().map_or_else(|| PersonExports::none(of), |former| former.value.clone());
            let requested = current.requested(id, own_requester(asker), parts(asker, of), sought, scope.now())?;
            let mut transaction = scope.begin("request_person_export", of);
            transaction
                .save(former.as_ref(), &requested)
                .check(&record, version)
                .emit(Event::PersonExportRequested { of, export: id });
            let export = requested.exports.find(id).cloned();
            Ok((transaction, export.ok_or_else(|| Error::internal("an export that is not there"))?))
        })
        .await
}

/// Those of the last days. Whether who asks may see the person, the context has asked before.
pub async fn list_person_exports(asker: &Asker, of: Person) -> Result<Exports> {
    let found = asker.scope.get::<PersonExports>(&asker.scope.keys().person_exports(of)).await?;
    Ok(found.map(|found| found.value.exports).unwrap_or_default())
}

/// As [`list_person_exports`]; who may not see all that is in it gets nothing of it.
pub async fn download_person_export(asker: &Asker, of: Person, id: ExportId) -> Result<Download> {
    let scope = &asker.scope;
    let found = scope.get::<PersonExports>(&scope.keys().person_exports(of)).await?.ok_or(Error::NotFound)?;
    let (export, needed) = found.find(id).ok_or(Error::NotFound)?;
    if !parts(asker, of).allow(needed) {
        return Err(Error::Forbidden);
    }
    let s3_key = keys::person_export_s3_key(scope.tenant().organization(), id);
    Download::of(&asker.deps().files, &s3_key, "donnees-personnelles", export, scope.now()).await
}

/// The page of a person's exports, within their organization.
pub fn path(of: Person) -> String {
    match of {
        Person::Contact(id) => format!("/crm/contacts/{id}/donnees"),
        Person::Client(id) => format!("/crm/entreprises/{id}/donnees"),
        Person::Member(id) => format!("/equipe/membres/{id}/donnees"),
        Person::User(_) => "/compte/donnees".into(),
    }
}

/// Where the page of exports stands, and what it says.
pub struct PersonPage<'a> {
    /// Of the navigation.
    pub section: &'static str,
    pub title: String,
    /// Whose data it is, in a sentence.
    pub about: &'static str,
    /// What is in the file, and what is not.
    pub contains: &'a [&'a str],
    pub back_href: String,
    pub back_label: String,
}

#[derive(Template)]
#[template(path = "person_exports.html")]
struct PersonExportsPage<'a> {
    shell: Shell,
    form_key: String,
    place: &'a PersonPage<'a>,
    /// Its own, to which the form is posted and below which the files are.
    path: String,
    exports: Vec<ExportRow>,
    is_under_way: bool,
    /// A visitor of the platform asks for nobody's data.
    can_request: bool,
}

pub fn show_person_exports(asker: &Asker, of: Person, exports: &Exports, place: &PersonPage<'_>) -> PageResult {
    page(&PersonExportsPage {
        shell: Shell::new(asker, place.section, place.title.clone()),
        form_key: asker.form_key(),
        is_under_way: exports.is_under_way(asker.scope.now()),
        exports: rows(asker, exports),
        can_request: asker.visit.is_none(),
        place,
        path: path(of),
    })
}

/// What is in the file of a contact or a client.
pub const CONTAINS: &[&str] = &[
    "sa fiche, et ce qui le nomme ailleurs dans le CRM\u{a0};",
    "les fichiers joints à sa fiche, y compris les fichiers privés si vous êtes administrateur\u{a0};",
    "les devis, factures et avoirs qui lui ont été adressés, en PDF et en données, avec leurs e-mails, leurs relances et ses signatures, si vous pouvez les consulter\u{a0};",
    "ce que le journal d’activité dit de cette personne, si vous pouvez le consulter.",
];

/// What a page says once the export is asked for.
pub const REQUESTED: &str = "L’export est demandé. Vous recevrez un e-mail dès qu’il sera prêt.";
