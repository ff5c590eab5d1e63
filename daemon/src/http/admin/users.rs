//! Accounts, for administrators: look through them, change one, or many at once.

use std::collections::BTreeMap;

use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wanted::{UserQuery, role_of};
use crate::{
    accounts,
    actor::{Actor, Role},
    door::{Body, Failure, Message, Query, Segments},
    error::{Error, Result},
    http::{Administrator, Context, rooms::Room},
    store::Timestamp,
};

/// Accounts changed by one request.
const MOST_AT_ONCE: usize = 500;

/// An account, to administrators.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ListedUser {
    id: String,
    /// Empty for guests.
    email: String,
    name: String,
    provider: String,
    accesses: &'static [&'static str],
    is_active: bool,
    is_admin: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    email_verified_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<accounts::User> for ListedUser {
    fn from(user: accounts::User) -> Self {
        Self {
            id: user.id,
            email: user.email.unwrap_or_default(),
            name: user.name,
            provider: user.provider,
            accesses: user.role.accesses(),
            is_active: user.is_active,
            is_admin: user.role == Role::Admin,
            email_verified_at: user.email_verified_at,
            created_at: user.created_at,
        }
    }
}

/// A page of accounts.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ListedUsers {
    users: Vec<ListedUser>,
    total: i64,
    page: i64,
    limit: i64,
}

async fn found(context: &Context, actor: &Actor, query: &UserQuery) -> Result<Json<ListedUsers>> {
    let (page, limit) = query.bounds();
    let found = context.accounts.list_users(actor, query.wanted()?, page, limit).await?;
    let users = found.users.into_iter().map(ListedUser::from).collect();
    Ok(Json(ListedUsers { users, total: found.total, page, limit }))
}

/// Looks through accounts, newest first unless told otherwise.
#[utoipa::path(get, operation_id = "admin_user_list", path = "/api/admin/users", tag = "administration", params(UserQuery),
    responses((status = 200, body = ListedUsers), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn list(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Query(query): Query<UserQuery>,
) -> Result<Json<ListedUsers>> {
    found(&context, &actor, &query).await
}

/// The newest accounts.
#[utoipa::path(get, operation_id = "admin_user_recent", path = "/api/admin/users/recent", tag = "administration", params(UserQuery),
    responses((status = 200, body = ListedUsers), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn recent(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Query(query): Query<UserQuery>,
) -> Result<Json<ListedUsers>> {
    found(&context, &actor, &query).await
}

/// An account with its rooms.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct UserWithRooms {
    user: ListedUser,
    rooms: Vec<Room>,
}

/// One account, with the rooms it owns.
#[utoipa::path(get, operation_id = "admin_user_show", path = "/api/admin/users/{id}", tag = "administration", params(("id" = String, Path)),
    responses((status = 200, body = UserWithRooms), (status = 401, body = Failure), (status = 403, body = Failure),
        (status = 404, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn show(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
) -> Result<Json<UserWithRooms>> {
    let user = context.accounts.user_of(&actor, &id).await?;
    let rooms = context.rooms.list_of(&user.id).await?.into_iter().map(Room::from).collect();
    Ok(Json(UserWithRooms { user: user.into(), rooms }))
}

/// Whether somebody may come in.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct UserStatus {
    active: bool,
}

/// Disables an account, at once and everywhere, or enables it again.
#[utoipa::path(put, operation_id = "admin_user_set_status", path = "/api/admin/users/{id}/status", tag = "administration", params(("id" = String, Path)), request_body = UserStatus,
    responses((status = 200, body = Message), (status = 400, body = Failure, description = "One's own account"),
        (status = 401, body = Failure), (status = 403, body = Failure), (status = 404, body = Failure),
        (status = 409, body = Failure, description = "The last administrator")), security(("bearer" = [])))]
pub(in crate::http) async fn set_status(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
    Body(body): Body<UserStatus>,
) -> Result<Json<Message>> {
    context.accounts.set_active(&actor, &id, body.active).await?;
    let message = if body.active { "The account is enabled." } else { "The account is disabled." };
    Ok(Json(Message { message }))
}

