//! Who is told what, once.

use aws_lambda_events::sqs::SqsEvent;
use futures::future::join_all;
use jiff::SignedDuration;
use kernel::{
    Permission,
    event::{About, Event, Owner, Person},
    id::{CompanyId, ContactId, EmployeeId, ExportId, InvoiceId, MailId, OpportunityId, QuoteId},
    mail::MailFailure,
    permission::Role,
    reference::{ClientReference, OrganizationReference},
};
use notifications::notification::Notification;
use serde_json::json;
use table::erasure::{Erasure, Traces};
use testkit::own_records;
use ulid::Ulid;

use crate::{APPROVERS, LIST, app, batch, deliver, envelope, mails, of, paid, proposed, tell, titles, unread};

/// An invoice of a client, of whom somebody takes care or nobody.
fn overdue(client: &ClientReference) -> Event {
    let about = About { label: Some("F-2026-0004".into()), client: Some(client.id), ..About::default() }
        .worth(kernel::Minor(120_000), kernel::Currency::Eur);
    Event::InvoiceOverdue { invoice: InvoiceId::from_ulid(Ulid(4)), about }
}

#[tokio::test]
async fn who_takes_care_of_the_client_is_told_and_nobody_else() {
    let app = app().await;
    let sales = app.user_with_role(Role::Sales);
    let client = app.publish_client("Boulangerie Dupré").await;
    app.republish_client(&ClientReference { assigned_to: Some(sales), ..client.clone() }).await;
    tell(&app, 1, overdue(&client)).await;
    let list = app.with_role(Role::Sales).get(LIST).await.expect(200).json();
    let expected = json!({
        "category": "invoicing", "kind": "warning", "title": "Facture F-2026-0004 en retard de paiement",
        "detail": "Boulangerie Dupré · 1\u{202f}200,00\u{a0}€", "count": 1, "is_unread": true,
        "link": format!("/o/{}/facturation/factures/{}", app.ours.id.ulid(), InvoiceId::from_ulid(Ulid(4))),
    });
    for (field, value) in expected.as_object().expect("fields") {
        assert_eq!(list["items"][0][field], *value, "{list}");
    }
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Sales) {
        assert_eq!(unread(&app.with_role(role)).await, 0, "{role:?}");
    }
}

#[tokio::test]
async fn who_may_approve_is_told_where_nobody_takes_care_of_the_client() {
    let app = app().await;
    let client = app.publish_client("Boulangerie Dupré").await;
    tell(&app, 1, overdue(&client)).await;
    for role in Role::ALL {
        let told = usize::from(APPROVERS.contains(&role));
        assert_eq!(titles(&app.with_role(role)).await.len(), told, "{role:?}");
    }
    assert_eq!(unread(&app.stranger()).await, 0);
}

