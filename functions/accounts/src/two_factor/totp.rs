//! Codes of an authenticator application: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which is what every
//! application computes whatever it is asked for; one step of skew to either side.

use std::fmt;

use jiff::Timestamp;
use kernel::{Error, Result};
use qrcode::{EcLevel, QrCode, render::svg};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Secret, Totp};

use super::Refused;

const ISSUER: &str = "ABSERVICE";
/// As long as the hash (RFC 4226, section 4, R6).
const SEED_BYTES: usize = 20;
/// Longer texts are no code, however many spaces somebody types.
const TYPED_MAX: usize = 64;

/// What the application and we share. It never shows in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed([u8; SEED_BYTES]);

impl Seed {
    pub fn draw(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; SEED_BYTES];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// As it was before it was sealed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        bytes.try_into().map(Self).map_err(|_| Error::internal("a seed of another length"))
    }

    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

/// The number of a period of 30 seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Step(u64);

/// What the page of the set-up shows: the seed, to be read by a camera or typed.
#[derive(Debug, Clone)]
pub struct Enrolment {
    seed: Seed,
    account: String,
}

impl Enrolment {
    /// A new seed for the account that this e-mail opens.
    pub fn new(rng: &mut impl CryptoRng, email: &str) -> Self {
        Self::of(Seed::draw(rng), email)
    }

    /// A seed that was drawn before: the page is loaded again.
    pub fn of(seed: Seed, email: &str) -> Self {
        Self { seed, account: email.into() }
    }

    pub const fn seed(&self) -> &Seed {
        &self.seed
    }

    /// `otpauth://totp/ABSERVICE:…`, which a phone opens in its application.
    pub fn uri(&self) -> Result<String> {
        let totp = builder(&self.seed).with_issuer(Some(ISSUER)).with_account_name(self.account.as_str()).build();
        // The errors of the crate quote the address that they were made of.
        totp.and_then(|totp| totp.to_url()).map_err(|_| Error::internal("no otpauth address for this account"))
    }

    /// The address as a QR code: an SVG element without a style, dark on white with its quiet zone. The page gives it
    /// its size and its label.
    pub fn qr_svg(&self) -> Result<String> {
        let code = QrCode::with_error_correction_level(self.uri()?, EcLevel::M)
            .map_err(|_| Error::internal("no QR code for this account"))?;
        let drawn = code.render::<svg::Color>().module_dimensions(1, 1).build();
        let element = drawn.find("<svg").and_then(|start| drawn.get(start..));
        element.map(str::to_owned).ok_or_else(|| Error::internal("a QR code without its element"))
    }

    /// The seed for who cannot scan: base32 in groups of four.
    pub fn typed_seed(&self) -> String {
        let text = Secret::new_stack(self.seed.0).to_base32();
        let groups: Vec<&str> =
            (0..text.len()).step_by(4).filter_map(|start| text.get(start..text.len().min(start + 4))).collect();
        groups.join(" ")
    }
}

/// The step whose code this is, if it is a step after `last`: a code is accepted once, and none before it is any more.
pub fn verify(seed: &Seed, code: &str, now: Timestamp, last: Option<Step>) -> std::result::Result<Step, Refused> {
    if code.len() > TYPED_MAX {
        return Err(Refused::Wrong);
    }
    let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    let seconds = u64::try_from(now.as_second()).map_err(|_| Refused::Wrong)?;
    let step = totp(seed)?.check(&code, seconds).map(Step).ok_or(Refused::Wrong)?;
    if last.is_some_and(|last| step <= last) { Err(Refused::AlreadyUsed) } else { Ok(step) }
}

/// SHA-1, six digits, 30 seconds and one step of skew are the builder's own beginning; a test holds it.
fn builder(seed: &Seed) -> Builder {
    Builder::new().with_secret(Secret::new_stack(seed.0))
}

fn totp(seed: &Seed) -> std::result::Result<Totp, Refused> {
    builder(seed).build().map_err(|_| Refused::Wrong)
}

