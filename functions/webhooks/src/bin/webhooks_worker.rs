//! The Lambda function `webhooks-worker`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(webhooks::worker::handle).await
}
