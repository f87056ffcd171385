//! `/rh/employes`, `/rh/moi`, `/rh/organigramme`

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::RawQuery, response::IntoResponse};
use http::{StatusCode, header};
use jiff::civil::Date;
use kernel::{
    Error, Permission, Result, country,
    id::{EmployeeId, NotAnId, UserId},
    page::PageRequest,
    text,
};
use secrecy::ExposeSecret;
use table::{Order, Stored, meter::side_by_side};
use web::{
    Asker, Form, Id, Ids, Membership, NestedForm, PageResult, Shell,
    form::{Choice, FieldErrors, choices, countries},
    initials, page, page_with_status,
};

use super::{
    Contract, ContractInput, ContractKind, Employee, EmployeeInput, Gender, HiredInput, NirInput, Sight, State,
    api::EmployeeQuery, everybody, show_employee::may_read_notes,
};
use crate::{
    holiday::pages::asked,
    settings::{HrSettings, SETTINGS},
};

pub const PATH: &str = "/rh/employes";

/// The day on which a contract began, in an address.
#[derive(Debug, Clone, Copy)]
pub struct ContractDay(pub Date);

impl std::str::FromStr for ContractDay {
    type Err = NotAnId;

    fn from_str(text: &str) -> std::result::Result<Self, NotAnId> {
        text.parse().map(Self).map_err(|_| NotAnId)
    }
}

#[derive(Template)]
#[template(path = "employees.html")]
struct EmployeesPage {
    shell: Shell,
    q: String,
    has_left: bool,
    employees: Vec<EmployeeRow>,
    can_create: bool,
    can_export: bool,
    can_edit: bool,
    can_erase: bool,
}

struct EmployeeRow {
    id: EmployeeId,
    name: String,
    number: String,
    position: String,
    department: String,
    contract: String,
    hired_on: String,
    /// What colours it, and what it says, of who is not simply there.
    state: Option<(&'static str, String)>,
}

/// What a contract says, in words.
struct ContractRow {
    from: Date,
    since: String,
    kind: &'static str,
    position: String,
    department: String,
    site: String,
    hours: String,
    days: String,
    salary: String,
    ends_on: String,
    trial_ends_on: String,
    is_present: bool,
}

const DAYS: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];

impl ContractRow {
    fn of(asker: &Asker, settings: &HrSettings, contract: &Contract, with_salary: bool, is_present: bool) -> Self {
        let organization = &asker.organization;
        let day = |day: Option<Date>| day.map(|day| organization.date(day)).unwrap_or_default();
        let numbers = contract.week.numbers();
        let days = numbers.iter().filter_map(|number| DAYS.get(number.parse::<usize>().ok()?.checked_sub(1)?).copied());
        let salary = contract.salary_minor.filter(|_| with_salary);
        Self {
            from: contract.from,
            since: organization.date(contract.from),
            kind: contract.kind.french(),
            position: contract
                .position
                .and_then(|id| settings.position(id))
                .map(|one| one.name.clone())
                .unwrap_or_default(),
            department: contract
                .department
                .and_then(|id| settings.department(id))
                .map(|one| one.name.clone())
                .unwrap_or_default(),
            site: contract.site.and_then(|id| settings.site(id)).map(|one| one.name.clone()).unwrap_or_default(),
            hours: text::french_duration(contract.week_minutes.into()),
            days: days.collect::<Vec<_>>().join(", "),
            salary: salary.map(|salary| salary.french(organization.currency)).unwrap_or_default(),
            ends_on: day(contract.ends_on),
            trial_ends_on: day(contract.trial_ends_on),
            is_present,
        }
    }
}

