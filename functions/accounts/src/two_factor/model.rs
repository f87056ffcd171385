//! Codes of an application from their set-up on, and recovery codes to the last. Pure.

use jiff::Timestamp;
use kernel::{Sealed, id::UserId};
use serde::{Deserialize, Serialize};

use super::{Refused, Seed, Step, verify};

/// There is one for each person who began to set it up; it counts once it is confirmed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SecondFactor {
    pub user: UserId,
    pub seed: Sealed,
    pub started_at: Timestamp,
    pub confirmed_at: Option<Timestamp>,
    /// No code of this step or an earlier one is accepted any more.
    pub last_step: Option<Step>,
}

/// For who has lost what else proves them. They are the person's, whatever their factors are: given with the first,
/// gone with the last.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RecoveryCodes {
    pub user: UserId,
    /// Keyed hashes of those that are left.
    pub hashes: Vec<String>,
}

impl RecoveryCodes {
    /// After the code with this hash was used: it is gone.
    pub fn used(&self, hash: &str) -> Result<Self, Refused> {
        let mut left = self.hashes.clone();
        let at = left.iter().position(|kept| kept == hash).ok_or(Refused::Wrong)?;
        left.remove(at);
        Ok(Self { hashes: left, ..self.clone() })
    }
}

impl std::fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RecoveryCodes({})", self.user)
    }
}

impl SecondFactor {
    /// A seed that its owner has not proven to hold. It may replace another one like it, never a confirmed one.
    pub const fn started(user: UserId, seed: Sealed, now: Timestamp) -> Self {
        Self { user, seed, started_at: now, confirmed_at: None, last_step: None }
    }

    pub const fn is_confirmed(&self) -> bool {
        self.confirmed_at.is_some()
    }

    /// After the first code, which proves the seed; from now on codes are asked for. `seed` is its own, opened.
    pub fn confirmed(&self, seed: &Seed, code: &str, now: Timestamp) -> Result<Self, Refused> {
        if self.is_confirmed() {
            return Err(Refused::AlreadyConfirmed);
        }
        let step = verify(seed, code, now, self.last_step)?;
        Ok(Self { confirmed_at: Some(now), last_step: Some(step), ..self.clone() })
    }

    /// After a code of the application was used.
    pub fn code_used(&self, seed: &Seed, code: &str, now: Timestamp) -> Result<Self, Refused> {
        if !self.is_confirmed() {
            return Err(Refused::NotConfirmed);
        }
        let step = verify(seed, code, now, self.last_step)?;
        Ok(Self { last_step: Some(step), ..self.clone() })
    }
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecondFactor({})", self.user)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};
    use ulid::Ulid;

    use super::*;

    const USER: UserId = UserId::from_ulid(Ulid(1));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn seed() -> Seed {
        Seed::draw(&mut StdRng::seed_from_u64(1))
    }

    fn started() -> SecondFactor {
        SecondFactor::started(USER, Sealed::from_bytes(b"sealed".to_vec()), at(300))
    }

    fn codes() -> RecoveryCodes {
        RecoveryCodes { user: USER, hashes: (0..10).map(|number| format!("hash {number}")).collect() }
    }

    fn confirmed(seed: &Seed) -> SecondFactor {
        started().confirmed(seed, &seed.code_at(300), at(300)).unwrap()
    }

    #[test]
    fn nothing_counts_before_it_is_confirmed_and_confirming_happens_once() {
        let (seed, started) = (seed(), started());
        let right = seed.code_at(300);
        assert_eq!(started.code_used(&seed, &right, at(300)), Err(Refused::NotConfirmed));
        assert_eq!(started.confirmed(&seed, "000 000", at(300)), Err(Refused::Wrong));
        let confirmed = started.confirmed(&seed, &right, at(300)).unwrap();
        assert!(confirmed.is_confirmed());
        let again = confirmed.confirmed(&seed, &seed.code_at(330), at(330));
        assert_eq!(again, Err(Refused::AlreadyConfirmed));
        // The code that confirmed does not sign in.
        assert_eq!(confirmed.code_used(&seed, &right, at(300)), Err(Refused::AlreadyUsed));
        assert!(confirmed.code_used(&seed, &seed.code_at(330), at(330)).is_ok());
    }

    #[test]
    fn nothing_of_it_is_printed() {
        assert_eq!(format!("{:?}", confirmed(&seed())), format!("SecondFactor({USER})"));
        assert_eq!(format!("{:?}", codes()), format!("RecoveryCodes({USER})"));
    }

    proptest! {
        #[test]
        fn each_recovery_code_opens_once(tries in proptest::collection::vec(0_usize..10, 0..40)) {
            let mut codes = codes();
            let mut used = [false; 10];
            for index in tries {
                match codes.used(&format!("hash {index}")) {
                    Ok(after) => {
                        prop_assert!(!used[index]);
                        used[index] = true;
                        codes = after;
                    }
                    Err(refused) => prop_assert!(used[index] && refused == Refused::Wrong),
                }
            }
            prop_assert_eq!(codes.hashes.len(), used.iter().filter(|used| !**used).count());
        }

        #[test]
        fn a_code_never_signs_in_twice(
            seed: [u8; 20], times in proptest::collection::vec((300_i64..900, -60_i64..60), 1..40),
        ) {
            let seed = Seed::from_bytes(&seed).unwrap();
            let mut factor = confirmed(&seed);
            for (drawn_at, late) in times {
                if let Ok(after) = factor.code_used(&seed, &seed.code_at(drawn_at), at(drawn_at + late)) {
                    prop_assert!(after.last_step > factor.last_step);
                    factor = after;
                }
            }
        }
    }
}
