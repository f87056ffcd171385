//! Open pages: the ticket, the connection, and what they hear.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::Path, routing::post};
use http::StatusCode;
use jiff::SignedDuration;
use kernel::{event::Event, permission::Role};
use notifications::socket::{Socket, handle};
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{paid, proposed, tell};

const TICKETS: &str = "/api/v1/notifications/tickets";

/// What was posted to whom: how many are unread, and what changed.
type Heard = Arc<Mutex<Vec<(String, Value)>>>;

/// An application whose pages listen at a stand-in of the gateway, where those whose name begins with `gone` are gone.
async fn app() -> (App, Heard) {
    let heard = Heard::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let ear = heard.clone();
    let router = Router::new().route(
        "/@connections/{id}",
        post(move |Path(id): Path<String>, text: String| async move {
            if id.starts_with("gone") {
                return StatusCode::GONE;
            }
            ear.lock().expect("an ear").push((id, serde_json::from_str(&text).expect("JSON")));
            StatusCode::OK
        }),
    );
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut app = crate::app().await;
    app.deps.sockets = cloud::Sockets::at(&endpoint, app.clock.clone());
    (app, heard)
}

/// What connections were told: whom, and what.
type Told = Vec<(String, Value)>;

/// Apart: how many are unread, and what changed.
fn told(heard: &Heard) -> (Told, Told) {
    let heard = heard.lock().expect("an ear").clone();
    heard.into_iter().partition(|(_, told)| told.get("unread").is_some())
}

/// The ticket of a member's.
async fn ticket(client: &Client) -> String {
    let url = client.post(TICKETS, &json!({})).await.expect(201).field("/url");
    url.strip_prefix("wss://app.abservice.example/live?ticket=").expect("where pages listen").to_owned()
}

async fn connect(app: &App, connection: &str, ticket: &str) -> u64 {
    let event = json!({
        "requestContext": { "routeKey": "$connect", "eventType": "CONNECT", "connectionId": connection },
        "queryStringParameters": { "ticket": ticket },
    });
    let answer = handle(app.deps.clone(), event).await.expect("an answer");
    answer["statusCode"].as_u64().expect("a status")
}

async fn open_pages(app: &App, role: Role) -> Vec<String> {
    let (scope, user) = (app.scope(), app.user_with_role(role));
    let found = scope.collection(&scope.keys().sockets(user)).await.expect("a reading");
    found.all::<Socket>().expect("pages").into_iter().map(|page| page.value.connection).collect()
}

#[tokio::test]
async fn an_open_page_hears_that_something_is_unread() {
    let (app, heard) = app().await;
    assert_eq!(connect(&app, "one=", &ticket(&app.owner()).await).await, 200);
    assert_eq!(connect(&app, "two=", &ticket(&app.owner()).await).await, 200);
    assert_eq!(connect(&app, "hr=", &ticket(&app.with_role(Role::Hr)).await).await, 200);
    tell(&app, 1, paid(1)).await;
    tell(&app, 2, proposed(2)).await;
    // One more of a kind rings no bell.
    tell(&app, 3, paid(3)).await;
    let (unread, changed) = told(&heard);
    let expected = [("one=", 1), ("two=", 1), ("one=", 2), ("two=", 2)];
    let expected: Vec<_> = expected.map(|(page, unread)| (page.to_owned(), json!({ "unread": unread }))).into();
    let mut sorted = unread;
    sorted.sort_by_key(|(page, told)| (told["unread"].as_u64(), page.clone()));
    assert_eq!(sorted, expected);
    // Twice paid. What waits for a yes changes no figure, and who sees no figures hears nothing.
    let mut pages: Vec<_> = changed.iter().map(|(page, _)| page.as_str()).collect();
    pages.sort_unstable();
    assert_eq!(pages, ["one=", "one=", "two=", "two="]);
    assert!(changed.iter().all(|(_, told)| *told == json!({ "changed": ["invoicing", "sales"] })), "{changed:?}");
}

#[tokio::test]
async fn of_many_pages_those_that_were_opened_last_hear() {
    let (app, heard) = app().await;
    // Named so that they stand in another order than they were opened in.
    let name = |n: u64| format!("{:02}=", (n * 7) % 24);
    for n in 0..24 {
        assert_eq!(connect(&app, &name(n), &ticket(&app.owner()).await).await, 200);
        app.advance(SignedDuration::from_secs(1));
    }
    tell(&app, 1, paid(1)).await;
    let mut told: Vec<_> = told(&heard).0.into_iter().map(|(page, _)| page).collect();
    told.sort_unstable();
    let mut last: Vec<_> = (4..24).map(name).collect();
    last.sort_unstable();
    assert_eq!(told, last);
}

#[tokio::test]
async fn a_ticket_is_good_once_for_a_minute_and_for_its_member() {
    let (app, _) = app().await;
    let owners = ticket(&app.owner()).await;
    assert_eq!(connect(&app, "one=", &owners).await, 200);
    assert_eq!(connect(&app, "two=", &owners).await, 401);
    let late = ticket(&app.owner()).await;
    app.advance(SignedDuration::from_secs(61));
    assert_eq!(connect(&app, "two=", &late).await, 401);
    // Somebody else’s name on it.
    let theirs = ticket(&app.with_role(Role::Hr)).await;
    let (_, rest) = theirs.split_once('.').expect("a ticket");
    let forged = format!("{}.{rest}", app.user_with_role(Role::Owner).ulid());
    for wrong in ["", "x", forged.as_str()] {
        assert_eq!(connect(&app, "two=", wrong).await, 401, "{wrong}");
    }
    assert_eq!(open_pages(&app, Role::Owner).await, ["one="]);
    app.anyone().post(TICKETS, &json!({})).await.expect(401);
    // Nothing stored opens anything.
    let secret = theirs.rsplit('.').next().expect("a secret");
    assert!(!app.written_under("#NOTIFICATIONS#").contains(secret));
}

