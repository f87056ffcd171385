//! Deleting one's own account (RGPD art. 17): the address is free again, nothing opens anything any more, and no
//! organization has this member. What they did keeps the name that they did it under: it is how documents came about.

use kernel::{
    Actor, Error, Result, Tenant,
    error::Conflict,
    event::{Event, Owner, Person},
    id::{MailId, OrganizationId, UserId},
    mail::{MailState, Mailbox},
    page::PageRequest,
    reference::OrganizationReference,
    text,
};
use table::{
    First, Order, Scope, Stored, Transaction, WRITES_MAX,
    exports::PersonExports,
    keys,
    meter::{all_at_once, side_by_side},
    shared::OwnedMail,
};
use web::{
    AccessToken, Asker, Letter, Membership, Session, SessionsOfUser,
    dashboard::Arrangement,
    team::{Owners, UserOrganization},
};

use crate::{
    member::{leave_role, owners_after},
    portrait::discard_portrait,
    security::{Proven, ReauthenticationInput},
};

/// Of what nobody decides upon, so much goes in one step, with room for what leaves the organization and the account.
const STEP_MAX: usize = WRITES_MAX - 50;
/// More tokens or sessions are left to expire: without membership they open nothing.
const LISTED_MAX: u16 = 500;

/// Refused while some organization has no other owner. Each other organization is left in a transaction of its own, and
/// the account goes in the last one with the organization that one is in: whoever is stopped half-way is still signed
/// in there, and does it again.
pub async fn delete_account(asker: &Asker, input: &ReauthenticationInput) -> Result<()> {
    if asker.visit.is_some() {
        return Err(Error::Conflict(Conflict::Visiting));
    }
    let user = asker.user;
    let (proven, read) = side_by_side(Box::pin(Proven::read(asker, input)), Box::pin(Read::of(asker))).await;
    let (proven, read) = (proven?, read?);
    let others = all_at_once(read.elsewhere.iter().map(|place| Box::pin(Place::read(asker, *place)))).await;
    let others = others.into_iter().collect::<Result<Vec<_>>>()?;
    for place in others.iter().chain([&read.here]) {
        place.owners_after()?;
    }

    // On the heap: they are large, and nest.
    let leaving = all_at_once(others.into_iter().map(|place| Box::pin(leave(asker, place)))).await;
    leaving.into_iter().collect::<Result<Vec<_>>>()?;
    Box::pin(read.here.forget_most()).await?;

    let scope = &asker.scope;
    let read = First::reading(Read { elsewhere: Vec::new(), ..read });
    let writing = scope.write(|| {
        Box::pin(async {
            let factors = Box::pin(proven.again(asker)).await?;
            let Read { here, elsewhere } = read.or(|| Box::pin(Read::of(asker))).await?;
            if !elsewhere.is_empty() {
                return Err(Error::Stale);
            }
            let mut transaction = scope.begin("delete_account", user);
            here.part_with(&mut transaction)?;
            let over = SessionsOfUser { user, valid_from: scope.now(), except: None };
            transaction.erase(&factors.account).replace(&over);
            for passkey in &factors.passkeys {
                transaction.erase(passkey);
            }
            if let Some(totp) = &factors.totp {
                transaction.erase(totp);
            }
            if let Some(codes) = &factors.recovery {
                transaction.erase(codes);
            }
            let gone: Vec<_> = factors.passkeys.iter().map(|passkey| passkey.id).collect();
            proven.spend(asker, &factors, &mut transaction, &gone)?;
            tell(asker, &mut transaction)?;
            Ok((transaction, factors.account.portrait))
        })
    });
    if let Some(portrait) = Box::pin(proven.forgiven(asker, writing)).await? {
        discard_portrait(asker, portrait).await;
    }
    Ok(())
}

/// The organization that one is in, and which others one is a member of.
struct Read {
    here: Place,
    elsewhere: Vec<OrganizationId>,
}

impl Read {
    async fn of(asker: &Asker) -> Result<Self> {
        let table = &asker.deps().table;
        let (mine, all_sessions) = (keys::memberships_of_user(asker.user), keys::sessions(asker.user));
        let reading = side_by_side(table.collection(&mine), table.newest::<Session>(&all_sessions, LISTED_MAX));
        let (here, (mine, sessions)) =
            side_by_side(Box::pin(Place::read(asker, asker.organization.id)), Box::pin(reading)).await;
        let mut here = here?;
        here.rest.extend(sessions?.into_iter().map(|session| Rest::Session(session.value)));
        let elsewhere = mine?.all::<UserOrganization>()?.iter().map(|line| line.organization).collect::<Vec<_>>();
        let elsewhere = elsewhere.into_iter().filter(|place| *place != asker.organization.id).collect();
        Ok(Self { here, elsewhere })
    }
}

/// What nobody decides upon.
enum Rest {
    Token(AccessToken),
    Session(Session),
    Mail(Box<OwnedMail>),
}

impl Rest {
    fn forget(&self, transaction: &mut Transaction) {
        match self {
            Self::Token(token) => transaction.forget::<AccessToken>(|_| keys::token(&token.hash)),
            Self::Session(session) => transaction.forget::<Session>(|_| keys::session(&session.hash)),
            Self::Mail(mail) => transaction.forget::<OwnedMail>(|keys| keys.mail(mail.owner, mail.mail.id)),
        };
    }
}

/// All of somebody in one organization.
struct Place {
    scope: Scope,
    user: UserId,
    name: String,
    /// None where the organization was deleted a moment ago.
    member: Option<Stored<Membership>>,
    owners: Option<Stored<Owners>>,
    rest: Vec<Rest>,
}

