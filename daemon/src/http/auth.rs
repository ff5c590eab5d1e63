//! Coming and going: register, sign in, guests, the next pair of tokens, sign out, first set-up, the public switches.

use axum::{Json, extract::State, response::Response};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Context,
    account::mail::{self, Made},
    cookies,
    identity::{Caller, MaybeActor},
    people::Login,
};
use crate::{
    accounts::Provider,
    door::{Body, Failure, MaybeBody, Message},
    error::{Error, Result},
};

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Registration {
    email: String,
    /// 12 to 128 bytes.
    password: String,
    /// 2 to 50 characters that can be seen, in any script.
    name: String,
    /// Of an invitation, where the server takes nobody else.
    invite_token: Option<String>,
}

/// Makes an account and signs it in.
#[utoipa::path(post, path = "/api/auth/register", tag = "accounts", request_body = Registration,
    responses((status = 200, body = Made), (status = 400, body = Failure, description = "Invalid, or the address is in use"),
        (status = 403, body = Failure, description = "Registration is closed, the invitation does not serve, or the server is not set up"),
        (status = 409, body = Failure, description = "Somebody else has just used the invitation"),
        (status = 429, body = Failure)))]
pub(super) async fn register(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<Registration>,
) -> Result<Response> {
    let invitation = body.invite_token.as_deref();
    let made = context.accounts.register(&origin, &body.email, &body.name, body.password, invitation).await?;
    Ok(mail::entered(&context, made))
}

/// The first administrator.
#[derive(Deserialize, ToSchema)]
pub(super) struct FirstAdministrator {
    /// From the set-up link.
    token: String,
    email: String,
    password: String,
    name: String,
}

/// Makes the first administrator and signs them in; serves once.
#[utoipa::path(post, path = "/api/auth/setup", tag = "accounts", request_body = FirstAdministrator,
    responses((status = 200, body = Login), (status = 400, body = Failure), (status = 403, body = Failure, description = "Wrong token, or set up already"),
        (status = 429, body = Failure)))]
pub(super) async fn set_up(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<FirstAdministrator>,
) -> Result<Response> {
    let login = context.accounts.set_up(&origin, &body.token, &body.email, &body.name, body.password).await?;
    Ok(context.cookies.signed_in(&login, Login::from(&login)))
}

/// Mail address and password.
#[derive(Deserialize, ToSchema)]
pub(super) struct Credentials {
    email: String,
    password: String,
}

/// Signs in.
#[utoipa::path(post, path = "/api/auth/login", tag = "accounts", request_body = Credentials,
    responses((status = 200, body = Login), (status = 401, body = Failure, description = "Unknown address or wrong password"),
        (status = 403, body = Failure, description = "The account is disabled, or its mail address has to be proven first"),
        (status = 429, body = Failure)))]
pub(super) async fn login(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<Credentials>,
) -> Result<Response> {
    let login = context.accounts.login(&origin, &body.email, body.password).await?;
    Ok(context.cookies.signed_in(&login, Login::from(&login)))
}

/// A name and nothing else.
#[derive(Deserialize, ToSchema)]
pub(super) struct GuestName {
    /// 2 to 50 characters that can be seen, in any script.
    name: String,
}

/// Signs in with a name only.
#[utoipa::path(post, path = "/api/auth/guest-login", tag = "accounts", request_body = GuestName,
    responses((status = 200, body = Login), (status = 400, body = Failure), (status = 403, body = Failure, description = "Guests are off"),
        (status = 429, body = Failure)))]
pub(super) async fn guest_login(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<GuestName>,
) -> Result<Response> {
    let login = context.accounts.guest_login(&origin, &body.name).await?;
    Ok(context.cookies.signed_in(&login, Login::from(&login)))
}

/// A refresh token, where it does not come as a cookie.
#[derive(Default, Deserialize, ToSchema)]
pub(super) struct Refresh {
    refresh_token: Option<String>,
}

impl Refresh {
    fn or_cookie(self, headers: &HeaderMap) -> Option<String> {
        let given = self.refresh_token.filter(|token| !token.is_empty());
        given.or_else(|| cookies::read(headers, cookies::REFRESH).map(str::to_owned))
    }
}

