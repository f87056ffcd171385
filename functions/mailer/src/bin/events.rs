//! The Lambda function `mailer-events`.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    cloud::worker::run(mailer::sent::handle).await
}
