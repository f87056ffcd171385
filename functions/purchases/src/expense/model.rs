//! What an expense is, and what is accepted of it. Pure.

use std::ops::Deref;

use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor, Result, Rule, Violations,
    error::Conflict,
    id::{BankLineId, ExpenseId, ExpenseReportId, ReceivedInvoiceId, RecurringExpenseId, SupplierId, UploadId, UserId},
    legal,
    money::AmountTooLarge,
    purchase::{ExpenseFacts, PurchaseCategory},
    reference::{OrganizationReference, VatRegime},
    text,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use web::file::FileType;

/// How many VAT lines one expense has.
pub const LINES_MAX: usize = 20;
pub const DESCRIPTION_MAX: usize = 200;
const REFERENCE_MAX: usize = 60;
const NOTES_MAX: usize = 2_000;
const REASON_MAX: usize = 500;
const SUPPLIER_MAX: usize = 200;
/// Half of a hundredth of a per cent.
const RATE_SLACK: Decimal = Decimal::from_parts(5, 0, 0, false, 5);
/// How long its proof is kept (C. com. art. L123-22): what is older is a slip of the hand.
const YEARS_MAX: i64 = 10;
/// What is to be paid later than that is a slip of the hand.
const DUE_YEARS_MAX: i64 = 5;
/// A day of next year is a slip of the hand; the rent of next month is not.
const DAYS_AHEAD_MAX: i64 = 366;

/// All fields as a person types them; the same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExpenseInput {
    pub description: String,
    /// `salary`, `rent`, `utilities`, `supplies`, `transport`, `marketing`, `equipment`, `maintenance`, `taxes`, `insurance`
    /// or `other` (which an empty text means too).
    pub category: String,
    /// `YYYY-MM-DD`, of the last ten years or within the next one; today where empty.
    pub spent_on: String,
    /// ISO 4217; the organization's where empty.
    pub currency: String,
    /// One for each rate of VAT.
    pub lines: Vec<ExpenseLineInput>,
    /// `sup_…`; empty for none, or for who is named by `supplier`.
    pub supplier_id: String,
    /// The name of a supplier: the one who has it, or a new one. Left out where `supplier_id` says who.
    pub supplier: String,
    /// The supplier's number: of the invoice, of the ticket.
    pub reference: String,
    pub notes: String,
    /// `YYYY-MM-DD`: until when it is to be paid; at most five years after it was spent.
    pub due_on: String,
    /// `YYYY-MM-DD` where it is paid already; empty while it is not.
    pub paid_on: String,
    /// `bank_transfer`, `card`, `direct_debit`, `check`, `cash` or `other`: how it was paid.
    pub paid_by: String,
    /// `true` to keep it as a draft, which counts nowhere. An expense that counts stays so.
    pub draft: String,
}

/// What of an expense has one rate. Either `net` or `gross`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExpenseLineInput {
    /// Without VAT: `100.00`. Negative for what a supplier credits.
    pub net: String,
    /// With VAT.
    pub gross: String,
    /// Per cent, of any country; 0 where empty.
    pub vat_percent: String,
    /// What the rate makes of the net amount where empty.
    pub tax: String,
    /// What of the VAT is deducted, per cent; all of it where empty, nothing under the franchise.
    pub recovered_percent: String,
}

impl ExpenseLineInput {
    pub fn is_blank(&self) -> bool {
        self.net.trim().is_empty() && self.gross.trim().is_empty() && self.tax.trim().is_empty()
    }
}

/// What is said of an expense, its fields right. Who its supplier is, the table knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpenseContent {
    pub description: String,
    pub category: PurchaseCategory,
    pub spent_on: Date,
    pub currency: Currency,
    pub lines: Vec<ExpenseLine>,
    /// Under the name that it had when this was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<SupplierName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<ExpensePayment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierName {
    pub id: SupplierId,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpenseLine {
    pub net_minor: Minor,
    pub vat_percent: Decimal,
    pub tax_minor: Minor,
    /// What of the tax is deducted (CGI art. 271), in per cent and as it came to.
    pub recovered_percent: Decimal,
    pub recovered_minor: Minor,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpensePayment {
    pub on: Date,
    pub by: PaidBy,
    /// The line of a statement that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_line: Option<BankLineId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaidBy {
    #[default]
    BankTransfer,
    Card,
    DirectDebit,
    Check,
    Cash,
    Other,
}

impl PaidBy {
    pub const ALL: [Self; 6] =
        [Self::BankTransfer, Self::Card, Self::DirectDebit, Self::Check, Self::Cash, Self::Other];

    pub const fn name(self) -> &'static str {
        match self {
            Self::BankTransfer => "bank_transfer",
            Self::Card => "card",
            Self::DirectDebit => "direct_debit",
            Self::Check => "check",
            Self::Cash => "cash",
            Self::Other => "other",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::BankTransfer => "Virement",
            Self::Card => "Carte bancaire",
            Self::DirectDebit => "Prélèvement",
            Self::Check => "Chèque",
            Self::Cash => "Espèces",
            Self::Other => "Autre",
        }
    }

    /// A transfer where nothing is said.
    pub fn read(name: &str) -> Result<Self, Rule> {
        match name.trim() {
            "" => Ok(Self::default()),
            name => Self::ALL.into_iter().find(|by| by.name() == name).ok_or(Rule::NotAChoice),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expense {
    pub id: ExpenseId,
    pub created_at: Timestamp,
    /// Nobody where the clock or another context made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserId>,
    #[serde(flatten)]
    pub content: ExpenseContent,
    pub approval: Approval,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    #[serde(default, skip_serializing_if = "Source::is_manual")]
    pub source: Source,
}

/// What is said of it is its own.
impl Deref for Expense {
    type Target = ExpenseContent;

    fn deref(&self) -> &ExpenseContent {
        &self.content
    }
}

/// Whether it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Approval {
    Draft,
    Submitted {
        by: UserId,
        at: Timestamp,
    },
    Approved {
        /// Nobody where no approval was wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<UserId>,
        at: Timestamp,
    },
    Refused {
        by: UserId,
        at: Timestamp,
        reason: String,
    },
}

impl Approval {
    pub const NAMES: [(&str, &str); 4] =
        [("draft", "Brouillon"), ("submitted", "À approuver"), ("approved", "Approuvée"), ("refused", "Refusée")];

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted { .. } => "submitted",
            Self::Approved { .. } => "approved",
            Self::Refused { .. } => "refused",
        }
    }

    pub fn french(&self) -> &'static str {
        Self::NAMES.into_iter().find(|(name, _)| *name == self.name()).map_or("", |(_, french)| french)
    }
}

