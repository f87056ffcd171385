//! The XML of invoices.

use kernel::document::{Kind, Snapshot};

use crate::samples;

fn xml(snapshot: &Snapshot) -> String {
    documents::render(snapshot, None).expect("renders").xml.expect("an invoice has its XML")
}

/// The texts of all elements of a name, in order.
fn all<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let end = format!("</{name}>");
    xml.split(&format!("<{name}"))
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .filter_map(|(_, rest)| Some(rest.split_once(&end)?.0))
        .collect()
}

#[test]
fn the_xml_of_an_invoice_is_golden() {
    insta::assert_snapshot!("two_rates", xml(&samples::invoice()));
    insta::assert_snapshot!("franchise", xml(&samples::franchised()));
}

#[test]
fn the_totals_are_the_snapshots() {
    for snapshot in [
        samples::invoice(),
        samples::franchised(),
        samples::francs(),
        samples::long(60),
        samples::credit_note(),
        samples::deposit(),
    ] {
        let xml = xml(&snapshot);
        let plain = |minor: kernel::Minor| minor.plain(snapshot.currency);
        assert_eq!(all(&xml, "ram:GrandTotalAmount"), [plain(snapshot.totals.gross_minor)]);
        assert_eq!(all(&xml, "ram:DuePayableAmount"), [plain(snapshot.totals.gross_minor)]);
        assert_eq!(all(&xml, "ram:TaxBasisTotalAmount"), [plain(snapshot.totals.net_minor)]);
        assert_eq!(all(&xml, "ram:TaxTotalAmount")[0], plain(snapshot.totals.tax_minor));
        let nets: Vec<String> = snapshot.lines.iter().map(|line| plain(line.net_minor)).collect();
        let in_xml = all(&xml, "ram:LineTotalAmount");
        // BR-CO-10: the last one is the sum.
        assert_eq!(in_xml[..nets.len()], nets);
        assert_eq!(in_xml[nets.len()..], [plain(snapshot.totals.net_minor)]);
    }
}

#[test]
fn the_notes_that_the_rules_want_stand_exactly_once() {
    for snapshot in [samples::invoice(), samples::consumer(), samples::franchised()] {
        let xml = xml(&snapshot);
        let codes = all(&xml, "ram:SubjectCode");
        for code in ["PMD", "PMT", "AAB"] {
            assert_eq!(codes.iter().filter(|known| **known == code).count(), 1, "{code} (BR-FR-05, BR-FR-06)");
        }
    }
}

#[test]
fn a_consumer_is_not_threatened_with_penalties() {
    let mut consumer = samples::consumer();
    // Even if the clauses came along by mistake.
    consumer.late_payment = samples::invoice().late_payment;
    let xml = xml(&consumer);
    assert!(!xml.contains("D441-5") && xml.contains("l’acheteur n’est pas un professionnel"));
    assert!(xml.contains("<ram:Content>B2C</ram:Content>"));
}

#[test]
fn francs_cfa_carry_their_vat_in_euro() {
    let snapshot = samples::francs();
    let xml = xml(&snapshot);
    assert_eq!(snapshot.totals.tax_minor.0, 492_500);
    // 492 500 ÷ 655.957 (BR-FR-CO-12).
    assert!(xml.contains("<ram:TaxTotalAmount currencyID=\"EUR\">750.81</ram:TaxTotalAmount>"));
    assert!(xml.contains("<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode>"));
}

#[test]
fn another_currency_carries_its_vat_in_euro_at_the_rate_that_was_said() {
    let snapshot = samples::dollars();
    let xml = xml(&snapshot);
    let euro = snapshot.vat_in_euro().expect("a rate").plain(kernel::Currency::Eur);
    assert!(xml.contains(&format!("<ram:TaxTotalAmount currencyID=\"EUR\">{euro}</ram:TaxTotalAmount>")), "BR-53");
    assert!(xml.contains("<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode>"));
    assert!(xml.contains("1\u{a0}USD = 0,92155\u{a0}€ (BCE, 20/11/2026)"));
}

#[test]
fn the_buyer_says_that_it_issued_the_invoice() {
    for (kind, code) in [(Kind::SelfBilled, "389"), (Kind::SelfBilledCreditNote, "261")] {
        let xml = xml(&samples::as_kind(kind, samples::invoice()));
        assert_eq!(all(&xml, "ram:TypeCode")[0], code);
        assert!(xml.contains("<ram:Content>Autofacturation</ram:Content>"), "{code}");
        assert_eq!(all(&xml, "ram:IBANID").is_empty(), code == "261", "nobody pays a credit note");
    }
}

