//! What an expense report is, what of it is accepted, and how it goes on. Pure.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    Currency, Error, Minor, Result, Rule, Violations,
    error::Conflict,
    expense::{ApprovedExpense, ApprovedReceipt, ExpenseCategory, ReimbursementMethod},
    id::{EmployeeId, ExpenseReportId, UserId},
    legal, text,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use web::file::Version;

use super::scale::{Vehicle, allowance};
use crate::{elision::de, leave::model::flag, payroll::PayrollExpenses, time::Month};

/// How many lines a report has at most.
pub const LINES_MAX: usize = 50;
const TITLE_MAX: usize = 120;
const NOTE_MAX: usize = 300;
const PLACE_MAX: usize = 200;
const COMMENT_MAX: usize = 500;
const KM_MAX: i64 = 5_000;
/// For how long after it was spent something is handed in: wages and what belongs to them lapse after three years
/// (C. trav. L3245-1).
const YEARS_BACK: i16 = 3;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpenseReport {
    pub id: ExpenseReportId,
    pub employee: EmployeeId,
    /// As when it was handed in, so that a report is told without its employee's file.
    pub employee_number: String,
    pub title: String,
    pub state: ReportState,
    pub lines: Vec<ExpenseLine>,
    /// The number of the next line: no number is given twice.
    pub next_line: u16,
    pub created_at: Timestamp,
    pub submitted_at: Option<Timestamp>,
    pub decision: Option<Decision>,
    pub reimbursement: Option<Reimbursement>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    Draft,
    Submitted,
    Approved,
    Refused,
    Reimbursed,
}

impl ReportState {
    pub const ALL: [Self; 5] = [Self::Draft, Self::Submitted, Self::Approved, Self::Refused, Self::Reimbursed];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Reimbursed => "reimbursed",
        }
    }

    /// As the list of its state is named.
    pub const fn listed(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Submitted => "SUBMITTED",
            Self::Approved => "APPROVED",
            Self::Refused => "REFUSED",
            Self::Reimbursed => "REIMBURSED",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Draft => "Brouillon",
            Self::Submitted => "À valider",
            Self::Approved => "À rembourser",
            Self::Refused => "Refusée",
            Self::Reimbursed => "Remboursée",
        }
    }

    pub const fn badge(self) -> &'static str {
        match self {
            Self::Draft => "neutral",
            Self::Submitted => "info",
            Self::Approved => "warning",
            Self::Refused => "danger",
            Self::Reimbursed => "success",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpenseLine {
    /// From 1, and never another's.
    pub number: u16,
    pub on: Date,
    pub category: ExpenseCategory,
    /// With VAT.
    pub gross_minor: Minor,
    /// What of it is VAT that the organization gets back.
    pub vat_minor: Minor,
    pub currency: Currency,
    pub note: Option<String>,
    pub trip: Option<Trip>,
    pub receipt: Option<Version>,
}

/// What was driven with one's own vehicle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    pub vehicle: Vehicle,
    pub is_electric: bool,
    pub km: u32,
    /// From where to where, and back.
    pub places: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub by: UserId,
    pub at: Timestamp,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reimbursement {
    pub on: Date,
    pub method: ReimbursementMethod,
    pub by: UserId,
}

/// What an employee drove in a year, in kilometres, as far as it was handed in: what a further kilometre is worth depends on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mileage {
    pub employee: EmployeeId,
    pub year: i16,
    pub km: BTreeMap<Vehicle, u32>,
}

/// A new report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReportInput {
    /// `Salon de Milan`; the month where empty.
    pub title: String,
}

impl ReportInput {
    pub fn parse(&self, today: Date) -> Result<String, Violations> {
        let mut wrong = Violations::default();
        if self.title.trim().is_empty() {
            return Ok(format!("Frais {}", de(&text::french_month(today))));
        }
        wrong.take("/title", legal::required(&self.title, TITLE_MAX)).ok_or(wrong)
    }
}

