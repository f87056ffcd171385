//! A worker that dies anywhere, between any reading and any writing, before or after the table did what it asked for, while its
//! messages come twice and in another order: the figures are what the facts come to, and so they are made anew.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use jiff::civil::date;
use kernel::{event::Event, permission::Role};
use serde_json::json;
use testkit::App;

use crate::{
    app, appended, batch, deliver, enter,
    histories::{Random, history, recount, stored, told},
};

/// Lets `work` go on so many times and drops it then, as a process drops all that it does when it is killed. None where it was.
async fn mortal<F: Future>(steps: u64, work: F) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut left = steps;
    poll_fn(|context| match (left.checked_sub(1), work.as_mut().poll(context)) {
        (_, Poll::Ready(done)) => Poll::Ready(Some(done)),
        (None, Poll::Pending) => Poll::Ready(None),
        (Some(rest), Poll::Pending) => {
            left = rest;
            Poll::Pending
        }
    })
    .await
}

/// Whether the worker lived to answer; what it could not do, it says.
async fn answered(app: &App, steps: u64, events: &[Event]) -> bool {
    let work = Box::pin(sales::worker::handle(app.deps.clone(), batch(app, app.ours.id, events)));
    match mortal(steps, work).await {
        Some(done) => done.expect("an answer").batch_item_failures.is_empty(),
        None => false,
    }
}

/// Messages as a queue brings them: in any order, again until they were answered, and some of them once more.
async fn brought(app: &App, random: &mut Random, mut waiting: Vec<Event>, steps: u64) -> (u32, u32) {
    let (mut lived, mut killed) = (0, 0);
    while !waiting.is_empty() {
        let at = random.below(waiting.len() as u64) as usize;
        let until = (at + 1 + random.below(3) as usize).min(waiting.len());
        // The longer it takes, the longer it lives: it comes to an end.
        let steps = 1 + random.below(steps + u64::from(killed));
        if answered(app, steps, &waiting[at..until]).await {
            lived += 1;
            if random.below(4) > 0 {
                waiting.drain(at..until);
            }
        } else {
            killed += 1;
        }
    }
    (lived, killed)
}

#[tokio::test]
async fn a_worker_that_is_killed_anywhere_counts_each_fact_once() {
    let (mut lived, mut killed) = (0, 0);
    for seed in 1..=4_u64 {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let app = app().await;
        let users = [None, Some(app.user_with_role(Role::Sales))];
        let history = history(&mut random, &users, 50);
        let counted = recount(&history);
        let quotes = told(&mut random, &history);
        let (scope, mut entries) = (app.scope(), history.entries.into_iter().peekable());
        let mut waiting = quotes;
        while entries.peek().is_some() {
            enter(&scope, entries.by_ref().take(17).collect()).await;
            waiting.extend([appended(), appended()]);
            let (alive, dead) = brought(&app, &mut random, std::mem::take(&mut waiting), 8).await;
            (lived, killed) = (lived + alive, killed + dead);
        }
        assert_eq!(stored(&app).await, counted, "seed {seed}");

        // The same of making them anew.
        app.owner().post("/api/v1/sales/projection/rebuild", &json!({})).await.expect(202);
        let (alive, dead) = brought(&app, &mut random, vec![Event::SalesProjectionDue {}; 3], 8).await;
        (lived, killed) = (lived + alive, killed + dead);
        deliver(&app, &[Event::SalesProjectionDue {}]).await;
        assert_eq!(stored(&app).await, counted, "seed {seed}, made anew");
        let figures = app.owner().get("/api/v1/sales/figures?period=2026").await.expect(200).json();
        assert_eq!((&figures["behind"], &figures["from"]), (&json!(0), &json!(date(2026, 1, 1))));
    }
    assert!(killed > 40 && lived > 40, "{lived} lived, {killed} were killed");
}
