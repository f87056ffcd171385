//! The Lambda function `purchases-mail`: mails that SES takes in.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(purchases::inbound::handle).await
}
