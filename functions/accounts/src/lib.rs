//! Accounts: who a person is, their sessions and their tokens.

pub mod account;
pub mod invitation;
pub mod member;
pub mod passkey;
pub mod portrait;
pub mod role;
pub mod security;
pub mod session;
mod throttle;
pub mod token;
pub mod two_factor;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{SettingsCreate, SettingsDelete, SettingsEdit, SettingsView};
use web::{
    Access::{Anyone, Needs, Own, Platform},
    Routes, routes,
};

pub fn routes() -> Routes {
    Routes::new()
        .get(Anyone, "/inscription", account::pages::new_account)
        .post(Anyone, "/inscription", account::pages::sign_up)
        .api(Anyone, routes!(account::api::sign_up))
        .get(Anyone, "/connexion", session::pages::new_session)
        .post(Anyone, "/connexion", session::pages::sign_in)
        .get(Anyone, "/connexion/oubli", account::pages::new_reset)
        .post(Anyone, "/connexion/oubli", account::pages::request_reset)
        .get(Anyone, "/connexion/reinitialisation", account::pages::show_reset)
        .post(Anyone, "/connexion/reinitialisation", account::pages::reset_password)
        .api(Anyone, routes!(account::api::request_reset))
        .api(Anyone, routes!(account::api::reset_password))
        .post(Anyone, "/connexion/cle", session::pages::sign_in_with_passkey)
        .api(Anyone, routes!(session::api::start_passkey_sign_in))
        .api(Anyone, routes!(session::api::sign_in_with_passkey))
        .post(Own, "/deconnexion", session::pages::sign_out)
        .api(Anyone, routes!(session::api::sign_in))
        .api(Own, routes!(session::api::list_sessions))
        .api(Own, routes!(session::api::end_session))
        .api(Own, routes!(session::api::sign_out_everywhere))
        .api(Own, routes!(session::api::sign_out))
        .get(Own, "/compte", account::profile::show_profile)
        .post(Own, "/compte", account::profile::edit_profile)
        .get(Own, "/compte/portrait", portrait::pages::show_portrait)
        .post(Own, "/compte/portrait", portrait::pages::change_portrait)
        .post(Own, "/compte/portrait/televersement", portrait::pages::begin_portrait_upload)
        .post(Own, "/compte/portrait/supprimer", portrait::pages::remove_portrait)
        .api(Own, routes!(portrait::api::show_portrait, portrait::api::change_portrait, portrait::api::remove_portrait))
        .api(Own, routes!(portrait::api::begin_portrait_upload))
        .get(Own, "/compte/securite", security::pages::show_security)
        .post(Own, "/compte/mot-de-passe", security::pages::change_password)
        .post(Own, "/compte/sessions/{id}/fermer", security::pages::end_session)
        .post(Own, "/compte/sessions/fermer", security::pages::sign_out_everywhere)
        .post(Own, "/compte/securite/totp", security::pages::start_totp)
        .get(Own, "/compte/securite/totp", security::pages::show_totp)
        .post(Own, "/compte/securite/totp/confirmer", security::pages::confirm_totp)
        .post(Own, "/compte/securite/totp/desactiver", security::pages::disable_totp)
        .post(Own, "/compte/securite/codes", security::pages::renew_recovery_codes)
        .post(Own, "/compte/securite/cles/nouvelle", passkey::pages::start_passkey_registration)
        .post(Own, "/compte/securite/cles/confirmation", passkey::api::start_passkey_confirmation)
        .post(Own, "/compte/securite/cles", passkey::pages::register_passkey)
        .post(Own, "/compte/securite/cles/{id}/renommer", passkey::pages::rename_passkey)
        .post(Own, "/compte/securite/cles/{id}/supprimer", passkey::pages::remove_passkey)
        .api(Own, routes!(passkey::api::list_passkeys, passkey::api::register_passkey))
        .api(Own, routes!(passkey::api::start_passkey_registration))
        .api(Own, routes!(passkey::api::start_passkey_confirmation))
        .api(Own, routes!(passkey::api::rename_passkey))
        .api(Own, routes!(passkey::api::remove_passkey))
        .get(Anyone, "/connexion/verification", security::pages::new_verification)
        .post(Anyone, "/connexion/verification", security::pages::verify_second_factor)
        .api(Anyone, routes!(security::api::start_second_step))
        .api(Anyone, routes!(security::api::verify_second_factor))
        .api(Own, routes!(security::api::start_totp))
        .api(Own, routes!(security::api::confirm_totp))
        .api(Own, routes!(security::api::disable_totp))
        .api(Own, routes!(security::api::renew_recovery_codes))
        .api(Own, routes!(account::api::show_profile, account::api::edit_profile))
        .api(Own, routes!(account::api::change_password))
        .post(Own, "/compte/suppression", account::profile::delete_account)
        .api(Own, routes!(account::api::delete_account))
        .get(Own, "/compte/jetons", token::pages::list_tokens)
        .post(Own, "/compte/jetons", token::pages::create_token)
        .post(Own, "/compte/jetons/{id}/revoquer", token::pages::revoke_token)
        .api(Own, routes!(token::api::list_tokens, token::api::create_token))
        .api(Own, routes!(token::api::revoke_token))
        .get(Needs(SettingsView), "/equipe", member::pages::show_team)
        .post(Needs(SettingsEdit), "/equipe/membres/{id}/role", member::pages::change_role)
        .post(Needs(SettingsDelete), "/equipe/membres/{id}/retirer", member::pages::remove_member)
        .api(Needs(SettingsView), routes!(member::api::list_members))
        .get(Needs(SettingsView), "/equipe/membres/{id}/portrait", portrait::pages::show_member_portrait)
        .api(Needs(SettingsView), routes!(portrait::api::show_member_portrait))
        .api(Needs(SettingsEdit), routes!(member::api::change_role))
        .api(Needs(SettingsDelete), routes!(member::api::remove_member))
        .get(Own, "/compte/entreprises", member::organizations::list)
        .get(Own, "/entreprises/nouvelle", member::organizations::new_organization)
        .post(Own, "/entreprises/nouvelle", member::organizations::create_organization)
        .api(Own, routes!(member::api::create_organization))
        .get(Platform, "/plateforme/entreprises/nouvelle", invitation::founding::new_organization)
        .post(Platform, "/plateforme/entreprises/nouvelle", invitation::founding::create_organization)
        .get(Platform, "/plateforme/invitations/{id}", invitation::founder::show_founder)
        .post(Platform, "/plateforme/invitations/{id}/renvoyer", invitation::founder::resend_founding_invitation)
        .api(Platform, routes!(invitation::api::found_organization))
        .post(Needs(SettingsCreate), "/equipe/invitations", invitation::pages::create_invitation)
        .post(Needs(SettingsCreate), "/equipe/invitations/{id}/renvoyer", invitation::pages::resend_invitation)
        .post(Needs(SettingsDelete), "/equipe/invitations/{id}/annuler", invitation::pages::cancel_invitation)
        .api(Needs(SettingsView), routes!(invitation::api::list_invitations))
        .api(Needs(SettingsCreate), routes!(invitation::api::create_invitation))
        .api(Needs(SettingsCreate), routes!(invitation::api::resend_invitation))
        .api(Needs(SettingsDelete), routes!(invitation::api::cancel_invitation))
        .get(Anyone, "/invitation", invitation::acceptance::show)
        .post(Anyone, "/invitation", invitation::acceptance::accept)
        .get(Own, "/compte/invitation", invitation::acceptance::show_to_member)
        .post(Own, "/compte/invitation", invitation::acceptance::accept_as_member)
        .api(Anyone, routes!(invitation::api::accept_invitation))
        .get(Needs(SettingsView), "/equipe/roles", role::pages::list)
        .get(Needs(SettingsCreate), "/equipe/roles/nouveau", role::pages::new_role)
        .post(Needs(SettingsCreate), "/equipe/roles/nouveau", role::pages::create_role)
        .get(Needs(SettingsEdit), "/equipe/roles/{id}/modifier", role::pages::role_form)
        .post(Needs(SettingsEdit), "/equipe/roles/{id}/modifier", role::pages::edit_role)
        .post(Needs(SettingsDelete), "/equipe/roles/{id}/supprimer", role::pages::delete_role)
        .api(Needs(SettingsView), routes!(role::api::list_roles))
        .api(Needs(SettingsCreate), routes!(role::api::create_role))
        .api(Needs(SettingsView), routes!(role::api::show_role))
        .api(Needs(SettingsEdit), routes!(role::api::edit_role))
        .api(Needs(SettingsDelete), routes!(role::api::delete_role))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
