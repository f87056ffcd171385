//! At least once means: three times, at the same time, in another order, and all of it again later. The result is
//! that of one delivery.

use std::sync::{Arc, Mutex};

use futures::future::join_all;
use jiff::SignedDuration;
use local::{Functions, Options, System, Where, Worker};
use serde_json::{Value, json};

use crate::company::{Company, PATIENCE, files, mails};

const TIMES: usize = 3;
const SEED: u64 = 20_261_122;

/// A small generator (xorshift), so that a failure comes again with the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }
}

/// What was delivered so far, with whom it was for.
type Seen = Arc<Mutex<Vec<(Worker, Value)>>>;

/// The worker, given every record three times in a random order, in random batches, several at the same time.
fn thrice(worker: Worker, dice: &Arc<Mutex<Dice>>, seen: &Seen) -> Worker {
    let (dice, seen) = (dice.clone(), seen.clone());
    Arc::new(move |event| {
        let records = event["Records"].as_array().cloned().unwrap_or_default();
        let events = if records.is_empty() {
            // Those that come one by one: ticks, and the events of SES.
            vec![event; TIMES]
        } else {
            let mut dice = dice.lock().unwrap();
            let mut repeated: Vec<_> = records.iter().flat_map(|record| vec![record.clone(); TIMES]).collect();
            dice.shuffle(&mut repeated);
            let size = 1 + dice.below(repeated.len());
            repeated.chunks(size).map(|batch| json!({ "Records": batch })).collect()
        };
        seen.lock().unwrap().extend(events.iter().map(|event| (worker.clone(), event.clone())));
        let answers = join_all(events.into_iter().map(|event| worker(event)));
        Box::pin(async move {
            let answers = answers.await.into_iter().collect::<Result<Vec<_>, _>>()?;
            // What failed in one of them comes again.
            let failures: Vec<_> =
                answers.iter().flat_map(|answer| answer["batchItemFailures"].as_array()).flatten().collect();
            Ok(json!({ "batchItemFailures": failures }))
        })
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_shuffled_deliveries_do_what_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (dice, seen) = (Arc::new(Mutex::new(Dice(SEED))), Seen::default());
    let options = Options { data: Where::Folder { path: data.clone(), fresh: false }, ..Options::memory() };
    let system = System::start_with(options, |deps| {
        let Functions { contexts, mut queues, relay, sent, mail, clock, socket } = local::product(deps);
        for queue in &mut queues {
            queue.worker = thrice(queue.worker.clone(), &dice, &seen);
        }
        let thrice = |worker| thrice(worker, &dice, &seen);
        let (relay, sent, mail, clock) = (thrice(relay), thrice(sent), thrice(mail), thrice(clock));
        Functions { contexts, queues, relay, sent, mail, clock, socket }
    })
    .await
    .unwrap();

    let company = Company::sign_up(&system).await;
    let draft = company.draft_by_quote().await;
    company.post(&format!("/api/v1/invoices/{draft}/issue"), &json!({})).await;
    for _ in 0..3 {
        company.issued().await;
    }
    system.idle(PATIENCE).await.unwrap();
    system.advance(SignedDuration::from_hours(24 * 33)).unwrap();
    system.idle(PATIENCE).await.unwrap();
    same(&system, &company, &data).await;

    // Long after everything is done, all of it comes once more.
    let mut late = std::mem::take(&mut *seen.lock().unwrap());
    dice.lock().unwrap().shuffle(&mut late);
    println!("{} deliveries come again", late.len());
    for (worker, event) in late {
        worker(event).await.unwrap();
    }
    system.idle(PATIENCE).await.unwrap();
    same(&system, &company, &data).await;
    system.stop().await;
}

/// One quote and four invoices: a file each, a mail each, a reminder and its letter for each invoice, an entry for each
/// issue.
async fn same(system: &System, company: &Company, data: &std::path::Path) {
    assert_eq!(files(data).len(), 9);
    for (subject, count) in [("Devis", 1), ("Facture", 4), ("Rappel", 4)] {
        let mut subjects: Vec<_> = mails(system, subject).into_iter().map(|(mail, _)| mail.subject).collect();
        assert_eq!(subjects.len(), count, "{subjects:?}");
        subjects.sort();
        subjects.dedup();
        assert_eq!(subjects.len(), count, "{subjects:?}");
    }
    assert_eq!(company.ledger().await, (4, true));
    for (name, _) in system.sqs().queues().unwrap() {
        assert_eq!(system.sqs().counts(&name).unwrap().total(), 0, "{name}");
    }
}
