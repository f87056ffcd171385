//! Adding a company.

use kernel::{Permission, Result, event::Event, id::CompanyId};
use table::{Items, meter::side_by_side};
use web::Asker;

use super::{Company, CompanyInput, Reading, group::Parent, model};
use crate::{retention::Retention, settings};

pub async fn create_company(asker: &Asker, input: &CompanyInput) -> Result<Company> {
    create_company_as(asker, asker.scope.new_id(CompanyId::new), input).await
}

/// As [`create_company`], under an id that follows from where it comes.
pub async fn create_company_as(asker: &Asker, id: CompanyId, input: &CompanyInput) -> Result<Company> {
    let scope = &asker.scope;
    let parent = input.named_parent(id);
    scope
        .write(|| async {
            let named = model::named(&input.assigned_to).unwrap_or_default();
            let above = async {
                match parent {
                    Some(parent) => scope.get_many(&Parent::keys(scope.keys(), parent)).await,
                    None => Ok(Items::default()),
                }
            };
            let beside = side_by_side(settings::SETTINGS.shown(scope), asker.nominee(named, Permission::CrmView));
            let (above, (settings, nominee)) = side_by_side(above, beside).await;
            let reading = Reading { settings: &*settings?, currency: asker.organization.currency };
            let new = input.parse(id, scope.now(), reading)?;
            new.must_have_lawful_terms(asker.today())?;
            let company = Company { assigned_to: asker.assigned(nominee?)?, ..new };
            let mut transaction = scope.begin("create_company", company.id);
            transaction.create(&company).create(&company.card()).create(&company.reference(None));
            if let Some(line) = company.subsidiary() {
                let parent = Parent::of(asker, &above?, line.parent, (id, 0)).await?;
                parent.take(&mut transaction)?;
                transaction.create(&line);
            }
            if let Some(retention) = Retention::of_prospect(&company, asker.organization.day(company.created_at)) {
                transaction.create(&retention);
            }
            transaction.emit(Event::RecordChanged { record: company.id.to_string() });
            Ok((transaction, company))
        })
        .await
}
