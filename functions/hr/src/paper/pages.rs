//! `/rh/panneaux/documents/{id}`: the box of an employee's page in which their documents stand; one of them with its versions;
//! `/rh/documents`: those that end soon; `/rh/mes-documents`: one's own.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Permission, Result,
    id::{EmployeeId, PaperId},
};
use table::{Stored, meter::side_by_side};
use web::{
    Asker, Colleagues, Failure, Form, Id, Ids, Json, PageResult, Pagination, Shell,
    export::size,
    file::{FILE, OfVersion, VERSIONS_MAX, VersionNumber},
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect,
    upload::{UploadInput, begin_on_page},
};

use super::{Filed, PAPERS_MAX, PaperChange, PaperInput, PaperKind, PaperVersionInput, delete_paper::may_delete};
use crate::{
    Nothing,
    employee::{Employee, pages::PATH as EMPLOYEES},
};

pub const OWN_PATH: &str = "/rh/mes-documents";
pub const EXPIRING_PATH: &str = "/rh/documents";

#[derive(Template)]
#[template(path = "panel_papers.html")]
struct PapersPanel {
    /// Below which the acts on documents of this employee are.
    base: String,
    papers: Vec<PaperRow>,
    can_add: bool,
    is_full: bool,
    max: usize,
    kinds: Vec<Choice>,
    letters_href: String,
    accept: String,
    begin: String,
    /// What was just done.
    notice: &'static str,
    error: Option<String>,
}

struct PaperRow {
    href: String,
    download: String,
    title: String,
    kind: &'static str,
    /// What of it there is: `PDF, 120 Ko`.
    what: String,
    on: String,
    ends: Option<Ends>,
    is_confidential: bool,
    is_shared: bool,
}

/// When a document ends, and how pressing that is.
struct Ends {
    on: String,
    badge: &'static str,
    is_over: bool,
}

impl Ends {
    fn of(asker: &Asker, until: Option<Date>) -> Option<Self> {
        let (until, today) = (until?, asker.today());
        let days = (until - today).get_days();
        let badge = match days {
            ..=7 => "danger",
            8..=60 => "warning",
            _ => "neutral",
        };
        Some(Self { on: asker.organization.date(until), badge, is_over: until < today })
    }

    fn words(&self) -> String {
        if self.is_over { format!("Périmé depuis le {}", self.on) } else { format!("Jusqu’au {}", self.on) }
    }
}

fn day(asker: &Asker, at: Timestamp) -> String {
    asker.organization.date(asker.organization.day(at))
}

impl PaperRow {
    /// `base` is where the document stands; none of it is downloaded while a letter is being rendered.
    fn of(asker: &Asker, filed: &Filed, base: String) -> Self {
        let paper = &filed.paper;
        let (what, download) = match (paper.last(), &filed.file) {
            (Some(last), _) => (
                format!("{}, {}", last.kind.french(), size(last.bytes)),
                format!("{base}/versions/{}", paper.versions.len()),
            ),
            (None, Some(file)) => (format!("PDF, {}", size(file.bytes)), format!("{base}/versions/0")),
            (None, None) => ("En préparation".into(), String::new()),
        };
        Self {
            href: base,
            download,
            title: paper.title.clone(),
            kind: paper.kind.french(),
            what,
            on: day(asker, paper.created_at),
            ends: Ends::of(asker, paper.valid_until),
            is_confidential: paper.is_confidential,
            is_shared: paper.is_shared,
        }
    }
}

fn base_of(employee: EmployeeId) -> String {
    format!("{EMPLOYEES}/{employee}/documents")
}

fn kinds(chosen: &str) -> Vec<Choice> {
    choices(PaperKind::ALL.map(|kind| (kind.name(), kind.french())), chosen)
}

async fn panel(asker: &Asker, id: EmployeeId) -> Result<PapersPanel> {
    let (_, filed) = super::list_papers(asker, id).await?;
    let base = base_of(id);
    let is_full = filed.len() >= PAPERS_MAX;
    Ok(PapersPanel {
        papers: filed.iter().map(|one| PaperRow::of(asker, one, format!("{base}/{}", one.paper.id))).collect(),
        can_add: asker.may(Permission::HrEdit) && !is_full,
        is_full,
        max: PAPERS_MAX,
        kinds: kinds(PaperKind::default().name()),
        letters_href: format!("{EMPLOYEES}/{id}/courriers"),
        accept: FILE.accept(),
        begin: format!("{base}/televersement"),
        notice: "",
        error: None,
        base,
    })
}

pub async fn show_papers(asker: Asker, Id(id): Id<EmployeeId>) -> PageResult {
    page(&panel(&asker, id).await?)
}

pub async fn begin_paper_upload(
    asker: Asker,
    Id(_): Id<EmployeeId>,
    Json(input): Json<UploadInput>,
) -> Result<Response, Failure> {
    begin_on_page(&asker, &FILE, &input).await
}

