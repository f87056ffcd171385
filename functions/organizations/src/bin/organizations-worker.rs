//! The Lambda function `organizations-worker`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(organizations::worker::handle).await
}
