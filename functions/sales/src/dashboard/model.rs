//! Periods, and what their months come to. Pure.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use kernel::{Currency, Error, Minor, Result, text};
use serde::{Deserialize, Serialize};

use crate::{
    money::{converted, share},
    projection::{DueSums, ExpenseSums, MonthSums, QuoteSums, months_before},
};

/// How many months a period has at most.
const MONTHS_MAX: i32 = 60;

/// `?period=2026-Q4`, or `?from=2026-01&to=2026-06`; whose clients; with what it is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// A year, a quarter or a month: `2026`, `2026-Q4`, `2026-11`.
    pub period: String,
    /// The first month: `2026-01`.
    pub from: String,
    /// The last month.
    pub to: String,
    pub assigned_to: String,
    /// `year` for the same months a year before, else what came right before.
    pub compare: String,
}

/// Why months are no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    NoMonth,
    Reversed,
    TooLong,
}

impl Mistake {
    pub fn french(self) -> String {
        match self {
            Self::NoMonth => "Indiquez chaque mois par son année et son numéro, comme 2026-01.".into(),
            Self::Reversed => "Le premier mois vient après le dernier\u{a0}: inversez-les.".into(),
            Self::TooLong => {
                format!("Une période a {MONTHS_MAX}\u{a0}mois au plus\u{a0}: choisissez-en une plus courte.")
            }
        }
    }
}

impl Asked {
    /// The month of today where nothing is asked for.
    pub fn period(&self, today: Date) -> Result<Period> {
        let malformed =
            || Error::Malformed { detail: "a period is YYYY, YYYY-Qn, YYYY-MM, or from and to, YYYY-MM each".into() };
        match self.period.trim() {
            "" => self.typed(today).map_err(|_| malformed()),
            period => Period::named(period).ok_or_else(malformed),
        }
    }

    /// What is wrong with the months that somebody typed.
    pub fn mistake(&self, today: Date) -> Option<Mistake> {
        if self.period.trim().is_empty() { self.typed(today).err() } else { None }
    }

    /// From the first month until today, or until the last one from the beginning of its year on, where the other is not said.
    fn typed(&self, today: Date) -> std::result::Result<Period, Mistake> {
        let read = |code: &str| month(code).ok_or(Mistake::NoMonth);
        let (from, to) = match (self.from.trim(), self.to.trim()) {
            ("", "") => return Ok(Period::month_of(today)),
            (from, "") => {
                let from = read(from)?;
                (from, from.max(today.first_of_month()))
            }
            ("", to) => {
                let to = read(to)?;
                (to.first_of_year(), to)
            }
            (from, to) => (read(from)?, read(to)?),
        };
        if from > to {
            return Err(Mistake::Reversed);
        }
        Period::between(from, to).ok_or(Mistake::TooLong)
    }

    /// The link to the same of another period.
    pub fn link(&self, path: &str, period: Period) -> String {
        let (from, to) = (month_code(period.from), month_code(period.to));
        let fields =
            [("from", from.as_str()), ("to", &to), ("assigned_to", &self.assigned_to), ("compare", &self.compare)];
        web::form::link(path, &fields)
    }
}

/// `2026-11`.
pub fn month_code(month: Date) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}

fn month(code: &str) -> Option<Date> {
    if code.len() != 7 {
        return None;
    }
    kernel::legal::date(&format!("{code}-01")).ok()
}

/// Whole months, from the first day of the first to the last day of the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    /// The first day of the last month.
    pub to: Date,
}

impl Period {
    pub fn month_of(today: Date) -> Self {
        Self { from: today.first_of_month(), to: today.first_of_month() }
    }

    pub fn quarter_of(today: Date) -> Self {
        let from = months_before(today, i32::from((today.month() - 1) % 3));
        Self { from, to: from.saturating_add(2.months()) }
    }

    pub fn year_of(today: Date) -> Self {
        let from = today.first_of_year();
        Self { from, to: from.saturating_add(11.months()) }
    }

