//! Entries of accounting out of what happened to an invoice: its issue, its credit notes, its payments. Pure.
//!
//! A sale is entered when it is invoiced. Its VAT is due then where goods are sold (of an invoice of both, that of the goods),
//! or where the seller opted for the debits; for services, and for every deposit, it is due when it is paid (CGI, art. 269,
//! 2): until then it stands on an account of its own, and each payment moves its part of it. What is moved is never computed
//! by itself: it is what was due after the event less what was due before, so that nothing is left over whatever the parts.
//!
//! A deposit is no sale: it stands on 4191, from where the final invoice takes it.

use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor, Result,
    document::{Kind, Operations, VatTotal},
    id::{CreditNoteId, PaymentId},
    legal,
    money::AmountTooLarge,
    pricing::shared,
};
use rust_decimal::Decimal;
use ulid::Ulid;

use super::plan::{Account, AccountPlan};
use crate::{
    invoice::Invoice,
    payment::{Method, Payment, PaymentKind},
};

/// One entry; its postings balance.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Code and label.
    pub journal: Account,
    pub on: Date,
    pub piece: String,
    pub label: String,
    pub validated_on: Date,
    pub due_on: Option<Date>,
    pub currency: Currency,
    pub client: Client,
    pub postings: Vec<Posting>,
}

/// The client's own account below the collective one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Posting {
    pub account: Account,
    /// Whether it stands on the client's own account.
    pub is_client: bool,
    /// Debit is positive, credit negative; never zero.
    pub amount: Minor,
    /// That it is settled with others of the same letter, and since when.
    pub letter: Option<(String, Date)>,
}

impl Posting {
    pub fn debit(&self) -> Minor {
        self.amount.max(Minor::ZERO)
    }

    pub fn credit(&self) -> Minor {
        Minor(-self.amount.0.min(0))
    }
}

/// What of an invoice is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Issue,
    Credit(CreditNoteId),
    /// A corrective invoice took its place.
    Replaced,
    Money(PaymentId),
}

/// An invoice with all that happened to it, in its order.
#[derive(Debug)]
pub struct Life<'a> {
    invoice: &'a Invoice,
    client: Client,
    number: &'a str,
    /// By rate, the part of the VAT that is due with the document, not with its payment.
    due_at_issue: Vec<(Decimal, Decimal)>,
    steps: Vec<Step<'a>>,
}

#[derive(Debug)]
struct Step<'a> {
    what: What,
    on: Date,
    payment: Option<&'a Payment>,
    number: &'a str,
    /// Bases and taxes, positive on an invoice as on a credit note.
    vat: Vec<VatTotal>,
    /// What final invoices take off: deposits, base and tax.
    deducted: Vec<VatTotal>,
}

/// How an invoice stands.
#[derive(Debug, Clone, Default)]
struct Standing {
    /// Tax by rate.
    tax: Vec<(Decimal, Minor)>,
    owed: Minor,
    paid: Minor,
}

impl Standing {
    fn tax_of(&self, percent: Decimal) -> Minor {
        self.tax.iter().find(|(rate, _)| *rate == percent).map(|(_, tax)| *tax).unwrap_or_default()
    }

    fn add_tax(&mut self, percent: Decimal, tax: Minor) {
        match self.tax.iter_mut().find(|(rate, _)| *rate == percent) {
            Some((_, sum)) => sum.0 += tax.0,
            None => self.tax.push((percent, tax)),
        }
    }

    /// Of the tax at a rate, what is due by now: a part of it with the document, the rest as it is paid.
    fn due(&self, percent: Decimal, at_issue: Decimal, currency: Currency) -> Result<Minor, AmountTooLarge> {
        let tax = self.tax_of(percent);
        if self.paid >= self.owed {
            return Ok(tax);
        }
        let due = Minor::round(tax.to_decimal(currency) * at_issue, currency)?;
        if self.paid <= Minor::ZERO {
            return Ok(due);
        }
        let part = Decimal::from(self.paid.0) / Decimal::from(self.owed.0);
        let rest = Minor(tax.0 - due.0).to_decimal(currency);
        Ok(Minor(due.0 + Minor::round(rest * part, currency)?.0))
    }
}

