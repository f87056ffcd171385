//! The Lambda function `dashboard`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(dashboard::router).await
}
