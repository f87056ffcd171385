//! What a letter to an employee says, of what is known of them on a day. Pure.

use jiff::{ToSpan, civil::Date};
use kernel::{
    Currency, Error, Result, Rule, Violations,
    document::{Address, Seller},
    error::Conflict,
    id::LetterTemplateId,
    legal,
    reference::OrganizationReference,
    staff_letter::StaffLetter,
    text::{self, french_date},
};
use serde::{Deserialize, Serialize};

use crate::{
    elision::{de, is_elided, que},
    employee::{Contract, ContractKind, Employee, Gender, State},
    leave::model::flag,
    paper::PaperKind,
    settings::HrSettings,
};

const TEMPLATES_MAX: usize = 30;
const NAME_MAX: usize = 80;
const WORDS_MAX: usize = 6_000;
const SIGNATORY_MAX: usize = 120;
const PLACE_MAX: usize = 80;
const ADDITION_MAX: usize = 2_000;

/// What may stand in braces in the words of one's own letters, and what it stands for.
pub const WORDS: &[(&str, &str)] = &[
    ("prenom", "le prénom"),
    ("nom", "le nom"),
    ("matricule", "le matricule"),
    ("naissance", "la date de naissance"),
    ("adresse", "l’adresse"),
    ("entree", "la date d’entrée"),
    ("sortie", "la date de sortie"),
    ("contrat", "le type de contrat"),
    ("poste", "le poste"),
    ("service", "le service"),
    ("lieu", "le lieu de travail"),
    ("duree", "la durée de travail par semaine"),
    ("salaire", "le salaire brut annuel"),
    ("date", "la date du courrier"),
    ("entreprise", "le nom de l’entreprise"),
];

/// The words of the organization's own letters. One item: a page reads it beside its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LetterTemplates {
    pub templates: Vec<LetterTemplate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LetterTemplate {
    pub id: LetterTemplateId,
    pub name: String,
    /// What document of the file it becomes.
    pub kind: PaperKind,
    /// With [`WORDS`] in braces; an empty line begins a paragraph.
    pub words: String,
}

/// All of them as they are typed: the same for the form and the API. What has an id is changed, what has none is new, what is not
/// named is gone; a row without a name is none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LetterTemplatesInput {
    /// At most 30.
    pub templates: Vec<LetterTemplateInput>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LetterTemplateInput {
    /// `lte_…`; empty for a new one.
    pub id: String,
    pub name: String,
    /// As of a document; `other` where empty.
    pub kind: String,
    /// `{prenom}`, `{nom}`, `{matricule}`, `{naissance}`, `{adresse}`, `{entree}`, `{sortie}`, `{contrat}`, `{poste}`,
    /// `{service}`, `{lieu}`, `{duree}`, `{salaire}`, `{date}` and `{entreprise}` stand for what is known on the day.
    pub words: String,
}

impl LetterTemplatesInput {
    pub fn of(templates: &LetterTemplates) -> Self {
        let row = |one: &LetterTemplate| LetterTemplateInput {
            id: one.id.to_string(),
            name: one.name.clone(),
            kind: one.kind.name().into(),
            words: one.words.clone(),
        };
        Self { templates: templates.templates.iter().map(row).collect() }
    }

    pub fn parse(
        &self,
        current: &LetterTemplates,
        mut new_id: impl FnMut() -> LetterTemplateId,
    ) -> Result<LetterTemplates, Violations> {
        let mut wrong = Violations::default();
        let mut templates: Vec<LetterTemplate> = Vec::new();
        for (at, row) in self.templates.iter().enumerate().filter(|(_, row)| !row.name.trim().is_empty()) {
            let at = |field: &str| format!("/templates/{at}/{field}");
            let id = match row.id.trim() {
                "" => Some(None),
                typed => {
                    let known = typed.parse().ok().filter(|id| current.template(*id).is_some());
                    wrong.take(at("id"), known.ok_or(Rule::NotFound)).map(Some)
                }
            };
            let name = wrong.take(at("name"), legal::required(&row.name, NAME_MAX));
            let kind = wrong.take(at("kind"), PaperKind::named(&row.kind));
            let words = wrong.take(at("words"), words(&row.words));
            let (Some(id), Some(name), Some(kind), Some(words)) = (id, name, kind, words) else { continue };
            if templates.iter().any(|other| text::folded(&other.name) == text::folded(&name)) {
                wrong.add(at("name"), Rule::Repeated);
            }
            if id.is_some_and(|id| templates.iter().any(|other| other.id == id)) {
                wrong.add(at("id"), Rule::Repeated);
            }
            templates.push(LetterTemplate { id: id.unwrap_or_else(&mut new_id), name, kind, words });
        }
        if templates.len() > TEMPLATES_MAX {
            wrong.add("/templates", Rule::TooMany { max: TEMPLATES_MAX });
        }
        if wrong.is_empty() { Ok(LetterTemplates { templates }) } else { Err(wrong) }
    }
}

fn words(typed: &str) -> Result<String, Rule> {
    let words = legal::required(typed, WORDS_MAX)?;
    let is_known = |name: &str| WORDS.iter().any(|(word, _)| *word == name);
    match text::filled(&words, |name| is_known(name).then(String::new)) {
        Some(_) => Ok(words),
        None => Err(Rule::UnknownWord),
    }
}

impl LetterTemplates {
    pub fn template(&self, id: LetterTemplateId) -> Option<&LetterTemplate> {
        self.templates.iter().find(|one| one.id == id)
    }
}

