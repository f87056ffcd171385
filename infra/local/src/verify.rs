//! `abservice verify`: checks an archive of this machine, with nothing else; or the ledger of an organization, where the
//! environment names its table and the vault's key as it does for the functions.

use std::{fs::File, io::BufReader, process::ExitCode};

use cloud::{Deps, PublicKey};
use invoicing::ledger::{archive_check::check_archive, check::Report, verify_ledger};
use kernel::{Actor, Tenant, id::OrganizationId};

/// `key` is the public key as the page « Journal » shows it, in hexadecimal.
pub async fn verify(target: &str, key: Option<&str>) -> Result<ExitCode, String> {
    let key = match key {
        Some(text) => Some(PublicKey::parse(text).ok_or("--key wants 64 hexadecimal characters")?),
        None => None,
    };
    let report = match target.parse::<OrganizationId>() {
        Ok(organization) => of_organization(organization).await?,
        Err(_) => {
            let file = File::open(target).map_err(|error| format!("{target} : {error}"))?;
            check_archive(BufReader::new(file), key).map_err(|error| error.to_string())?
        }
    };
    println!("{}", told(&report));
    Ok(if report.is_intact() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn of_organization(organization: OrganizationId) -> Result<Report, String> {
    let deps = Deps::from_environment().await.map_err(|error| error.to_string())?;
    let scope = deps.table.scope(Tenant::proven(organization, Actor::System { name: "verify".into() }));
    verify_ledger(&deps, &scope, async |done| {
        tracing::info!(done, "entries");
        Ok(())
    })
    .await
    .map_err(|error| error.to_string())
}

fn told(report: &Report) -> String {
    let mut lines =
        vec![format!("{} écritures, {} clôtures, dernière empreinte {}", report.entries, report.closings, report.head)];
    lines.extend(report.series.iter().map(|(series, last)| format!("Série {series} : {last} numéros")));
    if report.is_intact() {
        lines.push("Tout est intact.".into());
    } else {
        lines.push("Voici ce qui ne va pas, en commençant par la première écriture :".into());
        lines.extend(report.faults.iter().map(|fault| format!("  {}", fault.message)));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_archive_is_told() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "PK?").expect("written");
        let path = file.path().to_str().expect("a path");
        let wrong = verify(path, None).await.expect_err("no archive");
        assert!(wrong.contains("n’est pas une archive"), "{wrong}");
        assert!(verify(path, Some("12")).await.is_err());
        assert!(verify("/nowhere.zip", None).await.is_err());
    }
}