    /// None where it ends before it begins, or has too many months.
    pub fn between(from: Date, to: Date) -> Option<Self> {
        let period = Self { from: from.first_of_month(), to: to.first_of_month() };
        (period.from <= period.to && period.length() <= MONTHS_MAX).then_some(period)
    }

    fn named(name: &str) -> Option<Self> {
        let year = |text: &str| kernel::legal::date(&format!("{text}-01-01")).ok();
        match (name.len(), name.split_once("-Q")) {
            (4, None) => year(name).map(Self::year_of),
            (7, None) => month(name).map(Self::month_of),
            (7, Some((of, number @ ("1" | "2" | "3" | "4")))) => {
                let months: i32 = number.parse::<i32>().ok()? * 3 - 3;
                Some(Self::quarter_of(year(of)?.saturating_add(months.months())))
            }
            _ => None,
        }
    }

    /// How many months it has.
    pub fn length(self) -> i32 {
        i32::from(self.to.year() - self.from.year()) * 12 + i32::from(self.to.month() - self.from.month()) + 1
    }

    pub fn months(self) -> impl Iterator<Item = Date> {
        (0..self.length()).map(move |at| self.from.saturating_add(at.months()))
    }

    pub fn last_day(self) -> Date {
        self.to.last_of_month()
    }

    /// As long, right before it.
    #[must_use]
    pub fn previous(self) -> Self {
        let length = self.length();
        Self { from: months_before(self.from, length), to: months_before(self.to, length) }
    }

    #[must_use]
    pub fn year_before(self) -> Self {
        Self { from: months_before(self.from, 12), to: months_before(self.to, 12) }
    }

    /// Whether more of it is to come.
    pub fn goes_on(self, today: Date) -> bool {
        today <= self.last_day()
    }

    pub fn has(self, month: Date) -> bool {
        (self.from..=self.to).contains(&month)
    }

    /// How it is called where clients are ranked; none of one that is no year, quarter or month.
    pub fn code(self) -> Option<String> {
        let (year, month) = (self.from.year(), self.from.month());
        match (self.length(), month) {
            (1, _) => Some(month_code(self.from)),
            (3, 1 | 4 | 7 | 10) => Some(format!("{year:04}-Q{}", (month + 2) / 3)),
            (12, 1) => Some(format!("{year:04}")),
            _ => None,
        }
    }

    /// The years, quarters and months that make it up, as few as there are.
    pub fn parts(self) -> Vec<Self> {
        let (mut parts, mut from) = (Vec::new(), self.from);
        while from <= self.to {
            let wholes = [Self::year_of(from), Self::quarter_of(from), Self::month_of(from)];
            let fits = |part: &Self| part.from == from && part.to <= self.to;
            let part = wholes.into_iter().find(fits).unwrap_or_else(|| Self::month_of(from));
            parts.push(part);
            from = part.to.saturating_add(1.months());
        }
        parts
    }

    pub fn french(self) -> String {
        let (year, month) = (self.from.year(), self.from.month());
        match (self.length(), month) {
            (1, _) => text::french_month(self.from),
            (3, 1 | 4 | 7 | 10) => {
                format!("{} trimestre {year}", ["1er", "2e", "3e", "4e"][usize::from((month as u8 - 1) / 3)])
            }
            (12, 1) => format!("année {year}"),
            _ => format!("{} – {}", text::french_month(self.from), text::french_month(self.to)),
        }
    }
}

/// What several months come to, in the organization's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub invoices: MonthSums,
    pub quotes: QuoteSums,
    /// Of the organization alone: nobody's.
    pub expenses: ExpenseSums,
}

