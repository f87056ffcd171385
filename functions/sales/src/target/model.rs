//! What a target is, how far it is, and whether it is within reach. Pure.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Currency, Minor, Result, Rule, Violations,
    id::{TargetId, UserId},
    legal, text,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::dashboard::{Period, Totals, month_code};

/// How many there are at most.
pub const TARGETS_MAX: u16 = 100;
/// How many members a team has at most.
pub const TEAM_MAX: usize = 20;
/// Of so many periods a target remembers what was told.
const MARKS_MAX: usize = 24;
/// How many periods it knows: the current one and those before it.
const PERIODS_MAX: usize = 12;

/// Nothing is told to be out of reach before this part of the period is over: a third.
const TOLD_AFTER: (i64, i64) = (1, 3);
/// What at this pace would stay below so many per cent is out of reach.
const OFF_TRACK_BELOW: i64 = 90;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// What was invoiced less what was credited, net of VAT.
    Revenue,
    /// Invoices that were issued.
    Invoices,
    /// Quotes that were sent.
    Quotes,
    /// Of the quotes that were decided, those that were accepted, in per cent.
    Conversion,
    /// Clients who were invoiced for the first time.
    NewClients,
}

impl TargetKind {
    pub const ALL: [Self; 5] = [Self::Revenue, Self::Invoices, Self::Quotes, Self::Conversion, Self::NewClients];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Revenue => "revenue",
            Self::Invoices => "invoices",
            Self::Quotes => "quotes",
            Self::Conversion => "conversion",
            Self::NewClients => "new_clients",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Revenue => "Chiffre d’affaires HT",
            Self::Invoices => "Factures émises",
            Self::Quotes => "Devis envoyés",
            Self::Conversion => "Taux d’acceptation des devis",
            Self::NewClients => "Nouveaux clients",
        }
    }

    /// A part of something, which does not grow as time passes.
    pub const fn is_ratio(self) -> bool {
        matches!(self, Self::Conversion)
    }

    /// Of several members, or of several months, what they come to together.
    fn achieved(self, totals: &Totals) -> i64 {
        match self {
            Self::Revenue => totals.net().0,
            Self::Invoices => totals.invoices.invoices,
            Self::Quotes => totals.quotes.sent,
            Self::Conversion => totals.conversion().unwrap_or_default(),
            Self::NewClients => totals.invoices.new_clients,
        }
    }

    /// `12 000,00 €`, `12`, `40 %`.
    pub fn told(self, amount: i64, currency: Currency) -> String {
        match self {
            Self::Revenue => Minor(amount).french(currency),
            Self::Conversion => format!("{amount}\u{a0}%"),
            Self::Invoices | Self::Quotes | Self::NewClients => kernel::money::french_decimal(amount.into()),
        }
    }

    /// As an input types it.
    fn plain(self, amount: i64, currency: Currency) -> String {
        match self {
            Self::Revenue => Minor(amount).to_decimal(currency).normalize().to_string(),
            _ => amount.to_string(),
        }
    }
}

/// How long each of its periods is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TargetSpan)]
pub enum Span {
    Monthly,
    Quarterly,
    Yearly,
}

impl Span {
    pub const ALL: [Self; 3] = [Self::Monthly, Self::Quarterly, Self::Yearly];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Monthly => "Chaque mois",
            Self::Quarterly => "Chaque trimestre",
            Self::Yearly => "Chaque année",
        }
    }

    pub fn period_of(self, on: Date) -> Period {
        match self {
            Self::Monthly => Period::month_of(on),
            Self::Quarterly => Period::quarter_of(on),
            Self::Yearly => Period::year_of(on),
        }
    }
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetInput {
    pub name: String,
    /// `revenue`, `invoices`, `quotes`, `conversion` or `new_clients`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `monthly`, `quarterly` or `yearly`.
    pub period: String,
    /// An amount for revenue (`12000.50`), a number, or per cent for conversion.
    pub goal: String,
    /// The first month that counts: `2026-01`.
    pub from: String,
    /// The last one; empty for one that goes on.
    #[serde(default)]
    pub until: String,
    /// The member `usr_…` whose it is, or several for a team; nobody for the whole organization.
    #[serde(default)]
    pub assigned_to: Vec<String>,
}

/// Whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub enum Aim {
    Organization,
    Team(Vec<UserId>),
    Person(UserId),
}

impl Aim {
    fn of(mut users: Vec<UserId>) -> Self {
        users.sort();
        users.dedup();
        match users.as_slice() {
            [] => Self::Organization,
            [user] => Self::Person(*user),
            _ => Self::Team(users),
        }
    }