pub async fn list_employees(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let query: EmployeeQuery = asked(query)?;
    let (prefix, has_left, today) = (text::sorted(&query.q), query.left == "true", asker.today());
    let listed = super::list_employees(&asker.scope, &prefix, has_left, today);
    let (found, settings) = side_by_side(listed, SETTINGS.shown(&asker.scope)).await;
    let (found, settings) = (found?, settings?);
    let row = |employee: &Stored<Employee>| {
        let contract = employee.contract_on(today).or(employee.contracts.first());
        let told = contract.map(|contract| ContractRow::of(&asker, &settings, contract, false, true));
        EmployeeRow {
            id: employee.id,
            name: employee.name(),
            number: employee.number.clone(),
            position: told.as_ref().map(|told| told.position.clone()).unwrap_or_default(),
            department: told.as_ref().map(|told| told.department.clone()).unwrap_or_default(),
            contract: told.map(|told| told.kind.to_owned()).unwrap_or_default(),
            hired_on: asker.organization.date(employee.hired_on),
            state: match standing(&asker, employee) {
                _ if has_left => None,
                (kind, told) if kind != "neutral" => Some((kind, told)),
                _ => None,
            },
        }
    };
    page(&EmployeesPage {
        shell: Shell::new(&asker, "hr", "Salariés"),
        q: query.q,
        has_left,
        employees: found.iter().map(row).collect(),
        can_create: asker.may(Permission::HrCreate),
        can_export: asker.may(Permission::HrExport),
        can_edit: asker.may(Permission::HrEdit),
        can_erase: asker.may(Permission::HrDelete),
    })
}

/// How somebody stands on a day, and what colours it: that they are to come, that a term has passed, that they left.
fn standing(asker: &Asker, employee: &Employee) -> (&'static str, String) {
    let today = asker.today();
    if employee.has_left(today) {
        ("neutral", "Parti".into())
    } else if employee.hired_on > today {
        ("info", format!("Arrivée le {}", asker.organization.date(employee.hired_on)))
    } else if employee.is_beyond_term(today) {
        ("danger", "Terme dépassé".into())
    } else {
        (if employee.state == State::Active { "neutral" } else { "warning" }, employee.state.french().into())
    }
}

