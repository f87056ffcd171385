//! The Lambda function `organizations`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(organizations::router).await
}
