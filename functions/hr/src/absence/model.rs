//! Whose absences are shown, and what stands in a month. Pure.

use std::{collections::BTreeMap, str::FromStr};

use jiff::{ToSpan, civil::Date};
use kernel::{
    holiday::{self, Region},
    id::{DepartmentId, EmployeeId, WorkSiteId},
    text,
};

use crate::{
    employee::{Contract, Employee},
    leave::{Span, Staff, schedule},
    settings::HrSettings,
};

/// Whose absences are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    All,
    /// Those whom who asks works with.
    Team,
    /// Those whom who asks manages.
    Reports,
    Department(DepartmentId),
    Site(WorkSiteId),
    Employee(EmployeeId),
}

impl Who {
    /// As addresses name it: `all`, which an empty text means too, `team`, `reports`, `dep_…`, `sit_…` or `emp_…`.
    pub fn named(name: &str) -> Option<Self> {
        fn id<T: FromStr>(name: &str) -> Option<T> {
            name.parse().ok()
        }
        match name {
            "" | "all" => Some(Self::All),
            "team" => Some(Self::Team),
            "reports" => Some(Self::Reports),
            _ => id(name)
                .map(Self::Department)
                .or_else(|| id(name).map(Self::Site))
                .or_else(|| id(name).map(Self::Employee)),
        }
    }

    pub fn name(self) -> String {
        match self {
            Self::All => "all".into(),
            Self::Team => "team".into(),
            Self::Reports => "reports".into(),
            Self::Department(id) => id.to_string(),
            Self::Site(id) => id.to_string(),
            Self::Employee(id) => id.to_string(),
        }
    }

    /// What there is to choose from, as it is named and as people call it.
    pub fn offered(staff: &Staff, today: Date) -> Vec<(String, String)> {
        let offered = |who: Self, french: String| (who.name(), french);
        let mut all = vec![offered(Self::All, "Toute l’entreprise".into())];
        let works_here = |employee: &&Employee| !employee.has_left(today);
        let here = || staff.employees.iter().map(|employee| &employee.value).filter(works_here);
        if let Some(own) = &staff.own {
            if here().any(|other| are_colleagues(own, other, today)) {
                all.push(offered(Self::Team, "Mon équipe".into()));
            }
            if here().any(|other| other.manager == Some(own.id)) {
                all.push(offered(Self::Reports, "Mes collaborateurs".into()));
            }
        }
        let HrSettings { departments, sites, .. } = &staff.settings;
        all.extend(
            departments.iter().map(|one| offered(Self::Department(one.id), format!("Service\u{a0}: {}", one.name))),
        );
        all.extend(sites.iter().map(|one| offered(Self::Site(one.id), format!("Site\u{a0}: {}", one.name))));
        all.extend(here().map(|one| offered(Self::Employee(one.id), one.name())));
        all
    }

    /// Whether somebody is among them on a day.
    pub fn has(self, employee: &Employee, own: Option<&Employee>, day: Date) -> bool {
        let contract = contract(employee, day);
        match self {
            Self::All => true,
            Self::Team => own.is_some_and(|own| own.id == employee.id || are_colleagues(own, employee, day)),
            Self::Reports => own.is_some() && employee.manager == own.map(|own| own.id),
            Self::Department(id) => contract.is_some_and(|contract| contract.department == Some(id)),
            Self::Site(id) => contract.is_some_and(|contract| contract.site == Some(id)),
            Self::Employee(id) => employee.id == id,
        }
    }
}

/// The contract of a day; of before the first one that one.
fn contract(employee: &Employee, day: Date) -> Option<&Contract> {
    employee.contract_on(day).or_else(|| employee.contracts.first())
}

/// Whether two work together: one manages the other, or somebody both, or they are of one department.
pub fn are_colleagues(one: &Employee, other: &Employee, day: Date) -> bool {
    let department = |employee| contract(employee, day).and_then(|contract: &Contract| contract.department);
    let manages = |one: &Employee, other: &Employee| other.manager == Some(one.id);
    one.id != other.id
        && (manages(one, other)
            || manages(other, one)
            || (one.manager.is_some() && one.manager == other.manager)
            || (department(one).is_some() && department(one) == department(other)))
}

/// What a day of somebody's month is, whoever is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    Worked,
    /// A day on which they never work, or are not employed.
    Rest,
    Holiday(&'static str),
}

/// Whom a day finds absent: in the morning, in the afternoon, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub morning: bool,
    pub afternoon: bool,
}

impl Part {
    /// Nothing of a whole day; `matin`, `après-midi`, or for how long of what is taken by hours.
    pub fn french(self, minutes: Option<u16>) -> String {
        match (minutes, self.morning, self.afternoon) {
            (Some(minutes), ..) => text::french_duration(minutes.into()),
            (None, true, false) => "matin".into(),
            (None, false, true) => "après-midi".into(),
            (None, ..) => String::new(),
        }
    }

    /// What of a day an absence takes; none of one that it does not touch.
    pub fn of(span: Span, day: Date) -> Option<Self> {
        let [morning, afternoon] = [false, true].map(|is_afternoon| span.has((day, is_afternoon)));
        (morning || afternoon).then_some(Self { morning, afternoon })
    }
}

/// The days of the month that begins with this one.
pub fn days(first: Date) -> impl Iterator<Item = Date> {
    first.series(1.day()).take_while(move |day| *day <= first.last_of_month())
}

