//! What an employee is, and what is accepted of one. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Minor, Rule, Sealed, Violations,
    document::Address,
    id::{DepartmentId, EmployeeId, OrganizationId, PositionId, UserId, WorkSiteId},
    legal::{self, TypedAddress},
    text,
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::{leave::Week, settings::HrSettings};

/// How many contracts and amendments somebody has at most.
pub const CONTRACTS_MAX: usize = 60;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Employee {
    pub id: EmployeeId,
    /// Matricule, unique in the organization.
    pub number: String,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub mobile: Option<String>,
    pub born_on: Option<Date>,
    pub gender: Option<Gender>,
    pub nationality: Option<String>,
    pub address: Option<Address>,
    /// The member of the team who they are.
    pub user: Option<UserId>,
    pub manager: Option<EmployeeId>,
    pub hired_on: Date,
    /// Their last day, once it is known.
    pub left_on: Option<Date>,
    pub state: State,
    pub notes: Option<String>,
    /// In their order, the first one since they were hired: what holds on a day is the last that began by then.
    pub contracts: Vec<Contract>,
    /// The social security number; only [`Self::nir_purpose`] opens it.
    pub nir: Option<Sealed>,
    pub created_at: Timestamp,
    /// Since when nothing of them is left but what the worker is about to remove.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
}

/// What was agreed from a day on: a contract, or an amendment of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    pub from: Date,
    pub kind: ContractKind,
    /// A fixed term's last day.
    pub ends_on: Option<Date>,
    /// The last day of the trial period.
    pub trial_ends_on: Option<Date>,
    /// In minutes: 35 hours are 2 100.
    pub week_minutes: u16,
    /// The days on which they work, Monday first.
    pub week: Week,
    /// Gross, of a year, in the organization's currency.
    pub salary_minor: Option<Minor>,
    pub position: Option<PositionId>,
    pub department: Option<DepartmentId>,
    pub site: Option<WorkSiteId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    Male,
    Female,
    Other,
}

/// As somebody is now; that they left, [`Employee::has_left`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EmployeeState)]
pub enum State {
    #[default]
    Active,
    OnNotice,
    Suspended,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContractKind {
    #[default]
    Permanent,
    FixedTerm,
    Internship,
    Apprenticeship,
    Temporary,
    Freelance,
}

/// Names, codes and words of an enum that forms and the API choose from.
macro_rules! choice {
    ($name:ident { $($variant:ident = $code:literal, $french:literal;)* }) => {
        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            pub const fn french(self) -> &'static str {
                match self { $(Self::$variant => $french),* }
            }

            fn named(name: &str) -> Result<Self, Rule> {
                Self::ALL.iter().copied().find(|one| one.name() == name).ok_or(Rule::NotAChoice)
            }
        }
    };
}

choice!(Gender { Male = "male", "Homme"; Female = "female", "Femme"; Other = "other", "Autre"; });
choice!(State {
    Active = "active", "En poste";
    OnNotice = "on_notice", "En préavis";
    Suspended = "suspended", "Contrat suspendu";
});
choice!(ContractKind {
    Permanent = "permanent", "CDI";
    FixedTerm = "fixed_term", "CDD";
    Internship = "internship", "Stage";
    Apprenticeship = "apprenticeship", "Alternance";
    Temporary = "temporary", "Intérim";
    Freelance = "freelance", "Indépendant";
});

/// A file as it is typed; an empty text is "none". The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EmployeeInput {
    /// Matricule, unique; required.
    pub number: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub phone: String,
    pub mobile: String,
    pub born_on: String,
    /// `male`, `female` or `other`.
    pub gender: String,
    pub nationality: String,
    pub street: String,
    pub complement: String,
    pub postal_code: String,
    pub city: String,
    /// ISO 3166-1 alpha-2; `FR` where empty.
    pub country: String,
    /// `usr_…`, the member of the team who they are.
    pub user_id: String,
    /// `emp_…`
    pub manager_id: String,
    pub hired_on: String,
    pub left_on: String,
    /// `active` (which an empty text means too), `on_notice` or `suspended`.
    pub state: String,
    pub notes: String,
}

