//! The keys of the vault in AWS: made by KMS, kept wrapped in one item of the table, unwrapped once per process.

use std::collections::HashMap;

use aws_sdk_kms::{Client, primitives::Blob, types::DataKeySpec};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use kernel::{Error, Result};
use secrecy::{ExposeSecret, SecretBox, SecretSlice};
use serde::{Deserialize, Serialize};
use table::{Item, Key, Table, TenantKeys, keys};

use super::{DataKey, FIRST, KEY_BYTES, Keys};

/// Bound to every wrapped key; template.yaml asks for it too.
const CONTEXT: (&str, &str) = ("use", "vault");

pub(crate) struct Kms {
    client: Client,
    /// Id, ARN or alias of the wrapping key.
    key: String,
    table: Table,
}

#[derive(Serialize, Deserialize)]
struct WrappedKeys {
    /// The oldest first.
    keys: Vec<WrappedKey>,
}

#[derive(Serialize, Deserialize)]
struct WrappedKey {
    version: u8,
    /// In base64.
    wrapped: String,
    created_at: Timestamp,
}

impl Item for WrappedKeys {
    const TYPE: &'static str = "vault";

    fn key(&self, _: TenantKeys) -> Key {
        keys::vault()
    }
}

impl Kms {
    pub(crate) fn new(shared: &aws_config::SdkConfig, key: String, table: Table) -> Self {
        Self { client: Client::new(shared), key, table }
    }

    pub(super) async fn keys(&self) -> Result<Keys> {
        let stored = match self.stored().await? {
            Some(stored) => stored,
            None => {
                // Whoever comes second keeps the first one's.
                self.table.put_mark(None, &self.made().await?).await?;
                self.stored().await?.ok_or_else(|| Error::internal("the keys of the vault are not there"))?
            }
        };
        let mut keys = Vec::with_capacity(stored.keys.len());
        for wrapped in stored.keys {
            keys.push(self.unwrapped(&wrapped).await?);
        }
        Ok(Keys(keys))
    }

    async fn stored(&self) -> Result<Option<WrappedKeys>> {
        Ok(self.table.get::<WrappedKeys>(&keys::vault()).await?.map(|stored| stored.value))
    }

    /// Without the plain text: the one who is faster decides which key is used.
    async fn made(&self) -> Result<WrappedKeys> {
        let made = self
            .client
            .generate_data_key_without_plaintext()
            .key_id(&self.key)
            .key_spec(DataKeySpec::Aes256)
            .set_encryption_context(Some(context()))
            .send()
            .await
            .map_err(table::failure)?;
        let wrapped = made.ciphertext_blob.ok_or_else(|| Error::internal("KMS gave no key"))?;
        Ok(WrappedKeys {
            keys: vec![WrappedKey {
                version: FIRST,
                wrapped: BASE64_STANDARD.encode(wrapped),
                created_at: self.table.clock().now(),
            }],
        })
    }

    async fn unwrapped(&self, key: &WrappedKey) -> Result<DataKey> {
        let wrapped = BASE64_STANDARD.decode(&key.wrapped).map_err(Error::internal)?;
        let unwrapped = self
            .client
            .decrypt()
            .key_id(&self.key)
            .ciphertext_blob(Blob::new(wrapped))
            .set_encryption_context(Some(context()))
            .send()
            .await
            .map_err(table::failure)?;
        let plain = unwrapped.plaintext.ok_or_else(|| Error::internal("KMS gave no key"))?;
        let plain = SecretSlice::from(plain.into_inner());
        if plain.expose_secret().len() != KEY_BYTES {
            return Err(Error::internal("KMS gave a key of another size"));
        }
        let copy = |bytes: &mut [u8; KEY_BYTES]| bytes.copy_from_slice(plain.expose_secret());
        Ok(DataKey { version: key.version, bytes: SecretBox::init_with_mut(copy) })
    }
}

