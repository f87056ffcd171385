//! `abservice reindex`: has the index of the search made anew, of one organization or of all of them, in the table that the
//! environment names as it does for the functions. The workers do it; the page of each says how far it has come.

use std::process::ExitCode;

use cloud::Deps;
use kernel::id::OrganizationId;
use search::rebuild::{start_everywhere, start_in};

pub async fn reindex(target: &str) -> Result<ExitCode, String> {
    let one = match target {
        "all" => None,
        one => Some(one.parse::<OrganizationId>().map_err(|_| "reindex wants an organization, or all".to_owned())?),
    };
    let deps = Deps::from_environment().await.map_err(|error| error.to_string())?;
    let started = match one {
        Some(organization) => start_in(&deps, organization).await.map(|_| 1),
        None => start_everywhere(&deps).await,
    };
    let started = started.map_err(|error| error.to_string())?;
    println!("Reconstruction de l’index de recherche lancée pour {started} entreprise(s).");
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_organization_is_told() {
        assert!(reindex("atelier").await.is_err());
    }
}
