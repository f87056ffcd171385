//! The archive: the whole ledger with its closings, the documents of a period with their XML, and what it takes to check it
//! all without us. Its list of SHA-256 fingerprints is signed by the key that signs the closings.

use std::io::Read;

use cloud::{Archive, Signer};
use flate2::read::ZlibDecoder;
use jiff::civil::Date;
use kernel::{
    Error, Result,
    event::Owner,
    id::{CreditNoteId, InvoiceId, SelfBilledId},
    text,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use table::{
    ledger::{LedgerEntry, LedgerHead},
    shared::{DocumentFile, FrozenDocument},
};

use super::{Task, run_job::Run};
use crate::ledger::{closing::Closing, signing_purpose};

pub const LEDGER: &str = "journal.jsonl";
pub const HEAD: &str = "journal-fin.json";
pub const KEY: &str = "cle-publique.pem";
pub const SUMS: &str = "empreintes.txt";
pub const SIGNATURE: &str = "empreintes.sig";

/// More than a document has; one that is larger stays out.
const DOCUMENT_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// An XML is far below that.
const XML_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Fingerprints of what is in it, as `sha256sum` writes them.
#[derive(Default)]
struct Sums(String);

impl Sums {
    fn note(&mut self, name: &str, digest: impl AsRef<[u8]>) {
        self.0.push_str(&format!("{}  {name}\n", hex::encode(digest)));
    }
}

/// What of an entry's content names its document.
#[derive(Deserialize)]
struct Named {
    issued_on: Option<Date>,
    invoice: Option<InvoiceId>,
    credit_note: Option<CreditNoteId>,
    self_billed: Option<SelfBilledId>,
}

/// Gives its length.
pub async fn write(run: &Run<'_>, mut archive: Archive) -> Result<u64> {
    let Task::Archive { from, to } = run.job.task else { return Err(Error::internal("not an archive")) };
    let signer = run.deps.vault.signer(&signing_purpose(run.organization.id)).await?;
    let mut sums = Sums::default();
    let mut closings =
        String::from("Clôture;Du;Au;Devise;Facturé TTC;Avoirs TTC;Encaissé;Annulé;Remboursé;Signature\r\n");
    let head = write_ledger(run, &mut archive, &mut sums, &mut closings).await?;
    let missing = write_documents(run, &mut archive, &mut sums, (from, to)).await?;
    let closings = [b"\xef\xbb\xbf".as_slice(), closings.as_bytes()].concat();
    let line = serde_json::to_string(&serde_json::json!({ "position": head.position, "hash": head.hash }));
    let line = line.map_err(Error::internal)? + "\n";
    let readme = readme(run, &head, &signer, &missing);
    for (name, bytes) in [
        ("clotures.csv", closings.as_slice()),
        (HEAD, line.as_bytes()),
        (KEY, signer.public_key().pem().as_bytes()),
        ("LISEZMOI.txt", readme.as_bytes()),
    ] {
        archive.add(name, bytes).await?;
        sums.note(name, Sha256::digest(bytes));
    }
    archive.add(SUMS, sums.0.as_bytes()).await?;
    let signature = hex::decode(signer.sign(sums.0.as_bytes())).map_err(Error::internal)?;
    archive.add(SIGNATURE, &signature).await?;
    archive.finish().await
}

/// All entries from the first, as many as there were when it began; gives where they end.
async fn write_ledger(
    run: &Run<'_>,
    archive: &mut Archive,
    sums: &mut Sums,
    closings: &mut String,
) -> Result<LedgerHead> {
    let keys = run.scope.keys();
    let mut last = LedgerHead::default();
    let mut digest = Sha256::new();
    archive.begin(LEDGER)?;
    let mut start = None;
    loop {
        let (page, further) = run.scope.collection_page(&keys.ledger(), start.as_deref()).await?;
        for entry in page.all::<LedgerEntry>()?.into_iter().filter(|entry| entry.position <= run.of) {
            let line = entry.line()? + "\n";
            digest.update(line.as_bytes());
            archive.write(line.as_bytes()).await?;
            if entry.kind.is_closing() {
                closings.push_str(&closing_lines(&entry)?);
            }
            last = LedgerHead { position: entry.position, hash: entry.value.hash, ..LedgerHead::default() };
        }
        run.told(last.position).await?;
        match further {
            Some(further) if last.position < run.of => start = Some(further),
            _ => break,
        }
    }
    sums.note(LEDGER, digest.finalize());
    Ok(last)
}

fn closing_lines(entry: &LedgerEntry) -> Result<String> {
    let closing = Closing::of(entry)?;
    let head = format!("{};{};{}", entry.number, closing.from, closing.to);
    if closing.totals.0.is_empty() {
        return Ok(format!("{head};;;;;;;{}\r\n", closing.signature));
    }
    let lines = closing.totals.0.iter().map(|totals| {
        let amount = |minor: kernel::Minor| minor.plain(totals.currency).replace('.', ",");
        format!(
            "{head};{};{};{};{};{};{};{}\r\n",
            totals.currency.code(),
            amount(totals.invoiced.gross_minor),
            amount(totals.credited.gross_minor),
            amount(totals.paid.received_minor),
            amount(totals.paid.reversed_minor),
            amount(totals.paid.refunded_minor),
            closing.signature,
        )
    });
    Ok(lines.collect())
}

/// PDF and XML of what was issued in the period, with the files that left with it; gives the numbers whose file is not there.
async fn write_documents(
    run: &Run<'_>,
    archive: &mut Archive,
    sums: &mut Sums,
    (from, to): (Option<Date>, Date),
) -> Result<Vec<String>> {
    let keys = run.scope.keys();
    let mut missing = Vec::new();
    let mut start = None;
    loop {
        let (page, further) = run.scope.collection_page(&keys.ledger(), start.as_deref()).await?;
        for entry in page.all::<LedgerEntry>()?.into_iter().filter(|entry| entry.position <= run.of) {
            if entry.kind.is_closing() {
                continue;
            }
            let named = Named::deserialize(&entry.content).map_err(Error::internal)?;
            let Some(on) = named.issued_on.filter(|on| from.is_none_or(|from| from <= *on) && *on <= to) else {
                continue;
            };
            let (owner, folder) = match (named.credit_note, named.invoice, named.self_billed) {
                (Some(note), ..) => (Owner::CreditNote(note), "avoirs"),
                (None, Some(invoice), _) => (Owner::Invoice(invoice), "factures"),
                (None, None, Some(document)) => (Owner::SelfBilled(document), "autofacturation"),
                (None, None, None) => continue,
            };
            let name = format!("documents/{}/{folder}/{}", on.year(), entry.number.replace('/', "-"));
            let found = run.scope.get_many(&[keys.file(owner), keys.snapshot(owner)]).await?;
            let file = found.first::<DocumentFile>()?;
            let pdf = match file {
                Some(file) => run.deps.files.find(&file.file.s3_key, DOCUMENT_BYTES_MAX).await?,
                None => None,
            };
            let Some(pdf) = pdf else {
                missing.push(entry.number.clone());
                continue;
            };
            let xml = embedded_xml(&pdf).map(|xml| (format!("{name}.xml"), xml));
            for (name, bytes) in [(format!("{name}.pdf"), pdf)].into_iter().chain(xml) {
                archive.add(&name, &bytes).await?;
                sums.note(&name, Sha256::digest(&bytes));
            }
            let attached = found.first::<FrozenDocument>()?.map(|frozen| frozen.value.snapshot.attachments);
            for file in attached.unwrap_or_default() {
                // As it left, or not at all.
                let bytes = run.deps.files.find(&file.s3_key, DOCUMENT_BYTES_MAX).await?;
                let Some(bytes) = bytes.filter(|bytes| hex::encode(Sha256::digest(bytes)) == file.sha256) else {
                    missing.push(format!("{} : {}", entry.number, file.file_name));
                    continue;
                };
                let name = format!("{name}-pieces/{}", file.file_name);
                archive.add(&name, &bytes).await?;
                sums.note(&name, Sha256::digest(&bytes));
            }
        }
        match further {
            Some(further) => start = Some(further),
            None => return Ok(missing),
        }
    }
}

/// The Factur-X that our PDF embeds, taken out of it as it is.
pub fn embedded_xml(pdf: &[u8]) -> Option<Vec<u8>> {
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|window| window == what);
    let mut rest = pdf;
    while let Some(at) = find(rest, b"/EmbeddedFile") {
        rest = &rest[at + 1..];
        let begin = find(rest, b"stream")?;
        let body = &rest[begin + b"stream".len()..];
        let body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n"))?;
        let mut xml = Vec::new();
        let inflated = ZlibDecoder::new(body).take(XML_BYTES_MAX).read_to_end(&mut xml);
        if inflated.is_ok() && xml.starts_with(b"<?xml") {
            return Some(xml);
        }
        if body.starts_with(b"<?xml") {
            return Some(body[..find(body, b"\nendstream")?].to_vec());
        }
    }
    None
}

