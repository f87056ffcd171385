//! `/rh/employes/{id}/courriers`: a letter is looked at, then made out; `/rh/courriers`: one's own letters.

use askama::Template;
use http::StatusCode;
use kernel::{Permission, id::EmployeeId, staff_letter::StaffLetter, text::french_date};
use table::Stored;
use web::{
    Asker, Form, Id, NestedForm, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{
    LetterInput, LetterTemplates, LetterTemplatesInput, WORDS,
    edit_letter_templates::shown_templates,
    make_letter::{Composed, Sources},
    model::LetterTemplateInput,
};
use crate::{
    employee::{Employee, pages::PATH as EMPLOYEES},
    paper::PaperKind,
};

pub const TEMPLATES_PATH: &str = "/rh/courriers";
/// How many empty templates a form offers.
const BLANK_ROWS: usize = 1;

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterPage {
    shell: Shell,
    holder: String,
    holder_href: String,
    base: String,
    /// Where its pages are drawn; the text alone is at `base`, for who has no script.
    pages_href: String,
    form_key: String,
    form: LetterInput,
    letters: Vec<Choice>,
    reads_salary: bool,
    shown: Option<Shown>,
    errors: FieldErrors,
}

/// The letter as it would be.
struct Shown {
    letter: StaffLetter,
    made_out: String,
}

impl Shown {
    fn of(letter: StaffLetter) -> Self {
        let on = french_date(letter.dated_on);
        let made_out = match letter.place.as_str() {
            "" => format!("Fait le {on}."),
            place => format!("Fait à {place}, le {on}."),
        };
        Self { letter, made_out }
    }
}

impl LetterPage {
    fn new(
        asker: &Asker,
        employee: &Stored<Employee>,
        templates: &LetterTemplates,
        form: LetterInput,
        shown: Option<StaffLetter>,
        errors: FieldErrors,
    ) -> Self {
        let known = [
            ("certificate".to_owned(), "Certificat de travail".to_owned()),
            ("attestation".to_owned(), "Attestation d’emploi".to_owned()),
            ("amendment".to_owned(), "Avenant au contrat de travail".to_owned()),
        ];
        let own = templates.templates.iter().map(|one| (one.id.to_string(), one.name.clone()));
        Self {
            shell: Shell::new(asker, "hr", "Établir un courrier"),
            holder: employee.name(),
            holder_href: format!("{EMPLOYEES}/{}", employee.id),
            base: format!("{EMPLOYEES}/{}/courriers", employee.id),
            pages_href: format!("{TEMPLATES_PATH}/apercu/{}", employee.id),
            form_key: asker.form_key(),
            letters: choices(known.into_iter().chain(own), &form.letter),
            reads_salary: asker.may(Permission::HrReadSecrets),
            shown: shown.map(Shown::of),
            form,
            errors,
        }
    }
}

pub async fn letter_form(asker: Asker, Id(id): Id<EmployeeId>) -> PageResult {
    let Sources { employee, templates, .. } = Sources::read(&asker, id).await?;
    // Who left is given a certificate, who is here mostly an attestation.
    let letter =
        if employee.employed_until().is_some_and(|last| last <= asker.today()) { "certificate" } else { "attestation" };
    let form = LetterInput { letter: letter.into(), signatory: asker.name.clone(), ..LetterInput::default() };
    page(&LetterPage::new(&asker, &employee, &templates, form, None, FieldErrors::default()))
}

pub async fn preview_letter(asker: Asker, Id(id): Id<EmployeeId>, form: Form<LetterInput>) -> PageResult {
    match super::compose_letter(&asker, id, &form.input).await {
        Ok(Composed { employee, templates, made }) => {
            let errors = FieldErrors::default();
            page(&LetterPage::new(&asker, &employee, &templates, form.input, Some(made.letter), errors))
        }
        Err(error) => refused(&asker, id, form.input, error).await,
    }
}

pub async fn make_letter(asker: Asker, Id(id): Id<EmployeeId>, form: Form<LetterInput>) -> PageResult {
    match super::make_letter(&asker, id, &form.input).await {
        Ok(paper) => {
            let hidden = paper.is_confidential && !asker.may(Permission::HrReadSecrets);
            let own = format!("{EMPLOYEES}/{id}/documents/{}", paper.id);
            let to = if hidden { format!("{EMPLOYEES}/{id}") } else { own };
            asker.done(&to, "Le courrier est établi\u{a0}: son PDF arrive dans un instant.")
        }
        Err(error) => refused(&asker, id, form.input, error).await,
    }
}

async fn refused(asker: &Asker, id: EmployeeId, form: LetterInput, error: kernel::Error) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let Sources { employee, templates, .. } = Sources::read(asker, id).await?;
    let shown = LetterPage::new(asker, &employee, &templates, form, None, errors);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

#[derive(Template)]
#[template(path = "letter_templates.html")]
struct TemplatesPage {
    shell: Shell,
    form_key: String,
    version: Option<u64>,
    rows: Vec<TemplateRow>,
    words: &'static [(&'static str, &'static str)],
    errors: FieldErrors,
}

struct TemplateRow {
    at: usize,
    id: String,
    is_new: bool,
    called: String,
    kinds: Vec<Choice>,
    words: String,
}

impl TemplateRow {
    fn named(&self, field: &str) -> String {
        format!("templates.{}.{field}", self.at)
    }

    fn error(&self, errors: &FieldErrors, field: &str) -> Option<String> {
        errors.get(&format!("/templates/{}/{field}", self.at))
    }
}

impl TemplatesPage {
    fn new(asker: &Asker, mut form: LetterTemplatesInput, version: Option<u64>, errors: FieldErrors) -> Self {
        form.templates.extend(vec![LetterTemplateInput::default(); BLANK_ROWS]);
        let row = |(at, one): (usize, LetterTemplateInput)| TemplateRow {
            at,
            is_new: one.id.is_empty(),
            id: one.id,
            called: one.name,
            kinds: choices(
                PaperKind::ALL.map(|kind| (kind.name(), kind.french())),
                if one.kind.is_empty() { PaperKind::default().name() } else { &one.kind },
            ),
            words: one.words,
        };
        Self {
            shell: Shell::new(asker, "hr", "Modèles de courriers"),
            form_key: asker.form_key(),
            version,
            rows: form.templates.into_iter().enumerate().map(row).collect(),
            words: WORDS,
            errors,
        }
    }
}

pub async fn letter_templates_form(asker: Asker) -> PageResult {
    let shown = shown_templates(&asker).await?;
    let form = LetterTemplatesInput::of(&shown);
    page(&TemplatesPage::new(&asker, form, Some(shown.version), FieldErrors::default()))
}

pub async fn edit_letter_templates(asker: Asker, form: NestedForm<LetterTemplatesInput>) -> PageResult {
    match super::edit_letter_templates(&asker, &form.input, form.version).await {
        Ok(_) => asker.done(TEMPLATES_PATH, "Les modèles sont enregistrés."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let shown = TemplatesPage::new(&asker, form.input, form.version, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}
