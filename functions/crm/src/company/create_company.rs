//! Adding a company.

use kernel::{Result, id::CompanyId};
use table::Scope;

use super::{Company, CompanyInput};

pub async fn create_company(scope: &Scope, input: &CompanyInput) -> Result<Company> {
    let company = input.parse(scope.new_id(CompanyId::new), scope.now())?;
    scope
        .write(|| async {
            let mut transaction = scope.begin("create_company", company.id);
            transaction.create(&company).create(&company.card()).create(&company.reference(None));
            Ok((transaction, company.clone()))
        })
        .await
}