/// The proof of an expense, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub upload: UploadId,
    /// None of an XML, which no page shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<FileType>,
    pub name: String,
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

impl Receipt {
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.name, self.kind.map_or("xml", FileType::ending))
    }

    pub fn media_type(&self) -> &'static str {
        self.kind.map_or("application/xml", FileType::media_type)
    }
}

/// Where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    #[default]
    Manual,
    Recurring {
        recurring: RecurringExpenseId,
        number: u32,
    },
    Invoice {
        invoice: ReceivedInvoiceId,
        /// What of it was paid before, or rounded off (EN 16931 BT-113, BT-114): it is asked of nobody. Signed as its amount.
        #[serde(default, skip_serializing_if = "Minor::is_zero")]
        prepaid_minor: Minor,
    },
    /// A line of the expense report of an employee, to whom it is owed.
    Report {
        report: ExpenseReportId,
        line: u16,
        /// Matricule.
        employee_number: String,
        /// Whether it was told that they were paid back.
        #[serde(default)]
        is_reimbursed: bool,
    },
}

impl Source {
    pub const fn is_manual(&self) -> bool {
        matches!(self, Self::Manual)
    }
}

/// Who the supplier is, before the table was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Nobody,
    Known(SupplierId),
    /// The one who has this name, or a new one.
    Called(String),
}

/// An input whose fields are right.
#[derive(Debug, Clone, PartialEq)]
pub struct NewExpense {
    /// Without its supplier.
    pub content: ExpenseContent,
    pub supplier: Named,
    pub is_draft: bool,
}

/// A box of a form, a truth of the API.
pub fn flag(text: &str) -> Result<bool, Rule> {
    match text {
        "" | "false" => Ok(false),
        "true" => Ok(true),
        _ => Err(Rule::NotAChoice),
    }
}

/// Where a line break would begin another part.
pub fn one_line(text: &str, max: usize) -> Result<String, Rule> {
    let text = legal::required(text, max)?;
    if text.contains(['\n', '\t']) { Err(Rule::ControlCharacter) } else { Ok(text) }
}

/// What the franchise does not charge, it does not deduct (CGI art. 293 E).
pub fn recovered_by_default(organization: &OrganizationReference) -> Decimal {
    match organization.vat_regime {
        VatRegime::Franchise => Decimal::ZERO,
        _ => Decimal::ONE_HUNDRED,
    }
}

pub fn recovers_vat(organization: &OrganizationReference) -> bool {
    !recovered_by_default(organization).is_zero()
}

fn largest(currency: Currency) -> Rule {
    let max = Minor::MAX.plain(currency);
    Rule::OutOfRange { min: format!("-{max}"), max }
}

/// An amount in the currency, of either sign.
pub fn amount(typed: &str, currency: Currency) -> Result<Minor, Rule> {
    let max = Minor::MAX.to_decimal(currency);
    let amount = legal::decimal(typed, currency.scale(), -max, max)?;
    Minor::round(amount, currency).map_err(|_| largest(currency))
}

pub fn percent(typed: &str, empty: Decimal) -> Result<Decimal, Rule> {
    match typed.trim() {
        "" => Ok(empty),
        typed => legal::decimal(typed, 2, Decimal::ZERO, Decimal::ONE_HUNDRED),
    }
}

impl ExpenseLine {
    /// VAT that is not said follows from the rate (EN 16931 BR-CO-17).
    pub fn new(
        net_minor: Minor,
        vat_percent: Decimal,
        tax_minor: Option<Minor>,
        recovered_percent: Decimal,
        currency: Currency,
    ) -> Result<Self, AmountTooLarge> {
        let part = |of: Minor, percent: Decimal| {
            Minor::round(of.to_decimal(currency) * percent / Decimal::ONE_HUNDRED, currency)
        };
        let tax_minor = tax_minor.map_or_else(|| part(net_minor, vat_percent), Ok)?;
        let recovered_minor = part(tax_minor, recovered_percent)?;
        Ok(Self { net_minor, vat_percent, tax_minor, recovered_percent, recovered_minor })
    }

