//! The first page: arranged in one browser, found so in another; by mouse, by finger and by keyboard; a widget that fails
//! among others that stand; and figures that change by themselves.

use std::time::{Duration, Instant};

use local::Options;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::{PASSWORD, PATIENCE, Person, Stage, play};
use crate::company::{Company, text};

const EMAIL: &str = "camille@atelier.example";
const COLLEAGUE: &str = "claire@client.example";
/// Within how long a page that is open knows; far more than it takes, for a machine that is busy.
const KNOWN_WITHIN: Duration = Duration::from_secs(10);

impl Person {
    /// Opens the first page and waits for its widgets.
    async fn open_home(&self, path: &str) -> WebDriverResult<()> {
        self.open(path).await?;
        self.until("the widgets", "return !document.querySelector('[data-panel][aria-busy]')", Value::Null).await
    }

    async fn widgets(&self) -> WebDriverResult<Vec<String>> {
        let script = "return [...document.querySelectorAll('[data-widget]')].map(({ dataset }) => dataset.widget)";
        self.browser.execute(script, vec![]).await?.convert()
    }

    /// What a widget says, with plain spaces.
    async fn widget(&self, id: &str) -> WebDriverResult<String> {
        let script = "return document.getElementById(arguments[0]).innerText.replace(/[\\u00a0\\u202f]/g, ' ')";
        self.browser.execute(script, vec![json!(format!("widget-{id}"))]).await?.convert()
    }

