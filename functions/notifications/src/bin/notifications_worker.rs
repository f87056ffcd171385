//! The Lambda function `notifications-worker`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(notifications::worker::handle).await
}