    /// What a supplier rounded otherwise is no more than that: one unit of the currency, or what a rate of two decimals leaves
    /// open.
    fn is_plausible(&self, currency: Currency) -> bool {
        let net = self.net_minor.to_decimal(currency);
        let computed = net * self.vat_percent / Decimal::ONE_HUNDRED;
        let slack = Decimal::ONE.max(net.abs() * RATE_SLACK);
        let typed = self.tax_minor.to_decimal(currency);
        if self.vat_percent.is_zero() { typed.is_zero() } else { (typed - computed).abs() <= slack }
    }
}

impl ExpenseLineInput {
    fn parse(
        &self,
        at: usize,
        currency: Currency,
        empty_recovered: Decimal,
        wrong: &mut Violations,
    ) -> Option<ExpenseLine> {
        let pointer = |field: &str| format!("/lines/{at}/{field}");
        let vat_percent = wrong.take(pointer("vat_percent"), percent(&self.vat_percent, Decimal::ZERO));
        let recovered_percent =
            wrong.take(pointer("recovered_percent"), percent(&self.recovered_percent, empty_recovered));
        let tax = match self.tax.trim() {
            "" => Some(None),
            typed => wrong.take(pointer("tax"), amount(typed, currency)).map(Some),
        };
        let net = match (self.net.trim(), self.gross.trim()) {
            ("", "") => wrong.take(pointer("net"), Err(Rule::Required)),
            (net, "") => wrong.take(pointer("net"), amount(net, currency)),
            ("", gross) => {
                let gross = wrong.take(pointer("gross"), amount(gross, currency));
                match (gross, vat_percent, tax) {
                    (Some(gross), _, Some(Some(tax))) => gross.checked_sub(tax).ok(),
                    (Some(gross), Some(percent), Some(None)) => {
                        let without =
                            gross.to_decimal(currency) * Decimal::ONE_HUNDRED / (Decimal::ONE_HUNDRED + percent);
                        Minor::round(without, currency).ok()
                    }
                    _ => None,
                }
            }
            _ => wrong.take(pointer("gross"), Err(Rule::NetOrGross)),
        };
        // With its VAT it comes to what was typed, whatever rounding makes of the parts.
        let tax = match (net, self.gross.trim(), tax?) {
            (Some(net), gross, None) if !gross.is_empty() => Some(amount(gross, currency).ok()?.checked_sub(net).ok()?),
            (_, _, tax) => tax,
        };
        let line = ExpenseLine::new(net?, vat_percent?, tax, recovered_percent?, currency);
        let line = wrong.take(pointer("net"), line.map_err(|_| largest(currency)))?;
        if !line.is_plausible(currency) {
            wrong.add(pointer("tax"), Rule::TaxBeyondRate);
            return None;
        }
        Some(line)
    }
}

impl ExpenseInput {
    pub fn of(expense: &Expense) -> Self {
        let content = &expense.content;
        Self { draft: (expense.approval == Approval::Draft).to_string(), ..Self::of_content(content) }
    }

    pub fn of_content(content: &ExpenseContent) -> Self {
        let day = |on: Option<Date>| on.map(|on| on.to_string()).unwrap_or_default();
        let line = |line: &ExpenseLine| ExpenseLineInput {
            net: line.net_minor.plain(content.currency),
            gross: String::new(),
            vat_percent: line.vat_percent.normalize().to_string(),
            tax: line.tax_minor.plain(content.currency),
            recovered_percent: line.recovered_percent.normalize().to_string(),
        };
        Self {
            description: content.description.clone(),
            category: content.category.name().into(),
            spent_on: content.spent_on.to_string(),
            currency: content.currency.code().into(),
            lines: content.lines.iter().map(line).collect(),
            supplier_id: content.supplier.as_ref().map(|supplier| supplier.id.to_string()).unwrap_or_default(),
            supplier: content.supplier.as_ref().map(|supplier| supplier.name.clone()).unwrap_or_default(),
            reference: content.reference.clone().unwrap_or_default(),
            notes: content.notes.clone().unwrap_or_default(),
            due_on: day(content.due_on),
            paid_on: day(content.payment.as_ref().map(|payment| payment.on)),
            paid_by: content.payment.as_ref().map(|payment| payment.by.name().to_owned()).unwrap_or_default(),
            draft: String::new(),
        }
    }

