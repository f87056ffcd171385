//! The Lambda function `invoicing-worker`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(invoicing::worker::handle).await
}
