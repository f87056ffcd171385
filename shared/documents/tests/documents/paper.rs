//! What stands on paper, read back by poppler: the amounts of the XML and of the frozen document, to the cent.
//! Without `pdftotext` the tests say so and pass.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use kernel::{
    Currency, Minor,
    document::{Design, Kind, Logo, Signature, Snapshot},
    letter::{Letter, LetterKind},
    vat::Treatment,
};

use crate::samples;

/// The text of each page, spaces as plain ones; nothing where poppler is not installed.
pub fn pages(pdf: &[u8]) -> Option<Vec<String>> {
    let mut reader = match Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
    {
        Ok(reader) => reader,
        Err(_) => {
            eprintln!("SKIPPED: pdftotext is not installed");
            return None;
        }
    };
    let mut input = reader.stdin.take().expect("piped");
    let pdf = pdf.to_vec();
    // It reads to the end before it writes.
    let writer = std::thread::spawn(move || input.write_all(&pdf));
    let output = reader.wait_with_output().expect("it ends");
    writer.join().expect("written").expect("written");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    Some(text.trim_end_matches('\u{c}').split('\u{c}').map(plain).collect())
}

fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

fn amount(minor: Minor, currency: Currency) -> String {
    plain(&minor.french(currency))
}

/// The amount of an element of the XML, in minor units.
fn in_xml(xml: &str, element: &str, currency: Currency) -> Option<Minor> {
    let from = xml.find(&format!("<ram:{element}"))?;
    let text = xml[from..].split_once('>')?.1.split('<').next()?;
    Minor::round(text.parse().ok()?, currency).ok()
}

#[test]
fn paper_xml_and_frozen_document_say_the_same_in_every_kind_design_and_case_of_vat() {
    let treated = Treatment::ALL.into_iter().filter(|treatment| !treatment.is_domestic()).map(samples::treated);
    let kinds = [
        samples::quote(),
        samples::invoice(),
        samples::franchised(),
        samples::consumer(),
        samples::francs(),
        samples::dollars(),
        samples::as_kind(Kind::SelfBilled, samples::invoice()),
        samples::as_kind(Kind::SelfBilledCreditNote, samples::invoice()),
        samples::sections(),
        samples::global_discount(),
        samples::credit_note(),
        samples::corrective(),
        samples::deposit(),
        samples::final_invoice(),
        samples::long(60),
    ];
    for snapshot in kinds.into_iter().chain(treated) {
        for design in Design::ALL {
            if !says_its_totals(&samples::in_design(design, snapshot.clone())) {
                return;
            }
        }
    }
}

#[test]
fn the_files_that_come_with_it_are_named_under_the_totals() {
    for document in [samples::invoice(), samples::quote(), samples::credit_note()] {
        for design in Design::ALL {
            let document = samples::in_design(design, samples::with_attachments(document.clone()));
            let Some(pages) = pages(&documents::render(&document, None).expect("renders").pdf) else { return };
            let text = pages.join("\n");
            let (totals, files) =
                (text.find("Total TTC"), text.find("Pièces jointes : Plan de la façade.pdf (élévation sur rue)"));
            assert!(totals.is_some() && totals < files, "{}:\n{text}", design.name());
            assert!(text.contains("photo.jpg (l’enseigne posée)"), "{text}");
        }
    }
    let Some(pages) = pages(&documents::render(&samples::invoice(), None).expect("renders").pdf) else { return };
    assert!(!pages.join("\n").contains("jointe"));
}

fn says_its_totals(snapshot: &Snapshot) -> bool {
    let rendered = documents::render(snapshot, None).expect("renders");
    let Some(pages) = pages(&rendered.pdf) else { return false };
    let text = pages.join("\n");
    let of = |what: &str| format!("{} {}, {what}", snapshot.number, snapshot.brand.design.name());
    let (currency, totals) = (snapshot.currency, snapshot.totals);
    let on_line = |label: &str, minor: Minor| {
        let amount = amount(minor, currency);
        text.lines().any(|line| line.contains(label) && line.trim_end().ends_with(&amount))
    };
    assert!(on_line("Total HT", totals.net_minor), "{}:\n{text}", of("net"));
    assert!(on_line("Total TVA", totals.tax_minor), "{}:\n{text}", of("tax"));
    assert!(on_line("Total TTC", totals.gross_minor), "{}:\n{text}", of("gross"));
    assert!(text.contains(&amount(snapshot.due_minor(), currency)), "{}", of("due"));
    for line in &snapshot.lines {
        assert!(text.contains(&amount(line.net_minor, currency)), "{}", of("a line"));
    }
    let Some(xml) = rendered.xml else {
        assert_eq!(snapshot.kind, Kind::Quote);
        return true;
    };
    for (element, minor) in [
        ("TaxBasisTotalAmount", totals.net_minor),
        ("TaxTotalAmount", totals.tax_minor),
        ("GrandTotalAmount", totals.gross_minor),
        ("DuePayableAmount", snapshot.due_minor()),
    ] {
        assert_eq!(in_xml(&xml, element, currency), Some(minor), "{}", of(element));
    }
    true
}

