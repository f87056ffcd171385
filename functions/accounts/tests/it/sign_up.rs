use futures::future::join_all;

use crate::{PASSWORD, app, sign_up};

#[tokio::test]
async fn of_many_sign_ups_with_one_email_exactly_one_succeeds() {
    let app = app().await;
    let tries = (0..6).map(|n| {
        let anyone = app.anyone();
        // Case does not make another address.
        let email = if n % 2 == 0 { "camille@pont.example" } else { "Camille@Pont.example" };
        async move { anyone.post("/api/v1/accounts", &sign_up(email)).await }
    });
    let replies = join_all(tries).await;
    let count = |status: u16| replies.iter().filter(|reply| reply.status.as_u16() == status).count();
    assert_eq!((count(201), count(409)), (1, 5));
    assert!(replies.iter().filter(|r| r.status == 409).all(|reply| reply.field("/code") == "email_taken"));
}

#[tokio::test]
async fn what_is_wrong_is_told_field_by_field() {
    let app = app().await;
    let mut input = sign_up("nobody");
    input["password"] = "motdepasse123".into();
    input["name"] = "".into();
    let refused = app.anyone().post("/api/v1/accounts", &input).await.expect(422);
    assert_eq!(refused.violations(), ["/name", "/email", "/password"]);
    input["role"] = "owner".into();
    app.anyone().post("/api/v1/accounts", &input).await.expect(400);
}

#[tokio::test]
async fn the_form_signs_up_and_in() {
    let app = app().await;
    app.anyone().get("/inscription").await.expect(200);
    let form = [
        ("organization_name", "Atelier du Pont"),
        ("name", "Camille Martin"),
        ("email", "camille@pont.example"),
        ("password", PASSWORD),
    ];
    let done = app.anyone().form("/inscription", &form).await.expect(303);
    assert_eq!(done.header("location"), Some("/organisation"));
    assert!(done.header("set-cookie").is_some_and(|cookie| cookie.starts_with("session=")));
    let again = app.anyone().form("/inscription", &form).await.expect(422).text();
    assert!(again.contains("Un compte existe déjà avec cette adresse."));
    assert!(!again.contains(PASSWORD), "a password is never sent back");
}
