//! The ceremonies with a software authenticator behind a software browser (1Password's), and what an attacker would
//! bring instead of its response.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Rule,
    id::{CeremonyId, PasskeyId, UserId},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use table::keys;
use testkit::{App, Device, SITE};
use ulid::Ulid;

use super::*;

const CAMILLE: UserId = UserId::from_ulid(Ulid(0x0190_0000_0000_0000_0000_0000_0000_0001));
const DOMINIQUE: UserId = UserId::from_ulid(Ulid(0x0190_0000_0000_0000_0000_0000_0000_0002));

fn site() -> RelyingParty {
    RelyingParty::new(SITE).unwrap()
}

fn now() -> Timestamp {
    testkit::NOW.parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn ceremony_id() -> CeremonyId {
    CeremonyId::new(now(), rand::random())
}

fn person(user: UserId) -> Person<'static> {
    Person { user, email: "camille@atelier.example", name: "Camille Durand" }
}

fn registration(user: UserId) -> (Value, Ceremony) {
    start_registration(&site(), person(user), &[], ceremony_id(), now()).unwrap()
}

fn finish(ceremony: &Ceremony, user: UserId, response: &Value) -> Result<Passkey, Refused> {
    let id = PasskeyId::new(now(), rand::random());
    finish_registration(&site(), ceremony, person(user), response, (id, "Téléphone"), now())
}

async fn registered(device: &mut Device, user: UserId) -> Passkey {
    let (options, ceremony) = registration(user);
    let response = device.create(SITE, &options).await;
    finish(&ceremony, user, &response).unwrap()
}

fn sign_in() -> (Value, Ceremony) {
    start_sign_in(&site(), ceremony_id(), now()).unwrap()
}

fn confirmation(passkey: &Passkey) -> (Value, Ceremony) {
    start_confirmation(&site(), passkey.user, std::slice::from_ref(passkey), ceremony_id(), now()).unwrap()
}

fn end(ceremony: &Ceremony, response: &Value, passkey: &Passkey) -> Result<Passkey, Refused> {
    finish_authentication(&site(), ceremony, &Assertion::parse(response)?, passkey, later(10))
}

// ---- what the browser is asked -------------------------------------------------------------------------------

#[test]
fn a_registration_asks_for_a_passkey_that_can_sign_in_alone() {
    let (options, ceremony) = registration(CAMILLE);
    assert_eq!(options["rp"], json!({ "id": "app.abservice.example", "name": "ABSERVICE" }));
    assert_eq!(options["user"]["id"], json!(URL_SAFE_NO_PAD.encode(CAMILLE.ulid().0.to_be_bytes())));
    assert_eq!(options["user"]["name"], json!("camille@atelier.example"));
    assert_eq!(options["user"]["displayName"], json!("Camille Durand"));
    assert_eq!(options["authenticatorSelection"]["residentKey"], json!("required"));
    assert_eq!(options["authenticatorSelection"]["requireResidentKey"], json!(true));
    assert_eq!(options["authenticatorSelection"]["userVerification"], json!("required"));
    assert_eq!(options["attestation"], json!("none"));
    assert_eq!(options["timeout"], json!(300_000));
    let algorithms: Vec<_> = options["pubKeyCredParams"].as_array().unwrap().iter().map(|one| &one["alg"]).collect();
    assert_eq!(algorithms, [-7, -35, -257], "ES256, ES384, RS256");
    assert_eq!(ceremony.purpose, Purpose::Registration { user: CAMILLE });
    assert_eq!(ceremony.expires_at, later(300));
}

#[test]
fn every_ceremony_has_a_challenge_of_its_own() {
    let challenges = [registration(CAMILLE).0, registration(CAMILLE).0, sign_in().0, sign_in().0]
        .map(|options| URL_SAFE_NO_PAD.decode(options["challenge"].as_str().unwrap()).unwrap());
    for (at, challenge) in challenges.iter().enumerate() {
        assert!(challenge.len() >= 16, "WebAuthn level 3, section 13.4.3");
        assert!(!challenges[at + 1..].contains(challenge));
    }
}