    pub fn users(&self) -> &[UserId] {
        match self {
            Self::Organization => &[],
            Self::Team(users) => users,
            Self::Person(user) => std::slice::from_ref(user),
        }
    }
}

/// What was told of one period, each once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_track_on: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    pub id: TargetId,
    pub name: String,
    pub kind: TargetKind,
    pub span: Span,
    /// In the minor unit of the currency for revenue.
    pub goal: i64,
    pub currency: Currency,
    /// The first month that counts.
    pub from: Date,
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    pub aim: Aim,
    pub created_at: Timestamp,
}

/// How far a target is: beside it, so that whoever changes it has nothing to do with what is counted meanwhile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    pub target: TargetId,
    /// Whose it is, where it is one member's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<UserId>,
    /// By the first day of the period: the current one and those before it.
    #[serde(default)]
    pub achieved: BTreeMap<Date, i64>,
    #[serde(default)]
    pub marks: BTreeMap<Date, Mark>,
    /// When the clock is to look whether it is within reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_on: Option<Date>,
}

impl TargetInput {
    /// A new target, or what an edited one says; whose it is is decided beside it.
    pub fn parse(&self, id: TargetId, created_at: Timestamp, currency: Currency) -> Result<Target> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, 80));
        let kind = TargetKind::ALL.into_iter().find(|kind| kind.name() == self.kind.trim());
        let kind = wrong.take("/type", kind.ok_or(Rule::NotAChoice));
        let span = Span::ALL.into_iter().find(|span| span.name() == self.period.trim());
        let span = wrong.take("/period", span.ok_or(Rule::NotAChoice));
        let goal = kind.and_then(|kind| wrong.take("/goal", goal(kind, &self.goal, currency)));
        let from = wrong.take("/from", month(&self.from));
        let until = match self.until.trim() {
            "" => Some(None),
            text => wrong.take("/until", month(text)).map(Some),
        };
        if let (Some(from), Some(Some(until))) = (from, until)
            && until < from
        {
            wrong.add("/until", Rule::Before { date: text::short_date(from) });
        }
        let users = self.users(&mut wrong);
        match (name, kind, span, goal, from, until, wrong.is_empty()) {
            (Some(name), Some(kind), Some(span), Some(goal), Some(from), Some(until), true) => Ok(Target {
                id,
                name,
                kind,
                span,
                goal,
                currency,
                from: span.period_of(from).from,
                until: until.map(|until| span.period_of(until).to),
                aim: Aim::of(users),
                created_at,
            }),
            _ => Err(wrong.into()),
        }
    }

    fn users(&self, wrong: &mut Violations) -> Vec<UserId> {
        let named = self.assigned_to.iter().map(|id| id.trim()).filter(|id| !id.is_empty());
        let mut users = Vec::new();
        for id in named {
            users.extend(wrong.take("/assigned_to", id.parse::<UserId>().map_err(|_| Rule::NotAnId)));
        }
        if users.len() > TEAM_MAX {
            wrong.add("/assigned_to", Rule::TooMany { max: TEAM_MAX });
        }
        users
    }

    pub fn of(target: &Target) -> Self {
        Self {
            name: target.name.clone(),
            kind: target.kind.name().into(),
            period: target.span.name().into(),
            goal: target.kind.plain(target.goal, target.currency),
            from: month_code(target.from),
            until: target.until.map(month_code).unwrap_or_default(),
            assigned_to: target.aim.users().iter().map(ToString::to_string).collect(),
        }
    }

    /// What a new one begins with.
    pub fn usual(today: Date) -> Self {
        Self {
            kind: TargetKind::Revenue.name().into(),
            period: Span::Monthly.name().into(),
            from: month_code(today),
            ..Self::default()
        }
    }
}

fn month(code: &str) -> Result<Date, Rule> {
    let code = code.trim();
    if code.len() == 7 { legal::date(&format!("{code}-01")) } else { Err(Rule::NotADate) }
}

fn goal(kind: TargetKind, text: &str, currency: Currency) -> Result<i64, Rule> {
    let one = Decimal::ONE;
    match kind {
        TargetKind::Revenue => {
            let amount =
                legal::decimal(text, currency.scale(), Minor(1).to_decimal(currency), Decimal::from(1_000_000_000))?;
            Minor::round(amount, currency).map(|minor| minor.0).map_err(|_| Rule::NotANumber)
        }
        TargetKind::Conversion => whole(legal::decimal(text, 0, one, Decimal::ONE_HUNDRED)?),
        TargetKind::Invoices | TargetKind::Quotes | TargetKind::NewClients => {
            whole(legal::decimal(text, 0, one, Decimal::from(1_000_000))?)
        }
    }
}

