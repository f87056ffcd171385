//! The client of a document: what the CRM publishes of a company, copied into the draft with the version it had.

use std::sync::atomic::{AtomicBool, Ordering};

use kernel::{
    Error, Result, Rule,
    id::CompanyId,
    page::PageRequest,
    pricing::Priced,
    reference::{ClientReference, OrganizationReference},
    terms::Terms,
};
use serde::{Deserialize, Serialize};
use table::{Order, Scope, Stored, Transaction, shared::ClientUse};
use web::{
    Asker,
    form::{Choice, choices},
};

/// A client as a document has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Client {
    pub reference: ClientReference,
    /// The version of the reference's item when it was copied.
    pub seen: u64,
}

impl From<Stored<ClientReference>> for Client {
    fn from(stored: Stored<ClientReference>) -> Self {
        Self { seen: stored.version, reference: stored.value }
    }
}

impl Client {
    /// Where the document does not say otherwise.
    pub fn terms(&self, organization: &OrganizationReference) -> Terms {
        self.reference.terms.unwrap_or_else(|| organization.terms())
    }
}

/// How many clients a form offers at once: what one reading of at most 1 MB holds with ease. The one that the
/// form already names is always among them.
const CLIENTS_MAX: u16 = 1_000;

/// The client that something new is for, by the id that an input names, as it is now. One that is archived is refused, one
/// that is not for these eyes unknown.
pub async fn find(asker: &Asker, id: &str) -> Result<Client> {
    let found = find_known(asker, id).await?;
    if found.reference.archived { Err(Error::field("/client_id", Rule::ClientArchived)) } else { Ok(found) }
}

/// As [`find`], of what names them already: they may be archived since.
pub async fn find_known(asker: &Asker, id: &str) -> Result<Client> {
    let unknown = || Error::field("/client_id", Rule::NotFound);
    if id.trim().is_empty() {
        return Err(Error::field("/client_id", Rule::Required));
    }
    let id: CompanyId = id.parse().map_err(|_| unknown())?;
    let scope = &asker.scope;
    let found = scope.get::<ClientReference>(&scope.keys().client_reference(id)).await?;
    found.filter(|client| asker.sees(client.assigned_to)).map(Client::from).ok_or_else(unknown)
}

/// Notes on a client that something names them, in the transaction of what does: from then on they can be archived, not
/// deleted, and who deletes them at the same time finds out.
pub fn note(transaction: &mut Transaction, client: CompanyId) {
    ClientUse::note(transaction, client);
}

/// As [`note`], where another client than before is named.
pub fn note_changed(transaction: &mut Transaction, before: &Client, after: &Client) {
    if before.reference.id != after.reference.id {
        note(transaction, after.reference.id);
    }
}

/// A client that is not for these eyes is not there. Who sees all of them reads nothing.
pub async fn must_see(asker: &Asker, id: CompanyId) -> Result<()> {
    if asker.sees_all() {
        return Ok(());
    }
    let found = asker.scope.get::<ClientReference>(&asker.scope.keys().client_reference(id)).await?;
    asker.must_see(found.ok_or(Error::NotFound)?.assigned_to)
}

/// Refuses a VAT treatment that is not made for the client.
pub fn must_fit(organization: &OrganizationReference, client: &Client, priced: &Priced) -> Result<()> {
    let fits = priced.treatment.fits(organization.vat_regime, &client.reference);
    fits.map_err(|rule| Error::field("/vat_treatment", rule))
}

/// The clients that a form offers.
pub struct Offer {
    named: Vec<(CompanyId, String)>,
    /// There are more than are offered.
    is_cut: bool,
}

/// The clients of a form as its field shows them.
#[derive(Default)]
pub struct OfferedClients {
    pub choices: Vec<Choice>,
    is_cut: bool,
}

impl OfferedClients {
    /// That some are not among them; empty where all are.
    pub const fn hint(&self) -> &'static str {
        match self.is_cut {
            true => "Seuls les 1\u{202f}000 premiers noms sont proposés.",
            false => "",
        }
    }

    /// The same, where the page of a company leads to the form.
    pub const fn hint_to_company(&self) -> &'static str {
        match self.is_cut {
            true => {
                "Seuls les 1\u{202f}000 premiers noms sont proposés\u{a0}: pour un autre, partez de la fiche de \
                 l’entreprise."
            }
            false => "",
        }
    }
}