    pub fn parse(&self, organization: &OrganizationReference, today: Date) -> Result<NewExpense, Violations> {
        let mut wrong = Violations::default();
        let description = wrong.take("/description", one_line(&self.description, DESCRIPTION_MAX));
        let category = match self.category.as_str() {
            "" => Some(PurchaseCategory::default()),
            name => wrong.take("/category", PurchaseCategory::named(name).ok_or(Rule::NotAChoice)),
        };
        let spent_on = match self.spent_on.trim() {
            "" => Some(today),
            typed => wrong.take("/spent_on", spent_on(typed, today)),
        };
        let currency = match self.currency.trim() {
            "" => Some(organization.currency),
            code => wrong.take("/currency", code.parse().map_err(|_| Rule::NotAChoice)),
        };
        let lines = self.lines(currency.unwrap_or_default(), recovered_by_default(organization), &mut wrong);
        let supplier = self.supplier(&mut wrong);
        let reference =
            wrong.take("/reference", legal::optional(&self.reference, |text| one_line(text, REFERENCE_MAX)));
        let notes = wrong.take("/notes", legal::optional(&self.notes, |text| legal::text(text, NOTES_MAX)));
        let due_on = match self.due_on.trim() {
            "" => Some(None),
            typed => wrong.take("/due_on", due_on(typed, spent_on)).map(Some),
        };
        let payment = self.payment(today, &mut wrong);
        let is_draft = wrong.take("/draft", flag(&self.draft));
        match (description, category, spent_on, currency, reference, notes, due_on, is_draft, wrong.is_empty()) {
            (
                Some(description),
                Some(category),
                Some(spent_on),
                Some(currency),
                Some(reference),
                Some(notes),
                Some(due_on),
                Some(is_draft),
                true,
            ) => {
                let content = ExpenseContent {
                    description,
                    category,
                    spent_on,
                    currency,
                    lines,
                    supplier: None,
                    reference,
                    notes,
                    due_on,
                    payment,
                };
                if content.totals().is_err() {
                    wrong.add("/lines/0/net", largest(currency));
                    return Err(wrong);
                }
                Ok(NewExpense { content, supplier, is_draft })
            }
            _ => Err(wrong),
        }
    }

    fn lines(&self, currency: Currency, empty_recovered: Decimal, wrong: &mut Violations) -> Vec<ExpenseLine> {
        if self.lines.len() > LINES_MAX {
            wrong.add("/lines", Rule::TooMany { max: LINES_MAX });
            return Vec::new();
        }
        // A form sends rows that nobody filled in.
        let typed = self.lines.iter().enumerate().filter(|(at, line)| *at == 0 || !line.is_blank());
        let lines: Vec<_> = typed.filter_map(|(at, line)| line.parse(at, currency, empty_recovered, wrong)).collect();
        if self.lines.is_empty() {
            wrong.add("/lines/0/net", Rule::Required);
        }
        lines
    }

    fn supplier(&self, wrong: &mut Violations) -> Named {
        match (self.supplier_id.trim(), self.supplier.trim()) {
            ("", "") => Named::Nobody,
            ("", name) => wrong.take("/supplier", one_line(name, SUPPLIER_MAX)).map_or(Named::Nobody, Named::Called),
            (id, _) => {
                wrong.take("/supplier_id", id.parse().map_err(|_| Rule::NotFound)).map_or(Named::Nobody, Named::Known)
            }
        }
    }

    fn payment(&self, today: Date, wrong: &mut Violations) -> Option<ExpensePayment> {
        let by = wrong.take("/paid_by", PaidBy::read(&self.paid_by));
        match self.paid_on.trim() {
            "" => None,
            typed => {
                let on = wrong.take("/paid_on", paid_on(typed, today))?;
                Some(ExpensePayment { on, by: by?, bank_line: None })
            }
        }
    }
}

/// The first and the last day of which an expense is taken, however it comes.
pub fn days_taken(today: Date) -> (Date, Date) {
    let first = today.saturating_sub(jiff::Span::new().years(YEARS_MAX));
    (first, today.saturating_add(jiff::Span::new().days(DAYS_AHEAD_MAX)))
}

fn between(typed: &str, first: Date, last: Date) -> Result<Date, Rule> {
    let on = legal::date(typed)?;
    if on < first {
        return Err(Rule::Before { date: text::short_date(first) });
    }
    if on > last { Err(Rule::After { date: text::short_date(last) }) } else { Ok(on) }
}

fn paid_on(typed: &str, today: Date) -> Result<Date, Rule> {
    between(typed, days_taken(today).0, today)
}

fn spent_on(typed: &str, today: Date) -> Result<Date, Rule> {
    let (first, last) = days_taken(today);
    between(typed, first, last)
}

fn due_on(typed: &str, spent_on: Option<Date>) -> Result<Date, Rule> {
    match spent_on {
        Some(spent) => between(typed, spent, spent.saturating_add(jiff::Span::new().years(DUE_YEARS_MAX))),
        None => legal::date(typed),
    }
}

/// What the lines come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    pub net: Minor,
    pub tax: Minor,
    pub recovered: Minor,
    pub gross: Minor,
}

impl ExpenseContent {
    pub fn totals(&self) -> Result<Totals, AmountTooLarge> {
        let sum = |part: fn(&ExpenseLine) -> Minor| Minor::checked_sum(self.lines.iter().map(part));
        let (net, tax) = (sum(|line| line.net_minor)?, sum(|line| line.tax_minor)?);
        Ok(Totals { net, tax, recovered: sum(|line| line.recovered_minor)?, gross: net.checked_add(tax)? })
    }

    /// What was checked when it was written.
    pub fn sums(&self) -> Totals {
        self.totals().unwrap_or_default()
    }

    pub fn gross(&self) -> Minor {
        self.sums().gross
    }

    /// Whether a supplier gives back more than they charge.
    pub fn is_credit(&self) -> bool {
        self.gross() < Minor::ZERO
    }

    /// By when money is to move: at once where nothing is said.
    pub fn payable_on(&self) -> Date {
        self.due_on.unwrap_or(self.spent_on)
    }
}

/// When somebody is to approve an expense.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// From so much on, all taxes included, in the organization's currency; never where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_from_minor: Option<Minor>,
}

