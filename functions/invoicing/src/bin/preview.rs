//! The Lambda function `preview`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(invoicing::preview::router).await
}
