//! Office documents that are archives: what their entries say. Nothing is unpacked, but whoever opens the file would: one that
//! unpacks to far more than it is, whose entries share their bytes, or that is locked, is refused. Pure.
//!
//! The structure is that of APPNOTE.TXT 4.3; the names are those of ECMA-376 (part 2, 10) and ODF 1.3 (part 2, 3.3).

use super::{FileType, ZIP};

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const COMMENT_MAX: usize = u16::MAX as usize;
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_BYTES: usize = 46;
const LOCAL_BYTES: usize = 30;
const ENTRIES_MAX: u16 = 10_000;
/// What all of it unpacks to at most, and how many times its packed bytes beside [`ANYHOW_BYTES`].
const UNPACKED_MAX: u64 = 400 * 1024 * 1024;
const RATIO_MAX: u64 = 100;
const ANYHOW_BYTES: u64 = 10 * 1024 * 1024;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

struct Entry<'a> {
    name: &'a [u8],
    method: u16,
    packed: u64,
}

pub fn office(bytes: &[u8]) -> Option<FileType> {
    let entries = directory(bytes)?;
    let has = |name: &[u8]| entries.iter().any(|entry| entry.name == name);
    let any = |is: fn(&[u8]) -> bool| entries.iter().any(|entry| is(entry.name));
    if any(is_macro) {
        return None;
    }
    if has(b"[Content_Types].xml") {
        let is_text = any(|name| name.starts_with(b"word/document") && name.ends_with(b".xml"));
        return match (is_text, has(b"xl/workbook.xml")) {
            (true, false) => Some(FileType::Docx),
            (false, true) => Some(FileType::Xlsx),
            _ => None,
        };
    }
    let first = entries.iter().find(|entry| entry.name == b"mimetype" && entry.method == STORED)?;
    if !has(b"content.xml") || bytes.get(LOCAL_BYTES..LOCAL_BYTES + first.name.len()) != Some(first.name) {
        return None;
    }
    let begin = LOCAL_BYTES + first.name.len() + usize::from(u16_at(bytes, 28)?);
    let told = bytes.get(begin..begin.checked_add(usize::try_from(first.packed).ok()?)?)?;
    [FileType::Odt, FileType::Ods].into_iter().find(|kind| kind.media_type().as_bytes() == told)
}

fn is_macro(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(b"vbaproject.bin") || name.starts_with(b"basic/") || name.starts_with(b"scripts/")
}

/// None where it is no archive that an office program would have written.
fn directory(bytes: &[u8]) -> Option<Vec<Entry<'_>>> {
    let end = end(bytes)?;
    let count = u16_at(bytes, end + 10)?;
    let (size, begin) = (u32_at(bytes, end + 12)?, u32_at(bytes, end + 16)?);
    if count > ENTRIES_MAX || u16_at(bytes, end + 8)? != count || begin.checked_add(size)? != end {
        return None;
    }
    let mut entries = Vec::with_capacity(usize::from(count));
    let (mut at, mut packed, mut unpacked) = (begin, 0_u64, 0_u64);
    for _ in 0..count {
        if bytes.get(at..at + 4)? != ENTRY {
            return None;
        }
        let (flags, method) = (u16_at(bytes, at + 8)?, u16_at(bytes, at + 10)?);
        let is_locked = flags & 1 != 0;
        let local = u32_at(bytes, at + 42)?;
        if is_locked || !matches!(method, STORED | DEFLATED) || local.checked_add(LOCAL_BYTES)? > begin {
            return None;
        }
        if bytes.get(local..local + 4)? != ZIP {
            return None;
        }
        let own = u32_at(bytes, at + 20)? as u64;
        packed += own;
        unpacked += u32_at(bytes, at + 24)? as u64;
        let lengths = [28, 30, 32].map(|field| u16_at(bytes, at + field).map(usize::from));
        let [Some(name), Some(extra), Some(comment)] = lengths else { return None };
        entries.push(Entry { name: bytes.get(at + ENTRY_BYTES..at + ENTRY_BYTES + name)?, method, packed: own });
        at += ENTRY_BYTES + name + extra + comment;
    }
    let is_sound = at == end
        && packed <= begin as u64
        && unpacked <= UNPACKED_MAX
        && unpacked <= packed.saturating_mul(RATIO_MAX).saturating_add(ANYHOW_BYTES);
    is_sound.then_some(entries)
}