#[tokio::test]
async fn a_device_that_has_a_passkey_is_told_to_say_so_and_a_confirmation_names_those_that_count() {
    let passkey = registered(&mut Device::new(), CAMILLE).await;
    let registered = std::slice::from_ref(&passkey);
    let (options, _) = start_registration(&site(), person(CAMILLE), registered, ceremony_id(), now()).unwrap();
    let id = json!(passkey.credential_id);
    assert_eq!(options["excludeCredentials"][0]["id"], id);
    let (options, _) = confirmation(&passkey);
    let allowed = json!([{ "type": "public-key", "id": id, "transports": ["internal", "hybrid"] }]);
    assert_eq!(options["allowCredentials"], allowed);
    assert_eq!(options["userVerification"], json!("required"));
    let (options, _) = sign_in();
    assert_eq!(options["allowCredentials"], json!([]));
    assert_eq!(options["userVerification"], json!("required"));
}

#[tokio::test]
async fn nobody_has_more_passkeys_than_a_page_shows_and_nobody_confirms_without_one() {
    let passkey = registered(&mut Device::new(), CAMILLE).await;
    let many = vec![passkey; PASSKEYS_MAX];
    let refused = start_registration(&site(), person(CAMILLE), &many, ceremony_id(), now()).unwrap_err();
    assert!(matches!(
        refused,
        Error::Invalid(wrong) if wrong.iter().all(|one| one.rule == Rule::TooMany { max: PASSKEYS_MAX })
    ));
    assert!(start_confirmation(&site(), CAMILLE, &[], ceremony_id(), now()).is_err());
}

// ---- happy paths ---------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_passkey_is_registered_then_signs_in_alone_and_confirms() {
    for mut device in [Device::new(), Device::counting()] {
        let passkey = registered(&mut device, CAMILLE).await;
        assert_eq!((passkey.user, passkey.name.as_str()), (CAMILLE, "Téléphone"));
        assert_eq!((passkey.created_at, passkey.last_used_at), (now(), None));

        let (options, ceremony) = sign_in();
        let response = device.get(SITE, &options).await;
        let assertion = Assertion::parse(&response).unwrap();
        assert_eq!(assertion.user(), Some(CAMILLE));
        assert_eq!(assertion.credential_hash(), passkey.credential_id.hash());
        let used = end(&ceremony, &response, &passkey).unwrap();
        assert_eq!(used.last_used_at, Some(later(10)));
        assert_eq!(used.sign_count > passkey.sign_count, device.counts());

        let (options, ceremony) = confirmation(&used);
        let response = device.get(SITE, &options).await;
        let again = end(&ceremony, &response, &used).unwrap();
        assert_eq!(again.sign_count > used.sign_count, device.counts());
        assert_eq!(again, Passkey { sign_count: again.sign_count, ..used });
    }
}

#[tokio::test]
async fn a_security_key_need_not_say_whose_it_is_when_it_is_asked_for_by_name() {
    let mut device = Device::new();
    let passkey = registered(&mut device, CAMILLE).await;
    let mut silent = device.silent();
    let (options, ceremony) = confirmation(&passkey);
    let response = silent.get(SITE, &options).await;
    assert_eq!(Assertion::parse(&response).unwrap().user(), None);
    assert!(end(&ceremony, &response, &passkey).is_ok());
    let (options, ceremony) = sign_in();
    let response = silent.get(SITE, &options).await;
    assert_eq!(end(&ceremony, &response, &passkey), Err(Refused::OfAnotherUser));
}

#[tokio::test]
async fn on_one_machine_it_works_at_localhost() {
    let here = RelyingParty::new("http://127.0.0.1:8787").unwrap();
    let mut device = Device::new();
    let (options, ceremony) = start_registration(&here, person(CAMILLE), &[], ceremony_id(), now()).unwrap();
    assert_eq!(options["rp"]["id"], json!("localhost"));
    let response = device.create("http://localhost:8787", &options).await;
    let id = PasskeyId::new(now(), rand::random());
    let finish =
        |response: &Value| finish_registration(&here, &ceremony, person(CAMILLE), response, (id, "Ici"), now());
    assert!(finish(&response).is_ok());
    let other_port = device.create("http://localhost:9999", &options).await;
    assert_eq!(finish(&other_port), Err(Refused::NotProven));
}

