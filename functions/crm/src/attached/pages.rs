//! `/crm/panneaux/fichiers/{record}`: the box of a record's page in which its files stand; `/crm/fichiers`: one of them, with
//! its versions.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use kernel::{
    Error, Permission, Result,
    id::{AttachedId, UserId},
};
use serde::Deserialize;
use table::meter::side_by_side;
use web::{
    Asker, Colleagues, Failure, Form, Id, Ids, Json, PageResult, Shell,
    export::size,
    file::{FILE, OfVersion, VERSIONS_MAX},
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect,
    upload::{UploadInput, begin_on_page},
};

use super::{
    Attached, AttachedFile, Audience, FILES_MAX, FileChange, FileInput, VersionInput, delete_file::may_delete,
};
use crate::{company::pages::day, record::Record};

const PATH: &str = "/crm/fichiers";

#[derive(Template)]
#[template(path = "panel_files.html")]
struct FilesPanel {
    /// Below which the acts on files of this record are.
    base: String,
    files: Vec<FileRow>,
    /// Whether one more can be sent.
    can_add: bool,
    is_full: bool,
    max: usize,
    audiences: Vec<Choice>,
    accept: String,
    begin: String,
    /// What was just done.
    notice: &'static str,
    error: Option<String>,
}

struct FileRow {
    href: String,
    download: String,
    name: String,
    kind: &'static str,
    size: String,
    on: String,
    author: String,
    versions: usize,
    is_private: bool,
}

/// Who sees only their own records has no list of colleagues, and knows themselves.
fn author(asker: &Asker, colleagues: &Colleagues, user: UserId) -> String {
    if user == asker.user {
        return asker.name.clone();
    }
    let known = colleagues.assignee(Some(user)).filter(|_| asker.sees_all());
    known.map(|known| known.name).unwrap_or_default()
}

impl FilesPanel {
    /// `takes_files` is whether the record is one to which files are added.
    fn new(asker: &Asker, colleagues: &Colleagues, record: Record, takes_files: bool, files: &[AttachedFile]) -> Self {
        let base = format!("{PATH}/{record}");
        let rows = files.iter().filter_map(|file| {
            let last = file.last()?;
            Some(FileRow {
                href: format!("{base}/{}", file.id),
                download: format!("{base}/{}/versions/{}", file.id, file.versions.len()),
                name: file.current_name(),
                kind: last.kind.french(),
                size: size(last.bytes),
                on: day(asker, last.at),
                author: author(asker, colleagues, last.author),
                versions: file.versions.len(),
                is_private: file.audience == Audience::Author,
            })
        });
        let is_full = files.len() >= FILES_MAX;
        Self {
            files: rows.collect(),
            can_add: asker.may(Permission::CrmEdit) && takes_files && !is_full,
            is_full,
            max: FILES_MAX,
            audiences: audiences(Audience::default()),
            accept: FILE.accept(),
            begin: format!("{base}/televersement"),
            notice: "",
            error: None,
            base,
        }
    }
}

fn audiences(chosen: Audience) -> Vec<Choice> {
    choices(Audience::ALL.map(|audience| (audience.name(), audience.french())), chosen.name())
}

async fn panel(asker: &Asker, record: Record) -> Result<FilesPanel> {
    let (listed, colleagues) = side_by_side(super::list_files(asker, record), Colleagues::of(asker)).await;
    let (holder, files) = listed?;
    Ok(FilesPanel::new(asker, &colleagues?, record, holder.takes_files().is_ok(), &files))
}

pub async fn show_files(asker: Asker, Id(record): Id<Record>) -> PageResult {
    page(&panel(&asker, record).await?)
}

pub async fn begin_file_upload(
    asker: Asker,
    Id(_): Id<Record>,
    Json(input): Json<UploadInput>,
) -> Result<Response, Failure> {
    begin_on_page(&asker, &FILE, &input).await
}

/// What a person can mend, in words; any other error is the page's.
fn told(error: Error) -> Result<String> {
    let errors = FieldErrors::summary_of(error)?;
    Ok(errors.summary().unwrap_or_default().to_owned())
}

pub async fn attach_file(asker: Asker, Id(record): Id<Record>, form: Form<FileInput>) -> PageResult {
    const NOTICE: &str = "Le fichier est ajouté.";
    let attaching = Box::pin(super::attach_file(&asker, record, &form.input));
    let (attached, colleagues) = side_by_side(attaching, Colleagues::of(&asker)).await;
    match attached {
        Ok(_) if !asker.visitor.is_fragment => asker.done(&record.path(), NOTICE),
        Ok(Attached { file, beside: Some(beside) }) => {
            let files: Vec<_> = [file].into_iter().chain(beside).collect();
            page(&FilesPanel { notice: NOTICE, ..FilesPanel::new(&asker, &colleagues?, record, true, &files) })
        }
        Ok(_) => page(&FilesPanel { notice: NOTICE, ..panel(&asker, record).await? }),
        Err(error) if !asker.visitor.is_fragment => Err(Failure(error)),
        Err(error) => {
            let error = Some(told(error)?);
            let panel = FilesPanel { error, ..panel(&asker, record).await? };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &panel)
        }
    }
}

#[derive(Template)]
#[template(path = "attached_file.html")]
struct FilePage {
    shell: Shell,
    holder: String,
    holder_href: String,
    is_private: bool,
    added: String,
    form_key: String,
    versions: VersionsBox,
    can_edit: bool,
    /// Whether who may see it can be changed.
    can_share: bool,
    can_delete: bool,
    edit: String,
    delete: String,
    version: u64,
    /// Without the ending. Components have a `name` of their own.
    called: String,
    audiences: Vec<Choice>,
    errors: FieldErrors,
}

