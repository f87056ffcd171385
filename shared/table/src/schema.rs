//! The table as the local process and the tests create it; in AWS, template.yaml does. A test compares both.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, Projection, ProjectionType, ScalarAttributeType,
    StreamSpecification, StreamViewType, TimeToLiveSpecification,
};
use kernel::{Error, Result};

use crate::client::{Table, failure};

/// No index: the table by its own keys.
pub(crate) const OWN_KEYS: &str = "";
pub(crate) const LIST_INDEX: &str = "gsi1";
pub(crate) const DUE_INDEX: &str = "gsi2";
pub(crate) const ASSIGNED_INDEX: &str = "gsi3";

fn attribute(name: &str) -> Result<AttributeDefinition> {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .map_err(Error::internal)
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement> {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().map_err(Error::internal)
}

fn index_keys(index: &str) -> Result<Vec<KeySchemaElement>> {
    Ok(vec![key(&format!("{index}pk"), KeyType::Hash)?, key(&format!("{index}sk"), KeyType::Range)?])
}

fn all_attributes() -> Projection {
    Projection::builder().projection_type(ProjectionType::All).build()
}

impl Table {
    /// Creates the table unless it is there.
    pub async fn create_if_absent(&self) -> Result<()> {
        let index = |name: &str| -> Result<GlobalSecondaryIndex> {
            GlobalSecondaryIndex::builder()
                .index_name(name)
                .set_key_schema(Some(index_keys(name)?))
                .projection(all_attributes())
                .build()
                .map_err(Error::internal)
        };
        let created = self
            .client
            .create_table()
            .table_name(&*self.name)
            .billing_mode(BillingMode::PayPerRequest)
            .attribute_definitions(attribute("pk")?)
            .attribute_definitions(attribute("sk")?)
            .attribute_definitions(attribute("gsi1pk")?)
            .attribute_definitions(attribute("gsi1sk")?)
            .attribute_definitions(attribute("gsi2pk")?)
            .attribute_definitions(attribute("gsi2sk")?)
            .attribute_definitions(attribute("gsi3pk")?)
            .attribute_definitions(attribute("gsi3sk")?)
            .key_schema(key("pk", KeyType::Hash)?)
            .key_schema(key("sk", KeyType::Range)?)
            .global_secondary_indexes(index(LIST_INDEX)?)
            .global_secondary_indexes(index(DUE_INDEX)?)
            .global_secondary_indexes(index(ASSIGNED_INDEX)?)
            .stream_specification(
                StreamSpecification::builder()
                    .stream_enabled(true)
                    .stream_view_type(StreamViewType::NewAndOldImages)
                    .build()
                    .map_err(Error::internal)?,
            )
            .send()
            .await;
        match created {
            Ok(_) => self.forget_by_ttl().await,
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_in_use_exception()) => {
                // A process that died right after creating it left expiry off; where it is on, asking again is
                // refused, which is fine.
                let _ = self.forget_by_ttl().await;
                // The data folder of an earlier version lacks the newest index; where it is there, this is refused too.
                let _ = self.add_index(ASSIGNED_INDEX).await;
                Ok(())
            }
            Err(error) => Err(failure(error)),
        }
    }

    async fn add_index(&self, name: &str) -> Result<()> {
        let created = CreateGlobalSecondaryIndexAction::builder()
            .index_name(name)
            .set_key_schema(Some(index_keys(name)?))
            .projection(all_attributes())
            .build()
            .map_err(Error::internal)?;
        self.client
            .update_table()
            .table_name(&*self.name)
            .attribute_definitions(attribute(&format!("{name}pk"))?)
            .attribute_definitions(attribute(&format!("{name}sk"))?)
            .global_secondary_index_updates(GlobalSecondaryIndexUpdate::builder().create(created).build())
            .send()
            .await
            .map(drop)
            .map_err(failure)
    }

    async fn forget_by_ttl(&self) -> Result<()> {
        let specification =
            TimeToLiveSpecification::builder().enabled(true).attribute_name("ttl").build().map_err(Error::internal)?;
        self.client
            .update_time_to_live()
            .table_name(&*self.name)
            .time_to_live_specification(specification)
            .send()
            .await
            .map(drop)
            .map_err(failure)
    }
}