/// Which letter.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Certificat de travail (C. trav. L1234-19).
    Certificate,
    /// Attestation d’emploi.
    Attestation,
    /// Avenant.
    Amendment,
    /// What leave somebody has who is back from illness (C. trav. L3141-19-3).
    LeaveInformation(LeaveInformation),
    Own(LetterTemplate),
}

#[derive(Debug, Clone, PartialEq)]
pub struct LeaveInformation {
    pub returned_on: Date,
    /// Days, the years that they are of, and until when they are taken.
    pub rows: Vec<(String, String, Date)>,
    /// Whether some of it is carried over for 15 months (L3141-19-1).
    pub is_carried: bool,
}

impl What {
    pub fn title(&self) -> &str {
        match self {
            Self::Certificate => "Certificat de travail",
            Self::Attestation => "Attestation d’emploi",
            Self::Amendment => "Avenant au contrat de travail",
            Self::LeaveInformation(_) => "Information sur vos congés payés",
            Self::Own(template) => &template.name,
        }
    }

    pub const fn paper(&self) -> PaperKind {
        match self {
            Self::Certificate => PaperKind::Certificate,
            Self::Attestation => PaperKind::Attestation,
            Self::Amendment => PaperKind::Amendment,
            Self::LeaveInformation(_) => PaperKind::Other,
            Self::Own(template) => template.kind,
        }
    }
}

/// A letter as it is asked for; the same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LetterInput {
    /// `certificate`, `attestation`, `amendment` or `lte_…`, one of the organization's own.
    pub letter: String,
    /// As of which day the file is told; today where empty. Of an amendment, the day on which it begins.
    pub on: String,
    /// `true` where an attestation tells the salary, which is for who may read it.
    pub with_salary: String,
    /// A paragraph of one's own, behind the others.
    pub addition: String,
    /// Who signs for the employer, and as what: `Camille Durand, gérante`.
    pub signatory: String,
    /// Where it is signed; the town of the organization where empty.
    pub place: String,
    /// `true` where the employee is to see it.
    pub is_shared: String,
}

/// It, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub what: What,
    pub on: Date,
    pub with_salary: bool,
    pub addition: Option<String>,
    pub signatory: String,
    pub place: Option<String>,
    pub is_shared: bool,
}

impl LetterInput {
    /// None of an unknown template. `reads_salary` is whether who asks may read it.
    pub fn parse(&self, templates: &LetterTemplates, reads_salary: bool, today: Date) -> Result<Asked, Violations> {
        let mut wrong = Violations::default();
        let what = match self.letter.trim() {
            "certificate" => Ok(What::Certificate),
            "attestation" => Ok(What::Attestation),
            "amendment" => Ok(What::Amendment),
            "" => Err(Rule::Required),
            id => {
                let template = id.parse().ok().and_then(|id| templates.template(id));
                template.cloned().map(What::Own).ok_or(Rule::NotFound)
            }
        };
        let what = wrong.take("/letter", what);
        let on = if self.on.trim().is_empty() { Ok(today) } else { legal::date(self.on.trim()) };
        let on = wrong.take("/on", on);
        let with_salary = wrong.take("/with_salary", flag(&self.with_salary));
        if with_salary == Some(true) && !reads_salary {
            wrong.add("/with_salary", Rule::BeyondOwn);
        }
        let addition = wrong.take("/addition", legal::optional(&self.addition, |text| legal::text(text, ADDITION_MAX)));
        let signatory = wrong.take("/signatory", legal::text(&self.signatory, SIGNATORY_MAX));
        let place = wrong.take("/place", legal::optional(&self.place, |text| legal::text(text, PLACE_MAX)));
        let is_shared = wrong.take("/is_shared", flag(&self.is_shared));
        let (
            Some(what),
            Some(on),
            Some(with_salary),
            Some(addition),
            Some(signatory),
            Some(place),
            Some(is_shared),
            true,
        ) = (what, on, with_salary, addition, signatory, place, is_shared, wrong.is_empty())
        else {
            return Err(wrong);
        };
        Ok(Asked { what, on, with_salary, addition, signatory, place, is_shared })
    }
}

/// What a letter is made of.
pub struct Ground<'a> {
    pub employee: &'a Employee,
    pub settings: &'a HrSettings,
    pub organization: &'a OrganizationReference,
    /// The day on which it is made out.
    pub today: Date,
    /// Whether who makes it may read salaries.
    pub reads_salary: bool,
}

/// The employer as a letter names them: who they are must be known.
fn employer(organization: &OrganizationReference) -> Result<Seller> {
    let incomplete = || Error::Conflict(Conflict::SellerIncomplete);
    let legal = organization.legal.clone();
    let siret = legal.siret.ok_or_else(incomplete)?;
    Ok(Seller {
        name: organization.name.clone(),
        legal_form: legal.legal_form,
        capital: legal.capital,
        address: legal.address.ok_or_else(incomplete)?,
        siren: siret.chars().take(9).collect(),
        siret,
        rcs_city: legal.rcs_city,
        vat_number: legal.vat_number,
        email: legal.email,
        phone: legal.phone,
        website: legal.website,
        bank: None,
    })
}

/// The facts that a letter lists, each with its name, and its paragraphs.
type Said = (Vec<(String, String)>, Vec<String>);

