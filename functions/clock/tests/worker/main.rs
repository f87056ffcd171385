//! The clock as the schedule calls it, with the tick in `events/clock`, on a table and a queue of its own.

mod parts;

use clock::ClockMark;
use jiff::civil::date;
use kernel::event::Event;
use parts::{Parts, invoice};
use table::{keys, meter};

#[tokio::test]
async fn what_is_due_is_found_once_its_date_has_come() {
    let parts = Parts::start("2026-11-22T09:00:00Z").await;
    parts.due(&[(date(2026, 11, 23), 1)]).await;
    parts.tick().await.unwrap();
    assert_eq!(parts.found().len(), 0);

    parts.move_to("2026-11-23T00:00:01Z");
    parts.tick().await.unwrap();
    let found = parts.found();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].event, Event::InvoiceDue { invoice: invoice(1) });
    assert_eq!((found[0].organization, found[0].at), (parts::organization(), parts.deps.clock.now()));
}

#[tokio::test]
async fn what_is_due_at_an_instant_is_found_once_that_has_come_and_the_rest_of_the_day_before_it() {
    let parts = Parts::start("2026-11-22T09:00:00Z").await;
    parts.due_at("2026-11-22T10:30:00Z", 1).await;
    parts.due_at("2026-11-22T09:00:59Z", 2).await;
    parts.due_at("2026-11-23T00:10:00Z", 3).await;
    parts.due(&[(date(2026, 11, 22), 4)]).await;
    let found = async |at: &str| {
        parts.move_to(at);
        let before = parts.found().len();
        parts.tick().await.unwrap();
        let mut found: Vec<_> = parts.found().split_off(before).into_iter().map(|envelope| envelope.event).collect();
        found.sort_by_key(|event| format!("{event:?}"));
        found
    };
    let due = |numbers: &[u128]| numbers.iter().map(|n| Event::InvoiceDue { invoice: invoice(*n) }).collect::<Vec<_>>();
    assert_eq!(found("2026-11-22T09:00:00Z").await, due(&[2, 4]));
    assert_eq!(found("2026-11-22T10:29:59Z").await, due(&[2, 4]));
    assert_eq!(found("2026-11-22T10:30:00Z").await, due(&[1, 2, 4]));
    for n in [1, 2, 4] {
        parts.handled(n).await;
    }
    assert_eq!(found("2026-11-23T00:09:00Z").await, due(&[]));
    // A day late.
    assert_eq!(found("2026-11-24T08:00:00Z").await, due(&[3]));
}

#[tokio::test]
async fn what_is_found_again_is_the_same_event() {
    let parts = Parts::start("2026-11-22T09:00:00Z").await;
    parts.due(&[(date(2026, 11, 22), 1), (date(2026, 11, 22), 2)]).await;
    parts.tick().await.unwrap();
    parts.move_to("2026-11-22T09:15:00Z");
    parts.tick().await.unwrap();
    let mut ids: Vec<_> = parts.found().into_iter().map(|envelope| envelope.id).collect();
    assert_eq!(ids.len(), 4);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2);
}

#[tokio::test]
async fn what_was_handled_is_not_found_again() {
    let parts = Parts::start("2026-11-22T09:00:00Z").await;
    parts.due(&[(date(2026, 11, 22), 1)]).await;
    parts.tick().await.unwrap();
    parts.handled(1).await;
    parts.tick().await.unwrap();
    assert_eq!(parts.found().len(), 1);
}

#[tokio::test]
async fn missed_days_are_made_up_for() {
    let parts = Parts::start("2026-11-01T09:00:00Z").await;
    parts.tick().await.unwrap();
    parts
        .due(&[(date(2026, 10, 25), 1), (date(2026, 11, 2), 2), (date(2026, 12, 24), 3), (date(2026, 12, 26), 4)])
        .await;
    // Away for eight weeks.
    parts.move_to("2026-12-25T09:00:00Z");
    parts.tick().await.unwrap();
    let mut found: Vec<_> = parts.found().into_iter().map(|envelope| envelope.event).collect();
    found.sort_by_key(|event| format!("{event:?}"));
    assert_eq!(found, [1, 2, 3].map(|n| Event::InvoiceDue { invoice: invoice(n) }));
    assert_eq!(parts.mark().await, Some(ClockMark { swept_on: date(2026, 12, 25) }));
}

