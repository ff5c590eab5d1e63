//! What a provider says of somebody and signs: an ID token (OpenID Connect Core 1.0, 3.1.3.7).

use jsonwebtoken::{
    Algorithm, DecodingKey, Header, Validation, decode, decode_header, get_current_timestamp, jwk::Jwk,
};
use serde_json::{Map, Value};

use super::Told;

/// So far the clocks of two servers may be apart.
const SKEW_SECONDS: u64 = 60;
/// Longer names and addresses are nobody's.
const LONGEST: usize = 254;

pub(super) type Claims = Map<String, Value>;

/// What a token has to say to be the answer to our question.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
}

/// By what it is signed. What anybody could sign who knows the client's secret, or nobody has signed, is refused.
pub(super) fn header(token: &str) -> Result<Header, String> {
    let header = decode_header(token).map_err(|e| e.to_string())?;
    match header.alg {
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => Err("it is not signed by a key".to_owned()),
        _ => Ok(header),
    }
}

/// What is said, where one of `keys` has signed it, it is for us, of now, and answers our question.
pub(super) fn claims(
    token: &str,
    header: &Header,
    keys: &[Jwk],
    expected: &Expected<'_>,
) -> Result<Claims, String> {
    let mut rules = Validation::new(header.alg);
    rules.leeway = SKEW_SECONDS;
    rules.validate_nbf = true;
    rules.set_issuer(&[expected.issuer]);
    rules.set_audience(&[expected.client_id]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let mut refused = "it is signed by a key that the provider does not show".to_owned();
    for key in keys {
        let read = DecodingKey::from_jwk(key).and_then(|key| decode::<Claims>(token, &key, &rules));
        match read {
            Ok(read) => return answers(read.claims, expected),
            Err(e) => refused = e.to_string(),
        }
    }
    Err(refused)
}

fn answers(claims: Claims, expected: &Expected<'_>) -> Result<Claims, String> {
    let said = |claim: &str| claims.get(claim).and_then(Value::as_str);
    if said("nonce") != Some(expected.nonce) {
        return Err("it answers another question".to_owned());
    }
    let is_shared = claims.get("aud").and_then(Value::as_array).is_some_and(|all| all.len() > 1);
    match said("azp") {
        Some(party) if party != expected.client_id => return Err("it was given to somebody else".to_owned()),
        None if is_shared => return Err("it does not say to whom it was given".to_owned()),
        _ => {}
    }
    let made = claims.get("iat").and_then(Value::as_f64).ok_or("it does not say when it was made")?;
    if made > (get_current_timestamp() + SKEW_SECONDS) as f64 {
        return Err("it was made in the future".to_owned());
    }
    Ok(claims)
}

/// What stands at a claim: of that very name, else where its full stops lead.
pub(super) fn at<'a>(claims: &'a Claims, path: &str) -> Option<&'a Value> {
    claims.get(path).or_else(|| {
        let (first, rest) = path.split_once('.')?;
        at(claims.get(first)?.as_object()?, rest)
    })
}

/// What is believed of it; `None` where it names nobody.
pub(super) fn told(issuer: &str, claims: &Claims, claim: Option<&str>) -> Option<Told> {
    let text =
        |claim: &str| claims.get(claim).and_then(Value::as_str).map(str::trim).filter(|text| fits(text));
    let value = claim.and_then(|claim| at(claims, claim));
    let values = match value {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let is_verified = match claims.get("email_verified") {
        Some(Value::Bool(is)) => *is,
        Some(Value::String(word)) => word == "true",
        _ => false,
    };
    let name = ["name", "nickname", "preferred_username"].into_iter().find_map(text);
    Some(Told {
        issuer: issuer.to_owned(),
        subject: text("sub")?.to_owned(),
        email: text("email").map(str::to_owned),
        is_verified,
        name: name.map(str::to_owned),
        values,
    })
}

fn fits(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST
}
