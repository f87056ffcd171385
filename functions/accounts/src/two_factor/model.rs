//! A person's second factor from its set-up to its last recovery code. Pure.

use jiff::Timestamp;
use kernel::id::UserId;
use serde::{Deserialize, Serialize};

use super::{RecoveryCodes, Refused, Seed, Step, recovery, verify};

/// A secret as it is stored: base64 of what the application's key encrypted.
pub type Sealed = String;

/// There is one for each person who began to set it up; it counts once it is confirmed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SecondFactor {
    pub user: UserId,
    pub seed: Sealed,
    pub started_at: Timestamp,
    pub confirmed_at: Option<Timestamp>,
    /// No code of this step or an earlier one is accepted any more.
    pub last_step: Option<Step>,
    /// Keyed hashes of the recovery codes that are left.
    pub recovery: Vec<String>,
}

impl SecondFactor {
    /// A seed that its owner has not proven to hold. It may replace another one like it, never a confirmed one.
    pub const fn started(user: UserId, seed: Sealed, now: Timestamp) -> Self {
        Self { user, seed, started_at: now, confirmed_at: None, last_step: None, recovery: Vec::new() }
    }

    pub const fn is_confirmed(&self) -> bool {
        self.confirmed_at.is_some()
    }

    pub const fn recovery_codes_left(&self) -> usize {
        self.recovery.len()
    }

    /// After the first code, which proves the seed; from now on codes are asked for. `seed` is its own, opened;
    /// `codes` are those that the answer shows.
    pub fn confirmed(
        &self,
        seed: &Seed,
        code: &str,
        now: Timestamp,
        codes: &RecoveryCodes,
        mac: &dyn Fn(&str) -> String,
    ) -> Result<Self, Refused> {
        if self.is_confirmed() {
            return Err(Refused::AlreadyConfirmed);
        }
        let step = verify(seed, code, now, self.last_step)?;
        let recovery = codes.hashes(self.user, mac);
        Ok(Self { confirmed_at: Some(now), last_step: Some(step), recovery, ..self.clone() })
    }

    /// After a code of the application was used.
    pub fn code_used(&self, seed: &Seed, code: &str, now: Timestamp) -> Result<Self, Refused> {
        self.expect_confirmed()?;
        let step = verify(seed, code, now, self.last_step)?;
        Ok(Self { last_step: Some(step), ..self.clone() })
    }

    /// After a recovery code was used: it is gone.
    pub fn recovery_code_used(&self, code: &str, mac: &dyn Fn(&str) -> String) -> Result<Self, Refused> {
        self.expect_confirmed()?;
        let hash = recovery::hash(self.user, code, mac).ok_or(Refused::Wrong)?;
        let mut left = self.recovery.clone();
        let at = left.iter().position(|kept| *kept == hash).ok_or(Refused::Wrong)?;
        left.remove(at);
        Ok(Self { recovery: left, ..self.clone() })
    }

    /// With new recovery codes; the old ones are worth nothing.
    pub fn recovery_renewed(&self, codes: &RecoveryCodes, mac: &dyn Fn(&str) -> String) -> Result<Self, Refused> {
        self.expect_confirmed()?;
        Ok(Self { recovery: codes.hashes(self.user, mac), ..self.clone() })
    }

