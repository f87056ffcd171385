//! The clock's part: months that are over are counted, each once, however late; who is to decide and has not is reminded, once.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Permission, Result,
    event::{About, Event, Owner},
    id::{EmployeeId, LeaveRequestId, LeaveTypeId, MailId, UserId},
    mail::Mailbox,
    reference::OrganizationReference,
    text,
};
use table::{Scope, Stored, Transaction, shared::OwnedMail};
use web::{Letter, Membership, path_in};

use super::{
    account::{Balances, Facts, Informed, PeriodSum, illnesses, information_due, look_on, term_due},
    quantity::Quantity,
    request::{LeaveRequest, RequestState},
    store::{self, Read},
    words,
};
use crate::{elision::de, employee::Employee};

/// How many employees one transaction sends on their way.
const AT_ONCE: usize = 90;

/// Where the organization's clocks are, and whether anything is done there at all.
async fn organization(scope: &Scope) -> Result<Option<OrganizationReference>> {
    let found = scope.get::<OrganizationReference>(&scope.keys().organization()).await?.map(|read| read.value);
    Ok(found.filter(|organization| organization.deletion.is_none()))
}

pub async fn look_at_leave(scope: &Scope, site: &str, employee: EmployeeId) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("look_at_leave", employee);
            let Some(organization) = organization(scope).await? else { return Ok((transaction.nothing(), ())) };
            let zone = organization.zone();
            let today = scope.clock().today(&zone);
            let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
            let read = match store::read(scope, employee, today).await {
                Ok(read) => read,
                // Deleted meanwhile.
                Err(Error::NotFound) => return Ok((transaction.nothing(), ())),
                Err(other) => return Err(other),
            };
            let mut requests = read.facts().requests.to_vec();
            let waiting: Vec<_> = read
                .requests
                .iter()
                .filter(|request| request.remind_on(read.leave.remind_after_days, day).is_some_and(|on| on <= today))
                .collect();
            for request in waiting {
                let reminded = LeaveRequest { reminded_at: Some(scope.now()), ..request.value.clone() };
                tell(scope, &mut transaction, &read, &organization, site, request, today, true).await?;
                transaction.update(request, &reminded);
                if let Some(place) = requests.iter_mut().find(|other| other.id == reminded.id) {
                    *place = reminded;
                }
            }
            let mut account = read.settled(&requests, day);
            // Contracts and settings may say otherwise what a day takes.
            let versions = (read.employee.version, read.settings_version);
            if (account.file_version, account.settings_version) != versions {
                (account.file_version, account.settings_version) = versions;
                store::rewrite_lines(&mut transaction, &read, &requests, today);
            }
            let mut returned = illnesses(&read.facts()).into_iter().map(|illness| illness.returned_on);
            let returned = returned.rfind(|on| *on <= today);
            if returned > account.return_told {
                account.return_told = returned;
                let due = information_due(&read.facts(), today);
                if let Some(by) = due.iter().map(|due| due.by).min() {
                    let label = Some(format!("matricule {}", read.employee.number));
                    let about = About { label, ..About::default() };
                    transaction.emit(Event::LeaveInformationDue { employee, by, about });
                }
                account.look_on =
                    look_on(&Facts { account: &account, requests: &requests, ..read.facts() }, today, day);
            }
            let facts = Facts { account: &account, requests: &requests, ..read.facts() };
            if let Some(sum) = term_due(&facts, today).filter(|_| read.employee.is_employed_on(today)) {
                account.term_told = Some(sum.usable_until);
                if let Some(member) = member_of(scope, &read).await? {
                    let letter = term_letter(&read, &sum, &organization, &member, site);
                    send(scope, &mut transaction, &member, letter)?;
                }
            }
            if read.stored.as_ref().is_some_and(|stored| stored.value == account) {
                return Ok((transaction.nothing(), ()));
            }
            read.save_account(&mut transaction, &account);
            Ok((transaction.untold(), ()))
        })
        .await
}

/// The member who an employee is.
async fn member_of(scope: &Scope, read: &Read) -> Result<Option<Membership>> {
    let Some(user) = read.employee.user else { return Ok(None) };
    let member = scope.get::<Membership>(&scope.keys().member(user)).await?.map(|member| member.value);
    Ok(member.filter(|member| member.visit.is_none()))
}

fn send(scope: &Scope, transaction: &mut Transaction, member: &Membership, letter: Letter<'_>) -> Result<()> {
    let owner = Owner::User(member.user);
    let to = Mailbox { name: Some(member.name.clone()), address: member.email.clone() };
    let mail = letter.mail(scope.new_id(MailId::new), to)?;
    let requested = Event::MailRequested { owner, mail: mail.id };
    transaction.create(&OwnedMail { owner, mail }).emit(requested);
    Ok(())
}