// ---- what is refused -----------------------------------------------------------------------------------------

#[tokio::test]
async fn the_answer_to_another_challenge_is_refused() {
    let mut device = Device::new();
    let (options, ceremony) = registration(CAMILLE);
    let response = device.create(SITE, &options).await;
    assert_eq!(finish(&registration(CAMILLE).1, CAMILLE, &response), Err(Refused::NotProven));
    let passkey = finish(&ceremony, CAMILLE, &response).unwrap();
    let (options, ceremony) = sign_in();
    let response = device.get(SITE, &options).await;
    assert_eq!(end(&sign_in().1, &response, &passkey), Err(Refused::NotProven));
    assert!(end(&ceremony, &response, &passkey).is_ok());
}

/// A page of another site that passes our options on: the browser lets it speak for its own site alone.
#[tokio::test]
async fn a_response_made_on_another_site_is_refused() {
    let mut device = Device::new();
    let passkey = registered(&mut device, CAMILLE).await;
    for (origin, id) in [
        ("https://abservice.evil.example", "abservice.evil.example"),
        // Our passkey, asked for by a page that somebody put beside ours.
        ("https://oublie.app.abservice.example", "app.abservice.example"),
        // Our own page, asking for the passkeys of all sites of our domain.
        (SITE, "abservice.example"),
    ] {
        let (mut options, ceremony) = registration(CAMILLE);
        options["rp"]["id"] = json!(id);
        let response = Device::new().create(origin, &options).await;
        assert_eq!(finish(&ceremony, CAMILLE, &response), Err(Refused::NotProven), "{origin} {id}");
        for (mut options, ceremony) in [sign_in(), confirmation(&passkey)] {
            options["rpId"] = json!(id);
            let response = device.get(origin, &options).await;
            assert_eq!(end(&ceremony, &response, &passkey), Err(Refused::NotProven), "{origin} {id}");
        }
    }
}

#[tokio::test]
async fn a_response_without_a_finger_is_refused() {
    let (mut options, ceremony) = registration(CAMILLE);
    options["authenticatorSelection"]["userVerification"] = json!("discouraged");
    let mut device = Device::new();
    let response = device.create(SITE, &options).await;
    assert_eq!(finish(&ceremony, CAMILLE, &response), Err(Refused::UserNotVerified));
    let passkey = registered(&mut device, CAMILLE).await;
    for (mut options, ceremony) in [sign_in(), confirmation(&passkey)] {
        options["userVerification"] = json!("discouraged");
        let response = device.get(SITE, &options).await;
        assert_eq!(end(&ceremony, &response, &passkey), Err(Refused::UserNotVerified));
    }
}

#[tokio::test]
async fn an_algorithm_that_was_not_offered_is_refused() {
    let (mut options, ceremony) = registration(CAMILLE);
    options["pubKeyCredParams"] = json!([{ "type": "public-key", "alg": -8 }]);
    let response = Device::new().create(SITE, &options).await;
    assert_eq!(finish(&ceremony, CAMILLE, &response), Err(Refused::NotProven));
}

#[tokio::test]
async fn a_signature_counter_that_does_not_advance_is_refused() {
    let mut device = Device::counting();
    let passkey = registered(&mut device, CAMILLE).await;
    let mut stolen = device.copy();
    let (options, ceremony) = sign_in();
    let passkey = end(&ceremony, &device.get(SITE, &options).await, &passkey).unwrap();
    let (options, ceremony) = sign_in();
    let response = stolen.get(SITE, &options).await;
    assert_eq!(end(&ceremony, &response, &passkey), Err(Refused::CounterWentBack));
    // Nor does a copy that has lost its counter come through.
    stolen.forget_counter();
    let (options, ceremony) = sign_in();
    let response = stolen.get(SITE, &options).await;
    assert_eq!(end(&ceremony, &response, &passkey), Err(Refused::CounterWentBack));
}

