//! The sockets of open pages, as API Gateway has them.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use http::StatusCode;
use local::{Options, System};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

use crate::{PATIENCE, Stage};

/// A page that connects; the status where it may not.
async fn connect(system: &System, query: &str) -> Result<WebSocketStream<TcpStream>, u16> {
    let address = system.url().trim_start_matches("http://");
    let stream = TcpStream::connect(address).await.unwrap();
    match client_async(format!("ws://{address}/_ws{query}"), stream).await {
        Ok((socket, _)) => Ok(socket),
        Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

async fn post(system: &System, connection: &str, text: &str) -> StatusCode {
    // Base64 has slashes, and not each time.
    let segment = connection.replace('=', "%3D").replace('+', "%2B").replace('/', "%2F");
    let url = format!("{}/_ws/@connections/{segment}", system.url());
    let answer = reqwest::Client::new().post(url).body(text.to_owned()).send().await.unwrap();
    StatusCode::from_u16(answer.status().as_u16()).unwrap()
}

fn routes(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["requestContext"]["routeKey"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_page_connects_hears_speaks_and_leaves() {
    let stage = Stage::default();
    stage.answer("socket", |event, _| {
        let may = event["queryStringParameters"]["ticket"] == "good" || event.get("queryStringParameters").is_none();
        Ok(json!({ "statusCode": if may { 200 } else { 401 } }))
    });
    let system = stage.start(Options::memory()).await;
    assert_eq!(connect(&system, "?ticket=bad").await.err(), Some(401));
    let mut page = connect(&system, "?ticket=good").await.unwrap();
    let seen = stage.seen("socket");
    assert_eq!(routes(&seen), ["$connect", "$connect"]);
    let connection = seen[1]["requestContext"]["connectionId"].as_str().unwrap().to_owned();
    assert_eq!(post(&system, &connection, "{\"unread\":3}").await, 200);
    let heard = tokio::time::timeout(PATIENCE, page.next()).await.unwrap().unwrap().unwrap();
    assert_eq!(heard, Message::text("{\"unread\":3}"));
    page.send(Message::text("{}")).await.unwrap();
    page.close(None).await.unwrap();
    for _ in 0..200 {
        if stage.seen("socket").len() == 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(routes(&stage.seen("socket")), ["$connect", "$connect", "$default", "$disconnect"]);
    assert_eq!(post(&system, &connection, "{}").await, 410);
    assert_eq!(post(&system, "nobody=", "{}").await, 410);
    system.stop().await;
}

#[tokio::test]
async fn what_is_no_socket_and_what_fails_is_refused() {
    let stage = Stage::default();
    stage.answer("socket", |_, _| Err("broken".into()));
    let system = stage.start(Options::memory()).await;
    let plain = reqwest::get(format!("{}/_ws", system.url())).await.unwrap();
    assert_eq!(plain.status().as_u16(), 426);
    assert_eq!(connect(&system, "").await.err(), Some(502));
    system.stop().await;
}

#[tokio::test]
async fn a_system_that_stops_ends_its_sockets() {
    let stage = Stage::default();
    stage.answer("socket", |_, _| Ok(json!({ "statusCode": 200 })));
    let system = stage.start(Options::memory()).await;
    let mut page = connect(&system, "").await.unwrap();
    system.stop().await;
    let end = tokio::time::timeout(PATIENCE, page.next()).await.unwrap();
    assert!(matches!(end, None | Some(Ok(Message::Close(_)) | Err(_))), "{end:?}");
}
