//! Putting messages on queues. Only the relay and the clock do.

use std::collections::HashMap;

use aws_sdk_sqs::{Client, types::SendMessageBatchRequestEntry};
use kernel::{Error, Result, event::Queue};

/// What SQS takes in one call.
pub const BATCH_MAX: usize = 10;

#[derive(Clone, Debug)]
pub struct Queues {
    client: Client,
    urls: HashMap<Queue, String>,
}

impl Queues {
    pub(crate) fn new(shared: &aws_config::SdkConfig, urls: HashMap<Queue, String>) -> Self {
        Self { client: Client::new(shared), urls }
    }

    /// Sends up to ten bodies; tells the positions of those that were not taken.
    pub async fn send(&self, queue: Queue, bodies: &[String]) -> Result<Vec<usize>> {
        let url =
            self.urls.get(&queue).ok_or_else(|| Error::internal(format!("no address for queue {}", queue.name())))?;
        let entries = bodies
            .iter()
            .enumerate()
            .map(|(position, body)| {
                SendMessageBatchRequestEntry::builder().id(position.to_string()).message_body(body).build()
            })
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(Error::internal)?;
        let answer = self
            .client
            .send_message_batch()
            .queue_url(url)
            .set_entries(Some(entries))
            .send()
            .await
            .map_err(table::failure)?;
        Ok(answer.failed.iter().filter_map(|failed| failed.id.parse().ok()).collect())
    }
}
