//! The Lambda function `accounts`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(accounts::router).await
}
