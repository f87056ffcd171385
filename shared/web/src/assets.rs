//! What the browser needs besides pages, all of it in the binary: scripts, the stylesheet, the font, the
//! organization's colours. Names carry a hash of the content, so browsers keep them for ever.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::header;
use kernel::{Error, legal};
use sha2::{Digest, Sha256};

use crate::Failure;

const FILES: &[(&str, &str, &[u8])] = &[
    ("app.css", "text/css; charset=utf-8", include_bytes!("../assets/app.css")),
    ("app.js", "text/javascript; charset=utf-8", include_bytes!("../assets/app.js")),
    ("passkey.js", "text/javascript; charset=utf-8", include_bytes!("../assets/passkey.js")),
    ("htmx.js", "text/javascript; charset=utf-8", include_bytes!("../assets/htmx.js")),
    ("alpine.js", "text/javascript; charset=utf-8", include_bytes!("../assets/alpine.js")),
    ("inter-latin.woff2", "font/woff2", include_bytes!("../assets/inter-latin.woff2")),
    ("icon.svg", "image/svg+xml", include_bytes!("../assets/icon.svg")),
];

/// Name → hashed name.
static HASHED: LazyLock<BTreeMap<&str, String>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(name, _, bytes)| {
            let hash = hex::encode(Sha256::digest(bytes));
            let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
            (*name, format!("{stem}.{}.{extension}", &hash[..12]))
        })
        .collect()
});

/// Where a page finds an asset.
pub fn href(name: &str) -> String {
    format!("/assets/{}", HASHED.get(name).map_or(name, String::as_str))
}

/// `GET /assets/{name}`: by the hashed name, kept for ever; by the plain name, for the stylesheet's own links.
pub async fn show_asset(Path(wanted): Path<String>) -> Result<Response, Failure> {
    let (name, kind, bytes) = FILES
        .iter()
        .find(|(name, ..)| *name == wanted || HASHED.get(name).is_some_and(|hashed| *hashed == wanted))
        .ok_or(Error::NotFound)?;
    let caching = if *name == wanted { "public, max-age=3600" } else { "public, max-age=31536000, immutable" };
    Ok(([(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, caching)], *bytes).into_response())
}

pub fn theme_href(primary: &str, secondary: &str) -> String {
    format!("/theme/{}-{}.css", primary.trim_start_matches('#'), secondary.trim_start_matches('#'))
}

/// `GET /theme/{primary}-{secondary}.css`: an organization's colours as custom properties, a function of its
/// address alone.
pub async fn show_theme(Path(wanted): Path<String>) -> Result<Response, Failure> {
    let (primary, secondary) =
        wanted.strip_suffix(".css").and_then(|pair| pair.split_once('-')).ok_or(Error::NotFound)?;
    let color = |text: &str| legal::color(&format!("#{text}")).map_err(|_| Error::NotFound);
    let css = theme(&color(primary)?, &color(secondary)?);
    Ok((
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ],
        css,
    )
        .into_response())
}

fn theme(primary: &str, secondary: &str) -> String {
    let brand = readable(primary);
    format!(
        ":root{{--brand:{brand};--brand-strong:{};--on-brand:{};--brand-soft:{};--accent:{}}}",
        mixed(&brand, "#000000", 20),
        legal::text_on(&brand),
        mixed(&brand, "#FFFFFF", 90),
        readable(secondary),
    )
}

/// A colour dark enough to be read as text on white (WCAG AA, 4.5:1): darkened until it is.
pub(crate) fn readable(color: &str) -> String {
    (0..=100)
        .step_by(5)
        .map(|percent| mixed(color, "#000000", percent))
        .find(|darker| legal::contrast_ratio_milli(darker, "#FFFFFF") >= 4500)
        .unwrap_or_else(|| "#000000".into())
}

/// `color` with a share of `other`, in per cent.
fn mixed(color: &str, other: &str, percent: u32) -> String {
    let channel = |text: &str, at: usize| {
        text.get(at..at + 2).and_then(|pair| u32::from_str_radix(pair, 16).ok()).unwrap_or_default()
    };
    let [r, g, b] = [1, 3, 5].map(|at| (channel(color, at) * (100 - percent) + channel(other, at) * percent) / 100);
    format!("#{r:02X}{g:02X}{b:02X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pale_colour_is_darkened_until_white_text_on_it_is_readable() {
        for color in ["#FFFF00", "#3B82F6", "#FFFFFF", "#000000", "#1E40AF"] {
            assert!(legal::contrast_ratio_milli(&readable(color), "#FFFFFF") >= 4500, "{color}");
        }
        assert_eq!(readable("#1E40AF"), "#1E40AF");
    }

    #[test]
    fn an_asset_is_found_under_the_name_that_pages_use() {
        for (name, ..) in FILES {
            let href = href(name);
            assert!(href.starts_with("/assets/") && href != format!("/assets/{name}"));
        }
    }
}
