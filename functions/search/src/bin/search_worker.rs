//! The Lambda function `search-worker`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(search::worker::handle).await
}