impl Offer {
    /// Nobody: for a form whose client stays.
    pub const fn none() -> Self {
        Self { named: Vec::new(), is_cut: false }
    }

    /// The first ones by name, of those that who asks may see.
    pub async fn first(asker: &Asker) -> Result<Self> {
        let (scope, page) = (&asker.scope, PageRequest { limit: CLIENTS_MAX + 1, cursor: None });
        let list = scope.keys().clients("").of(asker.only());
        let clients = scope.list::<ClientReference>(&list, &page, Order::Ascending).await?;
        let is_cut = clients.items.len() > CLIENTS_MAX.into();
        let named = clients.items.into_iter().take(CLIENTS_MAX.into());
        let named = named.map(|client| (client.value.id, client.value.name)).collect();
        Ok(Self { named, is_cut })
    }

    /// As [`Self::first`], with the one whose id was typed, if there is such a client.
    pub async fn with(asker: &Asker, typed: &str) -> Result<Self> {
        let scope = &asker.scope;
        let named = async {
            match typed.parse::<CompanyId>() {
                Ok(id) => scope.get::<ClientReference>(&scope.keys().client_reference(id)).await,
                Err(_) => Ok(None),
            }
        };
        let (offer, named) = table::meter::side_by_side(Self::first(asker), named).await;
        Ok(match named?.filter(|client| asker.sees(client.assigned_to)) {
            Some(named) => offer?.and(&named),
            None => offer?,
        })
    }

    /// With this one among them.
    pub fn and(self, client: &ClientReference) -> Self {
        self.and_named(client.id, &client.name)
    }

    /// The same, of one that is known by name only.
    pub fn and_named(mut self, client: CompanyId, name: &str) -> Self {
        if !self.named.iter().any(|(id, _)| *id == client) {
            self.named.insert(0, (client, name.to_owned()));
        }
        self
    }

    /// Those who are named, and the others.
    pub fn split(self, named: &[CompanyId]) -> (Self, Self) {
        let is_cut = self.is_cut;
        let (these, others) = self.named.into_iter().partition(|(id, _)| named.contains(id));
        (Self { named: these, is_cut }, Self { named: others, is_cut })
    }

    pub fn named(self) -> Vec<(CompanyId, String)> {
        self.named
    }

    pub fn choices(self, chosen: &str) -> OfferedClients {
        let choices = choices(self.named.into_iter().map(|(id, name)| (id.to_string(), name)), chosen);
        OfferedClients { choices, is_cut: self.is_cut }
    }
}

/// Sees to it that a document leaves with the client as it is now, without a reading of its own: the first
/// attempt holds the transaction to the version that the draft copied; only when that is outdated is the
/// client read.
#[derive(Default)]
pub struct Freshness {
    outdated: AtomicBool,
}

impl Freshness {
    pub async fn of(&self, scope: &Scope, drafted: &Client) -> Result<Client> {
        if !self.outdated.swap(true, Ordering::Relaxed) {
            return Ok(drafted.clone());
        }
        let key = scope.keys().client_reference(drafted.reference.id);
        Ok(scope.get::<ClientReference>(&key).await?.map_or_else(|| drafted.clone(), Client::from))
    }

    pub fn hold(transaction: &mut Transaction, scope: &Scope, client: &Client) {
        transaction.check(&scope.keys().client_reference(client.reference.id), client.seen);
    }
}

/// The client of an edited draft: the same one as it was copied, or another as it is now.
pub async fn kept_or_found(asker: &Asker, drafted: &Client, id: &str) -> Result<Client> {
    if drafted.reference.id.to_string() == id { Ok(drafted.clone()) } else { find(asker, id).await }
}

#[cfg(test)]
pub mod tests {
    use ulid::Ulid;

    use super::*;

    /// A business of which nothing more is known.
    pub fn business(name: &str) -> ClientReference {
        ClientReference {
            id: CompanyId::from_ulid(Ulid(1)),
            name: name.into(),
            is_business: true,
            address: None,
            siret: None,
            vat_number: None,
            email: None,
            contact: None,
            assigned_to: None,
            terms: None,
            archived: false,
        }
    }
}
