//! A letter to an employee is looked at as its pages before it is made out.

use local::Options;
use serde_json::{Value, json};

use super::{PASSWORD, play};
use crate::company::{Company, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_looked_at_as_its_pages_and_then_made_out() {
    play(Options::memory(), async |stage| {
        let owner = stage.person().await?;
        let company = Company::sign_up(&stage.system).await;
        let file = json!({ "number": "S-1", "first_name": "Inès", "last_name": "Moreau", "hired_on": "2040-01-02" });
        let hired = company.post("/api/v1/employees", &json!({ "employee": file, "contract": {} })).await;
        let page = format!("/rh/employes/{}/courriers", text(&hired, "/id"));
        owner.open("/connexion").await?;
        owner.sign_in("camille@atelier.example", PASSWORD).await?;
        owner.open(&page).await?;
        owner.press("Aperçu").await?;
        let drawn =
            "return [...document.querySelectorAll('#letter-preview img')].some((page) => page.naturalWidth > 900)";
        owner.until("a page", drawn, Value::Null).await?;
        assert!(owner.path().await?.ends_with(&page), "what was typed stays");
        owner.inspect("a letter, looked at").await?;
        // What cannot be made out says why, in the place of the pages.
        owner.choose("letter", "Certificat de travail").await?;
        owner.press("Aperçu").await?;
        let refused = "return document.querySelector('#letter-preview [data-form-errors]') !== null";
        owner.until("why not", refused, Value::Null).await?;
        owner.choose("letter", "Attestation d’emploi").await?;
        owner.go("Établir le document").await?;
        owner.read("Le courrier est établi").await
    })
    .await;
}
