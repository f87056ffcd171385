//! The Lambda function `invoicing`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(invoicing::router).await
}