#[derive(Template)]
#[template(path = "employee.html")]
struct EmployeePage {
    shell: Shell,
    id: EmployeeId,
    name: String,
    initials: String,
    state: (&'static str, String),
    is_own: bool,
    form_key: String,
    version: u64,
    file: Vec<(&'static str, String)>,
    email: String,
    contracts: Vec<ContractRow>,
    notes: String,
    manager: Option<(EmployeeId, String)>,
    can_edit: bool,
    can_read_secrets: bool,
    has_nir: bool,
    with_salary: bool,
    papers_href: String,
    interviews_href: String,
}

impl EmployeePage {
    fn of(asker: &Asker, sight: &Sight, manager: Option<&Stored<Employee>>, is_own: bool) -> Self {
        let Sight { employee, settings, with_salary } = sight;
        let (organization, today) = (&asker.organization, asker.today());
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let day = |day: Option<Date>| day.map(|day| organization.date(day)).unwrap_or_default();
        let present = employee.contract_on(today).map(|contract| contract.from);
        let address = employee.address.as_ref().map(|address| {
            let town = format!("{} {}", address.postal_code, address.city);
            let country = match address.country.as_str() {
                country::DEFAULT => "",
                code => country::french(code).unwrap_or(code),
            };
            let lines = [address.street.as_str(), address.complement.as_deref().unwrap_or_default(), &town, country];
            lines.into_iter().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
        });
        let file = vec![
            ("Matricule", employee.number.clone()),
            ("Téléphone", text(&employee.phone)),
            ("Mobile", text(&employee.mobile)),
            ("Adresse", address.unwrap_or_default()),
            ("Né(e) le", day(employee.born_on)),
            ("Sexe", employee.gender.map(|gender| gender.french().to_owned()).unwrap_or_default()),
            ("Nationalité", text(&employee.nationality)),
            ("Entrée", organization.date(employee.hired_on)),
            ("Sortie", day(employee.left_on)),
        ];
        let contracts = employee.contracts.iter().rev();
        Self {
            shell: Shell::new(asker, "hr", if is_own { "Mon dossier".to_owned() } else { employee.name() }),
            id: employee.id,
            name: employee.name(),
            initials: initials(&employee.name()),
            state: standing(asker, employee),
            is_own,
            form_key: asker.form_key(),
            version: employee.version,
            file: file.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            email: text(&employee.email),
            contracts: contracts
                .map(|one| ContractRow::of(asker, settings, one, *with_salary, Some(one.from) == present))
                .collect(),
            notes: if may_read_notes(asker, employee) { text(&employee.notes) } else { String::new() },
            manager: manager.map(|manager| (manager.id, manager.name())),
            can_edit: asker.may(Permission::HrEdit) && !is_own,
            can_read_secrets: asker.may(Permission::HrReadSecrets) && !is_own,
            has_nir: employee.nir.is_some(),
            with_salary: *with_salary,
            papers_href: format!("/rh/panneaux/documents/{}", employee.id),
            interviews_href: format!("/rh/panneaux/entretiens/{}", employee.id),
        }
    }
}

pub async fn show_employee(asker: Asker, Id(id): Id<EmployeeId>) -> PageResult {
    let (sight, all) = side_by_side(super::show_employee(&asker, id), everybody(&asker.scope)).await;
    let (sight, all) = (sight?, all?);
    let manager = sight.employee.manager.and_then(|manager| all.iter().find(|other| other.id == manager));
    page(&EmployeePage::of(&asker, &sight, manager, false))
}

#[derive(Template)]
#[template(path = "no_file.html")]
struct NoFilePage {
    shell: Shell,
}

/// The file of who asks.
pub async fn show_own_file(asker: Asker) -> PageResult {
    match super::own_file(&asker).await? {
        Some(sight) => page(&EmployeePage::of(&asker, &sight, None, true)),
        None => page(&NoFilePage { shell: Shell::new(&asker, "hr", "Mon dossier") }),
    }
}

#[derive(Template)]
#[template(path = "employee_form.html")]
struct EmployeeForm {
    shell: Shell,
    form_key: String,
    action: String,
    cancel_href: String,
    version: Option<u64>,
    form: EmployeeInput,
    errors: FieldErrors,
    genders: Vec<Choice>,
    states: Vec<Choice>,
    countries: Vec<Choice>,
    managers: Vec<Choice>,
    members: Vec<Choice>,
    /// Their first contract, which is asked for of somebody new.
    contract: ContractFields,
    is_new: bool,
    /// Those of one's own file stay as they are.
    with_notes: bool,
    /// What the names of the file's fields begin with: `employee.` of somebody new, else nothing.
    prefix: &'static str,
}

/// What may be chosen, and what is chosen now although nobody may choose it any more: saving a form clears nothing.
fn with_present(options: impl Iterator<Item = (String, String)>, present: &str, former: &str) -> Vec<Choice> {
    let mut options: Vec<_> = options.collect();
    if !present.is_empty() && options.iter().all(|(value, _)| value != present) {
        options.push((present.to_owned(), former.to_owned()));
    }
    choices(options, present)
}

/// The fields of a contract, in whichever form.
struct ContractFields {
    /// What their names begin with: `contract.`, or nothing.
    prefix: &'static str,
    /// What the pointers of their errors begin with: `/contract`, or nothing.
    pointer: &'static str,
    input: ContractInput,
    kinds: Vec<Choice>,
    week: Vec<DayBox>,
    positions: Vec<Choice>,
    departments: Vec<Choice>,
    sites: Vec<Choice>,
    symbol: &'static str,
    /// The first contract begins when somebody is hired.
    with_from: bool,
    with_salary: bool,
}

struct DayBox {
    number: String,
    name: &'static str,
    is_worked: bool,
}

impl ContractFields {
    fn of(asker: &Asker, settings: &HrSettings, input: ContractInput, is_first: bool) -> Self {
        let is_worked = |day: &str| match input.works_on.is_empty() {
            true => !matches!(day, "6" | "7"),
            false => input.works_on.iter().any(|chosen| chosen == day),
        };
        let week = ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"];
        let week = (1..).zip(week).map(|(number, name): (u8, _)| {
            let number = number.to_string();
            DayBox { is_worked: is_worked(&number), number, name }
        });
        Self {
            prefix: if is_first { "contract." } else { "" },
            pointer: if is_first { "/contract" } else { "" },
            kinds: choices(ContractKind::ALL.iter().map(|kind| (kind.name(), kind.french())), &input.kind),
            week: week.collect(),
            positions: with_present(
                settings.positions.iter().map(|one| (one.id.to_string(), one.name.clone())),
                &input.position_id,
                "Ancien poste",
            ),
            departments: with_present(
                settings.departments.iter().map(|one| (one.id.to_string(), one.name.clone())),
                &input.department_id,
                "Ancien service",
            ),
            sites: with_present(
                settings.sites.iter().map(|one| (one.id.to_string(), one.name.clone())),
                &input.site_id,
                "Ancien lieu de travail",
            ),
            symbol: asker.organization.currency.symbol(),
            with_from: !is_first,
            with_salary: asker.may(Permission::HrReadSecrets),
            input,
        }
    }

    fn name(&self, field: &str) -> String {
        format!("{}{field}", self.prefix)
    }

    fn error(&self, errors: &FieldErrors, field: &str) -> Option<String> {
        errors.get(&format!("{}/{field}", self.pointer))
    }
}

/// Whom a form offers as manager, and as the member who somebody is.
struct Offered {
    everybody: Vec<Stored<Employee>>,
    members: BTreeMap<UserId, String>,
    settings: HrSettings,
}

async fn offered(asker: &Asker) -> Result<Offered> {
    let scope = &asker.scope;
    let keys = scope.keys();
    let members = async {
        let page = PageRequest { limit: 100, cursor: None };
        scope.list::<Membership>(&keys.members(), &page, Order::Ascending).await
    };
    let (everybody, beside) = side_by_side(everybody(scope), side_by_side(members, SETTINGS.shown(scope))).await;
    let (members, settings) = (beside.0?, beside.1?);
    let members = members.items.into_iter().filter(|member| member.visit.is_none());
    Ok(Offered {
        everybody: everybody?,
        members: members.map(|member| (member.user, member.name.clone())).collect(),
        settings: settings.value,
    })
}

impl EmployeeForm {
    fn named(&self, field: &str) -> String {
        format!("{}{field}", self.prefix)
    }

    fn new(
        asker: &Asker,
        own: Option<(EmployeeId, Option<u64>)>,
        form: EmployeeInput,
        contract: Option<ContractInput>,
        offered: &Offered,
    ) -> Self {
        let id = own.map(|(id, _)| id);
        let (title, action, cancel_href) = match id {
            Some(id) => ("Modifier le dossier", format!("{PATH}/{id}/modifier"), format!("{PATH}/{id}")),
            None => ("Nouveau salarié", format!("{PATH}/nouveau"), PATH.to_owned()),
        };
        let today = asker.today();
        let others = offered.everybody.iter().filter(|other| Some(other.id) != id);
        let managers = others.filter_map(|other| match other.has_left(today) {
            false => Some((other.id.to_string(), other.name())),
            true if other.id.to_string() == form.manager_id => {
                Some((other.id.to_string(), format!("{} (parti)", other.name())))
            }
            true => None,
        });
        Self {
            shell: Shell::new(asker, "hr", title),
            form_key: asker.form_key(),
            action,
            cancel_href,
            version: own.and_then(|(_, version)| version),
            genders: choices(Gender::ALL.iter().map(|one| (one.name(), one.french())), &form.gender),
            states: choices(State::ALL.iter().map(|one| (one.name(), one.french())), &form.state),
            countries: countries(if form.country.is_empty() { country::DEFAULT } else { &form.country }),
            managers: choices(managers, &form.manager_id),
            members: with_present(
                offered.members.iter().map(|(id, name)| (id.to_string(), name.clone())),
                &form.user_id,
                "Ancien membre",
            ),
            form,
            errors: FieldErrors::default(),
            contract: ContractFields::of(asker, &offered.settings, contract.unwrap_or_default(), true),
            is_new: id.is_none(),
            with_notes: !offered.everybody.iter().any(|one| Some(one.id) == id && one.user == Some(asker.user)),
            prefix: if id.is_none() { "employee." } else { "" },
        }
    }
}

pub async fn new_employee(asker: Asker) -> PageResult {
    let offered = offered(&asker).await?;
    let contract = ContractInput { hours: "35".into(), ..ContractInput::default() };
    page(&EmployeeForm::new(&asker, None, EmployeeInput::default(), Some(contract), &offered))
}

pub async fn create_employee(asker: Asker, form: NestedForm<HiredInput>) -> PageResult {
    match super::create_employee(&asker, &form.input).await {
        Ok(employee) => asker.done(&format!("{PATH}/{}", employee.id), "Le dossier est créé."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?.under("/employee");
            let offered = offered(&asker).await?;
            let HiredInput { employee, contract } = form.input;
            let shown = EmployeeForm::new(&asker, None, employee, Some(contract), &offered);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &EmployeeForm { errors, ..shown })
        }
    }
}

pub async fn employee_form(asker: Asker, Id(id): Id<EmployeeId>) -> PageResult {
    let (sight, offered) = side_by_side(super::show_employee(&asker, id), offered(&asker)).await;
    let (sight, offered) = (sight?, offered?);
    let own = Some((id, Some(sight.employee.version)));
    page(&EmployeeForm::new(&asker, own, EmployeeInput::of(&sight.employee), None, &offered))
}

pub async fn edit_employee(asker: Asker, Id(id): Id<EmployeeId>, form: Form<EmployeeInput>) -> PageResult {
    match super::edit_employee(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Le dossier est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let own = Some((id, form.version));
            let shown = EmployeeForm::new(&asker, own, form.input, None, &offered(&asker).await?);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &EmployeeForm { errors, ..shown })
        }
    }
}

