//! CAMT.053, the bank's statement in ISO 20022, of whatever version: only the names of elements are read, not their
//! namespace, which changes with each. Pure. A document type declaration is refused, and with it every entity.

use jiff::civil::Date;
use kernel::{Currency, Minor, Rule, legal};
use roxmltree::{Document, Node, ParsingOptions};
use rust_decimal::Decimal;

use super::model::{MAX_LINES, StatementLine, one_line};

/// Elements and texts of a file: forty a line and more.
const NODES_MAX: u32 = 200_000;
/// How many transactions of one entry are told apart.
const PARTS_MAX: usize = 100;

/// Its booked lines, and how many entries were none: pending, or in a currency that is not ours.
pub fn parse(text: &str) -> Result<(Vec<StatementLine>, usize), Rule> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|_| Rule::NotAStatement)?;
    let root = document.root_element();
    let statements: Vec<_> = children(root, "BkToCstmrStmt").flat_map(|all| children(all, "Stmt")).collect();
    if root.tag_name().name() != "Document" || statements.is_empty() {
        return Err(Rule::NotAStatement);
    }
    let (mut lines, mut unread) = (Vec::new(), 0);
    for statement in statements {
        let account = at(statement, &["Acct", "Id", "IBAN"]).or_else(|| at(statement, &["Acct", "Id", "Othr", "Id"]));
        let account = account.ok_or(Rule::NotAStatement)?;
        for entry in children(statement, "Ntry") {
            match entry_lines(entry, &account) {
                Some(read) => lines.extend(read),
                None => unread += 1,
            }
            if lines.len() > MAX_LINES {
                return Err(Rule::TooMany { max: MAX_LINES });
            }
        }
    }
    Ok((lines, unread))
}

/// None where the entry is not booked, or says nothing that we understand.
fn entry_lines(entry: Node<'_, '_>, account: &str) -> Option<Vec<StatementLine>> {
    let status = at(entry, &["Sts", "Cd"]).or_else(|| at(entry, &["Sts"]));
    if status.is_some_and(|status| status != "BOOK") {
        return None;
    }
    let is_credit = is_credit(entry)?;
    let (amount, currency) = amount(child(entry, "Amt")?)?;
    let booked = child(entry, "BookgDt").or_else(|| child(entry, "ValDt"))?;
    let on = at(booked, &["Dt"]).or_else(|| at(booked, &["DtTm"]))?;
    let booked_on: Date = on.get(..10)?.parse().ok()?;
    let entry_reference = at(entry, &["AcctSvcrRef"]).or_else(|| at(entry, &["NtryRef"]));
    let transactions: Vec<_> = children(entry, "NtryDtls").flat_map(|details| children(details, "TxDtls")).collect();
    let line = |amount: Minor, is_credit: bool, of: &[Node<'_, '_>], bank_reference: Option<String>| {
        let mut words: Vec<String> = Vec::new();
        let infos = [Some(entry)].into_iter().chain(of.iter().copied().map(Some)).flatten();
        words.extend(infos.filter_map(|node| at(node, &["AddtlNtryInf"]).or_else(|| at(node, &["AddtlTxInf"]))));
        for node in of.iter().flat_map(|node| children(*node, "RmtInf")) {
            words.extend(children(node, "Ustrd").filter_map(|text| content(text)));
            words.extend(children(node, "Strd").filter_map(|text| at(text, &["CdtrRefInf", "Ref"])));
        }
        let one = of.first().copied().filter(|_| of.len() == 1);
        let side = if is_credit { "Dbtr" } else { "Cdtr" };
        let named = |node| at(node, &["RltdPties", side, "Nm"]).or_else(|| at(node, &["RltdPties", side, "Pty", "Nm"]));
        let counterparty = one.and_then(named);
        let account_of =
            |node| at(node, &["RltdPties", "CdtrAcct", "Id", "IBAN"]).and_then(|iban| legal::iban(&iban).ok());
        if words.is_empty() {
            words.extend(counterparty.clone());
        }
        words.dedup();
        let returned = |node| at(node, &["RtrInf", "Rsn", "Cd"]);
        StatementLine {
            account: account.to_owned(),
            booked_on,
            amount_minor: if is_credit { amount } else { Minor(-amount.0) },
            currency,
            label: one_line(&words.join(" ")),
            counterparty: counterparty.map(|name| one_line(&name)),
            counterparty_account: one.filter(|_| !is_credit).and_then(account_of),
            bank_reference,
            end_to_end: one
                .and_then(|node| at(node, &["Refs", "EndToEndId"]))
                .filter(|reference| reference != "NOTPROVIDED"),
            returned: one.and_then(returned),
        }
    };
    // Several payments booked as one are told apart where they add up.
    let parts: Option<Vec<_>> = transactions
        .iter()
        .map(|node| {
            let own = child(*node, "Amt").or_else(|| down(*node, &["AmtDtls", "TxAmt", "Amt"]));
            let (part, of) = amount_of(own)?;
            (of == currency).then_some((part, self::is_credit(*node).unwrap_or(is_credit)))
        })
        .collect();
    if let Some(parts) = parts.filter(|parts| (2..=PARTS_MAX).contains(&parts.len())) {
        let signed = |(part, came): &(Minor, bool)| if *came == is_credit { part.0 } else { -part.0 };
        if parts.iter().map(signed).sum::<i64>() == amount.0 {
            let told = parts.iter().zip(&transactions).enumerate();
            return Some(
                told.map(|(place, ((part, came), node))| {
                    let reference = at(*node, &["Refs", "AcctSvcrRef"])
                        .or_else(|| entry_reference.as_ref().map(|reference| format!("{reference}#{place}")));
                    line(*part, *came, &[*node], reference)
                })
                .collect(),
            );
        }
    }
    Some(vec![line(amount, is_credit, &transactions, entry_reference)])
}

