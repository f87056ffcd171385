//! The Lambda function `mailer`.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    cloud::worker::run(mailer::handle).await
}
