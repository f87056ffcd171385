//! The Lambda function `crm`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    web::serve(crm::router).await
}