#[tokio::test]
async fn the_first_run_looks_back_a_month() {
    let parts = Parts::start("2026-11-22T09:00:00Z").await;
    parts.due(&[(date(2026, 10, 22), 1), (date(2026, 10, 21), 2)]).await;
    parts.tick().await.unwrap();
    assert_eq!(parts.found().len(), 1);
}

#[tokio::test]
async fn a_clock_that_was_moved_back_goes_on_from_there() {
    let parts = Parts::start("2027-03-01T09:00:00Z").await;
    parts.tick().await.unwrap();
    parts.move_to("2026-11-22T09:00:00Z");
    parts.tick().await.unwrap();
    parts.due(&[(date(2026, 12, 10), 1)]).await;
    parts.move_to("2027-02-28T09:00:00Z");
    parts.tick().await.unwrap();
    assert_eq!(parts.found().len(), 1);
}

#[tokio::test]
async fn with_nothing_due_there_is_no_message_and_64_queries() {
    let parts = Parts::start("2026-11-22T09:00:00Z").await;
    let (ran, trips) = meter::measured(parts.tick()).await;
    ran.unwrap();
    // The first run ever: the mark read and written, 32 dates in 8 partitions.
    assert_eq!(trips, 2 + 32 * u32::from(keys::DUE_SHARDS));
    let (ran, trips) = meter::measured(parts.tick()).await;
    ran.unwrap();
    assert_eq!(trips, 1 + 8 * u32::from(keys::DUE_SHARDS));
    assert_eq!(parts.found().len(), 0);
}

#[tokio::test]
async fn a_queue_that_fails_is_an_error_and_the_next_run_finds_it() {
    let parts = Parts::start("2026-11-22T09:00:00Z").await;
    parts.due(&[(date(2026, 11, 22), 1)]).await;
    parts.sqs.faults().set_failing(true);
    parts.tick().await.unwrap_err();
    assert_eq!(parts.mark().await, None);
    parts.sqs.faults().set_failing(false);
    parts.tick().await.unwrap();
    assert_eq!(parts.found().len(), 1);
}

#[tokio::test]
async fn a_table_that_fails_is_an_error() {
    let parts = Parts::start("2026-11-22T09:00:00Z").await;
    parts.dynamodb.faults().internal.set_failing(true);
    parts.tick().await.unwrap_err();
}

#[tokio::test]
async fn more_than_a_page_is_found_whole() {
    let parts = Parts::start("2026-11-22T09:00:00Z").await;
    // Multiples of the number of partitions share one.
    let due: Vec<_> = (0..520).map(|n| (date(2026, 11, 22), n * u128::from(keys::DUE_SHARDS))).collect();
    parts.due(&due).await;
    parts.tick().await.unwrap();
    let mut found: Vec<_> = parts.found().into_iter().map(|envelope| envelope.id).collect();
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 520);
}

#[tokio::test]
async fn of_two_runs_at_once_one_writes_the_mark() {
    let parts = Parts::start("2026-11-22T09:00:00Z").await;
    let (first, second) = tokio::join!(parts.tick(), parts.tick());
    first.unwrap();
    second.unwrap();
    assert_eq!(parts.mark().await, Some(ClockMark { swept_on: date(2026, 11, 22) }));
}

#[test]
fn the_mark_as_it_is_stored() {
    let mark = ClockMark { swept_on: date(2026, 11, 22) };
    let stored = table::item::golden(&mark, table::TenantKeys::of(parts::organization())).unwrap();
    let expected = serde_json::json!({
        "pk": "CLOCK#DUE", "sk": "MARK", "type": "clock_mark", "v": 1, "swept_on": "2026-11-22",
    });
    assert_eq!(stored, expected);
}
