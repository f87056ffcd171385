//! A whole context on its own in-memory table, in milliseconds: two organizations always present, somebody of
//! every role in the first, a clock that stands still until it is moved.

mod client;
mod device;

use std::{collections::BTreeMap, sync::Arc};

use axum::Router;
use cloud::{Config, Deps, Endpoints};
use emulators::{DynamoDb, S3, Stripe, s3::Credentials};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Actor, Clock, Permission, Tenant,
    document::{Address, Bank},
    id::{CompanyId, OrganizationId, SessionId, TokenId, UserId},
    permission::{CustomRole, MemberRole, Role},
    reference::{ClientReference, LegalIdentity, OrganizationReference},
};
use serde_json::Value;
use table::{Scope, keys};
use web::{
    AccessToken, Membership, Session,
    credentials::Secret,
    team::{Owners, RoleHolder, UserOrganization},
};

pub use client::{Client, Reply};
pub use device::Device;

/// When every test begins: a Sunday, in winter time.
pub const NOW: &str = "2026-11-22T09:00:00Z";

/// Where people reach the product.
pub const SITE: &str = "https://app.abservice.example";

/// A context with its table.
pub struct App {
    pub deps: Deps,
    pub clock: Clock,
    router: Router,
    /// The organization of most tests, with a complete legal identity.
    pub ours: OrganizationReference,
    /// The other tenant, which must never see anything of ours.
    pub theirs: OrganizationReference,
    people: Vec<(MemberRole, UserId, Secret)>,
    stranger: (UserId, Secret),
    token: Secret,
    dynamodb: DynamoDb,
    /// Who takes payments by card.
    pub stripe: Stripe,
    _s3: S3,
}

impl App {
    /// Starts a context given by its `router`.
    pub async fn new(router: impl FnOnce(Deps) -> Router) -> Self {
        let at: Timestamp = NOW.parse().expect("an instant");
        let clock = Clock::fixed(at);
        let dynamodb = DynamoDb::start(None).await.expect("the table's engine starts");
        let sockets_url = Some(format!("{}/live", SITE.replacen("https", "wss", 1)));
        let config = Config { public_url: SITE.into(), sockets_url, ..Config::local() };
        let credentials =
            Credentials { access_key: cloud::LOCAL_ACCESS_KEY.into(), secret_key: cloud::LOCAL_SECRET_KEY.into() };
        let s3 = S3::start(None, &config.bucket_name, &credentials).await.expect("the bucket's server starts");
        let at_the_bank = clock.clone();
        let stripe =
            Stripe::start(None, Arc::new(move || at_the_bank.now())).await.expect("the provider's server starts");
        // Queues and mail are the workers' affair.
        let nowhere = "http://127.0.0.1:9".to_owned();
        let endpoints = Endpoints {
            dynamodb: dynamodb.endpoint().to_owned(),
            s3: s3.endpoint().to_owned(),
            sqs: nowhere.clone(),
            ses: nowhere,
            cards: stripe.endpoint().to_owned(),
        };
        let deps = Deps::local(&endpoints, clock.clone(), config);
        deps.table.create_if_absent().await.expect("the table is created");
        let ours = organization(&deps, "Atelier Lumière");
        let theirs = organization(&deps, "Menuiserie Voisine");
        let mut people = Vec::new();
        for role in Role::ALL {
            people.push(join(&deps, &ours, role.into(), false).await);
        }
        let stranger = join(&deps, &theirs, Role::Owner.into(), false).await;
        let token = token(&deps, ours.id, people[0].1).await;
        for organization in [&ours, &theirs] {
            let organization = organization.clone();
            let scope = &system_scope(&deps, organization.id);
            scope
                .write(|| async {
                    let mut transaction = scope.begin("test", organization.id);
                    transaction.create(&organization).create(&organization.card());
                    Ok((transaction, ()))
                })
                .await
                .expect("an organization is written");
        }
        Self {
            router: router(deps.clone()),
            deps,
            clock,
            ours,
            theirs,
            people,
            stranger: (stranger.1, stranger.2),
            token,
            dynamodb,
            stripe,
            _s3: s3,
        }
    }

    /// Somebody of our organization, with a session.
    pub fn with_role(&self, role: Role) -> Client {
        let (_, _, secret) = self.people.iter().find(|(found, ..)| *found == role.into()).expect("everybody is here");
        self.client().session(&secret.text)
    }

    /// Somebody new of our organization, with a role of any kind, and a session.
    pub async fn with_new_member(&self, role: MemberRole) -> (UserId, Client) {
        let (_, user, secret) = join(&self.deps, &self.ours, role, false).await;
        (user, self.client().session(&secret.text))
    }

    /// Somebody's membership of our organization ends.
    pub async fn part_with(&self, user: UserId) {
        let scope = &self.scope();
        scope
            .write(|| async {
                let member = scope.get::<Membership>(&scope.keys().member(user)).await?.expect("a member");
                let mut transaction = scope.begin("test", user);
                transaction.delete(&member);
                Ok((transaction, ()))
            })
            .await
            .expect("a member is removed");
    }