impl Threshold {
    /// What is in another currency cannot be compared, and is looked at.
    pub fn wants_approval(&self, content: &ExpenseContent, own: Currency) -> bool {
        self.approval_from_minor.is_some_and(|from| content.currency != own || content.gross() >= from)
    }
}

impl Expense {
    /// As it is entered: it counts at once where nobody has to approve it.
    pub fn entered(
        id: ExpenseId,
        (created_at, created_by): (Timestamp, Option<UserId>),
        content: ExpenseContent,
        is_draft: bool,
        wants_approval: bool,
    ) -> Self {
        let approval = match (is_draft, wants_approval, created_by) {
            (true, ..) => Approval::Draft,
            (_, true, Some(by)) => Approval::Submitted { by, at: created_at },
            // Nobody asked for it who could be answered.
            (_, true, None) => Approval::Draft,
            (_, false, _) => Approval::Approved { by: None, at: created_at },
        };
        Self { id, created_at, created_by, content, approval, receipt: None, source: Source::Manual }
    }

    pub const fn counts(&self) -> bool {
        matches!(self.approval, Approval::Approved { .. })
    }

    pub const fn is_paid(&self) -> bool {
        self.content.payment.is_some()
    }

    /// What of it was paid before it was asked for.
    pub const fn prepaid(&self) -> Minor {
        match self.source {
            Source::Invoice { prepaid_minor, .. } => prepaid_minor,
            _ => Minor::ZERO,
        }
    }

    /// What one payment of it comes to.
    pub fn to_pay(&self) -> Minor {
        Minor(self.gross().0.saturating_sub(self.prepaid().0))
    }

    /// Whether money is still to move for it: to the supplier, or back from them. What comes to nothing moves none.
    pub fn is_open(&self) -> bool {
        self.counts() && !self.is_paid() && !self.gross().is_zero()
    }

    /// What a supplier owes us is no delay of ours.
    pub fn is_late(&self, today: Date) -> bool {
        self.is_open() && !self.is_credit() && self.payable_on() < today
    }

    /// Whether a line of the bank may be what paid it: it is to be paid, or somebody noted its payment without a line.
    pub fn wants_line(&self) -> bool {
        let is_refused = matches!(self.approval, Approval::Refused { .. });
        let is_noted = self.payment.as_ref().is_some_and(|noted| noted.bank_line.is_none()) && !is_refused;
        (self.is_open() || is_noted) && self.gross() > Minor::ZERO
    }

    /// What is told of it once it has this version; nothing where it does not count.
    pub fn facts(&self, v: u64) -> Option<ExpenseFacts> {
        let Totals { net, tax, recovered, gross } = self.sums();
        self.counts().then(|| ExpenseFacts {
            expense: self.id,
            v,
            on: self.spent_on,
            due_on: self.due_on,
            paid_on: self.payment.as_ref().map(|payment| payment.on),
            category: self.category,
            net_minor: net,
            tax_minor: tax,
            recovered_minor: recovered,
            gross_minor: gross,
            prepaid_minor: self.prepaid(),
            currency: self.currency,
            supplier: self.supplier.as_ref().map(|supplier| supplier.id),
        })
    }

    /// With another content. What costs more, or goes to somebody else, is approved anew where approval is wanted, unless who
    /// writes it may approve it.
    pub fn edited(
        &self,
        content: ExpenseContent,
        is_draft: bool,
        (at, by): (Timestamp, UserId),
        wants_approval: bool,
        may_approve: bool,
    ) -> Result<Self> {
        self.must_be_open()?;
        // What an employee is owed their report says, and what a supplier is, their invoice.
        let owes = |content: &ExpenseContent| (content.currency, content.gross());
        let is_same = owes(&content) == owes(&self.content);
        match self.source {
            Source::Report { .. } if !is_same => return Err(Error::Conflict(Conflict::ExpenseFromReport)),
            Source::Invoice { .. } if !is_same => return Err(Error::Conflict(Conflict::ExpenseFromInvoice)),
            _ => {}
        }
        let mut content = content;
        let matched = self.payment.as_ref().and_then(|payment| payment.bank_line);
        if matched.is_some() {
            let kept = self.content.payment.clone();
            let same = |new: &ExpensePayment| kept.as_ref().is_some_and(|old| old.on == new.on && old.by == new.by);
            if !content.payment.as_ref().is_some_and(same) || !is_same {
                return Err(Error::Conflict(Conflict::ExpensePaid));
            }
            content.payment = kept;
        }
        let supplier = |content: &ExpenseContent| content.supplier.as_ref().map(|supplier| supplier.id);
        let is_more = content.gross() > self.gross()
            || content.currency != self.currency
            || supplier(&content) != supplier(&self.content);
        let approval = match &self.approval {
            Approval::Submitted { .. } => return Err(Error::Conflict(Conflict::ExpenseSubmitted)),
            Approval::Approved { .. } if wants_approval && is_more && !may_approve => Approval::Submitted { by, at },
            Approval::Approved { .. } => self.approval.clone(),
            Approval::Draft | Approval::Refused { .. } if is_draft => Approval::Draft,
            Approval::Draft | Approval::Refused { .. } if wants_approval => Approval::Submitted { by, at },
            Approval::Draft | Approval::Refused { .. } => Approval::Approved { by: None, at },
        };
        Ok(Self { content, approval, ..self.clone() })
    }

