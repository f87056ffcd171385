//! XML of a stranger: decoded, looked through for what no invoice needs, then parsed within limits.

use kernel::einvoice::Fault;
use roxmltree::{Document, Node, ParsingOptions};

use crate::XML_MEGABYTES_MAX;

/// An invoice is nested less than half as deep.
const DEPTH_MAX: usize = 40;
const NODES_MAX: u32 = 300_000;

/// UTF-8, or UTF-16 with its mark. Whatever else an XML declares is refused: a stranger's word on an encoding is how a
/// check is passed by.
pub fn decoded(bytes: &[u8]) -> Result<String, Fault> {
    if bytes.len() as u64 > XML_MEGABYTES_MAX * 1024 * 1024 {
        return Err(Fault::TooLarge { max_mb: XML_MEGABYTES_MAX });
    }
    let utf16 = |encoding: &'static encoding_rs::Encoding| {
        encoding
            .decode_without_bom_handling_and_without_replacement(&bytes[2..])
            .map(|text| text.into_owned())
            .ok_or(Fault::NotXml)
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => utf16(encoding_rs::UTF_16LE)?,
        [0xfe, 0xff, ..] => utf16(encoding_rs::UTF_16BE)?,
        _ => {
            let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let text = std::str::from_utf8(body);
            // What does not begin like XML is no XML at all.
            if !body.trim_ascii_start().starts_with(b"<") {
                return Err(Fault::NotRecognised);
            }
            text.map_err(|_| Fault::NotXml)?.to_owned()
        }
    };
    if !text.trim_start().starts_with('<') {
        return Err(Fault::NotRecognised);
    }
    Ok(text)
}

pub fn parsed(text: &str) -> Result<Document<'_>, Fault> {
    look_through(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    Document::parse_with_options(text.trim_start(), options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => Fault::TooManyNodes,
        roxmltree::Error::DtdDetected => Fault::HasDtd,
        _ => Fault::NotXml,
    })
}

/// Before anything is built of it: no declaration of types, and no deeper than an invoice is. Reads the text once.
fn look_through(text: &str) -> Result<(), Fault> {
    let bytes = text.as_bytes();
    let find = |from: usize, wanted: &[u8]| {
        let rest = bytes.get(from..)?;
        rest.windows(wanted.len()).position(|window| window == wanted).map(|at| from + at + wanted.len())
    };
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(open) = bytes[at..].iter().position(|byte| *byte == b'<').map(|found| at + found) {
        let rest = &bytes[open..];
        at = if rest.starts_with(b"<!--") {
            find(open + 4, b"-->").ok_or(Fault::NotXml)?
        } else if rest.starts_with(b"<![CDATA[") {
            find(open + 9, b"]]>").ok_or(Fault::NotXml)?
        } else if rest.starts_with(b"<?") {
            find(open + 2, b"?>").ok_or(Fault::NotXml)?
        } else if rest.starts_with(b"<!") {
            return Err(Fault::HasDtd);
        } else {
            let close = tag_end(bytes, open).ok_or(Fault::NotXml)?;
            if rest.starts_with(b"</") {
                depth = depth.saturating_sub(1);
            } else if bytes[close - 1] != b'/' {
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(Fault::TooDeep { max: DEPTH_MAX });
                }
            }
            close + 1
        };
    }
    Ok(())
}

/// Where a tag ends: `>` within quotation marks is none.
fn tag_end(bytes: &[u8], open: usize) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().skip(open + 1) {
        match (quote, byte) {
            (Some(mark), byte) if mark == *byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'>') => return Some(at),
            _ => {}
        }
    }
    None
}

pub fn children<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

pub fn child<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

pub fn down<'a, 'i>(node: Node<'a, 'i>, path: &[&'static str]) -> Option<Node<'a, 'i>> {
    path.iter().try_fold(node, |node, name| child(node, name))
}

/// The text of an element, without the spaces around it; none where it is empty.
pub fn content(node: Node<'_, '_>) -> Option<String> {
    let text: String = node.children().filter_map(|child| child.text()).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

pub fn at(node: Node<'_, '_>, path: &[&'static str]) -> Option<String> {
    content(down(node, path)?)
}

/// An identifier with its scheme.
pub fn identifier(node: Node<'_, '_>) -> Option<(String, String)> {
    Some((node.attribute("schemeID").unwrap_or_default().to_owned(), content(node)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hostile_is_refused_before_anything_is_built_of_it() {
        let laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>";
        let external = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>";
        for text in [laughs, external] {
            assert_eq!(parsed(text).err(), Some(Fault::HasDtd), "{text}");
        }
        let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        assert_eq!(parsed(&deep).err(), Some(Fault::TooDeep { max: DEPTH_MAX }));
        let wide = format!("<a>{}</a>", "<b/>".repeat(300_001));
        assert_eq!(parsed(&wide).err(), Some(Fault::TooManyNodes));
        for text in ["<a>&unknown;</a>", "<a><b></a>", "<a", "<!-- <a>", "<a b=\"<\">", ""] {
            assert!(parsed(text).is_err(), "{text}");
        }
        // Neither is what only looks like it.
        assert!(parsed("<a b='>'><!-- <!DOCTYPE --><![CDATA[<!DOCTYPE <a><a>]]></a>").is_ok());
    }

    #[test]
    fn it_is_utf_8_or_marked_utf_16_and_nothing_else() {
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("<é/>".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decoded(&utf16).as_deref(), Ok("<é/>"));
        assert_eq!(decoded(b"\xef\xbb\xbf<a/>").as_deref(), Ok("<a/>"));
        assert_eq!(decoded(b"<a>Soci\xe9t\xe9</a>"), Err(Fault::NotXml));
        assert_eq!(decoded(b"\xff\xfe<"), Err(Fault::NotXml));
        assert_eq!(decoded(b"PK\x03\x04"), Err(Fault::NotRecognised));
        assert_eq!(decoded(b""), Err(Fault::NotRecognised));
        assert!(matches!(decoded(&vec![b'<'; 9 * 1024 * 1024]), Err(Fault::TooLarge { .. })));
    }
}