    /// An administrator of the platform, who is a member of an organization that is neither ours nor theirs.
    pub async fn platform_admin(&self) -> (UserId, Client) {
        let organization = organization(&self.deps, "Éditeur");
        let scope = &system_scope(&self.deps, organization.id);
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", organization.id);
                transaction.create(&organization).create(&organization.card());
                Ok((transaction, ()))
            })
            .await
            .expect("an organization is written");
        let (_, user, secret) = join(&self.deps, &organization, Role::Owner.into(), true).await;
        (user, self.client().session(&secret.text))
    }

    pub fn owner(&self) -> Client {
        self.with_role(Role::Owner)
    }

    pub fn user_with_role(&self, role: Role) -> UserId {
        self.people.iter().find(|(found, ..)| *found == role.into()).expect("everybody is here").1
    }

    /// The owner of the other organization.
    pub fn stranger(&self) -> Client {
        self.client().session(&self.stranger.1.text)
    }

    /// A program with a token of our owner that holds every scope.
    pub fn program(&self) -> Client {
        self.client().bearer(&self.token.text)
    }

    /// A program with a token of somebody, of the first organization in their list, that holds every scope.
    pub async fn program_of(&self, user: UserId) -> Client {
        let listed = self.deps.table.collection(&keys::memberships_of_user(user)).await.expect("a list");
        let line = listed.first::<UserOrganization>().expect("a list").expect("an organization").value;
        self.client().bearer(&token(&self.deps, line.organization, user).await.text)
    }

    /// All that was ever written under partitions whose key has such a part (`#OUTBOX#`), as the stream tells it.
    pub fn written_under(&self, part: &str) -> String {
        let mut told = String::new();
        let mut checkpoint = None;
        loop {
            let table = &self.deps.config.table_name;
            let records = self.dynamodb.records(table, &checkpoint, 1_000).expect("the stream");
            let Some(last) = records.last() else { return told };
            checkpoint = emulators::dynamodb::position(last);
            let ours = records.iter().filter(|record| record["dynamodb"]["Keys"].to_string().contains(part));
            told.extend(ours.map(|record| format!("{record}\n")));
        }
    }

    /// What lies in an organization's partitions now, as it is stored, by partition and sort key.
    pub fn items_of(&self, organization: OrganizationId) -> BTreeMap<(String, String), Value> {
        let prefix = format!("ORG#{}#", organization.ulid());
        let text = |item: &Value, name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
        let keyed = self.items().into_iter().map(|item| ((text(&item, "pk"), text(&item, "sk")), item));
        keyed.filter(|((pk, _), _)| pk.starts_with(&prefix)).collect()
    }

    /// All that is in the table now, item by item as DynamoDB's JSON.
    pub fn items(&self) -> Vec<Value> {
        self.dynamodb.items(&self.deps.config.table_name).expect("the table's content")
    }

    /// Puts many items into the table at once, as DynamoDB's JSON; nobody is told.
    pub fn load(&self, items: Vec<Value>) {
        self.dynamodb.load(&self.deps.config.table_name, items).expect("items are loaded");
    }

    /// Nobody in particular.
    pub fn anyone(&self) -> Client {
        self.client()
    }

    fn client(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// Our part of the table, as a worker has it.
    pub fn scope(&self) -> Scope {
        system_scope(&self.deps, self.ours.id)
    }

    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// Makes our organization another one, as if by somebody else.
    pub async fn replace_organization(&self, organization: &OrganizationReference) {
        let scope = &self.scope();
        scope
            .write(|| async {
                let read = scope.get::<OrganizationReference>(&scope.keys().organization()).await?;
                let mut transaction = scope.begin("test", organization.id);
                transaction.save(read.as_ref(), organization);
                Ok((transaction, ()))
            })
            .await
            .expect("an organization is written");
    }

    /// A client company as the CRM publishes it.
    pub async fn publish_client(&self, name: &str) -> ClientReference {
        let scope = &self.scope();
        let client = ClientReference {
            id: scope.new_id(CompanyId::new),
            name: name.into(),
            is_business: true,
            address: Some(address("12 rue des Lilas", "69003", "Lyon")),
            siret: Some("35600000000048".into()),
            vat_number: None,
            email: Some("compta@client.example".into()),
            contact: Some("Claire Martin".into()),
            assigned_to: None,
            terms: None,
            archived: false,
        };
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", client.id);
                transaction.create(&client);
                Ok((transaction, ()))
            })
            .await
            .expect("a client is written");
        client
    }

    /// Replaces what the CRM publishes of a client.
    pub async fn republish_client(&self, client: &ClientReference) {
        let scope = &self.scope();
        scope
            .write(|| async {
                let key = scope.keys().client_reference(client.id);
                let read = scope.get::<ClientReference>(&key).await?;
                let mut transaction = scope.begin("test", client.id);
                transaction.save(read.as_ref(), client);
                Ok((transaction, ()))
            })
            .await
            .expect("a client is written");
    }
}

