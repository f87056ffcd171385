//! `/compte/jetons`

use askama::Template;
use http::StatusCode;
use jiff::Timestamp;
use kernel::{Permission, id::TokenId, text};
use table::Stored;
use web::{
    AccessToken, Asker, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::TokenInput;

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    shell: Shell,
    form_key: String,
    tokens: Vec<TokenRow>,
    form: TokenInput,
    expiries: Vec<Choice>,
    scopes: Vec<Choice>,
    errors: FieldErrors,
    secret: Option<String>,
}

struct TokenRow {
    id: TokenId,
    name: String,
    scopes: Vec<String>,
    created_on: String,
    expires_on: Option<String>,
    is_expired: bool,
    last_used_on: Option<String>,
}

impl TokensPage {
    async fn new(
        asker: &Asker,
        input: &TokenInput,
        errors: FieldErrors,
        secret: Option<String>,
    ) -> Result<Self, kernel::Error> {
        let tokens = super::list_tokens(asker).await?;
        Ok(Self {
            shell: Shell::new(asker, "account", "Jetons d’API"),
            form_key: asker.form_key(),
            tokens: tokens.iter().map(|token| TokenRow::new(asker, token)).collect(),
            form: input.clone(),
            expiries: choices(
                [("30", "30 jours"), ("90", "90 jours"), ("365", "1 an"), ("", "Sans limite")],
                &input.expires_in_days,
            ),
            scopes: Permission::ALL
                .iter()
                .filter(|permission| asker.may(**permission))
                .map(|permission| {
                    let selected = input.scopes.iter().any(|scope| scope == permission.code());
                    (permission.code().into(), permission.french(), selected)
                })
                .collect(),
            errors,
            secret,
        })
    }
}

impl TokenRow {
    fn new(asker: &Asker, token: &Stored<AccessToken>) -> Self {
        let day = |at: Timestamp| text::short_date(at.to_zoned(asker.organization.zone()).date());
        Self {
            id: token.id,
            name: token.name.clone(),
            scopes: token.scopes.iter().map(|scope| scope.french()).collect(),
            created_on: day(token.created_at),
            expires_on: token.expires_at.map(day),
            is_expired: token.is_expired_at(asker.scope.now()),
            last_used_on: token.seen_at.map(day),
        }
    }
}

pub async fn list_tokens(asker: Asker) -> PageResult {
    let input = TokenInput { expires_in_days: "90".into(), ..TokenInput::default() };
    page(&TokensPage::new(&asker, &input, FieldErrors::default(), None).await?)
}

/// Shows the secret in the answer itself: it is nowhere to come back to.
pub async fn create_token(asker: Asker, form: Form<TokenInput>) -> PageResult {
    match super::create_token(&asker, &form.input).await {
        Ok(new) => {
            let input = TokenInput { expires_in_days: "90".into(), ..TokenInput::default() };
            page(&TokensPage::new(&asker, &input, FieldErrors::default(), new.secret).await?)
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let page = TokensPage::new(&asker, &form.input, errors, None).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn revoke_token(asker: Asker, Id(id): Id<TokenId>) -> PageResult {
    super::revoke_token(&asker, id).await?;
    asker.done("/compte/jetons", "Le jeton est révoqué.")
}
