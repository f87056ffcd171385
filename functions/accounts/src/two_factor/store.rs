//! The items of codes, in a partition that accounts alone may read.

use table::{Audit, Item, Key, TenantKeys, keys};

use super::{RecoveryCodes, SecondFactor};

impl Item for SecondFactor {
    const TYPE: &'static str = "second_factor";
    const AUDIT: Audit = Audit::Masked(&["seed"]);

    fn key(&self, _: TenantKeys) -> Key {
        keys::second_factor(self.user)
    }
}

impl Item for RecoveryCodes {
    const TYPE: &'static str = "recovery_codes";
    const AUDIT: Audit = Audit::Masked(&["hashes"]);

    fn key(&self, _: TenantKeys) -> Key {
        keys::recovery_codes(self.user)
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use jiff::Timestamp;
    use kernel::{
        Error, Sealed,
        id::{OrganizationId, UserId},
    };
    use rand::{SeedableRng, rngs::StdRng};
    use serde_json::json;
    use table::item::golden;
    use testkit::App;
    use ulid::Ulid;

    use super::*;
    use crate::two_factor::{Seed, open_seed, seal_seed};

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
    const USER: UserId = UserId::from_ulid(Ulid(2));

    fn confirmed(seed: &Seed, sealed: Sealed, now: Timestamp) -> SecondFactor {
        let code = seed.code_at(now.as_second());
        SecondFactor::started(USER, sealed, now).confirmed(seed, &code, now).unwrap()
    }

    #[test]
    fn a_second_factor_as_it_is_stored() {
        let mut expected = json!({
            "pk": "FACTORS#00000000000000000000000002",
            "sk": "SECOND_FACTOR",
            "type": "second_factor",
            "v": 1,
            "user": "usr_00000000000000000000000002",
            "seed": "c2VhbGVk",
            "started_at": "1970-01-01T00:05:00Z",
        });
        let (sealed, now) = (Sealed::from_bytes(b"sealed".to_vec()), Timestamp::from_second(300).unwrap());
        let started = SecondFactor::started(USER, sealed.clone(), now);
        assert_eq!(golden(&started, KEYS).ok().as_ref(), Some(&expected));
        let seed = Seed::draw(&mut StdRng::seed_from_u64(1));
        let confirmed = confirmed(&seed, sealed, now);
        expected["confirmed_at"] = json!("1970-01-01T00:05:00Z");
        expected["last_step"] = json!(10);
        assert_eq!(golden(&confirmed, KEYS).ok(), Some(expected));
    }

    #[test]
    fn recovery_codes_as_they_are_stored() {
        let codes = RecoveryCodes { user: USER, hashes: vec!["hash".into(); 2] };
        let expected = json!({
            "pk": "FACTORS#00000000000000000000000002",
            "sk": "RECOVERY_CODES",
            "type": "recovery_codes",
            "v": 1,
            "user": "usr_00000000000000000000000002",
            "hashes": ["hash", "hash"],
        });
        assert_eq!(golden(&codes, KEYS).ok(), Some(expected));
    }

    /// Many sign-ins at once with the code of one minute: the table lets one of them have it.
    #[tokio::test]
    async fn of_many_that_bring_the_same_code_one_is_let_in() {
        let app = &App::new(crate::router).await;
        let scope = &app.scope();
        let seed = &Seed::draw(&mut StdRng::seed_from_u64(1));
        let sealed = seal_seed(&app.deps.vault, USER, seed).await.unwrap();
        let factor = &confirmed(seed, sealed, scope.now());
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", USER);
                transaction.create(factor);
                Ok((transaction, ()))
            })
            .await
            .unwrap();
        app.advance(jiff::SignedDuration::from_secs(30));
        let code = &seed.code_at(scope.now().as_second());
        let tries = (0..5).map(|_| {
            scope.write(move || async move {
                let read =
                    app.deps.table.get::<SecondFactor>(&keys::second_factor(USER)).await?.ok_or(Error::NotFound)?;
                let seed = open_seed(&app.deps.vault, &read).await?;
                let used = read.code_used(&seed, code, scope.now()).map_err(|_| Error::WrongCredentials)?;
                let mut transaction = scope.begin("test", USER);
                transaction.update(&read, &used);
                Ok((transaction, ()))
            })
        });
        let outcomes = join_all(tries).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert!(
            outcomes.iter().flat_map(|outcome| outcome.as_ref().err()).all(|e| matches!(e, Error::WrongCredentials))
        );
    }
}
