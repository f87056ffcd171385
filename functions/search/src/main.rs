//! The Lambda function `search`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(search::router).await
}
