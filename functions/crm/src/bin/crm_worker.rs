//! The Lambda function `crm-worker`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(crm::worker::handle).await
}
