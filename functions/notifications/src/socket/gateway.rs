//! The function `notifications-socket`: what the gateway says of its connections. Who connects shows a ticket; what they
//! send is not listened to. That somebody left is found by the next message that does not reach them, and forgotten by the
//! table after two hours: the gateway does not say whose page it was, and does not always say that it left.

use std::collections::HashMap;

use cloud::Deps;
use kernel::{Actor, Error, Result, Tenant};
use serde::Deserialize;
use serde_json::{Value, json};
use web::credentials::Secret;

use super::{
    Socket, Ticket,
    model::{Claim, SOCKET_LIVES},
};

/// What we read of the event.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SocketEvent {
    request_context: RequestContext,
    #[serde(default)]
    query_string_parameters: Option<HashMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext {
    route_key: String,
    connection_id: String,
}

pub async fn handle(deps: Deps, event: Value) -> Result<Value> {
    let answer = |status: u16| Ok(json!({ "statusCode": status }));
    let event: SocketEvent = serde_json::from_value(event).map_err(|_| Error::internal("not an event of a socket"))?;
    if event.request_context.route_key != "$connect" {
        return answer(200);
    }
    let ticket = event.query_string_parameters.and_then(|mut given| given.remove("ticket")).unwrap_or_default();
    match connect(&deps, &event.request_context.connection_id, &ticket).await {
        Ok(()) => answer(200),
        Err(Error::Unauthenticated) => answer(401),
        Err(error) => Err(error),
    }
}

/// Spends the ticket in the transaction that notes the page.
async fn connect(deps: &Deps, connection: &str, ticket: &str) -> Result<()> {
    let claim = Claim::read(ticket).ok_or(Error::Unauthenticated)?;
    let hash = Secret::hash_of(claim.secret);
    // Believed once the item of this hash is there, which nobody but the gate writes.
    let actor = Actor::System { name: "notifications-socket".into() };
    let scope = &deps.table.scope(Tenant::proven(claim.organization, actor));
    let expires_at = scope.now().checked_add(SOCKET_LIVES).map_err(Error::internal)?;
    scope
        .write(|| async {
            let read = scope.get::<Ticket>(&scope.keys().socket_ticket(claim.user, &hash)).await?;
            let read = read.filter(|ticket| ticket.expires_at > scope.now()).ok_or(Error::Unauthenticated)?;
            let mut transaction = scope.begin("connect", claim.user).unlogged();
            let socket = Socket { user: claim.user, connection: connection.into(), expires_at };
            transaction.spend(&read, || Error::Unauthenticated).create(&socket);
            Ok((transaction, ()))
        })
        .await
}
