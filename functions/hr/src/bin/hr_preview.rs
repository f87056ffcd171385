//! The Lambda function `hr-preview`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(hr::preview::router).await
}
