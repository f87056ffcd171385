//! The invoice within a PDF: one embedded file, found without laying anything out. ISO 32000-2, as far as that takes.
//!
//! Objects are looked for from the beginning of the file to its end, whatever its table says, so a broken or lying table
//! leads nowhere; of two of one number the later counts, as after an incremental update. There is a limit on how many there
//! are, how deep they nest, and on what all of it unpacks to together.

use std::{collections::BTreeMap, io::Read};

use flate2::read::ZlibDecoder;
use kernel::einvoice::Fault;

use crate::XML_MEGABYTES_MAX;

const OBJECTS_MAX: usize = 200_000;
const DEPTH_MAX: usize = 30;
/// Of one array or dictionary.
const ENTRIES_MAX: usize = 100_000;
/// What all streams that are looked into unpack to together.
const UNPACKED_MAX: u64 = 64 * 1024 * 1024;
const FILTERS_MAX: usize = 2;
/// How many times over a file is read before it is believed to have no end.
const READ_TIMES_MAX: usize = 8;
/// How many references are followed one after the other.
const HOPS_MAX: usize = 8;

/// How the files are called that are invoices: Factur-X 1.0, ZUGFeRD 2, and those before; XRechnung in a PDF.
const NAMES: [&str; 4] = ["factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "facturx.xml"];

pub fn is_pdf(bytes: &[u8]) -> bool {
    // Some programs put something before it.
    let head = &bytes[..bytes.len().min(1_024)];
    find(head, 0, b"%PDF-").is_some()
}

/// The bytes of the embedded invoice.
pub fn embedded_invoice(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut file = File::read(bytes)?;
    if file.is_encrypted {
        return Err(Fault::PdfEncrypted);
    }
    file.unpack_objects()?;
    let wanted = file.objects.values().find_map(|object| file.named_invoice(&object.value));
    let number = wanted.ok_or(Fault::NothingEmbedded)?;
    let max = XML_MEGABYTES_MAX * 1024 * 1024;
    file.stream(number, max)?.ok_or(Fault::PdfUnreadable)
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    /// A number, a truth, nothing: whatever is of no interest.
    Other,
    Whole(i64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    List(Vec<Value>),
    Dictionary(BTreeMap<Vec<u8>, Value>),
    Reference(u32),
}

impl Value {
    fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Dictionary(entries) => entries.get(key.as_bytes()),
            _ => None,
        }
    }

    fn is_name(&self, name: &str) -> bool {
        matches!(self, Self::Name(own) if own == name.as_bytes())
    }
}

struct Object {
    value: Value,
    /// Where its bytes lie in the file.
    stream: Option<(usize, usize)>,
}

