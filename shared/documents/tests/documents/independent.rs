//! What independent validators say: veraPDF, the Factur-X and EN 16931 schematrons, the French BR-FR rules.
//! `checks/install.sh` installs them; without them the test says so and passes.

use std::{env, fs, path::PathBuf, process::Command};

use kernel::{
    document::{Design, Kind, Snapshot},
    letter::LetterKind,
    vat::Treatment,
};

use crate::samples;

#[test]
fn independent_validators_accept_our_documents() {
    let cache = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .unwrap_or_default()
        .join("abservice-einvoice");
    if !cache.join("ready").exists() {
        eprintln!("SKIPPED: the validators are not installed; run shared/documents/checks/install.sh");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    // Of those that name one.
    let logo = samples::logo();
    let mut check = Command::new(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("checks/check"));
    let odd = [
        ("francs-cfa", samples::francs()),
        ("dollars", samples::dollars()),
        ("plusieurs-pages", samples::long(60)),
        ("totaux-reportes", samples::long(16)),
        ("avec-logo", samples::with_logo()),
        ("devis-hostile", hostile_quote()),
        ("devis-sections", samples::sections()),
        ("remise-globale", samples::global_discount()),
        ("acompte", samples::deposit()),
        ("solde", samples::final_invoice()),
        ("pieces-jointes", samples::with_attachments(samples::invoice())),
        ("devis-pieces-jointes", samples::with_attachments(samples::quote())),
    ]
    .map(|(name, snapshot)| (name.to_owned(), snapshot));
    for (name, snapshot) in odd.into_iter().chain(every_kind_design_and_case_of_vat()) {
        let path = folder.path().join(format!("{name}.pdf"));
        fs::write(&path, documents::render(&snapshot, Some(&logo)).expect("renders").pdf).expect("written");
        check.arg(path);
    }
    for kind in LetterKind::ALL {
        for design in Design::ALL {
            // What begins with "devis" is checked as a quote: it has no XML.
            let path = folder.path().join(format!("devis-{}-{}.pdf", kind.name(), design.name()));
            let letter = samples::letter_in_design(design, kind);
            fs::write(&path, documents::render_letter(&letter, Some(&logo)).expect("renders")).expect("written");
            check.arg(path);
        }
    }
    let output = check.output().expect("the check runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    eprintln!("{said}");
}

fn every_kind_design_and_case_of_vat() -> impl Iterator<Item = (String, Snapshot)> {
    let treated = Treatment::ALL.into_iter().filter(|treatment| !treatment.is_domestic());
    let cases = treated.map(|treatment| (treatment.name(), samples::treated(treatment))).chain([
        ("assujetti", samples::invoice()),
        ("franchise", samples::franchised()),
        ("particulier", samples::consumer()),
    ]);
    cases.flat_map(|(case, invoice)| {
        Kind::ALL.into_iter().flat_map(move |kind| {
            let snapshot = samples::as_kind(kind, invoice.clone());
            Design::ALL.into_iter().map(move |design| {
                // What begins with "devis" is checked as a quote.
                let kind = if kind == Kind::Quote { "devis" } else { snapshot.number.as_str() };
                (format!("{kind}-{case}-{}", design.name()), samples::in_design(design, snapshot.clone()))
            })
        })
    })
}

/// Odd text as it would be in a quote: the PDF must hold; the XML of such data could not.
fn hostile_quote() -> kernel::document::Snapshot {
    let mut quote =
        samples::hostile("#panic() 😀 株 العربية e\u{301}\u{315} \u{200b}\u{202e}\u{fffe}\u{e000} ffi ¼ -> \u{2003}x");
    quote.kind = kernel::document::Kind::Quote;
    quote
}
