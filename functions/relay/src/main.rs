//! The Lambda function `relay`.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    cloud::worker::run(relay::handle).await
}
