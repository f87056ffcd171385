//! Chromedriver and the browsers that it opens.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use thirtyfour::{LoggingPrefsLogLevel, prelude::*};

const CHROMIUM: &str = "/usr/bin/chromium";
const DRIVER: &str = "/usr/bin/chromedriver";

/// Says so where it is not; `ABSERVICE_BROWSER=1` makes that a failure.
pub fn is_installed() -> bool {
    let installed = Path::new(CHROMIUM).exists() && Path::new(DRIVER).exists();
    let wanted = std::env::var("ABSERVICE_BROWSER").is_ok_and(|wanted| wanted == "1");
    assert!(installed || !wanted, "ABSERVICE_BROWSER=1, but {CHROMIUM} and {DRIVER} are not both there");
    if !installed {
        eprintln!("SKIPPED: browser journeys need {CHROMIUM} and {DRIVER} (apt install chromium chromium-driver)");
    }
    installed
}

/// The port that it chooses is sometimes another's by the time it listens: then it ends at once.
const STARTS_MAX: usize = 5;

/// Chromedriver on a port of its own choice; it ends with this.
pub struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    pub fn start() -> Self {
        (0..STARTS_MAX).find_map(|_| Self::try_start()).expect("chromedriver says its port")
    }

    fn try_start() -> Option<Self> {
        let mut process = Command::new(DRIVER)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse::<u16>().ok());
        let started = Self { process, url: format!("http://127.0.0.1:{}", port?) };
        // What it says later is read away, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Some(started)
    }

    /// A browser with a profile of its own: no cookie in common with another.
    pub async fn open(&self) -> WebDriverResult<Browser> {
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(CHROMIUM)?;
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        wanted.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
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
            "--window-size=1440,900",
        ] {
            wanted.add_arg(flag)?;
        }
        Ok(Browser { window: WebDriver::new(&self.url, wanted).await?, _profile: profile })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

pub struct Browser {
    pub window: WebDriver,
    _profile: TempDir,
}
