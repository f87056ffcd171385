//! The Lambda function `sales`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(sales::router).await
}