impl Totals {
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            invoices: self.invoices.plus(other.invoices),
            quotes: self.quotes.plus(other.quotes),
            expenses: self.expenses.plus(other.expenses),
        }
    }

    /// Revenue net of credit notes, net of VAT.
    pub const fn net(&self) -> Minor {
        Minor(self.invoices.own_net_minor - self.invoices.own_credited_net_minor)
    }

    /// The same with VAT.
    pub const fn gross(&self) -> Minor {
        Minor(self.invoices.own_gross_minor - self.invoices.own_credited_gross_minor)
    }

    /// What was spent, less the VAT that is deducted.
    pub const fn costs(&self) -> Minor {
        Minor(self.expenses.own_cost_minor)
    }

    /// What of revenue the expenses leave.
    pub const fn margin(&self) -> Minor {
        Minor(self.net().0 - self.expenses.own_cost_minor)
    }

    pub const fn cash_net(&self) -> Minor {
        Minor(self.invoices.own_cash_net_minor)
    }

    pub const fn cash_gross(&self) -> Minor {
        Minor(self.invoices.own_cash_gross_minor)
    }

    /// How many days it took until invoices were paid whole, on average, in tenths; none where none was.
    pub fn delay_tenths(&self) -> Option<i64> {
        let MonthSums { settled, settled_days, .. } = self.invoices;
        (settled > 0).then(|| (settled_days * 20 + settled) / (2 * settled))
    }

    /// Quotes that were accepted, of those that were decided, in whole per cent; none where none was.
    pub fn conversion(&self) -> Option<i64> {
        let QuoteSums { accepted, refused, expired, .. } = self.quotes;
        let decided = accepted + refused + expired;
        (decided > 0).then(|| (200 * accepted + decided) / (2 * decided))
    }

    /// What an invoice comes to on average, net of VAT.
    pub fn average(&self) -> Option<Minor> {
        let MonthSums { invoices, own_net_minor, .. } = self.invoices;
        (invoices > 0).then(|| Minor(share(own_net_minor, 1, invoices)))
    }
}

/// All that a period comes to, beside the period before and the same a year ago.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    pub period: Period,
    pub current: Totals,
    pub previous: Totals,
    pub year_before: Totals,
    /// Of the period, each of its months.
    pub months: Vec<(Date, Totals)>,
    /// In each currency, as its documents say.
    pub currencies: BTreeMap<&'static str, Totals>,
}

/// Sums of a month in one currency, of invoices or of quotes.
#[derive(Debug, Clone, Copy)]
pub struct MonthTotals {
    pub month: Date,
    pub currency: Currency,
    pub totals: Totals,
}

impl Figures {
    pub fn of(period: Period, sums: &[MonthTotals]) -> Self {
        let within = |period: Period| {
            let within = sums.iter().filter(|sums| period.has(sums.month));
            within.fold(Totals::default(), |total, sums| total.plus(sums.totals))
        };
        let mut currencies: BTreeMap<&'static str, Totals> = BTreeMap::new();
        for sums in sums.iter().filter(|sums| period.has(sums.month)) {
            let total = currencies.entry(sums.currency.code()).or_default();
            *total = total.plus(sums.totals);
        }
        Self {
            period,
            current: within(period),
            previous: within(period.previous()),
            year_before: within(period.year_before()),
            months: period.months().map(|month| (month, within(Period::month_of(month)))).collect(),
            currencies,
        }
    }
}

impl Figures {
    /// Of each currency in which something was invoiced, credited or paid.
    pub fn sold(&self) -> impl Iterator<Item = (Currency, &Totals)> {
        self.by_currency().filter(|(_, totals)| !totals.invoices.is_nothing())
    }

    /// Of each currency in which something was spent or offered and that nothing converts but what an invoice says: it is in no
    /// amount of the organization's.
    pub fn unconverted(&self, own: Currency) -> impl Iterator<Item = (Currency, &Totals)> {
        let is_unknown = move |currency: Currency| converted(Minor::ZERO, currency, own, None).is_none();
        let has_some = |totals: &Totals| !totals.expenses.is_nothing() || !totals.quotes.is_nothing();
        self.by_currency().filter(move |(currency, totals)| has_some(totals) && is_unknown(*currency))
    }

    fn by_currency(&self) -> impl Iterator<Item = (Currency, &Totals)> {
        self.currencies.iter().filter_map(|(code, totals)| Some((code.parse().ok()?, totals)))
    }
}

/// From one amount to another, in whole per cent of the former; none where there was none.
pub fn growth(now: Minor, before: Minor) -> Option<i64> {
    let (now, before) = (i128::from(now.0), i128::from(before.0));
    if before == 0 {
        return None;
    }
    let change = (now - before) * 200 / before.abs();
    i64::try_from((change + change.signum()) / 2).ok()
}

