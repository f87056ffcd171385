//! The Lambda function `purchases-worker`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(purchases::worker::handle).await
}
