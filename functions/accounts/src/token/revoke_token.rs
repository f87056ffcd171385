//! Revoking one's own token: it stops at its next request.

use kernel::{Error, Result, id::TokenId};
use web::Asker;

use super::list_tokens;

pub async fn revoke_token(asker: &Asker, id: TokenId) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let tokens = list_tokens(asker).await?;
            let token = tokens.into_iter().find(|token| token.id == id).ok_or(Error::NotFound)?;
            let mut transaction = scope.begin("revoke_token", id);
            transaction.delete(&token);
            Ok((transaction, ()))
        })
        .await
}