/// What somebody may do.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct UserAccesses {
    /// With `superadmin` among them they administer the server.
    accesses: Vec<String>,
}

/// Makes somebody an administrator, or no longer one, at once.
#[utoipa::path(put, operation_id = "admin_user_set_accesses", path = "/api/admin/users/{id}/accesses", tag = "administration", params(("id" = String, Path)), request_body = UserAccesses,
    responses((status = 200, body = Message), (status = 400, body = Failure, description = "One's own account, or no such role"),
        (status = 401, body = Failure), (status = 403, body = Failure), (status = 404, body = Failure),
        (status = 409, body = Failure, description = "The last administrator")), security(("bearer" = [])))]
pub(in crate::http) async fn set_accesses(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
    Body(body): Body<UserAccesses>,
) -> Result<Json<Message>> {
    let roles: Result<Vec<Role>> = body.accesses.iter().map(|access| role_of(access)).collect();
    let roles = roles?;
    let role = if roles.contains(&Role::Admin) { Role::Admin } else { Role::User };
    if roles.is_empty() || roles.contains(&Role::Guest) {
        return Err(Error::invalid("role_invalid", "An account has the role superadmin or user."));
    }
    context.accounts.set_role(&actor, &id, role).await?;
    Ok(Json(Message { message: "The role is changed." }))
}

/// A password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct UserPassword {
    /// 12 to 128 bytes.
    password: String,
    /// Passkeys go on opening the account; otherwise they are removed.
    #[serde(default)]
    keep_passkeys: bool,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PasswordSet {
    message: &'static str,
    /// Passkeys that do not open the account any more.
    passkeys_removed: usize,
}