/// A contract or an amendment as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContractInput {
    /// The first day on which it holds; of the first contract the day of hiring, where empty.
    pub from: String,
    /// `permanent` (which an empty text means too), `fixed_term`, `internship`, `apprenticeship`, `temporary` or `freelance`.
    pub kind: String,
    pub ends_on: String,
    pub trial_ends_on: String,
    /// Per week, at most 48 (C. trav. L3121-20); 35 where empty.
    pub hours: String,
    /// 1 (Monday) to 7 (Sunday), repeated; Monday to Friday where none is named, and an empty text alone is none at all.
    #[serde(deserialize_with = "web::form::column")]
    pub works_on: Vec<String>,
    /// Gross, of a year. Who may not read salaries leaves the one before.
    pub salary: String,
    /// `pos_…`
    pub position_id: String,
    /// `dep_…`
    pub department_id: String,
    /// `sit_…`
    pub site_id: String,
}

/// Somebody new: their file and their first contract.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HiredInput {
    pub employee: EmployeeInput,
    pub contract: ContractInput,
}

impl EmployeeInput {
    pub fn of(employee: &Employee) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let day = |value: Option<Date>| value.map(|day| day.to_string()).unwrap_or_default();
        let address = employee.address.clone().unwrap_or_default();
        Self {
            number: employee.number.clone(),
            first_name: employee.first_name.clone(),
            last_name: employee.last_name.clone(),
            email: text(&employee.email),
            phone: text(&employee.phone),
            mobile: text(&employee.mobile),
            born_on: day(employee.born_on),
            gender: employee.gender.map(|gender| gender.name().into()).unwrap_or_default(),
            nationality: text(&employee.nationality),
            street: address.street,
            complement: address.complement.unwrap_or_default(),
            postal_code: address.postal_code,
            city: address.city,
            country: address.country,
            user_id: employee.user.map(|user| user.to_string()).unwrap_or_default(),
            manager_id: employee.manager.map(|manager| manager.to_string()).unwrap_or_default(),
            hired_on: employee.hired_on.to_string(),
            left_on: day(employee.left_on),
            state: employee.state.name().into(),
            notes: text(&employee.notes),
        }
    }

    /// The member and the manager whom it names; what is none is told by [`Self::parse`].
    pub fn named(&self) -> (Option<UserId>, Option<EmployeeId>) {
        (self.user_id.trim().parse().ok(), self.manager_id.trim().parse().ok())
    }

    /// The file as it will be, around what it does not say: contracts, the sealed number.
    pub fn parse(&self, upon: &Employee, today: Date) -> Result<Employee, Violations> {
        let mut wrong = Violations::default();
        let number = wrong.take("/number", legal::required(&self.number, 20));
        let first_name = wrong.take("/first_name", legal::required(&self.first_name, 100));
        let last_name = wrong.take("/last_name", legal::required(&self.last_name, 100));
        let email = wrong.take("/email", legal::optional(&self.email, legal::email)).flatten();
        let mut text = |pointer: &str, text: &str, max| {
            wrong.take(pointer, legal::optional(text, |text| legal::text(text, max))).flatten()
        };
        let phone = text("/phone", &self.phone, 30);
        let mobile = text("/mobile", &self.mobile, 30);
        let nationality = text("/nationality", &self.nationality, 60);
        let notes = text("/notes", &self.notes, 5_000);
        let born_on = wrong.take("/born_on", day(&self.born_on)).flatten();
        if born_on.is_some_and(|born_on| born_on > today) {
            wrong.add("/born_on", Rule::After { date: text::short_date(today) });
        }
        let gender = wrong.take("/gender", optional(&self.gender, Gender::named)).flatten();
        let address = self.address().parse(&mut wrong);
        let user = wrong.take("/user_id", id(&self.user_id)).flatten();
        let manager = wrong.take("/manager_id", id(&self.manager_id)).flatten();
        if manager == Some(upon.id) {
            wrong.add("/manager_id", Rule::OwnManager);
        }
        let hired_on = wrong.take("/hired_on", legal::date(&self.hired_on));
        let left_on = wrong.take("/left_on", day(&self.left_on)).flatten();
        if let (Some(hired_on), Some(left_on)) = (hired_on, left_on)
            && left_on < hired_on
        {
            wrong.add("/left_on", Rule::Before { date: text::short_date(hired_on) });
        }
        let state = wrong.take("/state", optional(&self.state, State::named)).flatten().unwrap_or_default();
        let (Some(number), Some(first_name), Some(last_name), Some(hired_on), true) =
            (number, first_name, last_name, hired_on, wrong.is_empty())
        else {
            return Err(wrong);
        };
        Ok(Employee {
            number,
            first_name,
            last_name,
            email,
            phone,
            mobile,
            born_on,
            gender,
            nationality,
            address,
            user,
            manager,
            hired_on,
            left_on,
            state,
            notes,
            ..upon.clone()
        })
    }

    fn address(&self) -> TypedAddress<'_> {
        TypedAddress {
            street: &self.street,
            complement: &self.complement,
            postal_code: &self.postal_code,
            city: &self.city,
            country: &self.country,
        }
    }
}

