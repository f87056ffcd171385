//! Taking over a file that was sent: its rows are read once, whatever wrote them, and kept as the worker reads them.

use cloud::Files;
use kernel::{
    Error, Result, Rule,
    id::{ImportId, UploadId},
    page::PageRequest,
};
use sha2::{Digest, Sha256};
use table::{Order, Stored, meter::side_by_side};
use web::{
    Asker,
    sheet::{self, Sheet, Unreadable},
    upload::{discard_upload, read_upload, refused},
};

use super::{
    FILE, Import, ImportInput,
    model::{By, Counts, EXAMPLES, Mapping, ROWS_MAX, Stage, example},
    report::Place,
    rows::{self, Row},
};
use crate::{
    exchange::{columns, vcard},
    record::RecordKind,
    settings,
};

/// How many former imports are looked through for the same file.
const FORMER: PageRequest = PageRequest { limit: 100, cursor: None };
/// Exports of address books have many.
const COLUMNS_MAX: usize = 150;

pub async fn begin_import(asker: &Asker, files: &Files, input: &ImportInput) -> Result<Stored<Import>> {
    let scope = &asker.scope;
    let (of, file_name) = input.parse()?;
    let upload: UploadId = input.upload_id.parse().map_err(|_| refused(Rule::NoUpload))?;
    let id = scope.new_id(ImportId::new);
    let begun = scope
        .write(|| async {
            let bytes = read_upload(scope, files, &FILE, upload).await?;
            let sha256 = hex::encode(Sha256::digest(&bytes));
            let sheet = tokio::task::spawn_blocking(move || read(&bytes, of))
                .await
                .map_err(|_| Error::internal("reading a file panicked"))??;
            let list = scope.keys().imports();
            let former = scope.list::<Import>(&list, &FORMER, Order::Descending);
            let (former, settings) = side_by_side(former, settings::SETTINGS.shown(scope)).await;
            let settings = settings?;
            // The same file makes the same records.
            let same = |other: &&Stored<Import>| other.sha256 == sha256 && other.of == of;
            let now = scope.now();
            let base_at = former?.items.iter().filter(same).map(|other| other.base_at).min().unwrap_or(now);
            let known = columns::columns(of, &settings);
            let (head, guessed) = columns::guessed(&sheet, &known);
            let header = sheet.rows.get(head).map(|row| row.cells.clone()).unwrap_or_default();
            let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let below: Vec<Row> = sheet
                .rows
                .iter()
                .skip(head + 1)
                .map(|row| Row { number: number(row.number), cells: row.cells.clone() })
                .collect();
            match below.len() {
                0 => return Err(refused(Rule::EmptyFile)),
                count if count > ROWS_MAX => return Err(refused(Rule::TooMany { max: ROWS_MAX })),
                _ => {}
            }
            let (bytes, offsets) = rows::written(&below);
            let name = |at: &Option<usize>| at.map_or_else(String::new, |at| known[at].name.clone());
            let import = Import {
                id,
                of,
                file_name: file_name.clone(),
                sha256,
                base_at,
                rows: number(below.len()),
                offsets,
                examples: below.iter().take(EXAMPLES).map(|row| example(&row.cells)).collect(),
                mapping: Mapping::guessed(of, guessed.iter().map(name).collect()),
                header: example(&header),
                stage: Stage::Draft,
                attempt: 0,
                chunk: 0,
                shown: 0,
                has_report: false,
                checked: Counts::default(),
                imported: Counts::default(),
                by: By { user: asker.user, name: asker.name.clone() },
                created_at: now,
                finished_at: None,
            };
            Place::of(scope, files, &import).keep_rows(bytes).await?;
            let mut transaction = scope.begin("begin_import", id);
            transaction.create(&import);
            Ok((transaction, Stored { value: import, version: 1 }))
        })
        .await?;
    discard_upload(scope, files, upload).await;
    Ok(begun)
}

/// A table, or cards, which are one of contacts.
fn read(bytes: &[u8], of: RecordKind) -> Result<Sheet> {
    let no_table = || refused(Rule::WrongFileType { accepted: FILE.names() });
    if vcard::is_vcard(bytes) {
        return match of {
            RecordKind::Contact => vcard::read(bytes).ok_or_else(no_table),
            RecordKind::Company | RecordKind::Opportunity => {
                Err(refused(Rule::WrongFileType { accepted: "CSV".into() }))
            }
        };
    }
    Sheet::read_wide(bytes, ROWS_MAX + sheet::HEAD, COLUMNS_MAX).map_err(|why| match why {
        Unreadable::NotATable => no_table(),
        Unreadable::TooManyRows => refused(Rule::TooMany { max: ROWS_MAX }),
    })
}