/// What of a deposit a final invoice takes off, by rate: all that it still comes to, or in proportion.
pub fn deducted(deposit: &Invoice, amount: Minor) -> Result<Vec<VatTotal>> {
    let mut left = deposit.priced.vat.clone();
    for credit in deposit.issued.iter().flat_map(|issued| &issued.credits).flat_map(|credit| &credit.taken.vat) {
        if let Some(total) = left.iter_mut().find(|total| total.rate == credit.rate) {
            total.base_minor.0 -= credit.base_minor.0;
            total.tax_minor.0 -= credit.tax_minor.0;
        }
    }
    let parts: Vec<Minor> = left.iter().flat_map(|total| [total.base_minor, total.tax_minor]).collect();
    let parts = shared(amount, &parts).ok_or_else(|| Error::internal("more is deducted than a deposit comes to"))?;
    for (total, part) in left.iter_mut().zip(parts.chunks(2)) {
        (total.base_minor, total.tax_minor) = (part[0], part[1]);
    }
    Ok(left)
}

impl<'a> Life<'a> {
    /// `mentions` are those of the document as it left, `deducted` what it takes off because deposits invoiced it.
    pub fn new(
        invoice: &'a Invoice,
        payments: &'a [Payment],
        client_name: String,
        mentions: &[String],
        deducted: Vec<VatTotal>,
    ) -> Result<Self> {
        let issued = invoice.must_be_issued()?;
        let on_debits = mentions.iter().any(|mention| mention == legal::debits_mention(issued.on));
        let issue = Step {
            what: What::Issue,
            on: issued.on,
            payment: None,
            number: &issued.number,
            vat: invoice.priced.vat.clone(),
            deducted,
        };
        let credits = issued.credits.iter().map(|credit| {
            let step = Step {
                what: What::Credit(credit.note),
                on: credit.on,
                payment: None,
                number: &credit.number,
                vat: credit.taken.vat.clone(),
                deducted: Vec::new(),
            };
            (credit.note.ulid(), step)
        });
        let replaced = issued.replaced_by.as_ref().map(|by| {
            let negative = |total: VatTotal| VatTotal {
                base_minor: Minor(-total.base_minor.0),
                tax_minor: Minor(-total.tax_minor.0),
                ..total
            };
            let step = Step {
                what: What::Replaced,
                on: by.on,
                payment: None,
                number: &by.number,
                vat: invoice.priced.vat.clone(),
                deducted: issue.deducted.iter().cloned().map(negative).collect(),
            };
            // What was paid is carried over after that, and then only.
            let carried = payments.iter().filter(|payment| {
                payment.kind == PaymentKind::Refunded && payment.method == Method::Credit && payment.paid_on >= by.on
            });
            (carried.map(|payment| payment.id.ulid()).min().unwrap_or(Ulid(u128::MAX)), step)
        });
        let money = payments.iter().map(|payment| {
            let step = Step {
                what: What::Money(payment.id),
                on: payment.paid_on,
                payment: Some(payment),
                number: &issued.number,
                vat: Vec::new(),
                deducted: Vec::new(),
            };
            (payment.id.ulid(), step)
        });
        // Ids are of the instant at which they were given.
        let mut later: Vec<_> = credits.chain(replaced).chain(money).collect();
        later.sort_by_key(|(id, _)| *id);
        let steps = std::iter::once(issue).chain(later.into_iter().map(|(_, step)| step)).collect();
        let code = invoice.client.reference.id.ulid().to_string();
        let client = Client { code: format!("C{}", &code[code.len() - 8..]), name: client_name };
        let due_at_issue = due_at_issue(invoice, on_debits);
        Ok(Self { invoice, client, number: &issued.number, due_at_issue, steps })
    }

    /// What is entered for one event, validated on a day. Letters tell what is settled by the end of `until`.
    pub fn entry(&self, what: What, plan: &AccountPlan, validated_on: Date, until: Date) -> Result<Entry> {
        let currency = self.invoice.priced.currency;
        let mut before = Standing::default();
        for step in &self.steps {
            let after = step.after(&before);
            if step.what == what {
                let mut postings = self.postings(step, plan, &before, &after, currency)?;
                let letter = self.letter(until);
                for posting in postings.iter_mut().filter(|posting| posting.is_client).take(1) {
                    posting.letter.clone_from(&letter);
                }
                return Ok(Entry {
                    journal: plan.journal(step.journal()),
                    on: step.on,
                    piece: step.number.into(),
                    label: self.label(step),
                    validated_on,
                    due_on: match what {
                        What::Issue => self.invoice.issued.as_ref().map(|issued| issued.due_on),
                        What::Credit(_) | What::Replaced | What::Money(_) => None,
                    },
                    currency,
                    client: self.client.clone(),
                    postings,
                });
            }
            before = after;
        }
        Err(Error::internal(format!("{}: {what:?} is not in its life", self.number)))
    }