/// The holidays of each region, looked up once.
#[derive(Default)]
pub struct Holidays(BTreeMap<(i16, &'static str), Vec<holiday::Holiday>>);

impl Holidays {
    pub fn on(&mut self, day: Date, region: Region) -> Option<&'static str> {
        let of_year = self.0.entry((day.year(), region.name()));
        let holidays = of_year.or_insert_with(|| holiday::holidays(day.year(), region));
        holidays.iter().find(|holiday| holiday.date == day).map(|holiday| holiday.name)
    }

    /// What a day is for somebody.
    pub fn day(&mut self, employee: &Employee, settings: &HrSettings, day: Date) -> Day {
        if !employee.is_employed_on(day) {
            return Day::Rest;
        }
        let schedule = schedule(employee, settings)(day);
        let is_worked = |name: &str| schedule.works_whit_monday && name == holiday::WHIT_MONDAY;
        match self.on(day, schedule.region).filter(|name| !is_worked(name)) {
            Some(name) => Day::Holiday(name),
            None if schedule.week.has(day.weekday()) => Day::Worked,
            None => Day::Rest,
        }
    }
}

/// What stands in a day's place for a type of leave: `CP` for Congés payés, `RTT`, `M` for Maladie.
pub fn initials(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    let initials: String = words.clone().filter_map(|word| word.chars().next()).take(3).collect();
    match words.clone().next() {
        Some(word) if words.count() == 1 && word.chars().all(char::is_uppercase) => word.chars().take(4).collect(),
        _ => initials.to_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;
    use crate::employee::model::tests::employee;

    fn somebody(n: u128, manager: Option<u128>, department: Option<u128>) -> Employee {
        let mut one = Employee {
            id: EmployeeId::from_ulid(Ulid(n)),
            manager: manager.map(|n| EmployeeId::from_ulid(Ulid(n))),
            ..employee()
        };
        for contract in &mut one.contracts {
            contract.department = department.map(|n| DepartmentId::from_ulid(Ulid(n)));
        }
        one
    }

    #[test]
    fn who_works_together() {
        let day = date(2026, 7, 1);
        let chief = somebody(1, None, None);
        let (ines, leo) = (somebody(2, Some(1), Some(1)), somebody(3, Some(1), None));
        let (zoe, other) = (somebody(4, Some(9), Some(1)), somebody(5, None, None));
        let own = Some(&ines);
        let shown = |who: Who| [&chief, &ines, &leo, &zoe, &other].map(|one| who.has(one, own, day)).map(u8::from);
        assert_eq!(shown(Who::All), [1, 1, 1, 1, 1]);
        assert_eq!(shown(Who::Team), [1, 1, 1, 1, 0]);
        assert_eq!(shown(Who::Reports), [0, 0, 0, 0, 0]);
        assert_eq!(shown(Who::Department(DepartmentId::from_ulid(Ulid(1)))), [0, 1, 0, 1, 0]);
        assert_eq!(shown(Who::Employee(EmployeeId::from_ulid(Ulid(3)))), [0, 0, 1, 0, 0]);
        assert!(Who::Reports.has(&ines, Some(&chief), day) && !Who::Reports.has(&chief, Some(&ines), day));
        // Who is no employee has no team, and nobody reports to them.
        assert!(!Who::Team.has(&ines, None, day) && !Who::Reports.has(&other, None, day));
    }

    #[test]
    fn what_is_named_is_read_again() {
        let department = DepartmentId::from_ulid(Ulid(7));
        assert_eq!(Who::named(&department.to_string()), Some(Who::Department(department)));
        let employee = EmployeeId::from_ulid(Ulid(7));
        assert_eq!(Who::named(&employee.to_string()), Some(Who::Employee(employee)));
        assert_eq!((Who::named(""), Who::named("reports")), (Some(Who::All), Some(Who::Reports)));
        assert_eq!((Who::named("own"), Who::named("org_00000000000000000000000001")), (None, None));
    }

    #[test]
    fn a_day_is_worked_or_a_holiday_or_none() {
        let (mut holidays, settings) = (Holidays::default(), HrSettings::default());
        let one = Employee { hired_on: date(2026, 1, 5), left_on: Some(date(2026, 6, 30)), ..employee() };
        let mut day = |month, day| holidays.day(&one, &settings, date(2026, month, day));
        assert_eq!(day(5, 12), Day::Worked);
        assert_eq!(day(5, 14), Day::Holiday("Ascension"));
        assert_eq!((day(5, 16), day(1, 2), day(7, 1)), (Day::Rest, Day::Rest, Day::Rest));
        let solidarity = HrSettings { works_whit_monday: true, ..settings.clone() };
        assert_eq!(holidays.day(&one, &settings, date(2026, 5, 25)), Day::Holiday(holiday::WHIT_MONDAY));
        assert_eq!(holidays.day(&one, &solidarity, date(2026, 5, 25)), Day::Worked);
    }

    #[test]
    fn a_part_of_a_day_is_told() {
        let span = Span { from: date(2026, 7, 1), starts_at_noon: true, to: date(2026, 7, 3), ends_at_noon: true };
        let part = |day| Part::of(span, date(2026, 7, day)).map(|part| (part.morning, part.afternoon));
        assert_eq!([1, 2, 3, 4].map(part), [Some((false, true)), Some((true, true)), Some((true, false)), None]);
        let told =
            |day, minutes| Part::of(span, date(2026, 7, day)).map(|part| part.french(minutes)).unwrap_or_default();
        assert_eq!([told(1, None), told(2, None), told(3, None)], ["après-midi", "", "matin"]);
        assert_eq!(told(2, Some(90)), text::french_duration(90));
    }

    #[test]
    fn a_type_is_known_by_its_initials() {
        for (name, expected) in [
            ("Congés payés", "CP"),
            ("RTT", "RTT"),
            ("Arrêt maladie", "AM"),
            ("Maladie", "M"),
            ("Congé de paternité et d’accueil", "CPA"),
            ("Décès d’un enfant", "DE"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
