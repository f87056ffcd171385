//! Taking over a statement that was sent: its lines are kept in steps, each line once, so that a file that comes again, or
//! overlaps the one before, brings what is new and nothing else.

use cloud::{Files, Vault};
use kernel::{Currency, Error, Result, Rule, legal, reference::OrganizationReference, sepa};
use serde::Deserialize;
use table::{Scope, idempotency::Idempotency};
use web::upload::{FileKind, UploadedInput, discard_upload, read_upload, refused};

use super::{
    BankLine, camt,
    model::{StatementLine, kept},
    statement_csv::{self, ColumnsInput, Read, Unknown, Unread},
    store,
};

/// What a statement comes as. Browsers name a CSV by what is installed, or not at all.
pub const STATEMENT: FileKind = FileKind {
    media_types: &[
        ("text/xml", "XML (CAMT.053)"),
        ("application/xml", "XML (CAMT.053)"),
        ("text/csv", "CSV"),
        ("text/plain", "CSV"),
        ("application/vnd.ms-excel", "CSV"),
        ("application/octet-stream", "CSV"),
    ],
    megabytes_max: 2,
};

/// How many lines one transaction writes: it has 100 writes, with the audit entry, and what went is told besides.
const STEP: usize = 45;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StatementInput {
    /// `upl_…`
    pub upload_id: String,
    /// Of a CSV, which does not say it: an IBAN, or what you call the account. Always the same for the same account.
    pub account: String,
    /// Of a CSV whose columns have names that are not known, by their place from one.
    #[serde(flatten)]
    pub columns: ColumnsInput,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    Lines {
        new: usize,
        /// That were imported before.
        known: usize,
        /// What is no booked line.
        unread: Unread,
    },
    /// The columns could not be told: here is what they begin with. The file waits to be named again.
    UnknownColumns(Vec<String>),
}

pub async fn import_statement(
    scope: &Scope,
    files: &Files,
    vault: &Vault,
    organization: &OrganizationReference,
    input: &StatementInput,
) -> Result<Imported> {
    let upload = UploadedInput { upload_id: input.upload_id.clone() }.parse()?;
    let bytes = read_upload(scope, files, &STATEMENT, upload).await?;
    let (lines, unread) = match read(&bytes, input, organization.currency)? {
        Read::Lines(lines, unread) => (kept(marked(scope, vault, lines).await?, scope.now()), unread),
        Read::Unknown(Unknown(columns)) => return Ok(Imported::UnknownColumns(columns)),
    };
    let mut new = 0;
    // Lines are known by themselves: a repeated request finds them and writes none.
    let scope = &scope.clone().with_idempotency(Idempotency::None);
    for step in lines.chunks(STEP) {
        new += keep(scope, step).await?;
    }
    discard_upload(scope, files, upload).await;
    Ok(Imported::Lines { new, known: lines.len() - new, unread })
}

/// With the accounts of others told apart, and not kept.
async fn marked(scope: &Scope, vault: &Vault, mut lines: Vec<StatementLine>) -> Result<Vec<StatementLine>> {
    let purpose = sepa::account_purpose(scope.tenant().organization());
    for line in &mut lines {
        if let Some(iban) = &line.counterparty_account {
            line.counterparty_account = Some(vault.mac(&purpose, iban.as_bytes()).await?);
        }
    }
    Ok(lines)
}

fn read(bytes: &[u8], input: &StatementInput, currency: Currency) -> Result<Read> {
    let is_xml =
        bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte)) == Some(&b'<');
    if is_xml {
        let text = std::str::from_utf8(bytes).map_err(|_| refused(Rule::NotAStatement))?;
        let (lines, unread) = camt::parse(text.trim_start_matches('\u{feff}')).map_err(refused)?;
        return Ok(Read::Lines(lines, Unread::Entries(unread)));
    }
    let account = legal::required(&input.account, 100).map_err(|rule| Error::field("/account", rule))?;
    // The same account whether its IBAN is typed in groups or not.
    let account = legal::iban(&account).unwrap_or(account);
    statement_csv::parse(bytes, &account, currency, &input.columns).map_err(|rule| match rule {
        Rule::NotAChoice => Error::field("/amount", rule),
        other => refused(other),
    })
}

/// Keeps those that are not there yet; how many that were.
async fn keep(scope: &Scope, lines: &[BankLine]) -> Result<usize> {
    scope
        .write(|| async {
            let keys: Vec<_> = lines.iter().map(|line| scope.keys().bank_line(line.id)).collect();
            let found = scope.get_many(&keys).await?;
            let mut transaction = scope.begin("import_bank_lines", scope.tenant().organization());
            let mut new = 0;
            for (line, key) in lines.iter().zip(&keys) {
                if found.get::<BankLine>(key)?.is_none() {
                    transaction.create(line);
                    store::tell_imported(&mut transaction, line);
                    new += 1;
                }
            }
            Ok((if new == 0 { transaction.nothing() } else { transaction }, new))
        })
        .await
}
