//! The Lambda function `accounting-worker`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(invoicing::accounting_worker::handle).await
}
