//! Whether what somebody is typing is there already. It asks with one query for each thing by which a record is recognised,
//! all at once, and hinders nobody: two people may well share a telephone.

use kernel::{Result, id::UserId, page::PageRequest};
use serde::{Deserialize, Serialize};
use table::{Order, meter::all_at_once};
use web::Asker;

use super::{
    Sign, list_duplicates, model,
    model::{Traits, Way},
    name,
    note_record::SHARED_MAX,
    store::of,
};
use crate::record::{Record, RecordKind};

/// What of a form is looked at; nothing of it must be right. The same for the page and the API.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct CheckInput {
    /// `company`, which an empty text means too, or `contact`.
    pub of: String,
    /// The record that is changed, which is no duplicate of itself; empty for a new one.
    pub id: String,
    /// Of a company.
    pub name: String,
    /// Of a contact.
    pub first_name: String,
    pub last_name: String,
    pub siret: String,
    pub vat_number: String,
    pub email: String,
    pub phone: String,
    pub mobile: String,
    /// ISO 3166-1 alpha-2, for telephone numbers without a prefix; `FR` where empty.
    pub country: String,
}

/// A record that may be the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Possible {
    pub record: Record,
    pub name: String,
    pub detail: Option<String>,
    pub assigned_to: Option<UserId>,
    /// The surest first.
    pub signs: Vec<Sign>,
}

/// What was found, the surest first.
#[derive(Debug, Default)]
pub struct Found {
    pub seen: Vec<Possible>,
    /// How many others there are that are not for these eyes.
    pub hidden: usize,
}

/// Nobody types more into a field that counts here.
const TYPED_MAX: usize = 254;
/// How many are told.
const TOLD_MAX: usize = 5;

pub async fn check_duplicates(asker: &Asker, input: &CheckInput) -> Result<Found> {
    let scope = &asker.scope;
    let kind = list_duplicates::kind(&input.of)?;
    let name = match kind {
        RecordKind::Contact => format!("{} {}", input.first_name, input.last_name),
        _ => input.name.clone(),
    };
    let page = &PageRequest { limit: SHARED_MAX, cursor: None };
    let ways = input.ways(kind, &name);
    let reading = ways.iter().map(|(way, value)| async move {
        let list = scope.keys().identities(of(kind), way.sign().name(), value);
        scope.list::<model::Identity>(&list, page, Order::Ascending).await
    });
    let mut found = Vec::<Possible>::new();
    for ((way, _), page) in ways.iter().zip(all_at_once(reading).await) {
        for identity in page?.items {
            let is_far = *way == Way::Name && !name::are_close(kind, &name, &identity.subject.name);
            if is_far || identity.record.to_string() == input.id {
                continue;
            }
            let sign = way.sign();
            match found.iter_mut().find(|known| known.record == identity.record) {
                Some(known) if known.signs.contains(&sign) => {}
                Some(known) => known.signs.push(sign),
                None => {
                    let subject = identity.value.subject;
                    found.push(Possible {
                        record: identity.value.record,
                        name: subject.name,
                        detail: subject.detail,
                        assigned_to: subject.assigned_to,
                        signs: vec![sign],
                    });
                }
            }
        }
    }
    found.iter_mut().for_each(|possible| possible.signs.sort_unstable());
    found.sort_by(|a, b| (a.signs.first(), a.record).cmp(&(b.signs.first(), b.record)));
    let (mut seen, hidden): (Vec<_>, Vec<_>) = found.into_iter().partition(|one| asker.sees(one.assigned_to));
    seen.truncate(TOLD_MAX);
    Ok(Found { seen, hidden: hidden.len() })
}

impl CheckInput {
    fn ways(&self, kind: RecordKind, name: &str) -> Vec<(Way, String)> {
        let within = |text: &str| text.chars().count() <= TYPED_MAX;
        if ![name, &self.siret, &self.vat_number, &self.email, &self.phone, &self.mobile].into_iter().all(within) {
            return Vec::new();
        }
        let country = if self.country.trim().is_empty() { kernel::country::DEFAULT } else { &self.country };
        let traits = Traits {
            name,
            siren: model::siren(&self.siret, &self.vat_number).filter(|_| kind == RecordKind::Company),
            email: Some(&self.email),
            phones: [Some(&self.phone), Some(&self.mobile)],
            country,
        };
        traits.ways(kind)
    }
}