#[test]
fn a_deduction_has_a_positive_price_and_a_negative_quantity() {
    let mut snapshot = samples::invoice();
    snapshot.lines[0].unit_price = samples::decimal("-650");
    let xml = xml(&samples::totalled(snapshot));
    assert!(all(&xml, "ram:ChargeAmount").iter().all(|price| !price.starts_with('-')), "BR-27");
    assert_eq!(all(&xml, "ram:BilledQuantity")[0], "-3.5");
}

#[test]
fn what_is_taken_off_the_whole_stands_once_per_rate() {
    let snapshot = samples::global_discount();
    let xml = xml(&snapshot);
    let plain = |minor: kernel::Minor| minor.plain(snapshot.currency);
    assert_eq!(snapshot.allowances.len(), 2);
    assert_eq!(all(&xml, "ram:AllowanceTotalAmount"), ["250.00"]);
    assert_eq!(all(&xml, "ram:TaxBasisTotalAmount"), [plain(snapshot.totals.net_minor)]);
    // BR-CO-13: net lines less allowances.
    let lines: i64 = snapshot.lines.iter().map(|line| line.net_minor.0).sum();
    assert_eq!(lines - 25_000, snapshot.totals.net_minor.0);
}

#[test]
fn a_balance_deducts_the_deposit_and_names_it() {
    let snapshot = samples::final_invoice();
    let xml = xml(&snapshot);
    let plain = |minor: kernel::Minor| minor.plain(snapshot.currency);
    assert_eq!(all(&xml, "ram:TotalPrepaidAmount"), [plain(samples::deposit().totals.gross_minor)]);
    assert_eq!(all(&xml, "ram:DuePayableAmount"), [plain(snapshot.due_minor())]);
    assert_eq!(all(&xml, "ram:TypeCode")[0], "380");
    assert!(xml.contains("<ram:ID>M4</ram:ID>") && xml.contains("ACO-2026-0002"));
}

#[test]
fn a_corrective_invoice_refers_to_one_document_whatever_it_deducts() {
    let mut snapshot = samples::corrective();
    let gross = snapshot.totals.gross_minor;
    snapshot.preceding[0].deducted_minor = Some(gross);
    let paid = xml(&snapshot);
    assert_eq!(all(&paid, "ram:DuePayableAmount"), ["0.00"]);
    assert!(paid.contains("<ram:ID>M2</ram:ID>"), "paid already");
    snapshot.preceding[0].deducted_minor = None;
    snapshot.preceding.extend(samples::final_invoice().preceding);
    let balance = xml(&snapshot);
    assert_eq!(all(&balance, "ram:InvoiceReferencedDocument").len(), 1);
    assert!(balance.contains("<ram:ID>M4</ram:ID>") && !balance.contains("ACO-2026-0002"));
}

#[test]
fn a_situation_is_told_in_a_note() {
    let situation = kernel::document::Situation {
        number: 2,
        agreed_minor: kernel::Minor(1_000_000),
        before_minor: kernel::Minor(300_000),
    };
    let snapshot = Snapshot { situation: Some(situation), ..samples::invoice() };
    assert!(xml(&snapshot).contains("Situation n° 2. Marché : 10"));
}

#[test]
fn each_kind_has_its_code_and_what_corrects_names_what_it_corrects() {
    for (snapshot, code) in
        [(samples::credit_note(), "381"), (samples::corrective(), "384"), (samples::deposit(), "386")]
    {
        let xml = xml(&snapshot);
        assert_eq!(all(&xml, "ram:TypeCode")[0], code);
        let referenced = all(&xml, "ram:InvoiceReferencedDocument").len();
        assert_eq!(referenced, snapshot.preceding.len(), "{code}");
        assert_eq!(all(&xml, "ram:IBANID").is_empty(), code == "381", "nobody pays a credit note");
    }
}

#[test]
fn the_files_that_come_with_it_are_named_and_not_embedded() {
    let snapshot = samples::with_attachments(samples::invoice());
    let xml = xml(&snapshot);
    let named = all(&xml, "ram:AdditionalReferencedDocument");
    assert_eq!(named.len(), 3);
    assert!(named[0].contains("<ram:IssuerAssignedID>Plan de la façade.pdf</ram:IssuerAssignedID>"), "BR-52");
    assert!(named[1].contains("heures &amp; déplacements"));
    for file in named {
        assert!(file.contains("<ram:TypeCode>916</ram:TypeCode>"));
        assert!(!file.contains("ram:Name") && !file.contains("BinaryObject"), "BR-FR-17, CII-SR-475, CII-SR-476");
    }
    assert!(!self::xml(&samples::invoice()).contains("AdditionalReferencedDocument"));
}

#[test]
fn a_quote_has_no_xml() {
    assert_eq!(documents::render(&samples::quote(), None).expect("renders").xml, None);
}
