//! Adding a company.

use kernel::{Permission, Result, id::CompanyId};
use web::Asker;

use super::{Company, CompanyInput};
use crate::retention::Retention;

pub async fn create_company(asker: &Asker, input: &CompanyInput) -> Result<Company> {
    let scope = &asker.scope;
    let new = input.parse(scope.new_id(CompanyId::new), scope.now())?;
    new.must_have_lawful_terms(asker.today())?;
    scope
        .write(|| async {
            let nominee = asker.nominee(new.assigned_to, Permission::CrmView).await?;
            let company = Company { assigned_to: asker.assigned(nominee)?, ..new.clone() };
            let mut transaction = scope.begin("create_company", company.id);
            transaction.create(&company).create(&company.card()).create(&company.reference(None));
            if let Some(retention) = Retention::of_prospect(&company, asker.organization.day(company.created_at)) {
                transaction.create(&retention);
            }
            Ok((transaction, company))
        })
        .await
}