#[tokio::test]
async fn the_passkey_of_somebody_else_is_refused() {
    let (mut hers, mut his) = (Device::new(), Device::new());
    let her_passkey = registered(&mut hers, CAMILLE).await;
    let his_passkey = registered(&mut his, DOMINIQUE).await;

    // He answers the challenge of her sign-in, with his passkey or pretending it is hers.
    let (mut options, ceremony) = confirmation(&her_passkey);
    options["allowCredentials"] = json!([]);
    let response = his.get(SITE, &options).await;
    assert_eq!(end(&ceremony, &response, &his_passkey), Err(Refused::OfAnotherUser));
    assert_eq!(end(&ceremony, &response, &her_passkey), Err(Refused::OfAnotherUser));

    let (options, ceremony) = sign_in();
    let mut response = his.get(SITE, &options).await;
    assert_eq!(end(&ceremony, &response, &her_passkey), Err(Refused::OfAnotherUser));
    response["response"]["userHandle"] = json!(URL_SAFE_NO_PAD.encode(CAMILLE.ulid().0.to_be_bytes()));
    assert_eq!(Assertion::parse(&response).unwrap().user(), Some(CAMILLE));
    assert_eq!(end(&ceremony, &response, &her_passkey), Err(Refused::NotProven), "his credential, her name");
    response["rawId"] = json!(her_passkey.credential_id);
    assert_eq!(end(&ceremony, &response, &her_passkey), Err(Refused::NotProven), "her credential, his signature");
    assert_eq!(end(&ceremony, &response, &his_passkey), Err(Refused::OfAnotherUser));

    // What she began, he does not end.
    let (options, ceremony) = registration(CAMILLE);
    let response = his.create(SITE, &options).await;
    assert_eq!(finish(&ceremony, DOMINIQUE, &response), Err(Refused::NoCeremony));
}

#[tokio::test]
async fn a_ceremony_is_for_what_it_was_begun_for_and_for_five_minutes() {
    let mut device = Device::new();
    let passkey = registered(&mut device, CAMILLE).await;
    let (options, ceremony) = sign_in();
    let response = device.get(SITE, &options).await;
    let assertion = Assertion::parse(&response).unwrap();
    let end_at = |seconds| finish_authentication(&site(), &ceremony, &assertion, &passkey, later(seconds));
    assert!(end_at(299).is_ok());
    assert_eq!(end_at(300), Err(Refused::NoCeremony));
    assert_eq!(end(&registration(CAMILLE).1, &response, &passkey), Err(Refused::NoCeremony));
    let (options, _) = registration(CAMILLE);
    let response = device.create(SITE, &options).await;
    assert_eq!(finish(&ceremony, CAMILLE, &response), Err(Refused::NoCeremony));
    assert_eq!(finish(&confirmation(&passkey).1, CAMILLE, &response), Err(Refused::NoCeremony));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[A-Za-z0-9_-]{0,120}".prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("id"),
        Just("rawId"),
        Just("response"),
        Just("type"),
        Just("clientDataJSON"),
        Just("attestationObject"),
        Just("authenticatorData"),
        Just("signature"),
        Just("userHandle"),
        Just("transports"),
        Just("extensions"),
    ];
    leaf.prop_recursive(3, 40, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A credential whose texts are anything.
fn any_credential() -> impl Strategy<Value = Value> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..80).prop_map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
    (bytes(), bytes(), bytes(), bytes(), bytes(), bytes()).prop_map(|(id, client, object, data, signature, handle)| {
        json!({
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": client, "attestationObject": object, "authenticatorData": data,
                "signature": signature, "userHandle": handle,
            },
        })
    })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #[test]
    fn garbage_is_refused_and_nothing_else_happens(response in prop_oneof![any_json(), any_credential()]) {
        let (_, ceremony) = registration(CAMILLE);
        prop_assert!(finish(&ceremony, CAMILLE, &response).is_err());
        if let Ok(assertion) = Assertion::parse(&response) {
            assertion.user();
            prop_assert_eq!(assertion.credential_hash().len(), 64);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Of what is signed, of what signs and of who it is for, no bit can change.
    #[test]
    fn a_response_that_was_touched_is_refused(
        field in prop_oneof![Just("clientDataJSON"), Just("authenticatorData"), Just("signature"), Just("userHandle")],
        at: prop::sample::Index, bit in 0_u8..8, cut: bool,
    ) {
        let (passkey, ceremony, mut response) = block_on(async {
            let mut device = Device::counting();
            let passkey = registered(&mut device, CAMILLE).await;
            let (options, ceremony) = sign_in();
            let response = device.get(SITE, &options).await;
            (passkey, ceremony, response)
        });
        prop_assert!(end(&ceremony, &response, &passkey).is_ok());
        let mut bytes = URL_SAFE_NO_PAD.decode(response["response"][field].as_str().unwrap()).unwrap();
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 1 << bit;
        }
        response["response"][field] = json!(URL_SAFE_NO_PAD.encode(&bytes));
        prop_assert!(end(&ceremony, &response, &passkey).is_err());
    }

    /// Without attestation nothing signs a registration; still, nothing breaks on a damaged one.
    #[test]
    fn a_damaged_registration_breaks_nothing(at: prop::sample::Index, with: u8, cut: bool) {
        let (ceremony, mut response) = block_on(async {
            let (options, ceremony) = registration(CAMILLE);
            (ceremony, Device::new().create(SITE, &options).await)
        });
        let object = response["response"]["attestationObject"].as_str().unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(object).unwrap();
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = with;
        }
        response["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(&bytes));
        let outcome = finish(&ceremony, CAMILLE, &response);
        prop_assert!(!cut || outcome.is_err());
    }
}