    fn label(&self, step: &Step) -> String {
        let name = &self.client.name;
        let said = match (step.what, step.payment) {
            (What::Issue, _) => format!("{} {} {name}", self.invoice.kind.french(), self.number),
            (What::Credit(_), _) => format!("Avoir {} sur {} {name}", step.number, self.number),
            (What::Replaced, _) => format!("Annulation de {}, remplacée par {} {name}", self.number, step.number),
            (What::Money(_), Some(payment)) => {
                let method = payment.method.french().to_lowercase();
                let kind = match payment.kind {
                    PaymentKind::Received => "Règlement",
                    PaymentKind::Refunded => "Remboursement",
                    PaymentKind::Reversal => "Annulation du règlement",
                    PaymentKind::RefundReversal => "Annulation du remboursement",
                };
                format!("{kind} {} {method} {name}", self.number)
            }
            (What::Money(_), None) => self.number.into(),
        };
        said.chars().take(200).collect()
    }

    /// The letter of what is settled by the end of a day, and since when. In one day nothing is settled but by itself.
    fn letter(&self, until: Date) -> Option<(String, Date)> {
        let counted: Vec<&Step> = self.steps.iter().filter(|step| step.on <= until).collect();
        let standing = counted.iter().fold(Standing::default(), |before, step| step.after(&before));
        let settled_on = counted.iter().map(|step| step.on).max()?;
        let is_settled = standing.owed == standing.paid && counted.len() > 1;
        is_settled.then(|| (self.number.chars().filter(char::is_ascii_alphanumeric).collect(), settled_on))
    }

    fn postings(
        &self,
        step: &Step,
        plan: &AccountPlan,
        before: &Standing,
        after: &Standing,
        currency: Currency,
    ) -> Result<Vec<Posting>> {
        let mut postings = Vec::new();
        let mut post = |account: Account, is_client: bool, amount: i64| {
            if amount != 0 {
                postings.push(Posting { account, is_client, amount: Minor(amount), letter: None });
            }
        };
        let client = (after.owed.0 - before.owed.0) - (after.paid.0 - before.paid.0);
        post(plan.clients(), true, client);
        // On an invoice sales are credited, on a credit note debited.
        let sign = if step.what == What::Issue { -1 } else { 1 };
        for total in &step.vat {
            let account = match self.invoice.kind {
                Kind::Deposit => plan.deposits(),
                _ => plan.sales(self.invoice.priced.treatment, self.invoice.operations, total.rate.percent),
            };
            post(account, false, sign * total.base_minor.0);
        }
        post(plan.deposits(), false, step.deducted.iter().map(|total| total.base_minor.0).sum());
        if let Some(payment) = step.payment {
            // Against itself where no money moves: what is compensated elsewhere.
            let account = plan.money(payment.method);
            let is_client = account.is_none();
            post(account.unwrap_or_else(|| plan.clients()), is_client, -client);
        }
        for (percent, _) in &after.tax {
            let (total, was) = (after.tax_of(*percent), before.tax_of(*percent));
            let at_issue = self.due_at_issue.iter().find(|(rate, _)| rate == percent).map(|(_, part)| *part);
            let at_issue = at_issue.unwrap_or_default();
            let due = after.due(*percent, at_issue, currency).map_err(Error::internal)?;
            let due_before = match step.what {
                What::Issue => Minor::ZERO,
                _ => before.due(*percent, at_issue, currency).map_err(Error::internal)?,
            };
            let collected = due.0 - due_before.0;
            let pending = (total.0 - was.0) - collected;
            post(plan.vat_collected(*percent), false, -collected);
            post(plan.vat_pending(*percent), false, -pending);
        }
        let sum: i64 = postings.iter().map(|posting| posting.amount.0).sum();
        if sum != 0 {
            return Err(Error::internal(format!("{} does not balance by {sum}", self.number)));
        }
        Ok(postings)
    }
}

