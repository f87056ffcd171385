//! DynamoDB: the engine of dynoxide over SQLite, behind a front that can fail on demand and tells when
//! something was written.

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use dynoxide::{
    Database, ImportOptions,
    actions::{get_records::GetRecordsRequest, get_shard_iterator::GetShardIteratorRequest, scan::ScanRequest},
    streams,
};
use http::{HeaderValue, StatusCode, Uri, header, uri::PathAndQuery};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rusqlite::Connection;
use serde_json::Value;
use tokio::sync::{Notify, oneshot};

use crate::{ACCOUNT, Error, Faults, REGION, Result, serve, serve::Server};

pub struct DynamoDb {
    database: Database,
    faults: DynamoFaults,
    written: Arc<Notify>,
    front: Server,
    path: Option<std::path::PathBuf>,
    /// Dropped with us, which tells the engine's server to close.
    _stop: oneshot::Sender<()>,
}

/// What DynamoDB does to its callers on a bad day.
#[derive(Clone, Debug, Default)]
pub struct DynamoFaults {
    /// 500 `InternalServerError`; nothing is done.
    pub internal: Faults,
    /// 400 `ProvisionedThroughputExceededException`; nothing is done.
    pub throttle: Faults,
    /// `TransactWriteItems` is cancelled with the reason `TransactionConflict` on its first item; nothing is done.
    pub conflict: Faults,
    /// The request is carried out, and its answer is lost (500): what makes a client ask again for what is done.
    pub lose_answer: Faults,
}

/// The stream's position after a record; `None` stands before the first.
pub type Checkpoint = Option<String>;

/// Writes are followed by [`DynamoDb::written`].
const WRITES: [&str; 8] = [
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactWriteItems",
    "ExecuteStatement",
    "ExecuteTransaction",
    "BatchExecuteStatement",
];

impl DynamoDb {
    /// Over the SQLite file at `path`, made if absent; without a path, in memory.
    pub async fn start(path: Option<&Path>) -> Result<Self> {
        let database = match path {
            Some(path) => open(&path.to_string_lossy())?,
            None => open_memory()?,
        };
        let (listener, address) = serve::listener().await?;
        let (stop, stopped) = oneshot::channel::<()>();
        let served = database.clone();
        tokio::spawn(async move {
            // An error of `stopped` means that the sender was dropped: the same wish.
            let shutdown = async { _ = stopped.await };
            if let Err(error) = dynoxide::server::serve_with_shutdown(listener, served, shutdown).await {
                tracing::error!(%error, "DynamoDB stopped serving");
            }
        });

        let faults = DynamoFaults::default();
        let written = Arc::new(Notify::new());
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let front = Front {
            engine: address.to_string(),
            client: Client::builder(TokioExecutor::new()).build(connector),
            faults: faults.clone(),
            written: written.clone(),
        };
        let front = Server::start(Router::new().fallback(forward).with_state(Arc::new(front))).await?;
        Ok(Self { database, faults, written, front, path: path.map(Path::to_owned), _stop: stop })
    }

    pub fn endpoint(&self) -> &str {
        &self.front.endpoint
    }

    pub fn faults(&self) -> &DynamoFaults {
        &self.faults
    }

    /// Wakes whoever waits on it after each write that came over HTTP.
    pub fn written(&self) -> &Notify {
        &self.written
    }

