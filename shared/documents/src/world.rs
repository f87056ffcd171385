//! Typst with what it needs and nothing else: three weights of one font, one template, one JSON file, the
//! seller's logo and the client's signature if there is one, and for an invoice its XML. No file system, no packages, no clock.

use std::sync::LazyLock;

use jiff::civil::Date;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Label, Smart},
    introspection::Introspector as _,
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::{LazyHash, PicoStr},
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use typst_render::RenderOptions;

use crate::{RenderError, view::View};

/// What is put on paper.
pub struct Page<'a> {
    pub view: View,
    pub logo: Option<&'a [u8]>,
    /// What the client drew under it.
    pub signature: Option<&'a [u8]>,
    pub xml: Option<&'a str>,
    pub issued_on: Date,
    pub ident: String,
}

/// The document as PDF/A-3a and PDF/UA-1.
pub fn pdf(page: Page<'_>) -> Result<Vec<u8>, RenderError> {
    with_pages(page, export)
}

/// The first pages as PNG, and how many there are.
pub fn pictures(page: Page<'_>, scale: f64, pages_max: usize) -> Result<(Vec<Vec<u8>>, usize), RenderError> {
    // 96 pixels an inch, as a browser counts.
    let options = RenderOptions { pixel_per_pt: (scale * 96.0 / 72.0).into(), ..RenderOptions::default() };
    with_pages(page, |document, _| {
        let drawn = document.pages().iter().take(pages_max).map(|page| {
            typst_render::render(page, &options).encode_png().map_err(|error| RenderError::Picture(error.to_string()))
        });
        Ok((drawn.collect::<Result<_, _>>()?, document.pages().len()))
    })
}

/// Lays the document out, with what stands together kept together.
fn with_pages<T>(
    mut page: Page<'_>,
    made: impl FnOnce(&PagedDocument, &Page<'_>) -> Result<T, RenderError>,
) -> Result<T, RenderError> {
    let result = lay_out(&page).and_then(|document| {
        // Totals alone on a page say nothing: the last lines go with them, under their own header row.
        let document = match stranded(&document) && page.view.keep_last_lines() {
            true => lay_out(&page)?,
            false => document,
        };
        made(&document, &page)
    });
    // Nothing is shared between two documents; kept, the cache would grow by megabytes per render.
    comemo::evict(0);
    result
}

fn lay_out(page: &Page<'_>) -> Result<PagedDocument, RenderError> {
    let desk = Desk {
        data: Bytes::new(page.view.json()),
        logo: page.logo.map(|logo| Bytes::new(logo.to_vec())),
        signature: page.signature.map(|picture| Bytes::new(picture.to_vec())),
        xml: page.xml.map(|xml| Bytes::new(xml.as_bytes().to_vec())),
    };
    typst::compile::<PagedDocument>(&desk).output.map_err(|errors| RenderError::Layout(messages(&errors)))
}

/// Whether the totals begin on a later page than the one on which the last line ends.
fn stranded(document: &PagedDocument) -> bool {
    let introspector = document.introspector();
    let page_of = |label: &str| {
        let label = Label::new(PicoStr::intern(label))?;
        let location = introspector.query_label(label).ok()?.location()?;
        Some(introspector.position(location)?.page)
    };
    matches!((page_of("last-line"), page_of("totals")), (Some(line), Some(totals)) if line < totals)
}

fn export(document: &PagedDocument, page: &Page<'_>) -> Result<Vec<u8>, RenderError> {
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
        .map_err(|error| RenderError::Export(error.message().to_string()))?;
    let day = page.issued_on;
    let midnight =
        Datetime::from_ymd_hms(i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs(), 0, 0, 0);
    let options = PdfOptions {
        ident: Smart::Custom(page.ident.clone()),
        creator: Smart::Custom(Some("ABSERVICE".to_owned())),
        timestamp: midnight.map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|errors| RenderError::Export(messages(&errors)))
}

fn messages(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// The embedded fonts: Inter Regular, Medium and SemiBold.
pub fn fonts() -> &'static [Font] {
    static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
        const FILES: [&[u8]; 3] = [
            include_bytes!("../fonts/Inter-Regular.otf"),
            include_bytes!("../fonts/Inter-Medium.otf"),
            include_bytes!("../fonts/Inter-SemiBold.otf"),
        ];
        FILES.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
    });
    &FONTS
}

struct Desk {
    data: Bytes,
    logo: Option<Bytes>,
    signature: Option<Bytes>,
    xml: Option<Bytes>,
}

/// What is the same for every document. File ids are interned forever, so the paths are fixed.
struct Fixed {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    template: Source,
    data: FileId,
    logo: FileId,
    signature: FileId,
    xml: FileId,
}

static FIXED: LazyLock<Fixed> = LazyLock::new(|| Fixed {
    library: LazyHash::new(Library::default()),
    book: LazyHash::new(FontBook::from_fonts(fonts())),
    template: Source::new(file_id("document.typ"), include_str!("../templates/document.typ").to_owned()),
    data: file_id("data.json"),
    logo: file_id("logo.png"),
    signature: file_id("signature.png"),
    xml: file_id("factur-x.xml"),
});

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names are constants and plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &FIXED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FIXED.book
    }

    fn main(&self) -> FileId {
        FIXED.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id == FIXED.template.id() {
            true => Ok(FIXED.template.clone()),
            false => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = match id {
            id if id == FIXED.data => Some(&self.data),
            id if id == FIXED.logo => self.logo.as_ref(),
            id if id == FIXED.signature => self.signature.as_ref(),
            id if id == FIXED.xml => self.xml.as_ref(),
            _ => None,
        };
        found.cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
