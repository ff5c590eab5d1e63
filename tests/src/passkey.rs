//! A device that holds one passkey: makes it and signs by it as WebAuthn Level 3 says, in software.
use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

/// Somebody touched the device.
const PRESENT: u8 = 0x01;
/// And showed it who they are.
const VERIFIED: u8 = 0x04;
/// The passkey may be in several devices, and is.
const SYNCED: u8 = 0x08 | 0x10;
/// A new key comes along.
const ATTESTED: u8 = 0x40;

/// One passkey and what its device and browser say; a test changes what shall be wrong.
pub struct Passkey {
    key: EcdsaKeyPair,
    /// Its id, base64url.
    pub id: String,
    /// How often it was used, as the device counts.
    pub counter: u32,
    /// The page that the browser says it is on.
    pub origin: String,
    /// Whether the device asked who holds it.
    pub is_verified: bool,
    /// Whether it is in several devices of its owner.
    pub is_synced: bool,
}

/// What stands before a point of P-256 in a SubjectPublicKeyInfo (RFC 5480).
const BEFORE_POINT: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";

impl Passkey {
    /// Makes a passkey as `asked` by a `begin` route on the page `origin`; gives it and the body for `finish`.
    pub fn make(origin: &str, asked: &Value) -> (Self, Value) {
        let made = Self::elsewhere(origin);
        let answer = made.attest(asked);
        (made, answer)
    }

    /// One that another program asked for, for the page `origin`.
    pub fn elsewhere(origin: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref()).expect("a key");
        let id = digest(&SHA256, key.public_key().as_ref());
        let id = BASE64.encode(&id.as_ref()[..20]);
        Self { key, id, counter: 0, origin: origin.to_owned(), is_verified: true, is_synced: false }
    }

    /// Its id as bytes.
    pub fn raw_id(&self) -> Vec<u8> {
        BASE64.decode(&self.id).expect("base64url")
    }

    /// Its public key, in DER.
    pub fn public_key(&self) -> Vec<u8> {
        [BEFORE_POINT, self.key.public_key().as_ref()].concat()
    }

    /// The body for `finish` with this passkey's key.
    pub fn attest(&self, asked: &Value) -> Value {
        let point = self.key.public_key().as_ref();
        let id = BASE64.decode(&self.id).expect("base64url");
        let mut data = self.data(asked["rp"]["id"].as_str().expect("rp.id"), ATTESTED);
        data.extend([0; 16]); // a device of no particular make
        data.extend([0, id.len() as u8]);
        data.extend(&id);
        // COSE: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..65]);
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend(&data);
        let client = self.client("webauthn.create", asked);
        json!({"clientDataJSON": BASE64.encode(client), "attestationObject": BASE64.encode(object)})
    }

    /// Signs what `login/begin` asked; gives the body for `login/finish`.
    pub fn sign(&self, asked: &Value) -> Value {
        let data = self.data(asked["rpId"].as_str().expect("rpId"), 0);
        let client = self.client("webauthn.get", asked);
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("signed");
        json!({
            "credentialId": self.id, "clientDataJSON": BASE64.encode(client),
            "authenticatorData": BASE64.encode(data), "signature": BASE64.encode(signature),
        })
    }

    fn data(&self, party: &str, more: u8) -> Vec<u8> {
        let verified = if self.is_verified { VERIFIED } else { 0 };
        let flags = PRESENT | more | verified | if self.is_synced { SYNCED } else { 0 };
        let mut data = digest(&SHA256, party.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client(&self, kind: &str, asked: &Value) -> Vec<u8> {
        let challenge = asked["challenge"].as_str().expect("a challenge");
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }
}