    /// The records of the table's stream after `checkpoint`, in order, in the shape in which Lambda hands them to a
    /// function, at most `limit` (≤ 1000). The position after the last of them is its `SequenceNumber`:
    /// see [`position`]. A table that has no stream yet has no records.
    pub fn records(&self, table: &str, checkpoint: &Checkpoint, limit: usize) -> Result<Vec<Value>> {
        let kind = if checkpoint.is_some() { "AFTER_SEQUENCE_NUMBER" } else { "TRIM_HORIZON" };
        let iterator = match self.database.get_shard_iterator(GetShardIteratorRequest {
            stream_arn: streams::stream_arn(table, "local"),
            shard_id: streams::shard_id(table),
            shard_iterator_type: kind.to_owned(),
            sequence_number: checkpoint.clone(),
        }) {
            Ok(response) => response.shard_iterator.unwrap_or_default(),
            Err(dynoxide::DynoxideError::ResourceNotFoundException(_)) => return Ok(Vec::new()),
            Err(error) => return Err(Error::DynamoDb(error.to_string())),
        };
        let found = self
            .database
            .get_records(GetRecordsRequest { shard_iterator: iterator, limit: Some(limit.clamp(1, 1000)) })
            .map_err(|error| Error::DynamoDb(error.to_string()))?;
        let arn = format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}/stream/local");
        found
            .records
            .iter()
            .map(|record| {
                let mut record =
                    serde_json::to_value(record).map_err(|error| Error::Stored("a stream record".into(), error))?;
                record["awsRegion"] = REGION.into();
                record["eventSourceARN"] = arn.as_str().into();
                Ok(record)
            })
            .collect()
    }

    /// All that lies in the table, as it is stored, in no order.
    pub fn items(&self, table: &str) -> Result<Vec<Value>> {
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let request =
                ScanRequest { table_name: table.to_owned(), exclusive_start_key: start, ..ScanRequest::default() };
            let page = self.database.scan(request).map_err(|error| Error::DynamoDb(error.to_string()))?;
            for item in page.items.unwrap_or_default() {
                items.push(serde_json::to_value(item).map_err(|error| Error::Stored("an item".into(), error))?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// Puts many items into the table at once, past HTTP and the stream.
    pub fn load(&self, table: &str, items: Vec<Value>) -> Result<()> {
        let items = items
            .into_iter()
            .map(|item| serde_json::from_value(item).map_err(|error| Error::Stored("an item".into(), error)))
            .collect::<Result<Vec<_>>>()?;
        let loaded = self.database.import_items(table, items, ImportOptions::default());
        loaded.map(drop).map_err(|error| Error::DynamoDb(error.to_string()))
    }

    /// Forgets the records up to and including `checkpoint` of a table in a file, as DynamoDB does after a day.
    pub fn trim(&self, table: &str, checkpoint: &Checkpoint) -> Result<usize> {
        let (Some(path), Some(checkpoint)) = (&self.path, checkpoint) else { return Ok(0) };
        let connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        // The engine shows its numbers with a constant added, so that they have DynamoDB's 21 digits; the last 20
        // are what it stores.
        let stored = checkpoint.get(1..).and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(0);
        Ok(connection.execute(
            "DELETE FROM _stream_records WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) <= ?2",
            (table, stored),
        )?)
    }

    /// Deletes what has expired; DynamoDB does so by itself, some time within days. Returns how many.
    pub fn sweep_ttl(&self) -> Result<usize> {
        self.database.sweep_ttl().map_err(|error| Error::DynamoDb(error.to_string()))
    }
}

/// The checkpoint after a record of [`DynamoDb::records`].
pub fn position(record: &Value) -> Checkpoint {
    record["dynamodb"]["SequenceNumber"].as_str().map(str::to_owned)
}

fn open(path: &str) -> Result<Database> {
    let database = Database::new(path).map_err(|error| Error::DynamoDb(error.to_string()))?;
    // Sets synchronous = NORMAL: in WAL mode a commit then outlives kill -9 without an fsync.
    database.disable_bulk_loading().map_err(|error| Error::DynamoDb(error.to_string()))?;
    // The engine looks for the highest number at each write and would read the whole stream to find it.
    Connection::open(path)?.execute_batch(
        "PRAGMA busy_timeout = 5000;
         CREATE INDEX IF NOT EXISTS stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
    )?;
    Ok(database)
}

/// A shared-cache memory database, so that the index can be made through a second connection. That one is closed
/// before anything is served: two connections to a shared cache would lock each other out.
fn open_memory() -> Result<Database> {
    open(&format!("file:dynamodb-{}?mode=memory&cache=shared", serve::random_id()))
}

struct Front {
    engine: String,
    client: Client<HttpConnector, Body>,
    faults: DynamoFaults,
    written: Arc<Notify>,
}

async fn forward(State(front): State<Arc<Front>>, mut request: Request) -> Response {
    let operation = request
        .headers()
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok())
        .and_then(|target| target.split_once('.'))
        .map(|(_, operation)| operation.to_owned())
        .unwrap_or_default();
    if front.faults.internal.strike() {
        return refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "{}");
    }
    if front.faults.throttle.strike() {
        return refusal(StatusCode::BAD_REQUEST, "ProvisionedThroughputExceededException", "{}");
    }
    if operation == "TransactWriteItems" && front.faults.conflict.strike() {
        let reasons = r#"{"Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]","CancellationReasons":[{"Code":"TransactionConflict","Message":"Transaction is ongoing for the item"}]}"#;
        return refusal(StatusCode::BAD_REQUEST, "TransactionCanceledException", reasons);
    }

    let path = request.uri().path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    let target = Uri::builder().scheme("http").authority(front.engine.as_str()).path_and_query(path).build();
    let Ok(target) = target else { return StatusCode::BAD_REQUEST.into_response() };
    *request.uri_mut() = target;
    match front.client.request(request).await {
        Ok(answer) => {
            if answer.status().is_success() && WRITES.contains(&operation.as_str()) {
                front.written.notify_waiters();
                if front.faults.lose_answer.strike() {
                    return refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "{}");
                }
            }
            answer.into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "DynamoDB did not answer");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn refusal(status: StatusCode, code: &str, body: &str) -> Response {
    let mut value: Value = serde_json::from_str(body).unwrap_or_default();
    value["__type"] = format!("com.amazonaws.dynamodb.v20120810#{code}").into();
    let mut response = (status, value.to_string()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0"));
    response
}
