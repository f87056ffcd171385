//! The Lambda function `purchases`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(purchases::router).await
}