/// A line as it is typed; the same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ExpenseReportLineInput)]
pub struct ExpenseInput {
    pub on: String,
    /// `meal`, `lodging`, `transport`, `mileage`, `road`, `fuel`, `supplies`, `telecom`, `hospitality` or `other`.
    pub category: String,
    /// With VAT; of `mileage` it follows from the scale.
    pub amount: String,
    /// What of it is VAT that is got back; nothing where empty. Of lodging, of the transport of persons and of mileage there is
    /// none (CGI ann. II art. 206, IV).
    pub vat: String,
    /// `EUR`; the organization's where empty.
    pub currency: String,
    pub note: String,
    /// Of `mileage`: `car3` to `car7`, `motorcycle2`, `motorcycle5`, `motorcycle6` or `moped`.
    pub vehicle: String,
    /// `true` for an electric vehicle.
    pub is_electric: String,
    /// Of `mileage`, whole.
    pub km: String,
    /// Of `mileage`: from where to where.
    pub places: String,
}

impl ExpenseInput {
    /// The line that it makes; of a trip, what it is worth is told once the year's kilometres are known.
    pub fn parse(&self, number: u16, own: Currency, today: Date) -> Result<ExpenseLine, Violations> {
        let mut wrong = Violations::default();
        let on = wrong.take("/on", day(&self.on, today));
        let category = match self.category.trim() {
            "" => Err(Rule::Required),
            name => ExpenseCategory::named(name),
        };
        let category = wrong.take("/category", category);
        let note = wrong.take("/note", legal::optional(&self.note, |text| legal::text(text, NOTE_MAX)));
        if category == Some(ExpenseCategory::Mileage) {
            let trip = self.trip(own, &mut wrong);
            let (Some(on), Some(note), Some(trip), true) = (on, note, trip, wrong.is_empty()) else {
                return Err(wrong);
            };
            let (gross_minor, vat_minor) = (Minor::ZERO, Minor::ZERO);
            let category = ExpenseCategory::Mileage;
            let trip = Some(trip);
            return Ok(ExpenseLine {
                number,
                on,
                category,
                gross_minor,
                vat_minor,
                currency: own,
                note,
                trip,
                receipt: None,
            });
        }
        let currency = match self.currency.trim() {
            "" => Some(own),
            code => wrong.take("/currency", code.parse().map_err(|_| Rule::NotAChoice)),
        };
        let scale = currency.unwrap_or(own);
        let gross = wrong.take("/amount", money(&self.amount, scale, true));
        let vat = match self.vat.trim() {
            "" => Some(Minor::ZERO),
            typed => wrong.take("/vat", money(typed, scale, false)),
        };
        if let (Some(category), Some(vat)) = (category, vat)
            && !vat.is_zero()
            && !has_vat_back(category)
        {
            wrong.add("/vat", Rule::NoVatBack);
        }
        // No rate is above 20 per cent: a sixth of what was paid (CGI art. 278).
        if let (Some(gross), Some(vat)) = (gross, vat)
            && Decimal::from(vat.0) * Decimal::from(6) > Decimal::from(gross.0) + Decimal::from(6)
        {
            let max = Minor(gross.0 / 6).french(scale);
            wrong.add("/vat", Rule::OutOfRange { min: Minor::ZERO.french(scale), max });
        }
        let (Some(on), Some(category), Some(note), Some(currency), Some(gross_minor), Some(vat_minor), true) =
            (on, category, note, currency, gross, vat, wrong.is_empty())
        else {
            return Err(wrong);
        };
        Ok(ExpenseLine { number, on, category, gross_minor, vat_minor, currency, note, trip: None, receipt: None })
    }

    fn trip(&self, own: Currency, wrong: &mut Violations) -> Option<Trip> {
        if own != Currency::Eur {
            wrong.add("/category", Rule::OtherCurrency);
        }
        let vehicle = match self.vehicle.trim() {
            "" => Err(Rule::Required),
            name => Vehicle::named(name),
        };
        let vehicle = wrong.take("/vehicle", vehicle);
        let is_electric = wrong.take("/is_electric", flag(&self.is_electric));
        let km = legal::decimal(&self.km, 0, Decimal::ONE, Decimal::from(KM_MAX));
        let km =
            wrong.take("/km", km.and_then(|km| u32::try_from(km.trunc().mantissa()).map_err(|_| Rule::NotANumber)));
        let places = wrong.take("/places", legal::required(&self.places, PLACE_MAX));
        Some(Trip { vehicle: vehicle?, is_electric: is_electric?, km: km?, places: places? })
    }
}

