//! The frozen document or letter → its PDF (PDF/A-3a + PDF/UA-1) and, for a tax document, its Factur-X XML. Pure: no I/O,
//! no clock; fonts and template are part of the binary. The same snapshot gives the same bytes.
//!
//! ```text
//! Snapshot ─► facturx (CII XML) ────────────────┐ attached as factur-x.xml
//!         └─► view (French strings) ─► world (typst) ─► PDF ─► xmp (fx: properties)
//! ```
//!
//! What a user typed enters the template as JSON and never as markup; amounts are formatted here and the
//! template does no arithmetic on them.

mod color;
mod epc;
mod facturx;
mod printable;
mod view;
mod world;
mod xmp;

use kernel::{
    document::{Signature, Snapshot},
    letter::Letter,
    staff_letter::StaffLetter,
};
use sha2::{Digest, Sha256};

/// The most lines that are laid out, where the memory is spent: twice what a form takes.
pub const LINES_MAX: usize = 1_000;
/// The most entries that the account of a letter may have.
pub const ENTRIES_MAX: usize = 1_000;

/// What left the renderer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub pdf: Vec<u8>,
    /// The Factur-X EN 16931 document that the PDF embeds. None for a quote.
    pub xml: Option<String>,
}

/// What is written across the pages of something that is not the document itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nothing was issued: it has no number and binds nobody.
    Draft,
    /// A further copy of what was issued (BOI-TVA-DECLA-30-10-30: a reprint says that it is one).
    Copy,
}

impl Mark {
    const fn french(self) -> &'static str {
        match self {
            Self::Draft => "BROUILLON",
            Self::Copy => "DUPLICATA",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("the document has more than {LINES_MAX} lines")]
    TooManyLines,
    /// A fault of the template: nothing that is in a snapshot should lead here.
    #[error("the template could not be laid out: {0}")]
    Layout(String),
    /// PDF/A or PDF/UA refused the pages.
    #[error("the pages could not be exported: {0}")]
    Export(String),
    /// The exporter's output no longer has the shape that `xmp` knows.
    #[error("the metadata could not be written: {0}")]
    Metadata(&'static str),
    #[error("a page could not be drawn: {0}")]
    Picture(String),
}

/// Renders a document. Rendering the same snapshot twice gives the same bytes. `logo` is the PNG that the snapshot's
/// brand names.
pub fn render(snapshot: &Snapshot, logo: Option<&[u8]>) -> Result<Rendered, RenderError> {
    must_fit(snapshot)?;
    let xml = snapshot.kind.type_code().map(|type_code| facturx::cii(snapshot, type_code));
    let pdf = world::pdf(page(snapshot, view::View::of(snapshot, logo.is_some()), logo, xml.as_deref()))?;
    let pdf = match xml {
        Some(_) => xmp::declare_facturx(&pdf)?,
        None => pdf,
    };
    Ok(Rendered { pdf, xml })
}

/// A quote with its client's signature where it asks for one: `picture` is the PNG that the signature names. The same
/// signature gives the same bytes.
pub fn render_signed(
    snapshot: &Snapshot,
    logo: Option<&[u8]>,
    signature: &Signature,
    picture: Option<&[u8]>,
) -> Result<Rendered, RenderError> {
    must_fit(snapshot)?;
    let view = view::View::of(snapshot, logo.is_some()).signed(signature, picture.is_some(), snapshot.currency);
    let own = serde_json::to_vec(signature).unwrap_or_default();
    let pdf = world::pdf(world::Page {
        signature: picture,
        issued_on: signature.signed_on,
        ident: format!("{}:{}", ident(snapshot), hex::encode(Sha256::digest(own))),
        ..page(snapshot, view, logo, None)
    })?;
    Ok(Rendered { pdf, xml: None })
}

/// A reminder, a formal notice or a statement of account: PDF/A and PDF/UA as the rest, and nothing for machines in it.
pub fn render_letter(letter: &Letter, logo: Option<&[u8]>) -> Result<Vec<u8>, RenderError> {
    world::pdf(letter_page(letter, logo)?)
}

/// As [`preview`], of a letter.
pub fn preview_letter(
    letter: &Letter,
    logo: Option<&[u8]>,
    percent: u16,
    pages_max: usize,
) -> Result<(Vec<Vec<u8>>, usize), RenderError> {
    world::pictures(letter_page(letter, logo)?, f64::from(percent) / 100.0, pages_max)
}

fn letter_page<'a>(letter: &Letter, logo: Option<&'a [u8]>) -> Result<world::Page<'a>, RenderError> {
    if letter.entries.len() > ENTRIES_MAX {
        return Err(RenderError::TooManyLines);
    }
    let frozen = serde_json::to_vec(letter).unwrap_or_default();
    Ok(world::Page {
        view: view::View::of_letter(letter, logo.is_some()),
        logo,
        signature: None,
        xml: None,
        issued_on: letter.dated_on,
        ident: format!("{}:{}", letter.reference, hex::encode(Sha256::digest(frozen))),
    })
}

