//! The binary itself: it says where it is, and what it has answered outlives a kill.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_abservice"))
            .args(["--port", "0", "--data"])
            .arg(folder)
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
        Self { child, url }
    }
}

impl Drop for Process {
    /// SIGKILL: nothing is tidied up.
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test]
async fn what_was_answered_before_a_kill_is_there_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let client = reqwest::Client::new();
    let credentials = json!({ "email": "ana@example.fr", "password": "correct horse battery 42" });
    {
        let process = Process::start(&data);
        let mut account = credentials.clone();
        account["name"] = "Ana Martin".into();
        account["organization_name"] = "Ateliers Martin".into();
        let made = client.post(format!("{}/api/v1/accounts", process.url)).json(&account).send().await.unwrap();
        assert_eq!(made.status(), 201, "{}", made.text().await.unwrap());
        let moved = json!({ "advance_days": 3 });
        client.post(format!("{}/_local/api/clock", process.url)).json(&moved).send().await.unwrap();
    }
    let process = Process::start(&data);
    let clock: Value =
        client.get(format!("{}/_local/api/clock", process.url)).send().await.unwrap().json().await.unwrap();
    assert_eq!(clock["offset_days"], 3);
    let signed_in = client.post(format!("{}/api/v1/sessions", process.url)).json(&credentials).send().await.unwrap();
    assert_eq!(signed_in.status(), 204);
    let idle = client.get(format!("{}/_local/api/idle", process.url)).send().await.unwrap();
    assert_eq!(idle.status(), 200, "{}", idle.text().await.unwrap());
}

#[test]
fn it_explains_itself_and_refuses_what_it_does_not_know() {
    let run = |argument: &str| Command::new(env!("CARGO_BIN_EXE_abservice")).arg(argument).output().unwrap();
    let help = run("--help");
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("--fresh"));
    assert_eq!(run("--frsh").status.code(), Some(2));
}
