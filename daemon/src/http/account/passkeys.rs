//! Passkeys: what a browser is to ask a device, and the device's answer. Binary values are base64url without padding.

use axum::{Json, extract::State, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::mail::{self, Made};
use crate::{
    accounts,
    door::{Body, Failure, MaybeBody, Message, Segments},
    error::Result,
    http::{Caller, Context, WithAccount, people::Login},
    store::Timestamp,
};

/// How long a browser shall look for a device.
const TIMEOUT_MILLISECONDS: u32 = 300_000;

/// Somebody for whom a passkey is made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PasskeyUser {
    id: String,
    name: String,
    display_name: String,
}

/// The server for which it is made.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct PasskeyParty {
    id: String,
    name: String,
}

/// A kind of key.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct PasskeyKind {
    #[serde(rename = "type")]
    kind: &'static str,
    /// A COSE number.
    alg: i64,
}

/// What a device has to be able to do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PasskeyDevice {
    resident_key: &'static str,
    require_resident_key: bool,
    user_verification: &'static str,
}

/// A passkey that is there.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct KnownPasskey {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
}

/// For `navigator.credentials.create`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PasskeyCreation {
    challenge: String,
    user: PasskeyUser,
    rp: PasskeyParty,
    pub_key_cred_params: Vec<PasskeyKind>,
    authenticator_selection: PasskeyDevice,
    exclude_credentials: Vec<KnownPasskey>,
    attestation: &'static str,
    /// Milliseconds.
    timeout: u32,
}

/// For `navigator.credentials.get`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PasskeyRequest {
    challenge: String,
    rp_id: String,
    user_verification: &'static str,
    /// Only where a mail address was given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allow_credentials: Vec<KnownPasskey>,
    /// Milliseconds.
    timeout: u32,
}

fn known(ids: Vec<String>) -> Vec<KnownPasskey> {
    ids.into_iter().map(|id| KnownPasskey { kind: "public-key", id }).collect()
}

impl From<accounts::Creation> for PasskeyCreation {
    fn from(asked: accounts::Creation) -> Self {
        let kinds = asked.algorithms.into_iter();
        Self {
            challenge: asked.challenge,
            user: PasskeyUser { id: asked.user_id, name: asked.user_name, display_name: asked.display_name },
            rp: PasskeyParty { id: asked.party_id, name: asked.party_name },
            pub_key_cred_params: kinds.map(|alg| PasskeyKind { kind: "public-key", alg }).collect(),
            authenticator_selection: PasskeyDevice {
                resident_key: "preferred",
                require_resident_key: false,
                user_verification: "required",
            },
            exclude_credentials: known(asked.known),
            attestation: "none",
            timeout: TIMEOUT_MILLISECONDS,
        }
    }
}

/// A device's answer with a new passkey.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct NewPasskey {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    attestation_object: String,
    /// What its owner calls it.
    name: Option<String>,
}

impl From<NewPasskey> for accounts::Attestation {
    fn from(body: NewPasskey) -> Self {
        Self {
            client_data_json: body.client_data_json,
            attestation_object: body.attestation_object,
            name: body.name,
        }
    }
}

/// Who it is, once more.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PasskeyWanted {
    current_password: Option<String>,
    /// What one of the passkeys that there are answered to `login/begin`.
    passkey: Option<PasskeyAnswer>,
}

impl PasskeyWanted {
    /// The same as the accounts take it.
    pub(in crate::http) fn given(self) -> accounts::Given {
        given(self.current_password, self.passkey)
    }
}

/// What somebody gives who is asked once more who they are.
pub(in crate::http) fn given(password: Option<String>, passkey: Option<PasskeyAnswer>) -> accounts::Given {
    match (password.filter(|password| !password.is_empty()), passkey) {
        (Some(password), _) => accounts::Given::Password(password),
        (None, Some(answer)) => accounts::Given::Passkey(answer.into()),
        (None, None) => accounts::Given::Nothing,
    }
}

/// Begins one more passkey. Whoever signed in more than ten minutes ago gives their password, or uses a passkey again.
#[utoipa::path(post, operation_id = "passkey_register_begin", path = "/api/auth/passkey/register/begin", tag = "passkeys", request_body = Option<PasskeyWanted>,
    responses((status = 200, body = PasskeyCreation), (status = 400, body = Failure, description = "No proof, or a wrong one"), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Passkeys are off, or a guest asks"),
        (status = 409, body = Failure, description = "There are too many already"), (status = 429, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn register_begin(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
    MaybeBody(body): MaybeBody<PasskeyWanted>,
) -> Result<Json<PasskeyCreation>> {
    Ok(Json(context.accounts.passkey_wanted(&actor, body.given()).await?.into()))
}

/// Keeps the passkey that the device made.
#[utoipa::path(post, operation_id = "passkey_register_finish", path = "/api/auth/passkey/register/finish", tag = "passkeys", request_body = NewPasskey,
    responses((status = 200, body = Message), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn register_finish(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
    Body(body): Body<NewPasskey>,
) -> Result<Json<Message>> {
    context.accounts.register_passkey(&actor, body.into()).await?;
    Ok(Json(Message { message: "Your passkey is kept." }))
}

/// Who signs in, where that is known before.
#[derive(Default, Deserialize, ToSchema)]
pub(in crate::http) struct PasskeyOf {
    email: Option<String>,
}

/// Begins to sign in. With a mail address the passkeys of its account are named, or made-up ones.
#[utoipa::path(post, operation_id = "passkey_login_begin", path = "/api/auth/passkey/login/begin", tag = "passkeys", request_body = Option<PasskeyOf>,
    responses((status = 200, body = PasskeyRequest), (status = 400, body = Failure),
        (status = 403, body = Failure, description = "Passkeys are off"), (status = 429, body = Failure)))]
pub(in crate::http) async fn login_begin(
    State(context): State<Context>,
    Caller(origin): Caller,
    MaybeBody(body): MaybeBody<PasskeyOf>,
) -> Result<Json<PasskeyRequest>> {
    let asked = context.accounts.passkey_asked(&origin, body.email.as_deref()).await?;
    Ok(Json(PasskeyRequest {
        challenge: asked.challenge,
        rp_id: asked.party_id,
        user_verification: "required",
        allow_credentials: known(asked.allowed),
        timeout: TIMEOUT_MILLISECONDS,
    }))
}

/// A device's answer.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PasskeyAnswer {
    credential_id: String,
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    authenticator_data: String,
    signature: String,
}

