//! Checks an archive without us: its list of fingerprints is signed, each file is as it is listed, nothing is there beside
//! it, and the ledger is what it says. Only what is read at the moment is in memory.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Read, Seek},
};

use cloud::PublicKey;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use table::ledger::{LedgerEntry, LedgerHead};
use zip::ZipArchive;

use super::check::{Fault, Report, Verifier};
use crate::accounting::archive::{HEAD, KEY, LEDGER, SIGNATURE, SUMS};

/// What is listed or signed is far below that.
const LISTED_BYTES_MAX: u64 = 256 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("ce fichier n’est pas une archive ZIP lisible : {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("l’archive ne se lit pas jusqu’au bout : {0}")]
    Read(#[from] std::io::Error),
    #[error("il manque dans l’archive le fichier {0}")]
    Missing(&'static str),
}

/// Where the ledger ends.
#[derive(Deserialize)]
struct End {
    position: u64,
    hash: String,
}

/// `key` is the organization's public key as somebody knows it; the archive's own where nobody does.
pub fn check_archive(file: impl Read + Seek, key: Option<PublicKey>) -> Result<Report, Unreadable> {
    let mut zip = ZipArchive::new(file)?;
    let mut faults = Vec::new();
    let sums = whole(&mut zip, SUMS)?;
    let signature = whole(&mut zip, SIGNATURE)?;
    let own = PublicKey::of_pem(&String::from_utf8_lossy(&whole(&mut zip, KEY)?));
    let fault = |kind: &str, message: String| Fault::new(0, kind, message);
    match key.or(own) {
        None => faults.push(fault("key", "La clé publique n’est pas lisible.".into())),
        Some(key) if key.verifies(&sums, &hex::encode(&signature)) => {}
        Some(_) => faults.push(fault("signature", "La liste des empreintes n’est pas celle qui a été signée.".into())),
    }
    let sums = String::from_utf8_lossy(&sums).into_owned();
    let listed: BTreeMap<&str, &str> =
        sums.lines().filter_map(|line| line.split_once("  ")).map(|(sum, name)| (name, sum)).collect();
    let present: BTreeSet<String> = zip.file_names().filter_map(Result::ok).map(Cow::into_owned).collect();
    for name in present.iter().filter(|name| ![SUMS, SIGNATURE].contains(&name.as_str())) {
        if !listed.contains_key(name.as_str()) {
            faults.push(fault("file", format!("Le fichier {name} n’est pas de l’archive.")));
        }
    }
    for (name, sum) in listed {
        if !present.contains(name) {
            faults.push(fault("file", format!("Il manque le fichier {name}.")));
            continue;
        }
        let found = zip.by_name(name).map_err(Unreadable::from).and_then(|mut file| {
            let mut digest = Sha256::new();
            let mut buffer = [0; 64 * 1024];
            loop {
                match file.read(&mut buffer)? {
                    0 => break Ok(hex::encode(digest.finalize())),
                    read => digest.update(&buffer[..read]),
                }
            }
        });
        if !found.is_ok_and(|found| found == sum) {
            faults.push(fault("file", format!("Le fichier {name} n’est plus celui qui a été archivé.")));
        }
    }
    let mut verifier = Verifier::new(key.or(own));
    faults.into_iter().for_each(|fault| verifier.fault(fault));
    let mut head = None;
    if let Ok(bytes) = whole(&mut zip, HEAD) {
        head = serde_json::from_slice::<End>(&bytes).ok();
    }
    let ledger = zip.by_name(LEDGER).map_err(|_| Unreadable::Missing(LEDGER))?;
    for (at, line) in BufReader::new(ledger).lines().enumerate() {
        let read = line.ok().and_then(|line| LedgerEntry::of_line(&line).ok());
        let checked = read.is_some_and(|entry| verifier.check(&entry).is_ok());
        if !checked {
            let message = format!("La ligne {} du journal n’est pas lisible.", at + 1);
            verifier.fault(Fault::new(at as u64 + 1, "unreadable", message));
            break;
        }
    }
    let head = head.map(|end| LedgerHead { position: end.position, hash: end.hash, ..LedgerHead::default() });
    Ok(verifier.finish(head.as_ref()))
}

fn whole<F: Read + Seek>(zip: &mut ZipArchive<F>, name: &'static str) -> Result<Vec<u8>, Unreadable> {
    let file = zip.by_name(name).map_err(|_| Unreadable::Missing(name))?;
    let mut bytes = Vec::new();
    file.take(LISTED_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}
