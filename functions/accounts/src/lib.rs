//! Accounts: who a person is, their sessions and their tokens.

pub mod account;
pub mod passkey;
pub mod session;
pub mod token;
pub mod two_factor;

use axum::Router;
use cloud::Deps;
use web::{
    Access::{Anyone, Member},
    Routes, routes,
};

pub fn routes() -> Routes {
    Routes::new()
        .get(Anyone, "/inscription", account::pages::new_account)
        .post(Anyone, "/inscription", account::pages::sign_up)
        .api(Anyone, routes!(account::api::sign_up))
        .get(Anyone, "/connexion", session::pages::new_session)
        .post(Anyone, "/connexion", session::pages::sign_in)
        .post(Member, "/deconnexion", session::pages::sign_out)
        .api(Anyone, routes!(session::api::sign_in))
        .api(Member, routes!(session::api::sign_out))
        .get(Member, "/compte/jetons", token::pages::list_tokens)
        .post(Member, "/compte/jetons", token::pages::create_token)
        .post(Member, "/compte/jetons/{id}/revoquer", token::pages::revoke_token)
        .api(Member, routes!(token::api::list_tokens, token::api::create_token))
        .api(Member, routes!(token::api::revoke_token))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
