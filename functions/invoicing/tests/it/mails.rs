//! What clients are written: the words, in text and in HTML, and what comes with them.

use jiff::SignedDuration;
use kernel::{id::InvoiceId, mail::Mail};
use serde_json::json;
use table::{Key, shared::OwnedMail};

use crate::{app, issued, quote};

async fn mails(app: &testkit::App, key: &Key) -> Vec<Mail> {
    let items = app.scope().collection(&key.collection()).await.unwrap();
    items.all::<OwnedMail>().unwrap().into_iter().map(|stored| stored.value.mail).collect()
}

/// Spaces as people see them.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

#[track_caller]
fn says(mail: &Mail, subject: &str, text: &str, facts: &[(&str, &str)]) {
    assert_eq!((mail.subject.as_str(), plain(&mail.text).as_str()), (subject, text));
    assert_eq!(mail.from_name, "Atelier Lumière");
    assert_eq!(mail.reply_to.as_ref().unwrap().address, "contact@atelier.example");
    assert_eq!(mail.to.address, "compta@client.example");
    assert_eq!((&mail.secret, mail.gives_link), (&None, true));
    let html = plain(mail.html.as_deref().unwrap());
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.contains('\n')) {
        assert!(html.contains(paragraph), "{paragraph} in {html}");
    }
    for (label, value) in facts {
        let (label, value) = (html.find(&format!(">{label}</th>")), html.find(&format!(">{value}</td>")));
        assert!(label.is_some() && label < value, "{facts:?} in {html}");
    }
}

#[tokio::test]
async fn a_quote_leaves_with_the_way_to_accept_it() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = app.program().post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    app.program().post(&format!("/api/v1/quotes/{id}/send"), &json!({})).await.expect(200);
    let mails = mails(&app, &app.scope().keys().quote(id.parse().unwrap())).await;
    assert_eq!(mails.len(), 1);
    says(
        &mails[0],
        "Devis DEV-2026-0001 – Atelier Lumière",
        "Bonjour Claire Martin,\n\nVeuillez trouver ci-joint notre devis DEV-2026-0001 d’un montant de 1 198,69 € TTC, \
         valable jusqu’au 22 décembre 2026.\n\nVous pouvez l’accepter et le signer en ligne, ou nous le \
         retourner signé.\n\nConsulter le devis en ligne :\n{site}/portail?lien={secret}\n\nCe lien vous est personnel : qui le détient peut consulter ce document.\n\nBien cordialement,\nAtelier Lumière\n",
        &[
            ("Devis", "DEV-2026-0001"),
            ("Montant TTC", "1 198,69 €"),
            ("Valable jusqu’au", "22 décembre 2026"),
            ("Pièce jointe", "DEV-2026-0001.pdf"),
        ],
    );
}

#[tokio::test]
async fn an_invoice_leaves_and_is_reminded_when_it_is_late() {
    let app = app().await;
    let id: InvoiceId = issued(&app, &app.program()).await.parse().unwrap();
    app.advance(SignedDuration::from_hours(24 * 33));
    invoicing::reminder::remind_invoice(&app.scope(), id).await.unwrap();
    let mails = mails(&app, &app.scope().keys().invoice(id)).await;
    assert_eq!(mails.len(), 2);
    says(
        &mails[0],
        "Facture FAC-2026-0001 – Atelier Lumière",
        "Bonjour Claire Martin,\n\nVeuillez trouver ci-joint notre facture FAC-2026-0001 d’un montant de 1 200,00 € TTC, \
         à régler au plus tard le 22 décembre 2026.\n\nConsulter la facture en ligne :\n{site}/portail?lien={secret}\n\nCe lien vous est personnel : qui le détient peut consulter ce document.\n\nBien cordialement,\nAtelier Lumière\n",
        &[
            ("Facture", "FAC-2026-0001"),
            ("Montant TTC", "1 200,00 €"),
            ("Échéance", "22 décembre 2026"),
            ("Pièce jointe", "FAC-2026-0001.pdf"),
        ],
    );
    says(
        &mails[1],
        "Rappel : facture FAC-2026-0001 échue – Atelier Lumière",
        "Bonjour Claire Martin,\n\nSauf erreur de notre part, notre facture FAC-2026-0001 du 22 novembre 2026, échue le \
         22 décembre 2026, reste à régler à hauteur de 1 200,00 €.\n\nNous vous remercions de procéder à son règlement. \
         Si votre paiement a croisé ce message, merci de ne pas en tenir compte.\n\nConsulter la facture en ligne :\n{site}/portail?lien={secret}\n\nCe lien vous est personnel : qui le détient peut consulter ce document.\n\nBien cordialement,\nAtelier Lumière\n",
        &[
            ("Facture", "FAC-2026-0001"),
            ("Échue le", "22 décembre 2026"),
            ("Reste à régler", "1 200,00 €"),
            ("Pièces jointes", "FAC-2026-0001.pdf, FAC-2026-0001-relance-2.pdf"),
        ],
    );
}
