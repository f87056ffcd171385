//! What a line of the bank may settle: by the numbers in its label, by its amount, by who paid. Pure.

use kernel::{
    Minor,
    id::{CompanyId, InvoiceId},
    text,
};

use super::BankLine;
use crate::{
    panel::{ClientDocument, InvoiceSummary, Summary},
    receipt::{PARTS_MAX, proposed},
};

/// How many invoices of one client are tried in all combinations.
const COMBINED_MAX: usize = 12;
const SUGGESTIONS_MAX: usize = 3;

/// One way to settle: which invoices, and what each takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub client: CompanyId,
    pub client_name: String,
    pub parts: Vec<Part>,
    pub why: Why,
    /// What no invoice takes.
    pub excess_minor: Minor,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub invoice: InvoiceId,
    pub number: String,
    pub amount_minor: Minor,
}

/// The better reasons first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The label names the invoices, and the amount is theirs.
    NumberAndAmount,
    NameAndAmount,
    /// Several invoices of the client add up.
    NameAndSum,
    /// The label names the invoices, and the amount is another.
    Number,
    Amount,
    /// The oldest of the client.
    Name,
}

impl Why {
    pub const fn name(self) -> &'static str {
        match self {
            Self::NumberAndAmount => "number_and_amount",
            Self::NameAndAmount => "name_and_amount",
            Self::NameAndSum => "name_and_sum",
            Self::Number => "number",
            Self::Amount => "amount",
            Self::Name => "name",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::NumberAndAmount => "Numéro et montant identiques",
            Self::NameAndAmount => "Même client, même montant",
            Self::NameAndSum => "Même client, total de plusieurs factures",
            Self::Number => "Numéro cité, autre montant",
            Self::Amount => "Même montant",
            Self::Name => "Même client",
        }
    }
}

struct Open<'a> {
    client: CompanyId,
    client_name: &'a str,
    invoice: &'a InvoiceSummary,
    number: &'a str,
    /// What the line may take of it.
    balance: Minor,
}

/// `lines` are those of open invoices for money that came, and of credits for money that went.
pub fn suggestions(line: &BankLine, lines: &[ClientDocument]) -> Vec<Suggestion> {
    let amount = Minor(line.amount_minor.0.abs());
    let came = line.amount_minor > Minor::ZERO;
    let open: Vec<Open<'_>> = lines
        .iter()
        .filter_map(|line| match &line.summary {
            Summary::Invoice(invoice) => {
                let number = invoice.number.as_deref()?;
                let balance = if came { invoice.balance() } else { Minor(-invoice.balance().0) };
                Some(Open { client: line.client, client_name: &line.client_name, invoice, number, balance })
            }
            _ => None,
        })
        .filter(|open| open.balance > Minor::ZERO && open.invoice.currency == line.currency)
        .collect();
    let told = format!("{} {}", line.label, line.counterparty.as_deref().unwrap_or_default());
    let mut found = Vec::new();
    by_number(&told, amount, &open, came, &mut found);
    by_client(&told, amount, &open, came, &mut found);
    for one in open.iter().filter(|one| one.balance == amount) {
        push(&mut found, Why::Amount, &[one], amount);
    }
    found.sort_by_key(|suggestion| suggestion.why);
    found.truncate(SUGGESTIONS_MAX);
    found
}