impl From<PasskeyAnswer> for accounts::Assertion {
    fn from(body: PasskeyAnswer) -> Self {
        Self {
            credential_id: body.credential_id,
            client_data_json: body.client_data_json,
            authenticator_data: body.authenticator_data,
            signature: body.signature,
        }
    }
}

/// Signs in by the device's answer.
#[utoipa::path(post, operation_id = "passkey_login_finish", path = "/api/auth/passkey/login/finish", tag = "passkeys", request_body = PasskeyAnswer,
    responses((status = 200, body = Login), (status = 400, body = Failure),
        (status = 401, body = Failure, description = "Unknown, late, used twice, or it may be a copy"),
        (status = 403, body = Failure, description = "Passkeys are off, or the account is disabled"),
        (status = 429, body = Failure)))]
pub(in crate::http) async fn login_finish(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<PasskeyAnswer>,
) -> Result<Response> {
    let login = context.accounts.passkey_login(&origin, body.into()).await?;
    Ok(context.cookies.signed_in(&login, Login::from(&login)))
}

/// A new account without a password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PasskeyRegistration {
    email: String,
    /// 2 to 50 characters that can be seen, in any script.
    name: String,
    /// Of an invitation, where the server takes nobody else.
    invite_token: Option<String>,
}

/// Begins an account with a passkey.
#[utoipa::path(post, operation_id = "passkey_signup_begin", path = "/api/auth/passkey/signup/begin", tag = "passkeys", request_body = PasskeyRegistration,
    responses((status = 200, body = PasskeyCreation), (status = 400, body = Failure),
        (status = 403, body = Failure, description = "Passkeys are off, or registration is closed"),
        (status = 429, body = Failure)))]
pub(in crate::http) async fn signup_begin(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<PasskeyRegistration>,
) -> Result<Json<PasskeyCreation>> {
    let invitation = body.invite_token.as_deref();
    let asked = context.accounts.passkey_account_wanted(&origin, &body.email, &body.name, invitation);
    Ok(Json(asked.await?.into()))
}

/// Makes the account and signs it in.
#[utoipa::path(post, operation_id = "passkey_signup_finish", path = "/api/auth/passkey/signup/finish", tag = "passkeys", request_body = NewPasskey,
    responses((status = 200, body = Made), (status = 400, body = Failure, description = "Invalid, or the address is in use"),
        (status = 403, body = Failure, description = "Passkeys are off, or registration is closed"),
        (status = 409, body = Failure, description = "Somebody else has just used the invitation"),
        (status = 429, body = Failure)))]
pub(in crate::http) async fn signup_finish(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<NewPasskey>,
) -> Result<Response> {
    let made = context.accounts.passkey_account(&origin, body.into()).await?;
    Ok(mail::entered(&context, made))
}

/// One passkey.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Passkey {
    id: String,
    /// What its owner calls it; may be empty.
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl From<accounts::Passkey> for Passkey {
    fn from(one: accounts::Passkey) -> Self {
        Self { id: one.id, name: one.name, created_at: one.created_at, last_used_at: one.last_used_at }
    }
}

/// One's passkeys.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Passkeys {
    passkeys: Vec<Passkey>,
}

/// Lists one's passkeys, newest first.
#[utoipa::path(get, operation_id = "passkey_list", path = "/api/auth/passkeys", tag = "passkeys",
    responses((status = 200, body = Passkeys), (status = 401, body = Failure), (status = 403, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn list(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
) -> Result<Json<Passkeys>> {
    let own = context.accounts.own_passkeys(&actor).await?;
    Ok(Json(Passkeys { passkeys: own.into_iter().map(Passkey::from).collect() }))
}

/// Another name.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct PasskeyName {
    /// 1 to 50 characters that can be seen.
    name: String,
}

/// Calls one of one's passkeys something else.
#[utoipa::path(patch, operation_id = "passkey_rename", path = "/api/auth/passkeys/{id}", tag = "passkeys", params(("id" = String, Path)), request_body = PasskeyName,
    responses((status = 200, body = Message), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure), (status = 404, body = Failure), (status = 429, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn rename(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
    Segments(id): Segments<String>,
    Body(body): Body<PasskeyName>,
) -> Result<Json<Message>> {
    context.accounts.rename_passkey(&actor, &id, &body.name).await?;
    Ok(Json(Message { message: "That passkey has another name." }))
}

/// Removes one of one's passkeys, but never the last way in.
#[utoipa::path(delete, operation_id = "passkey_remove", path = "/api/auth/passkeys/{id}", tag = "passkeys", params(("id" = String, Path)),
    responses((status = 200, body = Message), (status = 401, body = Failure), (status = 403, body = Failure),
        (status = 404, body = Failure), (status = 409, body = Failure, description = "It is the last way in")),
    security(("bearer" = [])))]
pub(in crate::http) async fn remove(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
    Segments(id): Segments<String>,
) -> Result<Json<Message>> {
    context.accounts.remove_passkey(&actor, &id).await?;
    Ok(Json(Message { message: "That passkey is removed." }))
}