#[tokio::test]
async fn a_week_of_time_is_told_to_who_is_above_and_what_became_of_it_to_whose_it_is() {
    let app = app().await;
    let employee = EmployeeId::from_ulid(Ulid(5));
    let [own, above] = [Role::Member, Role::Reader].map(|role| app.user_with_role(role));
    let week = || "2026-W47".to_owned();
    let about = |assigned_to, by| About { label: Some("semaine 47".into()), assigned_to, by, ..About::default() };
    let for_above = || about(Some(above), Some(own));
    let for_own = || about(Some(own), Some(above));
    let events = [
        Event::TimeWeekSubmitted { employee, week: week(), about: for_above() },
        Event::TimeWeekDecided { employee, week: week(), is_approved: true, about: for_own() },
        Event::TimeWeekDisputed { employee, week: week(), about: for_above() },
        Event::TimeDisputeAnswered { employee, week: week(), about: for_own() },
        Event::TimeWeekDecided { employee, week: week(), is_approved: false, about: for_own() },
        // Whoever takes back what they handed in themselves hears nothing of it.
        Event::TimeWeekDecided { employee, week: week(), is_approved: false, about: about(Some(own), Some(own)) },
    ];
    for (number, event) in (1..).zip(events) {
        tell(&app, number, event).await;
    }
    let mut told = titles(&app.with_role(Role::Member)).await;
    told.sort_unstable();
    let said = ["Réponse à votre contestation", "Temps approuvé", "Temps à corriger"];
    assert_eq!(told, said.map(|words| format!("{words}\u{a0}: semaine 47")));
    let mut told = titles(&app.with_role(Role::Reader)).await;
    told.sort_unstable();
    assert_eq!(told, ["Temps contesté", "Temps à valider"].map(|words| format!("{words}\u{a0}: semaine 47")));
    let link = app.with_role(Role::Reader).get(LIST).await.expect(200).field("/items/0/link");
    assert!(link.ends_with(&format!("/rh/temps/{employee}/2026-W47")), "{link}");
    // Where nobody is above them who is a member, whoever may approve is told.
    let submitted = Event::TimeWeekSubmitted { employee, week: week(), about: about(None, Some(own)) };
    tell(&app, 9, submitted).await;
    for role in [Role::Owner, Role::Admin, Role::Manager, Role::Hr] {
        assert_eq!(titles(&app.with_role(role)).await.len(), 1, "{role:?}");
    }
    assert_eq!(unread(&app.with_role(Role::Sales)).await + unread(&app.stranger()).await, 0);
}

#[tokio::test]
async fn the_other_tenant_is_told_of_its_own_only() {
    let app = app().await;
    deliver(&app, &[of(&app, app.theirs.id, 1, paid(1))]).await;
    assert_eq!(titles(&app.stranger()).await, ["Facture F-2026-0001 payée"]);
    assert_eq!(unread(&app.owner()).await, 0);
}

#[tokio::test]
async fn a_removed_member_is_told_nothing_and_leaves_nothing() {
    let app = app().await;
    let (user, client) = app.with_new_member(Role::Accountant.into()).await;
    client.put("/api/v1/notification-preferences", &json!({ "crm": "nothing" })).await.expect(200);
    tell(&app, 1, paid(1)).await;
    assert_eq!(unread(&client).await, 1);
    app.part_with(user).await;
    tell(&app, 2, paid(2)).await;
    let scope = app.scope();
    let found = scope.collection(&scope.keys().notifications(user)).await.expect("a reading");
    let found = found.all::<Notification>().expect("notifications");
    assert_eq!(found.iter().map(|one| one.count).collect::<Vec<_>>(), [1]);
    for _ in 0..2 {
        tell(&app, 3, Event::MemberLeft { user }).await;
        let left = app.items_of(app.ours.id);
        assert!(!left.keys().any(|(pk, _)| pk.ends_with(&format!("#{}", user.ulid())) && pk.contains("NOTIF")));
    }
}

#[tokio::test]
async fn who_sees_only_their_own_records_is_told_of_those() {
    let app = app().await;
    let (user, client) = app.with_new_member(own_records(Permission::ALL.iter().copied())).await;
    let theirs = app.publish_client("Boulangerie Dupré").await;
    app.republish_client(&ClientReference { assigned_to: Some(user), ..theirs.clone() }).await;
    let nobodys = app.publish_client("Menuiserie Martin").await;
    tell(&app, 1, overdue(&nobodys)).await;
    assert_eq!(unread(&client).await, 0);
    tell(&app, 2, overdue(&theirs)).await;
    assert_eq!(titles(&client).await.len(), 1);
    // Given away at the time of telling.
    let other = app.user_with_role(Role::Manager);
    app.republish_client(&ClientReference { assigned_to: Some(other), ..theirs.clone() }).await;
    app.advance(SignedDuration::from_hours(1));
    tell(&app, 3, overdue(&theirs)).await;
    assert_eq!(titles(&client).await.len(), 1);
}

