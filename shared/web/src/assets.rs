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
    ("live.js", "text/javascript; charset=utf-8", include_bytes!("../assets/live.js")),
    ("passkey.js", "text/javascript; charset=utf-8", include_bytes!("../assets/passkey.js")),
    ("sortable.js", "text/javascript; charset=utf-8", include_bytes!("../assets/sortable.js")),
    ("chart.js", "text/javascript; charset=utf-8", include_bytes!("../assets/chart.js")),
    ("charts.js", "text/javascript; charset=utf-8", include_bytes!("../assets/charts.js")),
    ("dashboard.js", "text/javascript; charset=utf-8", include_bytes!("../assets/dashboard.js")),
    ("board.js", "text/javascript; charset=utf-8", include_bytes!("../assets/board.js")),
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

/// The product's own colours, for pages that show no organization.
pub fn own_theme_href() -> String {
    theme_href("#2747D0", "#0F8A74")
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

/// What else a brand's ink must read on: the ground of what is pressed or hovered over.
const SUNKEN: &str = "#F1F3F6";
const WHITE: &str = "#FFFFFF";
const BLACK: &str = "#000000";
/// The least contrast of what bounds a control (WCAG 2.2, 1.4.11), in thousandths.
const BOUNDS_MILLI: u32 = 3_000;

/// The shades of a colour: their number, what is mixed in and how much of it, in per cent. 500 is the colour itself.
const SHADES: [(u16, &str, u32); 10] = [
    (50, WHITE, 93),
    (100, WHITE, 86),
    (200, WHITE, 72),
    (300, WHITE, 52),
    (400, WHITE, 26),
    (500, WHITE, 0),
    (600, BLACK, 14),
    (700, BLACK, 30),
    (800, BLACK, 46),
    (900, BLACK, 60),
];

fn shade(color: &str, wanted: u16) -> String {
    let found = SHADES.iter().find(|(number, ..)| *number == wanted);
    found.map_or_else(|| color.to_owned(), |(_, other, percent)| mixed(color, other, *percent))
}

/// A colour dark enough to be read as text on white.
pub(crate) fn readable(color: &str) -> String {
    darkened(color, &[WHITE], legal::LEGIBLE_MILLI)
}

/// Colours are worn as they were chosen: it is the text on them that is white or dark. What the brand's colour is as
/// a text itself, or as the only edge of a control, is darkened until it is seen.
fn theme(primary: &str, secondary: &str) -> String {
    let mut css = String::from(":root{");
    for (name, color) in [("brand", primary), ("accent", secondary)] {
        for (number, ..) in SHADES {
            css += &format!("--{name}-{number}:{};", shade(color, number));
        }
        let on = legal::text_on(color);
        // Under the pointer it moves away from its text.
        let strong = shade(color, if on == WHITE { 600 } else { 400 });
        let soft = shade(color, 50);
        let ink = darkened(color, &[&shade(color, 100), SUNKEN], legal::LEGIBLE_MILLI);
        let edge = darkened(color, &[WHITE], BOUNDS_MILLI);
        css += &format!(
            "--{name}:{color};--on-{name}:{on};--{name}-strong:{strong};--{name}-soft:{soft};--{name}-ink:{ink};\
             --{name}-edge:{edge};"
        );
    }
    css + "}"
}

/// A colour, darkened until it stands out from every one of the grounds.
fn darkened(color: &str, grounds: &[&str], contrast_milli: u32) -> String {
    let stands_out =
        |darker: &String| grounds.iter().all(|ground| legal::contrast_ratio_milli(darker, ground) >= contrast_milli);
    (0..=100).step_by(2).map(|percent| mixed(color, BLACK, percent)).find(stands_out).unwrap_or_else(|| BLACK.into())
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

    /// The custom property of a theme.
    fn property<'a>(css: &'a str, name: &str) -> &'a str {
        css.split(['{', ';']).find_map(|part| part.strip_prefix(name)?.strip_prefix(':')).expect("the theme has it")
    }

    #[test]
    fn every_text_on_and_in_a_colour_that_is_accepted_can_be_read() {
        // Every 17th step of each channel, and the refused ones left out: 4 000 colours.
        let steps = || (0..=255_u32).step_by(17);
        let colors =
            steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| format!("#{r:02X}{g:02X}{b:02X}"))));
        for color in colors.filter(|color| legal::brand_color(color).is_ok()) {
            let css = theme(&color, &color);
            let contrast = |a: &str, b: &str| {
                let of =
                    |name: &str| if name.starts_with('#') { name.to_owned() } else { property(&css, name).to_owned() };
                legal::contrast_ratio_milli(&of(a), &of(b))
            };
            for name in ["brand", "accent"] {
                let part = |suffix: &str| format!("--{name}{suffix}");
                assert_eq!(property(&css, &part("")), color);
                let on = format!("--on-{name}");
                for ground in [part(""), part("-strong")] {
                    assert!(contrast(&on, &ground) >= legal::LEGIBLE_MILLI, "{on} on {ground} of {color}");
                }
                for ground in [part("-soft"), part("-100"), SUNKEN.to_owned(), WHITE.to_owned()] {
                    assert!(contrast(&part("-ink"), &ground) >= legal::LEGIBLE_MILLI, "ink on {ground} of {color}");
                }
                assert!(contrast(&part("-edge"), WHITE) >= BOUNDS_MILLI, "edge of {color}");
            }
        }
    }

    #[test]
    fn shades_go_from_pale_to_dark_and_the_middle_one_is_the_colour() {
        for color in ["#FFFF00", "#3B82F6", "#FFFFFF", "#000000", "#1E40AF"] {
            let shades: Vec<_> = SHADES.iter().map(|(number, ..)| shade(color, *number)).collect();
            assert!(shades.is_sorted_by_key(|shade| u32::MAX - legal::contrast_ratio_milli(shade, BLACK)), "{color}");
            assert_eq!(shade(color, 500), color);
        }
    }

    #[test]
    fn an_asset_is_found_under_the_name_that_pages_use() {
        for (name, ..) in FILES {
            let href = href(name);
            assert!(href.starts_with("/assets/") && href != format!("/assets/{name}"));
        }
    }
}