/// What a person can mend, in words; any other error is the page's.
fn told(error: Error) -> Result<String> {
    let errors = FieldErrors::summary_of(error)?;
    Ok(errors.summary().unwrap_or_default().to_owned())
}

pub async fn attach_paper(asker: Asker, Id(id): Id<EmployeeId>, form: Form<PaperInput>) -> PageResult {
    const NOTICE: &str = "Le document est ajouté.";
    match super::attach_paper(&asker, id, &form.input).await {
        Ok(_) if !asker.visitor.is_fragment => asker.done(&format!("{EMPLOYEES}/{id}"), NOTICE),
        Ok(_) => page(&PapersPanel { notice: NOTICE, ..panel(&asker, id).await? }),
        Err(error) if !asker.visitor.is_fragment => Err(Failure(error)),
        Err(error) => {
            let error = Some(told(error)?);
            let panel = PapersPanel { error, ..panel(&asker, id).await? };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &panel)
        }
    }
}

#[derive(Template)]
#[template(path = "paper.html")]
struct PaperPage {
    shell: Shell,
    holder: String,
    holder_href: String,
    added: String,
    is_confidential: bool,
    is_shared: bool,
    ends: Option<Ends>,
    form_key: String,
    versions: VersionsBox,
    can_edit: bool,
    can_delete: bool,
    base: String,
    version: u64,
    form: PaperChange,
    kinds: Vec<Choice>,
    errors: FieldErrors,
}