impl ContractInput {
    /// `currency` is the organization's.
    pub fn of(contract: &Contract, currency: Currency) -> Self {
        let day = |value: Option<Date>| value.map(|day| day.to_string()).unwrap_or_default();
        let hours = Decimal::from(contract.week_minutes) / Decimal::from(60);
        Self {
            from: contract.from.to_string(),
            kind: contract.kind.name().into(),
            ends_on: day(contract.ends_on),
            trial_ends_on: day(contract.trial_ends_on),
            hours: hours.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize().to_string(),
            works_on: contract.week.numbers(),
            salary: contract.salary_minor.map(|salary| salary.to_decimal(currency).to_string()).unwrap_or_default(),
            position_id: contract.position.map(|id| id.to_string()).unwrap_or_default(),
            department_id: contract.department.map(|id| id.to_string()).unwrap_or_default(),
            site_id: contract.site.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// What is typed, from `hired_on` on where it names no day. `before` is what it changes or follows: what it names that
    /// was taken out of the settings may stay.
    pub fn parse(
        &self,
        hired_on: Date,
        settings: &HrSettings,
        currency: Currency,
        before: Option<&Contract>,
    ) -> Result<Contract, Violations> {
        let mut wrong = Violations::default();
        let from = wrong.take("/from", day(&self.from)).flatten().unwrap_or(hired_on);
        if from < hired_on {
            wrong.add("/from", Rule::Before { date: text::short_date(hired_on) });
        }
        let kind = wrong.take("/kind", optional(&self.kind, ContractKind::named)).flatten().unwrap_or_default();
        let mut after = |pointer: &str, typed: &str| {
            let day = wrong.take(pointer, day(typed)).flatten();
            if day.is_some_and(|day| day < from) {
                wrong.add(pointer, Rule::Before { date: text::short_date(from) });
            }
            day
        };
        let ends_on = after("/ends_on", &self.ends_on);
        let trial_ends_on = after("/trial_ends_on", &self.trial_ends_on);
        if kind == ContractKind::FixedTerm && self.ends_on.trim().is_empty() {
            wrong.add("/ends_on", Rule::Required);
        }
        if let Some(ends_on) = ends_on.filter(|ends_on| trial_ends_on.is_some_and(|trial| trial > *ends_on)) {
            wrong.add("/trial_ends_on", Rule::After { date: text::short_date(ends_on) });
        }
        let week_minutes = wrong.take("/hours", week_minutes(&self.hours));
        let week = wrong.take("/works_on", Week::parse(&self.works_on));
        let salary_minor = wrong.take("/salary", salary(&self.salary, currency)).flatten();
        let position = wrong.take(
            "/position_id",
            known(&self.position_id, before.and_then(|before| before.position), |id| settings.position(id).is_some()),
        );
        let department = wrong.take(
            "/department_id",
            known(&self.department_id, before.and_then(|before| before.department), |id| {
                settings.department(id).is_some()
            }),
        );
        let site = wrong.take(
            "/site_id",
            known(&self.site_id, before.and_then(|before| before.site), |id| settings.site(id).is_some()),
        );
        let (Some(week_minutes), Some(week), Some(position), Some(department), Some(site), true) =
            (week_minutes, week, position, department, site, wrong.is_empty())
        else {
            return Err(wrong);
        };
        Ok(Contract {
            from,
            kind,
            ends_on,
            trial_ends_on,
            week_minutes,
            week,
            salary_minor,
            position,
            department,
            site,
        })
    }
}

fn optional<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Rule>) -> Result<Option<T>, Rule> {
    if text.trim().is_empty() { Ok(None) } else { parse(text.trim()).map(Some) }
}

fn day(text: &str) -> Result<Option<Date>, Rule> {
    optional(text, legal::date)
}

fn id<T: std::str::FromStr>(text: &str) -> Result<Option<T>, Rule> {
    optional(text, |text| text.parse().map_err(|_| Rule::NotAnId))
}

fn known<T: std::str::FromStr + Copy + PartialEq>(
    text: &str,
    before: Option<T>,
    is_there: impl Fn(T) -> bool,
) -> Result<Option<T>, Rule> {
    match id::<T>(text)? {
        Some(id) if is_there(id) || before == Some(id) => Ok(Some(id)),
        Some(_) => Err(Rule::NotFound),
        None => Ok(None),
    }
}

/// 35 hours where nothing is typed; more than 48 no week may have (C. trav. L3121-20).
fn week_minutes(text: &str) -> Result<u16, Rule> {
    let typed = if text.trim().is_empty() { "35" } else { text };
    let hours = legal::decimal(typed, 2, Decimal::ONE, Decimal::from(48))?;
    let minutes = (hours * Decimal::from(60)).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    u16::try_from(minutes.mantissa()).map_err(|_| Rule::NotANumber)
}

fn salary(text: &str, currency: Currency) -> Result<Option<Minor>, Rule> {
    optional(text, |text| {
        let max = Decimal::from(100_000_000);
        let amount = legal::decimal(text, currency.scale(), Decimal::ZERO, max)?;
        Minor::round(amount, currency).map_err(|_| Rule::NotANumber)
    })
}

impl Employee {
    /// Nobody yet: what an input is read upon.
    pub fn new(id: EmployeeId, created_at: Timestamp) -> Self {
        Self {
            id,
            number: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            email: None,
            phone: None,
            mobile: None,
            born_on: None,
            gender: None,
            nationality: None,
            address: None,
            user: None,
            manager: None,
            hired_on: Date::ZERO,
            left_on: None,
            state: State::Active,
            notes: None,
            contracts: Vec::new(),
            nir: None,
            created_at,
            erased_at: None,
        }
    }

