//! A file of clients comes in, but for the rows that are wrong, and these go out again with the reason.

use std::{fmt::Write, time::Duration};

use local::Options;
use thirtyfour::prelude::*;

use super::{PASSWORD, Person, play};

const ROWS: usize = 2_000;
/// Each row of which this is a divisor is wrong.
const WRONG_EACH: usize = 54;

fn file() -> String {
    let mut text = String::from("Raison sociale;E-mail;Ville\r\n");
    for row in 1..=ROWS {
        let email = if row % WRONG_EACH == 0 { "pas une adresse".into() } else { format!("c{row}@client.example") };
        write!(text, "Client {row};{email};\r\n").expect("a text");
    }
    text
}

/// Waits longer than for a page: the worker takes its time.
async fn patiently(person: &Person, text: &str) -> WebDriverResult<()> {
    for _ in 0..240 {
        if person.reads(text).await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    person.read(text).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_2_000_rows_is_imported_but_for_the_37_that_are_wrong() {
    play(Options::memory(), async |stage| {
        let person = stage.person().await?;
        person.sign_up("Atelier du Pont", "Camille Martin", "camille@atelier.example", PASSWORD).await?;
        person.open("/crm/entreprises").await?;
        person.go("Importer").await?;
        person.inspect("an import, before the file").await?;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("clients.csv");
        std::fs::write(&path, file()).expect("a file is written");
        person.browser.find(By::Id("import-file")).await?.send_keys(path.display().to_string()).await?;
        person.read("Colonnes du fichier").await?;
        person.inspect("the columns of a file").await?;
        person.go("Vérifier le fichier").await?;
        patiently(&person, "Fichier d’erreurs").await?;
        person.read("Ligne 55").await?;
        person.inspect("an import that was checked").await?;

        let href = "return document.querySelector('a[href$=\"/erreurs\"]').href";
        let href: String = person.browser.execute(href, vec![]).await?.convert()?;
        let session = person.browser.get_named_cookie("session").await?.value;
        let report = reqwest::Client::new().get(href).header("cookie", format!("session={session}")).send().await;
        let report = report.expect("an answer").text().await.expect("a text");
        assert_eq!(report.lines().count(), 1 + ROWS / WRONG_EACH, "{report}");
        assert!(report.lines().skip(1).all(|line| line.contains("Cette adresse e-mail n’est pas valide.")));

        person.go("Importer").await?;
        patiently(&person, "Voir la liste").await?;
        person.inspect("an import that is done").await?;
        person.go("Voir la liste").await?;
        person.read("Client 1000").await?;
        person.inspect("a list with its bar").await
    })
    .await;
}