// ---- a computer whose chip signs with RSA --------------------------------------------------------------------

/// {"type":"webauthn.get","challenge":"AAEC…Hh8","origin":"https://app.abservice.example","crossOrigin":false}
const RSA_CLIENT_DATA: &str = "\
    eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiQUFFQ0F3UUZCZ2NJQ1FvTERBME9EeEFSRWhNVUZSWVhHQmthR3h3ZEhoOCIsIm9y\
    aWdpbiI6Imh0dHBzOi8vYXBwLmFic2VydmljZS5leGFtcGxlIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ";
const RSA_MODULUS: &str = "\
    r5XfPHAq1XHmjjk8V-rijYjd0b2Ajltji5ILyUHJNswUciDbkrP5A4Y9ex6ZXyPN89b87xjZERFwclMY0CT6Y5DRQdE0536nKVT8wwNsKLU7TP0y\
    RztV9ke3QO38MKcAv6o5X836DhB-knNbMXkdswiIRzPeqCI9ghWZAPZPfpR6MKPZns740uEpZpAxKc5vDovKd3yUoBGoBc3cmDoav8EqKdU5pWyq\
    STgxRPBls-g82MUuxcmCgAxjVNAONkFACx9FXtbD4LPt1JOT7grZMBVDSxBAJW1kFX3h20eR5e_tdrZkTIFD1XSE48MkwH9HYHS3WhfLmMx7l8pD\
    UCnRlQ";
const RSA_SIGNATURE: &str = "\
    l2grHZyMaFUQnb3I1N-e3DlsgRshsEMA6BsvPFWaeqzxd-xwMANioIMcsbc5wlS0ueVek3-V7I-Jh_K7zLgDutWlCMcgbPUYEYExCjU9G7xO9pwA\
    O49_wME1Xeuz_ddKE3V13RsZ0eW1Jf8rznmlGr1VQ0mtEB_aI8bCxzMoUwTxpsVPTId5Vi_HZMvmG23G7WC_zbWe8iwgJRZlyfvZffD8NC4y722a\
    s4Cz1o5mnZnxCh4niGPKZHGMZUT8teJSQ2vogYEn402ba3m5Fbh4TYte1U2j6DRDT6-36FIEifJPFMvafvBn4-vZVqSc2K82iu6DrL0w59qAnRx3\
    gu00sw";

