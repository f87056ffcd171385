//! Entering an expense, and changing it.

use kernel::{
    Error, Result,
    id::{ExpenseId, UserId},
    reference::OrganizationReference,
};
use table::{Scope, Stored, Transaction, meter::side_by_side};
use web::Asker;

use super::{Expense, ExpenseInput, NewExpense, store};
use crate::{expense::ExpenseContent, settings, supplier};

/// What an act on an expense has to know beside it.
pub struct Known {
    settings: super::Threshold,
    supplier: Option<Stored<supplier::Supplier>>,
}

impl Known {
    /// One trip: what is set, and who is named.
    pub async fn read(scope: &Scope, new: &NewExpense) -> Result<Self> {
        let (settings, supplier) =
            side_by_side(settings::THRESHOLD.shown(scope), supplier::store::find(scope, &new.supplier)).await;
        Ok(Self { settings: settings?.value, supplier: supplier? })
    }

    /// The content with its supplier, who is named by it from now on.
    pub fn content(&self, transaction: &mut Transaction, scope: &Scope, new: &NewExpense) -> Result<ExpenseContent> {
        let supplier = supplier::store::name(transaction, scope, &new.supplier, self.supplier.as_ref())?;
        Ok(ExpenseContent { supplier, ..new.content.clone() })
    }

    pub fn wants_approval(&self, content: &ExpenseContent, organization: &OrganizationReference) -> bool {
        self.settings.wants_approval(content, organization.currency)
    }
}

pub async fn create_expense(asker: &Asker, input: &ExpenseInput) -> Result<Stored<Expense>> {
    let scope = &asker.scope;
    let id = scope.new_id(ExpenseId::new);
    scope
        .write(|| async {
            let new = input.parse(&asker.organization, asker.today())?;
            let known = Known::read(scope, &new).await?;
            let mut transaction = scope.begin("create_expense", id);
            let expense = entered(&mut transaction, asker, id, &new, &known)?;
            Ok((transaction, Stored { value: expense, version: 1 }))
        })
        .await
}

/// Writes a new expense of somebody's.
pub fn entered(
    transaction: &mut Transaction,
    asker: &Asker,
    id: ExpenseId,
    new: &NewExpense,
    known: &Known,
) -> Result<Expense> {
    let scope = &asker.scope;
    let content = known.content(transaction, scope, new)?;
    let wants_approval = known.wants_approval(&content, &asker.organization);
    let expense = Expense::entered(id, (scope.now(), Some(asker.user)), content, new.is_draft, wants_approval);
    store::save(transaction, None, Some(&expense));
    Ok(expense)
}

/// `seen` is the version that the form was filled in on.
pub async fn edit_expense(
    asker: &Asker,
    id: ExpenseId,
    input: &ExpenseInput,
    seen: Option<u64>,
) -> Result<Stored<Expense>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let new = input.parse(&asker.organization, asker.today())?;
            let (read, known) = side_by_side(store::read(scope, id), Known::read(scope, &new)).await;
            let (read, known) = (read?.expect_version(seen)?, known?);
            let mut transaction = scope.begin("edit_expense", id);
            let content = known.content(&mut transaction, scope, &new)?;
            let wants_approval = known.wants_approval(&content, &asker.organization);
            let may_approve = asker.may(kernel::Permission::SalesApprove);
            let by = (scope.now(), asker.user);
            let changed = read.edited(content, new.is_draft, by, wants_approval, may_approve)?;
            store::save(&mut transaction, Some(&read), Some(&changed));
            Ok((transaction, Stored { value: changed, version: read.version + 1 }))
        })
        .await
}

pub async fn delete_expense(scope: &Scope, id: ExpenseId, seen: Option<u64>) -> Result<()> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            read.must_be_deletable()?;
            let mut transaction = scope.begin("delete_expense", id);
            store::save(&mut transaction, Some(&read), None);
            if let Some(receipt) = &read.receipt {
                let removed = kernel::event::Event::ExpenseFileRemoved { expense: id, upload: receipt.upload };
                transaction.emit(removed);
            }
            Ok((transaction, ()))
        })
        .await
}

/// Who acts, where a person does.
pub fn actor(scope: &Scope) -> Result<UserId> {
    scope.tenant().actor().user().ok_or_else(|| Error::internal("nobody acts"))
}
