//! The health check.

use axum::response::IntoResponse;

/// Whether the function runs; it asks nothing of the table, so a load balancer may call it often.
pub async fn show_health() -> impl IntoResponse {
    "ok"
}