impl Ground<'_> {
    /// Whether what it says is for who may read secrets.
    pub fn is_confidential(&self, asked: &Asked) -> bool {
        let tells_salary = match &asked.what {
            What::Own(template) => template.words.contains("{salaire}"),
            _ => asked.with_salary,
        };
        let tells_illness = matches!(asked.what, What::LeaveInformation(_));
        tells_salary || tells_illness || asked.what.paper().is_confidential()
    }

    /// The letter, as it would be frozen.
    pub fn letter(&self, asked: &Asked) -> Result<StaffLetter> {
        let employer = employer(self.organization)?;
        let (facts, mut paragraphs) = match &asked.what {
            What::Certificate => self.certificate()?,
            What::Attestation => self.attestation(asked)?,
            What::Amendment => self.amendment(asked.on)?,
            What::LeaveInformation(information) => self.leave_information(information),
            What::Own(template) => (Vec::new(), self.own(template, asked.on)?),
        };
        paragraphs.extend(asked.addition.clone());
        let kind = match &asked.what {
            What::Certificate => "certificat-de-travail",
            What::Attestation => "attestation-d-emploi",
            What::Amendment => "avenant",
            What::LeaveInformation(_) => "information-conges",
            What::Own(_) => "courrier",
        };
        let number: String =
            self.employee.number.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
        Ok(StaffLetter {
            title: self.title(asked).to_owned(),
            reference: format!("{kind}-{number}-{}", self.today),
            place: asked.place.clone().unwrap_or_else(|| employer.address.city.clone()),
            dated_on: self.today,
            employer,
            brand: self.organization.brand.clone(),
            addressee: self.employee.name(),
            address: self.employee.address.clone(),
            facts,
            paragraphs,
            signatory: asked.signatory.clone(),
            is_agreement: asked.what == What::Amendment,
            employee_as: self.party().1.to_owned(),
        })
    }

    fn title<'b>(&self, asked: &'b Asked) -> &'b str {
        let contract = self.employee.contract_on(asked.on);
        match asked.what {
            What::Attestation if contract.is_some_and(|one| one.kind == ContractKind::Internship) => {
                "Attestation de présence en stage"
            }
            _ => asked.what.title(),
        }
    }

    /// C. trav. L1234-19 and D1234-6: the days of entry and of leaving, the jobs that were held one after the other and their
    /// periods; and that covers of health and disability go on (CSS L911-8, last paragraph). Nothing that could harm, and nothing
    /// of engagements: a clause of the contract may outlive it.
    fn certificate(&self) -> Result<Said> {
        let employee = self.employee;
        let left_on = employee.employed_until().filter(|left| *left >= employee.hired_on);
        let left_on = left_on.ok_or_else(|| Error::field("/letter", Rule::NotLeft))?;
        // "À l’expiration du contrat": not before.
        if left_on > self.today {
            return Err(Error::field("/letter", Rule::NotEnded { date: text::short_date(left_on) }));
        }
        if employee.contract_on(left_on).is_some_and(|contract| contract.kind == ContractKind::Freelance) {
            return Err(Error::field("/letter", Rule::NotAnEmployee));
        }
        let jobs = self.jobs(left_on)?;
        let listed: Vec<_> = jobs
            .iter()
            .map(|(job, from, until)| format!("{job}, du {} au {}", french_date(*from), french_date(*until)))
            .collect();
        let held = match listed.as_slice() {
            [only] => format!("{} y a occupé l’emploi suivant\u{a0}: {only}.", self.pronoun()),
            several => {
                let lines = several.iter().map(|job| format!("– {job}\u{a0};")).collect::<Vec<_>>().join("\n");
                let lines = lines.strip_suffix("\u{a0};").unwrap_or(&lines);
                format!("{} y a occupé successivement les emplois suivants\u{a0}:\n{lines}.", self.pronoun())
            }
        };
        let first = format!(
            "Nous soussignés, {}, certifions avoir employé {} du {} au {}.",
            self.employer_in_words(),
            self.person_within(),
            french_date(employee.hired_on),
            french_date(left_on),
        );
        let covers = format!(
            "{} bénéficie, sous les conditions de l’article L911-8 du Code de la sécurité sociale, du maintien à titre gratuit \
             des garanties de santé et de prévoyance en vigueur dans l’entreprise, à compter de la cessation du contrat et \
             pendant la durée d’indemnisation du chômage, dans la limite de la durée du dernier contrat et de douze mois.",
            self.pronoun()
        );
        let last = "En foi de quoi, le présent certificat est délivré pour servir et valoir ce que de droit (articles L1234-19 \
                    et D1234-6 du Code du travail).";
        let facts = vec![("Entrée".into(), french_date(employee.hired_on)), ("Sortie".into(), french_date(left_on))];
        Ok((facts, vec![first, held, covers, last.into()]))
    }

    /// That somebody is, or was, employed on a day, and as what; of who was in training with us, that they were. Of who works for
    /// themselves it would say that they do not (C. trav. L8221-6).
    fn attestation(&self, asked: &Asked) -> Result<Said> {
        let (employee, on) = (self.employee, asked.on);
        if on > self.today {
            return Err(Error::field("/on", Rule::After { date: text::short_date(self.today) }));
        }
        let contract = self.contract(on)?;
        if !employee.is_employed_on(on) {
            return Err(Error::field("/on", Rule::NoContractThen));
        }
        if contract.kind == ContractKind::Freelance {
            return Err(Error::field("/letter", Rule::NotAnEmployee));
        }
        let is_trainee = contract.kind == ContractKind::Internship;
        let mut facts = vec![("Entrée".to_owned(), french_date(employee.hired_on))];
        facts.extend(self.terms(contract));
        if asked.with_salary
            && let Some(salary) = contract.salary_minor
        {
            let label = if is_trainee { "Gratification annuelle" } else { "Salaire brut annuel" };
            facts.push((label.into(), salary.french(self.organization.currency)));
        }
        let is_today = on == self.today;
        let (tense, day) = match is_today {
            true => ("est", "à ce jour".to_owned()),
            false => ("était", format!("au {}", french_date(on))),
        };
        let (taken, how) = if is_trainee { ("accueilli", " en stage") } else { ("employé", "") };
        let first = format!(
            "Nous soussignés, {}, attestons {} {tense} {taken}{}{how} dans notre entreprise {day}, depuis le {}{}.",
            self.employer_in_words(),
            que(&self.person_within()),
            self.agreement(),
            french_date(employee.hired_on),
            self.under(contract),
        );
        let mut paragraphs = vec![first];
        if is_today && contract.kind == ContractKind::Permanent {
            let in_trial = contract.trial_ends_on.is_some_and(|last| last >= on);
            let is_free = employee.state == State::Active && employee.left_on.is_none() && !in_trial;
            if is_free {
                paragraphs.push(format!(
                    "{} n’est ni en période d’essai, ni en préavis de démission ou de licenciement.",
                    self.pronoun()
                ));
            }
        }
        paragraphs.push(format!(
            "La présente attestation est délivrée à la demande de l’intéressé{} pour servir et valoir ce que de droit.",
            self.agreement()
        ));
        Ok((facts, paragraphs))
    }

    /// What an amendment changes, before and after (C. trav. L1221-1, C. civ. art. 1103 and 1193: by agreement alone).
    fn amendment(&self, on: Date) -> Result<Said> {
        let missing = || Error::field("/on", Rule::NoAmendment);
        let contracts = &self.employee.contracts;
        let at = contracts.iter().position(|contract| contract.from == on).ok_or_else(missing)?;
        let (before, after) = (at.checked_sub(1).and_then(|at| contracts.get(at)).ok_or_else(missing)?, &contracts[at]);
        let mut changes = Vec::new();
        let mut change = |what: &str, before: String, after: String| {
            if before != after {
                let before = if before.is_empty() { "–".to_owned() } else { before };
                let after = if after.is_empty() { "–".to_owned() } else { after };
                changes.push(format!("{what}\u{a0}: {after} (auparavant\u{a0}: {before})"));
            }
        };
        change("Type de contrat", before.kind.french().into(), after.kind.french().into());
        change("Emploi", self.position(before), self.position(after));
        change("Service", self.department(before), self.department(after));
        change("Lieu de travail", self.site(before), self.site(after));
        let hours = |contract: &Contract| text::french_duration(contract.week_minutes.into());
        change("Durée du travail par semaine", hours(before), hours(after));
        change("Jours travaillés", days(before), days(after));
        if before.salary_minor != after.salary_minor {
            if !self.reads_salary {
                return Err(Error::field("/letter", Rule::BeyondOwn));
            }
            let salary = |contract: &Contract| money(contract, self.organization.currency);
            change("Salaire brut annuel", salary(before), salary(after));
        }
        let end = |contract: &Contract| contract.ends_on.map(french_date).unwrap_or_default();
        change("Terme du contrat", end(before), end(after));
        if changes.is_empty() {
            return Err(missing());
        }
        let (party, begins) = self.party();
        let first = format!(
            "Entre {}, l’employeur, et {}, {party}, il est convenu de modifier le contrat de travail qui les lie depuis le {}.",
            self.employer_in_words(),
            self.person(),
            french_date(self.employee.hired_on),
        );
        let changed =
            format!("À compter du {}, les conditions suivantes s’appliquent\u{a0}:\n{}.", french_date(on), {
                let lines: Vec<_> = changes.iter().map(|change| format!("– {change}")).collect();
                lines.join("\u{a0};\n")
            });
        let rest = "Les autres dispositions du contrat de travail restent inchangées.";
        let free = format!(
            "{begins} reconnaît avoir disposé du temps nécessaire pour en prendre connaissance avant de signer."
        );
        Ok((vec![("Prise d’effet".into(), french_date(on))], vec![first, changed, rest.into(), free]))
    }

    /// How many days, and until when (C. trav. L3141-19-3), and that 15 months begin with it where illness kept somebody from
    /// them (L3141-19-1).
    fn leave_information(&self, information: &LeaveInformation) -> Said {
        let mut facts = vec![("Reprise du travail".to_owned(), french_date(information.returned_on))];
        for (days, earned, until) in &information.rows {
            facts.push((
                format!("Congés acquis {}", de(earned)),
                format!("{days}, à prendre jusqu’au {}", french_date(*until)),
            ));
        }
        let told = "Vous avez repris le travail après un arrêt. Conformément à l’article L3141-19-3 du Code du travail, nous portons \
                    à votre connaissance le nombre de jours de congés payés dont vous disposez et la date jusqu’à laquelle ils \
                    peuvent être pris.";
        let carried = format!(
            "Ceux que votre arrêt vous a empêché{} de prendre sont reportés\u{a0}: une période de quinze mois commence à la date de \
             la présente information (article L3141-19-1 du Code du travail).",
            self.agreement()
        );
        let mut paragraphs = vec![told.to_owned()];
        paragraphs.extend(information.is_carried.then_some(carried));
        (facts, paragraphs)
    }

    fn own(&self, template: &LetterTemplate, on: Date) -> Result<Vec<String>> {
        let employee = self.employee;
        let contract = employee.contract_on(on);
        let of = |tell: &dyn Fn(&Contract) -> String| contract.map(tell).unwrap_or_default();
        let tells_salary = template.words.contains("{salaire}");
        if tells_salary && !self.reads_salary {
            return Err(Error::field("/letter", Rule::BeyondOwn));
        }
        let value = |name: &str| {
            Some(match name {
                "prenom" => employee.first_name.clone(),
                "nom" => employee.last_name.clone(),
                "matricule" => employee.number.clone(),
                "naissance" => employee.born_on.map(french_date).unwrap_or_default(),
                "adresse" => employee.address.as_ref().map(in_one_line).unwrap_or_default(),
                "entree" => french_date(employee.hired_on),
                "sortie" => employee.left_on.map(french_date).unwrap_or_default(),
                "contrat" => of(&|contract| contract.kind.french().into()),
                "poste" => of(&|contract| self.position(contract)),
                "service" => of(&|contract| self.department(contract)),
                "lieu" => of(&|contract| self.site(contract)),
                "duree" => of(&|contract| text::french_duration(contract.week_minutes.into())),
                "salaire" => of(&|contract| money(contract, self.organization.currency)),
                "date" => french_date(self.today),
                "entreprise" => self.organization.name.clone(),
                _ => return None,
            })
        };
        let written = elided(&template.words, &value);
        let value = |name: &str| value(name).map(|told| if told.is_empty() { NOTHING.to_owned() } else { told });
        let filled = text::filled(&written, value).ok_or_else(|| Error::internal("an unknown word"))?;
        // What is not known goes with the comma before it.
        let filled = filled.replace(&format!(", {NOTHING}"), "").replace(NOTHING, "");
        Ok(filled.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect())
    }

    fn contract(&self, on: Date) -> Result<&Contract> {
        self.employee.contract_on(on).ok_or_else(|| Error::field("/on", Rule::NoContractThen))
    }

    /// The jobs that were held until a day, each with its period: contracts of one job are one. Each is to be told (D1234-6, 2°).
    fn jobs(&self, until: Date) -> Result<Vec<(String, Date, Date)>> {
        let mut jobs: Vec<(String, Date, Date)> = Vec::new();
        for contract in self.employee.contracts.iter().filter(|contract| contract.from <= until) {
            let job = self.position(contract);
            if job.is_empty() {
                return Err(Error::field("/letter", Rule::NoPosition));
            }
            match jobs.last_mut() {
                Some((last, _, _)) if *last == job => {}
                Some((_, _, end)) => {
                    *end = contract.from.saturating_sub(1.day());
                    jobs.push((job, contract.from, until));
                }
                None => jobs.push((job, contract.from, until)),
            }
        }
        Ok(jobs)
    }

    fn terms(&self, contract: &Contract) -> Vec<(String, String)> {
        let facts = [
            ("Emploi", self.position(contract)),
            ("Contrat", contract.kind.french().to_owned()),
            ("Durée du travail", format!("{} par semaine", text::french_duration(contract.week_minutes.into()))),
            ("Lieu de travail", self.site(contract)),
        ];
        facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| (label.into(), value)).collect()
    }

    fn position(&self, contract: &Contract) -> String {
        let known = contract.position.and_then(|id| self.settings.position(id));
        known.map(|one| one.name.clone()).unwrap_or_default()
    }

    fn department(&self, contract: &Contract) -> String {
        let known = contract.department.and_then(|id| self.settings.department(id));
        known.map(|one| one.name.clone()).unwrap_or_default()
    }

    fn site(&self, contract: &Contract) -> String {
        let known = contract.site.and_then(|id| self.settings.site(id));
        known.map(|one| one.name.clone()).unwrap_or_default()
    }

    /// `Madame Inès Moreau, née le 12 mai 1990, demeurant 3 rue des Lilas, 69003 Lyon`.
    fn person(&self) -> String {
        let employee = self.employee;
        let (title, born) = match employee.gender {
            Some(Gender::Male) => ("Monsieur ", "né"),
            Some(Gender::Female) => ("Madame ", "née"),
            Some(Gender::Other) | None => ("", "né(e)"),
        };
        let mut person = format!("{title}{}", employee.name());
        if let Some(born_on) = employee.born_on {
            person.push_str(&format!(", {born} le {}", french_date(born_on)));
        }
        if let Some(address) = &employee.address {
            person.push_str(&format!(", demeurant {}", in_one_line(address)));
        }
        person
    }

    /// It within a sentence that goes on: what stands behind the name is closed by a comma.
    fn person_within(&self) -> String {
        let is_told = self.employee.born_on.is_some() || self.employee.address.is_some();
        format!("{}{}", self.person(), if is_told { "," } else { "" })
    }

    /// `le salarié`, as a contract names them.
    const fn party(&self) -> (&'static str, &'static str) {
        match self.employee.gender {
            Some(Gender::Male) => ("le salarié", "Le salarié"),
            Some(Gender::Female) => ("la salariée", "La salariée"),
            Some(Gender::Other) | None => ("le (la) salarié(e)", "Le (la) salarié(e)"),
        }
    }

    const fn pronoun(&self) -> &'static str {
        match self.employee.gender {
            Some(Gender::Male) => "Il",
            Some(Gender::Female) => "Elle",
            Some(Gender::Other) | None => "Cette personne",
        }
    }

    const fn agreement(&self) -> &'static str {
        match self.employee.gender {
            Some(Gender::Male) => "",
            Some(Gender::Female) => "e",
            Some(Gender::Other) | None => "(e)",
        }
    }

    fn under(&self, contract: &Contract) -> String {
        let kind = match contract.kind {
            ContractKind::Permanent => "en contrat à durée indéterminée",
            ContractKind::FixedTerm => "en contrat à durée déterminée",
            ContractKind::Internship => "dans le cadre d’une convention de stage",
            ContractKind::Apprenticeship => "en contrat d’alternance",
            ContractKind::Temporary => "en contrat de travail temporaire",
            ContractKind::Freelance => "en contrat de prestation de services",
        };
        match self.position(contract) {
            position if position.is_empty() => format!(", {kind}"),
            position => format!(", {kind}, en qualité {}", de(&position)),
        }
    }

    fn employer_in_words(&self) -> String {
        let organization = self.organization;
        let form = organization.legal.legal_form.as_ref().filter(|form| !organization.name.contains(form.as_str()));
        let form = form.map(|form| format!(", {form}")).unwrap_or_default();
        let seat = organization.legal.address.as_ref().map(|address| format!(", {}", in_one_line(address)));
        format!("{}{form}{}", organization.name, seat.unwrap_or_default())
    }
}

