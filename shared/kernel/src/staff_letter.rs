//! A letter of an employer's to somebody who works, or worked, for them, frozen as it was made out: a certificate of
//! employment, an attestation, an amendment.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::{Address, Brand, Seller};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StaffLetter {
    /// As its heading says: `Certificat de travail`.
    pub title: String,
    /// What its file is called, without the ending: `certificat-de-travail-M-014`.
    pub reference: String,
    /// Where it is signed; empty where the employer told no town.
    pub place: String,
    pub dated_on: Date,
    pub employer: Seller,
    pub brand: Brand,
    /// To whom it is given.
    pub addressee: String,
    pub address: Option<Address>,
    /// What stands before the text, each with its name: `Emploi`, `Boulanger`.
    pub facts: Vec<(String, String)>,
    pub paragraphs: Vec<String>,
    /// Who signs for the employer, and as what.
    pub signatory: String,
    /// Whether the employee signs it too: an amendment binds nobody before (C. civ. art. 1103).
    pub is_agreement: bool,
    /// As what the employee signs it: `La salariée`; empty in letters that were frozen before it was told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub employee_as: String,
}

impl StaffLetter {
    pub fn file_name(&self) -> String {
        format!("{}.pdf", self.reference)
    }
}