    /// What is left of somebody until the worker has removed what stands beside their file: that there was a file.
    #[must_use]
    pub fn erased(&self, at: Timestamp) -> Self {
        Self { hired_on: self.hired_on, left_on: self.left_on, erased_at: Some(at), ..Self::new(self.id, at) }
    }

    /// What the social security number is sealed for: it opens for this employee alone.
    pub fn nir_purpose(organization: OrganizationId, employee: EmployeeId) -> String {
        format!("employee nir {organization} {employee}")
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    pub fn has_left(&self, today: Date) -> bool {
        self.left_on.is_some_and(|left_on| left_on < today)
    }

    /// The last day on which they are employed, once it is known: the one on which they left, or else the term of the last
    /// contract.
    pub fn employed_until(&self) -> Option<Date> {
        let last = self.contracts.last().filter(|contract| contract.kind != ContractKind::Permanent);
        self.left_on.or_else(|| last.and_then(|contract| contract.ends_on))
    }

    /// Whether they are employed on a day, that of their entry and their last one included.
    pub fn is_employed_on(&self, on: Date) -> bool {
        self.hired_on <= on && self.employed_until().is_none_or(|last| on <= last)
    }

    /// Whether the term of their contract is over, and nobody said that they left: who stays on has no term any more
    /// (C. trav. L1243-11).
    pub fn is_beyond_term(&self, today: Date) -> bool {
        self.left_on.is_none() && self.employed_until().is_some_and(|last| last < today)
    }

    /// What was agreed on a day: the last of what began by then. None before the first.
    pub fn contract_on(&self, day: Date) -> Option<&Contract> {
        self.contracts.iter().rev().find(|contract| contract.from <= day)
    }

    /// With a contract more; no two begin on one day.
    pub fn with_contract(mut self, contract: Contract) -> Result<Self, Rule> {
        if self.contracts.iter().any(|other| other.from == contract.from) {
            return Err(Rule::Repeated);
        }
        if self.contracts.len() >= CONTRACTS_MAX {
            return Err(Rule::TooMany { max: CONTRACTS_MAX });
        }
        self.contracts.push(contract);
        self.contracts.sort_by_key(|contract| contract.from);
        Ok(self)
    }

    /// Without the contract that began on this day; the last one stays.
    pub fn without_contract(mut self, from: Date) -> Option<Self> {
        let at = self.contracts.iter().position(|contract| contract.from == from)?;
        (self.contracts.len() > 1).then(|| {
            self.contracts.remove(at);
            self
        })
    }
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;
    use crate::settings::{Department, Position};

    pub const TODAY: Date = date(2026, 11, 30);

    pub fn input() -> EmployeeInput {
        EmployeeInput {
            number: "M-014".into(),
            first_name: "Inès".into(),
            last_name: "Moreau".into(),
            email: "ines@atelier.example".into(),
            born_on: "1990-05-12".into(),
            gender: "female".into(),
            nationality: "Française".into(),
            hired_on: "2024-03-04".into(),
            ..EmployeeInput::default()
        }
    }

    pub fn contract() -> ContractInput {
        ContractInput { hours: "35".into(), salary: "32000".into(), ..ContractInput::default() }
    }

    pub fn employee() -> Employee {
        let employee = Employee::new(EmployeeId::from_ulid(Ulid(5)), Timestamp::UNIX_EPOCH);
        let employee = input().parse(&employee, TODAY).unwrap();
        let contract = contract().parse(employee.hired_on, &HrSettings::default(), Currency::Eur, None).unwrap();
        employee.with_contract(contract).unwrap()
    }

    #[test]
    fn what_is_shown_is_accepted_again() {
        let employee = employee();
        assert_eq!(EmployeeInput::of(&employee).parse(&employee, TODAY), Ok(employee.clone()));
        let first = &employee.contracts[0];
        assert_eq!((first.from, first.week_minutes), (date(2024, 3, 4), 2_100));
        let again = ContractInput::of(first, Currency::Eur);
        let read = again.parse(employee.hired_on, &HrSettings::default(), Currency::Eur, None);
        assert_eq!(read.as_ref(), Ok(first));
    }

    #[test]
    fn a_question_about_last_march_is_answered_with_last_march_s_contract() {
        let amendment = |from: &str, hours: &str| {
            let input = ContractInput { from: from.into(), hours: hours.into(), ..contract() };
            input.parse(date(2024, 3, 4), &HrSettings::default(), Currency::Eur, None).unwrap()
        };
        let employee = employee().with_contract(amendment("2026-06-01", "28")).unwrap();
        let employee = employee.with_contract(amendment("2025-01-01", "31,5")).unwrap();
        let minutes = |on: Date| employee.contract_on(on).map(|contract| contract.week_minutes);
        assert_eq!(minutes(date(2024, 3, 3)), None);
        assert_eq!(minutes(date(2024, 12, 31)), Some(2_100));
        assert_eq!(minutes(date(2026, 3, 15)), Some(1_890));
        assert_eq!(minutes(date(2026, 6, 1)), Some(1_680));
        assert_eq!(employee.clone().with_contract(amendment("2026-06-01", "20")), Err(Rule::Repeated));
        let left = employee.without_contract(date(2025, 1, 1)).unwrap();
        assert_eq!(left.contract_on(date(2026, 3, 15)).map(|contract| contract.week_minutes), Some(2_100));
        assert!(super::tests::employee().without_contract(date(2024, 3, 4)).is_none(), "the last one stays");
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = EmployeeInput {
            first_name: " ".into(),
            email: "ines".into(),
            born_on: "2027-01-01".into(),
            gender: "femme".into(),
            user_id: "moi".into(),
            manager_id: EmployeeId::from_ulid(Ulid(5)).to_string(),
            left_on: "2024-03-03".into(),
            state: "gone".into(),
            ..input()
        };
        let wrong = wrong.parse(&employee(), TODAY).unwrap_err();
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        let expected = "/born_on /email /first_name /gender /left_on /manager_id /state /user_id";
        assert_eq!(pointers.join(" "), expected);
        let wrong = ContractInput {
            from: "2024-01-01".into(),
            kind: "fixed_term".into(),
            trial_ends_on: "2023-01-01".into(),
            hours: "49".into(),
            works_on: vec!["8".into()],
            salary: "beaucoup".into(),
            position_id: "pos_00000000000000000000000001".into(),
            ..ContractInput::default()
        };
        let read = wrong.parse(date(2024, 3, 4), &HrSettings::default(), Currency::Eur, None);
        let wrong = read.unwrap_err();
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers.join(" "), "/ends_on /from /hours /position_id /salary /trial_ends_on /works_on");
    }

