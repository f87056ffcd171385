//! The Lambda function `clock`.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    cloud::worker::run(clock::handle).await
}
