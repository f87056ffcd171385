//! What is set up. Pure.

use jiff::civil::Date;
use kernel::{
    Rule, Violations,
    holiday::Region,
    id::{DepartmentId, PositionId, WorkSiteId},
    legal, text,
};
use serde::{Deserialize, Serialize};

use crate::{
    employee::{Contract, Employee},
    holiday::region,
    leave::{Counting, model::flag},
};

const NAME_MAX: usize = 80;
/// How many departments, positions or sites there are at most.
const PARTS_MAX: usize = 100;

/// How many changes of one thing are remembered.
const FORMER_MAX: usize = 40;

/// What held until a day, that day included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former<T> {
    pub until: Date,
    pub value: T,
}

impl<T: Copy + PartialEq> Former<T> {
    /// What held on a day; `formers` in their order.
    fn on(formers: &[Self], current: T, day: Date) -> T {
        formers.iter().find(|former| day <= former.until).map_or(current, |former| former.value)
    }

    /// The same with what held until yesterday, where something else holds from today on.
    fn with(formers: &[Self], current: T, new: T, today: Date) -> Vec<Self> {
        let mut all = formers.to_vec();
        if current == new {
            return all;
        }
        let yesterday = today.yesterday().unwrap_or(today);
        // What was set today and is set otherwise today never held.
        if all.last().is_none_or(|last| last.until < yesterday) {
            all.push(Self { until: yesterday, value: current });
        }
        if all.last().is_some_and(|last| last.until == yesterday && last.value == new) {
            all.pop();
        }
        let forgotten = all.len().saturating_sub(FORMER_MAX);
        all.drain(..forgotten);
        all
    }
}

/// All of it is one item, so that a page reads it beside its own. What was taken out of it counts for nothing where a
/// contract still names it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HrSettings {
    #[serde(default)]
    pub counting: Counting,
    /// How it was before: what was earned and taken then was counted so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_countings: Vec<Former<Counting>>,
    /// Whether Whit Monday is worked as the day of solidarity (C. trav. L3133-7).
    #[serde(default)]
    pub works_whit_monday: bool,
    /// Whether it was before: what was taken around it then was counted so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_whit_mondays: Vec<Former<bool>>,
    #[serde(default)]
    pub departments: Vec<Department>,
    #[serde(default)]
    pub positions: Vec<Position>,
    #[serde(default)]
    pub sites: Vec<WorkSite>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Department {
    pub id: DepartmentId,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Position {
    pub id: PositionId,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkSite {
    pub id: WorkSiteId,
    pub name: String,
    /// Which holidays there are.
    pub region: Region,
    /// Which there were before: absences of then stay as they were counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_regions: Vec<Former<Region>>,
}

impl WorkSite {
    pub fn region_on(&self, day: Date) -> Region {
        Former::on(&self.former_regions, self.region, day)
    }
}

/// All of it as it is typed: the same for the form and the API. What has an id is changed, what has none is new, what is
/// not named is gone; a row without a name is none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HrSettingsInput {
    /// `ouvrables` (which an empty text means too) or `ouvres`.
    pub counting: String,
    /// `true` where Whit Monday is worked as the day of solidarity.
    pub works_whit_monday: String,
    /// 100 at most, of each.
    pub departments: Vec<PartInput>,
    pub positions: Vec<PartInput>,
    pub sites: Vec<SiteInput>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CompanyPartInput)]
pub struct PartInput {
    /// `dep_…` or `pos_…`; empty for a new one.
    pub id: String,
    pub name: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SiteInput {
    /// `sit_…`; empty for a new one.
    pub id: String,
    pub name: String,
    /// As for holidays; `mainland` where empty.
    pub region: String,
}

impl HrSettingsInput {
    pub fn of(settings: &HrSettings) -> Self {
        Self {
            counting: settings.counting.name().into(),
            works_whit_monday: settings.works_whit_monday.to_string(),
            departments: settings
                .departments
                .iter()
                .map(|one| PartInput { id: one.id.to_string(), name: one.name.clone() })
                .collect(),
            positions: settings
                .positions
                .iter()
                .map(|one| PartInput { id: one.id.to_string(), name: one.name.clone() })
                .collect(),
            sites: settings
                .sites
                .iter()
                .map(|one| SiteInput {
                    id: one.id.to_string(),
                    name: one.name.clone(),
                    region: one.region.name().into(),
                })
                .collect(),
        }
    }

