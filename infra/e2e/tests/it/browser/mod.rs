//! Journeys as persons walk them: headless Chromium, real clicks and typing, on the whole system with its own
//! clock. `play` sets the stage; each person on it has a browser of their own.
//!
//! Pages on the way are looked at by `inspect`. With `ABSERVICE_PICTURES=<folder>` it leaves a picture of each there.

mod absences;
mod crediting;
mod dashboard;
mod driver;
mod first_path;
mod forgotten_password;
mod importing;
mod inspect;
mod mailbox;
mod pages;
mod passkeys;
mod paying;
mod person;
mod receiving;
mod recurring;
mod refusals;
mod searching;
mod second_factor;
mod selling;
mod signing;
mod subscribing;
mod tabs;
mod team;
mod timekeeping;
mod writing;

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    sync::Mutex,
};

use futures::FutureExt;
use local::{Options, System};
use thirtyfour::prelude::*;

use driver::{Browser, Driver};
use person::{PATIENCE, Person};

/// Numbers have their year in them. A day to come: what expires is deleted by the machine's own time.
const THAT_DAY: &str = "2041-11-22T10:00:00Z";

const PASSWORD: &str = "correct horse battery staple 42";

/// A running system, and who is before it.
struct Stage {
    system: System,
    driver: Driver,
    browsers: Mutex<Vec<Browser>>,
}

impl Stage {
    async fn person(&self) -> WebDriverResult<Person> {
        self.person_at("127.0.0.1").await
    }

    /// Who comes by another name of this machine.
    async fn person_at(&self, host: &str) -> WebDriverResult<Person> {
        let browser = self.driver.open().await?;
        let person = Person::new(browser.window.clone(), &self.system.url().replace("127.0.0.1", host));
        self.browsers.lock().expect("the browsers").push(browser);
        Ok(person)
    }
}

/// The journey, unless there is no browser on this machine.
async fn play(options: Options, journey: impl AsyncFnOnce(&Stage) -> WebDriverResult<()>) {
    if !driver::is_installed() {
        return;
    }
    let system = System::start(options).await.expect("the system starts");
    system.set_now(THAT_DAY.parse().expect("a moment")).expect("the clock is set");
    let stage = Stage { system, driver: Driver::start(), browsers: Mutex::default() };
    // Caught, because browsers outlive a driver that is only killed.
    let walked = AssertUnwindSafe(journey(&stage)).catch_unwind().await;
    let has_failed = !matches!(walked, Ok(Ok(())));
    let browsers = std::mem::take(&mut *stage.browsers.lock().expect("the browsers"));
    for (number, browser) in browsers.into_iter().enumerate() {
        if has_failed {
            show(&browser.window, number).await;
        }
        _ = browser.window.quit().await;
    }
    match walked {
        Ok(walked) => walked.unwrap_or_else(|error| panic!("{error}")),
        Err(panicked) => resume_unwind(panicked),
    }
    stage.system.stop().await;
}

/// What a browser showed as the journey failed.
async fn show(browser: &WebDriver, number: usize) {
    let test = std::thread::current().name().unwrap_or_default().replace("::", "-");
    let picture = std::env::temp_dir().join(format!("abservice-{test}-{number}.png"));
    let at = browser.current_url().await.map(|url| url.to_string()).unwrap_or_default();
    if browser.screenshot(&picture).await.is_ok() {
        eprintln!("browser {number} was at {at}: {}", picture.display());
    }
}
