//! The first path, from sign-up to the reminder.

use jiff::SignedDuration;
use local::Options;
use serde_json::Value;
use thirtyfour::prelude::*;

use super::{PASSWORD, PATIENCE, Person, play};

pub const EMAIL: &str = "camille@atelier.example";
const CLIENT_EMAIL: &str = "compta@client.example";

const TOTALS: [(&str, &str); 4] =
    [("Total HT", "1 025,00 €"), ("TVA 5,5 %", "6,88 €"), ("TVA 20 %", "180,00 €"), ("Total TTC", "1 211,88 €")];

#[tokio::test(flavor = "multi_thread")]
async fn a_person_walks_the_first_path() {
    play(Options::memory(), async |stage| {
        let (person, system) = (stage.person().await?, &stage.system);
        person.open("/").await?;
        person.inspect("sign-in").await?;
        person.go("Créer un compte").await?;
        person.inspect("sign-up").await?;
        person.sign_up("Atelier du Pont", "Camille Martin", EMAIL, PASSWORD).await?;
        person.settle_in().await?;
        person.wear_a_logo().await?;
        person.add_client().await?;
        person.send_quote().await?;
        person.note_acceptance().await?;
        let invoice = person.issue_invoice().await?;
        person.record_payment().await?;

        system.advance(SignedDuration::from_hours(33 * 24)).expect("the clock moves");
        system.idle(PATIENCE).await.expect("what was due is done");
        person.come_back(&invoice).await?;
        person.read("En retard").await?;
        person.inspect("invoice, overdue").await?;
        person.open("/facturation/factures").await?;
        person.read("En retard").await?;
        person.inspect("invoices").await?;

        let mailbox = ["/_local/", "/_local/files", "/_local/planification", "/_local/pannes", "/_local/courrier"];
        for page in mailbox {
            person.open(page).await?;
            person.inspect(page).await?;
        }
        let reminders = person.browser.find_all(By::PartialLinkText("Rappel")).await?;
        assert_eq!(reminders.len(), 1, "one reminder lies in the mailbox");
        reminders[0].click().await?;
        person.read("711,88 €").await?;
        person.read(CLIENT_EMAIL).await?;
        person.inspect("the reminder").await
    })
    .await;
}

impl Person {
    pub(super) async fn fill_line(
        &self,
        at: usize,
        description: &str,
        quantity: &str,
        price: &str,
        vat: &str,
    ) -> WebDriverResult<()> {
        let line = self.see(By::Css(format!("[data-line]:nth-child({})", at + 1))).await?;
        for (name, value) in [("description", description), ("quantity", quantity), ("unit_price", price)] {
            let field = line.find(By::Css(format!("[name=line_{name}]"))).await?;
            self.write(&field, value).await?;
        }
        line.find(By::Css(format!("[name=line_vat] option[value='{vat}']"))).await?.click().await
    }

    /// Sums as the page has them: terms and values, with plain spaces.
    async fn totals(&self) -> WebDriverResult<Vec<(String, String)>> {
        let script = "const list = document.querySelector('dl.totals');
            const plain = (node) => node.textContent.replace(/[\\u00a0\\u202f]/g, ' ').trim();
            const terms = [...list.querySelectorAll('dt')], values = [...list.querySelectorAll('dd')];
            return terms.map((term, at) => [plain(term), plain(values[at])]);";
        self.browser.execute(script, vec![]).await?.convert()
    }

    pub(super) async fn settle_in(&self) -> WebDriverResult<()> {
        self.read("Paramètres de l’entreprise").await?;
        self.fill(&[
            ("legal_form", "SARL"),
            ("siret", "732 829 320 00074"),
            ("vat_number", "FR44732829320"),
            ("rcs_city", "Lyon"),
            ("capital", "10 000 €"),
            ("street", "5 quai de Saône"),
            ("postal_code", "69002"),
            ("city", "Lyon"),
            ("email", "contact@atelier.example"),
            ("bank_name", "Banque de Lyon"),
            ("iban", "FR76 3000 6000 0112 3456 7890 189"),
            ("bic", "AGRIFRPP"),
        ])
        .await?;
        // A colour is chosen in a window of the system's, which no driver reaches.
        let choose = "const field = document.getElementById('primary_color'); field.value = '#0e7490';
            field.dispatchEvent(new Event('input', { bubbles: true }));";
        self.browser.execute(choose, vec![]).await?;
        self.read("#0E7490").await?;
        self.go("Enregistrer").await?;
        self.read("Les paramètres de l’entreprise sont enregistrés.").await?;
        self.inspect("settings").await
    }

