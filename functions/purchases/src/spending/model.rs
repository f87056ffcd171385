//! A line of the bank by which money went, and which expense it may have paid. Pure.

use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor, Result, Rule,
    error::Conflict,
    id::{BankLineId, ExpenseId, SupplierId},
    text,
};
use serde::{Deserialize, Serialize};

use crate::{
    expense::{Expense, ExpenseContent, ExpenseLine, ExpensePayment, PaidBy},
    supplier::SupplierAccount,
};

/// How many expenses a line is offered.
const SUGGESTED_MAX: usize = 3;
/// How long before its day money may leave, and how long after it is due.
const DAYS_BEFORE: i32 = 10;
const DAYS_AFTER: i32 = 120;
/// How far from its day somebody may have noted the payment that it is.
const DAYS_NOTED: i32 = 10;
const WORD_MIN: usize = 3;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpendingLine {
    pub id: BankLineId,
    pub booked_on: Date,
    /// More than nothing.
    pub amount_minor: Minor,
    pub currency: Currency,
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterparty: Option<String>,
    /// Where it went: a keyed hash of the IBAN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The version of the bank's line that was told last.
    pub told: u64,
    pub state: SpendingState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum SpendingState {
    Open,
    /// Settled by something else, or set aside.
    Closed,
    Spent {
        expense: ExpenseId,
    },
}

impl SpendingState {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Spent { .. } => "spent",
        }
    }
}

/// Why an expense may be what a line paid, the better reasons first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MatchReason)]
pub enum Reason {
    /// It went to an account that somebody confirmed to be the supplier's.
    AmountAndAccount,
    AmountAndName,
    AmountAndReference,
    Account,
    Amount,
    Reference,
    Name,
}

impl Reason {
    pub const fn french(self) -> &'static str {
        match self {
            Self::AmountAndAccount => "même montant, compte bancaire du fournisseur",
            Self::Account => "compte bancaire du fournisseur",
            Self::AmountAndName => "même montant, même fournisseur",
            Self::AmountAndReference => "même montant, même référence",
            Self::Amount => "même montant",
            Self::Reference => "même référence",
            Self::Name => "même fournisseur",
        }
    }
}

/// The day on which an expense was paid, or is to be.
fn paid_about(expense: &Expense) -> Date {
    expense.payment.as_ref().map_or_else(|| expense.payable_on(), |noted| noted.on)
}

