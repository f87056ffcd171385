//! The sums of opportunities are what a recount gives, whatever was done, and by however many at once.

use std::collections::BTreeMap;

use kernel::permission::Role;
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{
    OPPORTUNITIES, added, app,
    opportunities::{deal, with_company},
    stage, with,
};

/// A small generator: the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).expect("a side")
    }
}

async fn all(client: &Client, whose: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{OPPORTUNITIES}?limit=100{whose}{cursor}")).await.expect(200).json();
        items.extend(page["items"].as_array().cloned().expect("a list"));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

/// Open, its amount and weight; won, its amount; lost, its amount.
type Sums = [i64; 7];

fn count(items: &[Value], wanted: impl Fn(&Value) -> bool) -> Sums {
    let mut sums = [0; 7];
    for item in items.iter().filter(|item| wanted(item)) {
        let amount = item["amount_minor"].as_i64().expect("an amount");
        match item["outcome"].as_str() {
            Some("open") => {
                sums[0] += 1;
                sums[1] += amount;
                sums[2] += amount * item["probability"].as_i64().expect("per cent");
            }
            Some("won") => {
                sums[3] += 1;
                sums[4] += amount;
            }
            _ => {
                sums[5] += 1;
                sums[6] += amount;
            }
        }
    }
    sums[2] = (sums[2] + 50) / 100;
    sums
}

fn told(sums: &Value) -> Sums {
    ["open", "open_minor", "weighted_minor", "won", "won_minor", "lost", "lost_minor"]
        .map(|name| sums[name].as_i64().expect("a sum"))
}

async fn agree(app: &App, client: &Client, seed: u64) {
    for whose in ["", "&assigned_to=me"] {
        let items = all(client, whose).await;
        let figures = client.get(&format!("{OPPORTUNITIES}/figures?{whose}")).await.expect(200).json();
        assert_eq!(told(&figures["total"]), count(&items, |_| true), "seed {seed} {whose}");
        for at in figures["stages"].as_array().expect("stages") {
            assert_eq!(told(at), count(&items, |item| item["stage_id"] == at["stage_id"]), "seed {seed}: {at}");
        }
        let mut sources: BTreeMap<String, Sums> = BTreeMap::new();
        for item in &items {
            if let Some(source) = item["source"].as_str() {
                let of = |other: &Value| other["source"].as_str() == Some(source);
                sources.insert(source.into(), count(&items, of));
            }
        }
        let shown: BTreeMap<String, Sums> = figures["sources"]
            .as_array()
            .expect("sources")
            .iter()
            .map(|one| (one["source"].as_str().unwrap_or_default().to_owned(), told(one)))
            .collect();
        assert_eq!(shown, sources, "seed {seed} {whose}");
        // Time stands still: all that is decided was decided in this month.
        let decided = count(&items, |item| item["outcome"] != "open");
        assert_eq!(told(&figures["month"]), decided, "seed {seed} {whose}");
    }
    // What a stage holds, in the item on which its removal rests.
    let items = all(client, "").await;
    for (_, item) in app.items_of(app.ours.id).iter().filter(|(_, item)| item["type"]["S"] == "stage_count") {
        let count = items.iter().filter(|one| one["stage_id"] == item["stage"]["S"]).count();
        assert_eq!(item["count"]["N"].as_str(), Some(count.to_string().as_str()), "seed {seed}: {item}");
    }
}

/// One act of anybody on anything; what is refused, because another was faster, changes nothing.
async fn act(client: &Client, dice: (usize, usize, usize, usize), company: &str, ids: &[String], users: &[String]) {
    let (kind, which, to, amount) = dice;
    let id = &ids[which % ids.len()];
    let path = format!("{OPPORTUNITIES}/{id}");
    let to = stage(1 + to % 6);
    let (source, probability) = (["", "Salon", "Site"][amount % 3], ["", "33", "67"][which % 3]);
    let fields = json!({
        "name": format!("Affaire {which}"), "amount": format!("{}.{:02}", amount % 5_000, amount % 100), "stage_id": to,
        "lost_reason": "Trop cher", "source": source,
        "probability": probability, "assigned_to": users[amount % users.len()],
    });
    match kind {
        0 => drop(client.post(OPPORTUNITIES, &with(deal(company), fields)).await),
        1 | 2 => drop(client.put(&path, &with(deal(company), fields)).await),
        3 => drop(client.delete(&path).await),
        _ => drop(client.post(&format!("{path}/move"), &json!({ "stage": to, "lost_reason": "Trop cher" })).await),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sums_are_what_a_recount_gives_after_whatever_was_done() {
    for seed in 1..=4 {
        let app = app().await;
        let (program, company) = with_company(&app).await;
        let users = [Role::Owner, Role::Manager, Role::Sales].map(|role| app.user_with_role(role).to_string());
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (seed * 7_919));
        let mut ids = Vec::new();
        for _ in 0..6 {
            ids.push(added(&program, OPPORTUNITIES, &deal(&company)).await);
        }
        for _ in 0..12 {
            // Several at once, some of them on the same one.
            let rolls: Vec<_> =
                (0..5).map(|_| (dice.roll(9), dice.roll(6), dice.roll(6), dice.roll(100_000))).collect();
            let acts = rolls.into_iter().map(|roll| {
                let (client, company, ids, users) = (program.clone(), company.clone(), ids.clone(), users.clone());
                tokio::spawn(async move { act(&client, roll, &company, &ids, &users).await })
            });
            for task in acts.collect::<Vec<_>>() {
                task.await.expect("it is answered");
            }
            let there = all(&program, "").await;
            ids = there.iter().map(|item| item["id"].as_str().unwrap_or_default().to_owned()).collect();
            if ids.is_empty() {
                ids.push(added(&program, OPPORTUNITIES, &deal(&company)).await);
            }
        }
        agree(&app, &program, seed).await;
    }
}

#[tokio::test]
async fn the_dashboard_tells_what_is_right() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    for (amount, at) in [("1000", 1), ("2000", 3), ("500", 5), ("300", 6)] {
        let fields = json!({ "amount": amount, "stage_id": stage(at), "lost_reason": "Trop cher", "source": "Salon" });
        added(&program, OPPORTUNITIES, &with(deal(&company), fields)).await;
    }
    let page = app.owner().get("/crm").await.expect(200);
    assert!(page.round_trips() <= Some(2));
    let text = page.text();
    // Open 3 000, weighted 10 % of 1 000 and 50 % of 2 000; won 500; one of two was won.
    for expected in [
        "3\u{202f}000,00\u{a0}€",
        "1\u{202f}100,00\u{a0}€",
        "500,00\u{a0}€",
        "50\u{a0}%",
        "1 gagnée, 1 perdue",
        "Salon",
        "/crm/panneaux/activites-en-retard",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    // Another month begins with nothing won.
    app.advance(jiff::SignedDuration::from_hours(24 * 12));
    let text = app.with_new_member(Role::Owner.into()).await.1.get("/crm").await.expect(200).text();
    assert!(text.contains("Rien de conclu ce mois-ci"), "{text}");
    let theirs = app.stranger().get("/crm").await;
    assert!(!theirs.text().contains("Salon"));
}
