//! Taking along what is one's own, and leaving.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    passkeys::{Passkey, PasskeyAnswer, given},
    providers::ProviderLink,
};
use crate::{
    door::{Failure, MaybeBody, Message},
    error::Result,
    http::{Context, WithAccount, me::Session, people::User, rooms::Room},
};

/// Rooms that were deleted and are still known.
const MOST_ARCHIVED: i64 = 1000;

/// Everything that is kept about an account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct OwnData {
    user: User,
    /// A JSON object as text.
    preferences_json: String,
    sessions: Vec<Session>,
    passkeys: Vec<Passkey>,
    providers: Vec<ProviderLink>,
    rooms: Vec<Room>,
    archived_rooms: Vec<Room>,
}

/// Everything that is kept about one's account, as a file.
#[utoipa::path(get, operation_id = "own_data", path = "/api/auth/me/export", tag = "accounts",
    responses((status = 200, body = OwnData), (status = 401, body = Failure), (status = 403, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn export(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
) -> Result<Response> {
    let user = context.accounts.me(&actor).await?;
    let (archived, _) = context.rooms.archived_of(&user.id, 1, MOST_ARCHIVED).await?;
    let data = OwnData {
        preferences_json: context.accounts.preferences(&actor).await?,
        sessions: context.accounts.own_sessions(&actor).await?.into_iter().map(Session::from).collect(),
        passkeys: context.accounts.own_passkeys(&actor).await?.into_iter().map(Passkey::from).collect(),
        providers: context.accounts.own_links(&actor).await?.into_iter().map(ProviderLink::from).collect(),
        rooms: context.rooms.list_of(&user.id).await?.into_iter().map(Room::from).collect(),
        archived_rooms: archived.into_iter().map(Room::from).collect(),
        user: user.as_ref().into(),
    };
    let mut answer = Json(data).into_response();
    let name = HeaderValue::from_static("attachment; filename=\"bedrud-account.json\"");
    answer.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(answer)
}

/// What proves that one means it.
#[derive(Default, Deserialize, ToSchema)]
pub(in crate::http) struct Leaving {
    /// Not needed where a passkey, or a provider, was used in the last ten minutes.
    password: Option<String>,
    /// What one of one's passkeys answered to `login/begin`.
    passkey: Option<PasskeyAnswer>,
}

/// Deletes one's own account and archives its rooms; meetings there end.
#[utoipa::path(delete, operation_id = "own_deletion", path = "/api/auth/me", tag = "accounts", request_body = Option<Leaving>,
    responses((status = 200, body = Message), (status = 400, body = Failure, description = "No proof, or a wrong password"),
        (status = 401, body = Failure), (status = 403, body = Failure),
        (status = 409, body = Failure, description = "The last administrator"), (status = 429, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn leave(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
    MaybeBody(body): MaybeBody<Leaving>,
) -> Result<Response> {
    context.accounts.delete_own(&actor, given(body.password, body.passkey)).await?;
    Ok(context.cookies.signed_out(Message { message: "Your account is deleted." }))
}