fn is_credit(node: Node<'_, '_>) -> Option<bool> {
    match at(node, &["CdtDbtInd"])?.as_str() {
        "CRDT" => Some(true),
        "DBIT" => Some(false),
        _ => None,
    }
}

fn amount_of(node: Option<Node<'_, '_>>) -> Option<(Minor, Currency)> {
    node.and_then(amount)
}

fn amount(node: Node<'_, '_>) -> Option<(Minor, Currency)> {
    let currency: Currency = node.attribute("Ccy")?.parse().ok()?;
    let amount = Decimal::from_str_exact(node.text()?.trim()).ok()?;
    let exact = amount.normalize().scale() <= currency.scale() && amount > Decimal::ZERO;
    Minor::round(amount, currency).ok().filter(|_| exact).map(|minor| (minor, currency))
}

fn children<'a, 'i>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &'a str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

fn down<'a, 'i>(node: Node<'a, 'i>, path: &[&'a str]) -> Option<Node<'a, 'i>> {
    path.iter().try_fold(node, |node, name| child(node, name))
}

/// What an element says; none where it says nothing.
fn content(node: Node<'_, '_>) -> Option<String> {
    node.text().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn at(node: Node<'_, '_>, path: &[&'static str]) -> Option<String> {
    down(node, path).and_then(content)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub const STATEMENT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
 <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-21T06:00:00</CreDtTm></GrpHdr>
 <Stmt><Id>S1</Id><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>
  <Bal><Amt Ccy="EUR">10.00</Amt></Bal>
  <Ntry><Amt Ccy="EUR">1200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>
   <AcctSvcrRef>REF-1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>E2E-7</EndToEndId></Refs>
    <RltdPties><Dbtr><Nm>CLIENT SA</Nm></Dbtr></RltdPties><RmtInf><Ustrd>FACTURE FAC-2026-0001</Ustrd></RmtInf>
   </TxDtls></NtryDtls><AddtlNtryInf>VIREMENT SEPA</AddtlNtryInf></Ntry>
  <Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
   <BookgDt><DtTm>2026-11-20T10:00:00+01:00</DtTm></BookgDt><AddtlNtryInf>FRAIS DE TENUE DE COMPTE</AddtlNtryInf></Ntry>
  <Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-11-21</Dt></BookgDt></Ntry>
  <Ntry><Amt Ccy="EUR">300.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>
   <AcctSvcrRef>REF-2</AcctSvcrRef><NtryDtls>
   <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">100.00</Amt></TxAmt></AmtDtls><RltdPties><Dbtr><Pty><Nm>A</Nm></Pty></Dbtr></RltdPties></TxDtls>
   <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">200.00</Amt></TxAmt></AmtDtls><RltdPties><Dbtr><Pty><Nm>B</Nm></Pty></Dbtr></RltdPties></TxDtls>
   </NtryDtls></Ntry>
  <Ntry><Amt Ccy="EUR">60.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>
   <NtryDtls><TxDtls><Refs><EndToEndId>E2E-9</EndToEndId></Refs><RltdPties><DbtrAcct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></DbtrAcct><CdtrAcct><Id><IBAN>DE89 3704 0044 0532 0130 00</IBAN></Id></CdtrAcct></RltdPties><RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>
 </Stmt></BkToCstmrStmt></Document>"#;

    #[test]
    fn booked_entries_are_lines_with_who_paid_and_what_for() {
        let (lines, unread) = parse(STATEMENT).unwrap();
        assert_eq!((lines.len(), unread), (5, 1));
        assert_eq!(lines[0].amount_minor, Minor(120_000));
        assert_eq!(lines[0].label, "VIREMENT SEPA FACTURE FAC-2026-0001");
        assert_eq!(lines[0].counterparty.as_deref(), Some("CLIENT SA"));
        assert_eq!(lines[0].end_to_end.as_deref(), Some("E2E-7"));
        assert_eq!((lines[1].amount_minor, lines[1].label.as_str()), (Minor(-3_000), "FRAIS DE TENUE DE COMPTE"));
        // Two payments that were booked as one.
        assert_eq!((lines[2].amount_minor, lines[2].counterparty.as_deref()), (Minor(10_000), Some("A")));
        assert_eq!((lines[3].amount_minor, lines[3].bank_reference.as_deref()), (Minor(20_000), Some("REF-2#1")));
        assert_eq!((lines[4].amount_minor, lines[4].returned.as_deref()), (Minor(-6_000), Some("AM04")));
        assert_eq!(lines[4].counterparty_account.as_deref(), Some("DE89370400440532013000"));
        assert!(lines[..4].iter().all(|line| line.counterparty_account.is_none()));
        assert!(lines.iter().all(|line| line.account == "FR7630006000011234567890189"));
    }

    #[test]
    fn what_is_hostile_or_no_statement_is_refused() {
        let laughs = r#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><Document>&c;</Document>"#;
        let outside = r#"<!DOCTYPE a SYSTEM "file:///etc/passwd"><Document/>"#;
        let deep = format!("{}{}", "<a>".repeat(50_000), "</a>".repeat(50_000));
        let other = r#"<Document xmlns="urn:x"><CstmrCdtTrfInitn/></Document>"#;
        for text in [laughs, outside, &deep, other, "", "date;montant", "<Document>", "\u{0}"] {
            assert_eq!(parse(text), Err(Rule::NotAStatement), "{}", text.chars().take(60).collect::<String>());
        }
        let entry =
            "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-11-20</Dt></BookgDt></Ntry>";
        let many = format!(
            "<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>FR1</IBAN></Id></Acct>{}</Stmt></BkToCstmrStmt></Document>",
            entry.repeat(MAX_LINES + 1)
        );
        assert_eq!(parse(&many), Err(Rule::TooMany { max: MAX_LINES }));
    }

    #[test]
    fn an_amount_that_is_none_is_not_read() {
        for amount in ["-5.00", "1.234", "abc", "", "1e3", "99999999999999999999"] {
            let text = STATEMENT.replace(">1200.00<", &format!(">{amount}<"));
            assert_eq!(parse(&text).unwrap().1, 2, "{amount}");
        }
    }
}