    /// The settings as they will be from today on; `ids` gives new parts theirs.
    pub fn parse(&self, current: &HrSettings, today: Date, mut ids: impl Ids) -> Result<HrSettings, Violations> {
        let mut wrong = Violations::default();
        let counting = wrong.take("/counting", Counting::named(&self.counting));
        let works_whit_monday = wrong.take("/works_whit_monday", flag(&self.works_whit_monday));
        let rows: Vec<_> = self.departments.iter().map(|row| (row.id.as_str(), row.name.as_str())).collect();
        let known = |id: &DepartmentId| current.departments.iter().any(|one| one.id == *id);
        let departments = parts("/departments", &rows, known, || ids.department(), &mut wrong);
        let rows: Vec<_> = self.positions.iter().map(|row| (row.id.as_str(), row.name.as_str())).collect();
        let known = |id: &PositionId| current.positions.iter().any(|one| one.id == *id);
        let positions = parts("/positions", &rows, known, || ids.position(), &mut wrong);
        let rows: Vec<_> = self.sites.iter().map(|row| (row.id.as_str(), row.name.as_str())).collect();
        let known = |id: &WorkSiteId| current.sites.iter().any(|one| one.id == *id);
        let sites = parts("/sites", &rows, known, || ids.site(), &mut wrong);
        let sites: Vec<_> = sites
            .into_iter()
            .filter_map(|(at, id, name)| {
                let region = wrong.take(format!("/sites/{at}/region"), region(&self.sites[at].region))?;
                let before = current.site(id);
                let former_regions = before
                    .map(|before| Former::with(&before.former_regions, before.region, region, today))
                    .unwrap_or_default();
                Some(WorkSite { id, name, region, former_regions })
            })
            .collect();
        let (Some(counting), Some(works_whit_monday), true) = (counting, works_whit_monday, wrong.is_empty()) else {
            return Err(wrong);
        };
        Ok(HrSettings {
            counting,
            former_countings: Former::with(&current.former_countings, current.counting, counting, today),
            works_whit_monday,
            former_whit_mondays: Former::with(
                &current.former_whit_mondays,
                current.works_whit_monday,
                works_whit_monday,
                today,
            ),
            departments: departments.into_iter().map(|(_, id, name)| Department { id, name }).collect(),
            positions: positions.into_iter().map(|(_, id, name)| Position { id, name }).collect(),
            sites,
        })
    }
}

impl HrSettingsInput {
    /// What contracts name stays, also of who left: the personnel register tells the jobs that were held (C. trav. D1221-23).
    pub fn must_keep_named<'a>(
        &self,
        current: &HrSettings,
        changed: &HrSettings,
        employees: impl Iterator<Item = &'a Employee> + Clone,
    ) -> Result<(), Violations> {
        let mut wrong = Violations::default();
        let mut keep = |group: &str, row: Option<usize>, names: &dyn Fn(&Contract) -> bool| {
            let mut holders = employees.clone().filter(|one| one.contracts.iter().any(names));
            let Some(first) = holders.next() else { return };
            let who = match holders.count() {
                0 => first.name(),
                1 => format!("{} et 1 autre", first.name()),
                others => format!("{} et {others} autres", first.name()),
            };
            let pointer = row.map_or_else(|| format!("/{group}"), |at| format!("/{group}/{at}/name"));
            wrong.add(pointer, Rule::StillNamed { who });
        };
        let row = |rows: &[PartInput], id: &str| rows.iter().position(|row| row.id.trim() == id);
        for gone in current.departments.iter().filter(|one| changed.department(one.id).is_none()) {
            let names = |contract: &Contract| contract.department == Some(gone.id);
            keep("departments", row(&self.departments, &gone.id.to_string()), &names);
        }
        for gone in current.positions.iter().filter(|one| changed.position(one.id).is_none()) {
            let names = |contract: &Contract| contract.position == Some(gone.id);
            keep("positions", row(&self.positions, &gone.id.to_string()), &names);
        }
        for gone in current.sites.iter().filter(|one| changed.site(one.id).is_none()) {
            let id = gone.id.to_string();
            let row = self.sites.iter().position(|row| row.id.trim() == id);
            keep("sites", row, &|contract| contract.site == Some(gone.id));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

/// Where new parts get their ids from.
pub trait Ids {
    fn department(&mut self) -> DepartmentId;
    fn position(&mut self) -> PositionId;
    fn site(&mut self) -> WorkSiteId;
}

/// The rows in which something was typed: where each stood, its id and its name.
fn parts<T: std::str::FromStr + PartialEq>(
    pointer: &str,
    rows: &[(&str, &str)],
    known: impl Fn(&T) -> bool,
    mut new_id: impl FnMut() -> T,
    wrong: &mut Violations,
) -> Vec<(usize, T, String)> {
    let mut parts: Vec<(usize, T, String)> = Vec::new();
    for (at, (id, name)) in rows.iter().enumerate().filter(|(_, (_, name))| !name.trim().is_empty()) {
        let id = match id.trim() {
            "" => Some(None),
            text => {
                let own = text.parse::<T>().ok().filter(&known);
                wrong.take(format!("{pointer}/{at}/id"), own.ok_or(Rule::NotFound)).map(Some)
            }
        };
        let name = wrong.take(format!("{pointer}/{at}/name"), legal::required(name, NAME_MAX));
        let (Some(id), Some(name)) = (id, name) else { continue };
        if id.as_ref().is_some_and(|id| parts.iter().any(|(_, other, _)| other == id)) {
            wrong.add(format!("{pointer}/{at}/id"), Rule::Repeated);
        }
        if parts.iter().any(|(_, _, other)| text::folded(other) == text::folded(&name)) {
            wrong.add(format!("{pointer}/{at}/name"), Rule::Repeated);
        }
        parts.push((at, id.unwrap_or_else(&mut new_id), name));
    }
    if parts.len() > PARTS_MAX {
        wrong.add(pointer, Rule::TooMany { max: PARTS_MAX });
    }
    parts
}

impl HrSettings {
    /// How leave is counted that begins, or is earned, on a day.
    pub fn counting_on(&self, day: Date) -> Counting {
        Former::on(&self.former_countings, self.counting, day)
    }

    /// Whether Whit Monday is worked where it falls on a day.
    pub fn works_whit_monday_on(&self, day: Date) -> bool {
        Former::on(&self.former_whit_mondays, self.works_whit_monday, day)
    }

    /// Whether absences take other days by the settings that follow.
    pub fn counts_otherwise(&self, other: &Self) -> bool {
        // Of a site that is no more, the holidays of the mainland.
        let region = |id| other.site(id).map_or(Region::Mainland, |site| site.region);
        self.counting != other.counting
            || self.works_whit_monday != other.works_whit_monday
            || self.sites.iter().any(|site| region(site.id) != site.region)
    }

    pub fn department(&self, id: DepartmentId) -> Option<&Department> {
        self.departments.iter().find(|one| one.id == id)
    }

    pub fn position(&self, id: PositionId) -> Option<&Position> {
        self.positions.iter().find(|one| one.id == id)
    }

    pub fn site(&self, id: WorkSiteId) -> Option<&WorkSite> {
        self.sites.iter().find(|one| one.id == id)
    }
}

#[cfg(test)]
pub mod tests {
    use ulid::Ulid;

    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 16);

    pub struct Counted(pub u128);

    impl Counted {
        fn next(&mut self) -> Ulid {
            self.0 += 1;
            Ulid(self.0)
        }
    }

    impl Ids for Counted {
        fn department(&mut self) -> DepartmentId {
            DepartmentId::from_ulid(self.next())
        }
        fn position(&mut self) -> PositionId {
            PositionId::from_ulid(self.next())
        }
        fn site(&mut self) -> WorkSiteId {
            WorkSiteId::from_ulid(self.next())
        }
    }

    fn part(id: &str, name: &str) -> PartInput {
        PartInput { id: id.into(), name: name.into() }
    }

    pub fn example() -> HrSettings {
        let site = SiteInput { name: "Strasbourg".into(), region: "alsace_moselle".into(), ..SiteInput::default() };
        let input = HrSettingsInput {
            departments: vec![part("", "Production"), part("", " ")],
            positions: vec![part("", "Boulanger")],
            sites: vec![site],
            ..HrSettingsInput::default()
        };
        input.parse(&HrSettings::default(), TODAY, Counted(0)).unwrap()
    }

    #[test]
    fn what_is_shown_is_accepted_again_and_what_is_not_named_is_gone() {
        let settings = example();
        assert_eq!((settings.departments.len(), settings.sites[0].region), (1, Region::AlsaceMoselle));
        let mut input = HrSettingsInput::of(&settings);
        assert_eq!(input.parse(&settings, TODAY, Counted(10)), Ok(settings.clone()));
        input.positions.clear();
        input.departments.push(part("", "Ventes"));
        let changed = input.parse(&settings, TODAY, Counted(10)).unwrap();
        assert!(changed.positions.is_empty());
        assert_eq!(changed.departments[1].id, DepartmentId::from_ulid(Ulid(11)));
    }

    #[test]
    fn what_a_contract_names_is_not_taken_away() {
        let settings = example();
        let mut employee = crate::employee::tests::employee();
        employee.contracts[0].position = Some(settings.positions[0].id);
        employee.contracts[0].department = None;
        employee.contracts[0].site = None;
        let told = |input: &HrSettingsInput, employees: &[Employee]| {
            let changed = input.parse(&settings, TODAY, Counted(10)).unwrap();
            match input.must_keep_named(&settings, &changed, employees.iter()) {
                Ok(()) => Vec::new(),
                Err(wrong) => wrong.iter().map(|one| (one.pointer.clone(), one.rule.clone())).collect(),
            }
        };
        let still = |pointer: &str, who: &str| vec![(pointer.to_owned(), Rule::StillNamed { who: who.into() })];
        let mut emptied = HrSettingsInput::of(&settings);
        for row in [&mut emptied.positions[0], &mut emptied.departments[0]] {
            row.name.clear();
        }
        emptied.sites.clear();
        assert_eq!(told(&emptied, std::slice::from_ref(&employee)), still("/positions/0/name", "Inès Moreau"));
        assert_eq!(told(&emptied, &[]), []);
        emptied.positions.clear();
        let three = [employee.clone(), employee.clone(), employee.clone()];
        assert_eq!(told(&emptied, &three), still("/positions", "Inès Moreau et 2 autres"));
        let mut renamed = HrSettingsInput::of(&settings);
        renamed.positions[0].name = "Pâtissier".into();
        assert_eq!(told(&renamed, &[employee]), []);
    }

    #[test]
    fn every_wrong_field_is_told() {
        let settings = example();
        let mut input = HrSettingsInput::of(&settings);
        input.counting = "calendaires".into();
        input.departments.push(part("", "PRODUCTION"));
        input.positions.push(part("pos_00000000000000000000000099", "Vendeur"));
        let twice = part(&settings.positions[0].id.to_string(), "Pâtissier");
        input.positions.push(twice);
        input.sites[0].region = "bretagne".into();
        let wrong = input.parse(&settings, TODAY, Counted(10)).unwrap_err();
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        let expected = ["/counting", "/departments/1/name", "/positions/1/id", "/positions/2/id", "/sites/0/region"];
        assert_eq!(pointers, expected);
    }

    #[test]
    fn what_held_before_is_remembered_by_its_last_day() {
        let day = |month, day| jiff::civil::date(2026, month, day);
        let changed = |settings: &HrSettings, today, counting: &str, region: &str| {
            let mut input = HrSettingsInput::of(settings);
            input.counting = counting.into();
            input.sites[0].region = region.into();
            input.parse(settings, today, Counted(10)).unwrap()
        };
        let first = example();
        let ouvres = changed(&first, day(3, 16), "ouvres", "alsace_moselle");
        assert_eq!(
            (ouvres.counting_on(day(3, 15)), ouvres.counting_on(day(3, 16))),
            (Counting::Ouvrables, Counting::Ouvres)
        );
        assert!(first.counts_otherwise(&ouvres) && !first.counts_otherwise(&first.clone()));
        // Taken back on the same day, it never held.
        assert_eq!(changed(&ouvres, day(3, 16), "ouvrables", "alsace_moselle"), first);
        let moved = changed(&ouvres, day(5, 4), "ouvres", "mainland");
        let site = &moved.sites[0];
        assert_eq!((site.region_on(day(5, 3)), site.region_on(day(5, 4))), (Region::AlsaceMoselle, Region::Mainland));
        let back = changed(&moved, day(9, 1), "ouvrables", "mainland");
        let held: Vec<_> = [day(1, 1), day(3, 16), day(8, 31), day(9, 1)].map(|on| back.counting_on(on)).into();
        assert_eq!(held, [Counting::Ouvrables, Counting::Ouvres, Counting::Ouvres, Counting::Ouvrables]);
        let solidarity = HrSettingsInput { works_whit_monday: "true".into(), ..HrSettingsInput::of(&first) };
        let solidarity = solidarity.parse(&first, day(6, 1), Counted(10)).unwrap();
        assert!(solidarity.works_whit_monday_on(day(6, 1)) && first.counts_otherwise(&solidarity));
        assert!(!solidarity.works_whit_monday_on(day(5, 25)), "this year's was one already");
    }
}
