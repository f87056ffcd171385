//! What independent validators say: veraPDF, the Factur-X and EN 16931 schematrons, the French BR-FR rules.
//! `checks/install.sh` installs them; without them the test says so and passes.

use std::{env, fs, path::PathBuf, process::Command};

use kernel::{document::Design, vat::Treatment};

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
    let treated = Treatment::ALL.into_iter().filter(|treatment| !treatment.is_domestic());
    let treated = treated.map(|treatment| (treatment.name(), samples::treated(treatment)));
    for (name, snapshot) in [
        ("facture", samples::invoice()),
        ("franchise", samples::franchised()),
        ("particulier", samples::consumer()),
        ("francs-cfa", samples::francs()),
        ("plusieurs-pages", samples::long(60)),
        ("totaux-reportes", samples::long(16)),
        ("avec-logo", samples::with_logo()),
        ("devis", samples::quote()),
        ("devis-hostile", hostile_quote()),
        ("moderne", samples::in_design(Design::Modern, samples::invoice())),
        ("devis-moderne", samples::in_design(Design::Modern, samples::quote())),
        ("minimaliste", samples::in_design(Design::Minimal, samples::invoice())),
        ("devis-minimaliste", samples::in_design(Design::Minimal, samples::quote())),
        ("elegant", samples::in_design(Design::Elegant, samples::invoice())),
        ("devis-elegant", samples::in_design(Design::Elegant, samples::quote())),
        ("devis-sections", samples::sections()),
        ("remise-globale", samples::global_discount()),
        ("avoir", samples::credit_note()),
        ("rectificative", samples::corrective()),
        ("acompte", samples::deposit()),
        ("solde", samples::final_invoice()),
    ]
    .into_iter()
    .chain(treated)
    {
        let path = folder.path().join(format!("{name}.pdf"));
        fs::write(&path, documents::render(&snapshot, Some(&logo)).expect("renders").pdf).expect("written");
        check.arg(path);
    }
    let output = check.output().expect("the check runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    eprintln!("{said}");
}

/// Odd text as it would be in a quote: the PDF must hold; the XML of such data could not.
fn hostile_quote() -> kernel::document::Snapshot {
    let mut quote =
        samples::hostile("#panic() 😀 株 العربية e\u{301}\u{315} \u{200b}\u{202e}\u{fffe}\u{e000} ffi ¼ -> \u{2003}x");
    quote.kind = kernel::document::Kind::Quote;
    quote
}
