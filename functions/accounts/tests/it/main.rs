//! Accounts through their router, on an in-memory table.

mod deletion;
mod founding;
mod passkeys;
mod passwords;
mod platform;
mod portrait;
mod second_factor;
mod sessions;
mod sign_up;
mod team;
mod team_model;
mod throttling;
mod tokens;

use serde_json::{Value, json};
use testkit::App;

pub const PASSWORD: &str = "neuf girafes jonglent au parc";

pub async fn app() -> App {
    App::new(accounts::router).await
}

pub fn sign_up(email: &str) -> Value {
    json!({
        "organization_name": "Atelier du Pont",
        "name": "Camille Martin",
        "email": email,
        "password": PASSWORD,
    })
}

/// Signs up and in; the session's cookie value.
pub async fn session(app: &App, email: &str) -> String {
    app.anyone().post("/api/v1/accounts", &sign_up(email)).await.expect(201);
    let credentials = json!({ "email": email, "password": PASSWORD });
    let reply = app.anyone().post("/api/v1/sessions", &credentials).await.expect(204);
    let cookie = reply.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair").1.to_owned()
}
