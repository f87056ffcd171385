//! The organization's colours, made safe for paper: what the user chose is a wish, legibility is a rule.
//! Contrast is WCAG 2's: 4.5 for text (criterion 1.4.3).

/// What the template uses.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Palette {
    /// For rules and fills; as chosen.
    pub accent: String,
    /// The accent, darkened until it reads on white and on the tint.
    pub accent_text: String,
    /// What reads on a fill of the accent: white or near-black.
    pub on_accent: String,
    /// Almost white, from the secondary colour: the ground of the panels.
    pub tint: String,
    /// A quiet border that goes with the tint.
    pub tint_border: String,
}

type Rgb = [u8; 3];

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [17, 24, 39];
/// Where a colour cannot be read: a calm dark blue.
const FALLBACK: Rgb = [30, 58, 95];

impl Palette {
    pub fn of(primary: &str, secondary: &str) -> Self {
        let accent = parse(primary).unwrap_or(FALLBACK);
        let secondary = parse(secondary).unwrap_or(accent);
        let tint = mix(secondary, WHITE, 6);
        let mut text = accent;
        while contrast(text, WHITE) < 4.5 || contrast(text, tint) < 4.5 {
            text = mix(text, INK, 90);
        }
        let on_accent = if contrast(accent, WHITE) >= contrast(accent, INK) { WHITE } else { INK };
        Self {
            accent: css(accent),
            accent_text: css(text),
            on_accent: css(on_accent),
            tint: css(tint),
            tint_border: css(mix(secondary, WHITE, 22)),
        }
    }
}

fn parse(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#')?;
    let bytes = hex::decode(digits).ok()?;
    bytes.try_into().ok()
}

fn css([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// `share` per cent of `a`, the rest of `b`.
fn mix(a: Rgb, b: Rgb, share: u16) -> Rgb {
    std::array::from_fn(|i| ((u16::from(a[i]) * share + u16::from(b[i]) * (100 - share)) / 100) as u8)
}

fn luminance(color: Rgb) -> f64 {
    let [red, green, blue] = color.map(|channel| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_the_brands_colour_always_reads() {
        for chosen in ["#ffffff", "#ffee00", "#00ff00", "#1d4ed8", "#000000", "#ff0000", "#888888"] {
            for secondary in ["#eeeeee", "#000000"] {
                let palette = Palette::of(chosen, secondary);
                let text = parse(&palette.accent_text).unwrap();
                assert!(
                    contrast(text, WHITE) >= 4.5 && contrast(text, parse(&palette.tint).unwrap()) >= 4.5,
                    "{chosen}"
                );
            }
            let palette = Palette::of(chosen, "#eeeeee");
            let fill = parse(&palette.accent).unwrap();
            assert!(contrast(parse(&palette.on_accent).unwrap(), fill) >= 4.0, "{chosen}");
        }
    }

    #[test]
    fn what_is_not_a_colour_becomes_a_calm_one() {
        let calm = css(FALLBACK);
        for odd in ["", "red", "#12", "#gggggg", "#1234567", "#é1234"] {
            assert_eq!(Palette::of(odd, odd).accent, calm);
        }
    }
}
