//! Signing in by the word of a provider: there and back, and the links of one's account. Browsers are sent on with a code where
//! something failed; programs get the failure itself.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::passkeys::PasskeyWanted;
use crate::{
    accounts::{Back, Came, Linked, Sent, Wish},
    door::{Failure, MaybeBody, Message, Query, Segments},
    error::{Error, Kind, Result},
    http::{Caller, Context, WithAccount, cookies},
    store::Timestamp,
};

/// The page that takes people back.
const PAGE: &str = "/auth/callback";

/// What somebody wants who is sent away.
#[derive(Deserialize, IntoParams)]
pub(in crate::http) struct Sending {
    /// The path to come back to.
    to: Option<String>,
    /// The secret of an invitation's link, where the server takes nobody else.
    invitation: Option<String>,
}

/// Sends the browser to a provider, where somebody signs in.
#[utoipa::path(get, operation_id = "provider_login", path = "/api/auth/{provider}/login", tag = "providers", params(("provider" = String, Path), Sending),
    responses((status = 307, description = "To the provider"),
        (status = 302, description = "To the page, with the code of what failed; for browsers"),
        (status = 404, body = Failure, description = "Nobody signs in by that provider"), (status = 429, body = Failure),
        (status = 503, body = Failure, description = "The provider does not answer, or nonsense")))]
pub(in crate::http) async fn login(
    State(context): State<Context>,
    Caller(origin): Caller,
    headers: HeaderMap,
    Segments(provider): Segments<String>,
    Query(wanted): Query<Sending>,
) -> Response {
    let wish = Wish { to: wanted.to, invitation: wanted.invitation };
    let browser = cookies::read(&headers, cookies::PROVIDER);
    let own = context.origins.own();
    match context.accounts.provider_begun(&origin, &provider, own, browser, wish).await {
        Ok(Sent { url, browser }) => {
            let mut answer = sent_on(StatusCode::TEMPORARY_REDIRECT, &url);
            context.cookies.sent_away(answer.headers_mut(), &browser);
            answer
        }
        Err(e) => failed(&headers, e),
    }
}

/// What a provider sends along (RFC 6749, 4.1.2; RFC 9207).
#[derive(Deserialize, IntoParams)]
pub(in crate::http) struct Answer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Takes somebody back from a provider. Signed in, with cookies, they go on to the page.
#[utoipa::path(get, operation_id = "provider_callback", path = "/api/auth/{provider}/callback", tag = "providers", params(("provider" = String, Path), Answer),
    responses((status = 302, description = "To the page, signed in; for browsers also with the code of what failed"),
        (status = 400, body = Failure, description = "It was used, is over, or was begun in another browser"),
        (status = 401, body = Failure, description = "The session that wanted the link has ended"),
        (status = 403, body = Failure, description = "Not agreed to, closed registration, an unproven mail address, a disabled account"),
        (status = 404, body = Failure, description = "Nobody signs in by that provider"),
        (status = 409, body = Failure, description = "The mail address, or the link, is another account's"), (status = 429, body = Failure),
        (status = 503, body = Failure, description = "The provider does not answer, or nonsense")))]
pub(in crate::http) async fn callback(
    State(context): State<Context>,
    Caller(origin): Caller,
    headers: HeaderMap,
    Segments(provider): Segments<String>,
    Query(answer): Query<Answer>,
) -> Response {
    let back = Back { state: answer.state, code: answer.code, error: answer.error, issuer: answer.iss };
    let browser = cookies::read(&headers, cookies::PROVIDER);
    let own = context.origins.own();
    match context.accounts.provider_answered(&origin, &provider, own, browser, back).await {
        Ok(Came::SignedIn(login, to)) => {
            let to = if to.is_empty() { String::new() } else { format!("?to={}", encoded(&to)) };
            let mut answer = sent_on(StatusCode::FOUND, &format!("{PAGE}{to}"));
            context.cookies.signed_in_on(answer.headers_mut(), &login);
            answer
        }
        Ok(Came::Linked) => sent_on(StatusCode::FOUND, "/settings"),
        Err(e) => failed(&headers, e),
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn sent_on(status: StatusCode, to: &str) -> Response {
    let Ok(to) = HeaderValue::from_str(to) else {
        return Error::internal("a provider's URL is none").into_response();
    };
    let no_store = HeaderValue::from_static("no-store");
    (status, [(header::LOCATION, to), (header::CACHE_CONTROL, no_store)]).into_response()
}

/// A person in a browser is on their way and reads no JSON: the page says what is wrong.
fn failed(headers: &HeaderMap, error: Error) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !accepts.contains("text/html") {
        return error.into_response();
    }
    if matches!(error.kind, Kind::Unavailable | Kind::Internal) {
        tracing::warn!(code = error.code, "a sign-in by a provider failed: {error}");
    }
    let more = match (error.kind, error.extra.as_ref().and_then(|extra| extra.get("email")?.as_str())) {
        (Kind::TooMany { retry_after_seconds }, _) => format!("&seconds={retry_after_seconds}"),
        (_, Some(email)) => format!("&email={}", encoded(email)),
        _ => String::new(),
    };
    sent_on(StatusCode::FOUND, &format!("{PAGE}#error={}{more}", error.code))
}

/// Where the page shall go on.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SentAway {
    url: String,
}