#[test]
fn a_table_over_several_pages_carries_its_total_from_each_to_the_next() {
    for design in Design::ALL {
        // With a break of the table itself, and with one before the last lines, which keep the totals company.
        for lines in [16, 60, 120] {
            let snapshot = samples::in_design(design, samples::long(lines));
            let Some(pages) = pages(&documents::render(&snapshot, None).expect("renders").pdf) else { return };
            let said = |page: &str, label: &str| {
                page.lines().find(|line| line.contains(label)).map(|line| line.replace(label, "").trim().to_owned())
            };
            let sums: Vec<String> = snapshot
                .lines
                .iter()
                .scan(0, |sum, line| {
                    *sum += line.net_minor.0;
                    Some(amount(Minor(*sum), snapshot.currency))
                })
                .collect();
            let tables = pages.iter().filter(|page| page.contains("Article n°")).count();
            let mut seen = 0;
            for (at, page) in pages.iter().take(tables).enumerate() {
                let lines_of_page = page.lines().filter(|line| line.contains("Article n°")).count();
                let before = at.checked_sub(1).map(|_| sums[seen - 1].clone());
                assert_eq!(said(page, "Report HT"), before, "page {}", at + 1);
                seen += lines_of_page;
                let after = (seen < lines).then(|| sums[seen - 1].clone());
                assert_eq!(said(page, "À reporter HT"), after, "page {}", at + 1);
            }
            assert_eq!(seen, lines);
        }
    }
}

#[test]
fn the_title_of_a_section_stands_on_the_page_of_its_first_line() {
    let lines = 40;
    for at in 8..24 {
        let mut snapshot = samples::long(lines);
        snapshot.lines[at].section = Some("Fabrication et pose".to_owned());
        let Some(pages) = pages(&documents::render(&snapshot, None).expect("renders").pdf) else { return };
        let page = pages.iter().find(|page| page.contains("Fabrication et pose")).expect("its title");
        let after = page.split_once("Fabrication et pose").map(|(_, after)| after.contains("Article n°"));
        assert_eq!(after, Some(true), "before line {}: {page}", at + 1);
    }
}

#[test]
fn what_is_not_the_document_itself_says_so_and_embeds_nothing() {
    let pdf = documents::render_marked(&samples::invoice(), None, documents::Mark::Copy).expect("renders");
    assert!(!pdf.windows(12).any(|window| window == b"EmbeddedFile"));
    let Some(pages) = pages(&pdf) else { return };
    // Written aslant: the letters come in any order.
    let letters: String = pages[0].chars().filter(|letter| letter.is_uppercase()).collect();
    assert!("DUPLICATA".chars().all(|letter| letters.contains(letter)));
    let itself = documents::render(&samples::invoice(), None).expect("renders").pdf;
    assert_ne!(itself, pdf);
}

#[test]
fn a_signed_quote_says_who_signed_it_when_and_for_how_much() {
    let quote = samples::quote();
    let signature = Signature {
        name: "Claire Martin #x".into(),
        quality: Some("Gérante".into()),
        email: None,
        picture: Some(Logo { sha256: String::new(), width: 600, height: 200 }),
        signed_at: jiff::Timestamp::UNIX_EPOCH,
        signed_on: jiff::civil::date(2026, 11, 23),
        signed_time: "10:04".into(),
        options: vec!["Pose".into()],
        gross_minor: Minor(123_456),
        address: None,
        user_agent: None,
    };
    for design in Design::ALL {
        let quote = samples::in_design(design, quote.clone());
        let logo = samples::logo();
        let drawn = documents::render_signed(&quote, None, &signature, Some(&logo)).expect("renders");
        assert_eq!(drawn, documents::render_signed(&quote, None, &signature, Some(&logo)).expect("renders"));
        let typed = documents::render_signed(&quote, None, &signature, None).expect("renders");
        assert_ne!(drawn.pdf, typed.pdf);
        for pdf in [&drawn.pdf, &typed.pdf] {
            let Some(pages) = pages(pdf) else { return };
            let text = pages.concat();
            let amount = amount(Minor(123_456), Currency::Eur);
            for told in ["Claire Martin #x", "Gérante", "23 novembre 2026 à 10:04", "Pose", amount.as_str()] {
                assert!(text.contains(told), "{design:?}: {told} in {text}");
            }
            assert!(!text.contains("Signature et cachet"));
        }
    }
}

#[test]
fn a_letter_asks_for_the_number_of_the_invoice_and_not_for_its_own() {
    for kind in LetterKind::ALL {
        let letter = samples::letter(kind);
        let Some(pages) = pages(&documents::render_letter(&letter, None).expect("renders")) else { return };
        let text = pages.join("\n");
        let asked = text.lines().find(|line| line.contains("Référence à rappeler")).expect("a reference");
        assert!(asked.contains(&letter.payment_reference) && !asked.contains(kind.name()), "{asked}");
    }
    // One that left before it was told apart.
    let former = Letter { payment_reference: String::new(), ..samples::letter(LetterKind::Reminder) };
    assert_eq!(former.reference_of_payment(), former.reference);
}