fn context() -> HashMap<String, String> {
    HashMap::from([(CONTEXT.0.into(), CONTEXT.1.into())])
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    };

    use aws_sdk_kms::config::{Credentials, Region, SharedCredentialsProvider};
    use axum::{Json, Router, http::HeaderMap, http::StatusCode, routing::post};
    use emulators::DynamoDb;
    use kernel::Clock;
    use serde_json::{Value, json};

    use super::*;
    use crate::Vault;

    const KEY: &str = "arn:aws:kms:eu-west-3:1:key/1";

    /// A KMS that wraps a key by prefixing it, and a table.
    struct Cloud {
        dynamodb: DynamoDb,
        kms: aws_config::SdkConfig,
        asked: Arc<Mutex<Vec<String>>>,
    }

    impl Cloud {
        async fn start() -> Self {
            let asked = Arc::<Mutex<Vec<String>>>::default();
            let (log, made) = (asked.clone(), Arc::new(AtomicU8::new(1)));
            let router = Router::new().route(
                "/",
                post(async move |headers: HeaderMap, body: String| {
                    let act = headers["x-amz-target"].to_str().unwrap().rsplit('.').next().unwrap().to_owned();
                    log.lock().unwrap().push(act.clone());
                    answer(&act, &serde_json::from_str(&body).unwrap(), &made)
                }),
            );
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let endpoint = format!("http://{}", listener.local_addr().unwrap());
            tokio::spawn(async move { axum::serve(listener, router).await });
            let kms = aws_config::SdkConfig::builder()
                .behavior_version(aws_config::BehaviorVersion::latest())
                .region(Region::from_static("eu-west-3"))
                .endpoint_url(endpoint)
                .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests()))
                .http_client(table::http_client())
                .build();
            let cloud = Self { dynamodb: DynamoDb::start(None).await.unwrap(), kms, asked };
            cloud.table().create_if_absent().await.unwrap();
            cloud
        }

        fn table(&self) -> Table {
            let clock = Clock::fixed("2026-11-22T09:00:00Z".parse().unwrap());
            Table::local(self.dynamodb.endpoint(), "abservice-vault-table", clock)
        }

        /// The vault of a function's process.
        fn vault(&self) -> Vault {
            Vault::in_cloud(Some(Kms::new(&self.kms, KEY.into(), self.table())))
        }

        fn asked(&self) -> Vec<String> {
            std::mem::take(&mut self.asked.lock().unwrap())
        }
    }

    fn answer(act: &str, asked: &Value, made: &AtomicU8) -> (StatusCode, Json<Value>) {
        let refused = |kind: &str| (StatusCode::BAD_REQUEST, Json(json!({ "__type": kind, "message": "no" })));
        if asked["KeyId"] != KEY || asked["EncryptionContext"] != json!({ "use": "vault" }) {
            return refused("InvalidCiphertextException");
        }
        match act {
            "GenerateDataKeyWithoutPlaintext" => {
                assert_eq!(asked["KeySpec"], "AES_256");
                let key = [made.fetch_add(1, Ordering::SeqCst); KEY_BYTES];
                let wrapped = BASE64_STANDARD.encode([b"wrapped ".as_slice(), &key].concat());
                (StatusCode::OK, Json(json!({ "CiphertextBlob": wrapped, "KeyId": KEY })))
            }
            "Decrypt" => {
                let wrapped = BASE64_STANDARD.decode(asked["CiphertextBlob"].as_str().unwrap()).unwrap();
                match wrapped.strip_prefix(b"wrapped ") {
                    Some(key) => (StatusCode::OK, Json(json!({ "Plaintext": BASE64_STANDARD.encode(key) }))),
                    None => refused("InvalidCiphertextException"),
                }
            }
            _ => refused("AccessDeniedException"),
        }
    }

    #[tokio::test]
    async fn the_key_is_made_once_and_unwrapped_once_per_process() {
        let cloud = Cloud::start().await;
        let first = cloud.vault();
        let sealed = first.seal("totp", b"secret").await.unwrap();
        first.open("totp", &sealed).await.unwrap();
        assert_eq!(cloud.asked(), ["GenerateDataKeyWithoutPlaintext", "Decrypt"]);

        let second = cloud.vault();
        for _ in 0..2 {
            assert_eq!(second.open("totp", &sealed).await.unwrap().expose_secret(), b"secret");
        }
        assert_eq!(cloud.asked(), ["Decrypt"]);
    }

    #[tokio::test]
    async fn processes_that_start_at_once_share_one_key() {
        let cloud = Cloud::start().await;
        let vaults: Vec<_> = (0..4).map(|_| cloud.vault()).collect();
        let (a, b, c, d) = tokio::join!(
            vaults[0].mac("email", b"a"),
            vaults[1].mac("email", b"a"),
            vaults[2].mac("email", b"a"),
            vaults[3].mac("email", b"a"),
        );
        let hash = a.unwrap();
        for other in [b, c, d] {
            assert_eq!(other.unwrap(), hash);
        }
    }

    #[tokio::test]
    async fn the_item_holds_the_wrapped_key_only() {
        let cloud = Cloud::start().await;
        cloud.vault().seal("totp", b"secret").await.unwrap();
        let stored = cloud.table().get::<WrappedKeys>(&keys::vault()).await.unwrap().unwrap();
        let nobody = TenantKeys::of("org_01KAN8V3T0ABSERV1CEDEM0000".parse().unwrap());
        let wrapped = BASE64_STANDARD.encode([b"wrapped ".as_slice(), &[1; KEY_BYTES]].concat());
        assert_eq!(
            table::item::golden(&stored.value, nobody).unwrap(),
            json!({
                "pk": "PLATFORM", "sk": "VAULT", "type": "vault", "v": 1,
                "keys": [{ "version": 1, "wrapped": wrapped, "created_at": "2026-11-22T09:00:00Z" }],
            })
        );
    }

    #[tokio::test]
    async fn a_key_that_kms_refuses_is_asked_for_again_the_next_time() {
        let cloud = Cloud::start().await;
        let foreign = Vault::in_cloud(Some(Kms::new(&cloud.kms, "another".into(), cloud.table())));
        assert!(matches!(foreign.seal("totp", b"").await, Err(Error::Internal { .. })));
        assert!(foreign.seal("totp", b"").await.is_err());
        assert_eq!(cloud.asked().len(), 2);
        assert!(cloud.table().get::<WrappedKeys>(&keys::vault()).await.unwrap().is_none());
    }
}