/// Sets somebody's password, ends their sessions and removes their passkeys.
#[utoipa::path(put, operation_id = "admin_user_set_password", path = "/api/admin/users/{id}/password", tag = "administration", params(("id" = String, Path)), request_body = UserPassword,
    responses((status = 200, body = PasswordSet), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure), (status = 404, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn set_password(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
    Body(body): Body<UserPassword>,
) -> Result<Json<PasswordSet>> {
    let set = context.accounts.set_password(&actor, &id, Some(body.password), body.keep_passkeys).await?;
    let message = match set.passkeys_removed {
        0 => "The password is set, and every session ended.",
        _ => "The password is set, every session ended, and the passkeys are removed.",
    };
    Ok(Json(PasswordSet { message, passkeys_removed: set.passkeys_removed }))
}

/// Ends every session of somebody.
#[utoipa::path(post, operation_id = "admin_user_force_logout", path = "/api/admin/users/{id}/force-logout", tag = "administration", params(("id" = String, Path)),
    responses((status = 200, body = Message), (status = 401, body = Failure), (status = 403, body = Failure),
        (status = 404, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn force_logout(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
) -> Result<Json<Message>> {
    context.accounts.end_sessions(&actor, &id).await?;
    Ok(Json(Message { message: "Every session ended." }))
}

/// Takes an administrator's word that the mail address is theirs.
#[utoipa::path(post, operation_id = "admin_user_verify", path = "/api/admin/users/{id}/verify", tag = "administration", params(("id" = String, Path)),
    responses((status = 200, body = Message), (status = 400, body = Failure, description = "A guest"),
        (status = 401, body = Failure), (status = 403, body = Failure), (status = 404, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn verify(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
) -> Result<Json<Message>> {
    context.accounts.set_verified(&actor, &id).await?;
    Ok(Json(Message { message: "The mail address counts as proven." }))
}

/// Sends somebody the mail by which they prove that the address is theirs.
#[utoipa::path(post, operation_id = "admin_user_verify_resend", path = "/api/admin/users/{id}/verify/resend", tag = "administration", params(("id" = String, Path)),
    responses((status = 200, body = Message), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Not an administrator, or this server sends no mail"),
        (status = 404, body = Failure), (status = 409, body = Failure, description = "Nothing has to be proven"),
        (status = 429, body = Failure), (status = 503, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn verify_resend(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
) -> Result<Json<Message>> {
    context.accounts.send_verification_to(&actor, &id).await?;
    Ok(Json(Message { message: "A mail is on its way." }))
}

/// What a deletion took along.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct DeletedUser {
    message: &'static str,
    /// Rooms that were archived.
    rooms: usize,
}

/// Deletes an account and archives its rooms; meetings there end.
#[utoipa::path(delete, operation_id = "admin_user_delete", path = "/api/admin/users/{id}", tag = "administration", params(("id" = String, Path)),
    responses((status = 202, body = DeletedUser), (status = 400, body = Failure, description = "One's own account"),
        (status = 401, body = Failure), (status = 403, body = Failure), (status = 404, body = Failure),
        (status = 409, body = Failure, description = "The last administrator")), security(("bearer" = [])))]
pub(in crate::http) async fn delete(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
) -> Result<impl IntoResponse> {
    let rooms = context.rooms.list_of(&id).await?.len();
    context.accounts.delete_user(&actor, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(DeletedUser { message: "The account is deleted.", rooms })))
}

/// Whom.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct ManyUsers {
    /// At most 500.
    ids: Vec<String>,
}

/// What became of one of many.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct OneOfMany {
    success: bool,
    name: String,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// What became of many, by id.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Many {
    results: BTreeMap<String, OneOfMany>,
    total_processed: usize,
    total_failed: usize,
}

/// One after the other, each a decision of its own: what fails for one is no obstacle to the next.
async fn each<D>(
    context: &Context,
    actor: &Actor,
    ids: Vec<String>,
    deed: impl Fn(String) -> D,
) -> Result<Many>
where
    D: Future<Output = Result<()>>,
{
    if ids.len() > MOST_AT_ONCE {
        let s = format!("Name at most {MOST_AT_ONCE} accounts at once.");
        return Err(Error::invalid("too_many_ids", s));
    }
    let mut results = BTreeMap::new();
    for id in ids {
        let name = context.accounts.user_of(actor, &id).await.map(|user| user.name).unwrap_or_default();
        let failed = deed(id.clone()).await.err();
        let error = failed.map(|e| e.sentence.into_owned());
        results.insert(id, OneOfMany { success: error.is_none(), name, error });
    }
    let total_failed = results.values().filter(|one| !one.success).count();
    Ok(Many { total_processed: results.len(), total_failed, results })
}

/// Disables many accounts.
#[utoipa::path(post, operation_id = "admin_user_ban_many", path = "/api/admin/users/bulk/ban", tag = "administration", request_body = ManyUsers,
    responses((status = 200, body = Many), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn ban_many(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Body(body): Body<ManyUsers>,
) -> Result<Json<Many>> {
    let ban = async |id: String| context.accounts.set_active(&actor, &id, false).await.map(drop);
    each(&context, &actor, body.ids, ban).await.map(Json)
}

/// Makes administrators of many.
#[utoipa::path(post, operation_id = "admin_user_promote_many", path = "/api/admin/users/bulk/promote", tag = "administration", request_body = ManyUsers,
    responses((status = 200, body = Many), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn promote_many(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Body(body): Body<ManyUsers>,
) -> Result<Json<Many>> {
    let promote = async |id: String| context.accounts.set_role(&actor, &id, Role::Admin).await.map(drop);
    each(&context, &actor, body.ids, promote).await.map(Json)
}

/// How many accounts are deleted.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct DeletedUsers {
    message: &'static str,
    count: usize,
    /// Why the others are not, by id.
    skipped: BTreeMap<String, String>,
}

/// Deletes many accounts.
#[utoipa::path(post, operation_id = "admin_user_delete_many", path = "/api/admin/users/bulk/delete", tag = "administration", request_body = ManyUsers,
    responses((status = 202, body = DeletedUsers), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn delete_many(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Body(body): Body<ManyUsers>,
) -> Result<impl IntoResponse> {
    let delete = async |id: String| context.accounts.delete_user(&actor, &id).await;
    let many = each(&context, &actor, body.ids, delete).await?;
    let count = many.total_processed - many.total_failed;
    let failed = many.results.into_iter().filter_map(|(id, one)| Some((id, one.error?)));
    let body = DeletedUsers { message: "The accounts are deleted.", count, skipped: failed.collect() };
    Ok((StatusCode::ACCEPTED, Json(body)))
}