#[tokio::test]
async fn an_event_that_comes_again_or_in_another_order_is_told_once() {
    let app = app().await;
    let events: Vec<_> = (0..12).map(|n| envelope(&app, n, paid(n))).collect();
    deliver(&app, &events).await;
    app.advance(SignedDuration::from_secs(5));
    let reversed: Vec<_> = events.iter().rev().cloned().collect();
    deliver(&app, &reversed).await;
    app.advance(SignedDuration::from_hours(30));
    deliver(&app, &reversed).await;
    assert_eq!(titles(&app.owner()).await, ["12 factures payées"]);
    assert_eq!(unread(&app.owner()).await, 1);
}

#[tokio::test]
async fn a_burst_of_five_hundred_is_one_notification_however_it_is_delivered() {
    let app = app().await;
    // One member, so that the test is about the burst.
    let manager = app.user_with_role(Role::Manager);
    let client = app.publish_client("Boulangerie Dupré").await;
    app.republish_client(&ClientReference { assigned_to: Some(manager), ..client.clone() }).await;
    let events: Vec<_> = (0..500).map(|n| envelope(&app, n, overdue(&client))).collect();
    // Several at once, as Lambda does, and some twice.
    let batches = events.chunks(10).map(batch).chain(events.chunks(10).take(5).map(batch));
    let mut left: Vec<SqsEvent> = batches.collect();
    while !left.is_empty() {
        let now: Vec<_> = left.drain(..left.len().min(5)).collect();
        let done = join_all(now.into_iter().map(|batch| notifications::worker::handle(app.deps.clone(), batch))).await;
        assert!(done.into_iter().all(|done| done.is_ok_and(|done| done.batch_item_failures.is_empty())));
    }
    let told = app.with_role(Role::Manager);
    let list = told.get(LIST).await.expect(200).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["items"][0]["title"], "500 factures en retard de paiement");
    assert_eq!(list["items"][0]["link"], format!("/o/{}/facturation/factures", app.ours.id.ulid()));
    assert_eq!(unread(&told).await, 1);
}

#[tokio::test]
async fn what_comes_after_a_group_was_read_is_a_new_one() {
    let app = app().await;
    let owner = app.owner();
    tell(&app, 1, paid(1)).await;
    tell(&app, 2, paid(2)).await;
    owner.post("/api/v1/notifications/read", &json!({})).await.expect(200);
    app.advance(SignedDuration::from_secs(1));
    tell(&app, 3, paid(3)).await;
    assert_eq!((unread(&owner).await, titles(&owner).await.len()), (1, 2));
    // After ten minutes of silence as well.
    app.advance(SignedDuration::from_mins(11));
    tell(&app, 4, paid(4)).await;
    assert_eq!(titles(&owner).await, ["Facture F-2026-0004 payée", "Facture F-2026-0003 payée", "2 factures payées"]);
}

#[tokio::test]
async fn what_waits_for_a_yes_is_mailed_at_once_and_names_nobody() {
    let app = app().await;
    let owner = app.user_with_role(Role::Owner);
    let client = app.publish_client("Boulangerie Dupré").await;
    let about = About { label: Some("F-2026-0007".into()), client: Some(client.id), ..About::default() };
    let event = Event::ReminderProposed { invoice: InvoiceId::from_ulid(Ulid(7)), about };
    let envelope = envelope(&app, 1, event);
    deliver(&app, std::slice::from_ref(&envelope)).await;
    deliver(&app, std::slice::from_ref(&envelope)).await;
    // One more of its kind is counted, and not mailed.
    tell(&app, 2, proposed(8)).await;
    let mails = mails(&app, owner).await;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0].mail;
    assert_eq!(mail.subject, "Relance à valider\u{a0}: facture F-2026-0007 – Atelier Lumière");
    assert!(mail.text.contains(&format!("/o/{}/facturation/relances", app.ours.id.ulid())), "{}", mail.text);
    assert!(!mail.text.contains("Boulangerie") && !mail.html.as_deref().unwrap_or_default().contains("Boulangerie"));
    // Nothing of it is an act in the log.
    assert!(!app.written_under("#AUDIT#").contains("tell_member"));
}

