//! Counters outside the tenants that the table forgets by itself: how often something was tried in a window of time.
//! Each call is one atomic write, so that counting holds across processes.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::Timestamp;
use kernel::{Error, Result};

use crate::{Table, client::failure, codec, keys::Key, meter};

impl Table {
    /// Adds to a counter, which begins at zero, and gives what it is now.
    #[allow(clippy::disallowed_methods, reason = "no act of anybody: how often something was tried")]
    pub async fn count(&self, key: &Key, by: i64, expires_at: Timestamp) -> Result<i64> {
        meter::count();
        let answer = self
            .client
            .update_item()
            .table_name(&*self.name)
            .set_key(Some(codec::key_attributes(key)))
            .update_expression("ADD #count :by SET #ttl = :ttl, #type = :type")
            .expression_attribute_names("#count", "count")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_names("#type", "type")
            .expression_attribute_values(":by", AttributeValue::N(by.to_string()))
            .expression_attribute_values(":ttl", AttributeValue::N(expires_at.as_second().to_string()))
            .expression_attribute_values(":type", AttributeValue::S("counter".into()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(failure)?;
        let count = answer.attributes.as_ref().and_then(|attributes| attributes.get("count"));
        match count {
            Some(AttributeValue::N(count)) => count.parse().map_err(Error::internal),
            _ => Err(Error::internal("a counter without its count")),
        }
    }

    /// Begins again at zero.
    #[allow(clippy::disallowed_methods, reason = "no act of anybody: how often something was tried")]
    pub async fn forget_count(&self, key: &Key) -> Result<()> {
        meter::count();
        let key = codec::key_attributes(key);
        self.client.delete_item().table_name(&*self.name).set_key(Some(key)).send().await.map(drop).map_err(failure)
    }
}
