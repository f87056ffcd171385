//! The first path as a person walks it: headless Chromium, real clicks and typing, from sign-up to the reminder.
//! Every page on the way is also looked at: nothing in the console, nothing wider than a telephone, and axe finds
//! nothing serious.
//!
//! Where Chromium or its driver is not installed the journey is skipped, saying so; `ABSERVICE_BROWSER=1` makes
//! that a failure.

use std::{
    io::{BufRead, BufReader},
    panic::{AssertUnwindSafe, resume_unwind},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use futures::FutureExt;
use jiff::SignedDuration;
use local::{Options, System};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{LoggingPrefsLogLevel, prelude::*};

const CHROMIUM: &str = "/usr/bin/chromium";
const DRIVER: &str = "/usr/bin/chromedriver";
const AXE: &str = include_str!("../../assets/axe.js");

/// How long anything on a page may take to come; the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(30);
const AGAIN: Duration = Duration::from_millis(100);

const DESKTOP: (u32, u32) = (1440, 900);
const TELEPHONE: (u32, u32) = (360, 740);

/// Numbers have their year in them.
const THAT_DAY: &str = "2026-11-22T10:00:00Z";

pub const EMAIL: &str = "camille@atelier.example";
pub const PASSWORD: &str = "correct horse battery staple 42";
const CLIENT_EMAIL: &str = "compta@client.example";

/// Chromedriver on a port of its own choice; it and its browser end with this.
pub struct Driver {
    process: Child,
    url: String,
    profile: TempDir,
}

impl Driver {
    pub fn start() -> Self {
        let mut process = Command::new(DRIVER)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        let port: u16 = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok())
            .expect("chromedriver says its port");
        // What it says later is read away, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let profile = tempfile::tempdir().expect("a folder for the browser");
        Self { process, url: format!("http://127.0.0.1:{port}"), profile }
    }

    pub async fn open(&self) -> WebDriverResult<WebDriver> {
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(CHROMIUM)?;
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        wanted.add_arg(&format!("--user-data-dir={}", self.profile.path().display()))?;
        for flag in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=fr-FR",
        ] {
            wanted.add_arg(flag)?;
        }
        WebDriver::new(&self.url, wanted).await
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// A person before the browser.
pub struct Person<'a> {
    pub browser: &'a WebDriver,
    pub url: &'a str,
}

