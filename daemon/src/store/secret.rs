//! Random secrets, and what is kept of one that a link carries: whoever reads the database has no link.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// 32 random bytes in base64url.
pub fn fresh_secret() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// SHA-256 in base64url. The secrets are random and long, so nobody tries them all.
pub fn digest_of(secret: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, secret.as_bytes()))
}