    /// Sends a logo while something is typed into the settings, which is saved afterwards.
    async fn wear_a_logo(&self) -> WebDriverResult<()> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("a file is written");
            path.display().to_string()
        };
        self.fill(&[("activity", "Menuiserie")]).await?;
        let choose = || self.browser.find(By::Id("logo-file"));
        choose().await?.send_keys(file("notes.txt", b"no picture")).await?;
        self.read("Ce type de fichier n’est pas accepté : choisissez PNG, JPEG, GIF ou WebP.").await?;
        // That it is refused stands in the console too.
        drop(self.browser.get_log("browser").await?);
        choose().await?.send_keys(file("logo.png", &crate::round_trips::picture())).await?;
        self.read("Le logo est enregistré.").await?;
        let worn = "const marks = document.querySelectorAll('#organization-mark img, #logo img');
            return marks.length === 2 && [...marks].every((mark) => mark.complete && mark.naturalWidth > 0)";
        self.until("the logo", worn, Value::Null).await?;
        self.inspect("settings, with a logo").await?;
        self.go("Enregistrer").await?;
        self.read("Les paramètres de l’entreprise sont enregistrés.").await?;
        self.until("what was typed", "return document.getElementById('activity').value === 'Menuiserie'", Value::Null)
            .await?;
        self.until("the logo on the next page", worn, Value::Null).await
    }

    pub(super) async fn add_client(&self) -> WebDriverResult<()> {
        self.open("/crm/entreprises").await?;
        self.inspect("companies, none").await?;
        self.go("Nouvelle entreprise").await?;
        self.fill(&[
            ("name", "La Poste"),
            ("siret", "35600000000048"),
            ("street", "9 rue du Colonel Pierre Avia"),
            ("postal_code", "75015"),
            ("city", "Paris"),
            ("email", CLIENT_EMAIL),
        ])
        .await?;
        self.inspect("company form").await?;
        self.go("Enregistrer").await?;
        self.read("L’entreprise est ajoutée.").await?;
        self.go("Ajouter un contact").await?;
        self.inspect("contact form").await?;
        self.fill(&[("first_name", "Jeanne"), ("last_name", "Lefèvre"), ("email", "jeanne@client.example")]).await?;
        self.go("Enregistrer").await?;
        self.read("Le contact est ajouté.").await?;
        self.inspect("contact").await?;
        self.go("La Poste").await?;
        self.read("jeanne@client.example").await?;
        self.inspect("company").await
    }

    pub(super) async fn send_quote(&self) -> WebDriverResult<()> {
        self.go("Nouveau devis").await?;
        self.fill(&[("subject", "Refonte du site internet")]).await?;
        self.fill_line(0, "Conception graphique", "2", "450,00", "20").await?;
        self.press("Ajouter une ligne").await?;
        self.fill_line(1, "Livre imprimé", "10", "12,50", "5.5").await?;
        let expected = TOTALS.map(|(term, value)| (term.to_owned(), value.to_owned()));
        assert_eq!(self.totals().await?, expected, "what the editor computes");
        self.inspect("quote form").await?;
        self.go("Enregistrer le brouillon").await?;
        assert_eq!(self.totals().await?, expected, "what the server computes");
        self.inspect("quote").await?;
        self.press("Envoyer").await?;
        self.read("Une fois envoyé, il ne pourra plus être modifié").await?;
        self.inspect("quote, about to be sent").await?;
        self.go("Envoyer le devis").await?;
        self.read("DEV-2041-0001").await
    }

    pub(super) async fn note_acceptance(&self) -> WebDriverResult<()> {
        self.go("Marquer accepté").await?;
        self.inspect("quote, accepted").await
    }

    /// The path of the invoice's page.
    pub(super) async fn issue_invoice(&self) -> WebDriverResult<String> {
        self.go("Facturer").await?;
        self.inspect("quote, about to be invoiced").await?;
        self.go("Préparer la facture").await?;
        self.inspect("invoice, draft").await?;
        self.press("Émettre").await?;
        self.read("L’émission est définitive.").await?;
        self.inspect("invoice, about to be issued").await?;
        self.go("Émettre la facture").await?;
        self.read("Facture FAC-2041-0001").await?;
        // It comes by itself, once the worker has rendered it.
        let pdf = self.see(By::LinkText("Télécharger le PDF")).await?;
        assert!(pdf.attr("href").await?.is_some_and(|href| href.ends_with("/pdf")));
        self.inspect("invoice").await?;
        self.path().await
    }

    pub(super) async fn record_payment(&self) -> WebDriverResult<()> {
        self.press("Enregistrer un paiement").await?;
        self.fill(&[("amount", "500")]).await?;
        self.inspect("invoice, about to be paid").await?;
        self.go("Enregistrer le paiement").await?;
        self.read("Partiellement payée").await?;
        self.read("711,88 €").await?;
        self.inspect("invoice, paid in part").await?;
        for (path, page) in [("/", "home"), ("/facturation", "invoicing"), ("/compte/jetons", "tokens")] {
            self.open(path).await?;
            self.inspect(page).await?;
        }
        Ok(())
    }

    /// Opens a page, by way of signing in when the session has ended meanwhile.
    pub(super) async fn come_back(&self, path: &str) -> WebDriverResult<()> {
        self.open(path).await?;
        if self.path().await? == "/connexion" {
            self.sign_in(EMAIL, PASSWORD).await?;
        }
        assert_eq!(self.path().await?, path, "signing in leads back to where one wanted to go");
        Ok(())
    }
}