/// Where the last record is, which ends the file.
fn end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_BYTES)?;
    let first = last.saturating_sub(COMMENT_MAX);
    (first..=last).rev().find(|at| {
        let comment = u16_at(bytes, at + 20).map(usize::from);
        bytes.get(*at..at + 4) == Some(END) && comment == Some(bytes.len() - at - END_BYTES)
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?)).ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Entries as they are, not packed.
    pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let claimed: Vec<_> = entries.iter().map(|(name, content)| (*name, *content, content.len() as u32)).collect();
        claiming(&claimed)
    }

    /// The same, each claiming to unpack to so much.
    pub fn claiming(entries: &[(&str, &[u8], u32)]) -> Vec<u8> {
        let (mut bytes, mut directory) = (Vec::new(), Vec::new());
        for (name, content, unpacked) in entries {
            let local = bytes.len() as u32;
            let packed = content.len() as u32;
            let sizes = [&0_u32.to_le_bytes()[..], &packed.to_le_bytes(), &unpacked.to_le_bytes()].concat();
            let lengths = [&(name.len() as u16).to_le_bytes()[..], &[0, 0]].concat();
            bytes.extend([ZIP, &[20, 0, 0, 0, 0, 0, 0, 0, 0, 0], &sizes, &lengths, name.as_bytes(), content].concat());
            let entry =
                [ENTRY, &[20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0], &sizes, &lengths, &[0; 10], &local.to_le_bytes()];
            directory.extend([&entry.concat(), name.as_bytes()].concat());
        }
        let (begin, size, count) = (bytes.len() as u32, directory.len() as u32, (entries.len() as u16).to_le_bytes());
        bytes.extend(directory);
        bytes.extend([END, &[0; 4], &count, &count, &size.to_le_bytes(), &begin.to_le_bytes(), &[0, 0]].concat());
        bytes
    }

    const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");

    #[test]
    fn entries_say_which_document_it_is() {
        let text = archive(&[TYPES, ("word/document.xml", b"<w/>")]);
        assert_eq!(office(&text), Some(FileType::Docx));
        assert_eq!(office(&archive(&[TYPES, ("xl/workbook.xml", b"<x/>")])), Some(FileType::Xlsx));
        for kind in [FileType::Odt, FileType::Ods] {
            let mimetype = kind.media_type().as_bytes();
            assert_eq!(office(&archive(&[("mimetype", mimetype), ("content.xml", b"<o/>")])), Some(kind));
        }
    }

    #[test]
    fn another_archive_is_none_of_them() {
        for entries in [
            &[("a.txt", &b"x"[..])][..],
            &[TYPES, ("ppt/presentation.xml", b"x")],
            &[TYPES, ("word/document.xml", b"x"), ("xl/workbook.xml", b"x")],
            &[("mimetype", b"application/epub+zip"), ("content.xml", b"x")],
            &[("content.xml", b"x"), ("mimetype", b"application/vnd.oasis.opendocument.text")],
            &[("word/document.xml", b"x"), ("42.zip", b"x")],
            &[TYPES, ("word/document.xml", b"x"), ("word/vbaProject.bin", b"x")],
            &[],
        ] {
            assert_eq!(office(&archive(entries)), None, "{entries:?}");
        }
    }

    #[test]
    fn a_bomb_called_a_document_is_refused() {
        let zeros = [0; 2_000];
        let bomb = claiming(&[("[Content_Types].xml", b"x", 1), ("word/document.xml", &zeros, 300 * 1024 * 1024)]);
        assert_eq!(office(&bomb), None);
        // Many entries of the same bytes: more is packed than there is.
        let mut shared = archive(&[TYPES, ("word/document.xml", b"0123456789")]);
        let at = shared.len() - END_BYTES - "word/document.xml".len() - ENTRY_BYTES;
        shared[at + 20..at + 24].copy_from_slice(&5_000_u32.to_le_bytes());
        assert_eq!(office(&shared), None);
        let honest = claiming(&[("[Content_Types].xml", b"x", 1), ("word/document.xml", &zeros, 100_000)]);
        assert_eq!(office(&honest), Some(FileType::Docx));
    }

    #[test]
    fn what_stands_before_or_behind_an_archive_makes_it_none() {
        let text = archive(&[TYPES, ("word/document.xml", b"<w/>")]);
        assert_eq!(office(&[b"<html>".to_vec(), text.clone()].concat()), None);
        assert_eq!(office(&[text, b"<html>".to_vec()].concat()), None);
    }
}
