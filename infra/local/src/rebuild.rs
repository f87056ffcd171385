//! `abservice rebuild-sales`: has the figures of sales of an organization made anew, where the environment names its table as it
//! does for the functions. Its worker does it; the page « Calcul des chiffres » shows how far it has come.

use cloud::Deps;
use kernel::{Actor, Tenant, id::OrganizationId};

pub async fn rebuild(target: &str) -> Result<(), String> {
    let organization: OrganizationId = target.parse().map_err(|_| format!("{target} is no organization (org_…)"))?;
    let deps = Deps::from_environment().await.map_err(|error| error.to_string())?;
    let scope = deps.table.scope(Tenant::proven(organization, Actor::System { name: "rebuild".into() }));
    let state = sales::projection::rebuild_figures(&scope).await.map_err(|error| error.to_string())?;
    let entries = state.rebuild.map(|rebuild| rebuild.until).unwrap_or_default();
    println!("Les chiffres de vente sont recalculés à partir de {entries} écritures du journal.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_organization_is_told() {
        assert!(rebuild("acme").await.expect_err("no organization").contains("acme"));
    }
}