#[tokio::test]
async fn of_two_who_show_one_ticket_one_connects() {
    let (app, _) = app().await;
    let one = ticket(&app.owner()).await;
    let (first, second) = tokio::join!(connect(&app, "one=", &one), connect(&app, "two=", &one));
    assert_eq!((first.min(second), first.max(second)), (200, 401));
}

#[tokio::test]
async fn who_is_gone_is_forgotten_and_hurts_nobody() {
    let (app, heard) = app().await;
    for connection in ["gone=", "here="] {
        assert_eq!(connect(&app, connection, &ticket(&app.owner()).await).await, 200);
    }
    // It may be opening still.
    tell(&app, 1, paid(1)).await;
    assert_eq!(open_pages(&app, Role::Owner).await, ["gone=", "here="]);
    app.advance(SignedDuration::from_mins(1));
    tell(&app, 2, proposed(2)).await;
    assert_eq!(open_pages(&app, Role::Owner).await, ["here="]);
    assert_eq!(told(&heard).0.len(), 2);
    // After two hours nobody is there, whatever the table still has.
    app.advance(SignedDuration::from_hours(2));
    let before = heard.lock().expect("an ear").len();
    tell(&app, 3, paid(3)).await;
    assert_eq!(heard.lock().expect("an ear").len(), before);
}

#[tokio::test]
async fn a_batch_of_events_is_one_message_of_what_changed_for_who_may_see_it() {
    let (app, heard) = app().await;
    for (page, role) in [("owner=", Role::Owner), ("sales=", Role::Sales), ("hr=", Role::Hr)] {
        assert_eq!(connect(&app, page, &ticket(&app.with_role(role)).await).await, 200);
    }
    let stranger = ticket(&app.stranger()).await;
    assert_eq!(connect(&app, "stranger=", &stranger).await, 200);
    let changed = |n: u128| Event::RecordChanged { record: format!("com_{n:026}") };
    let invoice = kernel::id::InvoiceId::from_ulid(ulid::Ulid(1));
    let mut events: Vec<_> = (0..9).map(|n| crate::envelope(&app, n, changed(n))).collect();
    events.push(crate::envelope(&app, 9, Event::InvoiceIssued { invoice }));
    crate::deliver(&app, &events).await;
    let (unread, mut changed) = told(&heard);
    assert_eq!(unread, []);
    changed.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = json!({ "changed": ["crm", "invoicing", "sales"] });
    assert_eq!(changed, [("owner=".into(), expected.clone()), ("sales=".into(), expected)]);
}

#[tokio::test]
async fn a_member_is_told_although_no_gateway_answers() {
    let (mut app, _) = app().await;
    assert_eq!(connect(&app, "one=", &ticket(&app.owner()).await).await, 200);
    app.deps.sockets = cloud::Sockets::at("http://127.0.0.1:9", app.clock.clone());
    tell(&app, 1, paid(1)).await;
    assert_eq!(crate::unread(&app.owner()).await, 1);
    let user = app.user_with_role(Role::Owner);
    tell(&app, 2, Event::MemberLeft { user }).await;
    assert!(open_pages(&app, Role::Owner).await.is_empty());
}

#[tokio::test]
async fn what_else_the_gateway_says_is_answered_and_changes_nothing() {
    let (app, _) = app().await;
    for route in ["$disconnect", "$default"] {
        let event = json!({ "requestContext": { "routeKey": route, "connectionId": "one=" }, "body": "{}" });
        assert_eq!(handle(app.deps.clone(), event).await.expect("an answer"), json!({ "statusCode": 200 }));
    }
    assert!(handle(app.deps.clone(), json!({})).await.is_err());
    for event in [
        include_str!("../../../../events/notifications-socket/connect.json"),
        include_str!("../../../../events/notifications-socket/disconnect.json"),
    ] {
        let event = serde_json::from_str(event).expect("an event");
        handle(app.deps.clone(), event).await.expect("an answer");
    }
}

#[tokio::test]
async fn pages_name_where_they_listen_and_their_policy_allows_it() {
    let (app, _) = app().await;
    let page = app.owner().get("/notifications").await.expect(200);
    assert!(page.text().contains("data-live data-href=\"/notifications/billet\""));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains(" wss://app.abservice.example;") && !policy.contains("example/live"), "{policy}");
    let ticket = app.owner().form("/notifications/billet", &[]).await.expect(201);
    assert!(
        ticket.round_trips() <= Some(3) && ticket.field("/url").starts_with("wss://app.abservice.example/live?ticket=")
    );
    // Where nobody listens, pages ask.
    let quiet = App::new(|deps| {
        let config = cloud::Config { sockets_url: None, ..(*deps.config).clone() };
        notifications::router(cloud::Deps { config: config.into(), ..deps })
    })
    .await;
    quiet.owner().form("/notifications/billet", &[]).await.expect(404);
    assert!(!quiet.owner().get("/notifications").await.expect(200).text().contains("data-live"));
}