struct File<'a> {
    bytes: &'a [u8],
    objects: BTreeMap<u32, Object>,
    is_encrypted: bool,
    unpacked: u64,
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let first = *wanted.first()?;
    let mut at = 0;
    while let Some(found) = rest.get(at..)?.iter().position(|byte| *byte == first) {
        at += found;
        if rest[at..].starts_with(wanted) {
            return Some(from + at);
        }
        at += 1;
    }
    None
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut file = Self { bytes, objects: BTreeMap::new(), is_encrypted: false, unpacked: 0 };
        let (mut at, mut seen, mut spent) = (0, 0, 0_usize);
        while let Some(word) = find(bytes, at, b"obj") {
            let Some(number) = number_before(bytes, word) else {
                at = word + 3;
                continue;
            };
            seen += 1;
            if seen > OBJECTS_MAX {
                return Err(Fault::PdfUnreadable);
            }
            let mut parser = Parser { bytes, at: word + 3 };
            let read = parser.value(0);
            // What begins again and again and never ends.
            spent += parser.at - word;
            if spent > READ_TIMES_MAX * bytes.len() {
                return Err(Fault::PdfUnreadable);
            }
            // What cannot be read is passed over: it may be no object at all.
            let Some(value) = read else {
                at = word + 3;
                continue;
            };
            let (stream, end) = stream_after(bytes, &parser, &value);
            at = end.max(word + 3);
            file.is_encrypted |=
                value.get("Type").is_some_and(|kind| kind.is_name("XRef")) && value.get("Encrypt").is_some();
            file.objects.insert(number, Object { value, stream });
        }
        let mut at = 0;
        while let Some(trailer) = find(bytes, at, b"trailer") {
            let mut parser = Parser { bytes, at: trailer + 7 };
            file.is_encrypted |= parser.value(0).is_some_and(|value| value.get("Encrypt").is_some());
            at = trailer + 7;
        }
        if file.objects.is_empty() { Err(Fault::PdfUnreadable) } else { Ok(file) }
    }

    /// Objects that lie in streams of objects (7.5.7). What stands in the file itself counts more.
    fn unpack_objects(&mut self) -> Result<(), Fault> {
        let streams: Vec<u32> = self
            .objects
            .iter()
            .filter(|(_, object)| object.value.get("Type").is_some_and(|kind| kind.is_name("ObjStm")))
            .map(|(number, _)| *number)
            .collect();
        for number in streams {
            let whole = |key: &str| match self.objects.get(&number).and_then(|object| object.value.get(key)) {
                Some(Value::Whole(whole)) => usize::try_from(*whole).ok(),
                _ => None,
            };
            let (Some(count), Some(first)) = (whole("N"), whole("First")) else { continue };
            let left = UNPACKED_MAX.saturating_sub(self.unpacked);
            let Some(content) = self.stream(number, left)? else { continue };
            let mut places = Parser { bytes: &content, at: 0 };
            let mut spent = 0;
            for _ in 0..count.min(OBJECTS_MAX) {
                let (Some(own), Some(offset)) = (places.whole(), places.whole()) else { break };
                let (Ok(own), Ok(offset)) = (u32::try_from(own), usize::try_from(offset)) else { break };
                let Some(at) = first.checked_add(offset).filter(|at| *at < content.len()) else { break };
                if self.objects.len() > OBJECTS_MAX {
                    return Err(Fault::PdfUnreadable);
                }
                let mut parser = Parser { bytes: &content, at };
                let read = parser.value(0);
                spent += parser.at - at;
                if spent > READ_TIMES_MAX * content.len() {
                    return Err(Fault::PdfUnreadable);
                }
                if let Some(value) = read {
                    self.objects.entry(own).or_insert(Object { value, stream: None });
                }
            }
        }
        Ok(())
    }

    fn followed<'v>(&'v self, value: &'v Value) -> Option<&'v Value> {
        let mut value = value;
        for _ in 0..HOPS_MAX {
            match value {
                Value::Reference(number) => value = &self.objects.get(number)?.value,
                other => return Some(other),
            }
        }
        None
    }

    /// The number of the stream that a file specification names, where it is an invoice (7.11.3).
    fn named_invoice(&self, value: &Value) -> Option<u32> {
        let embedded = self.followed(value.get("EF")?)?;
        let called = ["UF", "F"].iter().filter_map(|key| match self.followed(value.get(key)?)? {
            Value::Text(text) => Some(file_name(text)),
            _ => None,
        });
        if !called.into_iter().any(|name| NAMES.contains(&name.as_str())) {
            return None;
        }
        let stream = ["F", "UF"].iter().find_map(|key| embedded.get(key))?;
        match stream {
            Value::Reference(number) => Some(*number),
            _ => None,
        }
    }

    /// What a stream unpacks to, `max` bytes at most; none where it has no bytes or is packed in a way that no invoice is.
    fn stream(&mut self, number: u32, max: u64) -> Result<Option<Vec<u8>>, Fault> {
        let Some(object) = self.objects.get(&number) else { return Ok(None) };
        let Some((from, to)) = object.stream else { return Ok(None) };
        let filters = match object.value.get("Filter").and_then(|filter| self.followed(filter)) {
            None => Vec::new(),
            Some(Value::List(filters)) => filters.iter().filter_map(|filter| self.followed(filter)).cloned().collect(),
            Some(filter) => vec![filter.clone()],
        };
        if filters.len() > FILTERS_MAX {
            return Err(Fault::PdfUnreadable);
        }
        let is_flat = |filter: &Value| filter.is_name("FlateDecode") || filter.is_name("Fl");
        if !filters.iter().all(is_flat) || has_predictor(&object.value) {
            return Ok(None);
        }
        let mut content = self.bytes.get(from..to).unwrap_or_default().to_vec();
        for _ in &filters {
            content = inflated(&content, max)?;
        }
        self.unpacked += content.len() as u64;
        if content.len() as u64 > max || self.unpacked > UNPACKED_MAX {
            return Err(too_large());
        }
        Ok(Some(content))
    }
}