/// Begins one more link. Whoever signed in more than ten minutes ago gives their password, or uses a passkey.
#[utoipa::path(post, operation_id = "provider_link", path = "/api/auth/providers/{id}/link", tag = "providers", params(("id" = String, Path, description = "The provider's")), request_body = Option<PasskeyWanted>,
    responses((status = 200, body = SentAway), (status = 400, body = Failure, description = "No proof, or a wrong one"), (status = 401, body = Failure),
        (status = 403, body = Failure), (status = 404, body = Failure, description = "Nobody signs in by that provider"),
        (status = 409, body = Failure, description = "There are too many already"), (status = 429, body = Failure),
        (status = 503, body = Failure, description = "The provider does not answer, or nonsense")), security(("bearer" = [])))]
pub(in crate::http) async fn link(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
    headers: HeaderMap,
    Segments(id): Segments<String>,
    MaybeBody(body): MaybeBody<PasskeyWanted>,
) -> Result<Response> {
    let (own, browser) = (context.origins.own(), cookies::read(&headers, cookies::PROVIDER));
    let begun = context.accounts.provider_link_begun(&actor, body.given(), &id, own, browser);
    let Sent { url, browser } = begun.await?;
    let mut answer = Json(SentAway { url }).into_response();
    context.cookies.sent_away(answer.headers_mut(), &browser);
    Ok(answer)
}

/// An account of somebody at a provider that opens their account here.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ProviderLink {
    id: String,
    /// The provider's id; empty where nobody signs in by it any more.
    provider: String,
    /// What people call the provider.
    provider_name: String,
    /// What people know them by there.
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl From<Linked> for ProviderLink {
    fn from(one: Linked) -> Self {
        let (provider, provider_name) = one.provider.unwrap_or_else(|| (String::new(), one.link.issuer));
        Self {
            id: one.id,
            provider,
            provider_name,
            name: one.link.name,
            created_at: one.link.created_at,
            last_used_at: one.link.last_used_at,
        }
    }
}

/// One's links.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ProviderLinks {
    links: Vec<ProviderLink>,
}

/// Lists one's links, newest first.
#[utoipa::path(get, operation_id = "provider_links", path = "/api/auth/providers", tag = "providers",
    responses((status = 200, body = ProviderLinks), (status = 401, body = Failure), (status = 403, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn links(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
) -> Result<Json<ProviderLinks>> {
    let own = context.accounts.own_links(&actor).await?;
    Ok(Json(ProviderLinks { links: own.into_iter().map(ProviderLink::from).collect() }))
}

/// Removes one of one's links, but never the last way in.
#[utoipa::path(delete, operation_id = "provider_unlink", path = "/api/auth/providers/{id}", tag = "providers", params(("id" = String, Path)),
    responses((status = 200, body = Message), (status = 401, body = Failure), (status = 403, body = Failure),
        (status = 404, body = Failure), (status = 409, body = Failure, description = "It is the last way in")),
    security(("bearer" = [])))]
pub(in crate::http) async fn unlink(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
    Segments(id): Segments<String>,
) -> Result<Json<Message>> {
    context.accounts.unlink(&actor, &id).await?;
    Ok(Json(Message { message: "That link is removed." }))
}