/// Letters and digits, one space between words.
fn words(text: &str) -> String {
    let folded = text::folded(text);
    let spaced: String = folded.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

impl SpendingLine {
    fn must_be_open(&self) -> Result<()> {
        if self.state == SpendingState::Open { Ok(()) } else { Err(Error::Conflict(Conflict::LineSettled)) }
    }

    pub fn spent(&self, expense: ExpenseId) -> Result<Self> {
        self.must_be_open()?;
        Ok(Self { state: SpendingState::Spent { expense }, ..self.clone() })
    }

    /// That it comes to another amount than a payment of the expense.
    pub fn difference(&self, expense: &Expense) -> Option<Rule> {
        let (line, due) = (self.amount_minor, expense.to_pay());
        let told = |amount: Minor| amount.french(self.currency);
        (line != due).then(|| Rule::NotWhatLinePaid { line: told(line), due: told(due) })
    }

    /// What invoicing says of it; none where that is old news, or an expense has it.
    pub fn changed(&self, v: u64, is_open: bool) -> Option<Self> {
        if v <= self.told {
            return None;
        }
        let state = match self.state {
            SpendingState::Spent { .. } => self.state,
            SpendingState::Open | SpendingState::Closed if is_open => SpendingState::Open,
            SpendingState::Open | SpendingState::Closed => SpendingState::Closed,
        };
        Some(Self { told: v, state, ..self.clone() })
    }

    pub fn freed(&self) -> Self {
        Self { state: SpendingState::Open, ..self.clone() }
    }

    /// What the label says of how money went.
    pub fn paid_by(&self) -> PaidBy {
        let label = words(&self.label);
        let says = |wanted: &[&str]| label.split(' ').any(|word| wanted.contains(&word));
        if says(&["prlv", "prelevement", "prelevements", "sdd"]) {
            PaidBy::DirectDebit
        } else if says(&["cb", "carte", "cartes", "paiement"]) {
            PaidBy::Card
        } else if says(&["chq", "cheque", "cheques"]) {
            PaidBy::Check
        } else if says(&["retrait", "dab", "especes"]) {
            PaidBy::Cash
        } else {
            PaidBy::BankTransfer
        }
    }

    pub fn payment(&self, today: Date) -> ExpensePayment {
        // A bank may date a line ahead.
        ExpensePayment { on: self.booked_on.min(today), by: self.paid_by(), bank_line: Some(self.id) }
    }

    /// Whether it went to an account that is the supplier's.
    pub fn went_to(&self, supplier: SupplierId, accounts: &[SupplierAccount]) -> bool {
        self.account
            .as_ref()
            .is_some_and(|account| accounts.iter().any(|known| known.supplier == supplier && known.mark == *account))
    }

    /// How many days lie between it and the payment of an expense.
    fn distance(&self, expense: &Expense) -> i32 {
        self.booked_on.until(paid_about(expense)).map_or(i32::MAX, |span| span.get_days().abs())
    }

    /// What was noted to be paid, was paid by as much and about then; what is to be paid may be so in parts and much later.
    fn is_of_its_time(&self, expense: &Expense) -> bool {
        if expense.is_paid() {
            return expense.to_pay() == self.amount_minor && self.distance(expense) <= DAYS_NOTED;
        }
        let early = expense.spent_on.saturating_sub(jiff::Span::new().days(DAYS_BEFORE));
        let late = expense.payable_on().saturating_add(jiff::Span::new().days(DAYS_AFTER));
        (early..=late).contains(&self.booked_on)
    }

    fn reason(&self, expense: &Expense, accounts: &[SupplierAccount]) -> Option<Reason> {
        if expense.currency != self.currency || !expense.wants_line() || !self.is_of_its_time(expense) {
            return None;
        }
        let told =
            format!(" {} ", words(&format!("{} {}", self.label, self.counterparty.as_deref().unwrap_or_default())));
        let holds = |part: &str| part.len() >= WORD_MIN && told.contains(&format!(" {part} "));
        let is_named = expense.supplier.as_ref().is_some_and(|supplier| {
            let name = words(&supplier.name);
            holds(&name) || name.split(' ').next().is_some_and(|first| first.len() > WORD_MIN && holds(first))
        });
        let is_referred = expense.reference.as_deref().is_some_and(|reference| holds(&words(reference)));
        let supplier = expense.supplier.as_ref();
        let is_theirs = supplier.is_some_and(|supplier| self.went_to(supplier.id, accounts));
        match (expense.to_pay() == self.amount_minor, is_named, is_referred) {
            (true, ..) if is_theirs => Some(Reason::AmountAndAccount),
            (false, ..) if is_theirs => Some(Reason::Account),
            (true, true, _) => Some(Reason::AmountAndName),
            (true, _, true) => Some(Reason::AmountAndReference),
            (true, ..) => Some(Reason::Amount),
            (_, _, true) => Some(Reason::Reference),
            (_, true, _) => Some(Reason::Name),
            _ => None,
        }
    }

    /// The expenses that it may have paid, the likeliest first: of those that are to be paid or were noted to be.
    pub fn suggestions<'e>(&self, open: &'e [Expense], accounts: &[SupplierAccount]) -> Vec<(&'e Expense, Reason)> {
        let reasoned = |expense: &'e Expense| Some((expense, self.reason(expense, accounts)?));
        let mut found: Vec<_> = open.iter().filter_map(reasoned).collect();
        found.sort_by_key(|(expense, reason)| (*reason, self.distance(expense), expense.id));
        found.truncate(SUGGESTED_MAX);
        found
    }

    /// What it is where no expense was noted: all of it at no rate, to be completed. Nobody becomes a supplier because a bank
    /// wrote a name.
    pub fn expense(&self, today: Date) -> Result<ExpenseContent> {
        let line = ExpenseLine::new(
            self.amount_minor,
            rust_decimal::Decimal::ZERO,
            None,
            rust_decimal::Decimal::ZERO,
            self.currency,
        );
        let what = self.counterparty.as_deref().unwrap_or(&self.label);
        let description: String = what.chars().take(crate::expense::DESCRIPTION_MAX).collect();
        Ok(ExpenseContent {
            description: if description.trim().is_empty() { "Dépense bancaire".into() } else { description },
            category: Default::default(),
            spent_on: self.booked_on,
            currency: self.currency,
            lines: vec![line.map_err(Error::internal)?],
            supplier: None,
            reference: None,
            notes: Some(self.label.clone()).filter(|label| !label.is_empty() && label != what),
            due_on: None,
            payment: Some(self.payment(today)),
        })
    }
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;
    use crate::expense::{SupplierName, tests::expense};

    pub fn line(amount: i64, label: &str) -> SpendingLine {
        SpendingLine {
            id: BankLineId::from_ulid(Ulid(7)),
            booked_on: date(2026, 11, 25),
            amount_minor: Minor(amount),
            currency: Currency::Eur,
            label: label.into(),
            counterparty: None,
            account: None,
            told: 1,
            state: SpendingState::Open,
        }
    }

    fn open(n: u128, supplier: &str) -> Expense {
        let mut expense = Expense { id: ExpenseId::from_ulid(Ulid(n)), ..expense() };
        expense.content.supplier = Some(SupplierName { id: SupplierId::from_ulid(Ulid(n)), name: supplier.into() });
        expense
    }

    #[test]
    fn an_expense_is_recognised_by_amount_name_and_reference() {
        let expenses = [open(1, "Papeterie Œuvre"), open(2, "Imprimerie du Port")];
        let gross = expenses[0].gross().0;
        let told = |line: SpendingLine| {
            let found = line.suggestions(&expenses, &[]).into_iter();
            found.map(|(expense, reason)| (expense.id.ulid().0, reason)).collect::<Vec<_>>()
        };
        assert_eq!(told(line(gross, "PRLV SEPA PAPETERIE OEUVRE")), [(1, Reason::AmountAndName), (2, Reason::Amount)]);
        assert_eq!(told(line(1, "CB IMPRIMERIE 24/11")), [(2, Reason::Name)]);
        assert_eq!(told(line(1, "VIR T-17")), [(1, Reason::Reference), (2, Reason::Reference)]);
        assert!(told(line(1, "VIR SALAIRES")).is_empty());
        let other = SpendingLine { currency: Currency::Usd, ..line(gross, "") };
        assert!(told(other).is_empty());
        let long_after = SpendingLine { booked_on: date(2027, 8, 1), ..line(gross, "PAPETERIE") };
        assert!(told(long_after).is_empty());
        let paid = expenses[0].paid(line(gross, "").payment(date(2026, 11, 25))).unwrap();
        assert!(line(gross, "").suggestions(&[paid], &[]).is_empty());
    }

    #[test]
    fn a_payment_that_somebody_noted_is_recognised_by_its_amount_and_its_day() {
        let open = open(1, "Papeterie Œuvre");
        let gross = open.gross().0;
        let noted = |on: Date| open.paid(ExpensePayment { on, by: PaidBy::Card, bank_line: None }).unwrap();
        let told =
            |line: SpendingLine, expense: Expense| line.suggestions(&[expense], &[]).first().map(|(_, reason)| *reason);
        let by_card = || line(gross, "CB PAPETERIE OEUVRE");
        assert_eq!(told(by_card(), noted(date(2026, 11, 15))), Some(Reason::AmountAndName));
        assert_eq!(told(by_card(), noted(date(2026, 12, 5))), Some(Reason::AmountAndName));
        assert_eq!(told(by_card(), noted(date(2026, 11, 14))), None);
        assert_eq!(told(line(gross - 1, "CB PAPETERIE OEUVRE"), noted(date(2026, 11, 25))), None);
        // It keeps its payment, and has the line beside it.
        let of_line = by_card().payment(date(2026, 11, 25));
        let matched = noted(date(2026, 11, 20)).paid_by_line(of_line.clone()).unwrap();
        let kept = ExpensePayment { on: date(2026, 11, 20), by: PaidBy::Card, bank_line: of_line.bank_line };
        assert_eq!(matched.payment, Some(kept));
        assert_eq!(told(by_card(), matched.clone()), None);
        assert!(matched.paid_by_line(of_line).is_err());
    }

    #[test]
    fn an_account_that_was_confirmed_says_more_than_a_name() {
        let expenses = [open(1, "Papeterie Œuvre"), open(2, "Imprimerie du Port")];
        let gross = expenses[0].gross().0;
        let accounts = [SupplierAccount { mark: "a".into(), supplier: SupplierId::from_ulid(Ulid(2)) }];
        let told = |amount: i64, account: &str| {
            let line = SpendingLine { account: Some(account.into()), ..line(amount, "VIR PAPETERIE") };
            let found = line.suggestions(&expenses, &accounts).into_iter();
            found.map(|(expense, reason)| (expense.id.ulid().0, reason)).collect::<Vec<_>>()
        };
        assert_eq!(told(gross, "a"), [(2, Reason::AmountAndAccount), (1, Reason::AmountAndName)]);
        assert_eq!(told(1, "a"), [(2, Reason::Account), (1, Reason::Name)]);
        assert_eq!(told(gross, "b"), [(1, Reason::AmountAndName), (2, Reason::Amount)]);
    }

    #[test]
    fn what_invoicing_says_counts_in_its_order() {
        let open = line(100, "CB");
        let closed = open.changed(2, false).unwrap();
        assert_eq!(closed.state, SpendingState::Closed);
        assert!(closed.changed(2, true).is_none() && closed.changed(1, true).is_none());
        assert_eq!(closed.changed(3, true).unwrap().state, SpendingState::Open);
        let spent = open.spent(ExpenseId::from_ulid(Ulid(1))).unwrap();
        assert!(
            spent.spent(ExpenseId::from_ulid(Ulid(2))).is_err() && closed.spent(ExpenseId::from_ulid(Ulid(2))).is_err()
        );
        assert_eq!(spent.changed(9, true).unwrap().state, spent.state);
        assert_eq!(line(1, "CB CARREFOUR 12/11").paid_by(), PaidBy::Card);
        assert_eq!(line(1, "PRLV SEPA EDF").paid_by(), PaidBy::DirectDebit);
    }
}
