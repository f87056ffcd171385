//! From whom the organization buys. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Rule, Sealed, Violations,
    id::{CompanyId, OrganizationId, SupplierId},
    legal,
    purchase::PurchaseCategory,
    text,
};
use serde::{Deserialize, Serialize};

use crate::expense::{begins_with_each, flag, one_line};

pub const NAME_MAX: usize = 200;
const NOTES_MAX: usize = 2_000;
const PHONE_MAX: usize = 40;
/// How many accounts one supplier has.
const ACCOUNTS_MAX: usize = 10;

/// All fields as a person types them; the same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SupplierInput {
    pub name: String,
    /// 9 digits; that of a French VAT number where empty. No two suppliers have the same.
    pub siren: String,
    /// Of any country of the Union; no two suppliers have the same.
    pub vat_number: String,
    pub email: String,
    pub phone: String,
    /// Kept sealed and never shown again but for its end; where empty, the one that is known stays.
    #[serde(skip_serializing)]
    pub iban: String,
    /// `true` to forget the IBAN that is known.
    #[serde(skip_serializing)]
    pub forget_iban: String,
    /// What its expenses are proposed to be; none where empty.
    pub category: String,
    /// `com_…`: the company of the CRM that it is; empty for none.
    pub company_id: String,
    pub notes: String,
}

impl std::fmt::Debug for SupplierInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SupplierInput").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What is said of a supplier, its fields right.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SupplierContent {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub siren: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<PurchaseCategory>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<CompanyId>,
    /// As it was called when this was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// What becomes of the IBAN.
#[derive(Clone, PartialEq, Eq)]
pub enum IbanChange {
    Kept,
    Forgotten,
    To(String),
}

impl std::fmt::Debug for IbanChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IbanChange(…)")
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Supplier {
    pub id: SupplierId,
    pub created_at: Timestamp,
    #[serde(flatten)]
    pub content: SupplierContent,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<Sealed>,
    /// The last four characters of it, by which people know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban_end: Option<String>,
    /// Keyed hashes of the accounts that somebody confirmed to be theirs, that of the IBAN among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_on: Option<Date>,
    /// Something names it, or did: it stays.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_used: bool,
}

impl std::ops::Deref for Supplier {
    type Target = SupplierContent;

    fn deref(&self) -> &SupplierContent {
        &self.content
    }
}

/// An IBAN that somebody gave: sealed, its last characters, its keyed hash.
#[derive(Debug, Clone)]
pub struct ConfirmedIban {
    pub sealed: Sealed,
    pub end: String,
    pub mark: String,
}

/// By what a supplier is recognised for certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierSign {
    /// `SIREN` or `VAT`.
    pub way: String,
    pub value: String,
    pub supplier: SupplierId,
}

/// That an account is a supplier's: several may share one, that of who buys their claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierAccount {
    /// A keyed hash of the IBAN ([`kernel::sepa::account_purpose`]).
    pub mark: String,
    pub supplier: SupplierId,
}

/// The SIREN in a French VAT number (CGI ann. II art. 242 nonies A: `FR`, a key of two, the SIREN).
pub fn siren_of(vat_number: &str) -> Option<String> {
    let rest = vat_number.strip_prefix("FR")?.get(2..)?;
    legal::siren(rest).ok()
}

impl SupplierInput {
    pub fn of(supplier: &Supplier) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            name: supplier.name.clone(),
            siren: text(&supplier.siren),
            vat_number: text(&supplier.vat_number),
            email: text(&supplier.email),
            phone: text(&supplier.phone),
            iban: String::new(),
            forget_iban: String::new(),
            category: supplier.category.map(|category| category.name().to_owned()).unwrap_or_default(),
            company_id: supplier.company.map(|company| company.to_string()).unwrap_or_default(),
            notes: text(&supplier.notes),
        }
    }

    pub fn parse(&self) -> Result<(SupplierContent, IbanChange), Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", one_line(&self.name, NAME_MAX));
        let siren = wrong.take("/siren", legal::optional(&self.siren, legal::siren)).flatten();
        let vat = |typed: &str| legal::vat_number(typed, siren.as_deref());
        let vat_number = wrong.take("/vat_number", legal::optional(&self.vat_number, vat)).flatten();
        let email = wrong.take("/email", legal::optional(&self.email, legal::email)).flatten();
        let phone = wrong.take("/phone", legal::optional(&self.phone, |text| one_line(text, PHONE_MAX))).flatten();
        let iban = wrong.take("/iban", legal::optional(&self.iban, legal::iban)).flatten();
        let forgets = wrong.take("/forget_iban", flag(&self.forget_iban)).unwrap_or_default();
        let category = match self.category.as_str() {
            "" => None,
            name => wrong.take("/category", PurchaseCategory::named(name).ok_or(Rule::NotAChoice)),
        };
        let company = match self.company_id.trim() {
            "" => None,
            id => wrong.take("/company_id", id.parse().map_err(|_| Rule::NotFound)),
        };
        let notes = wrong.take("/notes", legal::optional(&self.notes, |text| legal::text(text, NOTES_MAX))).flatten();
        match (name, wrong.is_empty()) {
            (Some(name), true) => {
                let siren = siren.or_else(|| vat_number.as_deref().and_then(siren_of));
                let content = SupplierContent {
                    name,
                    siren,
                    vat_number,
                    email,
                    phone,
                    category,
                    company,
                    company_name: None,
                    notes,
                };
                let iban = match (iban, forgets) {
                    (Some(iban), _) => IbanChange::To(iban),
                    (None, true) => IbanChange::Forgotten,
                    (None, false) => IbanChange::Kept,
                };
                Ok((content, iban))
            }
            _ => Err(wrong),
        }
    }
}

