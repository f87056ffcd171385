//! The Lambda function `notifications-socket`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    cloud::worker::run(notifications::socket::handle).await
}
