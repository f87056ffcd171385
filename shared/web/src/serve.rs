//! A context's router under Lambda.

use axum::Router;
use cloud::Deps;

/// Runs a context: dependencies from the environment, then requests until the end.
pub async fn serve(router: fn(Deps) -> Router) -> Result<(), lambda_http::Error> {
    cloud::logging();
    lambda_http::run(router(Deps::from_environment().await?)).await
}