/// Signed with OpenSSL; the software authenticator has no RSA.
#[test]
fn a_signature_of_rs256_is_verified() {
    let passkey: Passkey = serde_json::from_value(json!({
        "id": "psk_00000000000000000000000003", "user": CAMILLE, "email": "camille@atelier.example",
        "name": "Ordinateur", "credential_id": "AQID",
        "public_key": { "type_": "RS256", "key": { "RSA": { "n": RSA_MODULUS, "e": [1, 0, 1] } } },
        "sign_count": 8, "transports": [], "backup_eligible": false, "backed_up": false,
        "created_at": "2026-11-22T09:00:00Z",
    }))
    .unwrap();
    let ceremony = Ceremony {
        state: json!({ "ast": {
            "credentials": [], "policy": "required", "challenge": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "appid": null, "allow_backup_eligible_upgrade": false,
        } })
        .to_string(),
        ..sign_in().1
    };
    let response = json!({
        "id": "AQID", "rawId": "AQID", "type": "public-key", "clientExtensionResults": {},
        "response": {
            "clientDataJSON": RSA_CLIENT_DATA, "authenticatorData": "hwCVOBLG8NRy2duJoGpwRmVi0z8qnwG8dI2PGNFTFPsFAAAACQ",
            "signature": RSA_SIGNATURE, "userHandle": URL_SAFE_NO_PAD.encode(CAMILLE.ulid().0.to_be_bytes()),
        },
    });
    assert_eq!(end(&ceremony, &response, &passkey).map(|used| used.sign_count), Ok(9));
    let other = json!({ "RSA": { "n": RSA_SIGNATURE, "e": [1, 0, 1] } });
    let mut stored = serde_json::to_value(&passkey).unwrap();
    stored["public_key"]["key"] = other;
    let other: Passkey = serde_json::from_value(stored).unwrap();
    assert_eq!(end(&ceremony, &response, &other), Err(Refused::NotProven));
}

// ---- in the table --------------------------------------------------------------------------------------------

/// The shape of a sign-in: ceremony and passkey in one reading, the outcome in one transaction.
async fn sign_in_once(app: &App, ceremony: CeremonyId, response: &Value) -> kernel::Result<Passkey> {
    let scope = &app.scope();
    let assertion = &Assertion::parse(response)?;
    let user = assertion.user().ok_or(Refused::OfAnotherUser)?;
    scope
        .write(|| async {
            let wanted = [keys::ceremony(ceremony), keys::passkey(user, &assertion.credential_hash())];
            let found = app.deps.table.get_many(&wanted).await?;
            let ceremony = found.get::<Ceremony>(&wanted[0])?.ok_or(Refused::NoCeremony)?;
            let read = found.get::<Passkey>(&wanted[1])?.ok_or(Refused::NotProven)?;
            let used = finish_authentication(&site(), &ceremony, assertion, &read, scope.now())?;
            let mut transaction = scope.begin("test", used.id);
            transaction.delete(&ceremony).update(&read, &used);
            Ok((transaction, used))
        })
        .await
}

#[tokio::test]
async fn a_response_that_comes_twice_signs_in_once() {
    let app = &App::new(crate::router).await;
    let scope = &app.scope();
    let mut device = Device::counting();
    let passkey = &registered(&mut device, CAMILLE).await;
    let (options, ceremony) = &sign_in();
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", CAMILLE);
            transaction.create(passkey).create(ceremony);
            Ok((transaction, ()))
        })
        .await
        .unwrap();
    let response = &device.get(SITE, options).await;
    let outcomes = join_all((0..4).map(|_| sign_in_once(app, ceremony.id, response))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.iter().flat_map(|one| one.as_ref().err()).all(|error| matches!(error, Error::WrongCredentials)));
    assert!(matches!(sign_in_once(app, ceremony.id, response).await, Err(Error::WrongCredentials)));

    let stored = scope.collection(&keys::passkeys(CAMILLE)).await.unwrap().all::<Passkey>().unwrap();
    assert_eq!(stored.len(), 1);
    assert_eq!((&stored[0].public_key, stored[0].version), (&passkey.public_key, 2));
    assert!(stored[0].sign_count > passkey.sign_count);
}
