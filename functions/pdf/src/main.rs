//! The Lambda function `pdf`.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    cloud::worker::run(pdf::handle).await
}