const fn too_large() -> Fault {
    Fault::TooLarge { max_mb: XML_MEGABYTES_MAX }
}

fn has_predictor(value: &Value) -> bool {
    let one = |parms: &Value| matches!(parms.get("Predictor"), Some(Value::Whole(2..)));
    match value.get("DecodeParms") {
        Some(Value::List(all)) => all.iter().any(one),
        Some(parms) => one(parms),
        None => false,
    }
}

/// Stops as soon as there is more than is wanted.
fn inflated(packed: &[u8], max: u64) -> Result<Vec<u8>, Fault> {
    let mut content = Vec::new();
    let read = ZlibDecoder::new(packed).take(max + 1).read_to_end(&mut content);
    if content.len() as u64 > max {
        return Err(too_large());
    }
    // A checksum that is missing at the end is forgiven, as readers do.
    match read {
        Ok(_) => Ok(content),
        Err(_) if !content.is_empty() => Ok(content),
        Err(_) => Err(Fault::PdfUnreadable),
    }
}

/// As people see it: the last part, lower-case. UTF-16 with its mark, or a byte a character.
fn file_name(text: &[u8]) -> String {
    let name: String = match text {
        [0xfe, 0xff, rest @ ..] => {
            let units = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
        }
        text => text.iter().map(|byte| char::from(*byte)).collect(),
    };
    name.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase()
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// Of `12 0 obj`, whose last word stands at `at`, the first.
fn number_before(bytes: &[u8], at: usize) -> Option<u32> {
    let back = |mut end: usize| {
        while end > 0 && is_space(bytes[end - 1]) {
            end -= 1;
        }
        let mut start = end;
        while start > 0 && bytes[start - 1].is_ascii_digit() && end - start < 10 {
            start -= 1;
        }
        (start < end).then_some((start, end))
    };
    let (generation, end) = back(at)?;
    // `endobj` and words that end with it are none.
    if end == at || generation == 0 || !is_space(bytes[generation - 1]) {
        return None;
    }
    let (start, end) = back(generation)?;
    std::str::from_utf8(&bytes[start..end]).ok()?.parse().ok()
}

/// Where the bytes of a stream lie that follows a dictionary, and where to go on.
fn stream_after(bytes: &[u8], parser: &Parser<'_>, value: &Value) -> (Option<(usize, usize)>, usize) {
    let mut after = Parser { bytes, at: parser.at };
    after.skip();
    if !matches!(value, Value::Dictionary(_)) || !bytes[after.at..].starts_with(b"stream") {
        return (None, parser.at);
    }
    let mut from = after.at + 6;
    if bytes.get(from) == Some(&b'\r') {
        from += 1;
    }
    if bytes.get(from) == Some(&b'\n') {
        from += 1;
    }
    let told = match value.get("Length") {
        Some(Value::Whole(length)) => usize::try_from(*length).ok().and_then(|length| from.checked_add(length)),
        _ => None,
    };
    let ends_there = |to: usize| {
        let tail = bytes.get(to..).unwrap_or_default();
        let spaces = tail.iter().take_while(|byte| is_space(**byte)).count();
        tail[spaces..].starts_with(b"endstream")
    };
    match told.filter(|to| *to <= bytes.len() && ends_there(*to)) {
        Some(to) => (Some((from, to)), to),
        // A length that is told elsewhere, or a lie.
        None => match find(bytes, from, b"endstream") {
            Some(to) => (Some((from, to)), to),
            None => (None, bytes.len()),
        },
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Spaces and comments.
    fn skip(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn word(&mut self) -> &[u8] {
        let start = self.at;
        while self.peek().is_some_and(|byte| !is_space(byte) && !is_delimiter(byte)) {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    fn whole(&mut self) -> Option<i64> {
        self.skip();
        std::str::from_utf8(self.word()).ok()?.parse().ok()
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEPTH_MAX {
            return None;
        }
        self.skip();
        match self.peek()? {
            b'/' => self.name().map(Value::Name),
            b'(' => self.literal().map(Value::Text),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.dictionary(depth),
            b'<' => self.hexadecimal().map(Value::Text),
            b'[' => self.list(depth),
            b')' | b'>' | b']' | b'{' | b'}' => None,
            _ => self.number_or_reference(),
        }
    }

    fn number_or_reference(&mut self) -> Option<Value> {
        let word = self.word();
        if word.is_empty() {
            return None;
        }
        let Some(whole) = std::str::from_utf8(word).ok().and_then(|word| word.parse::<i64>().ok()) else {
            return Some(Value::Other);
        };
        let after = self.at;
        let Ok(number) = u32::try_from(whole) else { return Some(Value::Whole(whole)) };
        // `12 0 R`
        if self.whole().is_some_and(|generation| (0..=65_535).contains(&generation)) {
            self.skip();
            if self.word() == b"R" {
                return Some(Value::Reference(number));
            }
        }
        self.at = after;
        Some(Value::Whole(whole))
    }

    fn name(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let word = self.word();
        let mut name = Vec::with_capacity(word.len());
        let mut at = 0;
        while let Some(byte) = word.get(at) {
            let escaped = (*byte == b'#')
                .then(|| std::str::from_utf8(word.get(at + 1..at + 3)?).ok())
                .flatten()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            name.push(escaped.unwrap_or(*byte));
            at += if escaped.is_some() { 3 } else { 1 };
        }
        Some(name)
    }

    fn literal(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let (mut text, mut open) = (Vec::new(), 1_usize);
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Some(text);
                    }
                }
                b'\\' => {
                    let escaped = self.peek()?;
                    self.at += 1;
                    match escaped {
                        b'n' => text.push(b'\n'),
                        b'r' => text.push(b'\r'),
                        b't' => text.push(b'\t'),
                        b'0'..=b'7' => {
                            let mut code = u32::from(escaped - b'0');
                            for _ in 0..2 {
                                match self.peek() {
                                    Some(digit @ b'0'..=b'7') => {
                                        code = code * 8 + u32::from(digit - b'0');
                                        self.at += 1;
                                    }
                                    _ => break,
                                }
                            }
                            text.push((code & 0xff) as u8);
                        }
                        b'\r' | b'\n' => {}
                        other => text.push(other),
                    }
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
    }

    fn hexadecimal(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let mut digits = Vec::new();
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'>' => break,
                byte if byte.is_ascii_hexdigit() => digits.push(byte),
                byte if is_space(byte) => {}
                _ => return None,
            }
        }
        if digits.len() % 2 == 1 {
            digits.push(b'0');
        }
        let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        digits.chunks_exact(2).map(pair).collect()
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut values = Vec::new();
        loop {
            self.skip();
            if self.peek()? == b']' {
                self.at += 1;
                return Some(Value::List(values));
            }
            values.push(self.value(depth + 1)?);
            if values.len() > ENTRIES_MAX {
                return None;
            }
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Value> {
        self.at += 2;
        let mut entries = BTreeMap::new();
        loop {
            self.skip();
            match self.peek()? {
                b'>' if self.bytes.get(self.at + 1) == Some(&b'>') => {
                    self.at += 2;
                    return Some(Value::Dictionary(entries));
                }
                b'/' => {
                    let key = self.name()?;
                    entries.insert(key, self.value(depth + 1)?);
                    if entries.len() > ENTRIES_MAX {
                        return None;
                    }
                }
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::ZlibEncoder};

    use super::*;

    fn packed(content: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn stream(number: u32, entries: &str, content: &[u8]) -> Vec<u8> {
        let head = format!("{number} 0 obj\n<< {entries} /Length {} >>\nstream\n", content.len());
        [head.as_bytes(), content, b"\nendstream\nendobj\n"].concat()
    }

    const SPEC: &str = "1 0 obj << /Type /Filespec /F (factur-x.xml) /EF << /F 2 0 R >> >> endobj\n";

    fn pdf(parts: &[Vec<u8>]) -> Vec<u8> {
        [b"%PDF-1.7\n".to_vec(), parts.concat(), b"trailer << /Root 9 0 R >>\n%%EOF".to_vec()].concat()
    }

    #[test]
    fn the_embedded_file_is_found_however_it_is_written() {
        let plain = stream(2, "/Type /EmbeddedFile", b"<a/>");
        let flat = stream(2, "/Filter [/Fl#61teDecode]", &packed(b"<a/>"));
        let indirect =
            [b"2 0 obj << /Length 7 0 R >> stream\r\n<a/>".to_vec(), b"\r\nendstream endobj".to_vec()].concat();
        for content in [plain.clone(), flat, indirect] {
            let found = embedded_invoice(&pdf(&[SPEC.into(), content.clone()])).unwrap();
            assert_eq!(found.trim_ascii_end(), b"<a/>");
            assert!(embedded_invoice(&pdf(&[content])).is_err());
        }
        // UTF-16 and hexadecimal, and in a stream of objects.
        let name = "FEFF0066006100630074007500720 02D0078002E0078006D006C";
        let spec = format!("<< /UF <{name}> /EF 5 0 R >> << /F 2 0 R >>");
        let second = spec.rfind("<<").unwrap();
        let places = format!("1 0 5 {second} ");
        let objects = format!("{places}{spec}");
        let entries = format!("/Type /ObjStm /N 2 /First {} /Filter /FlateDecode", places.len());
        let within = pdf(&[stream(4, &entries, &packed(objects.as_bytes())), plain.clone()]);
        assert_eq!(embedded_invoice(&within).as_deref(), Ok(b"<a/>".as_slice()));
        // After an update, the last one counts.
        let updated = pdf(&[SPEC.into(), plain, stream(2, "", b"<b/>")]);
        assert_eq!(embedded_invoice(&updated).as_deref(), Ok(b"<b/>".as_slice()));
    }

    #[test]
    fn what_is_no_invoice_or_is_hostile_is_refused() {
        let other = "1 0 obj << /F (plan.pdf) /EF << /F 2 0 R >> >> endobj\n";
        let content = stream(2, "", b"<a/>");
        assert_eq!(embedded_invoice(&pdf(&[other.into(), content.clone()])), Err(Fault::NothingEmbedded));
        assert_eq!(embedded_invoice(b"%PDF-1.7"), Err(Fault::PdfUnreadable));
        let locked = [pdf(&[SPEC.into(), content]), b"trailer << /Encrypt 3 0 R >>".to_vec()].concat();
        assert_eq!(embedded_invoice(&locked), Err(Fault::PdfEncrypted));
        let bomb = packed(&vec![b' '; 200 * 1024 * 1024]);
        let bombs = [
            pdf(&[SPEC.into(), stream(2, "/Filter /FlateDecode", &bomb)]),
            pdf(&[SPEC.into(), stream(2, "/Filter [/FlateDecode /FlateDecode]", &packed(&bomb))]),
            pdf(&[stream(4, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &bomb)]),
        ];
        for bomb in bombs {
            assert_eq!(embedded_invoice(&bomb), Err(too_large()));
        }
        let many = stream(2, "/Filter [/FlateDecode /FlateDecode /FlateDecode]", b"x");
        assert_eq!(embedded_invoice(&pdf(&[SPEC.into(), many])), Err(Fault::PdfUnreadable));
        let circle = "1 0 obj << /F (factur-x.xml) /EF 1 0 R >> endobj 3 0 obj 3 0 R endobj\n";
        assert!(embedded_invoice(&pdf(&[circle.into()])).is_err());
        for hostile in ["[".repeat(100_000), "1 0 obj (".repeat(500_000), "1 0 obj << /A ".repeat(100_000)] {
            assert!(embedded_invoice(&pdf(&[format!("1 0 obj {hostile} endobj").into_bytes()])).is_err());
        }
    }

    #[test]
    fn no_piece_of_a_file_breaks_the_reader() {
        let whole = pdf(&[SPEC.into(), stream(2, "/Filter /FlateDecode", &packed(b"<a/>"))]);
        for end in 0..whole.len() {
            let _ = embedded_invoice(&whole[..end]);
        }
        let mut state = 7_u64;
        for _ in 0..3_000 {
            let mut broken = whole.clone();
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = (state >> 20) as usize % broken.len();
            broken[at] = (state >> 50) as u8;
            let _ = embedded_invoice(&broken);
        }
    }
}
