//! Requests as functions see them, answers as clients see them.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, Uri, header},
    response::{AppendHeaders, IntoResponse},
    routing::{any, get, post},
};

use crate::serving;

#[tokio::test]
async fn a_request_arrives_whole_and_the_answer_comes_back_whole() {
    let router = Router::new().route(
        "/crm/{*rest}",
        post(|uri: Uri, headers: HeaderMap, body: Bytes| async move {
            assert_eq!(uri.path(), "/crm/entreprises/%C3%A9t%C3%A9");
            assert_eq!(uri.query(), Some("q=a%26b&q=c"));
            assert_eq!(headers[header::COOKIE], "session=1; theme=dark");
            assert_eq!(headers["x-forwarded-for"], "127.0.0.1");
            assert_eq!(headers["sec-fetch-site"], "same-origin");
            // A form travels in base64.
            assert_eq!(body, "nom=Soci%C3%A9t%C3%A9");
            (
                AppendHeaders([(header::SET_COOKIE, "a=1"), (header::SET_COOKIE, "b=2")]),
                [(header::CONTENT_TYPE, "application/pdf")],
                vec![0xff_u8, 0x00, 0xfe],
            )
        }),
    );
    let system = serving(router).await;
    let answer = reqwest::Client::new()
        .post(format!("{}/crm/entreprises/%C3%A9t%C3%A9?q=a%26b&q=c", system.url()))
        .header("cookie", "session=1; theme=dark")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("nom=Soci%C3%A9t%C3%A9")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    let cookies: Vec<_> =
        answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert_eq!(answer.bytes().await.unwrap(), [0xff, 0x00, 0xfe][..]);
}

#[tokio::test]
async fn a_body_beyond_what_lambda_takes_is_refused_at_the_door() {
    let system = serving(Router::new().route("/crm", any(|body: Bytes| async move { body.len().to_string() }))).await;
    let send = |bytes: usize| {
        reqwest::Client::new()
            .post(format!("{}/crm", system.url()))
            .header("content-type", "application/octet-stream")
            .body(vec![7_u8; bytes])
            .send()
    };
    // Base64 makes 4 bytes of 3.
    assert_eq!(send(1_400_000).await.unwrap().text().await.unwrap(), "1400000");
    assert_eq!(send(5_000_000).await.unwrap().status(), 413);
}

#[tokio::test]
async fn a_function_that_panics_is_a_500_and_the_next_request_is_answered() {
    let router = Router::new()
        .route(
            "/crm/panic",
            get(|| async {
                if true {
                    panic!("on purpose")
                }
            }),
        )
        .route("/crm/fine", get(|| async { "fine".into_response() }));
    let system = serving(router).await;
    let get = |path: &str| reqwest::get(format!("{}{path}", system.url()));
    let failed = get("/crm/panic").await.unwrap();
    assert_eq!(failed.status(), 500);
    assert_eq!(failed.text().await.unwrap(), r#"{"message":"Internal Server Error"}"#);
    assert_eq!(get("/crm/fine").await.unwrap().text().await.unwrap(), "fine");
}
