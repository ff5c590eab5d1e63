//! Passkeys that the older server kept, as ours. They open an account here for as long as the server's name is the one for
//! which they were made.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, EcdsaVerificationAlgorithm, ParsedPublicKey,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use webauthn_rs::prelude::Passkey as Key;
use x509_parser::{prelude::FromDer, public_key::PublicKey, x509::SubjectPublicKeyInfo};

use crate::{
    error::{Error, Result},
    names,
    store::{Timestamp, credentials::Passkey},
};

/// Beside a key whose first answer has not come yet.
const UNSEEN: &str = "unseen";
/// Whether a passkey may be in several devices (WebAuthn Level 3, *6.1*, flag BE), at this byte of what a device says.
const BACKUP_ELIGIBLE: u8 = 0x08;
const FLAGS_AT: usize = 32;

/// One passkey as it was kept there.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// The id that its device gave it.
    pub id: &'a [u8],
    /// Its public key, a SubjectPublicKeyInfo in DER.
    pub key: &'a [u8],
    /// The COSE number of its algorithm.
    pub algorithm: i64,
    /// How often it was used, as its device counts.
    pub counter: i64,
    /// What its owner called it.
    pub name: &'a str,
}

/// The same as a row of ours; an error says why not.
pub fn of_older(kept: Kept<'_>, user_id: &str, created_at: Timestamp) -> Result<Passkey, &'static str> {
    if !(1..=1023).contains(&kept.id.len()) {
        return Err("its id is none");
    }
    let counter = u32::try_from(kept.counter).map_err(|_| "its count is none")?;
    let id = BASE64_URL_SAFE_NO_PAD.encode(kept.id);
    let key = json!({
        UNSEEN: true,
        "cred": {
            "cred_id": id, "cred": public_key(kept.key, kept.algorithm)?, "counter": counter, "transports": null,
            "user_verified": true, "backup_eligible": false, "backup_state": false,
            "registration_policy": "required",
            "extensions": {"cred_protect": "NotRequested", "hmac_create_secret": "NotRequested"},
            "attestation": {"data": "None", "metadata": "None"}, "attestation_format": "none",
        },
    });
    // what the library could not read later is told now
    serde_json::from_value::<Key>(key.clone()).map_err(|e| {
        tracing::debug!("a passkey of the older server cannot be read: {e}");
        "its key cannot be read"
    })?;
    Ok(Passkey {
        id,
        user_id: user_id.to_owned(),
        key: key.to_string(),
        counter: counter.into(),
        name: names::person(kept.name, 1).unwrap_or_default(),
        created_at,
        last_used_at: None,
    })
}

fn public_key(der: &[u8], algorithm: i64) -> Result<Value, &'static str> {
    const UNREADABLE: &str = "its key cannot be read";
    let (_, read) = SubjectPublicKeyInfo::from_der(der).map_err(|_| UNREADABLE)?;
    let text = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let of_curve = |name: &str, curve: &str, algorithm: &'static EcdsaVerificationAlgorithm| {
        let Ok(PublicKey::EC(point)) = read.parsed() else { return Err(UNREADABLE) };
        // not compressed, and on the curve
        let Some((4, coordinates)) = point.data().split_first() else { return Err(UNREADABLE) };
        ParsedPublicKey::new(algorithm, point.data()).map_err(|_| UNREADABLE)?;
        let (x, y) = coordinates.split_at(coordinates.len() / 2);
        Ok(json!({"type_": name, "key": {"EC_EC2": {"curve": curve, "x": text(x), "y": text(y)}}}))
    };
    match algorithm {
        -7 => of_curve("ES256", "SECP256R1", &ECDSA_P256_SHA256_ASN1),
        -35 => of_curve("ES384", "SECP384R1", &ECDSA_P384_SHA384_ASN1),
        -257 => match read.parsed() {
            Ok(PublicKey::RSA(key)) if key.exponent.len() == 3 => {
                let modulus = key.modulus.strip_prefix(&[0]).unwrap_or(key.modulus);
                Ok(json!({"type_": "RS256", "key": {"RSA": {"n": text(modulus), "e": key.exponent}}}))
            }
            _ => Err(UNREADABLE),
        },
        _ => Err("keys of its kind cannot be checked here"),
    }
}

/// A kept key as the library reads it. The older server did not keep whether a passkey may be in several devices; the library
/// takes no answer that says otherwise than what is kept. So the first answer says it: it counts only when it is signed.
pub(super) fn key(kept: &str, authenticator_data: &str) -> Result<Key> {
    let mut key: Value = serde_json::from_str(kept).map_err(Error::internal)?;
    if key.get(UNSEEN).is_some() {
        let said = BASE64_URL_SAFE_NO_PAD.decode(authenticator_data).unwrap_or_default();
        let flags = said.get(FLAGS_AT).copied().unwrap_or_default();
        if let Some(key) = key.get_mut("cred").and_then(Value::as_object_mut) {
            key.insert("backup_eligible".to_owned(), (flags & BACKUP_ELIGIBLE != 0).into());
        }
    }
    serde_json::from_value(key).map_err(Error::internal)
}
