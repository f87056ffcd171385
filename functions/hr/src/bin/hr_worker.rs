//! The Lambda function `hr-worker`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(hr::worker::handle).await
}
