//! When a page of a form was made, proven by a hash that only we can make: who sends it back at once is no person, and one page
//! sends one request. It needs no cookie and no item.

use cloud::Deps;
use jiff::{SignedDuration, Timestamp};
use kernel::{Result, id::WebFormId};
use ulid::Ulid;

const PURPOSE: &str = "web form";
/// Nobody types their name faster.
const SOONEST: SignedDuration = SignedDuration::from_secs(3);
/// As long as the record of what was sent is kept: until then it is done once.
const LATEST: SignedDuration = SignedDuration::from_hours(24);

/// What a ticket turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ticket {
    /// With what tells it from others.
    Good(String),
    TooSoon,
    TooLate,
    /// None of ours.
    False,
}

/// A new one, for a page that is made now: `<seconds>.<ULID>.<hash>`.
pub async fn draw(deps: &Deps, form: WebFormId) -> Result<String> {
    let own = Ulid::from_bytes(deps.table.random().to_be_bytes());
    let said = format!("{}.{own}", deps.clock.now().as_second());
    let hash = hash(deps, form, &said).await?;
    Ok(format!("{said}.{hash}"))
}

pub async fn read(deps: &Deps, form: WebFormId, text: &str) -> Result<Ticket> {
    let Some((said, hash_sent)) = text.rsplit_once('.') else { return Ok(Ticket::False) };
    let Some((second, own)) = said.split_once('.') else { return Ok(Ticket::False) };
    if !is_same(&hash(deps, form, said).await?, hash_sent) {
        return Ok(Ticket::False);
    }
    // Whatever it says is ours from here on.
    let made = second.parse().ok().and_then(|second| Timestamp::from_second(second).ok());
    let Some(age) = made.map(|made| deps.clock.now().duration_since(made)) else { return Ok(Ticket::False) };
    Ok(match age {
        age if age < SOONEST => Ticket::TooSoon,
        age if age > LATEST => Ticket::TooLate,
        _ => Ticket::Good(own.to_owned()),
    })
}

async fn hash(deps: &Deps, form: WebFormId, said: &str) -> Result<String> {
    deps.vault.mac(PURPOSE, format!("{form}.{said}").as_bytes()).await
}

/// Takes as long wherever they differ.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |found, (a, b)| found | (a ^ b)) == 0
}