fn day(typed: &str, today: Date) -> Result<Date, Rule> {
    let on = legal::date(typed.trim())?;
    let first = today.saturating_sub(YEARS_BACK.years());
    if on > today {
        Err(Rule::After { date: text::short_date(today) })
    } else if on < first {
        Err(Rule::Before { date: text::short_date(first) })
    } else {
        Ok(on)
    }
}

fn money(typed: &str, currency: Currency, is_positive: bool) -> Result<Minor, Rule> {
    let least = if is_positive { Decimal::new(1, currency.scale()) } else { Decimal::ZERO };
    let amount = legal::decimal(typed, currency.scale(), least, Decimal::from(1_000_000))?;
    Minor::round(amount, currency).map_err(|_| Rule::NotANumber)
}

/// CGI ann. II art. 206, IV, 2: no VAT is got back of lodging of the staff (2°) and of the transport of persons (5°); an
/// allowance has none.
pub const fn has_vat_back(category: ExpenseCategory) -> bool {
    !matches!(category, ExpenseCategory::Lodging | ExpenseCategory::Transport | ExpenseCategory::Mileage)
}

impl Mileage {
    pub fn new(employee: EmployeeId, year: i16) -> Self {
        Self { employee, year, km: BTreeMap::new() }
    }

    fn of(&self, vehicle: Vehicle) -> u32 {
        self.km.get(&vehicle).copied().unwrap_or_default()
    }
}

/// The kilometres of each year.
pub type Years = BTreeMap<i16, Mileage>;