/// Adds a way, unless a better reason led to the same invoices.
fn push(found: &mut Vec<Suggestion>, why: Why, open: &[&Open<'_>], amount: Minor) {
    let Some(first) = open.first().filter(|_| open.len() <= PARTS_MAX) else { return };
    let shares = proposed(amount, open.iter().map(|open| open.balance));
    let taken: i64 = shares.iter().map(|share| share.0).sum();
    let parts: Vec<_> = open
        .iter()
        .zip(shares)
        .filter(|(_, share)| *share > Minor::ZERO)
        .map(|(open, amount_minor)| Part { invoice: open.invoice.id, number: open.number.into(), amount_minor })
        .collect();
    let is_known = found.iter().any(|other| {
        other.parts.len() == parts.len()
            && other.parts.iter().all(|part| parts.iter().any(|own| own.invoice == part.invoice))
    });
    if !is_known {
        found.push(Suggestion {
            client: first.client,
            client_name: first.client_name.into(),
            parts,
            why,
            excess_minor: Minor(amount.0 - taken),
        });
    }
}

/// The letters and digits alone: `FAC-2026-0001` is `FAC 2026 0001` is `fac20260001`.
fn compact(text: &str) -> String {
    text::folded(text).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Whether it stands in the text with no digit before or behind that would make it another number.
fn names(told: &str, number: &str) -> bool {
    let number = compact(number);
    let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    !number.is_empty()
        && told.match_indices(&number).any(|(at, _)| {
            let (before, behind) = (told[..at].chars().next_back(), told[at + number.len()..].chars().next());
            !(is_digit(behind) || is_digit(before) && number.starts_with(|letter: char| letter.is_ascii_digit()))
        })
}

fn by_number(told: &str, amount: Minor, open: &[Open<'_>], came: bool, found: &mut Vec<Suggestion>) {
    let told = compact(told);
    let mut named: Vec<&Open<'_>> = open.iter().filter(|open| names(&told, open.number)).collect();
    // A receipt is of one client.
    if let Some(first) = named.first().map(|open| open.client) {
        named.retain(|open| open.client == first);
    }
    named.sort_by_key(|open| open.invoice.due_on);
    let due: i64 = named.iter().map(|open| open.balance.0).sum();
    if due == amount.0 {
        push(found, Why::NumberAndAmount, &named, amount);
    } else if came || due > amount.0 {
        // Nobody is given back more than is theirs.
        push(found, Why::Number, &named, amount);
    }
}

/// Words that say what kind of company it is, not which.
const FORMS: [&str; 16] = [
    "sarl", "sas", "sasu", "eurl", "sa", "sci", "scop", "snc", "selarl", "ei", "eirl", "ste", "societe", "ets", "et",
    "cie",
];

fn words(text: &str) -> Vec<String> {
    let folded = text::folded(text);
    folded
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether all the words of a name that tell it from others are said.
fn is_named(told: &[String], name: &str) -> bool {
    let own: Vec<_> =
        words(name).into_iter().filter(|word| word.len() > 1 && !FORMS.contains(&word.as_str())).collect();
    own.iter().any(|word| word.len() > 2) && own.iter().all(|word| told.contains(word))
}

fn by_client(told: &str, amount: Minor, open: &[Open<'_>], came: bool, found: &mut Vec<Suggestion>) {
    let told = words(told);
    let mut clients: Vec<(CompanyId, &str)> = Vec::new();
    for one in open {
        if !clients.iter().any(|(client, _)| *client == one.client) {
            clients.push((one.client, one.client_name));
        }
    }
    for (client, name) in clients {
        let mut own: Vec<&Open<'_>> = open.iter().filter(|open| open.client == client).collect();
        own.sort_by_key(|open| open.invoice.due_on);
        let is_named = is_named(&told, name);
        if is_named && let Some(one) = own.iter().find(|open| open.balance == amount) {
            push(found, Why::NameAndAmount, &[one], amount);
        }
        let all: i64 = own.iter().map(|open| open.balance.0).sum();
        if own.len() > 1 && all == amount.0 {
            push(found, if is_named { Why::NameAndSum } else { Why::Amount }, &own, amount);
        }
        if !is_named {
            continue;
        }
        if let Some(some) = adding_up(&own, amount) {
            push(found, Why::NameAndSum, &some, amount);
        }
        if came && all > amount.0 {
            push(found, Why::Name, &own[..own.len().min(PARTS_MAX)], amount);
        }
    }
}

/// The fewest of them that add up to the amount; of several such, those that are due first.
fn adding_up<'a, 'b>(own: &[&'a Open<'b>], amount: Minor) -> Option<Vec<&'a Open<'b>>> {
    let own = &own[..own.len().min(COMBINED_MAX)];
    let chosen = |set: u32| own.iter().enumerate().filter(move |(at, _)| set & (1 << at) != 0).map(|(_, open)| *open);
    let adds_up = |set: &u32| chosen(*set).map(|open| open.balance.0).sum::<i64>() == amount.0;
    let best = (1..1_u32 << own.len()).filter(|set| set.count_ones() > 1 && adds_up(set));
    best.min_by_key(|set| (set.count_ones(), *set)).map(|set| chosen(set).collect())
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use kernel::{Currency, event::Owner};
    use ulid::Ulid;

    use super::{
        super::model::{kept, tests::line},
        *,
    };

    fn open(n: u8, client: (u8, &str), balance: i64) -> ClientDocument {
        let id = InvoiceId::from_ulid(Ulid(u128::from(n)));
        ClientDocument {
            client: CompanyId::from_ulid(Ulid(u128::from(client.0))),
            client_name: client.1.into(),
            owner: Owner::Invoice(id),
            summary: Summary::Invoice(InvoiceSummary {
                id,
                number: Some(format!("FAC-2026-{n:04}")),
                subject: None,
                created_at: Timestamp::UNIX_EPOCH,
                issued_on: Some(date(2026, 10, 1)),
                due_on: Some(date(2026, 11, 1)),
                gross_minor: Minor(balance.abs()),
                paid_minor: Minor(if balance < 0 { 2 * balance.abs() } else { 0 }),
                deducted_minor: Minor::ZERO,
                credited_minor: Minor::ZERO,
                is_replaced: false,
                currency: Currency::Eur,
                debit_on: None,
            }),
        }
    }

    fn found(amount: i64, label: &str, open: &[ClientDocument]) -> Vec<(Why, Vec<(String, i64)>)> {
        let line = kept(vec![line(amount, label)], Timestamp::UNIX_EPOCH).remove(0);
        let told = |suggestion: Suggestion| {
            let parts = suggestion.parts.into_iter().map(|part| (part.number[9..].to_owned(), part.amount_minor.0));
            (suggestion.why, parts.collect())
        };
        suggestions(&line, open).into_iter().map(told).collect()
    }

    const DUPRE: (u8, &str) = (1, "Boulangerie Dupré SARL");
    const MOREL: (u8, &str) = (2, "Cabinet Morel & Associés");

    #[test]
    fn numbers_amounts_and_names_lead_to_invoices_the_best_reason_first() {
        let all = [open(1, DUPRE, 100), open(2, DUPRE, 250), open(3, DUPRE, 400), open(4, MOREL, 100)];
        let part = |number: &str, amount| (number.to_owned(), amount);
        for label in ["VIR FAC-2026-0002", "vir fac 2026 0002 merci", "FAC20260002"] {
            assert_eq!(found(250, label, &all)[0], (Why::NumberAndAmount, vec![part("0002", 250)]), "{label}");
        }
        // A longer number is another.
        assert_eq!(found(999, "FAC-2026-00021", &all), []);
        let two = found(350, "FAC-2026-0001 et FAC-2026-0002", &all);
        assert_eq!(two[0], (Why::NumberAndAmount, vec![part("0001", 100), part("0002", 250)]));
        assert_eq!(found(300, "FAC-2026-0003", &all)[0], (Why::Number, vec![part("0003", 300)]));
        let named = found(100, "VIR SEPA BOULANGERIE DUPRE", &all);
        assert_eq!(named[0], (Why::NameAndAmount, vec![part("0001", 100)]));
        assert_eq!(named[1], (Why::Amount, vec![part("0004", 100)]));
        let sum = found(500, "BOULANGERIE DUPRE", &all);
        assert_eq!(sum[0], (Why::NameAndSum, vec![part("0001", 100), part("0003", 400)]));
        assert_eq!(found(750, "INCONNU", &all)[0].1.len(), 3);
        let part_paid = found(120, "cabinet MOREL associes", &all);
        assert_eq!(part_paid, []);
        assert_eq!(found(60, "cabinet MOREL associes", &all), [(Why::Name, vec![part("0004", 60)])]);
    }

    #[test]
    fn money_that_went_gives_credits_back_and_no_more() {
        let credits = [open(1, DUPRE, -100)];
        let whole = [(Why::NumberAndAmount, vec![("0001".to_owned(), 100)])];
        assert_eq!(found(-100, "REMB FAC-2026-0001", &credits), whole);
        assert_eq!(found(-150, "REMB FAC-2026-0001", &credits), []);
        assert_eq!(found(-50, "REMB FAC-2026-0001", &credits)[0].1[0].1, 50);
        // What is open is nothing to give back, and a credit is nothing to pay.
        assert_eq!(found(100, "FAC-2026-0001", &credits), []);
        assert_eq!(found(-100, "FAC-2026-0001", &[open(1, DUPRE, 100)]), []);
    }

    #[test]
    fn a_label_of_nothing_but_company_forms_names_nobody() {
        assert_eq!(found(60, "SARL SAS ET CIE", &[open(1, (3, "SAS & Cie"), 100)]), []);
    }
}
