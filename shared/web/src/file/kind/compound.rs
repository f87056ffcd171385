//! Office documents of before 2007: a file system in a file ([MS-CFB]), and what its directory says. Programs (MSI) and locked
//! documents are such files too, and are refused as those with macros are. Pure.

use super::{COMPOUND, FileType};

const HEADER_BYTES: usize = 512;
const ENTRY_BYTES: usize = 128;
/// How many sectors a chain has at most: a file of 25 MB has fewer.
const CHAIN_MAX: usize = 60_000;
/// How many sectors of the table stand in the header.
const IN_HEADER: usize = 109;
/// What the directory of something else than a document has.
const REFUSED: [&str; 5] = ["Macros", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "EncryptedPackage"];
const WORD: [&str; 1] = ["WordDocument"];
const EXCEL: [&str; 2] = ["Workbook", "Book"];

/// Higher numbers mean that a chain ends, or that nothing is there.
const SECTOR_MAX: u32 = 0xffff_fffa;

pub fn office(bytes: &[u8]) -> Option<FileType> {
    let names = File::read(bytes)?.names()?;
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(name));
    if has(&REFUSED) {
        return None;
    }
    match (has(&WORD), has(&EXCEL)) {
        (true, false) => Some(FileType::Doc),
        (false, true) => Some(FileType::Xls),
        _ => None,
    }
}

struct File<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
    /// Where the sectors of the table of chains are.
    table: Vec<u32>,
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        bytes.starts_with(COMPOUND).then_some(())?;
        let sector_bytes = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4_096,
            _ => return None,
        };
        let mut file = Self { bytes, sector_bytes, table: Vec::new() };
        for at in 0..IN_HEADER {
            file.table.push(u32_at(bytes, 76 + 4 * at)?);
        }
        let mut further = u32_at(bytes, 68)?;
        let per_sector = sector_bytes / 4 - 1;
        for _ in 0..CHAIN_MAX {
            if further >= SECTOR_MAX || file.table.len() > CHAIN_MAX {
                break;
            }
            let sector = file.sector(further)?;
            for at in 0..per_sector {
                file.table.push(u32_at(sector, 4 * at)?);
            }
            further = u32_at(sector, 4 * per_sector)?;
        }
        file.table.retain(|sector| *sector < SECTOR_MAX);
        Some(file)
    }

    /// The first one stands behind the header, which is padded to a sector.
    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let begin = usize::try_from(number).ok()?.checked_add(1)?.checked_mul(self.sector_bytes)?;
        self.bytes.get(begin.max(HEADER_BYTES)..begin.checked_add(self.sector_bytes)?)
    }

    fn next(&self, number: u32) -> Option<u32> {
        let per_sector = self.sector_bytes / 4;
        let number = usize::try_from(number).ok()?;
        let sector = self.sector(*self.table.get(number / per_sector)?)?;
        u32_at(sector, 4 * (number % per_sector))
    }

    /// What stands in the directory, wherever in it, of the names that say what a file is: each once, however long the
    /// directory is. None where its chain has more sectors than the file: it turns in a circle.
    fn names(&self) -> Option<Vec<&'static str>> {
        let mut names = Vec::new();
        let mut number = u32_at(self.bytes, 48)?;
        for _ in 0..=self.bytes.len() / self.sector_bytes {
            if number >= SECTOR_MAX {
                return Some(names);
            }
            for entry in self.sector(number)?.chunks_exact(ENTRY_BYTES) {
                // Bytes, the zero at the end included.
                let length = usize::from(u16_at(entry, 64)?).min(64).saturating_sub(2);
                let units = || entry[..length].chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]]));
                let known = REFUSED.into_iter().chain(WORD).chain(EXCEL).find(|name| name.encode_utf16().eq(units()));
                names.extend(known.filter(|name| !names.contains(name)));
            }
            number = self.next(number)?;
        }
        None
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A header, the table in sector 0, the directory from sector 1 on.
    pub fn compound(names: &[&str]) -> Vec<u8> {
        let end = 0xffff_fffe_u32.to_le_bytes();
        let mut header = [COMPOUND, &[0; 16], &[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0], &[0; 10]].concat();
        header.extend(1_u32.to_le_bytes());
        header.extend(1_u32.to_le_bytes());
        header.resize(68, 0);
        header.extend(end);
        header.extend(0_u32.to_le_bytes());
        header.extend(0_u32.to_le_bytes());
        header.resize(HEADER_BYTES, 0xff);
        let sectors = names.len().div_ceil(4).max(1);
        let mut table = 0xffff_fffd_u32.to_le_bytes().to_vec();
        for sector in 1..=sectors {
            table.extend(if sector == sectors { end } else { (sector as u32 + 1).to_le_bytes() });
        }
        table.resize(512, 0xff);
        let mut directory = Vec::new();
        for name in names {
            let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            entry.resize(64, 0);
            entry.extend((2 * name.encode_utf16().count() as u16 + 2).to_le_bytes());
            entry.resize(ENTRY_BYTES, 0);
            directory.extend(entry);
        }
        directory.resize(512 * sectors, 0);
        [header, table, directory].concat()
    }

    #[test]
    fn the_directory_says_which_document_it_is() {
        assert_eq!(office(&compound(&["Root Entry", "1Table", "WordDocument"])), Some(FileType::Doc));
        let far = ["Root Entry", "a", "b", "c", "d", "e", "f", "g", "Workbook"];
        assert_eq!(office(&compound(&far)), Some(FileType::Xls));
    }

    #[test]
    fn programs_locked_documents_and_macros_are_refused() {
        for names in [
            &["Root Entry", "Property", "File"][..],
            &["Root Entry", "EncryptedPackage", "EncryptionInfo"],
            &["Root Entry", "WordDocument", "Macros", "VBA"],
            &["Root Entry", "Workbook", "_VBA_PROJECT_CUR"],
            &["Root Entry", "Workbook", "WordDocument"],
        ] {
            assert_eq!(office(&compound(names)), None, "{names:?}");
        }
    }

    #[test]
    fn a_chain_that_turns_in_a_circle_ends() {
        let mut file = compound(&["Root Entry", "WordDocument"]);
        file[HEADER_BYTES + 4..HEADER_BYTES + 8].copy_from_slice(&1_u32.to_le_bytes());
        assert_eq!(office(&file), None);
    }

    #[test]
    fn of_a_long_directory_each_name_is_kept_once() {
        let file = compound(&["WordDocument"; 400]);
        let names = File::read(&file).and_then(|file| file.names());
        assert_eq!(names.as_deref(), Some(&["WordDocument"][..]));
    }
}
