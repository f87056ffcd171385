//! Giving a client a price list, and taking it away.

use kernel::{
    Error, Result, Rule,
    id::{CompanyId, PriceListId},
    reference::ClientReference,
};
use table::Stored;
use web::Asker;

use super::ClientPriceList;
use crate::{catalogue::Catalogue, client};

/// The list that the client had before is theirs no more. `client` is an id as it was typed.
pub async fn assign_price_list(asker: &Asker, price_list: PriceListId, client: &str) -> Result<ClientPriceList> {
    let unknown = || Error::field("/client_id", Rule::NotFound);
    let client: CompanyId = client.parse().map_err(|_| unknown())?;
    let scope = &asker.scope;
    scope
        .write(|| async {
            let keys = scope.keys();
            let wanted = [keys.catalogue(), keys.client_reference(client), keys.client_price_list(client)];
            let found = scope.get_many(&wanted).await?;
            found
                .first::<Catalogue>()?
                .unwrap_or_else(Stored::unwritten)
                .price_list(price_list)
                .ok_or(Error::NotFound)?;
            let reference = found.first::<ClientReference>()?.ok_or_else(unknown)?;
            if !asker.sees(reference.assigned_to) {
                return Err(unknown());
            }
            let assigned = ClientPriceList { client, price_list };
            let mut transaction = scope.begin("assign_price_list", client);
            transaction.save(found.first::<ClientPriceList>()?.as_ref(), &assigned);
            client::note(&mut transaction, client);
            Ok((transaction, assigned))
        })
        .await
}

/// Done already is as well.
pub async fn unassign_price_list(asker: &Asker, price_list: PriceListId, client: CompanyId) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.client_reference(client), keys.client_price_list(client)]).await?;
            let reference = found.first::<ClientReference>()?.ok_or(Error::NotFound)?;
            asker.must_see(reference.assigned_to)?;
            let mut transaction = scope.begin("unassign_price_list", client);
            match found.first::<ClientPriceList>()?.filter(|assigned| assigned.price_list == price_list) {
                Some(assigned) => transaction.delete(&assigned),
                None => return Ok((transaction.nothing(), ())),
            };
            Ok((transaction, ()))
        })
        .await
}