#[derive(Template)]
#[template(path = "contract_form.html")]
struct ContractForm {
    shell: Shell,
    form_key: String,
    action: String,
    cancel_href: String,
    name: String,
    version: Option<u64>,
    errors: FieldErrors,
    contract: ContractFields,
}

impl ContractForm {
    fn new(asker: &Asker, sight: &Sight, from: Option<Date>, input: ContractInput, version: Option<u64>) -> Self {
        let id = sight.employee.id;
        let title = if from.is_some() { "Corriger un contrat" } else { "Nouveau contrat ou avenant" };
        let place = from.map_or_else(|| "nouveau".to_owned(), |from| from.to_string());
        Self {
            shell: Shell::new(asker, "hr", title),
            form_key: asker.form_key(),
            action: format!("{PATH}/{id}/contrats/{place}"),
            cancel_href: format!("{PATH}/{id}"),
            name: sight.employee.name(),
            version,
            errors: FieldErrors::default(),
            contract: ContractFields::of(asker, &sight.settings, input, false),
        }
    }
}

pub async fn new_contract(asker: Asker, Id(id): Id<EmployeeId>) -> PageResult {
    let sight = super::show_employee(&asker, id).await?;
    let last = sight.employee.contracts.last();
    let input = last.map(|last| ContractInput::of(last, asker.organization.currency)).unwrap_or_default();
    let input = ContractInput { from: String::new(), trial_ends_on: String::new(), ..input };
    let version = Some(sight.employee.version);
    page(&ContractForm::new(&asker, &sight, None, input, version))
}