    #[test]
    fn a_term_bounds_a_contract_where_nobody_left_before() {
        let mut employee = employee();
        assert_eq!((employee.employed_until(), employee.is_beyond_term(TODAY)), (None, false));
        employee.contracts[0].kind = ContractKind::FixedTerm;
        employee.contracts[0].ends_on = Some(date(2026, 10, 30));
        assert_eq!(employee.employed_until(), Some(date(2026, 10, 30)));
        assert!(employee.is_beyond_term(TODAY) && !employee.is_employed_on(TODAY));
        assert!(employee.is_employed_on(date(2026, 10, 30)) && !employee.is_beyond_term(date(2026, 10, 30)));
        // What is said of their last day counts, and so does what follows.
        let gone = Employee { left_on: Some(date(2026, 9, 30)), ..employee.clone() };
        assert_eq!((gone.employed_until(), gone.is_beyond_term(TODAY)), (gone.left_on, false));
        let follows =
            Contract { from: date(2026, 10, 31), kind: ContractKind::Permanent, ..employee.contracts[0].clone() };
        let kept = employee.with_contract(follows).unwrap();
        assert_eq!((kept.employed_until(), kept.is_employed_on(TODAY)), (None, true));
    }

    #[test]
    fn a_trial_is_over_before_the_contract_is() {
        let input = |trial: &str| ContractInput {
            kind: "fixed_term".into(),
            ends_on: "2024-09-30".into(),
            trial_ends_on: trial.into(),
            ..contract()
        };
        let read = |trial| input(trial).parse(date(2024, 3, 4), &HrSettings::default(), Currency::Eur, None);
        assert!(read("2024-09-30").is_ok());
        let wrong = read("2024-10-01").unwrap_err();
        let wrong: Vec<_> = wrong.iter().map(|one| (one.pointer.as_str(), one.rule.clone())).collect();
        assert_eq!(wrong, [("/trial_ends_on", Rule::After { date: text::short_date(date(2024, 9, 30)) })]);
    }

    #[test]
    fn what_was_taken_out_of_the_settings_may_stay() {
        let position = Position { id: PositionId::from_ulid(Ulid(1)), name: "Boulanger".into() };
        let department = Department { id: DepartmentId::from_ulid(Ulid(2)), name: "Production".into() };
        let settings =
            HrSettings { positions: vec![position.clone()], departments: vec![department], ..HrSettings::default() };
        let named = ContractInput { position_id: position.id.to_string(), ..contract() };
        let read = |settings: &HrSettings, before| named.parse(date(2024, 3, 4), settings, Currency::Eur, before);
        let contract = read(&settings, None).unwrap();
        assert!(read(&HrSettings::default(), None).is_err());
        assert_eq!(read(&HrSettings::default(), Some(&contract)), Ok(contract.clone()));
    }
}
