//! Letters to employees: archivable and accessible as the rest, signed by hand, with nothing to pay.

use kernel::{document::Design, staff_letter::StaffLetter};

use crate::{paper::pages, pdf::count, samples};

#[test]
fn a_letter_to_an_employee_is_archivable_accessible_and_always_the_same() {
    let logo = samples::logo();
    for is_agreement in [false, true] {
        for design in Design::ALL {
            let mut letter = samples::staff_letter(is_agreement);
            letter.brand.design = design;
            let pdf = documents::render_staff_letter(&letter, Some(&logo)).expect("renders");
            for once in ["<pdfaid:part>3</pdfaid:part>", "<pdfuaid:part>1</pdfuaid:part>"] {
                assert_eq!(count(&pdf, once), 1, "{design:?} {once}");
            }
            assert_eq!((count(&pdf, "EmbeddedFile"), count(&pdf, "fx:")), (0, 0));
            assert_eq!(pdf, documents::render_staff_letter(&letter, Some(&logo)).expect("renders"));
        }
    }
    let odd = StaffLetter {
        title: "#panic() 😀".into(),
        paragraphs: vec!["株 العربية ".repeat(400)],
        facts: vec![("*".into(), "$x$".into())],
        ..samples::staff_letter(true)
    };
    documents::render_staff_letter(&odd, None).expect("renders");
}

#[test]
fn what_is_signed_says_by_whom_and_asks_for_no_money() {
    let letter = samples::staff_letter(false);
    let Some(pages) = pages(&documents::render_staff_letter(&letter, None).expect("renders")) else { return };
    let text = pages.join("\n");
    for wanted in
        ["Certificat de travail", "Remis à", "Fait à Lyon, le 15", "Pour l’employeur", "Camille Durand, gérante"]
    {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    for unwanted in ["Solde", "Net à payer", "Réf.", "Madame, Monsieur", "Le salarié"] {
        assert!(!text.contains(unwanted), "{unwanted}: {text}");
    }
    let agreed = documents::render_staff_letter(&samples::staff_letter(true), None).expect("renders");
    let Some(pages) = crate::paper::pages(&agreed) else { return };
    let text = pages.join("\n");
    assert!(text.contains("Le salarié") && text.contains("lu et approuvé"), "{text}");
}
