//! What nobody may read anywhere: passwords and their hashes, seeds, recovery codes, tokens, sessions. The log of a
//! whole walk through the accounts is captured at its most talkative and searched, and so is what is kept of it:
//! events, and the audit log with its export.

use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use testkit::{App, Client, Device, Reply, SITE};
use tracing_subscriber::fmt::MakeWriter;

const PASSWORD: &str = "correct horse battery staple 42";
const OTHER: &str = "onze hiboux lisent sous la lune";

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The secret part of the cookie that an answer sets.
fn cookie_secret(reply: &Reply) -> String {
    let cookie = reply.header("set-cookie").expect("a cookie");
    let value = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair").1;
    value.rsplit('.').next().expect("a secret").to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[tokio::test]
async fn no_secret_stands_in_a_log_an_error_an_event_or_the_audit_log() {
    let captured = Captured::default();
    // Ours say all they know; the libraries speak as they do where it is deployed.
    let filter = "info,web=trace,table=trace,cloud=trace,kernel=trace,accounts=trace";
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(captured.clone());
    let guard = tracing::subscriber::set_default(subscriber.finish());
    let app = App::new(accounts::router).await;
    let mut secrets = vec![PASSWORD.to_owned(), OTHER.to_owned(), "$argon2id$".to_owned()];
    let mut answers = Vec::new();

    let account =
        json!({ "organization_name": "Quai", "name": "Dominique", "email": "d@quai.example", "password": PASSWORD });
    app.anyone().post("/api/v1/accounts", &account).await.expect(201);
    let credentials = |password: &str| json!({ "email": "d@quai.example", "password": password });
    answers.push(app.anyone().post("/api/v1/accounts", &account).await.expect(409).text());
    answers.push(app.anyone().post("/api/v1/sessions", &credentials("faux")).await.expect(401).text());
    let entered = app.anyone().post("/api/v1/sessions", &credentials(PASSWORD)).await.expect(204);
    secrets.push(cookie_secret(&entered));
    let session =
        entered.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
    let client: Client = app.anyone().header("cookie", &session);

    let token = client.post("/api/v1/tokens", &json!({ "name": "x", "scopes": ["crm:view"] })).await.expect(201);
    let token = token.field("/secret");
    // `abs_<user>_<organization>_<secret>`, and the secret may have an underscore itself.
    secrets.push(token.splitn(4, '_').last().expect("a secret").to_owned());
    answers.push(app.anyone().bearer(&token).get("/api/v1/members").await.expect(403).text());

    let begun = client.post("/api/v1/accounts/me/passkeys/start", &json!({ "password": PASSWORD })).await.expect(201);
    let begun = begun.json();
    let mut response = Device::new().create(SITE, &begun["options"]).await;
    let mut new = json!({ "name": "x", "ceremony": begun["ceremony"], "response": response });
    let registered = client.post("/api/v1/accounts/me/passkeys", &new).await.expect(201).json();
    secrets.extend(texts(&registered["recovery_codes"]));
    assert_eq!(secrets.len(), 15, "ten codes came with the first factor");
    response["response"]["attestationObject"] = json!("AAAA");
    new["response"] = response;
    answers.push(client.post("/api/v1/accounts/me/passkeys", &new).await.expect(422).text());

    let seed = client.post("/api/v1/accounts/me/totp", &json!({})).await.expect(201).field("/seed");
    secrets.push(seed.clone());
    secrets.push(seed.replace(' ', ""));
    answers.push(client.post("/api/v1/accounts/me/totp/confirm", &json!({ "code": "1" })).await.expect(422).text());
    let plain = totp_rs::Secret::try_from_base32(seed.replace(' ', "")).expect("a seed");
    let totp = totp_rs::Builder::new().with_secret(plain).build().expect("a generator");
    let code = totp.generate(app.clock.now().as_second() as u64).to_string();
    client.post("/api/v1/accounts/me/totp/confirm", &json!({ "code": code })).await.expect(200);
    let again = json!({ "password": PASSWORD });
    let codes = client.post("/api/v1/accounts/me/recovery-codes", &again).await.expect(200).json();
    secrets.extend(texts(&codes["recovery_codes"]));
    let change = json!({ "current_password": PASSWORD, "password": OTHER });
    client.post("/api/v1/accounts/me/password", &change).await.expect(204);
    let challenged = app.anyone().post("/api/v1/sessions", &credentials(OTHER)).await.expect(202);
    secrets.push(cookie_secret(&challenged));
    let asked = json!({ "email": "d@quai.example" });
    app.anyone().post("/api/v1/accounts/password-resets", &asked).await.expect(202);
    app.owner().post("/api/v1/invitations", &json!({ "email": "e@quai.example", "role": "member" })).await.expect(201);
    drop(guard);

    let log = String::from_utf8_lossy(&captured.0.lock().expect("the log")).into_owned();
    assert!(log.contains("sign_in") || log.contains("/api/v1/sessions"), "the log tells of the walk");
    let kept = format!("{}{}", app.written_under("#OUTBOX#"), app.written_under("#AUDIT#"));
    assert!(kept.contains("change_password") && kept.contains("mail.requested.v1"), "what is kept tells of the walk");
    for secret in secrets {
        assert!(!log.contains(&secret), "a secret is in the log");
        assert!(!kept.contains(&secret), "a secret is in an event or in the audit log");
        for answer in &answers {
            assert!(!answer.contains(&secret), "a secret is in an error");
        }
    }
}