/// By rate, the part of the VAT that is due with the document: of an invoice of both, as much as goods are of it.
fn due_at_issue(invoice: &Invoice, on_debits: bool) -> Vec<(Decimal, Decimal)> {
    let net = |percent: Decimal, of_goods: bool| {
        let lines = invoice.priced.lines.iter().filter(|line| !line.is_optional && line.vat.percent == percent);
        Decimal::from(lines.filter(|line| line.is_goods || !of_goods).map(|line| line.net_minor.0).sum::<i64>())
    };
    let part = |percent: Decimal| match (invoice.kind, invoice.operations) {
        _ if on_debits => Decimal::ONE,
        (Kind::Deposit, _) | (_, Operations::Services) => Decimal::ZERO,
        (_, Operations::Goods) => Decimal::ONE,
        (_, Operations::Mixed) => net(percent, true).checked_div(net(percent, false)).unwrap_or_default(),
    };
    let rates = invoice.priced.vat.iter().map(|total| total.rate.percent);
    rates.map(|percent| (percent, part(percent))).collect()
}

impl Step<'_> {
    fn after(&self, before: &Standing) -> Standing {
        let mut after = before.clone();
        let sign = if matches!(self.what, What::Credit(_) | What::Replaced) { -1 } else { 1 };
        for total in &self.vat {
            after.owed.0 += sign * (total.base_minor.0 + total.tax_minor.0);
            after.add_tax(total.rate.percent, Minor(sign * total.tax_minor.0));
        }
        for total in &self.deducted {
            after.owed.0 -= total.base_minor.0 + total.tax_minor.0;
            after.add_tax(total.rate.percent, Minor(-total.tax_minor.0));
        }
        if let Some(payment) = self.payment {
            after.paid.0 += payment.effect().0;
        }
        after
    }

    fn journal(&self) -> &'static str {
        match self.payment.map(|payment| payment.method) {
            None => "journal_sales",
            Some(Method::Cash) => "journal_cash",
            Some(Method::Credit) => "journal_other",
            Some(_) => "journal_bank",
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::{
        document::{Line, Unit, VatCategory, VatRate},
        pricing::Priced,
        vat::Treatment,
    };
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;
    use crate::{credit_note::CreditInput, invoice::tests::issued, portion::PartInput};

    const ON: Date = jiff::civil::date(2026, 11, 25);

    fn line(net: i64, percent: &str) -> Line {
        let rate = VatRate {
            category: VatCategory::S,
            percent: percent.parse().unwrap(),
            exemption_reason: None,
            exemption_code: None,
        };
        Line {
            section: None,
            is_optional: false,
            description: "Pose".into(),
            quantity: Decimal::ONE,
            unit: Unit::Piece,
            unit_price: Minor(net).to_decimal(Currency::Eur),
            discount_percent: Decimal::ZERO,
            discount_minor: Minor::ZERO,
            vat: rate,
            net_minor: Minor(net),
            product: None,
            is_goods: false,
        }
    }

    fn invoice(lines: &[(i64, &str)]) -> Invoice {
        let lines = lines.iter().map(|(net, percent)| line(*net, percent)).collect();
        issued(Priced::add_up(Currency::Eur, Treatment::Domestic, lines, None).unwrap())
    }

    fn payment(n: u64, kind: PaymentKind, amount: i64, method: Method, invoice: &Invoice) -> Payment {
        Payment {
            id: PaymentId::from_ulid(Ulid::from_parts(4_000_000_000_000 + n, 0)),
            invoice: invoice.id,
            kind,
            amount_minor: Minor(amount),
            currency: Currency::Eur,
            paid_on: ON,
            method,
            reference: None,
            recorded_at: Timestamp::UNIX_EPOCH,
            reverses: None,
            reversed_by: None,
            of: None,
            receipt: None,
            charge: None,
        }
    }

    fn life<'a>(invoice: &'a Invoice, payments: &'a [Payment], mentions: &[String]) -> Life<'a> {
        Life::new(invoice, payments, "Client SA".into(), mentions, Vec::new()).unwrap()
    }

    fn told(entry: &Entry) -> Vec<(&str, i64)> {
        entry.postings.iter().map(|posting| (posting.account.number.as_str(), posting.amount.0)).collect()
    }

    #[test]
    fn the_vat_of_services_waits_for_the_payment() {
        let invoice = invoice(&[(100_000, "20"), (10_000, "5.5")]);
        let payments = [payment(1, PaymentKind::Received, 60_000, Method::BankTransfer, &invoice)];
        let plan = AccountPlan::default();
        let life = life(&invoice, &payments, &[]);
        let issue = life.entry(What::Issue, &plan, ON, ON).unwrap();
        assert_eq!(issue.journal.number, "VE");
        assert_eq!(
            told(&issue),
            [("411000", 130_550), ("706000", -10_000), ("706000", -100_000), ("445742", -550), ("445740", -20_000)]
        );
        let paid = life.entry(What::Money(payments[0].id), &plan, ON, ON).unwrap();
        assert_eq!(paid.journal.number, "BQ");
        assert_eq!(
            told(&paid),
            [
                ("411000", -60_000),
                ("512000", 60_000),
                ("445712", -253),
                ("445742", 253),
                ("445710", -9_192),
                ("445740", 9_192)
            ]
        );
        assert!(paid.postings[0].letter.is_none(), "it is not settled");
    }

    #[test]
    fn where_an_invoice_has_both_the_vat_of_its_goods_is_due_at_once() {
        let goods = Line { is_goods: true, ..line(100_000, "20") };
        let lines = vec![goods, line(50_000, "20"), line(10_000, "5.5")];
        let mut invoice = issued(Priced::add_up(Currency::Eur, Treatment::Domestic, lines, None).unwrap());
        invoice.operations = Operations::Mixed;
        let payments = [
            payment(1, PaymentKind::Received, 95_275, Method::BankTransfer, &invoice),
            payment(2, PaymentKind::Received, 95_275, Method::BankTransfer, &invoice),
        ];
        let plan = AccountPlan::default();
        let life = life(&invoice, &payments, &[]);
        let of = |entry: &Entry, account: &str| {
            let own = entry.postings.iter().filter(|posting| posting.account.number == account);
            own.map(|posting| posting.amount.0).sum::<i64>()
        };
        let issue = life.entry(What::Issue, &plan, ON, ON).unwrap();
        assert_eq!((of(&issue, "445710"), of(&issue, "445740"), of(&issue, "445742")), (-20_000, -10_000, -550));
        // Half of it is paid, and then the rest.
        for payment in &payments {
            let paid = life.entry(What::Money(payment.id), &plan, ON, ON).unwrap();
            assert_eq!((of(&paid, "445710"), of(&paid, "445740")), (-5_000, 5_000));
            assert_eq!((of(&paid, "445712"), of(&paid, "445742")), (-275, 275));
        }
    }

    #[test]
    fn on_debits_and_for_goods_the_vat_is_due_at_once() {
        let mut sold = invoice(&[(100_000, "20")]);
        let plan = AccountPlan::default();
        let mention = [legal::debits_mention(ON).to_owned()];
        let issue = life(&sold, &[], &mention).entry(What::Issue, &plan, ON, ON).unwrap();
        assert_eq!(told(&issue), [("411000", 120_000), ("706000", -100_000), ("445710", -20_000)]);
        sold.operations = Operations::Goods;
        let issue = life(&sold, &[], &[]).entry(What::Issue, &plan, ON, ON).unwrap();
        assert_eq!(told(&issue), [("411000", 120_000), ("707000", -100_000), ("445710", -20_000)]);
    }

    #[test]
    fn a_deposit_is_no_sale_and_the_final_invoice_takes_it_off() {
        let mut deposit = invoice(&[(30_000, "20")]);
        deposit.kind = Kind::Deposit;
        deposit.operations = Operations::Goods;
        let plan = AccountPlan::default();
        let issue = life(&deposit, &[], &[]).entry(What::Issue, &plan, ON, ON).unwrap();
        assert_eq!(told(&issue), [("411000", 36_000), ("419100", -30_000), ("445740", -6_000)]);

        let last = invoice(&[(100_000, "20")]);
        let taken = deducted(&deposit, Minor(36_000)).unwrap();
        let life = Life::new(&last, &[], "Client SA".into(), &[], taken).unwrap();
        let issue = life.entry(What::Issue, &plan, ON, ON).unwrap();
        assert_eq!(told(&issue), [("411000", 84_000), ("706000", -100_000), ("419100", 30_000), ("445740", -14_000)]);
        let half: i64 = deducted(&deposit, Minor(18_001)).unwrap().iter().map(|t| t.base_minor.0 + t.tax_minor.0).sum();
        assert_eq!(half, 18_001);
        assert!(deducted(&deposit, Minor(36_001)).is_err());
    }

    #[test]
    fn what_is_settled_has_one_letter() {
        let invoice = invoice(&[(100_000, "20")]);
        let payments = [
            payment(1, PaymentKind::Received, 100_000, Method::Cash, &invoice),
            payment(2, PaymentKind::Received, 20_000, Method::Credit, &invoice),
        ];
        let plan = AccountPlan::default();
        let life = life(&invoice, &payments, &[]);
        for what in [What::Issue, What::Money(payments[0].id), What::Money(payments[1].id)] {
            let entry = life.entry(what, &plan, ON, ON).unwrap();
            assert!(entry.postings[0].letter.is_some(), "{what:?}");
            assert_eq!(entry.postings.iter().filter(|posting| posting.letter.is_some()).count(), 1);
        }
        let compensated = life.entry(What::Money(payments[1].id), &plan, ON, ON).unwrap();
        assert_eq!(compensated.journal.number, "OD");
        assert_eq!(told(&compensated)[..2], [("411000", -20_000), ("411000", 20_000)]);
    }

    proptest! {
        /// Whatever is invoiced, credited, paid and given back: every entry balances, what is settled leaves nothing on
        /// the client's account, and once everything is paid no VAT waits.
        #[test]
        fn entries_balance_and_leave_what_is_owed(
            lines in proptest::collection::vec((1_i64..500_000, 0_usize..4), 1..5),
            acts in proptest::collection::vec((0_u8..4, 1_i64..=100), 0..8),
            operations in 0_usize..3,
        ) {
            let lines: Vec<(i64, &str)> =
                lines.into_iter().map(|(net, at)| (net, ["20", "10", "5.5", "2.1"][at])).collect();
            let mut invoice = invoice(&lines);
            invoice.operations = [Operations::Goods, Operations::Services, Operations::Mixed][operations];
            let mut payments: Vec<Payment> = Vec::new();
            let mut whats = vec![What::Issue];
            for (n, (act, percent)) in acts.into_iter().enumerate() {
                let n = n as u64 + 1;
                let paid: i64 = payments.iter().map(|payment| payment.effect().0).sum();
                match act {
                    0 | 1 => {
                        let amount = (invoice.owed().0 - paid).max(1) * percent / 60 + 1;
                        let method = if act == 0 { Method::Card } else { Method::Credit };
                        payments.push(payment(n, PaymentKind::Received, amount, method, &invoice));
                        whats.push(What::Money(payments[payments.len() - 1].id));
                    }
                    2 if paid > 1 => {
                        payments.push(payment(n, PaymentKind::Refunded, paid / 2, Method::BankTransfer, &invoice));
                        whats.push(What::Money(payments[payments.len() - 1].id));
                    }
                    3 => {
                        let left = invoice.must_be_issued().unwrap().left(&invoice.priced);
                        let part = left.lines[0].net_minor.0 * percent / 100;
                        if part <= 0 { continue }
                        let amount = Minor(part).plain(Currency::Eur);
                        let lines = vec![PartInput { line: 1, quantity: String::new(), amount }];
                        let (_, priced, taken) =
                            CreditInput { reason: "Erreur".into(), lines, ..CreditInput::default() }.parse(&invoice).unwrap();
                        let note = CreditNoteId::from_ulid(Ulid::from_parts(4_000_000_000_000 + n, 0));
                        let gross_minor = priced.totals.gross_minor;
                        let credit = crate::credit_note::Credit { note, number: "AV".into(), on: ON, gross_minor, taken };
                        invoice = invoice.credited(credit).unwrap();
                        whats.push(What::Credit(note));
                    }
                    _ => {}
                }
            }
            let plan = AccountPlan::default();
            let life = life(&invoice, &payments, &[]);
            let mut sums = std::collections::BTreeMap::<String, i64>::new();
            for what in &whats {
                let entry = life.entry(*what, &plan, ON, ON).unwrap();
                prop_assert_eq!(entry.postings.iter().map(|posting| posting.amount.0).sum::<i64>(), 0);
                for posting in &entry.postings {
                    prop_assert_ne!(posting.amount, Minor::ZERO);
                    *sums.entry(posting.account.number.chars().take(4).collect()).or_default() += posting.amount.0;
                }
            }
            let paid: i64 = payments.iter().map(|payment| payment.effect().0).sum();
            let compensated: i64 =
                payments.iter().filter(|payment| payment.method == Method::Credit).map(|p| p.effect().0).sum();
            let of = |account: &str| sums.get(account).copied().unwrap_or_default();
            prop_assert_eq!(of("4110"), invoice.owed().0 - paid + compensated);
            let tax: i64 = invoice.priced.vat.iter().map(|total| total.tax_minor.0).sum::<i64>()
                - invoice.issued.iter().flat_map(|i| &i.credits).flat_map(|c| &c.taken.vat).map(|t| t.tax_minor.0).sum::<i64>();
            prop_assert_eq!(of("4457") , -tax);
        }
    }
}
