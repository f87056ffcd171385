//! The file: what it declares, what it embeds, that it is always the same.

use documents::RenderError;
use kernel::{
    Minor,
    document::{Brand, Design, Logo, Snapshot},
    letter::{Letter, LetterKind},
};

use crate::samples;

pub fn count(pdf: &[u8], text: &str) -> usize {
    pdf.windows(text.len()).filter(|window| *window == text.as_bytes()).count()
}

#[test]
fn an_invoice_declares_factur_x_once_and_embeds_one_file() {
    let pdf = documents::render(&samples::invoice(), None).expect("renders").pdf;
    for once in [
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
        "<fx:DocumentType>INVOICE</fx:DocumentType>",
        "<fx:Version>1.0</fx:Version>",
        "<pdfaExtension:schemas>",
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>",
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "/AFRelationship/Alternative",
        "/Type/EmbeddedFile",
        "startxref",
    ] {
        assert_eq!(count(&pdf, once), 1, "{once}");
    }
}

#[test]
fn every_cross_reference_leads_to_its_object() {
    let pdf = documents::render(&samples::long(60), None).expect("renders").pdf;
    let tail = String::from_utf8_lossy(&pdf[pdf.len() - 40..]).into_owned();
    let words: Vec<&str> = tail.split_ascii_whitespace().collect();
    let start = words.iter().position(|word| *word == "startxref").expect("startxref") + 1;
    let table: usize = words[start].parse().expect("an offset");
    let text = String::from_utf8_lossy(&pdf[table..]).into_owned();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("xref"));
    let (first, size) = lines.next().and_then(|line| line.split_once(' ')).expect("one section");
    assert_eq!(first, "0");
    let mut seen = 0;
    for (number, entry) in lines.take(size.parse().expect("a count")).enumerate() {
        if entry.trim_end().ends_with('n') {
            let offset: usize = entry[..10].parse().expect("an offset");
            assert!(pdf[offset..].starts_with(format!("{number} 0 obj").as_bytes()), "object {number}");
            seen += 1;
        }
    }
    assert!(seen > 50);
}

#[test]
fn a_quote_is_archivable_too_and_embeds_nothing() {
    let pdf = documents::render(&samples::quote(), None).expect("renders").pdf;
    assert_eq!(count(&pdf, "<pdfaid:part>3</pdfaid:part>"), 1);
    assert_eq!(count(&pdf, "EmbeddedFile"), 0);
    assert_eq!(count(&pdf, "fx:"), 0);
}

#[test]
fn the_same_snapshot_gives_the_same_bytes() {
    for snapshot in [samples::invoice(), samples::quote(), samples::long(16)] {
        let first = documents::render(&snapshot, None).expect("renders");
        documents::render(&samples::francs(), None).expect("renders");
        assert!(first == documents::render(&snapshot, None).expect("renders"));
    }
}

#[test]
fn a_small_change_gives_another_identity() {
    let id = |pdf: &[u8]| {
        let text = String::from_utf8_lossy(pdf).into_owned();
        text.split("<xmpMM:DocumentID>").nth(1).and_then(|rest| rest.split('<').next()).expect("an id").to_owned()
    };
    let mut other = samples::invoice();
    let first = documents::render(&other, None).expect("renders");
    other.buyer.name.push('!');
    let second = documents::render(&other, None).expect("renders");
    assert_ne!(id(&first.pdf), id(&second.pdf));
}

#[test]
fn a_logo_is_printed_once_with_its_text_where_the_snapshot_names_one() {
    let logo = samples::logo();
    let with = |snapshot, logo: Option<&[u8]>| documents::render(&snapshot, logo).expect("renders").pdf;
    let named = with(samples::with_logo(), Some(&logo));
    // The picture and its transparency.
    assert_eq!(count(&named, "/Subtype/Image"), 2);
    assert_eq!(named, with(samples::with_logo(), Some(&logo)));
    assert_eq!(count(&with(samples::with_logo(), None), "/Subtype/Image"), 0);
    assert_eq!(count(&with(samples::invoice(), Some(&logo)), "/Subtype/Image"), 0);
    for (width, height) in [(512, 1), (1, 512), (1, 1), (512, 512)] {
        let mut odd = samples::with_logo();
        odd.brand.logo = odd.brand.logo.map(|logo| Logo { width, height, ..logo });
        with(odd, Some(&logo));
    }
}

#[test]
fn every_design_takes_every_document() {
    let logo = samples::logo();
    let long = samples::hostile(&"Très long ".repeat(300));
    for design in Design::ALL {
        for snapshot in
            [samples::invoice(), samples::quote(), samples::long(60), samples::hostile("#x *a* 😀"), long.clone()]
        {
            let pdf = documents::render(&samples::in_design(design, snapshot), Some(&logo)).expect("renders").pdf;
            assert_eq!(count(&pdf, "<pdfuaid:part>1</pdfuaid:part>"), 1, "{design:?}");
        }
        let plain = Snapshot { brand: Brand { design, ..Brand::of("#facc15", "#000000") }, ..samples::invoice() };
        documents::render(&plain, None).expect("renders");
    }
}

#[test]
fn five_hundred_lines_are_rendered_and_one_more_is_refused() {
    let start = std::time::Instant::now();
    documents::render(&samples::long(documents::LINES_MAX), None).expect("renders");
    // Half a second when optimised; the margin is for a loaded machine that builds beside the test.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    let one_more = samples::long(documents::LINES_MAX + 1);
    assert!(matches!(documents::render(&one_more, None), Err(RenderError::TooManyLines)));
}

#[test]
fn a_document_without_lines_bank_or_dates_renders() {
    let mut bare = samples::invoice();
    bare.lines.clear();
    bare.due_on = None;
    bare.supplied_on = None;
    bare.seller.bank = None;
    bare.payment_terms = None;
    documents::render(&samples::totalled(bare), None).expect("renders");
}

#[test]
fn a_letter_is_archivable_accessible_and_always_the_same() {
    let logo = samples::logo();
    for kind in LetterKind::ALL {
        for design in Design::ALL {
            let letter = samples::letter_in_design(design, kind);
            let pdf = documents::render_letter(&letter, Some(&logo)).expect("renders");
            for once in ["<pdfaid:part>3</pdfaid:part>", "<pdfuaid:part>1</pdfuaid:part>"] {
                assert_eq!(count(&pdf, once), 1, "{kind:?} {design:?} {once}");
            }
            assert_eq!((count(&pdf, "EmbeddedFile"), count(&pdf, "fx:")), (0, 0));
            assert_eq!(pdf, documents::render_letter(&letter, Some(&logo)).expect("renders"));
        }
    }
    let odd = Letter {
        subject: "#panic() 😀".into(),
        paragraphs: vec!["株 العربية ".repeat(400)],
        ..samples::letter(LetterKind::Reminder)
    };
    documents::render_letter(&odd, None).expect("renders");
}

#[test]
fn a_long_account_runs_over_pages_and_one_that_is_too_long_is_refused() {
    let mut statement = samples::letter(LetterKind::Statement);
    let entry = statement.entries[0].clone();
    statement.entries = vec![entry.clone(); 120];
    let (pages, count) = documents::preview_letter(&statement, None, 20, 1).expect("draws");
    assert_eq!(pages.len(), 1);
    assert!(count > 3, "{count}");
    assert_eq!(statement.due_minor(), Minor(entry.amount_minor.0 * 120));
    statement.entries = vec![entry; documents::ENTRIES_MAX + 1];
    assert!(matches!(documents::render_letter(&statement, None), Err(RenderError::TooManyLines)));
}
