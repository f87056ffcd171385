//! Making two contacts one: the loser leaves their company and the winner gets what was chosen, in one transaction.

use kernel::{
    Error, Result,
    error::Conflict,
    event::Event,
    id::{CompanyId, MergeId},
};
use table::{Scope, TenantKeys, Transaction};
use web::Asker;

use super::{
    Copies, Merge, Pair, State,
    fields::merged,
    merge_records::{must_be_settled, read_pair, traces},
    model::Checked,
};
use crate::{
    contact::{Consent, Contact, ContactLink, Employer, FORMER_MAX, Staff, write_former},
    record::{Record, RecordKind},
    retention::Retention,
};

pub(super) async fn merge_contacts(asker: &Asker, checked: &Checked) -> Result<Merge> {
    let scope = &asker.scope;
    let id = scope.new_id(MergeId::new);
    scope
        .write(|| async {
            let pair = Box::pin(read_pair(asker, checked.left, checked.right)).await?;
            let kept = checked.winner.unwrap_or_else(|| pair.winner());
            let Pair::Contacts([left, right]) = pair else { return Err(Error::NotFound) };
            must_be_settled(scope, [&left.beside, &right.beside], None).await?;
            let (winner, loser) = if kept == Record::Contact(left.contact.id) { (left, right) } else { (right, left) };
            let (before, lost) = (&winner.contact.value, &loser.contact.value);
            let from_loser = checked.from(Record::Contact(lost.id));
            let mut after: Contact = merged(RecordKind::Contact, before, lost, from_loser)?;
            after.filing.consent = last_said(before.filing.consent.as_ref(), lost.filing.consent.as_ref());
            // As any change of them, it is an activity.
            after.kept = None;
            after.former.extend(lost.former.iter().cloned());
            after.former.truncate(FORMER_MAX);
            let to = after.company.as_ref().map(|company| company.id);
            for left in [&lost.company, &before.company].into_iter().flatten().filter(|left| Some(left.id) != to) {
                if after.former.first().is_none_or(|former| former.id != left.id) {
                    after = after.remembering(left, asker.today());
                }
            }

            let mut staffs = Staffs::read(scope, [&before.company, &lost.company, &after.company]).await?;
            staffs.release(before);
            staffs.release(lost);
            let after = staffs.employ(after, to)?;
            let merge = Merge {
                id,
                loser: Record::Contact(lost.id),
                loser_name: lost.person.name(),
                winner: Record::Contact(before.id),
                winner_name: after.person.name(),
                assigned_to: after.assigned_to,
                created_at: scope.now(),
                state: State::first(),
                moved: 0,
                copies: Copies::Contact {
                    loser: Box::new(lost.clone()),
                    before: Box::new(before.clone()),
                    after: Box::new(after.clone()),
                },
            };
            let (merged, into) = traces(&merge);
            let today = asker.organization.day(scope.now());
            let mut transaction = scope.begin("merge_contacts", before.id);
            transaction
                .update(&winner.contact, &after)
                .replace(&Retention::of_contact(&after, today))
                .delete(&loser.contact)
                .forget::<Retention>(|keys| keys.contact_retention(lost.id));
            relink(&mut transaction, scope.keys(), Some(before), &after);
            unlink(&mut transaction, scope.keys(), lost);
            write_former(&mut transaction, before, &after);
            write_former(&mut transaction, lost, &Contact { former: Vec::new(), ..lost.clone() });
            staffs.write(&mut transaction);
            transaction
                .create(&merged)
                .create(&into)
                .create(&merge)
                .emit(Event::MergeRequested { merge: id })
                .emit(Event::RecordChanged { record: merge.loser.to_string() })
                .emit(Event::RecordChanged { record: merge.winner.to_string() });
            if after.person.name() != before.person.name() {
                transaction.emit(Event::RecordRenamed { record: merge.winner.to_string() });
            }
            Ok((transaction, merge))
        })
        .await
}

/// What somebody said last of advertising; on one day, no is no (RGPD art. 7-3).
fn last_said(one: Option<&Consent>, other: Option<&Consent>) -> Option<Consent> {
    let said = [one, other].into_iter().flatten();
    said.max_by_key(|consent| (consent.on, !consent.given)).cloned()
}

/// The line of somebody on their company's page, as they are now.
pub(super) fn relink(transaction: &mut Transaction, keys: TenantKeys, before: Option<&Contact>, after: &Contact) {
    let at = |contact: &Contact| contact.company.as_ref().map(|company| company.id);
    if let Some(before) = before.filter(|before| at(before) != at(after)) {
        unlink(transaction, keys, before);
    }
    if let Some(link) = after.link() {
        transaction.replace(&link);
    }
}

fn unlink(transaction: &mut Transaction, keys: TenantKeys, contact: &Contact) {
    if let Some(company) = &contact.company {
        let link = keys.company_contact(company.id, contact.id);
        transaction.forget::<ContactLink>(|_| link);
    }
}

/// The companies that an act on several contacts changes.
#[derive(Clone, Default)]
pub(super) struct Staffs(Vec<Staff>);

impl Staffs {
    pub async fn read(scope: &Scope, employers: [&Option<Employer>; 3]) -> Result<Self> {
        let mut companies: Vec<CompanyId> = employers.into_iter().flatten().map(|employer| employer.id).collect();
        companies.sort_unstable();
        companies.dedup();
        if companies.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let keys = scope.keys();
        let wanted: Vec<_> = companies.iter().flat_map(|company| Staff::keys(keys, *company)).collect();
        let found = scope.get_many(&wanted).await?;
        let staffs = companies.iter().filter_map(|company| Staff::of(&found, keys, *company).transpose());
        Ok(Self(staffs.collect::<Result<_>>()?))
    }

    fn of(&mut self, company: CompanyId) -> Option<&mut Staff> {
        self.0.iter_mut().find(|staff| staff.company() == company)
    }

    /// Somebody goes from where they are.
    pub fn release(&mut self, contact: &Contact) {
        if let Some(company) = &contact.company
            && let Some(staff) = self.of(company.id)
        {
            staff.release(contact.id);
        }
    }

    /// Somebody comes where they will be; their company is about to be merged where it is not there.
    pub fn employ(&mut self, contact: Contact, to: Option<CompanyId>) -> Result<Contact> {
        let Some(to) = to else { return Ok(Contact { company: None, ..contact }) };
        let staff = self.of(to).ok_or(Error::Conflict(Conflict::MergeUnderWay))?;
        staff.readmit(contact)
    }

    /// As [`Self::employ`], with no company where it is gone or full.
    pub fn employ_if_possible(&mut self, contact: Contact, to: Option<CompanyId>) -> Contact {
        let alone = Contact { company: None, ..contact.clone() };
        self.employ(contact, to).unwrap_or(alone)
    }

    pub fn write(self, transaction: &mut Transaction) {
        self.0.into_iter().for_each(|staff| staff.write(transaction));
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_was_said_last_of_advertising_counts_and_no_is_no() {
        let said = |given, day| Consent { given, source: "Salon".into(), on: date(2026, 11, day) };
        let last = |one: &Consent, other: &Consent| {
            last_said(Some(one), Some(other)).map(|consent| (consent.given, consent.on.day()))
        };
        assert_eq!(last(&said(true, 3), &said(false, 2)), Some((true, 3)));
        assert_eq!(last(&said(true, 2), &said(false, 3)), Some((false, 3)));
        assert_eq!(last(&said(true, 2), &said(false, 2)), Some((false, 2)));
        assert_eq!(last(&said(false, 2), &said(true, 2)), Some((false, 2)));
        assert_eq!(last_said(None, None), None);
    }
}