/// A letter of an employer's to one of their staff, as [`render_letter`].
pub fn render_staff_letter(letter: &StaffLetter, logo: Option<&[u8]>) -> Result<Vec<u8>, RenderError> {
    world::pdf(staff_page(letter, logo))
}

/// As [`preview`], of a letter to one of their staff.
pub fn preview_staff_letter(
    letter: &StaffLetter,
    logo: Option<&[u8]>,
    percent: u16,
    pages_max: usize,
) -> Result<(Vec<Vec<u8>>, usize), RenderError> {
    world::pictures(staff_page(letter, logo), f64::from(percent) / 100.0, pages_max)
}

fn staff_page<'a>(letter: &StaffLetter, logo: Option<&'a [u8]>) -> world::Page<'a> {
    let frozen = serde_json::to_vec(letter).unwrap_or_default();
    world::Page {
        view: view::View::of_staff_letter(letter, logo.is_some()),
        logo,
        signature: None,
        xml: None,
        issued_on: letter.dated_on,
        ident: format!("{}:{}", letter.reference, hex::encode(Sha256::digest(frozen))),
    }
}

/// The data that the template reads of a letter, as [`template_data`].
#[doc(hidden)]
pub fn letter_data(letter: &Letter) -> Vec<u8> {
    view::View::of_letter(letter, false).json()
}

/// A copy of a document for people, marked as one: it embeds no XML, which only the document itself does.
pub fn render_marked(snapshot: &Snapshot, logo: Option<&[u8]>, mark: Mark) -> Result<Vec<u8>, RenderError> {
    must_fit(snapshot)?;
    world::pdf(page(snapshot, view::View::of(snapshot, logo.is_some()).marked(mark), logo, None))
}

/// The first pages as pictures for a screen (PNG; 794 by 1 123 pixels at 100 per cent), marked, and how many pages
/// there are in all.
pub fn preview(
    snapshot: &Snapshot,
    logo: Option<&[u8]>,
    mark: Option<Mark>,
    percent: u16,
    pages_max: usize,
) -> Result<(Vec<Vec<u8>>, usize), RenderError> {
    must_fit(snapshot)?;
    let view = view::View::of(snapshot, logo.is_some());
    let view = match mark {
        Some(mark) => view.marked(mark),
        None => view,
    };
    world::pictures(page(snapshot, view, logo, None), f64::from(percent) / 100.0, pages_max)
}

fn must_fit(snapshot: &Snapshot) -> Result<(), RenderError> {
    if snapshot.lines.len() > LINES_MAX { Err(RenderError::TooManyLines) } else { Ok(()) }
}

fn page<'a>(snapshot: &Snapshot, view: view::View, logo: Option<&'a [u8]>, xml: Option<&'a str>) -> world::Page<'a> {
    world::Page {
        view: view.embedding(xml.is_some()),
        logo,
        signature: None,
        xml,
        issued_on: snapshot.issued_on,
        ident: ident(snapshot),
    }
}

/// The data that the template reads, as JSON: for working on the template with typst's own command.
#[doc(hidden)]
pub fn template_data(snapshot: &Snapshot) -> Vec<u8> {
    view::View::of(snapshot, false).json()
}

/// Identifies the file: the number and a digest of everything that was frozen.
fn ident(snapshot: &Snapshot) -> String {
    // A snapshot is made of strings, numbers and enums: it always serialises. Were it not to, the number
    // alone still identifies the document within its organization.
    let frozen = serde_json::to_vec(snapshot).unwrap_or_default();
    format!("{}:{}", snapshot.number, hex::encode(Sha256::digest(frozen)))
}
