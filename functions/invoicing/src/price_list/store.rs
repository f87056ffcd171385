//! Which price list a client has: an item beside what invoicing keeps of the client.

use kernel::{Result, id::CompanyId, reference::ClientReference};
use table::{Index, Item, Items, Key, TenantKeys};
use web::Asker;

use super::{ClientPriceList, PriceList};
use crate::catalogue::Catalogue;

impl Item for ClientPriceList {
    const TYPE: &'static str = "client_price_list";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.client_price_list(self.client)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_clients_of_price_list(self.price_list, self.client))
    }
}

/// The list by which a client is asked for prices; none for eyes that the client is not for.
pub async fn of_client(asker: &Asker, client: CompanyId) -> Result<Option<PriceList>> {
    let keys = asker.scope.keys();
    let wanted = [keys.client_price_list(client), keys.catalogue(), keys.client_reference(client)];
    let found = asker.scope.get_many(&wanted).await?;
    let is_theirs = found.first::<ClientReference>()?.is_some_and(|client| asker.sees(client.assigned_to));
    if is_theirs { found_in(&found) } else { Ok(None) }
}

/// The list of a client of whom [`ClientPriceList`] and [`Catalogue`] were read.
pub fn found_in(found: &Items) -> Result<Option<PriceList>> {
    let (assigned, catalogue) = (found.first::<ClientPriceList>()?, found.first::<Catalogue>()?);
    Ok(assigned.zip(catalogue).and_then(|(assigned, catalogue)| catalogue.price_list(assigned.price_list).cloned()))
}

#[cfg(test)]
mod tests {
    use kernel::id::{OrganizationId, PriceListId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;

    #[test]
    fn the_price_list_of_a_client_as_it_is_stored() {
        let (client, price_list) = (CompanyId::from_ulid(Ulid(2)), PriceListId::from_ulid(Ulid(3)));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#CLIENT#00000000000000000000000002",
            "sk": "PRICE_LIST",
            "gsi1pk": "ORG#00000000000000000000000001#CLIENTS_OF_PRICE_LIST#00000000000000000000000003",
            "gsi1sk": "00000000000000000000000002",
            "type": "client_price_list",
            "v": 1,
            "client": "com_00000000000000000000000002",
            "price_list": "pri_00000000000000000000000003",
        });
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        assert_eq!(golden(&ClientPriceList { client, price_list }, keys).ok(), Some(expected));
    }
}