fn readme(run: &Run<'_>, head: &LedgerHead, signer: &Signer, missing: &[String]) -> String {
    let at = run.scope.now().to_zoned(run.organization.zone());
    let documents = match run.job.task {
        Task::Archive { from: Some(from), to } => {
            format!("du {} au {}", text::french_date(from), text::french_date(to))
        }
        _ => "émis depuis l’origine".into(),
    };
    let mut lines = vec![
        format!("ARCHIVE DE {}", run.organization.name.to_uppercase()),
        format!("faite par ABSERVICE le {} à {:02}:{:02}", text::french_date(at.date()), at.hour(), at.minute()),
        String::new(),
        "Cette archive répond aux conditions d’inaltérabilité, de sécurisation, de conservation et d’archivage de"
            .into(),
        "l’article 286, I, 3° bis du code général des impôts. Conservez-la dix ans (code de commerce, art. L123-22)."
            .into(),
        String::new(),
        "CE QU’ELLE CONTIENT".into(),
        format!(
            "  {LEDGER} : le journal inaltérable depuis l’origine, {} écritures, une par ligne (JSON)",
            head.position
        ),
        format!("  {HEAD} : la position et l’empreinte de sa dernière écriture"),
        "  clotures.csv : les clôtures du journal et leurs totaux, pour un tableur".into(),
        format!(
            "  documents/ : les factures et avoirs {documents}, en PDF, leur XML (Factur-X) et leurs pièces jointes"
        ),
        format!("  {KEY} : la clé publique de votre entreprise (Ed25519)"),
        format!("  {SUMS} : l’empreinte SHA-256 de chaque fichier"),
        format!("  {SIGNATURE} : la signature de cette liste"),
        String::new(),
        "LA VÉRIFIER".into(),
        "  Le plus simple : la commande « abservice verify ARCHIVE.zip ». Elle n’a besoin ni d’Internet ni".into(),
        "  d’ABSERVICE, et dit la première écriture ou le premier fichier qui n’est plus ce qu’il était.".into(),
        "  Sans elle, sur tout système où se trouvent OpenSSL (3.0 ou plus récent) et sha256sum, dans le dossier de"
            .into(),
        "  l’archive décompressée. La signature, qui doit répondre « Signature Verified Successfully » :".into(),
        format!("    openssl pkeyutl -verify -pubin -inkey {KEY} -rawin -in {SUMS} -sigfile {SIGNATURE}"),
        "  Les fichiers, qui doivent tous répondre « OK » ou « Réussi » :".into(),
        format!("    sha256sum -c {SUMS}"),
        "  La clé publique, à comparer avec celle que la page « Journal » d’ABSERVICE affiche :".into(),
        format!("    openssl pkey -pubin -in {KEY} -noout -text"),
        format!("    {}", signer.public_key()),
        String::new(),
        "COMMENT LE JOURNAL EST FAIT".into(),
        "  Les écritures se suivent par leur position, à partir de 1. Le champ previous de chacune est le champ hash"
            .into(),
        "  de celle d’avant (64 zéros avant la première), et son propre hash est l’empreinte SHA-256, en hexadécimal,"
            .into(),
        "  de sa ligne sans le champ hash (clés dans l’ordre alphabétique, sans espace).".into(),
        "  Une clôture (day_closed, month_closed, year_closed) porte les totaux de sa période, le total perpétuel"
            .into(),
        "  depuis l’origine et une signature Ed25519 : celle de sa ligne sans les champs hash et content.signature."
            .into(),
        "  Les montants (…_minor) sont des nombres entiers de la plus petite unité de leur devise.".into(),
        String::new(),
    ];
    if !missing.is_empty() {
        lines.push("DOCUMENTS DONT LE FICHIER N’ÉTAIT PAS LÀ AU MOMENT DE L’ARCHIVE".into());
        lines.extend(missing.iter().map(|number| format!("  {number}")));
        lines.push(String::new());
    }
    lines.join("\r\n")
}