/// How late something is that is still to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    NotDue,
    To30,
    To60,
    To90,
    Beyond,
}

impl Age {
    pub const ALL: [Self; 5] = [Self::NotDue, Self::To30, Self::To60, Self::To90, Self::Beyond];

    pub const fn name(self) -> &'static str {
        match self {
            Self::NotDue => "not_due",
            Self::To30 => "to_30",
            Self::To60 => "to_60",
            Self::To90 => "to_90",
            Self::Beyond => "beyond",
        }
    }

    /// What is not due where nothing is said.
    pub fn named(name: &str) -> Result<Self> {
        if name.is_empty() {
            return Ok(Self::NotDue);
        }
        let known = Self::ALL.into_iter().find(|age| age.name() == name);
        let names = || format!("an age is one of {}", Self::ALL.map(Self::name).join(", "));
        known.ok_or_else(|| Error::Malformed { detail: names() })
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::NotDue => "À échoir",
            Self::To30 => "1 à 30 jours de retard",
            Self::To60 => "31 à 60 jours",
            Self::To90 => "61 à 90 jours",
            Self::Beyond => "Plus de 90 jours",
        }
    }

    pub fn of(due_on: Date, today: Date) -> Self {
        match due_on.until(today).map_or(0, |span| span.get_days()) {
            ..=0 => Self::NotDue,
            1..=30 => Self::To30,
            31..=60 => Self::To60,
            61..=90 => Self::To90,
            _ => Self::Beyond,
        }
    }

    /// The first and the last due date that are so late today.
    pub fn due(self, today: Date) -> (Option<Date>, Option<Date>) {
        let before = |days: i64| Some(today.saturating_sub(days.days()));
        match self {
            Self::NotDue => (Some(today), None),
            Self::To30 => (before(30), before(1)),
            Self::To60 => (before(60), before(31)),
            Self::To90 => (before(90), before(61)),
            Self::Beyond => (None, before(91)),
        }
    }
}

/// What is still to be paid, by how late it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ageing {
    pub not_due: DueSums,
    pub to_30: DueSums,
    pub to_60: DueSums,
    pub to_90: DueSums,
    pub beyond: DueSums,
}

impl Ageing {
    pub const fn of(&self, age: Age) -> DueSums {
        match age {
            Age::NotDue => self.not_due,
            Age::To30 => self.to_30,
            Age::To60 => self.to_60,
            Age::To90 => self.to_90,
            Age::Beyond => self.beyond,
        }
    }

    pub const fn late(&self) -> DueSums {
        self.to_30.plus(self.to_60).plus(self.to_90).plus(self.beyond)
    }

    pub const fn all(&self) -> DueSums {
        self.not_due.plus(self.late())
    }
}

pub fn ageing(dues: impl IntoIterator<Item = (Date, DueSums)>, today: Date) -> Ageing {
    let mut ageing = Ageing::default();
    for (due_on, sums) in dues {
        let bucket = match Age::of(due_on, today) {
            Age::NotDue => &mut ageing.not_due,
            Age::To30 => &mut ageing.to_30,
            Age::To60 => &mut ageing.to_60,
            Age::To90 => &mut ageing.to_90,
            Age::Beyond => &mut ageing.beyond,
        };
        *bucket = bucket.plus(sums);
    }
    ageing
}

/// How many weeks the cash forecast looks ahead: 91 days.
pub const WEEKS: usize = 13;

/// What is expected within seven days, in the organization's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CashWeek {
    pub from: Date,
    pub to: Date,
    /// Of invoices that are issued.
    pub due: Minor,
    /// Of recurring invoices that will be.
    pub recurring: Minor,
    /// Going out: of expenses that count.
    pub expenses: Minor,
    /// Of recurring ones that will.
    pub recurring_expenses: Minor,
    /// All until the end of it.
    pub balance: Minor,
}

impl CashWeek {
    /// Whether nothing comes in and nothing goes out.
    pub fn is_nothing(&self) -> bool {
        [self.due, self.recurring, self.expenses, self.recurring_expenses].iter().all(|amount| amount.is_zero())
    }
}