    /// A supplier's invoice that was refused stays so.
    fn must_be_open(&self) -> Result<()> {
        match (&self.source, &self.approval) {
            (Source::Invoice { .. }, Approval::Refused { .. }) => Err(Error::Conflict(Conflict::ReceivedInvoiceClosed)),
            _ => Ok(()),
        }
    }

    /// A draft asks for its approval, or counts at once.
    pub fn submitted(&self, (at, by): (Timestamp, UserId), wants_approval: bool) -> Result<Self> {
        self.must_be_open()?;
        let approval = match self.approval {
            Approval::Draft | Approval::Refused { .. } if wants_approval => Approval::Submitted { by, at },
            Approval::Draft | Approval::Refused { .. } => Approval::Approved { by: None, at },
            Approval::Submitted { .. } | Approval::Approved { .. } => {
                return Err(Error::Conflict(Conflict::ExpenseDecided));
            }
        };
        Ok(Self { approval, ..self.clone() })
    }

    fn must_be_submitted(&self) -> Result<()> {
        match self.approval {
            Approval::Submitted { .. } => Ok(()),
            _ => Err(Error::Conflict(Conflict::ExpenseDecided)),
        }
    }

    pub fn withdrawn(&self) -> Result<Self> {
        self.must_be_submitted()?;
        Ok(Self { approval: Approval::Draft, ..self.clone() })
    }

    /// Decided once: whoever is second finds it decided.
    pub fn approved(&self, (at, by): (Timestamp, UserId)) -> Result<Self> {
        self.must_be_submitted()?;
        Ok(Self { approval: Approval::Approved { by: Some(by), at }, ..self.clone() })
    }

    /// A supplier's invoice is refused by itself, for a reason that its sender understands.
    pub fn refused(&self, (at, by): (Timestamp, UserId), reason: String) -> Result<Self> {
        self.must_be_submitted()?;
        if matches!(self.source, Source::Invoice { .. }) {
            return Err(Error::Conflict(Conflict::ExpenseFromInvoice));
        }
        Ok(Self { approval: Approval::Refused { by, at, reason }, ..self.clone() })
    }

    pub fn paid(&self, payment: ExpensePayment) -> Result<Self> {
        if !self.counts() {
            return Err(Error::Conflict(Conflict::ExpenseNotApproved));
        }
        if self.is_paid() {
            return Err(Error::Conflict(Conflict::ExpensePaid));
        }
        let content = ExpenseContent { payment: Some(payment), ..self.content.clone() };
        Ok(Self { content, ..self.clone() })
    }

    /// Paid by a line of the bank. A payment that somebody noted stays as it is, with the line beside it.
    pub fn paid_by_line(&self, payment: ExpensePayment) -> Result<Self> {
        match &self.payment {
            Some(noted) if self.wants_line() => {
                let noted = ExpensePayment { bank_line: payment.bank_line, ..noted.clone() };
                let content = ExpenseContent { payment: Some(noted), ..self.content.clone() };
                Ok(Self { content, ..self.clone() })
            }
            _ => self.paid(payment),
        }
    }

    /// The employee whose report it is of was paid back; none where that is known. What the bank said meanwhile stays.
    pub fn reimbursed(&self, payment: &ExpensePayment) -> Option<Self> {
        let mut after = self.clone();
        match &mut after.source {
            Source::Report { is_reimbursed, .. } if !*is_reimbursed => *is_reimbursed = true,
            _ => return None,
        }
        after.content.payment.get_or_insert_with(|| payment.clone());
        Some(after)
    }

    /// With the line of the bank that is open again.
    pub fn unpaid(&self) -> Result<(Self, Option<BankLineId>)> {
        let payment = self.payment.clone().ok_or(Error::Conflict(Conflict::ExpenseNotPaid))?;
        let content = ExpenseContent { payment: None, ..self.content.clone() };
        Ok((Self { content, ..self.clone() }, payment.bank_line))
    }

    /// What the law keeps, and what the bank says, is not deleted.
    pub fn must_be_deletable(&self) -> Result<()> {
        if matches!(self.source, Source::Invoice { .. }) {
            return Err(Error::Conflict(Conflict::ExpenseFromInvoice));
        }
        if matches!(self.source, Source::Report { .. }) {
            return Err(Error::Conflict(Conflict::ExpenseFromReport));
        }
        if matches!(self.approval, Approval::Submitted { .. }) {
            return Err(Error::Conflict(Conflict::ExpenseSubmitted));
        }
        if self.payment.as_ref().is_some_and(|payment| payment.bank_line.is_some()) {
            return Err(Error::Conflict(Conflict::ExpensePaid));
        }
        Ok(())
    }

    /// Whether it answers to what somebody typed: each word begins one of its description, supplier or reference. `words`
    /// are folded.
    pub fn answers_to(&self, words: &[String]) -> bool {
        let supplier = self.supplier.as_ref().map_or("", |supplier| supplier.name.as_str());
        let own = format!("{} {supplier} {}", self.description, self.reference.as_deref().unwrap_or_default());
        begins_with_each(&own, words)
    }
}

/// Whether each of these folded words begins a word of a text.
pub fn begins_with_each(own: &str, words: &[String]) -> bool {
    let own = text::folded(own);
    let begins = |word: &String| {
        own.match_indices(word.as_str())
            .any(|(at, _)| !own[..at].chars().next_back().is_some_and(char::is_alphanumeric))
    };
    words.iter().all(begins)
}