#[cfg(test)]
impl Seed {
    /// What the application shows at that second.
    pub(super) fn code_at(&self, seconds: i64) -> String {
        totp(self).unwrap().generate(seconds as u64).to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;

    use super::*;

    const EMAIL: &str = "camille.durand+compta@atelier.example";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn enrolment() -> Enrolment {
        Enrolment::of(Seed(*b"12345678901234567890"), EMAIL)
    }

    /// RFC 6238, appendix B, with the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let seed = Seed(*b"12345678901234567890");
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(verify(&seed, expected, at(seconds), None), Ok(Step(seconds as u64 / 30)));
        }
    }

    #[test]
    fn the_address_names_us_and_the_account() {
        assert_eq!(
            enrolment().uri().unwrap(),
            "otpauth://totp/ABSERVICE:camille.durand%2Bcompta%40atelier.example\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ABSERVICE"
        );
    }

    #[test]
    fn the_seed_is_typed_in_groups_of_four() {
        assert_eq!(enrolment().typed_seed(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    #[test]
    fn the_qr_code_stands_in_a_page_under_our_policy() {
        let svg = enrolment().qr_svg().unwrap();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
        assert!(!svg.contains("style") && !svg.contains("<script") && !svg.contains("<?xml"), "{svg}");
        let longest = format!("{}@{}.example", "a".repeat(64), "b".repeat(63));
        assert!(Enrolment::of(enrolment().seed, &longest).qr_svg().is_ok());
    }

    #[test]
    fn a_seed_is_not_printed() {
        let printed = format!("{:?}", enrolment());
        assert!(printed.contains("Seed(…)") && !printed.contains("GEZD") && !printed.contains("49"), "{printed}");
    }

    #[test]
    fn two_seeds_are_not_the_same() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        assert_ne!(Seed::draw(&mut rng), Seed::draw(&mut rng));
        assert!(Seed::from_bytes(&[0; 19]).is_err());
    }

    proptest! {
        #[test]
        fn a_code_is_accepted_from_one_step_before_to_one_after(
            seed: [u8; 20], drawn_at in 90_i64..4_000_000_000, late in -120_i64..120,
        ) {
            let seed = Seed(seed);
            let verified = verify(&seed, &seed.code_at(drawn_at), at(drawn_at + late), None);
            let steps = (drawn_at + late).div_euclid(30) - drawn_at.div_euclid(30);
            if (-1..=1).contains(&steps) {
                // Of two steps with the same code, the earlier one counts.
                prop_assert!(verified.is_ok_and(|step| step <= Step(drawn_at as u64 / 30)));
            } else {
                prop_assert!(verified.is_err() || verified != Ok(Step(drawn_at as u64 / 30)));
            }
        }

        #[test]
        fn no_step_is_accepted_twice_and_none_before_it(
            seed: [u8; 20], times in proptest::collection::vec((90_i64..600, -40_i64..40), 1..30),
        ) {
            let seed = Seed(seed);
            let mut last = None;
            for (drawn_at, late) in times {
                if let Ok(step) = verify(&seed, &seed.code_at(drawn_at), at(drawn_at + late), last) {
                    prop_assert!(last.is_none_or(|last| step > last));
                    last = Some(step);
                }
            }
        }

        #[test]
        fn spaces_do_not_matter(seed: [u8; 20], seconds in 90_i64..4_000_000_000, cut in 0_usize..7) {
            let seed = Seed(seed);
            let code = seed.code_at(seconds);
            for space in [" ", "\u{a0}", "\u{202f}", "\t"] {
                let typed = format!("{space}{}{space}{}\n", &code[..cut], &code[cut..]);
                prop_assert!(verify(&seed, &typed, at(seconds), None).is_ok());
            }
        }

        #[test]
        fn whatever_else_is_typed_is_refused(seed: [u8; 20], typed in ".{0,80}", seconds in 0_i64..4_000_000_000) {
            let digits: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
            prop_assume!(!(digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())));
            prop_assert_eq!(verify(&Seed(seed), &typed, at(seconds), None), Err(Refused::Wrong));
        }
    }
}