pub async fn add_contract(asker: Asker, Id(id): Id<EmployeeId>, form: Form<ContractInput>) -> PageResult {
    match super::add_contract(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Le contrat est ajouté."),
        Err(error) => refused(&asker, id, None, form, error).await,
    }
}

pub async fn contract_form(asker: Asker, Ids((id, ContractDay(from))): Ids<EmployeeId, ContractDay>) -> PageResult {
    let sight = super::show_employee(&asker, id).await?;
    let contract = sight.employee.contracts.iter().find(|contract| contract.from == from).ok_or(Error::NotFound)?;
    let input = ContractInput::of(contract, asker.organization.currency);
    page(&ContractForm::new(&asker, &sight, Some(from), input, Some(sight.employee.version)))
}

pub async fn edit_contract(
    asker: Asker,
    Ids((id, ContractDay(from))): Ids<EmployeeId, ContractDay>,
    form: Form<ContractInput>,
) -> PageResult {
    match super::edit_contract(&asker, id, from, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Le contrat est corrigé."),
        Err(error) => refused(&asker, id, Some(from), form, error).await,
    }
}

async fn refused(
    asker: &Asker,
    id: EmployeeId,
    from: Option<Date>,
    form: Form<ContractInput>,
    error: Error,
) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let sight = super::show_employee(asker, id).await?;
    let shown = ContractForm::new(asker, &sight, from, form.input, form.version);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ContractForm { errors, ..shown })
}

