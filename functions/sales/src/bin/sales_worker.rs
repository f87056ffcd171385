//! The Lambda function `sales-worker`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(sales::worker::handle).await
}