impl Place {
    async fn read(asker: &Asker, organization: OrganizationId) -> Result<Self> {
        let user = asker.user;
        let actor = Actor::User { id: user, name: asker.name.clone(), address: asker.visitor.address };
        let scope = asker.deps().table.scope(Tenant::proven(organization, actor)).with_origin(asker.visitor.origin());
        let keys = scope.keys();
        let page = PageRequest { limit: LISTED_MAX, cursor: None };
        let wanted = [keys.member(user), keys.owners(), keys.organization()];
        let (all_tokens, all_mails) = (keys.tokens(user), keys.mails(Owner::User(user)));
        let lists = side_by_side(
            scope.list::<AccessToken>(&all_tokens, &page, Order::Descending),
            scope.collection(&all_mails),
        );
        let (found, (tokens, mails)) = side_by_side(Box::pin(scope.get_many(&wanted)), Box::pin(lists)).await;
        let (found, tokens, mails) = (found?, tokens?, mails?);
        let mut rest: Vec<_> = tokens.items.into_iter().map(|token| Rest::Token(token.value)).collect();
        // What is on its way arrives, and goes after its thirty days.
        let is_sent = |mail: &OwnedMail| matches!(mail.mail.state, MailState::Sent { .. });
        let mails = mails.all::<OwnedMail>()?.into_iter().map(|mail| mail.value);
        rest.extend(mails.filter(is_sent).map(|mail| Rest::Mail(Box::new(mail))));
        let name = found.get::<OrganizationReference>(&wanted[2])?;
        let name = name.map(|organization| organization.value.name).unwrap_or_default();
        let (member, owners) = (found.get(&wanted[0])?, found.get(&wanted[1])?);
        Ok(Self { scope, user, name, member, owners, rest })
    }

    /// None where nothing changes for the owners.
    fn owners_after(&self) -> Result<Option<(&Stored<Owners>, Owners)>> {
        let (Some(member), Some(owners)) = (&self.member, &self.owners) else { return Ok(None) };
        let after = owners_after(owners, self.user, Some(&member.role), None);
        let after = after.map_err(|_| Error::LastOwnerOf(self.name.clone()))?;
        Ok((after != owners.value).then_some((owners, after)))
    }

    /// Of more than fits beside the rest, as much as does not.
    async fn forget_most(&self) -> Result<()> {
        for step in self.rest[self.rest.len().min(STEP_MAX)..].chunks(STEP_MAX) {
            self.scope
                .write(|| async {
                    let mut transaction = self.scope.begin("delete_account", self.user);
                    step.iter().for_each(|rest| rest.forget(&mut transaction));
                    Ok((transaction, ()))
                })
                .await?;
        }
        Ok(())
    }

    /// No membership, and nothing that hangs on it.
    fn part_with(&self, transaction: &mut Transaction) -> Result<()> {
        if let Some((owners, after)) = self.owners_after()? {
            transaction.update(owners, &after);
        }
        if let Some(member) = &self.member {
            transaction.erase(member);
            transaction.forget::<Arrangement>(|keys| keys.dashboard(self.user));
            transaction.emit(Event::MemberLeft { user: self.user });
            leave_role(transaction, self.scope.keys(), self.user, &member.role);
        }
        let line = keys::membership_of_user(self.user, self.scope.tenant().organization());
        transaction.forget::<UserOrganization>(|_| line);
        for of in [Person::User(self.user), Person::Member(self.user)] {
            transaction.forget::<PersonExports>(|keys| keys.person_exports(of));
        }
        self.rest.iter().take(STEP_MAX).for_each(|rest| rest.forget(transaction));
        Ok(())
    }
}

async fn leave(asker: &Asker, place: Place) -> Result<()> {
    Box::pin(place.forget_most()).await?;
    let (scope, organization) = (place.scope.clone(), place.scope.tenant().organization());
    let place = First::reading(place);
    let writing = scope.write(|| {
        Box::pin(async {
            let place = place.or(|| Box::pin(Place::read(asker, organization))).await?;
            let mut transaction = scope.begin("delete_account", asker.user);
            place.part_with(&mut transaction)?;
            Ok((transaction, ()))
        })
    });
    Box::pin(writing).await
}

/// The last mail that they get.
fn tell(asker: &Asker, transaction: &mut Transaction) -> Result<()> {
    let at = asker.scope.now().to_zoned(asker.organization.zone());
    let letter = Letter::new(&asker.organization, "Votre compte ABSERVICE est supprimé", Some(&asker.name))
        .paragraph(
            "Votre compte ABSERVICE vient d’être supprimé, et avec lui votre place dans chaque équipe, vos sessions, vos \
             jetons d’API et ce qui protégeait le compte. Cette adresse peut servir à un nouveau compte.",
        )
        .paragraph(
            "Ce que vous avez fait reste inscrit au journal d’activité des entreprises dont vous étiez membre, sous votre \
             nom\u{a0}: elles doivent pouvoir montrer comment leurs documents ont été établis.",
        )
        .fact("Quand", format!("Le {} à {:02}:{:02}", text::french_date(at.date()), at.hour(), at.minute()))
        .note("Ce n’était pas vous\u{a0}? Prévenez aussitôt un propriétaire de votre entreprise.");
    let id = asker.scope.new_id(MailId::new);
    let to = Mailbox { name: Some(asker.name.clone()), address: asker.email.clone() };
    let mail = OwnedMail { owner: Owner::User(asker.user), mail: letter.mail(id, to)? };
    transaction.create(&mail).emit(Event::MailRequested { owner: mail.owner, mail: id });
    Ok(())
}
