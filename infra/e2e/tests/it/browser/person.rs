//! A person before their browser.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::{error::WebDriverErrorInner, prelude::*};

/// How long anything on a page may take to come; the machine may be busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(30);
const AGAIN: Duration = Duration::from_millis(50);

pub struct Person {
    pub browser: WebDriver,
    url: String,
}

impl Person {
    pub fn new(browser: WebDriver, url: &str) -> Self {
        Self { browser, url: url.into() }
    }

    /// A path of ours, or the whole address that a mail names.
    pub async fn open(&self, path: &str) -> WebDriverResult<()> {
        let url = if path.starts_with('/') { format!("{}{path}", self.url) } else { path.into() };
        self.browser.goto(url).await
    }

    pub async fn path(&self) -> WebDriverResult<String> {
        Ok(self.browser.current_url().await?.path().to_owned())
    }

    /// The first element that fits and is seen, waited for.
    pub async fn see(&self, by: By) -> WebDriverResult<WebElement> {
        self.browser.query(by).wait(PATIENCE, AGAIN).and_displayed().first().await
    }

    /// Waits for a text anywhere in the page.
    pub async fn read(&self, text: &str) -> WebDriverResult<()> {
        self.until(text, &format!("return {TEXT}.includes(arguments[0])"), json!(text)).await
    }

    /// Whether a text stands in the page as it is now.
    pub async fn reads(&self, text: &str) -> WebDriverResult<bool> {
        self.browser.execute(format!("return {TEXT}.includes(arguments[0])"), vec![json!(text)]).await?.convert()
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
        self.click(labelled(label), label).await
    }

    /// Presses what leads to another page and waits until that one stands.
    pub async fn go(&self, label: &str) -> WebDriverResult<()> {
        self.go_by(labelled(label), label).await
    }

    pub async fn click(&self, by: By, what: &str) -> WebDriverResult<()> {
        steadily(async || {
            let it = self.browser.query(by.clone()).desc(what).wait(PATIENCE, AGAIN).and_clickable().first().await?;
            // In the middle, so that the bar at the bottom does not lie over it.
            self.browser.execute("arguments[0].scrollIntoView({ block: 'center' })", vec![it.to_json()?]).await?;
            it.click().await
        })
        .await
    }

    async fn go_by(&self, by: By, what: &str) -> WebDriverResult<()> {
        self.browser.execute("window.leaving = true", vec![]).await?;
        self.click(by, what).await?;
        self.until(what, "return !window.leaving && document.readyState === 'complete'", Value::Null).await
    }

    pub async fn fill(&self, fields: &[(&str, &str)]) -> WebDriverResult<()> {
        for (id, value) in fields {
            steadily(async || self.write(&self.see(By::Id(*id)).await?, value).await).await?;
        }
        Ok(())
    }

    pub async fn write(&self, field: &WebElement, value: &str) -> WebDriverResult<()> {
        field.clear().await?;
        field.send_keys(value).await
    }

    /// A date as `2041-12-16`, a time as `08:00`, as its picker leaves the field: what is typed would depend on the language
    /// of the browser.
    pub async fn pick(&self, id: &str, value: &str) -> WebDriverResult<()> {
        let script =
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', { bubbles: true }))";
        steadily(async || {
            let field = self.see(By::Id(id)).await?;
            self.browser.execute(script, vec![field.to_json()?, value.into()]).await.map(drop)
        })
        .await
    }

    pub async fn choose(&self, id: &str, label: &str) -> WebDriverResult<()> {
        let option = format!("//select[@id='{id}']/option[normalize-space()='{label}']");
        steadily(async || self.browser.query(By::XPath(&*option)).wait(PATIENCE, AGAIN).first().await?.click().await)
            .await
    }

    /// The organization that the page says it is about.
    pub async fn organization(&self) -> WebDriverResult<String> {
        let script = "return document.querySelector('[aria-controls=organizations-menu] .font-semibold').textContent";
        self.browser.execute(script, vec![]).await?.convert()
    }

    /// Opens the menu of one's organizations.
    pub async fn organizations(&self) -> WebDriverResult<()> {
        self.click(By::Css("[aria-controls=organizations-menu]"), "the menu of organizations").await
    }

    /// Goes to another organization by that menu.
    pub async fn switch_to(&self, organization: &str) -> WebDriverResult<()> {
        self.organizations().await?;
        let line = format!("//*[@id='organizations']//a[contains(., '{organization}')]");
        self.go_by(By::XPath(line), organization).await
    }

    /// What the navigation offers.
    pub async fn navigation(&self) -> WebDriverResult<Vec<String>> {
        let script =
            "return [...document.querySelectorAll('header nav .nav-link')].map((link) => link.innerText.trim())";
        self.browser.execute(script, vec![]).await?.convert()
    }

    pub async fn sign_up(&self, organization: &str, name: &str, email: &str, password: &str) -> WebDriverResult<()> {
        self.open("/inscription").await?;
        self.fill(&[("organization_name", organization), ("name", name), ("email", email), ("password", password)])
            .await?;
        self.go("Créer le compte").await
    }

    /// Fills in the page that asks who one is.
    pub async fn sign_in(&self, email: &str, password: &str) -> WebDriverResult<()> {
        self.fill(&[("email", email), ("password", password)]).await?;
        self.go("Se connecter").await
    }

    pub async fn sign_out(&self) -> WebDriverResult<()> {
        self.click(By::Css("[aria-controls=account-menu]"), "the menu of the account").await?;
        self.go("Se déconnecter").await
    }
}

/// An act on what was found in a page, again when the page replaced it between the two: some of them refresh themselves.
async fn steadily(act: impl AsyncFn() -> WebDriverResult<()>) -> WebDriverResult<()> {
    let since = Instant::now();
    loop {
        match act().await {
            Err(error)
                if matches!(error.as_inner(), WebDriverErrorInner::StaleElementReference(_))
                    && since.elapsed() < PATIENCE => {}
            done => return done,
        }
    }
}

/// What the page says, with plain spaces.
const TEXT: &str = "document.body.innerText.replace(/[\\u00a0\\u202f]/g, ' ')";

/// What may be pressed. A window that is open lies over everything else; special spaces are spaces.
fn labelled(label: &str) -> By {
    By::XPath(format!(
        "//*[self::button or self::a][normalize-space(translate(., '\u{a0}\u{202f}', '  ')) = '{label}']
            [ancestor::dialog[@open] or not(ancestor::dialog or //dialog[@open])]"
    ))
}