/// How it was paid, and when. The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ExpensePaymentInput)]
pub struct PaymentInput {
    /// `YYYY-MM-DD`, not after today; today where empty.
    pub paid_on: String,
    /// `bank_transfer` (which an empty text means too), `card`, `direct_debit`, `check`, `cash` or `other`.
    pub paid_by: String,
}

impl PaymentInput {
    pub fn parse(&self, today: Date) -> Result<ExpensePayment, Violations> {
        let mut wrong = Violations::default();
        let on = match self.paid_on.trim() {
            "" => Some(today),
            typed => wrong.take("/paid_on", paid_on(typed, today)),
        };
        let by = wrong.take("/paid_by", PaidBy::read(&self.paid_by));
        match (on, by) {
            (Some(on), Some(by)) => Ok(ExpensePayment { on, by, bank_line: None }),
            _ => Err(wrong),
        }
    }
}

/// Why an expense is refused. The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ExpenseRefusalInput)]
pub struct RefusalInput {
    pub reason: String,
}

impl RefusalInput {
    pub fn parse(&self) -> Result<String, Error> {
        legal::required(&self.reason, REASON_MAX).map_err(|rule| Error::field("/reason", rule))
    }
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;
    use kernel::id::OrganizationId;
    use ulid::Ulid;

    use super::*;

    pub fn organization() -> OrganizationReference {
        OrganizationReference::new(OrganizationId::from_ulid(Ulid(1)), "Atelier".into())
    }

    pub fn line(net: &str, vat_percent: &str) -> ExpenseLineInput {
        ExpenseLineInput { net: net.into(), vat_percent: vat_percent.into(), ..ExpenseLineInput::default() }
    }

    pub fn input() -> ExpenseInput {
        ExpenseInput {
            description: "Papier et encre".into(),
            category: "supplies".into(),
            spent_on: "2026-11-20".into(),
            lines: vec![line("100", "20"), line("10,05", "5.5")],
            reference: "T-17".into(),
            due_on: "2026-12-20".into(),
            ..ExpenseInput::default()
        }
    }

    fn parse(input: &ExpenseInput) -> Result<NewExpense, Violations> {
        input.parse(&organization(), date(2026, 11, 22))
    }

    pub fn expense() -> Expense {
        let new = parse(&input()).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let at = Timestamp::UNIX_EPOCH;
        Expense::entered(ExpenseId::from_ulid(Ulid(2)), (at, Some(user(3))), new.content, false, false)
    }

    fn user(n: u128) -> UserId {
        UserId::from_ulid(Ulid(n))
    }

    #[test]
    fn lines_come_to_their_totals_and_what_is_shown_is_accepted_again() {
        let read = expense();
        let Totals { net, tax, recovered, gross } = read.sums();
        assert_eq!((net, tax, recovered, gross), (Minor(11_005), Minor(2_055), Minor(2_055), Minor(13_060)));
        let again = parse(&ExpenseInput::of(&read)).unwrap();
        assert_eq!(again.content, read.content);
    }

    #[test]
    fn a_gross_amount_stays_what_was_typed() {
        for (gross, percent, net, tax) in
            [("120", "20", 10_000, 2_000), ("9,99", "20", 833, 166), ("0.01", "20", 1, 0), ("-12", "20", -1_000, -200)]
        {
            let typed = ExpenseLineInput { gross: gross.into(), ..line("", percent) };
            let new = parse(&ExpenseInput { lines: vec![typed], ..input() }).unwrap();
            let [line] = new.content.lines.as_slice() else { panic!() };
            assert_eq!((line.net_minor, line.tax_minor), (Minor(net), Minor(tax)), "{gross}");
        }
    }

    #[test]
    fn under_the_franchise_nothing_is_deducted_and_a_part_is_rounded_once() {
        let franchise = OrganizationReference { vat_regime: VatRegime::Franchise, ..organization() };
        let new = input().parse(&franchise, date(2026, 11, 22)).unwrap();
        assert_eq!(new.content.sums().recovered, Minor::ZERO);
        // Four fifths of the VAT on fuel for cars (CGI art. 298, 4).
        let fuel = ExpenseLineInput { recovered_percent: "80".into(), ..line("41.67", "20") };
        let new = parse(&ExpenseInput { lines: vec![fuel], ..input() }).unwrap();
        assert_eq!(new.content.sums().recovered, Minor(666));
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = ExpenseInput {
            description: "Papier\nencre".into(),
            category: "gift".into(),
            spent_on: "2029-01-01".into(),
            currency: "ZZZ".into(),
            lines: vec![
                ExpenseLineInput { gross: "1".into(), ..line("1", "20") },
                ExpenseLineInput { tax: "30".into(), ..line("100", "20") },
                ExpenseLineInput { recovered_percent: "101".into(), ..line("x", "-1") },
            ],
            supplier_id: "sup_1".into(),
            reference: "x".repeat(61),
            notes: "x".repeat(2_001),
            due_on: "hier".into(),
            paid_on: "2026-11-23".into(),
            paid_by: "shells".into(),
            draft: "yes".into(),
            ..ExpenseInput::default()
        };
        let wrong = parse(&wrong).unwrap_err();
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(
            pointers.join(" "),
            "/description /category /spent_on /currency /lines/0/gross /lines/1/tax /lines/2/vat_percent \
             /lines/2/recovered_percent /lines/2/net /supplier_id /reference /notes /due_on /paid_by /paid_on /draft"
        );
        for (on, fits) in [("1900-01-01", false), ("2016-11-21", false), ("2016-11-22", true), ("2027-11-24", false)] {
            let input = ExpenseInput { spent_on: on.into(), due_on: String::new(), ..input() };
            assert_eq!(parse(&input).is_ok(), fits, "{on}");
        }
        let early = parse(&ExpenseInput { due_on: "2026-11-19".into(), ..input() }).unwrap_err();
        assert_eq!(early.iter().next().map(|wrong| wrong.pointer.as_str()), Some("/due_on"));
        for (on, fits) in [("2031-11-20", true), ("2031-11-21", false), ("2199-12-31", false)] {
            assert_eq!(parse(&ExpenseInput { due_on: on.into(), ..input() }).is_ok(), fits, "{on}");
        }
    }