fn whole(number: Decimal) -> Result<i64, Rule> {
    rust_decimal::prelude::ToPrimitive::to_i64(&number).ok_or(Rule::NotANumber)
}

/// Where it stands in its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub period: Period,
    pub achieved: i64,
    /// Of the goal, in whole per cent, half up; never below none, and a hundred only once it is reached.
    pub percent: i64,
    pub pace: Pace,
}

/// What it comes to by the end of its period if it goes on like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    Reached,
    /// In per cent of the goal.
    Running(i64),
    /// The same, and too little for so much of the period.
    OffTrack(i64),
    /// The period is over, and it was not reached.
    Missed,
    /// It has not begun.
    Ahead,
}

/// What is told of a target, once for a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    Reached,
    OffTrack,
}

impl Target {
    /// Whose it is, where it is one member's.
    pub const fn person(&self) -> Option<UserId> {
        match self.aim {
            Aim::Person(user) => Some(user),
            Aim::Organization | Aim::Team(_) => None,
        }
    }

    /// Whether a period counts.
    fn counts(&self, period: Period) -> bool {
        period.from >= self.from && self.until.is_none_or(|until| period.to <= until)
    }

    /// The one that goes on today; else the last that counted, or the first that will.
    pub fn period(&self, today: Date) -> Period {
        let now = self.span.period_of(today);
        if now.from < self.from {
            self.span.period_of(self.from)
        } else if let Some(until) = self.until.filter(|until| now.to > *until) {
            self.span.period_of(until)
        } else {
            now
        }
    }

    pub fn is_running(&self, today: Date) -> bool {
        self.counts(self.span.period_of(today))
    }

    /// When the clock looks at it again: each day while it goes on, and the first on which it does.
    fn next_look(&self, today: Date) -> Option<Date> {
        let tomorrow = today.saturating_add(1.days());
        let next = tomorrow.max(self.from);
        let is_over = self.until.is_some_and(|until| next > until.last_of_month());
        (!is_over).then_some(next)
    }

    /// The current period and those before it that count, the latest first.
    pub fn periods(&self, today: Date) -> Vec<Period> {
        let periods = std::iter::successors(Some(self.period(today)), |period| Some(period.previous()));
        periods.take_while(|period| period.from >= self.from).take(PERIODS_MAX).collect()
    }

    /// What all whom it is of come to together.
    pub fn achieved(&self, totals: impl IntoIterator<Item = Totals>) -> i64 {
        self.kind.achieved(&totals.into_iter().fold(Totals::default(), Totals::plus))
    }

    pub fn progress(&self, achieved: i64, period: Period, today: Date) -> Progress {
        let percent = percent_of(achieved.into(), self.goal.into());
        let (elapsed, days) = elapsed(period, today);
        let pace = if today < period.from {
            Pace::Ahead
        } else if achieved >= self.goal {
            Pace::Reached
        } else if today > period.last_day() {
            Pace::Missed
        } else {
            let at_this_pace =
                || percent_of(i128::from(achieved) * i128::from(days), i128::from(self.goal) * i128::from(elapsed));
            let at_the_end = if self.kind.is_ratio() { percent } else { at_this_pace() };
            let is_told = elapsed * TOLD_AFTER.1 >= days * TOLD_AFTER.0;
            if is_told && at_the_end < OFF_TRACK_BELOW { Pace::OffTrack(at_the_end) } else { Pace::Running(at_the_end) }
        };
        Progress { period, achieved, percent, pace }
    }
}

impl Standing {
    /// Of a target that is set, or is another one now: nothing was told of it.
    pub fn new(target: &Target, today: Date) -> Self {
        Self {
            target: target.id,
            of: target.person(),
            achieved: BTreeMap::new(),
            marks: BTreeMap::new(),
            look_on: target.next_look(today),
        }
    }

    /// With what was counted, and the clock's next day where it found the last one.
    #[must_use]
    pub fn counted(&self, target: &Target, achieved: BTreeMap<Date, i64>, today: Date, is_daily: bool) -> Self {
        let is_over = self.look_on.is_none_or(|on| on <= today);
        let look_on = if is_daily && is_over { target.next_look(today) } else { self.look_on };
        Self { achieved, look_on, of: target.person(), ..self.clone() }
    }

    pub fn achieved_in(&self, period: Period) -> i64 {
        self.achieved.get(&period.from).copied().unwrap_or_default()
    }