/// A role with these permissions whose holders see only the records that are assigned to them.
pub fn own_records(permissions: impl IntoIterator<Item = Permission>) -> MemberRole {
    MemberRole::Custom(CustomRole {
        id: "rol_00000000000000000000000007".parse().expect("an id"),
        name: "Commercial de secteur".into(),
        permissions: permissions.into_iter().collect(),
        own_records_only: true,
    })
}

/// Sends a file as the answer of a `begin_upload` says; the status of S3.
pub async fn send_file(link: &Value, bytes: Vec<u8>) -> u16 {
    let mut request = reqwest::Client::new().put(link["url"].as_str().expect("a link")).body(bytes);
    for (name, value) in link["headers"].as_object().into_iter().flatten() {
        request = request.header(name, value.as_str().expect("a header's value"));
    }
    request.send().await.expect("S3 answers").status().as_u16()
}

pub fn address(street: &str, postal_code: &str, city: &str) -> Address {
    Address {
        street: street.into(),
        complement: None,
        postal_code: postal_code.into(),
        city: city.into(),
        country: "FR".into(),
    }
}

fn system_scope(deps: &Deps, organization: OrganizationId) -> Scope {
    deps.table.scope(Tenant::proven(organization, Actor::System { name: "test".into() }))
}

fn organization(deps: &Deps, name: &str) -> OrganizationReference {
    let id = OrganizationId::new(deps.clock.now(), deps.table.random());
    OrganizationReference {
        legal: LegalIdentity {
            legal_form: Some("SARL".into()),
            capital: Some("10 000 €".into()),
            activity: None,
            naf_code: None,
            address: Some(address("5 quai de Saône", "69002", "Lyon")),
            siret: Some("73282932000074".into()),
            rcs_city: Some("Lyon".into()),
            vat_number: Some("FR44732829320".into()),
            email: Some("contact@atelier.example".into()),
            phone: Some("04 78 00 00 00".into()),
            website: None,
            bank: Some(Bank {
                name: Some("Banque de Lyon".into()),
                iban: "FR7630006000011234567890189".into(),
                bic: Some("AGRIFRPP".into()),
            }),
        },
        ..OrganizationReference::new(id, name.into())
    }
}

/// A member with a session; `platform`: one of an administrator of the platform.
async fn join(
    deps: &Deps,
    organization: &OrganizationReference,
    role: MemberRole,
    platform: bool,
) -> (MemberRole, UserId, Secret) {
    let now = deps.clock.now();
    let user = UserId::new(now, deps.table.random());
    let secret = Secret::session(user, organization.id);
    let membership = Membership {
        user,
        role: role.clone(),
        name: format!("Camille {}", role.french()),
        email: format!("{}@{}.example", user.ulid().to_string().to_lowercase(), "atelier"),
        joined_at: now,
        portrait: None,
        seen_at: Some(now),
        visit: None,
    };
    let session = Session {
        id: SessionId::new(now, deps.table.random()),
        hash: secret.hash.clone(),
        user,
        organization: organization.id,
        created_at: now,
        // Tests go months ahead.
        expires_at: now.saturating_add(SignedDuration::from_hours(24 * 400)).expect("an instant"),
        seen_at: now,
        second_factor: platform,
        platform,
        address: None,
        user_agent: None,
    };
    let scope = &system_scope(deps, organization.id);
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", user);
            transaction.create(&membership).create(&session).create(&UserOrganization {
                user,
                organization: organization.id,
                name: organization.name.clone(),
            });
            let keys = scope.keys();
            match &role {
                MemberRole::System(Role::Owner) => {
                    let owners = scope.get::<Owners>(&keys.owners()).await?;
                    let with = owners.as_ref().map_or(Owners { users: vec![user] }, |owners| owners.with(user));
                    transaction.save(owners.as_ref(), &with);
                }
                MemberRole::System(_) => {}
                MemberRole::Custom(role) => {
                    let stored = scope.get::<CustomRole>(&keys.role(role.id)).await?;
                    transaction.save(stored.as_ref(), role).create(&RoleHolder { role: role.id, user });
                }
            }
            Ok((transaction, ()))
        })
        .await
        .expect("a member is written");
    (role, user, secret)
}

async fn token(deps: &Deps, organization: OrganizationId, user: UserId) -> Secret {
    let secret = Secret::token(user, organization);
    let token = AccessToken {
        id: TokenId::new(deps.clock.now(), deps.table.random()),
        hash: secret.hash.clone(),
        organization,
        user,
        name: "test".into(),
        scopes: Permission::ALL.to_vec(),
        created_at: deps.clock.now(),
        expires_at: None,
        seen_at: Some(deps.clock.now()),
    };
    let scope = &system_scope(deps, organization);
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", token.id);
            transaction.create(&token);
            Ok((transaction, ()))
        })
        .await
        .expect("a token is written");
    secret
}
