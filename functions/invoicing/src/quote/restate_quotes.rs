//! Somebody counts anew: how each quote that was sent stands is stated again, page by page.

use kernel::{Result, event::Event, page::PageRequest};
use table::{Order, Scope};

use super::Quote;

/// An event each, and one that asks for the rest: a transaction has 100 writes.
const AT_ONCE: u16 = 90;

/// Repeating it states the same once more, which counts for nothing.
pub async fn restate_quotes(scope: &Scope, after: Option<String>) -> Result<()> {
    let request = PageRequest { limit: AT_ONCE, cursor: after };
    let page = scope.list::<Quote>(&scope.keys().quotes(), &request, Order::Ascending).await?;
    let standings: Vec<_> = page.items.iter().filter_map(|quote| Some((quote.id, quote.standing()?))).collect();
    let (standings, next) = (&standings, &page.next_cursor);
    scope
        .write(|| async move {
            let mut transaction = scope.begin("restate_quotes", "quotes").unlogged();
            for (quote, standing) in standings {
                transaction.emit(Event::QuoteStated { quote: *quote, standing: standing.clone() });
            }
            if let Some(next) = next {
                transaction.emit(Event::QuotesRestatementRequested { after: Some(next.clone()) });
            }
            Ok((transaction, ()))
        })
        .await
}
