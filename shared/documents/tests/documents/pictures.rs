//! How each kind of document looks in each design: the first page against the picture that was looked at before.
//! `UPDATE_PICTURES=1 cargo test --test documents pictures` takes the new ones, to be looked at again.

use std::{env, fs, path::PathBuf};

use image::{ImageEncoder, ImageFormat, RgbImage, codecs::png};
use kernel::{
    document::{Design, Kind, Snapshot},
    letter::{Letter, LetterKind},
};

use crate::samples;

/// Of the size on a screen.
const PER_CENT: u16 = 60;
/// How far a channel may be off before the pixel counts as another one.
const CHANNEL: u8 = 24;
/// How many pixels of a million may be others: edges of letters, drawn by another version of a library.
const PER_MILLION: usize = 300;

#[test]
fn every_kind_in_every_design_looks_as_it_did() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/documents/pictures");
    let update = env::var_os("UPDATE_PICTURES").is_some();
    let mut wrong = Vec::new();
    for design in Design::ALL {
        let documents = kinds()
            .into_iter()
            .map(|(kind, snapshot)| (kind.to_owned(), first_page(&samples::in_design(design, snapshot))));
        let letters = LetterKind::ALL.into_iter().map(|kind| {
            (kind.name().replace('_', "-"), first_page_of_letter(&samples::letter_in_design(design, kind)))
        });
        for (kind, drawn) in documents.chain(letters) {
            let name = format!("{kind}-{}.png", design.name());
            let path = folder.join(&name);
            if update {
                fs::create_dir_all(&folder).expect("a folder");
                save(&drawn, &path);
            }
            let known = fs::read(&path).ok().map(|bytes| decoded(&bytes));
            if !known.is_some_and(|known| alike(&known, &drawn)) {
                let seen = env::temp_dir().join(&name);
                save(&drawn, &seen);
                wrong.push(format!("{name}: compare with {}", seen.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "look otherwise:\n{}", wrong.join("\n"));
}

/// The comparison itself can fail.
#[test]
fn another_amount_is_another_picture() {
    let invoice = samples::invoice();
    let mut other = invoice.clone();
    other.lines[0].quantity = samples::decimal("4.5");
    assert!(!alike(&first_page(&invoice), &first_page(&samples::totalled(other))));
}

fn kinds() -> [(&'static str, Snapshot); 12] {
    [
        ("quote", samples::quote()),
        ("invoice", samples::with_logo()),
        ("deposit", samples::deposit()),
        ("final-invoice", samples::final_invoice()),
        ("corrective", samples::corrective()),
        ("credit-note", samples::credit_note()),
        ("self-billed", samples::as_kind(Kind::SelfBilled, samples::invoice())),
        ("self-billed-credit-note", samples::as_kind(Kind::SelfBilledCreditNote, samples::invoice())),
        ("dollars", samples::dollars()),
        ("long-invoice", samples::long(60)),
        ("attachments", samples::with_attachments(samples::invoice())),
        ("quote-attachments", samples::with_attachments(samples::quote())),
    ]
}

fn first_page(snapshot: &Snapshot) -> RgbImage {
    let logo = samples::logo();
    let (pages, _) = documents::preview(snapshot, Some(&logo), None, PER_CENT, 1).expect("draws");
    decoded(&pages[0])
}

fn first_page_of_letter(letter: &Letter) -> RgbImage {
    let logo = samples::logo();
    let (pages, _) = documents::preview_letter(letter, Some(&logo), PER_CENT, 1).expect("draws");
    decoded(&pages[0])
}

fn decoded(png: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(png, ImageFormat::Png).expect("a picture").to_rgb8()
}

fn save(picture: &RgbImage, path: &PathBuf) {
    let file = fs::File::create(path).expect("a file");
    let encoder = png::PngEncoder::new_with_quality(file, png::CompressionType::Best, png::FilterType::NoFilter);
    let (width, height) = picture.dimensions();
    encoder.write_image(picture, width, height, image::ExtendedColorType::Rgb8).expect("written");
}

fn alike(known: &RgbImage, drawn: &RgbImage) -> bool {
    if known.dimensions() != drawn.dimensions() {
        return false;
    }
    let far = |(a, b): (&image::Rgb<u8>, &image::Rgb<u8>)| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > CHANNEL);
    let others = known.pixels().zip(drawn.pixels()).filter(|pair| far(*pair)).count();
    let pixels = (known.width() * known.height()) as usize;
    others * 1_000_000 <= pixels * PER_MILLION
}
