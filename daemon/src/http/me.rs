//! One's own account: profile, password, preferences, sessions.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Context,
    account::passkeys::{PasskeyAnswer, given},
    identity::{Caller, Recognised, SignedIn, WithAccount, account_needed},
    people::{Tokens, User},
};
use crate::{
    accounts,
    actor::Actor,
    door::{Body, Failure, Message, Segments},
    error::Result,
    store::Timestamp,
};

/// Who one is.
#[utoipa::path(get, path = "/api/auth/me", tag = "accounts",
    responses((status = 200, body = User), (status = 401, body = Failure)), security(("bearer" = [])))]
pub(super) async fn me(State(context): State<Context>, Recognised(actor): Recognised) -> Result<Json<User>> {
    Ok(Json(context.accounts.me(&actor).await?.as_ref().into()))
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProfileChange {
    /// 2 to 50 characters that can be seen, in any script.
    name: String,
    email: Option<String>,
    /// Asked for when the mail address changes, unless a passkey, or a provider, was used in the last ten minutes.
    current_password: Option<String>,
    /// What one of one's passkeys answered to `login/begin`.
    passkey: Option<PasskeyAnswer>,
}

/// The changed profile.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OwnProfile {
    id: String,
    email: String,
    name: String,
    provider: String,
    avatar_url: String,
    accesses: &'static [&'static str],
    message: &'static str,
    requires_verification: bool,
    /// Only when the mail address has changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<Tokens>,
}

/// Changes one's name and mail address.
#[utoipa::path(put, path = "/api/auth/me", tag = "accounts", request_body = ProfileChange,
    responses((status = 200, body = OwnProfile), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure), (status = 429, body = Failure)), security(("bearer" = [])))]
pub(super) async fn change_profile(
    State(context): State<Context>,
    Recognised(actor): Recognised,
    Caller(origin): Caller,
    Body(body): Body<ProfileChange>,
) -> Result<Response> {
    if !matches!(actor, Actor::User(_)) {
        return Err(account_needed());
    }
    let (email, current) = (body.email.as_deref(), given(body.current_password, body.passkey));
    let profile = context.accounts.change_profile(&actor, &origin, &body.name, email, current).await?;
    let user = profile.user.as_ref();
    let body = OwnProfile {
        id: user.id.clone(),
        email: user.email.clone().unwrap_or_default(),
        name: user.name.clone(),
        provider: user.provider.clone(),
        avatar_url: user.avatar_url.clone(),
        accesses: user.role.accesses(),
        message: "Your profile is changed.",
        requires_verification: profile.tokens.is_some() && context.accounts.wants_proven_mail(),
        tokens: profile.tokens.as_ref().map(Tokens::from),
    };
    Ok(match &profile.tokens {
        Some(tokens) => context.cookies.refreshed(tokens, body),
        None => Json(body).into_response(),
    })
}

/// The current password and the next.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasswordChange {
    /// Empty where a passkey, or a provider, was used in the last ten minutes.
    current_password: String,
    /// What one of one's passkeys answered to `login/begin`.
    passkey: Option<PasskeyAnswer>,
    /// 12 to 128 bytes.
    new_password: String,
}

/// Changes one's password and ends every other session.
#[utoipa::path(put, path = "/api/auth/password", tag = "accounts", request_body = PasswordChange,
    responses((status = 200, body = Message), (status = 400, body = Failure, description = "Wrong current password, or the new one does not fit"),
        (status = 401, body = Failure), (status = 403, body = Failure), (status = 429, body = Failure)), security(("bearer" = [])))]
pub(super) async fn change_password(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
    Body(body): Body<PasswordChange>,
) -> Result<Json<Message>> {
    let current = given(Some(body.current_password), body.passkey);
    context.accounts.change_password(&actor, current, body.new_password).await?;
    Ok(Json(Message { message: "Your password is changed. Your other devices are signed out." }))
}

/// Whatever the page wants to remember for somebody.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Preferences {
    /// A JSON object as text, at most 4096 bytes.
    preferences_json: String,
}

/// One's preferences.
#[utoipa::path(get, path = "/api/auth/preferences", tag = "accounts",
    responses((status = 200, body = Preferences), (status = 401, body = Failure)), security(("bearer" = [])))]
pub(super) async fn preferences(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
) -> Result<Json<Preferences>> {
    Ok(Json(Preferences { preferences_json: context.accounts.preferences(&actor).await? }))
}

/// Replaces one's preferences.
#[utoipa::path(put, path = "/api/auth/preferences", tag = "accounts", request_body = Preferences,
    responses((status = 200, body = Message), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 413, body = Failure), (status = 429, body = Failure)), security(("bearer" = [])))]
pub(super) async fn set_preferences(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Body(body): Body<Preferences>,
) -> Result<Json<Message>> {
    context.accounts.set_preferences(&actor, body.preferences_json).await?;
    Ok(Json(Message { message: "Your preferences are kept." }))
}

/// One device.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_used_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Where it was last refreshed from.
    address: String,
    /// What it said it is.
    agent: String,
    /// Whether it is the one that asks.
    current: bool,
}

impl From<(accounts::Session, bool)> for Session {
    fn from((session, current): (accounts::Session, bool)) -> Self {
        Self {
            id: session.id,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
            address: session.address,
            agent: session.agent,
            current,
        }
    }
}

/// One's devices.
#[derive(Serialize, ToSchema)]
pub(super) struct Sessions {
    sessions: Vec<Session>,
}

/// Lists one's devices, newest first.
#[utoipa::path(get, path = "/api/auth/sessions", tag = "accounts",
    responses((status = 200, body = Sessions), (status = 401, body = Failure), (status = 403, body = Failure)), security(("bearer" = [])))]
pub(super) async fn sessions(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
) -> Result<Json<Sessions>> {
    let own = context.accounts.own_sessions(&actor).await?;
    Ok(Json(Sessions { sessions: own.into_iter().map(Session::from).collect() }))
}

/// Ends one of one's sessions.
#[utoipa::path(delete, path = "/api/auth/sessions/{id}", tag = "accounts", params(("id" = String, Path)),
    responses((status = 200, body = Message), (status = 401, body = Failure), (status = 403, body = Failure),
        (status = 404, body = Failure)), security(("bearer" = [])))]
pub(super) async fn end_session(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
    Segments(id): Segments<String>,
) -> Result<Json<Message>> {
    context.accounts.end_own_session(&actor, &id).await?;
    Ok(Json(Message { message: "That device is signed out." }))
}