pub async fn remove_contract(
    asker: Asker,
    Ids((id, ContractDay(from))): Ids<EmployeeId, ContractDay>,
    form: Form<crate::Nothing>,
) -> PageResult {
    super::remove_contract(&asker, id, from, form.version).await?;
    asker.done(&format!("{PATH}/{id}"), "Le contrat est retiré de l’historique.")
}

#[derive(Template)]
#[template(path = "nir.html")]
struct NirPage {
    shell: Shell,
    form_key: String,
    name: String,
    version: Option<u64>,
    nir: String,
    errors: FieldErrors,
    back_href: String,
}

pub async fn show_nir(asker: Asker, Id(id): Id<EmployeeId>) -> PageResult {
    let (sight, nir) = side_by_side(super::show_employee(&asker, id), super::read_nir(&asker, id)).await;
    let (sight, nir) = (sight?, nir?);
    page(&NirPage {
        shell: Shell::new(&asker, "hr", "Numéro de sécurité sociale"),
        form_key: asker.form_key(),
        name: sight.employee.name(),
        version: Some(sight.employee.version),
        nir: nir.map(|nir| nir.expose_secret().to_owned()).unwrap_or_default(),
        errors: FieldErrors::default(),
        back_href: format!("{PATH}/{id}"),
    })
}

pub async fn set_nir(asker: Asker, Id(id): Id<EmployeeId>, form: Form<NirInput>) -> PageResult {
    match super::set_nir(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Le numéro est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let sight = super::show_employee(&asker, id).await?;
            page_with_status(
                StatusCode::UNPROCESSABLE_ENTITY,
                &NirPage {
                    shell: Shell::new(&asker, "hr", "Numéro de sécurité sociale"),
                    form_key: asker.form_key(),
                    name: sight.employee.name(),
                    version: form.version,
                    nir: form.input.nir,
                    errors,
                    back_href: format!("{PATH}/{id}"),
                },
            )
        }
    }
}

#[derive(Template)]
#[template(path = "org_chart.html")]
struct OrgChartPage {
    shell: Shell,
    nodes: Vec<Node>,
}

/// Somebody, and how deep they stand below who is above everybody.
struct Node {
    id: EmployeeId,
    name: String,
    position: String,
    /// The day of who is to come.
    arrives_on: Option<String>,
    depth: usize,
    below: usize,
}

pub async fn show_org_chart(asker: Asker) -> PageResult {
    let (all, settings) = side_by_side(everybody(&asker.scope), SETTINGS.shown(&asker.scope)).await;
    let (all, settings, today) = (all?, settings?, asker.today());
    let here: Vec<&Stored<Employee>> = all.iter().filter(|employee| !employee.has_left(today)).collect();
    let ids: Vec<EmployeeId> = here.iter().map(|employee| employee.id).collect();
    // Who is below nobody who works here stands at the top.
    let manager = |employee: &Employee| employee.manager.filter(|manager| ids.contains(manager));
    let mut nodes = Vec::new();
    let mut waiting: Vec<(usize, &Stored<Employee>)> =
        here.iter().rev().filter(|one| manager(one).is_none()).map(|one| (0, *one)).collect();
    while let Some((depth, employee)) = waiting.pop() {
        let below: Vec<_> = here.iter().rev().filter(|one| manager(one) == Some(employee.id)).collect();
        let contract = employee.contract_on(today).or_else(|| employee.contracts.first());
        let position = contract.and_then(|contract| settings.position(contract.position?));
        nodes.push(Node {
            id: employee.id,
            name: employee.name(),
            position: position.map(|position| position.name.clone()).unwrap_or_default(),
            arrives_on: (employee.hired_on > today).then(|| asker.organization.date(employee.hired_on)),
            depth,
            below: below.len(),
        });
        waiting.extend(below.into_iter().map(|one| (depth + 1, *one)));
    }
    page(&OrgChartPage { shell: Shell::new(&asker, "hr", "Organigramme"), nodes })
}

pub async fn export_register(asker: Asker) -> PageResult {
    Ok(csv(&asker, super::export_register(&asker).await?).into_response())
}

/// The register as a download.
pub fn csv(asker: &Asker, file: Vec<u8>) -> impl IntoResponse + use<> {
    let disposition = format!("attachment; filename=\"registre-du-personnel-{}.csv\"", asker.today());
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, file)
}
