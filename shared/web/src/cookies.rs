//! The cookies: the session, what stands for it until the second factor is shown, and the message that the next page
//! shows once.

use http::{HeaderMap, HeaderValue, header};
use jiff::SignedDuration;

/// A browser keeps a `__Host-` cookie only when it is `Secure`, of this host alone and of its whole path.
pub const fn session_name(secure: bool) -> &'static str {
    if secure { "__Host-session" } else { "session" }
}

/// As [`session_name`], for a sign-in that waits for its second factor.
pub const fn challenge_name(secure: bool) -> &'static str {
    if secure { "__Host-challenge" } else { "challenge" }
}

pub const FLASH: &str = "flash";

pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}

pub fn set(name: &str, value: &str, lives: SignedDuration, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
        lives.as_secs()
    ))
    .ok()
}

pub fn clear(name: &str, secure: bool) -> Option<HeaderValue> {
    set(name, "", SignedDuration::ZERO, secure)
}