impl ExpenseReport {
    pub fn new(
        id: ExpenseReportId,
        employee: EmployeeId,
        employee_number: String,
        title: String,
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            employee,
            employee_number,
            title,
            state: ReportState::Draft,
            lines: Vec::new(),
            next_line: 1,
            created_at: at,
            submitted_at: None,
            decision: None,
            reimbursement: None,
        }
    }

    /// What each currency adds up to.
    pub fn totals(&self) -> Vec<(Currency, Minor)> {
        let mut totals: Vec<(Currency, Minor)> = Vec::new();
        for line in &self.lines {
            match totals.iter_mut().find(|(currency, _)| *currency == line.currency) {
                Some((_, total)) => total.0 += line.gross_minor.0,
                None => totals.push((line.currency, line.gross_minor)),
            }
        }
        totals
    }

    pub fn line(&self, number: u16) -> Option<&ExpenseLine> {
        self.lines.iter().find(|line| line.number == number)
    }

    /// One is written while it was not handed in, and again once it was refused.
    pub fn must_be_open(&self) -> Result<()> {
        match self.state {
            ReportState::Draft | ReportState::Refused => Ok(()),
            _ => Err(Error::Conflict(Conflict::ExpenseReportMoved)),
        }
    }

    fn must_be(&self, state: ReportState) -> Result<()> {
        if self.state == state { Ok(()) } else { Err(Error::Conflict(Conflict::ExpenseReportMoved)) }
    }

    pub fn with_line(mut self, line: ExpenseLine) -> Result<Self> {
        self.must_be_open()?;
        let is_full = self.lines.len() >= LINES_MAX;
        match self.lines.iter_mut().find(|known| known.number == line.number) {
            Some(known) => *known = ExpenseLine { receipt: known.receipt.clone(), ..line },
            None if is_full => {
                return Err(Error::field("/on", Rule::TooMany { max: LINES_MAX }));
            }
            None => {
                self.next_line = self.next_line.max(line.number + 1);
                self.lines.push(line);
            }
        }
        self.lines.sort_by_key(|line| (line.on, line.number));
        Ok(self)
    }

    pub fn without_line(mut self, number: u16) -> Result<Self> {
        self.must_be_open()?;
        let at = self.lines.iter().position(|line| line.number == number).ok_or(Error::NotFound)?;
        self.lines.remove(at);
        Ok(self)
    }

    /// With what each trip is worth, after what was driven before; and the kilometres of each year with these.
    pub fn priced(mut self, years: &Years) -> Result<(Self, Years)> {
        let mut years = years.clone();
        self.lines.sort_by_key(|line| (line.on, line.number));
        for line in &mut self.lines {
            let Some(trip) = &line.trip else { continue };
            let year = line.on.year();
            let mileage = years.entry(year).or_insert_with(|| Mileage::new(self.employee, year));
            let before = mileage.of(trip.vehicle);
            let worth = allowance(trip.vehicle, trip.is_electric, before, trip.km, line.on);
            line.gross_minor = worth.ok_or_else(|| Error::field("/on", Rule::NotFound))?;
            *mileage.km.entry(trip.vehicle).or_default() = before.saturating_add(trip.km);
        }
        Ok((self, years))
    }

    /// Without its trips: the kilometres of each year as they would be.
    fn unpriced(&self, years: &Years) -> Years {
        let mut years = years.clone();
        for (line, trip) in self.lines.iter().filter_map(|line| Some((line, line.trip.as_ref()?))) {
            if let Some(mileage) = years.get_mut(&line.on.year()) {
                let km = mileage.km.entry(trip.vehicle).or_default();
                *km = km.saturating_sub(trip.km);
            }
        }
        years
    }

    /// Handed in: from now on its kilometres count.
    pub fn submitted(self, years: &Years, number: &str, at: Timestamp) -> Result<(Self, Years)> {
        self.must_be_open()?;
        if self.lines.is_empty() {
            return Err(Error::Conflict(Conflict::ExpenseReportEmpty));
        }
        let (priced, years) = self.priced(years)?;
        let changed = Self {
            state: ReportState::Submitted,
            employee_number: number.to_owned(),
            submitted_at: Some(at),
            decision: None,
            ..priced
        };
        Ok((changed, years))
    }

    pub fn approved(self, decision: Decision) -> Result<Self> {
        self.must_be(ReportState::Submitted)?;
        Ok(Self { state: ReportState::Approved, decision: Some(decision), ..self })
    }

    /// Its kilometres count no more; it may be handed in again.
    pub fn refused(self, decision: Decision, years: &Years) -> Result<(Self, Years)> {
        self.must_be(ReportState::Submitted)?;
        let years = self.unpriced(years);
        Ok((Self { state: ReportState::Refused, decision: Some(decision), ..self }, years))
    }

    pub fn reimbursed(self, reimbursement: Reimbursement) -> Result<Self> {
        self.must_be(ReportState::Approved)?;
        Ok(Self { state: ReportState::Reimbursed, reimbursement: Some(reimbursement), ..self })
    }

    /// What pay knows of it: of the month in which it was approved.
    pub fn payroll_expenses(&self, zone: &TimeZone) -> Result<PayrollExpenses> {
        let decision = self.decision.as_ref().ok_or_else(|| Error::internal("nobody approved the report"))?;
        Ok(PayrollExpenses {
            month: Month::of(decision.at.to_zoned(zone.clone()).date()),
            report: self.id,
            employee: self.employee,
            totals: self.totals(),
            reimbursed: self.reimbursement.as_ref().map(|reimbursement| reimbursement.method),
        })
    }

    /// What is told to whoever books it.
    pub fn approved_lines(&self) -> Vec<ApprovedExpense> {
        let line = |line: &ExpenseLine| ApprovedExpense {
            line: line.number,
            on: line.on,
            category: line.category,
            gross_minor: line.gross_minor,
            vat_minor: line.vat_minor,
            currency: line.currency,
            receipt: line
                .receipt
                .as_ref()
                .map(|receipt| ApprovedReceipt { upload: receipt.upload, bytes: receipt.bytes }),
        };
        self.lines.iter().map(line).collect()
    }
}

/// A yes or a no.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ExpenseReportDecisionInput)]
pub struct DecisionInput {
    /// Required to refuse.
    pub comment: String,
}

