#!/usr/bin/env bash
# webauthn-rs 0.6.2 (features conditional-ui). Needs cargo and a C compiler.
#
# A credential was registered when its authenticator did not call it backup eligible (WebAuthn Level 3, 6.1, flag BE). Later the
# same authenticator signs with BE set, as one does that has learnt to keep its passkeys in several devices.
#
# Expected: whoever is known by a typed name (start_passkey_authentication) and whoever chooses the same passkey from the
#   browser's own list (start_discoverable_authentication) are treated alike by one library: both in, or neither.
# Seen: the first is let in, and the credential is marked for an update. The second is refused with an error, by a signature
#   that is right in both cases. Who moves credentials from another program that kept no such flag meets it at each of them.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/src"
cat > "$place/Cargo.toml" <<'END'
[package]
name = "seen"
version = "0.0.0"
edition = "2024"

[dependencies]
base64 = "=0.22.1"
ring = "=0.17.14"
serde_json = "=1.0.154"
webauthn-rs = { version = "=0.6.2", default-features = false, features = ["conditional-ui"] }
END
cat > "$place/src/main.rs" <<'END'
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as B64};
use ring::{digest::{SHA256, digest}, rand::SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING as ALGORITHM, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use webauthn_rs::prelude::*;

const ORIGIN: &str = "https://id.example.org";
const ID: &[u8] = b"twenty bytes of name";

fn client_data(kind: &str, challenge: &Value) -> String {
    json!({"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": false}).to_string()
}

/// Authenticator data: flags 0x01 present, 0x04 verified, 0x08 backup eligible, 0x40 with a key.
fn data(flags: u8, counter: u32) -> Vec<u8> {
    let rp = digest(&SHA256, b"id.example.org");
    [rp.as_ref(), &[flags], &counter.to_be_bytes()].concat()
}

fn signed(key: &EcdsaKeyPair, user: Uuid, challenge: &Value) -> PublicKeyCredential {
    let (client, data) = (client_data("webauthn.get", challenge), data(0x01 | 0x04 | 0x08, 1));
    let message = [&data, digest(&SHA256, client.as_bytes()).as_ref()].concat();
    let signature = key.sign(&SystemRandom::new(), &message).unwrap();
    serde_json::from_value(json!({
        "id": B64.encode(ID), "rawId": B64.encode(ID), "type": "public-key", "extensions": {},
        "response": {
            "clientDataJSON": B64.encode(client), "authenticatorData": B64.encode(data),
            "signature": B64.encode(signature), "userHandle": B64.encode(user.as_bytes()),
        },
    })).unwrap()
}

fn main() {
    let page = Url::parse(ORIGIN).unwrap();
    let webauthn = WebauthnBuilder::new("id.example.org", &page).unwrap().build().unwrap();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ALGORITHM, &SystemRandom::new()).unwrap();
    let key = EcdsaKeyPair::from_pkcs8(&ALGORITHM, pkcs8.as_ref(), &SystemRandom::new()).unwrap();
    let user = Uuid::from_u128(7);

    let (asked, state) = webauthn.start_passkey_registration(user, "anna", "Anna", None).unwrap();
    let challenge = &serde_json::to_value(&asked).unwrap()["publicKey"]["challenge"];
    let point = key.public_key().as_ref();
    let cose = [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", &point[1..33], b"\x22\x58\x20", &point[33..]].concat();
    let attested = [&data(0x01 | 0x04 | 0x40, 0)[..], &[0; 16], &[0, ID.len() as u8], ID, &cose].concat();
    let object = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"[..], &[attested.len() as u8], &attested].concat();
    let made: RegisterPublicKeyCredential = serde_json::from_value(json!({
        "id": B64.encode(ID), "rawId": B64.encode(ID), "type": "public-key", "extensions": {},
        "response": {
            "clientDataJSON": B64.encode(client_data("webauthn.create", challenge)),
            "attestationObject": B64.encode(object),
        },
    })).unwrap();
    let passkey = webauthn.finish_passkey_registration(&made, &state).unwrap();

    let (asked, state) = webauthn.start_passkey_authentication(&[passkey.clone()]).unwrap();
    let challenge = &serde_json::to_value(&asked).unwrap()["publicKey"]["challenge"];
    match webauthn.finish_passkey_authentication(&signed(&key, user, challenge), &state) {
        Ok(done) => println!("by name: in, needs_update {}", done.needs_update()),
        Err(e) => println!("by name: refused, {e:?}"),
    }
    let (asked, state) = webauthn.start_discoverable_authentication().unwrap();
    let challenge = &serde_json::to_value(&asked).unwrap()["publicKey"]["challenge"];
    let key = &signed(&key, user, challenge);
    match webauthn.finish_discoverable_authentication_v2(key, state, &passkey) {
        Ok(done) => println!("by choice: in, needs_update {}", done.needs_update()),
        Err(e) => println!("by choice: refused, {e:?}"),
    }
}
END
cd "$place"
cargo run -q > seen || exit 2
cat seen
grep -q '^by name: in, needs_update true$' seen && grep -q '^by choice: refused, ' seen && echo 'as seen' ||
    { echo 'this has changed'; exit 1; }