/// Stands where a word in braces stands for nothing that is known; no words have it.
const NOTHING: &str = "\u{0}";

/// Words in which `de` and `que` before a word in braces are as they are before what it stands for.
fn elided(words: &str, value: &impl Fn(&str) -> Option<String>) -> String {
    let mut written = words.to_owned();
    for (name, _) in WORDS.iter().filter(|(name, _)| value(name).is_some_and(|told| is_elided(&told))) {
        for (whole, short) in [(" de ", " d’"), (" que ", " qu’")] {
            written = written.replace(&format!("{whole}{{{name}}}"), &format!("{short}{{{name}}}"));
        }
    }
    written
}

fn money(contract: &Contract, currency: Currency) -> String {
    contract.salary_minor.map(|salary| salary.french(currency)).unwrap_or_default()
}

fn days(contract: &Contract) -> String {
    const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
    let numbers = contract.week.numbers();
    let names = numbers.iter().filter_map(|number| DAYS.get(number.parse::<usize>().ok()?.checked_sub(1)?).copied());
    names.collect::<Vec<_>>().join(", ")
}

fn in_one_line(address: &Address) -> String {
    let town = format!("{} {}", address.postal_code, address.city);
    let parts = [address.street.as_str(), address.complement.as_deref().unwrap_or_default(), town.trim()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;
    use kernel::{
        Minor,
        id::{OrganizationId, PositionId},
    };
    use ulid::Ulid;

    use super::*;
    use crate::{employee::tests::employee, settings::Position};

    const TODAY: Date = date(2026, 11, 30);

    pub fn organization() -> OrganizationReference {
        let mut organization =
            OrganizationReference::new(OrganizationId::from_ulid(Ulid(1)), "Atelier Lumière SARL".into());
        organization.legal.siret = Some("73282932000074".into());
        organization.legal.legal_form = Some("SARL".into());
        organization.legal.address = Some(Address {
            street: "12 rue de la République".into(),
            complement: None,
            postal_code: "69002".into(),
            city: "Lyon".into(),
            country: "FR".into(),
        });
        organization
    }

    fn settings() -> HrSettings {
        let position = |id: u128, name: &str| Position { id: PositionId::from_ulid(Ulid(id)), name: name.into() };
        HrSettings {
            positions: vec![position(1, "Ébéniste"), position(2, "Cheffe d’atelier")],
            ..HrSettings::default()
        }
    }

    /// Hired as one thing, and another since.
    pub fn promoted() -> Employee {
        let mut employee = employee();
        employee.contracts[0].position = Some(PositionId::from_ulid(Ulid(1)));
        let next = Contract {
            from: date(2025, 9, 1),
            position: Some(PositionId::from_ulid(Ulid(2))),
            salary_minor: Some(Minor(3_800_000)),
            ..employee.contracts[0].clone()
        };
        employee.with_contract(next).unwrap()
    }

    fn written(employee: &Employee, input: &LetterInput, reads_salary: bool) -> Result<StaffLetter> {
        let (settings, organization) = (settings(), organization());
        let ground = Ground { employee, settings: &settings, organization: &organization, today: TODAY, reads_salary };
        ground.letter(&input.parse(&templates(), reads_salary, TODAY)?)
    }

    fn templates() -> LetterTemplates {
        LetterTemplates {
            templates: vec![LetterTemplate {
                id: LetterTemplateId::from_ulid(Ulid(8)),
                name: "Mutuelle".into(),
                kind: PaperKind::Other,
                words: "{prenom} {nom} ({matricule}), {poste} chez {entreprise}.\n\nFait le {date}.".into(),
            }],
        }
    }

    fn asked(letter: &str) -> LetterInput {
        LetterInput { letter: letter.into(), signatory: "Camille Durand, gérante".into(), ..LetterInput::default() }
    }

    /// The pointer of what is wrong.
    fn refused(result: Result<StaffLetter>) -> String {
        match result {
            Err(Error::Invalid(wrong)) => wrong.iter().map(|one| one.pointer.clone()).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_certificate_has_what_the_law_wants_and_each_job_with_its_period() {
        let here = promoted();
        assert_eq!(refused(written(&here, &asked("certificate"), false)), "/letter", "nobody left");
        let mut jobless = Employee { left_on: Some(date(2026, 11, 15)), ..here.clone() };
        jobless.contracts[0].position = None;
        let wrong = match written(&jobless, &asked("certificate"), false) {
            Err(Error::Invalid(wrong)) => wrong.iter().map(|one| one.rule.clone()).collect(),
            _ => Vec::new(),
        };
        assert_eq!(wrong, [Rule::NoPosition], "the law wants each job");
        let left = Employee { left_on: Some(date(2026, 11, 15)), ..here };
        let letter = written(&left, &asked("certificate"), false).unwrap();
        let text = letter.paragraphs.join("\n");
        for (wanted, why) in [
            ("Madame Inès Moreau, née le 12\u{a0}mai\u{a0}1990", "who"),
            ("du 4\u{a0}mars\u{a0}2024 au 15\u{a0}novembre\u{a0}2026", "D1234-6, 1°"),
            ("Ébéniste, du 4\u{a0}mars\u{a0}2024 au 31\u{a0}août\u{a0}2025", "D1234-6, 2°"),
            ("Cheffe d’atelier, du 1er\u{a0}septembre\u{a0}2025 au 15\u{a0}novembre\u{a0}2026", "D1234-6, 2°"),
            ("L911-8", "CSS L911-8"),
        ] {
            assert!(text.contains(wanted), "{why}: {wanted} in {text}");
        }
        assert_eq!(
            (letter.place.as_str(), letter.file_name().as_str()),
            ("Lyon", "certificat-de-travail-M-014-2026-11-30.pdf")
        );
        assert!(!letter.is_agreement && !text.contains("38"), "no salary: {text}");
    }

    #[test]
    fn a_certificate_is_given_when_the_contract_ends() {
        let rule = |employee: &Employee| match written(employee, &asked("certificate"), false) {
            Err(Error::Invalid(wrong)) => wrong.iter().map(|one| one.rule.clone()).next(),
            _ => None,
        };
        let leaving = Employee { left_on: Some(date(2027, 1, 31)), ..promoted() };
        assert_eq!(rule(&leaving), Some(Rule::NotEnded { date: text::short_date(date(2027, 1, 31)) }));
        assert_eq!(rule(&Employee { left_on: Some(TODAY), ..promoted() }), None);
        // A term that has passed is one.
        let mut over = promoted();
        over.contracts[1].kind = ContractKind::FixedTerm;
        over.contracts[1].ends_on = Some(date(2026, 10, 30));
        assert_eq!(rule(&over), None);
        assert_eq!(refused(written(&over, &asked("attestation"), false)), "/on", "nor are they employed after it");
    }

    #[test]
    fn who_is_no_employee_is_not_said_to_be_one() {
        let mut employee = promoted();
        employee.contracts[1].kind = ContractKind::Internship;
        let letter = written(&employee, &asked("attestation"), false).unwrap();
        let said = letter.paragraphs.join("\n");
        assert_eq!(letter.title, "Attestation de présence en stage");
        assert!(said.contains("est accueillie en stage dans notre entreprise") && !said.contains("employée"), "{said}");
        employee.contracts[1].kind = ContractKind::Freelance;
        assert_eq!(refused(written(&employee, &asked("attestation"), false)), "/letter");
        employee.left_on = Some(TODAY);
        assert_eq!(refused(written(&employee, &asked("certificate"), false)), "/letter");
    }

    #[test]
    fn an_attestation_tells_the_day_that_is_asked_for() {
        let employee = promoted();
        let now = written(&employee, &asked("attestation"), false).unwrap();
        let said = now.paragraphs.join("\n");
        assert!(
            said.contains("est employée dans notre entreprise à ce jour") && said.contains("Cheffe d’atelier"),
            "{said}"
        );
        assert!(said.contains("n’est ni en période d’essai"), "{said}");
        let then = LetterInput { on: "2025-01-15".into(), ..asked("attestation") };
        let then = written(&employee, &then, false).unwrap();
        let said = then.paragraphs.join("\n");
        assert!(said.contains("était employée") && said.contains("Ébéniste") && !said.contains("essai"), "{said}");
        let tomorrow = LetterInput { on: "2026-12-01".into(), ..asked("attestation") };
        assert_eq!(refused(written(&employee, &tomorrow, false)), "/on", "nobody knows that yet");
        let early = LetterInput { on: "2020-01-15".into(), ..asked("attestation") };
        assert_eq!(refused(written(&employee, &early, false)), "/on");
        let gone = Employee { left_on: Some(date(2026, 6, 30)), ..employee.clone() };
        assert_eq!(refused(written(&gone, &asked("attestation"), false)), "/on");
        let noticed = Employee { state: State::OnNotice, ..employee.clone() };
        assert!(!written(&noticed, &asked("attestation"), false).unwrap().paragraphs.join("").contains("essai"));
        // The salary, for who may read it.
        let paid = LetterInput { with_salary: "true".into(), ..asked("attestation") };
        assert_eq!(refused(written(&employee, &paid, false)), "/with_salary");
        let facts = written(&employee, &paid, true).unwrap().facts;
        assert!(facts.iter().any(|(label, value)| label == "Salaire brut annuel" && value.contains("38\u{202f}000")));
    }

    #[test]
    fn an_amendment_says_what_changes_and_both_sign() {
        let employee = promoted();
        let on = |on: &str| LetterInput { on: on.into(), ..asked("amendment") };
        let letter = written(&employee, &on("2025-09-01"), true).unwrap();
        let text = letter.paragraphs.join("\n");
        assert!(text.contains("Emploi\u{a0}: Cheffe d’atelier (auparavant\u{a0}: Ébéniste)"), "{text}");
        assert!(text.contains("38\u{202f}000") && !text.contains("Jours travaillés") && letter.is_agreement, "{text}");
        for day in ["2024-03-04", "2025-09-02"] {
            assert_eq!(refused(written(&employee, &on(day), true)), "/on", "{day}");
        }
        assert_eq!(refused(written(&employee, &on("2025-09-01"), false)), "/letter", "it tells a salary");
    }

    #[test]
    fn it_is_worded_for_whom_it_is_about() {
        let mut employee = promoted();
        employee.address = organization().legal.address;
        let text = |employee: &Employee, asked: &LetterInput| {
            let position = Position { id: PositionId::from_ulid(Ulid(2)), name: "Assistant".into() };
            let settings = HrSettings { positions: vec![settings().positions[0].clone(), position], ..settings() };
            let organization = organization();
            let ground =
                Ground { employee, settings: &settings, organization: &organization, today: TODAY, reads_salary: true };
            let asked = asked.parse(&templates(), true, TODAY).unwrap();
            ground.letter(&asked).unwrap().paragraphs.join("\n")
        };
        let nameless = Employee { gender: None, first_name: "Alex".into(), ..employee.clone() };
        let attestation = text(&nameless, &asked("attestation"));
        assert!(attestation.contains("attestons qu’Alex Moreau"), "{attestation}");
        let attestation = text(&employee, &asked("attestation"));
        assert!(attestation.contains("69002 Lyon, est employée"), "{attestation}");
        assert!(attestation.contains("en qualité d’Assistant."), "{attestation}");
        let amendment = LetterInput { on: "2025-09-01".into(), ..asked("amendment") };
        let hers = text(&employee, &amendment);
        assert!(hers.contains("69002 Lyon, la salariée, il est") && hers.contains("\nLa salariée reconnaît"), "{hers}");
        employee.gender = Some(Gender::Male);
        let his = text(&employee, &amendment);
        assert!(his.contains(", le salarié, il est") && his.contains("\nLe salarié reconnaît"), "{his}");
        employee.left_on = Some(TODAY);
        let certificate = text(&employee, &asked("certificate"));
        assert!(certificate.contains("69002 Lyon, du 4\u{a0}mars\u{a0}2024 au"), "{certificate}");
    }

    #[test]
    fn own_words_are_filled_in_and_unknown_ones_refused() {
        let letter = written(&promoted(), &asked("lte_00000000000000000000000008"), false).unwrap();
        assert_eq!(letter.paragraphs[0], "Inès Moreau (M-014), Cheffe d’atelier chez Atelier Lumière SARL.");
        assert_eq!(letter.paragraphs.len(), 2);
        assert_eq!(refused(written(&promoted(), &asked("lte_00000000000000000000000009"), false)), "/letter");
        let row = |words: &str| LetterTemplatesInput {
            templates: vec![LetterTemplateInput {
                name: "A".into(),
                words: words.into(),
                ..LetterTemplateInput::default()
            }],
        };
        let told = |words: &str, employee: &Employee| {
            let (settings, organization) = (settings(), organization());
            let (today, reads_salary) = (TODAY, false);
            let ground = Ground { employee, settings: &settings, organization: &organization, today, reads_salary };
            let template = LetterTemplate { words: words.into(), ..templates().templates[0].clone() };
            ground.own(&template, TODAY).unwrap().join("\n")
        };
        let alex = Employee { first_name: "Alex".into(), last_name: "O’Neil".into(), address: None, ..promoted() };
        let words = "Nous disons à {prenom} {nom}, {adresse}, que {prenom} et le contrat de {prenom} {nom}, {adresse}.";
        assert_eq!(told(words, &alex), "Nous disons à Alex O’Neil, qu’Alex et le contrat d’Alex O’Neil.");
        let id = || LetterTemplateId::from_ulid(Ulid(9));
        assert!(row("Bonjour {prenom}").parse(&LetterTemplates::default(), id).is_ok());
        for words in ["Bonjour {prénom}", "Bonjour {nom", ""] {
            let wrong = row(words).parse(&LetterTemplates::default(), id).unwrap_err();
            assert_eq!(
                wrong.iter().map(|one| one.pointer.as_str()).collect::<Vec<_>>(),
                ["/templates/0/words"],
                "{words}"
            );
        }
        let shown = LetterTemplatesInput::of(&templates());
        assert_eq!(shown.parse(&templates(), id), Ok(templates()));
    }

    #[test]
    fn an_employer_without_an_address_makes_out_nothing() {
        let (settings, mut organization, employee) = (settings(), organization(), promoted());
        organization.legal.address = None;
        let ground = Ground {
            employee: &employee,
            settings: &settings,
            organization: &organization,
            today: TODAY,
            reads_salary: true,
        };
        let asked = asked("attestation").parse(&LetterTemplates::default(), true, TODAY).unwrap();
        assert!(matches!(ground.letter(&asked), Err(Error::Conflict(Conflict::SellerIncomplete))));
    }
}
