//! One's name and how one is reached. The name stands on every membership.

use kernel::{Error, Result, Violations, legal};
use serde::{Deserialize, Serialize};
use table::{Patch, Stored, TenantKeys, keys};
use web::{Asker, team::UserOrganization};

use super::store::Account;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileInput {
    pub name: String,
    pub job_title: String,
    pub phone: String,
}

impl ProfileInput {
    pub fn of(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            job_title: account.job_title.clone().unwrap_or_default(),
            phone: account.phone.clone().unwrap_or_default(),
        }
    }

    fn parse(&self, current: &Account) -> Result<Account, Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, 200));
        let mut text = |pointer: &str, text: &str, max| {
            wrong.take(pointer, legal::optional(text, |text| legal::text(text, max))).flatten()
        };
        let job_title = text("/job_title", &self.job_title, 100);
        let phone = text("/phone", &self.phone, 30);
        match name {
            Some(name) if wrong.is_empty() => Ok(Account { name, job_title, phone, ..current.clone() }),
            _ => Err(wrong),
        }
    }
}

pub async fn show_profile(asker: &Asker) -> Result<Stored<Account>> {
    asker.deps().table.get(&keys::email(&asker.email)).await?.ok_or(Error::NotFound)
}

/// `seen` is the version that the form was filled in on.
pub async fn edit_profile(asker: &Asker, input: &ProfileInput, seen: Option<u64>) -> Result<(Account, u64)> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let mine = keys::memberships_of_user(asker.user);
            let (current, mine) =
                table::meter::side_by_side(show_profile(asker), asker.deps().table.collection(&mine)).await;
            let current = current?.expect_version(seen)?;
            let changed = input.parse(&current)?;
            let mut transaction = scope.begin("edit_profile", asker.user);
            transaction.update(&current, &changed);
            if changed.name != current.name {
                for one in mine?.all::<UserOrganization>()? {
                    let member = TenantKeys::of(one.organization).member(asker.user);
                    transaction.patch(Patch::of::<web::Membership>(member).set("name", &changed.name));
                }
            }
            Ok((transaction, (changed, current.version + 1)))
        })
        .await
}