/// What is to be taken, and until when.
fn term_letter<'a>(
    read: &Read,
    sum: &PeriodSum,
    organization: &'a OrganizationReference,
    member: &Membership,
    site: &str,
) -> Letter<'a> {
    let until = text::french_date(sum.usable_until);
    let days = format!("{}\u{a0}{}", sum.left().french(), words::days(sum.left()));
    let path = path_in(organization.id, &format!("/rh/conges/{}", read.employee.id));
    Letter::new(organization, format!("Congés à prendre avant le {until}"), Some(&member.name))
        .paragraph(format!(
            "Il vous reste {days} de congés payés, acquis {} à {}, à prendre jusqu’au {until}. Ce qui n’est pas pris à cette date \
             est perdu\u{a0}: demandez vos dates dès maintenant.",
            de(&text::french_month(sum.year)),
            text::french_month(super::account::ends_on(sum.year)),
        ))
        .fact("Jours à prendre", days)
        .fact("Jusqu’au", until)
        .button("Demander mes congés", format!("{site}{path}"))
        .note("Vous recevez cet e-mail parce que votre employeur vous invite à prendre vos congés avant leur terme.")
}

/// Somebody is to decide: they are told, and written to where they are a member.
pub async fn tell_approver(scope: &Scope, site: &str, employee: EmployeeId, id: LeaveRequestId) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("tell_approver", id);
            let Some(organization) = organization(scope).await? else { return Ok((transaction.nothing(), ())) };
            let today = scope.clock().today(&organization.zone());
            let read = match store::read(scope, employee, today).await {
                Ok(read) => read,
                Err(Error::NotFound) => return Ok((transaction.nothing(), ())),
                Err(other) => return Err(other),
            };
            let request = match read.request(id) {
                Ok(request) if request.state == RequestState::Pending && request.told_at.is_none() => request.clone(),
                // Decided or taken back meanwhile, or told already.
                _ => return Ok((transaction.nothing(), ())),
            };
            tell(scope, &mut transaction, &read, &organization, site, &request, today, false).await?;
            transaction.update(&request, &LeaveRequest { told_at: Some(scope.now()), ..request.value.clone() });
            Ok((transaction.untold(), ()))
        })
        .await
}

/// Those who are to decide: the manager and who decides for them these days; nobody in person where a second yes is wanted, or
/// there is no manager who is a member: then whoever has `hr:approve`.
async fn approvers(scope: &Scope, read: &Read, request: &LeaveRequest, today: Date) -> Result<Vec<Membership>> {
    let keys = scope.keys();
    let manager = match read.employee.manager.filter(|_| request.first.is_none()) {
        Some(manager) => manager,
        None => return Ok(Vec::new()),
    };
    let wanted: Vec<_> =
        [manager].into_iter().chain(read.leave.delegates(manager, today)).map(|id| keys.employee(id)).collect();
    let users: Vec<UserId> =
        scope.get_many(&wanted).await?.all::<Employee>()?.iter().filter_map(|employee| employee.user).collect();
    let wanted: Vec<_> = users.into_iter().map(|user| keys.member(user)).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let members = scope.get_many(&wanted).await?.all::<Membership>()?;
    Ok(members.into_iter().map(|read| read.value).filter(|member| member.visit.is_none()).collect())
}

#[expect(clippy::too_many_arguments, reason = "what a mail needs")]
async fn tell(
    scope: &Scope,
    transaction: &mut Transaction,
    read: &Read,
    organization: &OrganizationReference,
    site: &str,
    request: &Stored<LeaveRequest>,
    today: Date,
    again: bool,
) -> Result<()> {
    let (employee, id) = (request.employee, request.id);
    let label = Some(request.span.french());
    let approvers = approvers(scope, read, request, today).await?;
    if approvers.is_empty() {
        transaction.emit(Event::LeaveAwaited { employee, request: id, about: About { label, ..About::default() } });
        return Ok(());
    }
    for member in approvers {
        send(scope, transaction, &member, letter(read, request, organization, &member, site, again))?;
        let about = About { label: label.clone(), assigned_to: Some(member.user), ..About::default() };
        transaction.emit(Event::LeaveAwaited { employee, request: id, about });
    }
    Ok(())
}

/// It says who and when, never why: the page does, to who is signed in.
fn letter<'a>(
    read: &Read,
    request: &LeaveRequest,
    organization: &'a OrganizationReference,
    member: &Membership,
    site: &str,
    again: bool,
) -> Letter<'a> {
    let name = read.employee.name();
    let subject = match again {
        true => format!("Rappel\u{a0}: congé {} à valider", de(&name)),
        false => format!("Congé {} à valider", de(&name)),
    };
    let path = path_in(organization.id, &format!("/rh/conges/{}/{}", request.employee, request.id));
    Letter::new(organization, subject, Some(&member.name))
        .paragraph(format!("{name} demande une absence {}.", request.span.french()))
        .fact("Salarié", name)
        .fact("Absence", request.span.french())
        .button("Voir la demande et décider", format!("{site}{path}"))
        .note("Vous recevez cet e-mail parce que vous décidez des congés de ce salarié.")
}

