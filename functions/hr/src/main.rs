//! The Lambda function `hr`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(hr::router).await
}