/// The versions of a document, the newest first, and where another one is sent.
struct VersionsBox {
    rows: Vec<VersionRow>,
    /// What was made out here.
    letter: Option<VersionRow>,
    /// Whether it is being rendered.
    is_rendering: bool,
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
#[template(path = "paper_versions_fragment.html")]
struct VersionsFragment {
    versions: VersionsBox,
    /// What the form beside it is now filled in on; none where nothing was changed.
    version: Option<u64>,
}

impl VersionsBox {
    fn new(asker: &Asker, colleagues: &Colleagues, filed: &Filed) -> Self {
        let (paper, base) = (&filed.paper, format!("{}/{}", base_of(filed.paper.employee), filed.paper.id));
        let author = |user| colleagues.assignee(Some(user)).map(|known| known.name).unwrap_or_default();
        let rows = paper.versions.iter().zip(1..).map(|(version, number)| VersionRow {
            number,
            href: format!("{base}/versions/{number}"),
            name: paper.file_name(number),
            size: size(version.bytes),
            on: day(asker, version.at),
            author: author(version.author),
            sha256: version.sha256.clone(),
        });
        let mut rows: Vec<_> = rows.collect();
        rows.reverse();
        let letter = filed.file.as_ref().map(|file| VersionRow {
            number: 0,
            href: format!("{base}/versions/0"),
            name: file.file_name.clone(),
            size: size(file.bytes),
            on: day(asker, file.rendered_at),
            author: author(paper.author),
            sha256: file.sha256.clone(),
        });
        let is_full = paper.versions.len() >= VERSIONS_MAX;
        Self {
            rows,
            is_rendering: paper.is_letter && letter.is_none(),
            letter,
            can_add: asker.may(Permission::HrEdit) && !is_full,
            is_full,
            max: VERSIONS_MAX,
            accept: FILE.accept(),
            begin: format!("{}/televersement", base_of(paper.employee)),
            done: format!("{base}/versions"),
            notice: "",
            error: None,
        }
    }
}

async fn paper_page(asker: &Asker, employee: EmployeeId, id: PaperId) -> Result<PaperPage> {
    let (read, colleagues) = side_by_side(super::show_paper(asker, employee, id), Colleagues::of(asker)).await;
    let ((holder, filed), colleagues) = (read?, colleagues?);
    let paper = &filed.paper;
    let by = colleagues.assignee(Some(paper.author)).map(|known| format!(" par {}", known.name)).unwrap_or_default();
    Ok(PaperPage {
        shell: Shell::new(asker, "hr", paper.title.clone()),
        holder: holder.name(),
        holder_href: format!("{EMPLOYEES}/{employee}"),
        added: format!("{}, document ajouté le {}{by}", paper.kind.french(), day(asker, paper.created_at)),
        is_confidential: paper.is_confidential,
        is_shared: paper.is_shared,
        ends: Ends::of(asker, paper.valid_until),
        form_key: asker.form_key(),
        can_edit: asker.may(Permission::HrEdit),
        can_delete: asker.may(Permission::HrEdit) && may_delete(asker, paper),
        base: format!("{}/{id}", base_of(employee)),
        version: paper.version,
        form: PaperChange::of(paper),
        kinds: kinds(paper.kind.name()),
        errors: FieldErrors::default(),
        versions: VersionsBox::new(asker, &colleagues, &filed),
    })
}

pub async fn show_paper(asker: Asker, Ids((employee, id)): Ids<EmployeeId, PaperId>) -> PageResult {
    page(&paper_page(&asker, employee, id).await?)
}

pub async fn edit_paper(
    asker: Asker,
    Ids((employee, id)): Ids<EmployeeId, PaperId>,
    form: Form<PaperChange>,
) -> PageResult {
    // A box that is not checked sends nothing, and that means no.
    let mut input = form.input;
    if input.is_confidential.is_empty() {
        input.is_confidential = "false".into();
    }
    match super::edit_paper(&asker, employee, id, &input, form.version).await {
        Ok((paper, _)) => {
            let hidden = paper.is_confidential && !asker.may(Permission::HrReadSecrets);
            let to = if hidden { format!("{EMPLOYEES}/{employee}") } else { format!("{}/{id}", base_of(employee)) };
            asker.done(&to, "Le document est enregistré.")
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let known = paper_page(&asker, employee, id).await?;
            let (kinds, version) = (kinds(&input.kind), form.version.unwrap_or(known.version));
            let page = PaperPage { errors, form: input, kinds, version, ..known };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn add_paper_version(
    asker: Asker,
    Ids((employee, id)): Ids<EmployeeId, PaperId>,
    form: Form<PaperVersionInput>,
) -> PageResult {
    const NOTICE: &str = "La nouvelle version est enregistrée.";
    let added = super::add_paper_version(&asker, employee, id, &form.input, form.version).await;
    let is_fragment = asker.visitor.is_fragment;
    match added {
        Ok(_) if !is_fragment => asker.done(&format!("{}/{id}", base_of(employee)), NOTICE),
        Ok((_, version)) => {
            let versions = paper_page(&asker, employee, id).await?.versions;
            page(&VersionsFragment { versions: VersionsBox { notice: NOTICE, ..versions }, version: Some(version) })
        }
        Err(error) if !is_fragment => Err(Failure(error)),
        Err(error) => {
            let error = Some(told(error)?);
            let versions = VersionsBox { error, ..paper_page(&asker, employee, id).await?.versions };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &VersionsFragment { versions, version: None })
        }
    }
}

/// Leads to the file; `0` is the letter that was made out.
pub async fn download_paper(
    asker: Asker,
    OfVersion(employee, id, number): OfVersion<EmployeeId, PaperId>,
) -> PageResult {
    let download = match number {
        0 => super::download_letter(&asker, employee, id).await?,
        number => super::download_paper(&asker, employee, id, number).await?,
    };
    redirect(&download.url)
}

pub async fn delete_paper(
    asker: Asker,
    Ids((employee, id)): Ids<EmployeeId, PaperId>,
    form: Form<Nothing>,
) -> PageResult {
    super::delete_paper(&asker, employee, id, form.version).await?;
    asker.done(&format!("{EMPLOYEES}/{employee}"), "Le document est supprimé.")
}

#[derive(Template)]
#[template(path = "own_papers.html")]
struct OwnPapersPage {
    shell: Shell,
    papers: Vec<PaperRow>,
    has_file: bool,
}

pub async fn list_own_papers(asker: Asker) -> PageResult {
    let own = super::own_papers(&asker).await?;
    let (has_file, own) = (own.is_some(), own.unwrap_or_default());
    page(&OwnPapersPage {
        shell: Shell::new(&asker, "hr", "Mes documents"),
        papers: own.iter().map(|one| PaperRow::of(&asker, one, format!("{OWN_PATH}/{}", one.paper.id))).collect(),
        has_file,
    })
}

/// Leads to a file of one's own.
pub async fn download_own_paper(
    asker: Asker,
    Ids((id, VersionNumber(number))): Ids<PaperId, VersionNumber>,
) -> PageResult {
    redirect(&super::download_own_paper(&asker, id, number).await?.url)
}

#[derive(Template)]
#[template(path = "expiring_papers.html")]
struct ExpiringPage {
    shell: Shell,
    rows: Vec<ExpiringRow>,
    next: Option<String>,
    first: Option<String>,
}

struct ExpiringRow {
    href: String,
    title: String,
    kind: &'static str,
    employee: String,
    employee_href: String,
    ends: Option<Ends>,
}

pub async fn list_expiring_papers(asker: Asker, Pagination(request): Pagination) -> PageResult {
    let found = super::expiring_papers(&asker, &request).await?;
    let row = |(employee, paper): &(Stored<Employee>, Stored<super::Paper>)| ExpiringRow {
        href: format!("{}/{}", base_of(employee.id), paper.id),
        title: paper.title.clone(),
        kind: paper.kind.french(),
        employee: employee.name(),
        employee_href: format!("{EMPLOYEES}/{}", employee.id),
        ends: Ends::of(&asker, paper.valid_until),
    };
    page(&ExpiringPage {
        shell: Shell::new(&asker, "hr", "Documents à renouveler"),
        rows: found.items.iter().map(row).collect(),
        next: found.next_cursor.map(|cursor| format!("{EXPIRING_PATH}?cursor={cursor}")),
        first: request.cursor.is_some().then(|| EXPIRING_PATH.to_owned()),
    })
}
