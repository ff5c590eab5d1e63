//! Join tokens: signs a grant, reads one back for the gate. Pure; the caller decides what is granted.

use livekit_api::access_token::VideoGrants;
use serde::{Deserialize, Serialize};

use super::jwt;
use crate::{
    error::{Error, Result},
    livekit::{Keys, Permission},
};

/// How long a join token opens the room.
pub const JOIN_TOKEN_SECONDS: i64 = 2 * 60 * 60;
/// How long a path check's token opens its room.
const CHECK_TOKEN_SECONDS: i64 = 30;

/// Who may join which room, and what they may do there.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The SFU's name of the room, which is the room's id.
    pub room: String,
    /// Who: user id or guest id.
    pub identity: String,
    /// Display name.
    pub name: String,
    /// JSON that other participants see.
    pub metadata: String,
    /// Unix seconds; the gate compares it with a kick.
    pub issued_at_seconds: i64,
    /// What they may do inside.
    pub permission: Permission,
}

/// LiveKit's claims (protocol 1.50, `auth/grants.go`).
#[derive(Serialize)]
struct Signed<'a> {
    iss: &'a str,
    sub: &'a str,
    name: &'a str,
    metadata: &'a str,
    iat: i64,
    exp: i64,
    video: VideoGrants,
}

/// Signs `grant`: HS256, two hours.
pub fn sign_join(grant: &Grant, keys: &Keys) -> Result<String> {
    sign(grant, JOIN_TOKEN_SECONDS, keys)
}

/// Signs `grant` for a path check, which begins at once: 30 seconds.
pub fn sign_check(grant: &Grant, keys: &Keys) -> Result<String> {
    sign(grant, CHECK_TOKEN_SECONDS, keys)
}

fn sign(grant: &Grant, seconds: i64, keys: &Keys) -> Result<String> {
    let permission = &grant.permission;
    let sources: Vec<_> =
        permission.sources.iter().filter_map(|s| s.grant_name()).map(str::to_owned).collect();
    let claims = Signed {
        iss: keys.id(),
        sub: &grant.identity,
        name: &grant.name,
        metadata: &grant.metadata,
        iat: grant.issued_at_seconds,
        exp: grant.issued_at_seconds.saturating_add(seconds),
        video: VideoGrants {
            room: grant.room.clone(),
            room_join: true,
            can_publish: Some(!sources.is_empty()), // an empty list alone would mean all sources
            can_publish_sources: sources,
            can_publish_data: Some(permission.data),
            can_subscribe: Some(permission.subscribe),
            can_update_own_metadata: Some(false),
            ..VideoGrants::default()
        },
    };
    jwt::sign(&claims, keys)
}

/// What the gate decides by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The SFU's name of the room.
    pub room: String,
    /// Who comes.
    pub identity: String,
    /// Unix seconds. LiveKit signs tokens anew for those inside, with the time of that.
    pub issued_at_seconds: i64,
}

#[derive(Deserialize)]
struct Shown {
    sub: Option<String>,
    iat: Option<i64>,
    nbf: Option<i64>,
    video: Option<VideoGrants>,
}

/// Reads a join token that is valid at `now_seconds`; ours or one that LiveKit signed anew. Fails as unauthorized.
pub fn verify_join(token: &str, keys: &Keys, now_seconds: i64) -> Result<Claims> {
    let shown: Shown = jwt::verify(token, keys, now_seconds)?;
    let video = shown.video.filter(|v| v.room_join);
    let room = video.map(|v| v.room).filter(|r| !r.is_empty());
    let issued = shown.iat.or(shown.nbf);
    match (room, shown.sub.filter(|s| !s.is_empty()), issued) {
        (Some(room), Some(identity), Some(issued_at_seconds)) => {
            Ok(Claims { room, identity, issued_at_seconds })
        }
        _ => Err(Error::unauthorized("token_invalid", "This token opens no room. Join the room again.")),
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

    use super::*;
    use crate::livekit::Source;

    fn grant() -> Grant {
        Grant {
            room: "0b7e".to_owned(),
            identity: "guest-a1b2c3d4".to_owned(),
            name: "Ada \"L\"".to_owned(),
            metadata: r#"{"accesses":["guest"]}"#.to_owned(),
            issued_at_seconds: 1_000_000,
            permission: Permission {
                sources: vec![Source::Camera, Source::ScreenShare],
                data: true,
                subscribe: true,
            },
        }
    }

    fn body(token: &str) -> serde_json::Value {
        let part = token.split('.').nth(1).expect("three parts");
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
    }

    #[test]
    fn a_grant_becomes_the_claims_of_the_contract() {
        let keys = Keys::new("APIx", "a-secret-of-more-than-thirty-two-characters");
        let token = sign_join(&grant(), &keys).expect("signed");
        let expected = serde_json::json!({
            "iss": "APIx", "sub": "guest-a1b2c3d4", "name": "Ada \"L\"", "metadata": r#"{"accesses":["guest"]}"#,
            "iat": 1_000_000, "exp": 1_007_200,
            "video": {"room": "0b7e", "roomJoin": true, "canPublish": true,
                "canPublishSources": ["camera", "screen_share"], "canPublishData": true, "canSubscribe": true,
                "canUpdateOwnMetadata": false},
        });
        assert_eq!(body(&token), expected);
        let mut silent = grant();
        silent.permission.sources.clear();
        assert_eq!(body(&sign_join(&silent, &keys).expect("signed"))["video"]["canPublish"], false);
    }

    #[test]
    fn only_our_own_valid_join_tokens_are_read() {
        let keys = Keys::new("APIx", "a-secret-of-more-than-thirty-two-characters");
        let token = sign_join(&grant(), &keys).expect("signed");
        let claims = verify_join(&token, &keys, 1_000_001).expect("valid");
        assert_eq!((claims.room.as_str(), claims.issued_at_seconds), ("0b7e", 1_000_000));
        let code = |r: Result<Claims>| r.expect_err("refused").code;
        assert_eq!(code(verify_join(&token, &keys, 1_007_260)), "token_expired");
        let other = Keys::new("APIx", "another-secret-of-more-than-thirty-two-chars");
        assert_eq!(code(verify_join(&token, &other, 1_000_001)), "token_invalid");
        let renamed = Keys::new("APIy", "a-secret-of-more-than-thirty-two-characters");
        assert_eq!(code(verify_join(&token, &renamed, 1_000_001)), "token_invalid");
        for text in ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
            assert_eq!(code(verify_join(text, &keys, 1_000_001)), "token_invalid");
        }
        let admin = serde_json::json!({"iss": "APIx", "sub": "x", "iat": 1, "exp": 2_000_000, "video": {"roomAdmin": true, "room": "0b7e"}});
        assert_eq!(code(verify_join(&jwt::sign(&admin, &keys).expect("signed"), &keys, 1)), "token_invalid");
    }

    #[test]
    fn a_token_signed_anew_counts_from_then() {
        let keys = Keys::new("APIx", "a-secret-of-more-than-thirty-two-characters");
        let anew = serde_json::json!({"iss": "APIx", "sub": "x", "nbf": 77, "exp": 700, "video": {"roomJoin": true, "room": "r"}});
        let claims = verify_join(&jwt::sign(&anew, &keys).expect("signed"), &keys, 80).expect("valid");
        assert_eq!(claims.issued_at_seconds, 77);
    }
}