impl Supplier {
    pub fn new(id: SupplierId, created_at: Timestamp, content: SupplierContent) -> Self {
        let accounts = Vec::new();
        Self { id, created_at, content, iban: None, iban_end: None, accounts, archived_on: None, is_used: false }
    }

    /// Of whom no more is known than the name.
    pub fn called(id: SupplierId, created_at: Timestamp, name: String) -> Self {
        Self::new(id, created_at, SupplierContent { name, ..SupplierContent::default() })
    }

    /// What an IBAN is sealed for: it opens for this supplier alone.
    pub fn iban_purpose(organization: OrganizationId, supplier: SupplierId) -> String {
        format!("supplier-iban:{organization}:{supplier}")
    }

    /// The account that somebody says is theirs, or none: those that were confirmed before are theirs no more.
    pub fn with_iban(self, iban: Option<ConfirmedIban>) -> Self {
        match iban {
            None => Self { iban: None, iban_end: None, accounts: Vec::new(), ..self },
            Some(ConfirmedIban { sealed, end, mark }) => {
                Self { iban: Some(sealed), iban_end: Some(end), accounts: vec![mark], ..self }
            }
        }
    }

    /// An account of which only the hash is known is theirs as well; none where that is known, or too many are.
    pub fn with_account(&self, mark: &str) -> Option<Self> {
        let is_new = !self.accounts.iter().any(|known| known == mark) && self.accounts.len() < ACCOUNTS_MAX;
        let accounts = self.accounts.iter().cloned().chain([mark.to_owned()]).collect();
        is_new.then(|| Self { accounts, ..self.clone() })
    }

    pub fn signs(&self) -> Vec<SupplierSign> {
        let sign = |way: &str, value: &Option<String>| {
            value.clone().map(|value| SupplierSign { way: way.into(), value, supplier: self.id })
        };
        [sign("SIREN", &self.siren), sign("VAT", &self.vat_number)].into_iter().flatten().collect()
    }

    /// Whether it answers to what somebody typed; `words` are folded.
    pub fn answers_to(&self, words: &[String]) -> bool {
        let numbers = format!(
            "{} {} {}",
            self.name,
            self.siren.as_deref().unwrap_or_default(),
            self.vat_number.as_deref().unwrap_or_default()
        );
        begins_with_each(&numbers, words)
    }

    pub fn is_called(&self, name: &str) -> bool {
        text::sorted(&self.name) == text::sorted(name)
    }
}

#[cfg(test)]
pub mod tests {
    use ulid::Ulid;

    use super::*;

    pub fn input() -> SupplierInput {
        SupplierInput {
            name: "Papeterie Œuvre".into(),
            vat_number: "FR83404833048".into(),
            email: "Contact@papeterie.example".into(),
            iban: "FR76 3000 6000 0112 3456 7890 189".into(),
            category: "supplies".into(),
            ..SupplierInput::default()
        }
    }

    pub fn supplier() -> Supplier {
        let (content, _) = input().parse().unwrap_or_else(|wrong| panic!("{wrong:?}"));
        Supplier::new(SupplierId::from_ulid(Ulid(2)), Timestamp::UNIX_EPOCH, content)
    }

    #[test]
    fn a_french_vat_number_says_the_siren_and_both_recognise_the_supplier() {
        let signs = supplier().signs();
        let told: Vec<_> = signs.iter().map(|sign| (sign.way.as_str(), sign.value.as_str())).collect();
        assert_eq!(told, [("SIREN", "404833048"), ("VAT", "FR83404833048")]);
        assert!(SupplierInput { siren: "732829320".into(), ..input() }.parse().is_err());
    }

    #[test]
    fn every_wrong_field_is_told_at_once_and_no_iban_is_ever_shown() {
        let wrong = SupplierInput {
            name: String::new(),
            siren: "1".into(),
            vat_number: "XX".into(),
            email: "nobody".into(),
            phone: "x".repeat(41),
            iban: "FR00".into(),
            forget_iban: "yes".into(),
            category: "gift".into(),
            company_id: "com_1".into(),
            notes: "x".repeat(2_001),
        };
        let wrong = wrong.parse().unwrap_err();
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(
            pointers.join(" "),
            "/name /siren /vat_number /email /phone /iban /forget_iban /category /company_id /notes"
        );
        assert!(!format!("{:?}", input()).contains("3000"));
        let confirmed =
            |mark: &str| ConfirmedIban { sealed: Sealed::from_bytes(vec![1]), end: "0189".into(), mark: mark.into() };
        let known = supplier().with_iban(Some(confirmed("a")));
        assert_eq!((known.iban_end.as_deref(), known.accounts.as_slice()), (Some("0189"), &["a".to_owned()][..]));
        let two = known.with_account("b").unwrap();
        assert!(two.accounts.len() == 2 && two.with_account("a").is_none());
        let full = (0..20).fold(two.clone(), |known, n| known.with_account(&n.to_string()).unwrap_or(known));
        assert_eq!(full.accounts.len(), ACCOUNTS_MAX);
        assert_eq!(two.with_iban(Some(confirmed("c"))).accounts, ["c"]);
        assert!(SupplierInput::of(&known).iban.is_empty());
    }
}