/// The next pair of tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct Refreshed {
    access_token: String,
    refresh_token: String,
}

/// Exchanges a refresh token. A token serves once; used again after some seconds it ends the session.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "accounts", request_body = Option<Refresh>,
    responses((status = 200, body = Refreshed), (status = 400, body = Failure, description = "No refresh token"),
        (status = 401, body = Failure, description = "Unknown, used or revoked"),
        (status = 403, body = Failure, description = "The account is disabled"), (status = 429, body = Failure)))]
pub(super) async fn refresh(
    State(context): State<Context>,
    Caller(origin): Caller,
    headers: HeaderMap,
    MaybeBody(body): MaybeBody<Refresh>,
) -> Result<Response> {
    let missing =
        || Error::invalid("refresh_missing", "Send the refresh token in the body or as its cookie.");
    let token = body.or_cookie(&headers).ok_or_else(missing)?;
    let tokens = context.accounts.refresh(&origin, &token).await?;
    let body = Refreshed { access_token: tokens.access.clone(), refresh_token: tokens.refresh.clone() };
    Ok(context.cookies.refreshed(&tokens, body))
}

/// Ends the session. The refresh cookie, which no other site can send, is as good as the access token here.
#[utoipa::path(post, path = "/api/auth/logout", tag = "accounts", request_body = Option<Refresh>,
    responses((status = 200, body = Message), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Asked by another site's page")), security(("bearer" = [])))]
pub(super) async fn logout(
    State(context): State<Context>,
    Caller(origin): Caller,
    MaybeActor(actor): MaybeActor,
    headers: HeaderMap,
    MaybeBody(body): MaybeBody<Refresh>,
) -> Result<Response> {
    let token = body.or_cookie(&headers);
    context.accounts.logout(&origin, actor.as_ref(), token.as_deref()).await?;
    Ok(context.cookies.signed_out(Message { message: "Signed out." }))
}

/// A provider by which people may sign in: at `/api/auth/{id}/login`.
#[derive(Serialize, ToSchema)]
pub(super) struct SignInProvider {
    id: String,
    name: String,
}

/// What the page has to know before anybody signs in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Switches {
    server_name: String,
    /// True while the server waits for its first administrator.
    setup_required: bool,
    registration_enabled: bool,
    token_registration_only: bool,
    guest_login_enabled: bool,
    passkeys_enabled: bool,
    /// The ids of the providers by which people may sign in.
    oauth_providers: Vec<String>,
    /// The same with what people call them.
    sign_in_providers: Vec<SignInProvider>,
    require_email_verification: bool,
    /// Whether this server writes to people: who forgot a password has a link sent.
    mail_enabled: bool,
    chat_max_message_count: u32,
    #[serde(rename = "chatMessageTTLHours")]
    chat_message_ttl_hours: u32,
    chat_upload_max_bytes: u64,
    chat_upload_max_dimension: u32,
    recordings_enabled: bool,
}

/// The public switches.
#[utoipa::path(get, path = "/api/auth/settings", tag = "accounts", responses((status = 200, body = Switches)))]
pub(super) async fn settings(State(context): State<Context>) -> Result<Json<Switches>> {
    let values = context.settings.get().await?;
    let providers = context.accounts.providers();
    let shown = |one: &Provider| SignInProvider { id: one.id().to_owned(), name: one.name().to_owned() };
    Ok(Json(Switches {
        server_name: values.server_name.clone(),
        setup_required: context.accounts.is_setup_required().await?,
        registration_enabled: values.registration_enabled,
        token_registration_only: values.token_registration_only,
        guest_login_enabled: values.guest_login_enabled,
        chat_max_message_count: values.chat_max_message_count,
        chat_message_ttl_hours: values.chat_message_ttl_hours,
        passkeys_enabled: context.accounts.has_passkeys().await?,
        oauth_providers: providers.iter().map(|one| one.id().to_owned()).collect(),
        sign_in_providers: providers.iter().map(shown).collect(),
        require_email_verification: context.accounts.wants_proven_mail(),
        mail_enabled: context.accounts.has_mail(),
        // this server has none of these; the names are read by clients all the same
        chat_upload_max_bytes: 0,
        chat_upload_max_dimension: 0,
        recordings_enabled: false,
    }))
}
