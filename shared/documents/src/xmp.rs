//! Says in the PDF's metadata that it carries a Factur-X invoice (Factur-X 1.0, chapter "XMP extension
//! schema"): the four `fx:` properties and, in the file's one `pdfaExtension:schemas` bag, their description.
//!
//! Typst writes no XMP of its own choice, so the metadata stream is lengthened after export. The exporter
//! (krilla, version pinned) writes that stream plain and a classic cross-reference table; whatever does not
//! look exactly so is refused, never guessed at.

use crate::RenderError;

const PROPERTIES: &str = "<rdf:Description rdf:about=\"\" \
    xmlns:fx=\"urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#\">\
    <fx:DocumentType>INVOICE</fx:DocumentType>\
    <fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>\
    <fx:Version>1.0</fx:Version>\
    <fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>\
    </rdf:Description>";

const SCHEMA: &str = "<rdf:li rdf:parseType=\"Resource\">\
    <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>\
    <pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>\
    <pdfaSchema:prefix>fx</pdfaSchema:prefix>\
    <pdfaSchema:property><rdf:Seq>\
    <rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>DocumentFileName</pdfaProperty:name>\
    <pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>\
    <pdfaProperty:description>name of the embedded XML invoice file</pdfaProperty:description></rdf:li>\
    <rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>DocumentType</pdfaProperty:name>\
    <pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>\
    <pdfaProperty:description>INVOICE</pdfaProperty:description></rdf:li>\
    <rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>Version</pdfaProperty:name>\
    <pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>\
    <pdfaProperty:description>version of the Factur-X XML schema</pdfaProperty:description></rdf:li>\
    <rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>ConformanceLevel</pdfaProperty:name>\
    <pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>\
    <pdfaProperty:description>conformance level of the embedded Factur-X data</pdfaProperty:description></rdf:li>\
    </rdf:Seq></pdfaSchema:property></rdf:li>";

/// The file with its metadata completed and its cross-references moved accordingly.
pub fn declare_facturx(pdf: &[u8]) -> Result<Vec<u8>, RenderError> {
    let table = Table::read(pdf)?;
    let stream = table.objects.iter().find_map(|object| Metadata::at(pdf, object.offset));
    let stream = stream.ok_or(fault("no plain metadata stream"))?;
    let packet = std::str::from_utf8(&pdf[stream.data.clone()]).map_err(|_| fault("XMP is not UTF-8"))?;
    let packet = with_facturx(packet)?;

    let mut out = Vec::with_capacity(pdf.len() + packet.len());
    out.extend_from_slice(&pdf[..stream.length.start]);
    out.extend_from_slice(packet.len().to_string().as_bytes());
    out.extend_from_slice(&pdf[stream.length.end..stream.data.start]);
    out.extend_from_slice(packet.as_bytes());
    let growth = out.len() - stream.data.end;
    out.extend_from_slice(&pdf[stream.data.end..table.startxref]);

    // The table itself and everything written behind the metadata have moved.
    let moved = |offset: usize| if offset >= stream.data.end { offset + growth } else { offset };
    for object in &table.objects {
        let entry = moved(object.entry);
        let digits = out.get_mut(entry..entry + OFFSET_DIGITS).ok_or(fault("the cross-references are cut"))?;
        digits.copy_from_slice(format!("{:010}", moved(object.offset)).as_bytes());
    }
    out.extend_from_slice(format!("startxref\n{}\n%%EOF", moved(table.offset)).as_bytes());
    Ok(out)
}

const fn fault(what: &'static str) -> RenderError {
    RenderError::Metadata(what)
}

/// A cross-reference entry is 20 bytes and begins with the offset.
const ENTRY_LENGTH: usize = 20;
const OFFSET_DIGITS: usize = 10;

/// The classic cross-reference table at the end of a file.
struct Table {
    offset: usize,
    startxref: usize,
    objects: Vec<Object>,
}

struct Object {
    /// Where its entry stands in the table.
    entry: usize,
    /// Where the object stands in the file.
    offset: usize,
}

