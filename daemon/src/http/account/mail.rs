//! What is done by links in mail: a new password, and a mail address that is theirs.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    accounts::Entered,
    door::{Body, Failure, Message},
    error::Result,
    http::{Caller, Context, identity::Recognised, people::Login},
};

/// A mail address.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct MailAddress {
    email: String,
}

/// Has a link for a new password sent. The answer is the same whether there is such an account or not.
#[utoipa::path(post, operation_id = "forgot_password", path = "/api/auth/forgot-password", tag = "accounts", request_body = MailAddress,
    responses((status = 200, body = Message), (status = 400, body = Failure, description = "No mail address"),
        (status = 403, body = Failure, description = "This server sends no mail"), (status = 429, body = Failure),
        (status = 503, body = Failure, description = "Too much mail waits already")))]
pub(in crate::http) async fn forgot_password(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<MailAddress>,
) -> Result<Json<Message>> {
    context.accounts.forgot_password(&origin, &body.email).await?;
    Ok(Json(Message { message: "If there is an account with that mail address, a mail is on its way." }))
}

/// The secret of a link, and the next password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PasswordReset {
    /// Of the link `/reset#token`.
    token: String,
    /// 12 to 128 bytes.
    new_password: String,
}

/// Sets a new password by a link, which serves once, and ends every session of the account.
#[utoipa::path(post, operation_id = "reset_password", path = "/api/auth/reset-password", tag = "accounts", request_body = PasswordReset,
    responses((status = 200, body = Message), (status = 400, body = Failure, description = "The link does not serve, or the password does not fit"),
        (status = 403, body = Failure, description = "Asked by another site's page"), (status = 429, body = Failure)))]
pub(in crate::http) async fn reset_password(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<PasswordReset>,
) -> Result<Json<Message>> {
    context.accounts.reset_password(&origin, &body.token, body.new_password).await?;
    Ok(Json(Message { message: "Your password is changed. Sign in with it." }))
}

/// The secret of a link.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct Proof {
    /// Of the link `/verify#token`.
    token: String,
}

/// A proven mail address, and a session.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Verified {
    access_token: String,
    refresh_token: String,
    verified: bool,
}

/// Takes a link of a mail for the proof that the address is theirs, and signs in.
#[utoipa::path(post, operation_id = "verify_mail", path = "/api/auth/verify", tag = "accounts", request_body = Proof,
    responses((status = 200, body = Verified), (status = 401, body = Failure, description = "The link does not serve"),
        (status = 403, body = Failure, description = "The account is disabled"),
        (status = 404, body = Failure, description = "The account is gone, or has another address"),
        (status = 409, body = Failure, description = "Proven already"), (status = 429, body = Failure)))]
pub(in crate::http) async fn verify(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<Proof>,
) -> Result<Response> {
    let tokens = context.accounts.verify(&origin, &body.token).await?;
    let body = Verified {
        access_token: tokens.access.clone(),
        refresh_token: tokens.refresh.clone(),
        verified: true,
    };
    Ok(context.cookies.refreshed(&tokens, body))
}

/// How one's own mail address stands.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct VerifyStatus {
    verified: bool,
    /// Empty for guests.
    email: String,
}

/// Whether one's own mail address is proven.
#[utoipa::path(get, operation_id = "verify_status", path = "/api/auth/verify/status", tag = "accounts",
    responses((status = 200, body = VerifyStatus), (status = 401, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn verify_status(
    State(context): State<Context>,
    Recognised(actor): Recognised,
) -> Result<Json<VerifyStatus>> {
    let user = context.accounts.me(&actor).await?;
    Ok(Json(VerifyStatus {
        verified: user.email_verified_at.is_some(),
        email: user.email.clone().unwrap_or_default(),
    }))
}

/// Has the mail with the link sent again. The answer is the same whether there is such an account or not.
#[utoipa::path(post, operation_id = "verify_resend", path = "/api/auth/verify/resend", tag = "accounts", request_body = MailAddress,
    responses((status = 200, body = Message), (status = 400, body = Failure, description = "No mail address"),
        (status = 403, body = Failure, description = "This server sends no mail"), (status = 429, body = Failure),
        (status = 503, body = Failure, description = "Too much mail waits already")))]
pub(in crate::http) async fn verify_resend(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<MailAddress>,
) -> Result<Json<Message>> {
    context.accounts.resend_verification(&origin, &body.email).await?;
    Ok(Json(Message {
        message: "If there is an account whose mail address is not confirmed yet, a mail is on its way.",
    }))
}

/// Somebody whose mail address has to be proven before they come in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ToVerify {
    requires_verification: bool,
    message: &'static str,
    email: String,
}

/// What became of a new account.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(in crate::http) enum Made {
    /// Signed in.
    SignedIn(Login),
    /// To be proven first.
    ToVerify(ToVerify),
}

/// Signs in whoever has made an account, or says what is to be done before.
pub(in crate::http) fn entered(context: &Context, entered: Entered) -> Response {
    match entered {
        Entered::SignedIn(login) => context.cookies.signed_in(&login, Made::SignedIn(Login::from(&login))),
        Entered::ToProve(email) => {
            let message = "Your account is made. Follow the link in the mail that was sent to you.";
            Json(Made::ToVerify(ToVerify { requires_verification: true, message, email })).into_response()
        }
    }
}
