//! What every page must hold, whatever it shows.

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::person::Person;

const AXE: &str = include_str!("../../../assets/axe.js");

const DESKTOP: (u32, u32) = (1440, 900);
const TELEPHONE: (u32, u32) = (360, 740);

/// Enough of it that a forgotten text has one.
const ENGLISH: &[&str] = &[
    "the",
    "and",
    "your",
    "you",
    "with",
    "this",
    "that",
    "of",
    "is",
    "are",
    "not",
    "to",
    "from",
    "was",
    "has",
    "new",
    "add",
    "save",
    "delete",
    "edit",
    "create",
    "created",
    "updated",
    "cancel",
    "submit",
    "search",
    "settings",
    "home",
    "back",
    "next",
    "previous",
    "loading",
    "invoice",
    "invoices",
    "quote",
    "quotes",
    "company",
    "companies",
    "customer",
    "user",
    "users",
    "team",
    "password",
    "sign",
    "login",
    "logout",
    "error",
    "failed",
    "required",
    "invalid",
    "unknown",
    "none",
    "yes",
    "true",
    "false",
    "null",
    "draft",
    "paid",
    "sent",
    "owner",
    "reader",
    "name",
    "address",
    "amount",
];

impl Person {
    /// No error, no scrolling sideways, usable by everybody; on a desk and on a telephone.
    pub async fn inspect(&self, page: &str) -> WebDriverResult<()> {
        for (width, height) in [TELEPHONE, DESKTOP] {
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
            self.keep_picture(page, width).await?;
        }
        let foreign = self.foreign_words().await?;
        assert!(foreign.is_empty(), "{page} does not speak French: {}", foreign.join(" "));
        // That the page itself is a refusal is in the console too, that a form was refused on the way here, and that a page
        // which stayed open asked for the bell's count, or for its socket, once its session was over.
        let itself = format!(
            "{} - Failed to load resource: the server responded with a status of 4",
            self.browser.current_url().await?
        );
        let said = self.browser.get_log("browser").await?;
        let wrong: Vec<_> = said
            .iter()
            .filter(|entry| entry.level == "SEVERE")
            .map(|entry| entry.message.as_str())
            .filter(|message| !message.starts_with(&itself) && !message.contains("a status of 422"))
            .filter(|message| !(message.contains("/notifications/compteur") && message.contains("a status of 401")))
            .filter(|message| !(message.contains("/_ws?ticket=") && message.contains("HTTP Authentication failed")))
            .collect();
        assert!(wrong.is_empty(), "{page}: the console says\n{}", wrong.join("\n"));
        Ok(())
    }

    /// The page's own width: a window has borders, and headless ones a least width.
    async fn look_at(&self, width: u32, height: u32) -> WebDriverResult<()> {
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", screen).await;
        self.until("the new width", "return window.innerWidth === arguments[0]", json!(width)).await
    }

    /// A command of the DevTools protocol, and its answer.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let url = format!("{}/goog/cdp/execute", self.session_url());
        let sent = reqwest::Client::new().post(url).json(&json!({ "cmd": command, "params": parameters })).send().await;
        let answer = sent.expect("chromedriver answers");
        assert!(answer.status().is_success(), "{command} was refused");
        answer.json().await.expect("an answer")
    }

    fn session_url(&self) -> String {
        format!("{}session/{}", self.browser.handle().server_url(), self.browser.handle().session_id())
    }

    /// Rules of accessibility that are broken.
    async fn violations(&self) -> WebDriverResult<Vec<String>> {
        let there = self.browser.execute("return Boolean(window.axe)", vec![]).await?;
        if there.json() != &json!(true) {
            self.browser.execute(AXE, vec![]).await?;
        }
        let script = "const done = arguments[0];
            axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => done(violations
                .map(({ id, impact, help, nodes }) =>
                    `${id} (${impact}): ${help}: ${nodes.map(({ html }) => html).join(' ')}`)),
                (error) => done([`axe itself: ${error}`]));";
        self.browser.execute_async(script, vec![]).await?.convert()
    }

    /// Words of a French page that only English has, and names that only programs have, in what is read, hovered or heard.
    async fn foreign_words(&self) -> WebDriverResult<Vec<String>> {
        let script =
            "if (document.documentElement.lang !== 'fr' || location.pathname.startsWith('/_local/')) return [];
            const named = [...document.querySelectorAll('[title], [placeholder], [aria-label]')].flatMap((node) =>
                ['title', 'placeholder', 'aria-label'].map((name) => node.getAttribute(name) ?? ''));
            const all = [document.title, document.body.innerText, ...named].join(' ');
            const ours = /(?<![.:/\\w])(?:[a-z]{3}_[0-9A-Z]{26}|[a-z]+(?:_[a-z]+)+)(?![.:/\\w])/g;
            const code = [...document.querySelectorAll('code, pre')].flatMap((node) => node.innerText.match(ours) ?? []);
            const raw = (all.match(ours) ?? []).filter((name) => !code.includes(name));
            const text = all.replace(/\\S*[:@/_.]\\S+/g, ' ');
            const words = text.toLowerCase().match(/[\\p{L}\\d]+/gu) ?? [];
            return [...new Set([...raw, ...words.filter((word) => arguments[0].includes(word))])];";
        self.browser.execute(script, vec![json!(ENGLISH)]).await?.convert()
    }

    /// The whole page as a picture, for who wants to see it.
    async fn keep_picture(&self, page: &str, width: u32) -> WebDriverResult<()> {
        let Some(folder) = std::env::var_os("ABSERVICE_PICTURES") else { return Ok(()) };
        let height = "return Math.max(document.documentElement.scrollHeight, window.innerHeight)";
        let height: u32 = self.browser.execute(height, vec![]).await?.convert()?;
        self.look_at(width, height).await?;
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        let name = format!("{}-{width}.png", page.trim_matches('/').replace(['/', ' ', ',', '?'], "-"));
        self.browser.screenshot(&std::path::Path::new(&folder).join(name)).await
    }
}