    #[test]
    fn it_is_decided_once_and_counts_once_it_is_approved() {
        let at = Timestamp::UNIX_EPOCH;
        let (author, chief) = ((at, user(3)), (at, user(4)));
        let content = expense().content;
        let asked = Expense::entered(expense().id, (at, Some(user(3))), content.clone(), false, true);
        assert!(!asked.counts() && asked.facts(1).is_none());
        assert!(asked.edited(content.clone(), false, author, true, false).is_err());
        let approved = asked.approved(chief).unwrap();
        assert!(approved.counts() && approved.facts(2).is_some_and(|facts| facts.gross_minor == Minor(13_060)));
        assert!(approved.approved(chief).is_err() && approved.refused(chief, "Non".into()).is_err());
        let refused = asked.refused(chief, "Trop cher".into()).unwrap();
        assert!(!refused.counts() && refused.withdrawn().is_err());
        assert!(matches!(refused.submitted(author, true).unwrap().approval, Approval::Submitted { .. }));
        // The same for less is no new question; more of it is, unless who writes it may answer.
        let less = ExpenseContent { lines: content.lines[..1].to_vec(), ..content.clone() };
        assert!(approved.edited(less.clone(), false, author, true, false).unwrap().counts());
        let more = ExpenseContent { lines: [&content.lines[..], &content.lines[..]].concat(), ..content };
        assert!(!approved.edited(more.clone(), false, author, true, false).unwrap().counts());
        assert!(approved.edited(more, false, author, true, true).unwrap().counts());
    }

    #[test]
    fn approval_is_wanted_from_its_threshold_on_and_of_what_cannot_be_compared() {
        let content = expense().content;
        let threshold = |from| Threshold { approval_from_minor: from };
        assert!(!threshold(None).wants_approval(&content, Currency::Eur));
        assert!(threshold(Some(Minor(13_060))).wants_approval(&content, Currency::Eur));
        assert!(!threshold(Some(Minor(13_061))).wants_approval(&content, Currency::Eur));
        assert!(threshold(Some(Minor(99_999))).wants_approval(&content, Currency::Xof));
    }

    #[test]
    fn it_is_paid_once_and_what_the_bank_says_stays() {
        let payment = ExpensePayment {
            on: date(2026, 11, 22),
            by: PaidBy::Card,
            bank_line: Some(BankLineId::from_ulid(Ulid(7))),
        };
        let paid = expense().paid(payment.clone()).unwrap();
        assert!(paid.paid(payment).is_err());
        assert!(paid.must_be_deletable().is_err());
        let at = (Timestamp::UNIX_EPOCH, user(3));
        let other = ExpenseContent { payment: None, ..paid.content.clone() };
        assert!(paid.edited(other, false, at, false, false).is_err());
        let dollars = ExpenseContent { currency: Currency::Usd, ..paid.content.clone() };
        assert!(paid.edited(dollars, false, at, false, false).is_err());
        let (open, line) = paid.unpaid().unwrap();
        assert_eq!((open.is_paid(), line), (false, Some(BankLineId::from_ulid(Ulid(7)))));
        assert!(open.unpaid().is_err());
    }
    #[test]
    fn what_a_suppliers_invoice_asks_for_stays_and_what_was_paid_before_is_asked_for_no_more() {
        let source = Source::Invoice { invoice: ReceivedInvoiceId::from_ulid(Ulid(5)), prepaid_minor: Minor(10_000) };
        let received = Expense { source, ..expense() };
        assert_eq!((received.gross(), received.to_pay()), (Minor(13_060), Minor(3_060)));
        assert_eq!(received.facts(1).map(|facts| facts.prepaid_minor), Some(Minor(10_000)));
        let at = (Timestamp::UNIX_EPOCH, user(3));
        let content = &received.content;
        let other = ExpenseContent { description: "Encre".into(), ..content.clone() };
        assert_eq!(received.edited(other, false, at, false, false).unwrap().to_pay(), Minor(3_060));
        for wrong in [
            ExpenseContent { lines: content.lines[..1].to_vec(), ..content.clone() },
            ExpenseContent { currency: Currency::Usd, ..content.clone() },
        ] {
            let refused = received.edited(wrong, false, at, false, false);
            assert!(matches!(refused, Err(Error::Conflict(Conflict::ExpenseFromInvoice))));
        }
    }
}
