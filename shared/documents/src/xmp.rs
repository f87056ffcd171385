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
    let stream = Metadata::find(pdf)?;
    let packet = std::str::from_utf8(&pdf[stream.data.clone()]).map_err(|_| fault("XMP is not UTF-8"))?;
    let packet = with_facturx(packet)?;
    let length = packet.len().to_string();

    let mut out = Vec::with_capacity(pdf.len() + packet.len());
    out.extend_from_slice(&pdf[..stream.length.start]);
    out.extend_from_slice(length.as_bytes());
    out.extend_from_slice(&pdf[stream.length.end..stream.data.start]);
    out.extend_from_slice(packet.as_bytes());
    let growth = out.len() - stream.data.end;
    out.extend_from_slice(&pdf[stream.data.end..]);

    move_cross_references(&mut out, stream.data.end, growth)?;
    Ok(out)
}

const fn fault(what: &'static str) -> RenderError {
    RenderError::Metadata(what)
}

struct Metadata {
    /// The digits of `/Length`.
    length: std::ops::Range<usize>,
    /// The packet.
    data: std::ops::Range<usize>,
}

impl Metadata {
    fn find(pdf: &[u8]) -> Result<Self, RenderError> {
        // From the end: user text cannot stand there uncompressed, and the catalog is written last.
        let mark = rfind(pdf, b"/Type /Metadata").or_else(|| rfind(pdf, b"/Type/Metadata"));
        let mark = mark.ok_or(fault("no metadata stream"))?;
        let dictionary = rfind(&pdf[..mark], b" obj").ok_or(fault("no object around the metadata"))?;
        let begin = find(pdf, b"stream\n", mark).ok_or(fault("no stream in the metadata"))? + b"stream\n".len();
        let header = &pdf[dictionary..begin];
        if find(header, b"/Filter", 0).is_some() {
            return Err(fault("the metadata is compressed"));
        }
        let key = find(header, b"/Length ", 0).ok_or(fault("the metadata has no length"))?;
        let start = dictionary + key + b"/Length ".len();
        let digits = pdf[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let length: usize = std::str::from_utf8(&pdf[start..start + digits])
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or(fault("the metadata's length is not a number"))?;
        let data = begin..begin.checked_add(length).ok_or(fault("the metadata's length is out of range"))?;
        if pdf.get(data.end..).is_none_or(|rest| !rest.trim_ascii_start().starts_with(b"endstream")) {
            return Err(fault("the metadata's length is wrong"));
        }
        Ok(Self { length: start..start + digits, data })
    }
}

/// Puts the schema's description into the bag that PDF/UA brings, and the properties beside the others.
fn with_facturx(packet: &str) -> Result<String, RenderError> {
    if packet.matches("<pdfaExtension:schemas>").count() != 1 || packet.contains("urn:factur-x:") {
        return Err(fault("the XMP does not have exactly one bag of extension schemas"));
    }
    let schemas = packet.find("</pdfaExtension:schemas>").ok_or(fault("the bag of schemas has no end"))?;
    let bag = packet[..schemas].rfind("</rdf:Bag>").ok_or(fault("the schemas are not a bag"))?;
    let end = packet.rfind("</rdf:RDF>").filter(|end| *end > schemas).ok_or(fault("the XMP has no end"))?;
    Ok([&packet[..bag], SCHEMA, &packet[bag..end], PROPERTIES, &packet[end..]].concat())
}

/// Adds `growth` to every offset in the cross-reference table that lies at or behind `from`.
fn move_cross_references(pdf: &mut Vec<u8>, from: usize, growth: usize) -> Result<(), RenderError> {
    let keyword = rfind(pdf, b"startxref").ok_or(fault("no startxref"))?;
    let tail: Vec<usize> = String::from_utf8_lossy(&pdf[keyword..])
        .split_ascii_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let [table] = tail[..] else { return Err(fault("startxref is not one number")) };
    let moved = |offset: usize| if offset >= from { offset + growth } else { offset };
    let table = moved(table);
    if !pdf.get(table..).is_some_and(|rest| rest.starts_with(b"xref")) {
        return Err(fault("no classic cross-reference table"));
    }

    // `xref`, then sub-sections: `first count` and `count` entries of 20 bytes.
    let mut at = table + line_length(pdf, table)?;
    while !pdf.get(at..).ok_or(fault("the cross-references are cut"))?.starts_with(b"trailer") {
        let header_length = line_length(pdf, at)?;
        let header = String::from_utf8_lossy(&pdf[at..at + header_length]).into_owned();
        let count = header.split_ascii_whitespace().nth(1).and_then(|count| count.parse::<usize>().ok());
        let count = count.ok_or(fault("a cross-reference section has no count"))?;
        at += header_length;
        for _ in 0..count {
            let entry = pdf.get_mut(at..at + 20).ok_or(fault("the cross-references are cut"))?;
            if entry[17] == b'n' {
                let offset = std::str::from_utf8(&entry[..10]).ok().and_then(|text| text.parse().ok());
                let offset = moved(offset.ok_or(fault("a cross-reference is not a number"))?);
                entry[..10].copy_from_slice(format!("{offset:010}").as_bytes());
            }
            at += 20;
        }
    }
    pdf.truncate(keyword);
    pdf.extend_from_slice(format!("startxref\n{table}\n%%EOF").as_bytes());
    Ok(())
}

fn line_length(pdf: &[u8], at: usize) -> Result<usize, RenderError> {
    let end = pdf.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n'));
    end.map(|end| end + 1).ok_or(fault("the cross-references are cut"))
}

fn find(haystack: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    haystack.get(from..)?.windows(needle.len()).position(|window| window == needle).map(|at| from + at)
}

fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).rposition(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_shape_of_file_is_refused() {
        for odd in [
            &b"%PDF-1.7"[..],
            b"1 0 obj << /Type /Metadata /Length 3 >> stream\nabc\nendstream endobj",
            b"1 0 obj << /Type /Metadata /Length 9999999 >> stream\nabc\nendstream endobj",
            b"1 0 obj << /Type /Metadata /Length 3 /Filter /FlateDecode >> stream\nabc\nendstream endobj",
        ] {
            assert!(matches!(declare_facturx(odd), Err(RenderError::Metadata(_))));
        }
    }
}