    const fn expect_confirmed(&self) -> Result<(), Refused> {
        if self.is_confirmed() { Ok(()) } else { Err(Refused::NotConfirmed) }
    }
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecondFactor({})", self.user)
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::UserId;
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};
    use ulid::Ulid;

    use super::*;

    const USER: UserId = UserId::from_ulid(Ulid(1));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn mac(text: &str) -> String {
        format!("mac({text})")
    }

    fn confirmed(seed: &Seed, seconds: i64) -> (SecondFactor, RecoveryCodes) {
        let codes = RecoveryCodes::draw(&mut StdRng::seed_from_u64(7));
        let started = SecondFactor::started(USER, "sealed".into(), at(seconds));
        (started.confirmed(seed, &seed.code_at(seconds), at(seconds), &codes, &mac).unwrap(), codes)
    }

    #[test]
    fn nothing_counts_before_it_is_confirmed_and_confirming_happens_once() {
        let seed = Seed::draw(&mut StdRng::seed_from_u64(1));
        let codes = RecoveryCodes::draw(&mut StdRng::seed_from_u64(7));
        let started = SecondFactor::started(USER, "sealed".into(), at(300));
        let right = seed.code_at(300);
        assert_eq!(started.code_used(&seed, &right, at(300)), Err(Refused::NotConfirmed));
        assert_eq!(started.recovery_code_used(&codes.shown()[0], &mac), Err(Refused::NotConfirmed));
        assert_eq!(started.recovery_renewed(&codes, &mac), Err(Refused::NotConfirmed));
        assert_eq!(started.confirmed(&seed, "000 000", at(300), &codes, &mac), Err(Refused::Wrong));
        let confirmed = started.confirmed(&seed, &right, at(300), &codes, &mac).unwrap();
        assert!(confirmed.is_confirmed() && confirmed.recovery_codes_left() == 10);
        assert_eq!(
            confirmed.confirmed(&seed, &seed.code_at(330), at(330), &codes, &mac),
            Err(Refused::AlreadyConfirmed)
        );
        // The code that confirmed does not sign in.
        assert_eq!(confirmed.code_used(&seed, &right, at(300)), Err(Refused::AlreadyUsed));
        assert!(confirmed.code_used(&seed, &seed.code_at(330), at(330)).is_ok());
    }

    #[test]
    fn new_recovery_codes_make_the_old_ones_worthless() {
        let seed = Seed::draw(&mut StdRng::seed_from_u64(1));
        let (factor, old) = confirmed(&seed, 300);
        let new = RecoveryCodes::draw(&mut StdRng::seed_from_u64(8));
        let renewed = factor.recovery_renewed(&new, &mac).unwrap();
        assert_eq!(renewed.recovery_code_used(&old.shown()[3], &mac), Err(Refused::Wrong));
        assert!(renewed.recovery_code_used(&new.shown()[3], &mac).is_ok());
    }

    #[test]
    fn nothing_of_it_is_printed() {
        let (factor, _) = confirmed(&Seed::draw(&mut StdRng::seed_from_u64(1)), 300);
        assert_eq!(format!("{factor:?}"), format!("SecondFactor({USER})"));
    }

    proptest! {
        #[test]
        fn each_recovery_code_opens_once(seed: [u8; 20], tries in proptest::collection::vec(0_usize..10, 0..40)) {
            let (mut factor, codes) = confirmed(&Seed::from_bytes(&seed).unwrap(), 300);
            let mut used = [false; 10];
            for index in tries {
                match factor.recovery_code_used(&codes.shown()[index], &mac) {
                    Ok(after) => {
                        prop_assert!(!used[index]);
                        used[index] = true;
                        factor = after;
                    }
                    Err(refused) => prop_assert!(used[index] && refused == Refused::Wrong),
                }
            }
            prop_assert_eq!(factor.recovery_codes_left(), used.iter().filter(|used| !**used).count());
        }

        #[test]
        fn a_code_never_signs_in_twice(
            seed: [u8; 20], times in proptest::collection::vec((300_i64..900, -60_i64..60), 1..40),
        ) {
            let seed = Seed::from_bytes(&seed).unwrap();
            let (mut factor, _) = confirmed(&seed, 300);
            let mut last = factor.last_step;
            for (drawn_at, late) in times {
                if let Ok(after) = factor.code_used(&seed, &seed.code_at(drawn_at), at(drawn_at + late)) {
                    prop_assert!(after.last_step > last);
                    prop_assert_eq!(&after.recovery, &factor.recovery);
                    last = after.last_step;
                    factor = after;
                }
            }
        }
    }
}