#[tokio::test]
async fn who_wants_to_hear_nothing_hears_nothing() {
    let app = app().await;
    let owner = app.owner();
    owner.put("/api/v1/notification-preferences", &json!({ "invoicing": "nothing" })).await.expect(200);
    tell(&app, 1, proposed(1)).await;
    assert_eq!((unread(&owner).await, mails(&app, app.user_with_role(Role::Owner)).await.len()), (0, 0));
    assert_eq!(unread(&app.with_role(Role::Accountant)).await, 1);
}

#[tokio::test]
async fn who_did_it_is_not_told_of_it() {
    let app = app().await;
    let by = Some(app.user_with_role(Role::Owner));
    let quote = QuoteId::from_ulid(Ulid(1));
    tell(&app, 1, Event::QuoteAccepted { quote, about: About { by, ..About::default() } }).await;
    assert_eq!(unread(&app.owner()).await, 0);
    assert_eq!(titles(&app.with_role(Role::Admin)).await, ["Devis accepté"]);
}

#[tokio::test]
async fn a_mail_that_did_not_arrive_and_an_export_are_told() {
    let app = app().await;
    let owner = Owner::Quote(QuoteId::from_ulid(Ulid(3)));
    let failed = Event::MailFailed { owner, mail: MailId::from_ulid(Ulid(5)), why: MailFailure::Refused };
    tell(&app, 1, failed).await;
    app.advance(SignedDuration::from_secs(1));
    tell(&app, 2, Event::ExportRequested { export: ExportId::from_ulid(Ulid(6)) }).await;
    let list = app.owner().get(LIST).await.expect(200).json();
    assert_eq!(list["items"][0]["title"], "Export de toutes les données demandé");
    assert_eq!(
        (&list["items"][1]["title"], &list["items"][1]["detail"]),
        (&json!("E-mail non remis"), &json!("adresse refusée"))
    );
    assert_eq!(titles(&app.with_role(Role::Accountant)).await, ["E-mail non remis"]);
}

#[tokio::test]
async fn nobody_of_a_suspended_or_deleted_organization_is_told() {
    let app = app().await;
    let suspended = OrganizationReference { suspended_at: Some(app.clock.now()), ..app.ours.clone() };
    app.replace_organization(&suspended).await;
    tell(&app, 1, paid(1)).await;
    app.replace_organization(&app.ours).await;
    assert_eq!(unread(&app.owner()).await, 0);
}

#[tokio::test]
async fn the_name_of_who_is_erased_goes_out_of_what_was_told() {
    let app = app().await;
    let client = app.publish_client("Ana Lopez").await;
    tell(&app, 1, overdue(&client)).await;
    assert!(app.owner().get(LIST).await.text().contains("Ana Lopez"));
    for _ in 0..2 {
        tell(&app, 2, Event::ClientErased { client: client.id }).await;
    }
    let list = app.owner().get(LIST).await.expect(200);
    assert!(!list.text().contains("Ana Lopez"), "{}", list.text());
    assert_eq!(list.field("/items/0/title"), "Facture F-2026-0004 en retard de paiement");
    assert!(!app.items().iter().any(|item| item["type"]["S"] == "notification" && item.to_string().contains("Ana")));
}

