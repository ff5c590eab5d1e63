//! Signs what LiveKit would sign: join tokens and webhooks (HS256), so that tests can forge and replay.
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::{digest, hmac};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

/// Unix seconds.
pub fn now_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A JWT with exactly these claims.
pub fn jwt(secret: impl AsRef<[u8]>, claims: &Value) -> String {
    let head = URL_SAFE_NO_PAD.encode(json!({"alg": "HS256", "typ": "JWT"}).to_string());
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_ref()), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.as_ref()))
}

/// The `Authorization` value that LiveKit sends with a webhook of this body.
pub fn webhook_token(key: &str, secret: &str, body: &[u8]) -> String {
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, body));
    let now = now_seconds();
    jwt(secret, &json!({"iss": key, "iat": now, "nbf": now, "exp": now + 300, "sha256": hash}))
}

/// An access token as the daemon signs it, from the secret in its state directory.
pub fn access_token(server_secret: &str, claims: &Value) -> String {
    let server_key = hmac::Key::new(hmac::HMAC_SHA256, server_secret.trim().as_bytes());
    jwt(hmac::sign(&server_key, b"bedrud access token"), claims)
}
