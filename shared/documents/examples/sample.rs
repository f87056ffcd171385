//! Writes sample documents into a folder, with the data that the template read, to look at and to check:
//! `cargo run -p documents --example sample -- DIR`.

#[path = "../tests/documents/samples.rs"]
mod samples;

use std::{env, error::Error, fs, path::PathBuf};

use kernel::document::Design;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("which folder?")?);
    fs::create_dir_all(&folder)?;
    let documents = [
        ("facture", samples::invoice()),
        ("devis", samples::quote()),
        ("franchise", samples::franchised()),
        ("particulier", samples::consumer()),
        ("francs-cfa", samples::francs()),
        ("longue", samples::long(60)),
        ("avec-logo", samples::with_logo()),
        ("moderne", samples::in_design(Design::Modern, samples::invoice())),
        ("minimaliste", samples::in_design(Design::Minimal, samples::invoice())),
        ("elegant", samples::in_design(Design::Elegant, samples::invoice())),
        ("totaux-seuls", samples::long(16)),
        ("hostile", samples::hostile("#panic(\"x\") *a* $x$ @ref <b> \\ 😀 株式 \u{fffe}")),
    ];
    for (name, snapshot) in documents {
        let rendered = documents::render(&snapshot, Some(&samples::logo()))?;
        fs::write(folder.join(format!("{name}.pdf")), &rendered.pdf)?;
        fs::write(folder.join(format!("{name}.json")), documents::template_data(&snapshot))?;
        if let Some(xml) = &rendered.xml {
            fs::write(folder.join(format!("{name}.xml")), xml)?;
        }
        println!("{name}: {} bytes", rendered.pdf.len());
    }
    Ok(())
}
