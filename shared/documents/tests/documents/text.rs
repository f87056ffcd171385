//! Whatever is typed is printed or replaced; it never runs and never stops a document.

use kernel::document::Kind;
use proptest::prelude::*;

use crate::samples;

#[test]
fn markup_is_text() {
    for text in [
        "#panic(\"x\") *a* $x$ @ref <b> \\ ",
        "#import \"@preview/x:1.0.0\"",
        "// /* ``` = - + [ ] { } _ ~ ' \" --- ...",
        "</ram:Name><evil/>&amp;]]>",
        "/Type/Metadata/Subtype/XML>>\nstream\n1 0 obj\n<</Length 3 startxref 12 xref trailer",
        "<pdfaExtension:schemas></pdfaExtension:schemas></rdf:Bag></rdf:RDF> urn:factur-x:",
        "",
        " \n\n ",
        "😀 株式会社 العربية हिन्दी \u{0}\u{1}\u{1b}\u{7f}\u{85}\u{fffe}\u{ffff}\u{e000}\u{f8ff}\u{10ffff}",
        "e\u{301}\u{301}\u{301} \u{200b}\u{200d}\u{ad}\u{202e}\u{2066}\u{feff}\u{e0041}",
    ] {
        for kind in [Kind::Invoice, Kind::Quote] {
            let mut snapshot = samples::hostile(text);
            snapshot.kind = kind;
            documents::render(&snapshot, None).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        }
    }
}

#[test]
fn the_xml_keeps_what_the_paper_cannot_show() {
    let mut snapshot = samples::invoice();
    snapshot.buyer.name = "株式会社 😀 & <Fils>\u{1}".to_owned();
    let xml = documents::render(&snapshot, None).expect("renders").xml.expect("XML");
    assert!(xml.contains("<ram:Name>株式会社 😀 &amp; &lt;Fils&gt;</ram:Name>"));
}

#[test]
fn very_long_texts_flow_over_pages() {
    let words = "Lorem ipsum ".repeat(2_000);
    let word = "a".repeat(3_000);
    for text in [words, word] {
        for kind in [Kind::Invoice, Kind::Quote] {
            let mut snapshot = samples::invoice();
            snapshot.kind = kind;
            snapshot.introduction = Some(text.clone());
            snapshot.conditions = Some(text.clone());
            snapshot.payment_terms = Some(text.clone());
            snapshot.lines[0].description = format!("Titre\n{text}");
            documents::render(&snapshot, None).expect("renders");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_in_every_field_renders(text in proptest::collection::vec(any::<char>(), 0..60)) {
        let text: String = text.into_iter().collect();
        prop_assert!(documents::render(&samples::hostile(&text), None).is_ok(), "{:?}", text);
    }

    #[test]
    fn any_text_of_the_first_plane_renders(text in "[\u{1}-\u{2fff}]{0,80}") {
        prop_assert!(documents::render(&samples::hostile(&text), None).is_ok(), "{:?}", text);
    }
}

/// Every character that exists, some hundred documents of them: slow, so by hand
/// (`cargo test -p documents -- --ignored`).
#[test]
#[ignore = "minutes"]
fn every_character_of_unicode_renders() {
    let all: Vec<char> = ('\0'..=char::MAX).collect();
    for chunk in all.chunks(4_000) {
        let mut snapshot = samples::invoice();
        // Spaces between: each character is also tried on its own, not only in company.
        snapshot.introduction = Some(chunk.iter().flat_map(|c| [*c, ' ']).collect());
        documents::render(&snapshot, None).unwrap_or_else(|error| panic!("from {:?}: {error}", chunk[0]));
    }
}