    async fn announced(&self, text: &str) -> WebDriverResult<()> {
        let script = "return document.getElementById('dashboard-status').textContent.includes(arguments[0])";
        self.until(text, script, json!(text)).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn widgets_arranged_in_one_browser_stand_so_in_another() {
    play(Options::memory(), async |stage| {
        let (one, other) = (stage.person().await?, stage.person().await?);
        Company::sign_up(&stage.system).await;
        for person in [&one, &other] {
            person.open("/connexion").await?;
            person.sign_in(EMAIL, PASSWORD).await?;
            person.open_home("/").await?;
        }
        one.inspect("dashboard").await?;
        let before = one.widgets().await?;
        assert_eq!(other.widgets().await?, before);
        one.go("Personnaliser").await?;
        one.open_home("/?personnaliser=1").await?;
        one.inspect("dashboard, being arranged").await?;

        // By keyboard.
        let grip = one.see(By::Css(format!("#widget-{} [data-grip]", before[0]))).await?;
        grip.send_keys(Key::Right + "").await?;
        one.announced("est en position 2 sur").await?;
        let focused = "return document.activeElement.closest('[data-widget]')?.dataset.widget === arguments[0]
            && document.activeElement.matches('[data-grip]')";
        one.until("the grip keeps the focus", focused, json!(before[0])).await?;
        // By buttons.
        one.click(By::Css(format!("#widget-{} [value=wider]", before[0])), "wider").await?;
        one.announced("occupe 2 colonnes").await?;
        // By mouse: the last one to the first place.
        let last = before.last().expect("widgets");
        one.drag_widget(last, &before[1]).await?;
        one.announced("est en position 1 sur").await?;
        one.click(By::Css(format!("#widget-{} [value=hide]", before[2])), "hide").await?;
        one.read("Blocs masqués").await?;

        let mut expected: Vec<_> = before.clone();
        expected.swap(0, 1);
        let moved = expected.pop().expect("widgets");
        expected.insert(0, moved);
        expected.retain(|id| *id != before[2]);
        one.go("Terminer").await?;
        assert_eq!(one.widgets().await?, expected);
        other.open_home("/").await?;
        assert_eq!(other.widgets().await?, expected);
        other.see(By::Css(format!("#widget-{}.widget-2", before[0]))).await?;
        other.inspect("dashboard, arranged elsewhere").await?;
        other.open_home("/?personnaliser=1").await?;
        other.go("Disposition d’origine").await?;
        assert_eq!(other.widgets().await?, before);
        Ok(())
    })
    .await;
}

impl Person {
    /// Takes a widget by its grip and lays it before another one.
    async fn drag_widget(&self, widget: &str, before: &str) -> WebDriverResult<()> {
        let grip = |id: &str| By::Css(format!("#widget-{id} [data-grip]"));
        let (from, to) = (self.see(grip(widget)).await?, self.see(grip(before)).await?);
        self.browser.execute("arguments[0].scrollIntoView({ block: 'end' })", vec![from.to_json()?]).await?;
        self.browser
            .action_chain()
            .move_to_element_center(&from)
            .click_and_hold()
            .move_by_offset(0, -8)
            .perform()
            .await?;
        self.browser.execute("arguments[0].scrollIntoView({ block: 'center' })", vec![to.to_json()?]).await?;
        let onto = self.browser.action_chain().move_to_element_center(&to).move_by_offset(-3, -3).move_by_offset(1, 1);
        onto.perform().await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.browser.action_chain().release().perform().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_widget_that_fails_says_so_and_the_others_stand() {
    play(Options::memory(), async |stage| {
        let person = stage.person().await?;
        Company::sign_up(&stage.system).await;
        person.open("/connexion").await?;
        person.sign_in(EMAIL, PASSWORD).await?;
        person.open_home("/").await?;
        // The page of one context is cut off.
        person.devtools("Network.enable", json!({})).await;
        person.devtools("Network.setBlockedURLs", json!({ "urls": ["*/facturation/widgets/*"] })).await;
        person.open("/").await?;
        person
            .until("the failure", "return document.querySelectorAll('[data-retry]').length >= 4", Value::Null)
            .await?;
        assert!(person.widget("invoicing_unpaid").await?.contains("n’ont pas pu être chargées"));
        person.until("the others", "return !document.querySelector('[data-panel][aria-busy]')", Value::Null).await?;
        assert!(person.widget("crm_leads").await?.contains("La Poste"));
        drop(person.browser.get_log("browser").await?);
        person.inspect("dashboard, a part of it away").await?;
        person.devtools("Network.setBlockedURLs", json!({ "urls": [] })).await;
        person.click(By::Css("#widget-invoicing_unpaid [data-retry]"), "again").await?;
        person.read("Rien à encaisser pour l’instant.").await
    })
    .await;
}

/// A member beside the owner, who signs in to the API as a person does.
async fn colleague(stage: &Stage, company: &Company) -> WebDriverResult<reqwest::Client> {
    let invited = json!({ "email": COLLEAGUE, "role": "admin" });
    company.post("/api/v1/invitations", &invited).await;
    let link = stage.link_to(COLLEAGUE).await;
    stage.person().await?.join(&link, "Claire Petit").await?;
    let http = reqwest::Client::builder().cookie_store(true).build().expect("a client");
    let credentials = json!({ "email": COLLEAGUE, "password": PASSWORD });
    let answer = http.post(format!("{}/api/v1/sessions", stage.system.url())).json(&credentials).send().await;
    assert!(answer.expect("an answer").status().is_success());
    Ok(http)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_paid_through_the_api_changes_the_dashboard_and_rings_the_bell() {
    play(Options::memory(), async |stage| {
        let watcher = stage.person().await?;
        let company = Company::sign_up(&stage.system).await;
        let colleague = colleague(stage, &company).await?;
        let invoices = [company.issued().await, company.issued().await];
        stage.system.idle(PATIENCE).await.expect("everything is told");
        watcher.open("/connexion").await?;
        watcher.sign_in(EMAIL, PASSWORD).await?;
        watcher.open_home("/").await?;
        assert!(watcher.widget("invoicing_unpaid").await?.contains("2 400,00 €"));
        watcher.until("the page listens", "return !!document.querySelector('[data-live=open]')", Value::Null).await?;
        // The page itself stays: what was set on it is still there.
        watcher.browser.execute("window.same = true", vec![]).await?;

        let mut known = Vec::new();
        for (count, id) in invoices.iter().enumerate() {
            let paid_on = stage.system.clock().today(&jiff::tz::TimeZone::UTC);
            let payment = json!({ "amount": "1200.00", "paid_on": paid_on });
            let url = format!("{}/api/v1/invoices/{id}/payments", stage.system.url());
            let since = Instant::now();
            let answer =
                colleague.post(url).header("idempotency-key", id).json(&payment).send().await.expect("an answer");
            assert!(answer.status().is_success(), "{}", answer.text().await.unwrap_or_default());
            let shown = ["À encaisser\n1 200,00 €", "Rien à encaisser"][count];
            let script = "return document.getElementById('widget-invoicing_unpaid').innerText
                .replace(/[\\u00a0\\u202f]/g, ' ').includes(arguments[0])";
            watcher.until("the new figure", script, json!(shown)).await?;
            known.push(since.elapsed());
        }
        let bell = "return document.querySelector('.bell-count')?.innerText.includes('1')";
        watcher.until("the bell", bell, Value::Null).await?;
        assert!(watcher.widget("invoicing_payments").await?.contains("FAC-"));
        assert!(watcher.widget("notifications_latest").await?.contains("payée"));
        let same = watcher.browser.execute("return window.same === true", vec![]).await?;
        assert_eq!(same.json(), &json!(true), "the page was loaded again");
        println!("from the payment to the figure on an open page: {known:?}");
        assert!(known.iter().all(|known| *known < KNOWN_WITHIN), "{known:?}");
        watcher.inspect("dashboard, after a payment").await?;

        // A program that asks hears the same.
        let count = company.get("/api/v1/notifications/unread-count").await;
        assert_eq!(count["unread"], 1, "two of a kind are one");
        assert!(text(&company.get("/api/v1/notifications").await, "/items/0/title").contains("2 factures payées"));
        Ok(())
    })
    .await;
}
