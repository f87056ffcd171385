//! Random histories, told in any order and more than once: the sums are what a recount of the facts comes to, before and after
//! they are made anew.

use std::collections::BTreeMap;

use futures::future::join_all;
use jiff::{
    ToSpan,
    civil::{Date, date},
};
use kernel::{
    Currency, Minor,
    event::{Event, QuoteFacts, QuoteStage},
    id::{CompanyId, InvoiceId, UserId},
    permission::Role,
};
use sales::projection::{
    ClientSums, DueSums, LineDocument, LineFigure, MonthSums, OpenSale, Phase, Projection, QuoteSums, SaleLine,
    periods_of,
    store::{ClientSales, QuoteMonth, SalesDue, SalesMonth},
};
use serde_json::json;
use table::ledger::LedgerKind::{PaymentRecorded, PaymentReversed, RefundRecorded, RefundReversed};
use testkit::App;

use crate::{Entry, Issue, app, appended, company, credited, deliver, enter, invoice, money, offer, replaced, stated};

/// Random numbers that are the same for the same seed.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

pub enum Step {
    Credited { on: Date, net: i64, gross: i64 },
    Replaced { on: Date },
    Moved { on: Date, amount: i64, is_money: bool },
}

pub struct Life {
    issue: Issue,
    steps: Vec<Step>,
}

/// A quote with what became of it.
type Offer = (u64, QuoteFacts, Vec<(QuoteStage, Date)>);

/// What happened, and in which order the ledger has it.
pub struct History {
    pub lives: Vec<Life>,
    pub entries: Vec<Entry>,
    pub quotes: Vec<Offer>,
}

const RATE: &str = "0.8";

pub fn history(random: &mut Random, users: &[Option<UserId>], length: u64) -> History {
    let (mut lives, mut entries): (Vec<Life>, Vec<Entry>) = (Vec::new(), Vec::new());
    let mut today = date(2026, 1, 5);
    for step in 0..length {
        today = today.saturating_add((random.below(9) as i64).days());
        let which = random.below(12);
        if lives.is_empty() || which < 4 {
            let currency = random.pick(&[Currency::Eur, Currency::Eur, Currency::Usd, Currency::Xof]);
            let net = 100 + random.below(500_000) as i64;
            let gross = net + net / 5;
            let deducted = if random.below(4) == 0 { random.below(gross as u64) as i64 } else { 0 };
            let due_on = today.saturating_add((random.below(3) as i64 * 15).days());
            let issue = Issue {
                invoice: step + 1,
                client: 1 + random.below(5),
                assigned_to: random.pick(users),
                currency,
                on: today,
                due_on,
                net,
                gross,
                deducted,
                euro: (currency == Currency::Usd).then_some(RATE),
            };
            entries.push(issue.entry());
            lives.push(Life { issue, steps: Vec::new() });
            continue;
        }
        let at = random.below(lives.len() as u64) as usize;
        let Life { issue, steps } = &mut lives[at];
        let (of, currency) = (issue.invoice, issue.currency);
        let is_replaced = steps.iter().any(|step| matches!(step, Step::Replaced { .. }));
        // Two of the larger ones settle it.
        let amount =
            if random.below(2) == 0 { issue.gross / 2 + 1 } else { 1 + random.below(issue.gross as u64) as i64 };
        // Money is noted later than it moved, and in any order.
        let age = issue.on.until(today).map_or(0, |span| span.get_days()) as u64;
        let moved_on = issue.on.saturating_add((random.below(age + 1) as i64).days());
        let moved = |amount: i64, is_money| Step::Moved { on: moved_on, amount, is_money };
        let (entry, step) = match which {
            4 => {
                let (net, gross) = (amount * 5 / 6, amount);
                (credited(of, currency, today, net, gross), Step::Credited { on: today, net, gross })
            }
            5 if !is_replaced => {
                let entry = replaced(of, currency, today, issue.net, issue.gross, issue.deducted);
                (entry, Step::Replaced { on: today })
            }
            6 => (money(PaymentReversed, of, currency, moved_on, amount, "check"), moved(-amount, true)),
            7 => (money(RefundRecorded, of, currency, moved_on, amount, "credit"), moved(-amount, false)),
            8 => (money(RefundReversed, of, currency, moved_on, amount, "card"), moved(amount, true)),
            _ => (money(PaymentRecorded, of, currency, moved_on, amount, "bank_transfer"), moved(amount, true)),
        };
        entries.push(entry);
        steps.push(step);
    }
    let quotes = (1..=length / 4)
        .map(|number| {
            let sent_on = date(2026, 1 + (random.below(12) as i8), 3);
            let facts = offer(
                number,
                random.pick(users),
                random.pick(&[Currency::Eur, Currency::Xof]),
                1_000 * number as i64,
                sent_on,
            );
            let mut stages = vec![(QuoteStage::Sent, sent_on)];
            for stage in [QuoteStage::Expired, QuoteStage::Refused, QuoteStage::Accepted, QuoteStage::Replaced] {
                if random.below(3) == 0 {
                    let on = sent_on.saturating_add((random.below(60) as i64).days());
                    stages.push((stage, on));
                }
            }
            (number, facts, stages)
        })
        .collect();
    History { lives, entries, quotes }
}