impl DecisionInput {
    pub fn parse(&self, must_say_why: bool) -> Result<Option<String>, Violations> {
        let mut wrong = Violations::default();
        let comment = match (self.comment.trim(), must_say_why) {
            ("", true) => Err(Rule::Required),
            (_, _) => legal::optional(&self.comment, |text| legal::text(text, COMMENT_MAX)),
        };
        wrong.take("/comment", comment).ok_or(wrong)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReimbursementInput {
    /// Not after today, which an empty text means, and not before it was approved.
    pub on: String,
    /// `transfer` (which an empty text means too), `payroll`, `cash` or `cheque`.
    pub method: String,
}

impl ReimbursementInput {
    pub fn parse(&self, by: UserId, decided_on: Option<Date>, today: Date) -> Result<Reimbursement, Violations> {
        let mut wrong = Violations::default();
        let on = if self.on.trim().is_empty() { Ok(today) } else { day(&self.on, today) };
        let on = on.and_then(|on| match decided_on {
            Some(decided_on) if on < decided_on => Err(Rule::Before { date: text::short_date(decided_on) }),
            _ => Ok(on),
        });
        let on = wrong.take("/on", on);
        let method = match self.method.trim() {
            "" => Ok(ReimbursementMethod::Transfer),
            name => ReimbursementMethod::ALL.into_iter().find(|one| one.name() == name).ok_or(Rule::NotAChoice),
        };
        let method = wrong.take("/method", method);
        match (on, method) {
            (Some(on), Some(method)) => Ok(Reimbursement { on, method, by }),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;

    const TODAY: Date = date(2026, 11, 30);

    pub fn input() -> ExpenseInput {
        ExpenseInput {
            on: "2026-11-12".into(),
            category: "meal".into(),
            amount: "22,00".into(),
            vat: "2,00".into(),
            ..ExpenseInput::default()
        }
    }

    fn trip(km: &str) -> ExpenseInput {
        ExpenseInput {
            on: "2026-11-13".into(),
            category: "mileage".into(),
            vehicle: "car5".into(),
            km: km.into(),
            places: "Lyon – Grenoble et retour".into(),
            ..ExpenseInput::default()
        }
    }

    pub fn report() -> ExpenseReport {
        let id = ExpenseReportId::from_ulid(Ulid(9));
        let report = ExpenseReport::new(
            id,
            EmployeeId::from_ulid(Ulid(5)),
            "M-014".into(),
            "Salon".into(),
            Timestamp::UNIX_EPOCH,
        );
        report.with_line(input().parse(1, Currency::Eur, TODAY).unwrap()).unwrap()
    }

    fn decision() -> Decision {
        Decision { by: UserId::from_ulid(Ulid(4)), at: Timestamp::UNIX_EPOCH, comment: None }
    }

    fn wrong(input: &ExpenseInput) -> String {
        let wrong = input.parse(1, Currency::Eur, TODAY).unwrap_err();
        let mut pointers: Vec<_> = wrong.iter().map(|one| one.pointer.clone()).collect();
        pointers.sort_unstable();
        pointers.join(" ")
    }

    #[test]
    fn vat_is_what_the_law_gives_back() {
        // Category, gross, VAT, whether it is accepted, and why.
        for (category, amount, vat, fine, why) in [
            ("meal", "120", "20", true, "CGI art. 278: 20 per cent"),
            ("meal", "120", "20,01", true, "a cent of rounding"),
            ("meal", "120", "21", false, "more than any rate"),
            ("lodging", "110", "10", false, "CGI ann. II art. 206, IV, 2, 2°"),
            ("lodging", "110", "", true, "the same, without"),
            ("transport", "55", "5", false, "CGI ann. II art. 206, IV, 2, 5°"),
            ("fuel", "60", "10", true, "in full since 2022 (CGI art. 298, 4)"),
        ] {
            let input = ExpenseInput { category: category.into(), amount: amount.into(), vat: vat.into(), ..input() };
            assert_eq!(input.parse(1, Currency::Eur, TODAY).is_ok(), fine, "{category} {vat}: {why}");
        }
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let all = ExpenseInput {
            on: "2026-12-01".into(),
            category: "cadeau".into(),
            amount: "0".into(),
            vat: "x".into(),
            currency: "ECU".into(),
            ..ExpenseInput::default()
        };
        assert_eq!(wrong(&all), "/amount /category /currency /on /vat");
        assert_eq!(wrong(&ExpenseInput { on: "2023-11-29".into(), ..input() }), "/on", "lapsed: C. trav. L3245-1");
        let none = ExpenseInput { vehicle: "velo".into(), km: "0".into(), places: " ".into(), ..trip("0") };
        assert_eq!(wrong(&none), "/km /places /vehicle");
    }

    #[test]
    fn kilometres_of_a_year_are_worth_less_the_more_there_are() {
        let mut years = Years::new();
        let driven = |km: &str| {
            let line = trip(km).parse(2, Currency::Eur, TODAY).unwrap();
            report().with_line(line).unwrap()
        };
        let (first, after) = driven("4900").submitted(&years, "M-014", Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(first.line(2).unwrap().gross_minor, Minor(311_640));
        years = after;
        let (second, after) = driven("200").submitted(&years, "M-014", Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(second.line(2).unwrap().gross_minor, Minor(9_930));
        // What was refused was not driven for the organization.
        let (refused, back) = second.refused(decision(), &after).unwrap();
        assert_eq!((refused.state, &back), (ReportState::Refused, &years));
        let (again, _) = refused.submitted(&back, "M-014", Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((again.line(2).unwrap().gross_minor, again.decision), (Minor(9_930), None));
        assert_eq!(first.totals(), [(Currency::Eur, Minor(313_840))]);
    }

    #[test]
    fn a_report_goes_one_way() {
        let years = Years::new();
        let draft = report();
        let (submitted, _) = draft.clone().submitted(&years, "M-014", Timestamp::UNIX_EPOCH).unwrap();
        let approved = submitted.clone().approved(decision()).unwrap();
        let (refused, _) = submitted.clone().refused(decision(), &years).unwrap();
        let reimbursement = || ReimbursementInput::default().parse(decision().by, None, TODAY).unwrap();
        let reimbursed = approved.clone().reimbursed(reimbursement()).unwrap();
        // Whether each can be written, handed in, approved, refused, reimbursed.
        for (report, can) in [
            (draft, [true, true, false, false, false]),
            (submitted, [false, false, true, true, false]),
            (approved, [false, false, false, false, true]),
            (refused, [true, true, false, false, false]),
            (reimbursed, [false, false, false, false, false]),
        ] {
            let does = [
                report.clone().without_line(1).is_ok(),
                report.clone().submitted(&years, "M-014", Timestamp::UNIX_EPOCH).is_ok(),
                report.clone().approved(decision()).is_ok(),
                report.clone().refused(decision(), &years).is_ok(),
                report.clone().reimbursed(reimbursement()).is_ok(),
            ];
            assert_eq!(does, can, "{:?}", report.state);
        }
        let empty = report().without_line(1).unwrap();
        assert!(matches!(
            empty.submitted(&years, "M-014", Timestamp::UNIX_EPOCH),
            Err(Error::Conflict(Conflict::ExpenseReportEmpty))
        ));
    }

    #[test]
    fn a_number_is_never_another_line_s() {
        let report = report().without_line(1).unwrap();
        assert_eq!(report.next_line, 2);
        let report = report.with_line(input().parse(2, Currency::Eur, TODAY).unwrap()).unwrap();
        let changed = ExpenseInput { amount: "30".into(), vat: String::new(), ..input() };
        let report = report.with_line(changed.parse(2, Currency::Eur, TODAY).unwrap()).unwrap();
        assert_eq!((report.lines.len(), report.lines[0].gross_minor, report.next_line), (1, Minor(3_000), 3));
    }

    #[test]
    fn who_refuses_says_why() {
        let said = |comment: &str| DecisionInput { comment: comment.into() };
        assert!(said(" ").parse(true).is_err() && said("").parse(false) == Ok(None));
        assert_eq!(said("Justificatif illisible").parse(true), Ok(Some("Justificatif illisible".into())));
    }
}
