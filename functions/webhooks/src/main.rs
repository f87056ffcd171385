//! The Lambda function `webhooks`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(webhooks::router).await
}