impl Person<'_> {
    pub async fn open(&self, path: &str) -> WebDriverResult<()> {
        self.browser.goto(format!("{}{path}", self.url)).await
    }

    /// The first element that fits and is seen, waited for.
    pub async fn see(&self, by: By) -> WebDriverResult<WebElement> {
        self.browser.query(by).wait(PATIENCE, AGAIN).and_displayed().first().await
    }

    /// Waits for a text anywhere in the page.
    pub async fn read(&self, text: &str) -> WebDriverResult<()> {
        let said = json!(text);
        self.until(
            text,
            "return document.body.innerText.replace(/[\\u00a0\\u202f]/g, ' ').includes(arguments[0])",
            said,
        )
        .await
    }

    /// Waits until a script answers true.
    pub async fn until(&self, what: &str, script: &str, argument: Value) -> WebDriverResult<()> {
        let since = Instant::now();
        while !self.browser.execute(script, vec![argument.clone()]).await?.json().as_bool().unwrap_or_default() {
            if since.elapsed() > PATIENCE {
                let page = self.browser.execute("return document.body.innerText", vec![]).await?;
                let at = self.browser.current_url().await?;
                panic!("waited in vain for “{what}” on {at}:\n{}", page.json().as_str().unwrap_or_default());
            }
            tokio::time::sleep(AGAIN).await;
        }
        Ok(())
    }

    pub async fn press(&self, label: &str) -> WebDriverResult<()> {
        let pressable = format!(
            "//*[self::button or self::a][normalize-space()='{label}'][not(ancestor::dialog) or ancestor::dialog[@open]]"
        );
        let it =
            self.browser.query(By::XPath(pressable)).desc(label).wait(PATIENCE, AGAIN).and_clickable().first().await?;
        // In the middle, so that the bar at the bottom does not lie over it.
        self.browser.execute("arguments[0].scrollIntoView({ block: 'center' })", vec![it.to_json()?]).await?;
        it.click().await
    }

    /// Presses what leads to another page and waits until that one stands.
    pub async fn go(&self, label: &str) -> WebDriverResult<()> {
        self.browser.execute("window.leaving = true", vec![]).await?;
        self.press(label).await?;
        self.until(label, "return !window.leaving && document.readyState === 'complete'", Value::Null).await
    }

    pub async fn fill(&self, fields: &[(&str, &str)]) -> WebDriverResult<()> {
        for (id, value) in fields {
            self.write(&self.see(By::Id(*id)).await?, value).await?;
        }
        Ok(())
    }

    async fn write(&self, field: &WebElement, value: &str) -> WebDriverResult<()> {
        field.clear().await?;
        field.send_keys(value).await
    }

    async fn fill_line(
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

    /// What every page must hold, whatever it shows: no error, no scrolling sideways, usable by everybody.
    pub async fn inspect(&self, page: &str) -> WebDriverResult<()> {
        for (width, height) in [DESKTOP, TELEPHONE] {
            self.look_at(width, height).await?;
            // Panels filled, dialogs faded in: what is half there is neither wide nor legible.
            let rest = "return !document.querySelector('[aria-busy=true]')
                && document.getAnimations().every(({ playState }) => playState !== 'running')";
            self.until("the page at rest", rest, Value::Null).await?;
            let wide: i64 =
                self.browser.execute("return document.documentElement.scrollWidth", vec![]).await?.convert()?;
            assert!(wide <= i64::from(width), "{page}: {wide} px wide on a screen of {width} px");
            let found = self.violations().await?;
            assert!(found.is_empty(), "{page}, {width} px wide:\n{}", found.join("\n"));
        }
        self.look_at(DESKTOP.0, DESKTOP.1).await?;
        let said: Vec<_> = self.browser.get_log("browser").await?;
        let wrong: Vec<_> =
            said.iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message.as_str()).collect();
        assert!(wrong.is_empty(), "{page}: the console says\n{}", wrong.join("\n"));
        Ok(())
    }

    /// The page's own width: a window has borders, and headless ones a least width.
    async fn look_at(&self, width: u32, height: u32) -> WebDriverResult<()> {
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", screen).await?;
        self.until("the new width", "return window.innerWidth === arguments[0]", json!(width)).await
    }

    async fn devtools(&self, command: &str, parameters: Value) -> WebDriverResult<()> {
        let url = format!("{}/goog/cdp/execute", self.session_url());
        let sent = reqwest::Client::new().post(url).json(&json!({ "cmd": command, "params": parameters })).send().await;
        assert!(sent.is_ok_and(|answer| answer.status().is_success()), "{command} was refused");
        Ok(())
    }

    pub fn session_url(&self) -> String {
        format!("{}session/{}", self.browser.handle().server_url(), self.browser.handle().session_id())
    }

    /// Rules of accessibility that are broken in a serious or critical way.
    async fn violations(&self) -> WebDriverResult<Vec<String>> {
        let there = self.browser.execute("return Boolean(window.axe)", vec![]).await?;
        if there.json() != &json!(true) {
            self.browser.execute(AXE, vec![]).await?;
        }
        let script = "const done = arguments[0];
            axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => done(violations
                .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`)),
                (error) => done([`axe itself: ${error}`]));";
        self.browser.execute_async(script, vec![]).await?.convert()
    }

    pub async fn sign_up(&self) -> WebDriverResult<()> {
        self.open("/").await?;
        self.inspect("sign-in").await?;
        self.go("Créer un compte").await?;
        self.inspect("sign-up").await?;
        self.fill(&[
            ("organization_name", "Atelier du Pont"),
            ("name", "Camille Martin"),
            ("email", EMAIL),
            ("password", PASSWORD),
        ])
        .await?;
        self.go("Créer le compte").await
    }

    async fn settle_in(&self) -> WebDriverResult<()> {
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
        self.write(&self.see(By::Id("activity")).await?, "Menuiserie").await?;
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

    async fn add_client(&self) -> WebDriverResult<()> {
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

    async fn write_quote(&self) -> WebDriverResult<()> {
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
        self.read("Une fois envoyé, il ne pourra plus être modifié.").await?;
        self.inspect("quote, about to be sent").await?;
        self.go("Envoyer le devis").await?;
        self.read("DEV-2026-0001").await?;
        self.go("Marquer accepté").await?;
        self.inspect("quote, accepted").await
    }

    /// The path of the invoice's page.
    async fn issue_invoice(&self) -> WebDriverResult<String> {
        self.go("Créer la facture").await?;
        self.inspect("invoice, draft").await?;
        self.press("Émettre").await?;
        self.read("L’émission est définitive.").await?;
        self.inspect("invoice, about to be issued").await?;
        self.go("Émettre la facture").await?;
        self.read("Facture FAC-2026-0001").await?;
        // It comes by itself, once the worker has rendered it.
        let pdf = self.see(By::LinkText("Télécharger le PDF")).await?;
        assert!(pdf.attr("href").await?.is_some_and(|href| href.ends_with("/pdf")));
        self.inspect("invoice").await?;
        Ok(self.browser.current_url().await?.path().to_owned())
    }

    async fn record_payment(&self) -> WebDriverResult<()> {
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
    async fn come_back(&self, path: &str) -> WebDriverResult<()> {
        self.open(path).await?;
        if self.browser.current_url().await?.path() == "/connexion" {
            self.fill(&[("email", EMAIL), ("password", PASSWORD)]).await?;
            self.go("Se connecter").await?;
        }
        assert_eq!(self.browser.current_url().await?.path(), path, "signing in leads back to where one wanted to go");
        Ok(())
    }
}

const TOTALS: [(&str, &str); 4] =
    [("Total HT", "1 025,00 €"), ("TVA 5,5 %", "6,88 €"), ("TVA 20 %", "180,00 €"), ("Total TTC", "1 211,88 €")];

async fn walk(person: &Person<'_>, system: &System) -> WebDriverResult<()> {
    person.sign_up().await?;
    person.settle_in().await?;
    person.wear_a_logo().await?;
    person.add_client().await?;
    person.write_quote().await?;
    let invoice = person.issue_invoice().await?;
    person.record_payment().await?;

    system.advance(SignedDuration::from_hours(31 * 24)).expect("the clock moves");
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
}

pub fn is_installed() -> bool {
    let installed = Path::new(CHROMIUM).exists() && Path::new(DRIVER).exists();
    let wanted = std::env::var("ABSERVICE_BROWSER").is_ok_and(|wanted| wanted == "1");
    assert!(installed || !wanted, "ABSERVICE_BROWSER=1, but {CHROMIUM} and {DRIVER} are not both there");
    installed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_walks_the_first_path() {
    if !is_installed() {
        eprintln!("SKIPPED: the browser journey needs {CHROMIUM} and {DRIVER} (apt install chromium chromium-driver)");
        return;
    }
    let system = System::start(Options::memory()).await.expect("the system starts");
    system.set_now(THAT_DAY.parse().expect("a moment")).expect("the clock is set");
    let driver = Driver::start();
    let browser = driver.open().await.expect("the browser opens");
    let person = Person { browser: &browser, url: system.url() };
    // Caught, because the browser outlives a driver that is only killed.
    let walked = AssertUnwindSafe(walk(&person, &system)).catch_unwind().await;
    let at = browser.current_url().await;
    if !matches!(walked, Ok(Ok(()))) {
        let picture = std::env::temp_dir().join("abservice-browser.png");
        if browser.screenshot(&picture).await.is_ok() {
            eprintln!("what the browser showed: {}", picture.display());
        }
    }
    _ = browser.clone().quit().await;
    match walked {
        Ok(walked) => walked.unwrap_or_else(|error| panic!("at {at:?}: {error}")),
        Err(panicked) => resume_unwind(panicked),
    }
    system.stop().await;
}
