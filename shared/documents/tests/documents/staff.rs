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
    assert!(text.contains("La salariée") && text.contains("lu et approuvé"), "{text}");
}

#[test]
fn a_long_title_and_long_facts_leave_each_other_room() {
    let (earned, left) =
        ("Congés acquis de juin 2025 à mai 2026", "30 jours ouvrables, à prendre jusqu’au 31 mai 2027");
    for design in Design::ALL {
        let mut letter = StaffLetter {
            title: "Information sur vos congés payés".into(),
            facts: vec![(earned.into(), left.into())],
            ..samples::staff_letter(false)
        };
        letter.employer.name = "Boulangerie des Deux Rives".into();
        letter.brand.design = design;
        let pdf = documents::render_staff_letter(&letter, None).expect("renders");
        let Some(pages) = pages(&pdf) else { return };
        let text = pages.join("\n");
        let has = |parts: &[&str]| text.lines().any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(has(&[earned, left]) && has(&[&letter.employer.name]), "{design:?}: {text}");
    }
}
