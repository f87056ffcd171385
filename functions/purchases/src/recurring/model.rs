//! What is spent again and again: a rent, a subscription. Pure.

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Error, Result, Rule, Violations,
    error::Conflict,
    id::{ExpenseId, RecurringExpenseId, UserId, random_of},
    legal,
    purchase::{ExpensePlan, PlannedExpense},
    reference::OrganizationReference,
    rhythm::{Rhythm, Unit},
    text,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::expense::{Expense, ExpenseContent, ExpenseInput, ExpenseLineInput, NewExpense, Source, flag};

/// How many it tells ahead: of each week of more than a quarter. Who sums them up has 100 writes for those it told before and those
/// it tells now.
const PLANNED_MAX: usize = 20;

/// All fields as a person types them; the same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RecurringExpenseInput {
    pub description: String,
    /// As of an expense.
    pub category: String,
    pub currency: String,
    pub lines: Vec<ExpenseLineInput>,
    pub supplier_id: String,
    pub supplier: String,
    pub reference: String,
    pub notes: String,
    /// `weekly`, `monthly` (which an empty text means too), `quarterly`, `half_yearly` or `yearly`.
    pub rhythm: String,
    /// Every so many of them, 1 to 12; empty for each.
    pub every: String,
    /// `YYYY-MM-DD`: none comes before it; today where empty.
    pub first_on: String,
    /// 1 to 31, the last day where a month is shorter; that of the first day where empty.
    pub day_of_month: String,
    /// `YYYY-MM-DD`: none comes after it.
    pub until: String,
    /// How many days after its own each is to be paid, 0 to 180; empty for none.
    pub due_days: String,
    /// `true` where each is kept as a draft, to be completed.
    pub as_draft: String,
}

/// What an input says, its fields right.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecurring {
    pub expense: NewExpense,
    pub plan: Plan,
}

/// When each comes, and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub rhythm: Rhythm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_days: Option<u16>,
    pub as_draft: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecurringStatus {
    Active,
    Paused,
    Stopped,
}