/// From today on, week by week; what was due before today is in none of them.
pub fn cash_weeks(
    today: Date,
    due: &[(Date, Minor)],
    recurring: &[(Date, Minor)],
    expenses: &[(Date, Minor)],
    recurring_expenses: &[(Date, Minor)],
) -> Vec<CashWeek> {
    let mut balance = 0;
    (0..WEEKS as i64)
        .map(|week| {
            let from = today.saturating_add((week * 7).days());
            let to = from.saturating_add(6.days());
            let within = |amounts: &[(Date, Minor)]| {
                amounts.iter().filter(|(on, _)| (from..=to).contains(on)).map(|(_, amount)| amount.0).sum::<i64>()
            };
            let (due, recurring) = (within(due), within(recurring));
            let (expenses, recurring_expenses) = (within(expenses), within(recurring_expenses));
            balance += due + recurring - expenses - recurring_expenses;
            let [due, recurring, expenses, recurring_expenses, balance] =
                [due, recurring, expenses, recurring_expenses, balance].map(Minor);
            CashWeek { from, to, due, recurring, expenses, recurring_expenses, balance }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn asked(period: &str, from: &str, to: &str) -> Option<(Date, Date)> {
        let asked = Asked { period: period.into(), from: from.into(), to: to.into(), ..Asked::default() };
        asked.period(date(2026, 11, 22)).ok().map(|period| (period.from, period.last_day()))
    }

    #[test]
    fn a_period_is_whole_months() {
        for (period, from, to, expected) in [
            ("", "", "", Some((date(2026, 11, 1), date(2026, 11, 30)))),
            ("2026", "", "", Some((date(2026, 1, 1), date(2026, 12, 31)))),
            ("2026-Q1", "", "", Some((date(2026, 1, 1), date(2026, 3, 31)))),
            ("2024-02", "", "", Some((date(2024, 2, 1), date(2024, 2, 29)))),
            ("", "2025-12", "2026-02", Some((date(2025, 12, 1), date(2026, 2, 28)))),
            ("", "2026-09", "", Some((date(2026, 9, 1), date(2026, 11, 30)))),
            ("2026-Q5", "", "", None),
            ("2026-13", "", "", None),
            ("", "2026-05", "2026-04", None),
            ("", "2015-01", "2026-01", None),
            ("", "", "2026-04", Some((date(2026, 1, 1), date(2026, 4, 30)))),
            ("", "2026-04", "demain", None),
            ("demain", "", "", None),
        ] {
            assert_eq!(asked(period, from, to), expected, "{period} {from} {to}");
        }
    }

    #[test]
    fn what_is_wrong_with_typed_months_is_told() {
        let told = |period: &str, from: &str, to: &str| {
            let asked = Asked { period: period.into(), from: from.into(), to: to.into(), ..Asked::default() };
            asked.mistake(date(2026, 11, 22))
        };
        assert_eq!(told("", "2026-05", "2026-04"), Some(Mistake::Reversed));
        assert_eq!(told("", "2015-01", "2026-01"), Some(Mistake::TooLong));
        assert_eq!(told("", "2015-01", ""), Some(Mistake::TooLong));
        assert_eq!(told("", "", "avril"), Some(Mistake::NoMonth));
        assert_eq!((told("", "2026-04", "2026-05"), told("demain", "", "")), (None, None));
    }

    #[test]
    fn an_average_is_rounded_and_not_cut() {
        let of = |own_net_minor, invoices| {
            let invoices = MonthSums { invoices, own_net_minor, ..MonthSums::default() };
            Totals { invoices, ..Totals::default() }.average()
        };
        assert_eq!((of(500, 3), of(400, 3), of(3, 2)), (Some(Minor(167)), Some(Minor(133)), Some(Minor(2))));
        assert_eq!(of(500, 0), None);
    }

    #[test]
    fn a_period_knows_what_came_before_it_and_what_it_is_called() {
        let quarter = Period::quarter_of(date(2026, 2, 14));
        assert_eq!(quarter.previous(), Period::quarter_of(date(2025, 11, 1)));
        assert_eq!(quarter.year_before(), Period::quarter_of(date(2025, 3, 1)));
        assert_eq!((quarter.french().as_str(), quarter.code().as_deref()), ("1er trimestre 2026", Some("2026-Q1")));
        assert_eq!(Period::year_of(date(2026, 2, 1)).french(), "année 2026");
        let own = Period::between(date(2025, 12, 1), date(2026, 2, 1)).unwrap();
        assert_eq!((own.french().as_str(), own.code()), ("décembre\u{a0}2025 – février\u{a0}2026", None));
        assert_eq!(own.previous(), Period::between(date(2025, 9, 1), date(2025, 11, 1)).unwrap());
    }

    #[test]
    fn a_period_is_made_of_few_parts() {
        let own = Period::between(date(2024, 11, 1), date(2026, 5, 1)).unwrap();
        let parts: Vec<_> = own.parts().into_iter().filter_map(Period::code).collect();
        assert_eq!(parts, ["2024-11", "2024-12", "2025", "2026-Q1", "2026-04", "2026-05"]);
        assert_eq!(Period::year_of(date(2026, 3, 3)).parts(), [Period::year_of(date(2026, 3, 3))]);
    }

    #[test]
    fn growth_is_in_per_cent_of_what_was() {
        for (now, before, expected) in
            [(120, 100, Some(20)), (50, 100, Some(-50)), (100, 0, None), (100, -50, Some(300)), (1_005, 1_000, Some(1))]
        {
            assert_eq!(growth(Minor(now), Minor(before)), expected, "{now} {before}");
        }
    }

    #[test]
    fn what_is_late_is_told_by_thirty_days() {
        let today = date(2026, 11, 22);
        let one = DueSums { count: 1, open_minor: 10, own_open_minor: 10 };
        let ages = [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (-5, 0)];
        for (days, bucket) in ages {
            let Ageing { not_due, to_30, to_60, to_90, beyond } =
                ageing([(today.saturating_sub(days.days()), one)], today);
            let counts = [not_due, to_30, to_60, to_90, beyond].map(|sums| sums.count);
            assert_eq!(counts.iter().position(|count| *count == 1), Some(bucket), "{days} days");
        }
    }

    #[test]
    fn each_due_date_is_in_the_days_of_its_age_and_of_no_other() {
        let today = date(2026, 11, 22);
        for days in -400..400 {
            let due_on = today.saturating_add(days.days());
            let has = |age: &Age| {
                let (from, to) = age.due(today);
                from.is_none_or(|from| from <= due_on) && to.is_none_or(|to| due_on <= to)
            };
            let ages: Vec<_> = Age::ALL.into_iter().filter(has).collect();
            assert_eq!(ages, [Age::of(due_on, today)], "{due_on}");
        }
        for age in Age::ALL {
            assert_eq!(Age::named(age.name()).ok(), Some(age));
        }
        assert!(Age::named("old").is_err());
    }

    #[test]
    fn cash_is_told_by_week_and_adds_up() {
        let today = date(2026, 11, 22);
        let due = [(date(2026, 11, 21), Minor(1)), (today, Minor(10)), (date(2026, 11, 29), Minor(20))];
        let (bring, spend) = ([(date(2026, 12, 1), Minor(5))], [(date(2026, 11, 28), Minor(3))]);
        let weeks =
            cash_weeks(today, &due, &bring, &spend, &[(date(2026, 12, 6), Minor(2)), (date(2027, 2, 21), Minor(9))]);
        assert_eq!(weeks.len(), WEEKS);
        assert_eq!((weeks[0].due, weeks[0].expenses, weeks[0].balance), (Minor(10), Minor(3), Minor(7)));
        assert_eq!((weeks[1].due, weeks[1].recurring, weeks[12].balance), (Minor(20), Minor(5), Minor(30)));
        assert_eq!((weeks[1].recurring_expenses, weeks[2].recurring_expenses), (Minor::ZERO, Minor(2)));
        assert_eq!(weeks[12].to, date(2027, 2, 20));
    }
}
