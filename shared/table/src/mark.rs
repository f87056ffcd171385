//! What the platform notes for itself, outside the tenants: how far a schedule has come, the wrapped keys of the
//! vault, what a passkey was asked. No person's act is about it, so it has neither audit entry nor event.

use aws_sdk_dynamodb::types::AttributeValue;
use kernel::{Error, Result, id::OrganizationId};
use ulid::Ulid;

use crate::{Item, Stored, Table, TenantKeys, client::failure, codec, meter};

impl Table {
    /// Writes a mark if it is still as it was read (`None`: not there yet). `false` where another run was
    /// faster: its mark stands, and is as good as ours.
    #[allow(clippy::disallowed_methods, reason = "no act of anybody: nothing to audit and nothing to tell")]
    pub async fn put_mark<T: Item>(&self, read: Option<&Stored<T>>, mark: &T) -> Result<bool> {
        // A mark's key has no tenant in it; whatever does has no business here.
        let nobody = TenantKeys::of(OrganizationId::from_ulid(Ulid::nil()));
        if nobody.owns(&mark.key(nobody)) {
            return Err(Error::internal(format!("{} is no mark", T::TYPE)));
        }
        let put = self.client.put_item().table_name(&*self.name);
        let put = match read {
            None => {
                put.set_item(Some(codec::encode(mark, nobody, 1)?)).condition_expression("attribute_not_exists(pk)")
            }
            Some(read) => put
                .set_item(Some(codec::encode(mark, nobody, read.version + 1)?))
                .condition_expression("v = :v")
                .expression_attribute_values(":v", AttributeValue::N(read.version.to_string())),
        };
        meter::count();
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(false)
            }
            Err(error) => Err(failure(error)),
        }
    }
}
