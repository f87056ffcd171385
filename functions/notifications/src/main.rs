//! The Lambda function `notifications`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(notifications::router).await
}