#[tokio::test]
async fn the_name_of_a_company_or_a_contact_goes_out_of_a_label_and_does_not_come_back() {
    let app = app().await;
    let sales = app.user_with_role(Role::Sales);
    let (contact, company) = (ContactId::from_ulid(Ulid(6)), CompanyId::from_ulid(Ulid(7)));
    let won = || {
        let about = About {
            label: Some("Cuisine de Nadia Ferrand".into()),
            assigned_to: Some(sales),
            contact: Some(contact),
            company: Some(company),
            ..About::default()
        };
        Event::OpportunityWon { opportunity: OpportunityId::from_ulid(Ulid(8)), about }
    };
    let told = app.with_role(Role::Sales);
    let mut number = 0;
    for (person, erased) in [
        (Person::Contact(contact), Event::ContactErased { contact }),
        (Person::Client(company), Event::ClientErased { client: company }),
    ] {
        app.advance(SignedDuration::from_hours(1));
        number += 1;
        tell(&app, number, won()).await;
        assert_eq!(titles(&told).await[0], "Opportunité gagnée\u{a0}: Cuisine de Nadia Ferrand");
        let scope = &app.scope();
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", person);
                transaction.create(&Erasure::new(person, None, scope.now(), Traces::default()));
                Ok((transaction, ()))
            })
            .await
            .expect("an erasure");
        number += 1;
        tell(&app, number, erased).await;
        assert_eq!(titles(&told).await[0], "Opportunité gagnée");
        // What is told after it, of before it.
        app.advance(SignedDuration::from_hours(1));
        number += 1;
        tell(&app, number, won()).await;
        assert_eq!(titles(&told).await[0], "Opportunité gagnée");
        let erasures = scope.get::<Erasure>(&scope.keys().erasure(person)).await.expect("a reading");
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", person);
                transaction.delete(erasures.as_ref().expect("an erasure"));
                Ok((transaction, ()))
            })
            .await
            .expect("as if it had not been");
    }
    assert!(!app.items().iter().any(|item| item["type"]["S"] == "notification" && item.to_string().contains("Nadia")));
}

#[tokio::test]
async fn a_bad_message_hurts_nobody_else_and_an_old_one_is_read() {
    let app = app().await;
    let event = |text: &str| -> SqsEvent {
        serde_json::from_str(&text.replace("org_01KAN8V3T0ABSERV1CEDEM0000", &app.ours.id.to_string()))
            .expect("an event")
    };
    let poison = event(include_str!("../../../../events/notifications-worker/poison.json"));
    let done = notifications::worker::handle(app.deps.clone(), poison).await.expect("an answer");
    assert_eq!(done.batch_item_failures.len(), 1);
    assert_eq!(titles(&app.owner()).await, ["Facture F-2026-0004 payée"]);
    app.advance(SignedDuration::from_hours(1));
    // The same event: told already. Of another one that says no more than its id, what is known is told.
    let again = event(include_str!("../../../../events/notifications-worker/invoice_paid.json"));
    notifications::worker::handle(app.deps.clone(), again).await.expect("an answer");
    assert_eq!(unread(&app.owner()).await, 1);
    let old = include_str!("../../../../events/notifications-worker/invoice_paid_before.json");
    let old = event(&old.replace("EVT0004", "EVT0009"));
    notifications::worker::handle(app.deps.clone(), old).await.expect("an answer");
    assert_eq!(unread(&app.owner()).await, 2);
    assert!(titles(&app.owner()).await.contains(&"Facture payée".to_owned()));
    for text in [
        include_str!("../../../../events/notifications-worker/notification_digest_due.json"),
        include_str!("../../../../events/notifications-worker/member_left.json"),
    ] {
        let done = notifications::worker::handle(app.deps.clone(), event(text)).await.expect("an answer");
        assert!(done.batch_item_failures.is_empty());
    }
}

#[tokio::test]
async fn what_nobody_may_see_any_more_is_not_shown() {
    let app = app().await;
    let (user, client) = app.with_new_member(Role::Accountant.into()).await;
    tell(&app, 1, paid(1)).await;
    assert_eq!(titles(&client).await.len(), 1);
    let scope = &app.scope();
    scope
        .write(|| async {
            let member = scope.get::<web::Membership>(&scope.keys().member(user)).await?.expect("a member");
            let mut transaction = scope.begin("test", user);
            let other = web::Membership { role: Role::Hr.into(), ..member.value.clone() };
            transaction.update(&member, &other);
            Ok((transaction, ()))
        })
        .await
        .expect("another role");
    assert!(titles(&client).await.is_empty());
    let id = crate::ids(&app.owner()).await;
    client.post(&format!("{LIST}/{}/read", id[0]), &json!({})).await.expect(404);
}