/// Somebody is told, with a date, of leave that sickness kept them from: how many days, and until when (C. trav. L3141-19-3).
/// Who is no member is told by other means.
pub async fn tell_informed(
    scope: &Scope,
    site: &str,
    employee: EmployeeId,
    kind: LeaveTypeId,
    year: Date,
) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("tell_informed", employee);
            let Some(organization) = organization(scope).await? else { return Ok((transaction.nothing(), ())) };
            let today = scope.clock().today(&organization.zone());
            let read = match store::read(scope, employee, today).await {
                Ok(read) => read,
                Err(Error::NotFound) => return Ok((transaction.nothing(), ())),
                Err(other) => return Err(other),
            };
            let member = member_of(scope, &read).await?;
            let balances = Balances::of(&read.facts());
            let sum = balances.of_type(kind).find(|period| period.sum.year == year).map(|period| period.sum);
            let untold = |one: &&Informed| (one.kind, one.year) == (kind, year) && !one.is_told;
            let informed = read.account.informed.iter().find(untold).copied();
            let sum = sum.filter(|sum| sum.left() > Quantity::ZERO);
            let (Some(member), Some(sum), Some(informed)) =
                (member, sum, informed)
            else {
                return Ok((transaction.nothing(), ()));
            };
            let day = |at: Timestamp| at.to_zoned(organization.zone()).date();
            let account = read.settled(read.facts().requests, day).with_informed(Informed { is_told: true, ..informed });
            read.save_account(&mut transaction, &account);
            let until = text::french_date(sum.usable_until);
            let days = format!("{}\u{a0}{}", sum.left().french(), words::days(sum.left()));
            let path = path_in(organization.id, &format!("/rh/conges/{employee}"));
            let subject = if informed.keeps_term { "Vos congés après votre arrêt" } else { "Vos congés reportés" };
            let letter = Letter::new(&organization, subject, Some(&member.name))
                .paragraph(format!(
                    "Après votre arrêt, vous disposez de {days} de congés acquis de {} à {}, à prendre jusqu’au {until} \
                     (articles L3141-19-1 et L3141-19-3 du Code du travail).",
                    text::french_month(sum.year),
                    text::french_month(super::account::ends_on(sum.year)),
                ))
                .fact("Jours disponibles", days.clone())
                .fact("À prendre jusqu’au", until.clone())
                .button("Voir mes congés", format!("{site}{path}"))
                .note("Vous recevez cet e-mail parce que votre employeur vous informe de vos droits à congés.");
            send(scope, &mut transaction, &member, letter)?;
            Ok((transaction, ()))
        })
        .await
}

/// Days are counted otherwise from now on: everybody's leave is looked at, some at a time. Whoever comes after this one is left.
pub async fn recount_leave(scope: &Scope, after: Option<EmployeeId>) -> Result<()> {
    scope
        .write(|| async {
            let all = crate::employee::everybody(scope).await?;
            let mut ids: Vec<_> =
                all.iter().map(|one| one.id).filter(|id| after.is_none_or(|after| *id > after)).collect();
            ids.sort_unstable();
            let is_cut = ids.len() > AT_ONCE;
            ids.truncate(AT_ONCE);
            let mut transaction = scope.begin("recount_leave", scope.tenant().organization());
            for employee in &ids {
                transaction.emit(Event::LeaveAccountDue { employee: *employee });
            }
            if let Some(last) = ids.last().filter(|_| is_cut) {
                transaction.emit(Event::LeaveRecountRequested { after: Some(*last) });
            }
            Ok((if ids.is_empty() { transaction.nothing() } else { transaction.untold() }, ()))
        })
        .await
}

/// Counts the leave of those of whom nothing was counted yet: the worker does, employee by employee.
pub async fn count_all_leave(asker: &web::Asker) -> Result<usize> {
    let scope = &asker.scope;
    if !asker.may(Permission::HrEdit) {
        return Err(Error::Forbidden);
    }
    scope
        .write(|| async {
            let (all, accounts) =
                table::meter::side_by_side(crate::employee::everybody(scope), super::list_leave::accounts(scope)).await;
            let (all, accounts) = (all?, accounts?);
            let today = asker.today();
            let missing: Vec<EmployeeId> = all
                .iter()
                .filter(|employee| !employee.has_left(today) && accounts.iter().all(|one| one.employee != employee.id))
                .map(|employee| employee.id)
                .take(AT_ONCE)
                .collect();
            let mut transaction = scope.begin("count_all_leave", scope.tenant().organization());
            for employee in &missing {
                transaction.emit(Event::LeaveAccountDue { employee: *employee });
            }
            let transaction = if missing.is_empty() { transaction.nothing() } else { transaction };
            Ok((transaction, missing.len()))
        })
        .await
}