impl RecurringStatus {
    pub const fn french(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Paused => "Suspendue",
            Self::Stopped => "Arrêtée",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecurringExpense {
    pub id: RecurringExpenseId,
    pub created_at: Timestamp,
    /// Who answers for what it enters.
    pub created_by: UserId,
    /// What each says; its day and payment are each one's own.
    pub content: ExpenseContent,
    pub plan: Plan,
    pub status: RecurringStatus,
    /// The place of the next, from 0, in its rhythm.
    pub next: u32,
    /// How many came.
    pub made: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_on: Option<Date>,
}

impl RecurringExpenseInput {
    pub fn of(recurring: &RecurringExpense) -> Self {
        let input = ExpenseInput::of_content(&recurring.content);
        let plan = &recurring.plan;
        let number = |number: Option<u16>| number.map(|number| number.to_string()).unwrap_or_default();
        Self {
            description: input.description,
            category: input.category,
            currency: input.currency,
            lines: input.lines,
            supplier_id: input.supplier_id,
            supplier: input.supplier,
            reference: input.reference,
            notes: input.notes,
            rhythm: plan.rhythm.unit.name().into(),
            every: plan.rhythm.every.to_string(),
            first_on: plan.rhythm.first_on.to_string(),
            day_of_month: plan.rhythm.day_of_month.map(|day| day.to_string()).unwrap_or_default(),
            until: plan.until.map(|until| until.to_string()).unwrap_or_default(),
            due_days: number(plan.due_days),
            as_draft: plan.as_draft.to_string(),
        }
    }

    pub fn parse(&self, organization: &OrganizationReference, today: Date) -> Result<NewRecurring, Violations> {
        let expense = ExpenseInput {
            description: self.description.clone(),
            category: self.category.clone(),
            currency: self.currency.clone(),
            lines: self.lines.clone(),
            supplier_id: self.supplier_id.clone(),
            supplier: self.supplier.clone(),
            reference: self.reference.clone(),
            notes: self.notes.clone(),
            ..ExpenseInput::default()
        };
        let (expense, mut wrong) = match expense.parse(organization, today) {
            Ok(expense) => (Some(expense), Violations::default()),
            Err(wrong) => (None, wrong),
        };
        let unit = match self.rhythm.as_str() {
            "" => Some(Unit::Monthly),
            name => wrong.take("/rhythm", Unit::named(name).ok_or(Rule::NotAChoice)),
        };
        let every = wrong.take("/every", whole(&self.every, 1, 12)).map(|every| every.unwrap_or(1));
        let first_on = match self.first_on.trim() {
            "" => Some(today),
            typed => wrong.take("/first_on", legal::date(typed)),
        };
        let day_of_month = wrong.take("/day_of_month", whole(&self.day_of_month, 1, 31));
        let until = match self.until.trim() {
            "" => Some(None),
            typed => {
                let until = legal::date(typed).and_then(|until| match first_on {
                    Some(first) if until < first => Err(Rule::Before { date: text::short_date(first) }),
                    _ => Ok(until),
                });
                wrong.take("/until", until).map(Some)
            }
        };
        let due_days = wrong.take("/due_days", whole(&self.due_days, 0, 180));
        let as_draft = wrong.take("/as_draft", flag(&self.as_draft));
        match (expense, unit, every, first_on, day_of_month, until, due_days, as_draft, wrong.is_empty()) {
            (
                Some(expense),
                Some(unit),
                Some(every),
                Some(first_on),
                Some(day_of_month),
                Some(until),
                Some(due_days),
                Some(as_draft),
                true,
            ) => {
                let day_of_month = day_of_month.and_then(|day| i8::try_from(day).ok());
                let every = u8::try_from(every).unwrap_or(1);
                let rhythm = Rhythm { unit, every, first_on, day_of_month };
                Ok(NewRecurring { expense, plan: Plan { rhythm, until, due_days, as_draft } })
            }
            _ => Err(wrong),
        }
    }
}

fn whole(typed: &str, min: u16, max: u16) -> Result<Option<u16>, Rule> {
    match typed.trim() {
        "" => Ok(None),
        typed => {
            let number = legal::decimal(typed, 0, Decimal::from(min), Decimal::from(max))?;
            Ok(u16::try_from(number).ok())
        }
    }
}

impl RecurringExpense {
    /// Nothing is entered for days that were over when it began.
    pub fn new(
        id: RecurringExpenseId,
        (created_at, created_by): (Timestamp, UserId),
        content: ExpenseContent,
        plan: Plan,
        today: Date,
    ) -> Self {
        let next = plan.rhythm.index_from(0, today).unwrap_or(u32::MAX);
        let status = RecurringStatus::Active;
        Self { id, created_at, created_by, content, plan, status, next, made: 0, last_on: None }
    }

    /// The day of the next one.
    pub fn next_on(&self) -> Option<Date> {
        if self.status != RecurringStatus::Active {
            return None;
        }
        self.plan.rhythm.date(self.next).filter(|on| self.plan.until.is_none_or(|until| *on <= until))
    }

    /// What it will cost within a year from its next on; `v` is its version.
    pub fn planned(&self, v: u64) -> ExpensePlan {
        let first = self.next_on();
        let last = first.map(|first| first.saturating_add(366.days()));
        let last = last.map(|last| self.plan.until.map_or(last, |until| until.min(last)));
        let days = last
            .into_iter()
            .flat_map(|last| (self.next..).map_while(|at| self.plan.rhythm.date(at)).take_while(move |on| *on <= last));
        let gross_minor = self.content.gross();
        let expenses = days.take(PLANNED_MAX).map(|on| PlannedExpense { payable_on: self.payable_on(on), gross_minor });
        let label = self.content.description.chars().take(80).collect();
        ExpensePlan { v, label, currency: self.content.currency, expenses: expenses.collect() }
    }

    /// By when the one of a day is to be paid.
    fn payable_on(&self, on: Date) -> Date {
        self.due_on(on).unwrap_or(on)
    }

    fn due_on(&self, on: Date) -> Option<Date> {
        self.plan.due_days.and_then(|days| on.checked_add(i64::from(days).days()).ok())
    }

    fn must_go_on(&self) -> Result<()> {
        match self.status {
            RecurringStatus::Stopped => Err(Error::Conflict(Conflict::RecurringExpenseStopped)),
            RecurringStatus::Active | RecurringStatus::Paused => Ok(()),
        }
    }

    /// None comes twice for a day, and none for a day that is over.
    pub fn edited(&self, content: ExpenseContent, plan: Plan, today: Date) -> Result<Self> {
        self.must_go_on()?;
        let from = self.last_on.and_then(|last| last.tomorrow().ok()).map_or(today, |next| next.max(today));
        let next = if plan.rhythm == self.plan.rhythm {
            self.next
        } else {
            plan.rhythm.index_from(0, from).unwrap_or(u32::MAX)
        };
        Ok(Self { content, plan, next, ..self.clone() })
    }

    pub fn paused(&self) -> Result<Self> {
        self.must_go_on()?;
        Ok(Self { status: RecurringStatus::Paused, ..self.clone() })
    }

    /// What would have come meanwhile does not.
    pub fn resumed(&self, today: Date) -> Result<Self> {
        self.must_go_on()?;
        if self.status != RecurringStatus::Paused {
            return Err(Error::Conflict(Conflict::RecurringExpenseNotPaused));
        }
        let next = self.plan.rhythm.index_from(self.next, today).unwrap_or(u32::MAX);
        Ok(Self { status: RecurringStatus::Active, next, ..self.clone() })
    }

    pub fn stopped(&self) -> Result<Self> {
        self.must_go_on()?;
        Ok(Self { status: RecurringStatus::Stopped, ..self.clone() })
    }

    /// The expense whose day came, and this after it; none where none is due.
    pub fn occurred(
        &self,
        at: Timestamp,
        today: Date,
        wants_approval: impl FnOnce(&ExpenseContent) -> bool,
    ) -> Option<(Expense, Self)> {
        let on = self.next_on().filter(|on| *on <= today)?;
        let content = ExpenseContent { spent_on: on, due_on: self.due_on(on), payment: None, ..self.content.clone() };
        let wants_approval = wants_approval(&content);
        let made = self.made + 1;
        let expense = Expense::entered(
            self.expense_id(made),
            (at, Some(self.created_by)),
            content,
            self.plan.as_draft,
            wants_approval,
        );
        let source = Source::Recurring { recurring: self.id, number: made };
        let after = Self { next: self.next + 1, made, last_on: Some(on), ..self.clone() };
        Some((Expense { source, ..expense }, after))
    }

    /// The same for the same one, however often the clock asks.
    fn expense_id(&self, number: u32) -> ExpenseId {
        let hash = Sha256::new().chain_update(self.id.to_string()).chain_update(number.to_be_bytes()).finalize();
        let random = random_of(&hash);
        ExpenseId::new(self.created_at, random)
    }
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;
    use crate::expense::tests::{line, organization};

    const TODAY: Date = date(2026, 11, 22);

    pub fn input() -> RecurringExpenseInput {
        RecurringExpenseInput {
            description: "Loyer".into(),
            category: "rent".into(),
            lines: vec![line("900", "20")],
            first_on: "2026-09-05".into(),
            day_of_month: "5".into(),
            due_days: "10".into(),
            ..RecurringExpenseInput::default()
        }
    }

    pub fn recurring() -> RecurringExpense {
        let new = input().parse(&organization(), TODAY).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let by = (Timestamp::UNIX_EPOCH, UserId::from_ulid(Ulid(3)));
        RecurringExpense::new(RecurringExpenseId::from_ulid(Ulid(2)), by, new.expense.content, new.plan, TODAY)
    }

    fn days(recurring: &RecurringExpense, today: Date) -> Vec<String> {
        let mut days = Vec::new();
        let mut recurring = recurring.clone();
        while let Some((expense, after)) = recurring.occurred(Timestamp::UNIX_EPOCH, today, |_| false) {
            days.push(expense.spent_on.to_string());
            recurring = after;
        }
        days
    }

    #[test]
    fn each_comes_on_its_day_none_for_days_that_are_over_and_none_twice() {
        let recurring = recurring();
        assert_eq!(recurring.next_on(), Some(date(2026, 12, 5)));
        assert!(days(&recurring, TODAY).is_empty());
        assert_eq!(days(&recurring, date(2027, 2, 6)), ["2026-12-05", "2027-01-05", "2027-02-05"]);
        let (expense, after) = recurring.occurred(Timestamp::UNIX_EPOCH, date(2026, 12, 5), |_| false).unwrap();
        assert_eq!((expense.due_on, after.made), (Some(date(2026, 12, 15)), 1));
        // Another rhythm from the same day on does not enter that day again.
        let weekly = input();
        let weekly = RecurringExpenseInput {
            rhythm: "weekly".into(),
            day_of_month: String::new(),
            first_on: "2026-12-05".into(),
            ..weekly
        };
        let new = weekly.parse(&organization(), date(2026, 12, 5)).unwrap();
        let edited = after.edited(new.expense.content, new.plan, date(2026, 12, 5)).unwrap();
        assert_eq!(edited.next_on(), Some(date(2026, 12, 12)));
    }

    #[test]
    fn a_plan_is_what_is_to_be_paid_within_a_year() {
        let plan = recurring().planned(3);
        assert_eq!((plan.v, plan.label.as_str(), plan.expenses.len()), (3, "Loyer", 13));
        let paid = |at: usize| (plan.expenses[at].payable_on, plan.expenses[at].gross_minor.0);
        assert_eq!((paid(0), paid(12)), ((date(2026, 12, 15), 108_000), (date(2027, 12, 15), 108_000)));
        let (_, after) = recurring().occurred(Timestamp::UNIX_EPOCH, date(2026, 12, 5), |_| false).unwrap();
        assert_eq!(after.planned(4).expenses[0].payable_on, date(2027, 1, 15));
        assert!(recurring().paused().unwrap().planned(4).expenses.is_empty());
        let ended = RecurringExpenseInput { until: "2027-01-05".into(), ..input() };
        let new = ended.parse(&organization(), TODAY).unwrap();
        assert_eq!(recurring().edited(new.expense.content, new.plan, TODAY).unwrap().planned(4).expenses.len(), 2);
    }

    #[test]
    fn it_pauses_goes_on_and_stops_for_good() {
        let recurring = recurring();
        assert!(recurring.resumed(TODAY).is_err());
        let paused = recurring.paused().unwrap();
        assert_eq!(paused.next_on(), None);
        assert_eq!(paused.resumed(date(2027, 3, 1)).unwrap().next_on(), Some(date(2027, 3, 5)));
        let stopped = recurring.stopped().unwrap();
        assert!(stopped.resumed(TODAY).is_err() && stopped.paused().is_err() && stopped.next_on().is_none());
        let ended = RecurringExpenseInput { until: "2027-01-05".into(), ..input() };
        let new = ended.parse(&organization(), TODAY).unwrap();
        let ended = recurring.edited(new.expense.content, new.plan, TODAY).unwrap();
        assert_eq!(days(&ended, date(2028, 1, 1)).len(), 2);
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = RecurringExpenseInput {
            description: String::new(),
            rhythm: "daily".into(),
            every: "13".into(),
            first_on: "hier".into(),
            day_of_month: "32".into(),
            until: "2026-13-01".into(),
            due_days: "181".into(),
            as_draft: "yes".into(),
            ..input()
        };
        let wrong = wrong.parse(&organization(), TODAY).unwrap_err();
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(
            pointers.join(" "),
            "/description /rhythm /every /first_on /day_of_month /until /due_days /as_draft"
        );
        assert!(RecurringExpenseInput { until: "2026-09-04".into(), ..input() }.parse(&organization(), TODAY).is_err());
    }
}