    /// What is to be told of where it stands, and it with that noted; nothing that was told of this period already.
    pub fn looked_at(&self, progress: &Progress, today: Date) -> Option<(News, Self)> {
        let mark = self.marks.get(&progress.period.from).copied().unwrap_or_default();
        let (news, mark) = match progress.pace {
            Pace::Reached if mark.reached_on.is_none() => (News::Reached, Mark { reached_on: Some(today), ..mark }),
            Pace::OffTrack(_) if mark == Mark::default() => {
                (News::OffTrack, Mark { off_track_on: Some(today), ..mark })
            }
            _ => return None,
        };
        let mut marks = self.marks.clone();
        marks.insert(progress.period.from, mark);
        while marks.len() > MARKS_MAX {
            marks.pop_first();
        }
        Some((news, Self { marks, ..self.clone() }))
    }
}

/// In whole per cent, half up; never below none, and never a hundred of what is not all of it.
fn percent_of(part: i128, whole: i128) -> i64 {
    let (part, whole) = (part.max(0), whole.max(1));
    let percent = (part * 200 + whole) / (2 * whole);
    i64::try_from(if part < whole { percent.min(99) } else { percent }).unwrap_or(i64::MAX)
}

/// How many days of a period are over, today included, of how many.
fn elapsed(period: Period, today: Date) -> (i64, i64) {
    let until = |to: Date| i64::from(period.from.until(to).map_or(0, |span| span.get_days())) + 1;
    let days = until(period.last_day());
    (until(today).clamp(1, days), days)
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;
    use crate::projection::{MonthSums, QuoteSums};

    fn input() -> TargetInput {
        TargetInput { name: "Cap".into(), goal: "12000".into(), ..TargetInput::usual(date(2026, 11, 22)) }
    }

    fn parsed(input: &TargetInput) -> Result<Target> {
        input.parse(TargetId::from_ulid(Ulid(1)), Timestamp::UNIX_EPOCH, Currency::Eur)
    }

    fn target(kind: TargetKind, span: Span, goal: i64) -> Target {
        Target { kind, span, goal, from: span.period_of(date(2026, 1, 1)).from, ..parsed(&input()).unwrap() }
    }

    fn revenue(minor: i64) -> Totals {
        let invoices = MonthSums { own_net_minor: minor, ..MonthSums::default() };
        Totals { invoices, ..Totals::default() }
    }

    #[test]
    fn an_input_is_read_and_written_back() {
        let users = ["usr_00000000000000000000000002", "usr_00000000000000000000000001"];
        let team = TargetInput { assigned_to: users.map(Into::into).into(), until: "2026-12".into(), ..input() };
        let read = parsed(&team).unwrap();
        assert_eq!((read.goal, read.aim.users().len(), read.until), (1_200_000, 2, Some(date(2026, 12, 1))));
        assert!(matches!(read.aim, Aim::Team(_)) && read.person().is_none());
        let again = TargetInput::of(&read);
        assert_eq!(parsed(&again).unwrap(), read);
        // A quarter begins with its first month, a year too.
        let quarter = TargetInput { period: "quarterly".into(), from: "2026-11".into(), ..input() };
        assert_eq!(parsed(&quarter).unwrap().from, date(2026, 10, 1));
        for (wrong, pointer) in [
            (TargetInput { name: " ".into(), ..input() }, "/name"),
            (TargetInput { kind: "margin".into(), ..input() }, "/type"),
            (TargetInput { period: "daily".into(), ..input() }, "/period"),
            (TargetInput { goal: "0".into(), ..input() }, "/goal"),
            (TargetInput { goal: "101".into(), kind: "conversion".into(), ..input() }, "/goal"),
            (TargetInput { goal: "1.5".into(), kind: "quotes".into(), ..input() }, "/goal"),
            (TargetInput { from: "2026".into(), ..input() }, "/from"),
            (TargetInput { until: "2026-10".into(), ..input() }, "/until"),
            (TargetInput { assigned_to: vec!["moi".into()], ..input() }, "/assigned_to"),
        ] {
            let Err(kernel::Error::Invalid(violations)) = parsed(&wrong) else { panic!("{pointer} is accepted") };
            assert_eq!(violations.iter().map(|one| one.pointer.as_str()).collect::<Vec<_>>(), [pointer]);
        }
    }

    #[test]
    fn pace_is_told_by_what_of_the_period_is_over() {
        let monthly = target(TargetKind::Revenue, Span::Monthly, 30_000);
        let november = Period::month_of(date(2026, 11, 1));
        for (day, achieved, percent, pace) in [
            // 10 000 in 15 of 30 days are 20 000 in all of them.
            (15, 10_000, 33, Pace::OffTrack(67)),
            (15, 14_000, 47, Pace::Running(93)),
            // Too early to say.
            (5, 100, 0, Pace::Running(2)),
            (10, 100, 0, Pace::OffTrack(1)),
            (2, 30_000, 100, Pace::Reached),
            // Not all of it, however little there lacks.
            (30, 29_999, 99, Pace::Running(99)),
            (20, -500, 0, Pace::OffTrack(0)),
        ] {
            let progress = monthly.progress(achieved, november, date(2026, 11, day));
            assert_eq!((progress.percent, progress.pace), (percent, pace), "{day} {achieved}");
        }
        assert_eq!(monthly.progress(1, november, date(2026, 12, 1)).pace, Pace::Missed);
        assert_eq!(monthly.progress(0, november, date(2026, 10, 31)).pace, Pace::Ahead);
        // Those of a team together.
        assert_eq!(monthly.achieved([revenue(10_000), revenue(20_000)]), 30_000);
    }

    #[test]
    fn each_type_counts_its_own() {
        let invoices = MonthSums {
            invoices: 3,
            new_clients: 2,
            own_net_minor: 900,
            own_credited_net_minor: 100,
            ..MonthSums::default()
        };
        let quotes = QuoteSums { sent: 5, accepted: 1, refused: 1, expired: 2, ..QuoteSums::default() };
        let totals = Totals { invoices, quotes, ..Totals::default() };
        let achieved = TargetKind::ALL.map(|kind| kind.achieved(&totals));
        assert_eq!(achieved, [800, 3, 5, 25, 2]);
        // A ratio does not grow as time passes.
        let conversion = target(TargetKind::Conversion, Span::Yearly, 50);
        let year = Period::year_of(date(2026, 1, 1));
        let ratio = conversion.achieved([totals]);
        assert_eq!(conversion.progress(ratio, year, date(2026, 2, 1)).pace, Pace::Running(50));
        assert_eq!(conversion.progress(ratio, year, date(2026, 6, 1)).pace, Pace::OffTrack(50));
    }

    #[test]
    fn it_is_told_once_for_each_period() {
        let monthly = target(TargetKind::Revenue, Span::Monthly, 30_000);
        let on = date(2026, 11, 15);
        let look = |standing: &Standing, achieved: i64, on: Date| {
            let progress = monthly.progress(achieved, monthly.period(on), on);
            standing.looked_at(&progress, on)
        };
        let (news, noted) = look(&Standing::new(&monthly, on), 1_000, on).unwrap();
        assert_eq!(news, News::OffTrack);
        assert_eq!(look(&noted, 900, on), None);
        let (news, reached) = look(&noted, 30_000, on).unwrap();
        assert_eq!(news, News::Reached);
        // A credit note takes some of it away again: it was reached.
        assert_eq!(look(&reached, 29_000, on), None);
        assert_eq!(look(&reached, 1_000, date(2026, 11, 29)), None);
        assert_eq!(look(&reached, 30_000, date(2026, 12, 2)).map(|(news, _)| news), Some(News::Reached));
    }

    #[test]
    fn the_clock_looks_while_it_goes_on() {
        let once = TargetInput { until: "2026-11".into(), ..input() };
        let target = parsed(&once).unwrap();
        assert!(target.is_running(date(2026, 11, 30)) && !target.is_running(date(2026, 12, 1)));
        assert_eq!(target.next_look(date(2026, 11, 29)), Some(date(2026, 11, 30)));
        assert_eq!(target.next_look(date(2026, 11, 30)), None);
        // What is told in between leaves the clock's day as it is.
        let standing = Standing::new(&target, date(2026, 11, 22));
        let told = standing.counted(&target, BTreeMap::new(), date(2026, 11, 22), false);
        assert_eq!((told.look_on, standing.look_on), (standing.look_on, Some(date(2026, 11, 23))));
        let daily = told.counted(&target, BTreeMap::new(), date(2026, 11, 23), true);
        assert_eq!(daily.look_on, Some(date(2026, 11, 24)));
        assert_eq!(target.period(date(2027, 3, 1)), Period::month_of(date(2026, 11, 1)));
        let ahead = TargetInput { from: "2027-02".into(), ..input() };
        assert_eq!(parsed(&ahead).unwrap().next_look(date(2026, 11, 22)), Some(date(2027, 2, 1)));
    }
}