/// The versions of a file, the newest first, and where another one is sent.
struct VersionsBox {
    rows: Vec<VersionRow>,
    can_add: bool,
    is_full: bool,
    max: usize,
    accept: String,
    begin: String,
    done: String,
    notice: &'static str,
    error: Option<String>,
}

struct VersionRow {
    number: usize,
    href: String,
    name: String,
    size: String,
    on: String,
    author: String,
    sha256: String,
}

/// The box alone.
#[derive(Template)]
#[template(path = "attached_versions_fragment.html")]
struct VersionsFragment {
    versions: VersionsBox,
    /// What the form beside it is now filled in on; none where nothing was changed.
    version: Option<u64>,
}

impl VersionsBox {
    /// `takes_files` is whether the record is one to which files are added.
    fn new(asker: &Asker, colleagues: &Colleagues, takes_files: bool, file: &AttachedFile) -> Self {
        let base = format!("{PATH}/{}", file.record);
        let own = format!("{base}/{}/versions", file.id);
        let rows = file.versions.iter().zip(1..).map(|(version, number)| VersionRow {
            number,
            href: format!("{own}/{number}"),
            name: file.file_name(number),
            size: size(version.bytes),
            on: moment(asker, version.at),
            author: author(asker, colleagues, version.author),
            sha256: version.sha256.clone(),
        });
        let mut rows: Vec<_> = rows.collect();
        rows.reverse();
        let is_full = file.versions.len() >= VERSIONS_MAX;
        Self {
            rows,
            can_add: asker.may(Permission::CrmEdit) && takes_files && !is_full,
            is_full,
            max: VERSIONS_MAX,
            accept: FILE.accept(),
            begin: format!("{base}/televersement"),
            done: own,
            notice: "",
            error: None,
        }
    }
}

fn moment(asker: &Asker, at: jiff::Timestamp) -> String {
    let at = at.to_zoned(asker.organization.zone());
    format!("{} à {:02}:{:02}", asker.organization.date(at.date()), at.hour(), at.minute())
}

async fn file_page(asker: &Asker, record: Record, id: AttachedId) -> Result<FilePage> {
    let (read, colleagues) = side_by_side(super::show_file(asker, record, id), Colleagues::of(asker)).await;
    let ((holder, file), colleagues) = (read?, colleagues?);
    let base = format!("{PATH}/{record}/{id}");
    let by = author(asker, &colleagues, file.author);
    let on = day(asker, file.created_at);
    Ok(FilePage {
        shell: Shell::new(asker, "crm", file.current_name()),
        holder_href: record.path(),
        is_private: file.audience == Audience::Author,
        added: if by.is_empty() { format!("Ajouté le {on}") } else { format!("Ajouté le {on} par {by}") },
        form_key: asker.form_key(),
        can_edit: asker.may(Permission::CrmEdit),
        can_share: file.author == asker.user || asker.administers(),
        can_delete: asker.may(Permission::CrmEdit) && may_delete(asker, &file),
        edit: format!("{base}/modifier"),
        delete: format!("{base}/supprimer"),
        version: file.version,
        called: file.name.clone(),
        audiences: audiences(file.audience),
        errors: FieldErrors::default(),
        versions: VersionsBox::new(asker, &colleagues, holder.takes_files().is_ok(), &file),
        holder: holder.name,
    })
}

pub async fn show_file(asker: Asker, Ids((record, id)): Ids<Record, AttachedId>) -> PageResult {
    page(&file_page(&asker, record, id).await?)
}

pub async fn edit_file(asker: Asker, Ids((record, id)): Ids<Record, AttachedId>, form: Form<FileChange>) -> PageResult {
    match super::edit_file(&asker, record, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{record}/{id}"), "Le fichier est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let known = file_page(&asker, record, id).await?;
            let audiences = choices(Audience::ALL.map(|one| (one.name(), one.french())), &form.input.audience);
            let version = form.version.unwrap_or(known.version);
            let page = FilePage { errors, called: form.input.name, audiences, version, ..known };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn add_file_version(
    asker: Asker,
    Ids((record, id)): Ids<Record, AttachedId>,
    form: Form<VersionInput>,
) -> PageResult {
    let adding = Box::pin(super::add_file_version(&asker, record, id, &form.input, form.version));
    let (added, colleagues) = side_by_side(adding, Colleagues::of(&asker)).await;
    let is_fragment = asker.visitor.is_fragment;
    match added {
        Ok(_) if !is_fragment => asker.done(&format!("{PATH}/{record}/{id}"), "La nouvelle version est enregistrée."),
        Ok((file, version)) => {
            let versions = VersionsBox::new(&asker, &colleagues?, true, &file);
            let notice = "La nouvelle version est enregistrée.";
            page(&VersionsFragment { versions: VersionsBox { notice, ..versions }, version: Some(version) })
        }
        Err(error) if !is_fragment => Err(Failure(error)),
        Err(error) => {
            let error = Some(told(error)?);
            let versions = VersionsBox { error, ..file_page(&asker, record, id).await?.versions };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &VersionsFragment { versions, version: None })
        }
    }
}

/// Leads to the file.
pub async fn download_file(asker: Asker, OfVersion(record, file, number): OfVersion<Record, AttachedId>) -> PageResult {
    redirect(&super::download_file(&asker, record, file, number).await?.url)
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn delete_file(asker: Asker, Ids((record, id)): Ids<Record, AttachedId>, form: Form<Nothing>) -> PageResult {
    super::delete_file(&asker, record, id, form.version).await?;
    asker.done(&record.path(), "Le fichier est supprimé.")
}