type Sums<K, S> = BTreeMap<(Option<UserId>, K, &'static str), S>;

#[derive(Debug, Default, PartialEq)]
pub struct Counted {
    months: Sums<Date, MonthSums>,
    quotes: Sums<Date, QuoteSums>,
    dues: Sums<Date, DueSums>,
    /// What is to be paid of each invoice, by whose it is and its due date: in its currency and in euro.
    open: BTreeMap<(Option<UserId>, Date, InvoiceId), (i64, i64)>,
    clients: BTreeMap<(Option<UserId>, String, CompanyId), ClientSums>,
}

/// In euro, by hand: at the rate of the test, or the parity.
fn euro(amount: i64, currency: Currency) -> i64 {
    let rounded = |numerator: i128, denominator: i128| {
        let half = if numerator < 0 { -denominator / 2 } else { denominator / 2 };
        i64::try_from((numerator + half) / denominator).unwrap()
    };
    match currency {
        Currency::Usd => rounded(i128::from(amount) * 8, 10),
        // 655.957 francs a euro, of which the minor unit is a hundredth.
        Currency::Xof => rounded(i128::from(amount) * 100_000, 655_957),
        _ => amount,
    }
}

fn part(amount: i64, part: i64, whole: i64) -> i64 {
    let numerator = 2 * i128::from(amount) * i128::from(part) + i128::from(whole) * if part < 0 { -1 } else { 1 };
    i64::try_from(numerator / (2 * i128::from(whole))).unwrap()
}

/// Since when an invoice is paid whole: the last day before which something was open, on all of which what happened until then
/// is added up.
fn settled(issue: &Issue, steps: &[Step]) -> Option<Date> {
    let asked = issue.gross - issue.deducted;
    let is_settled = |until: Date| {
        let (mut paid, mut owed) = (0, asked);
        for step in steps {
            match step {
                Step::Moved { on, amount, .. } if *on <= until => paid += amount,
                Step::Credited { on, gross, .. } if *on <= until => owed -= gross,
                Step::Replaced { .. } => return false,
                _ => {}
            }
        }
        owed > 0 && paid > 0 && paid >= owed
    };
    let mut days: Vec<_> = steps
        .iter()
        .map(|step| match step {
            Step::Credited { on, .. } | Step::Replaced { on } | Step::Moved { on, .. } => *on,
        })
        .collect();
    days.sort_unstable();
    let open = days.iter().rposition(|day| !is_settled(*day));
    days.get(open.map_or(0, |at| at + 1)).copied()
}

/// Life by life, whatever the order in which the ledger has them.
pub fn recount(history: &History) -> Counted {
    let mut counted = Counted::default();
    let mut first: BTreeMap<u64, u64> = BTreeMap::new();
    for Life { issue, steps } in &history.lives {
        let whose: Vec<_> = std::iter::once(None).chain(issue.assigned_to.map(Some)).collect();
        let (code, currency) = (issue.currency.code(), issue.currency);
        let (asked_net, asked) =
            (issue.net - part(issue.net, issue.deducted, issue.gross), issue.gross - issue.deducted);
        let is_first = !first.contains_key(&issue.client);
        first.entry(issue.client).or_insert(issue.invoice);
        let mut add = |on: Date, sums: MonthSums, ranked: ClientSums| {
            for of in &whose {
                let month = counted.months.entry((*of, on.first_of_month(), code)).or_default();
                *month = month.plus(sums);
                for period in periods_of(on) {
                    let client = counted.clients.entry((*of, period, company(issue.client))).or_default();
                    *client = client.plus(ranked);
                }
            }
        };
        let issued = MonthSums {
            invoices: 1,
            new_clients: i64::from(is_first),
            net_minor: asked_net,
            gross_minor: asked,
            own_net_minor: euro(asked_net, currency),
            own_gross_minor: euro(asked, currency),
            ..MonthSums::default()
        };
        add(issue.on, issued, ClientSums { invoices: 1, own_net_minor: euro(asked_net, currency) });
        let (mut cash, mut paid, mut credits, mut is_replaced) = (0, 0, (0, 0), false);
        for step in steps {
            let on = match step {
                Step::Credited { on, .. } | Step::Replaced { on } | Step::Moved { on, .. } => *on,
            };
            let before = (cash, credits);
            let mut notes = 0;
            match step {
                Step::Credited { net, gross, .. } => {
                    credits = (credits.0 + net, credits.1 + gross);
                    notes = 1;
                }
                Step::Replaced { .. } => {
                    credits = (credits.0 + asked_net, credits.1 + asked);
                    is_replaced = true;
                }
                Step::Moved { amount, is_money, .. } => {
                    paid += amount;
                    cash += if *is_money { *amount } else { 0 };
                }
            }
            let net_of = |cash| part(issue.net, cash, issue.gross);
            let in_euro = |now: i64, before: i64| euro(now, currency) - euro(before, currency);
            let own_credited_net_minor = in_euro(credits.0, before.1.0);
            let sums = MonthSums {
                credit_notes: notes,
                credited_net_minor: credits.0 - before.1.0,
                credited_gross_minor: credits.1 - before.1.1,
                own_credited_net_minor,
                own_credited_gross_minor: in_euro(credits.1, before.1.1),
                cash_gross_minor: cash - before.0,
                cash_net_minor: net_of(cash) - net_of(before.0),
                own_cash_gross_minor: in_euro(cash, before.0),
                own_cash_net_minor: in_euro(net_of(cash), net_of(before.0)),
                ..MonthSums::default()
            };
            add(on, sums, ClientSums { invoices: 0, own_net_minor: -own_credited_net_minor });
        }
        if let Some(on) = settled(issue, steps) {
            let settled_days = i64::from(issue.on.until(on).unwrap().get_days());
            add(on, MonthSums { settled: 1, settled_days, ..MonthSums::default() }, ClientSums::default());
        }
        let credited = if is_replaced { asked } else { credits.1 };
        let open = (asked - credited - paid).max(0);
        if open > 0 {
            for of in &whose {
                let due = counted.dues.entry((*of, issue.due_on, code)).or_default();
                *due = due.plus(DueSums { count: 1, open_minor: open, own_open_minor: euro(open, currency) });
                let place = (*of, issue.due_on, invoice(issue.invoice));
                counted.open.insert(place, (open, euro(open, currency)));
            }
        }
    }
    for (_, facts, stages) in &history.quotes {
        let (last, on) = *stages.iter().max_by_key(|(stage, _)| *stage).unwrap();
        if last == QuoteStage::Replaced {
            continue;
        }
        let (net, own) = (facts.net_minor.0, euro(facts.net_minor.0, facts.currency));
        let whose = std::iter::once(None).chain(facts.assigned_to.map(Some));
        for of in whose {
            let mut add = |on: Date, sums: QuoteSums| {
                let month = counted.quotes.entry((of, on.first_of_month(), facts.currency.code())).or_default();
                *month = month.plus(sums);
            };
            add(facts.sent_on, QuoteSums { sent: 1, sent_minor: net, own_sent_minor: own, ..QuoteSums::default() });
            let none = QuoteSums::default();
            match last {
                QuoteStage::Accepted => {
                    add(on, QuoteSums { accepted: 1, accepted_minor: net, own_accepted_minor: own, ..none });
                }
                QuoteStage::Refused => {
                    add(on, QuoteSums { refused: 1, refused_minor: net, own_refused_minor: own, ..none });
                }
                QuoteStage::Expired => {
                    add(on, QuoteSums { expired: 1, expired_minor: net, own_expired_minor: own, ..none });
                }
                QuoteStage::Sent | QuoteStage::Replaced => {}
            }
        }
    }
    counted.months.retain(|_, sums| *sums != MonthSums::default());
    counted.clients.retain(|_, sums| *sums != ClientSums::default());
    counted
}

/// What the lines of each month come to.
#[derive(Default)]
struct Lined {
    months: Sums<Date, MonthSums>,
    quotes: Sums<Date, QuoteSums>,
}

impl Lined {
    fn add(&mut self, line: &SaleLine) {
        let place = (line.of, line.on.first_of_month(), line.currency.code());
        let (net, own) = (line.net_minor.0, line.own_net_minor.0);
        let (none, quote) = (MonthSums::default(), QuoteSums::default());
        let (month, quotes) = match (line.figure, line.document) {
            (LineFigure::Settled, _) => {
                (MonthSums { settled: 1, settled_days: line.days.unwrap_or_default(), ..none }, quote)
            }
            (LineFigure::Revenue, document) => {
                let amounts = MonthSums {
                    net_minor: net,
                    gross_minor: line.gross_minor.0,
                    own_net_minor: own,
                    own_gross_minor: line.own_gross_minor.0,
                    ..none
                };
                match document {
                    LineDocument::Invoice(_) => (MonthSums { invoices: 1, ..amounts }, quote),
                    LineDocument::CreditNote(_) => (MonthSums { credit_notes: 1, ..amounts }, quote),
                    _ => (amounts, quote),
                }
            }
            (LineFigure::Sent, _) => (none, QuoteSums { sent: 1, sent_minor: net, own_sent_minor: own, ..quote }),
            (LineFigure::Accepted, _) => {
                (none, QuoteSums { accepted: 1, accepted_minor: net, own_accepted_minor: own, ..quote })
            }
            (LineFigure::Refused, _) => {
                (none, QuoteSums { refused: 1, refused_minor: net, own_refused_minor: own, ..quote })
            }
            (LineFigure::Expired, _) => {
                (none, QuoteSums { expired: 1, expired_minor: net, own_expired_minor: own, ..quote })
            }
        };
        if matches!(line.document, LineDocument::Quote(_)) {
            let sum = self.quotes.entry(place).or_default();
            *sum = sum.plus(quotes);
        } else {
            let sum = self.months.entry(place).or_default();
            *sum = sum.plus(month);
        }
    }

    /// What was given back is in the lines already, and of money they know nothing.
    fn comes_to(mut self, counted: &Counted) {
        let of_lines = |sums: MonthSums| MonthSums {
            invoices: sums.invoices,
            credit_notes: sums.credit_notes,
            net_minor: sums.net_minor - sums.credited_net_minor,
            gross_minor: sums.gross_minor - sums.credited_gross_minor,
            own_net_minor: sums.own_net_minor - sums.own_credited_net_minor,
            own_gross_minor: sums.own_gross_minor - sums.own_credited_gross_minor,
            settled: sums.settled,
            settled_days: sums.settled_days,
            ..MonthSums::default()
        };
        let mut months: Sums<Date, MonthSums> =
            counted.months.iter().map(|(place, sums)| (*place, of_lines(*sums))).collect();
        months.retain(|_, sums| *sums != MonthSums::default());
        self.months.retain(|_, sums| *sums != MonthSums::default());
        assert_eq!(self.months, months, "the lines come to the months");
        assert_eq!(self.quotes, counted.quotes, "the lines come to the quotes");
    }
}

/// All sums, which are what the lines come to.
pub async fn stored(app: &App) -> Counted {
    let scope = app.scope();
    let keys = scope.keys();
    let (mut counted, mut lined) = (Counted::default(), Lined::default());
    let mut start: Option<String> = None;
    loop {
        let (page, next) = scope.collection_page(&keys.sales_projection(), start.as_deref()).await.unwrap();
        for month in page.all::<SalesMonth>().unwrap() {
            counted.months.insert((month.of, month.month, month.currency.code()), month.sums);
        }
        for month in page.all::<QuoteMonth>().unwrap() {
            counted.quotes.insert((month.of, month.month, month.currency.code()), month.sums);
        }
        for due in page.all::<SalesDue>().unwrap() {
            counted.dues.insert((due.of, due.due_on, due.currency.code()), due.sums);
        }
        for sale in page.all::<OpenSale>().unwrap() {
            let amounts = (sale.open_minor.0, sale.own_open_minor.0);
            counted.open.insert((sale.of, sale.due_on, sale.invoice), amounts);
        }
        for line in page.all::<SaleLine>().unwrap() {
            lined.add(&line);
        }
        for client in page.all::<ClientSales>().unwrap() {
            counted.clients.insert((client.of, client.period.clone(), client.client), client.sums);
        }
        start = next;
        if start.is_none() {
            lined.comes_to(&counted);
            return counted;
        }
    }
}

/// All that is told of the quotes, some of it twice, in any order.
pub fn told(random: &mut Random, history: &History) -> Vec<Event> {
    let mut events = Vec::new();
    for (number, facts, stages) in &history.quotes {
        for (stage, on) in stages {
            for _ in 0..=random.below(2) {
                events.push(stated(*number, *stage, *on, facts));
            }
        }
    }
    for at in (1..events.len()).rev() {
        events.swap(at, random.below(at as u64 + 1) as usize);
    }
    events
}

async fn state(app: &App) -> Projection {
    let scope = app.scope();
    scope.get::<Projection>(&scope.keys().projection_state()).await.unwrap().expect("a state").value
}

#[tokio::test]
async fn sums_are_what_the_facts_come_to() {
    for seed in 1..=6 {
        let mut random = Random(u64::wrapping_mul(seed, 0x9E37_79B9_7F4A_7C15));
        let app = app().await;
        let users = [None, Some(app.user_with_role(Role::Sales)), Some(app.user_with_role(Role::Manager))];
        let history = history(&mut random, &users, 60);
        let counted = recount(&history);
        let mut quotes = told(&mut random, &history).into_iter();
        let (scope, mut entries) = (app.scope(), history.entries.into_iter().peekable());
        while entries.peek().is_some() {
            let some: Vec<_> = entries.by_ref().take(1 + random.below(25) as usize).collect();
            enter(&scope, some).await;
            // One event, none or two for what was entered; quotes in between.
            let mut events: Vec<_> = (0..random.below(3)).map(|_| appended()).collect();
            events.extend(quotes.by_ref().take(3));
            deliver(&app, &events).await;
        }
        let rest: Vec<_> = quotes.chain([appended()]).collect();
        deliver(&app, &rest).await;
        assert_eq!(stored(&app).await, counted, "seed {seed}");
        deliver(&app, &[appended(), appended()]).await;
        assert_eq!(stored(&app).await, counted, "seed {seed}, once more");

        app.owner().post("/api/v1/sales/projection/rebuild", &json!({})).await.expect(202);
        let reply = app.owner().get("/api/v1/sales/projection").await.expect(200).json();
        assert_eq!(reply["rebuild_percent"], 0);
        // Told while it goes on, what is known already changes nothing.
        let late =
            told(&mut random, &History { lives: Vec::new(), entries: Vec::new(), quotes: history.quotes.clone() });
        deliver(&app, &late[..late.len().min(4)]).await;
        deliver(&app, &[Event::SalesProjectionDue {}, Event::SalesProjectionDue {}]).await;
        assert_eq!(stored(&app).await, counted, "seed {seed}, made anew");
        assert!(state(&app).await.rebuild.is_none());
    }
}

#[tokio::test]
async fn several_workers_at_once_count_each_entry_once() {
    let app = app().await;
    let mut random = Random(77);
    let history = history(&mut random, &[None, Some(app.user_with_role(Role::Sales))], 80);
    let counted = recount(&history);
    let quotes = told(&mut random, &history);
    enter(&app.scope(), history.entries).await;
    let app = &app;
    join_all((0..3).map(|at| {
        let events: Vec<_> = quotes.iter().skip(at * 2).cloned().chain([appended()]).collect();
        async move { deliver(app, &events).await }
    }))
    .await;
    deliver(app, &quotes).await;
    assert_eq!(stored(app).await, counted);
}

#[tokio::test]
async fn figures_of_another_currency_begin_anew() {
    let app = app().await;
    let mut random = Random(5);
    let history = history(&mut random, &[None], 20);
    enter(&app.scope(), history.entries).await;
    deliver(&app, &[appended()]).await;
    app.replace_organization(&kernel::reference::OrganizationReference { currency: Currency::Xof, ..app.ours.clone() })
        .await;
    // Whoever reads before anything else happens sees no amount of the former currency, and has them made anew.
    let owner = app.owner();
    let page = owner.get("/ventes?period=2026").await.expect(200).text();
    assert!(page.contains("en cours de recalcul") && !page.contains("Aucune vente"), "{page}");
    assert!(page.contains(">0\u{a0}FCFA<"), "{page}");
    assert!(owner.get("/ventes/widgets/chiffre-affaires").await.expect(200).text().contains("en cours de recalcul"));
    for path in [
        "/ventes/factures?period=2026",
        "/ventes/encours",
        "/ventes/tresorerie/semaine",
        "/ventes/panneaux/clients?period=2026",
        "/ventes/export?table=months",
        "/ventes/export?table=clients",
        "/api/v1/sales/figures?period=2026",
        "/api/v1/sales/clients",
        "/api/v1/sales/receivables",
    ] {
        owner.get(path).await.expect(409);
    }
    let begun = state(&app).await;
    assert_eq!((begun.currency, begun.phase()), (Currency::Xof, Some(Phase::Clearing)));
    deliver(&app, &[Event::SalesProjectionDue {}]).await;
    let state = state(&app).await;
    assert_eq!((state.currency, state.position, state.rebuild), (Currency::Xof, 20, None));
    let issued: i64 = history.lives.len() as i64;
    let sums: i64 = stored(&app).await.months.values().map(|sums| sums.invoices).sum();
    assert_eq!(sums, issued);
}

#[tokio::test]
async fn the_other_tenant_has_its_own() {
    let app = app().await;
    let mut random = Random(9);
    let history = history(&mut random, &[None], 12);
    enter(&app.scope(), history.entries).await;
    crate::deliver_to(&app, app.theirs.id, &[appended()]).await;
    deliver(&app, &[appended()]).await;
    let theirs = app.stranger().get("/api/v1/sales/figures?period=2026").await.expect(200).json();
    assert_eq!((&theirs["current"]["invoices"], &theirs["behind"]), (&json!(0), &json!(0)));
    let ours = app.owner().get("/api/v1/sales/figures?period=2026").await.expect(200).json();
    assert_eq!(ours["current"]["invoices"], json!(history.lives.len()));
    let amount = |minor: i64| Minor(minor);
    assert!(amount(ours["current"]["revenue_net_minor"].as_i64().unwrap()) != Minor::ZERO);
}