impl Table {
    fn read(pdf: &[u8]) -> Result<Self, RenderError> {
        // Behind the last `startxref` there is one number and no text of a user.
        let startxref = pdf.windows(9).rposition(|word| word == b"startxref").ok_or(fault("no startxref"))?;
        let tail = String::from_utf8_lossy(&pdf[startxref..]).into_owned();
        let offset = tail.split_ascii_whitespace().nth(1).and_then(|word| word.parse().ok());
        let offset: usize = offset.ok_or(fault("startxref is not a number"))?;

        let (keyword, mut at) = line(pdf, offset)?;
        if keyword != "xref" {
            return Err(fault("no classic cross-reference table"));
        }
        let mut objects = Vec::new();
        // Sub-sections: `first count`, then so many entries.
        loop {
            let (header, entries) = line(pdf, at)?;
            let Some((_, count)) = header.split_once(' ') else { break };
            let count: usize = count.parse().map_err(|_| fault("a section of cross-references has no count"))?;
            for index in 0..count {
                let entry = entries + index * ENTRY_LENGTH;
                let text = pdf.get(entry..entry + ENTRY_LENGTH).ok_or(fault("the cross-references are cut"))?;
                if text[17] == b'n' {
                    let digits = std::str::from_utf8(&text[..OFFSET_DIGITS]).ok();
                    let offset = digits.and_then(|digits| digits.parse().ok());
                    objects.push(Object { entry, offset: offset.ok_or(fault("a cross-reference is no number"))? });
                }
            }
            at = entries + count * ENTRY_LENGTH;
        }
        Ok(Self { offset, startxref, objects })
    }
}

/// The line that begins at a place, and where the next one does.
fn line(pdf: &[u8], at: usize) -> Result<(&str, usize), RenderError> {
    let rest = pdf.get(at..).ok_or(fault("an offset is out of the file"))?;
    let end = rest.iter().position(|byte| *byte == b'\n').ok_or(fault("a line has no end"))?;
    let text = std::str::from_utf8(&rest[..end]).map_err(|_| fault("a line is not text"))?;
    Ok((text.trim_end(), at + end + 1))
}

/// The metadata stream. Looked for only where the cross-references say that an object begins: a client
/// could be called `/Type/Metadata`.
struct Metadata {
    /// The digits of `/Length`.
    length: std::ops::Range<usize>,
    /// The packet.
    data: std::ops::Range<usize>,
}

impl Metadata {
    fn at(pdf: &[u8], offset: usize) -> Option<Self> {
        let (_, dictionary) = line(pdf, offset).ok()?;
        let start = dictionary + b"<</Length ".len();
        if pdf.get(dictionary..start)? != b"<</Length " {
            return None;
        }
        let digits = pdf[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let size: usize = std::str::from_utf8(&pdf[start..start + digits]).ok()?.parse().ok()?;
        let length = start..start + digits;
        // No filter: the packet is plain.
        let rest = b"/Type/Metadata/Subtype/XML>>\nstream\n";
        let begin = length.end + rest.len();
        if pdf.get(length.end..begin)? != rest {
            return None;
        }
        let data = begin..begin.checked_add(size)?;
        pdf.get(data.end..)?.trim_ascii_start().starts_with(b"endstream").then_some(Self { length, data })
    }
}

/// Puts the schema's description into the bag that PDF/UA brings, and the properties beside the others.
fn with_facturx(packet: &str) -> Result<String, RenderError> {
    if packet.matches("<pdfaExtension:schemas>").count() != 1 || packet.contains("<fx:") {
        return Err(fault("the XMP does not have exactly one bag of extension schemas"));
    }
    let schemas = packet.find("</pdfaExtension:schemas>").ok_or(fault("the bag of schemas has no end"))?;
    let bag = packet[..schemas].rfind("</rdf:Bag>").ok_or(fault("the schemas are not a bag"))?;
    let end = packet.rfind("</rdf:RDF>").filter(|end| *end > schemas).ok_or(fault("the XMP has no end"))?;
    Ok([&packet[..bag], SCHEMA, &packet[bag..end], PROPERTIES, &packet[end..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_shape_of_file_is_refused() {
        for odd in [
            &b"%PDF-1.7"[..],
            b"startxref",
            b"startxref\n99999999999\n%%EOF",
            b"xref\n0 1\n0000000000 65535 f \ntrailer\nstartxref\n0\n%%EOF",
            b"xref\n0 99999999\n0000000000 65535 n \ntrailer\nstartxref\n0\n%%EOF",
            b"xref\n0 1\n0000000900 65535 n \ntrailer\nstartxref\n0\n%%EOF",
        ] {
            assert!(matches!(declare_facturx(odd), Err(RenderError::Metadata(_))));
        }
    }
}
