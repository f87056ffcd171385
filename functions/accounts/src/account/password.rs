//! Passwords: an estimate of entropy instead of classes of characters (CNIL, délibération 2022-100: 50 bits with
//! throttling), argon2id with the parameters that OWASP states.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{SaltString, rand_core::OsRng},
};
use kernel::{Error, Result, Rule};

const LENGTH_MIN: usize = 12;
/// Beyond it, hashing would cost a stranger less than us.
const LENGTH_MAX: usize = 256;
/// log₁₀ of the guesses that 50 bits of entropy want.
const GUESSES_LOG10_MIN: u32 = 15;

/// 19 MiB, two passes, one lane.
fn hasher() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Accepts a password that is hard to guess for somebody who knows `known` of its owner.
pub fn strong(password: &str, known: &[&str]) -> std::result::Result<String, Rule> {
    let length = password.chars().count();
    if length == 0 {
        return Err(Rule::Required);
    }
    if length < LENGTH_MIN {
        return Err(Rule::TooShort { min: LENGTH_MIN });
    }
    if length > LENGTH_MAX {
        return Err(Rule::TooLong { max: LENGTH_MAX });
    }
    let parts: Vec<&str> = known.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).collect();
    let estimate = zxcvbn::zxcvbn(password, &parts);
    if estimate.guesses_log10() < f64::from(GUESSES_LOG10_MIN) { Err(Rule::TooWeak) } else { Ok(password.into()) }
}

/// A salted hash; runs on a thread that may block.
pub async fn hash(password: String) -> Result<String> {
    blocking(move || {
        let salt = SaltString::generate(&mut OsRng);
        hasher().hash_password(password.as_bytes(), &salt).map(|hash| hash.to_string()).map_err(Error::internal)
    })
    .await
}

/// Whether the password is the hash's. Without an account, a hash nobody has is tried, so that the answer takes
/// the same time.
pub async fn matches(password: String, hash: Option<String>) -> Result<bool> {
    static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| {
        let salt = SaltString::generate(&mut OsRng);
        hasher().hash_password(b"nobody", &salt).map(|hash| hash.to_string()).ok()
    });
    if password.chars().count() > LENGTH_MAX {
        return Ok(false);
    }
    blocking(move || {
        let known = hash.is_some();
        let hash = hash.or_else(|| NOBODY.clone()).ok_or_else(|| Error::internal("no hash to compare with"))?;
        let parsed = PasswordHash::new(&hash).map_err(Error::internal)?;
        Ok(hasher().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// Whether a hash was made with weaker parameters than today's, so that it is made anew when its password is known.
pub fn is_outdated(hash: &str) -> bool {
    let wanted = hasher();
    let Ok(parsed) = PasswordHash::new(hash) else { return true };
    let stated = Params::try_from(&parsed);
    parsed.algorithm != Algorithm::Argon2id.ident()
        || stated.is_ok_and(|stated| {
            stated.m_cost() < wanted.params().m_cost()
                || stated.t_cost() < wanted.params().t_cost()
                || stated.p_cost() < wanted.params().p_cost()
        })
}
