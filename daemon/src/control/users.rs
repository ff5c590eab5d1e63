//! Accounts, for the operator.

use axum::{Extension, Json, extract::State};
use bedrud_control::{
    ChangeQuery, Deletion, NewPassword, NewRole, NewStatus, NewUser, PageQuery, ResetLink, Session, Sessions,
    User, Users, WithPassword,
};

use super::Context;
use crate::{
    accounts,
    actor::{Actor, Role},
    door::{Body, Query, Segments, USUAL_PAGE, page},
    error::{Error, Result},
    store::search::Wanted,
};

/// `GET /v1/users`
pub(super) async fn list(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Users>> {
    let (page, limit) = page(query.page, query.limit, USUAL_PAGE);
    let wanted = Wanted { text: query.q.trim().to_owned(), ..Wanted::default() };
    let found = context.accounts.list_users(&actor, wanted, page, limit).await?;
    let users = found.users.into_iter().map(shown).collect();
    Ok(Json(Users { users, total: found.total, page, limit }))
}

/// `POST /v1/users`
pub(super) async fn add(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Body(new): Body<NewUser>,
) -> Result<Json<WithPassword>> {
    let role = if new.admin { Role::Admin } else { Role::User };
    let made = context.accounts.create_user(&actor, &new.email, &new.name, new.password, role).await?;
    Ok(Json(with_password(made)))
}

/// `GET /v1/users/{user}`
pub(super) async fn show(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(user): Segments<String>,
) -> Result<Json<User>> {
    context.accounts.find_user(&actor, &user).await.map(shown).map(Json)
}

/// `PUT /v1/users/{user}/password`
pub(super) async fn set_password(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(user): Segments<String>,
    Body(new): Body<NewPassword>,
) -> Result<Json<WithPassword>> {
    let user = context.accounts.find_user(&actor, &user).await?;
    let made = context.accounts.set_password(&actor, &user.id, new.password, new.keep_passkeys).await?;
    Ok(Json(with_password(made)))
}

/// `PUT /v1/users/{user}/role`
pub(super) async fn set_role(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(user): Segments<String>,
    Query(change): Query<ChangeQuery>,
    Body(new): Body<NewRole>,
) -> Result<Json<User>> {
    let unknown = || Error::invalid("role_invalid", "An account has the role admin or user.");
    let role = Role::named(&new.role).ok_or_else(unknown)?;
    let user = context.accounts.find_user(&actor, &user).await?;
    if change.dry_run {
        return Ok(Json(shown(user)));
    }
    let user = context.accounts.set_role(&actor, &user.id, role).await?;
    Ok(Json(shown(user)))
}

/// `PUT /v1/users/{user}/status`
pub(super) async fn set_status(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(user): Segments<String>,
    Query(change): Query<ChangeQuery>,
    Body(new): Body<NewStatus>,
) -> Result<Json<User>> {
    let user = context.accounts.find_user(&actor, &user).await?;
    if change.dry_run {
        return Ok(Json(shown(user)));
    }
    let user = context.accounts.set_active(&actor, &user.id, new.active).await?;
    Ok(Json(shown(user)))
}

/// `PUT /v1/users/{user}/verified`
pub(super) async fn set_verified(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(user): Segments<String>,
    Query(change): Query<ChangeQuery>,
) -> Result<Json<User>> {
    let user = context.accounts.find_user(&actor, &user).await?;
    if change.dry_run {
        return Ok(Json(shown(user)));
    }
    let user = context.accounts.set_verified(&actor, &user.id).await?;
    Ok(Json(shown(user)))
}

/// `POST /v1/users/{user}/reset-link`
pub(super) async fn reset_link(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(user): Segments<String>,
) -> Result<Json<ResetLink>> {
    let user = context.accounts.find_user(&actor, &user).await?;
    let (token, until) = context.accounts.reset_token(&actor, &user.id).await?;
    let link = format!("{}/reset#{token}", (context.public_url)());
    Ok(Json(ResetLink { link, expires_at: until.to_string() }))
}

/// Names of rooms that a question shows.
const SHOWN_ROOMS: usize = 5;

/// `GET /v1/users/{user}/deletion`
pub(super) async fn deletion(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(user): Segments<String>,
) -> Result<Json<Deletion>> {
    let user = context.accounts.find_user(&actor, &user).await?;
    let rooms = context.rooms.list_of(&user.id).await?;
    let inside = context.rooms.inside_own(&user.id).await?;
    let people: usize = inside.iter().map(|room| room.people.len()).sum();
    Ok(Json(Deletion {
        room_count: i64::try_from(rooms.len()).unwrap_or(i64::MAX),
        rooms: rooms.into_iter().take(SHOWN_ROOMS).map(|room| room.name).collect(),
        people_inside: i64::try_from(people).unwrap_or(i64::MAX),
        user: shown(user),
    }))
}

/// `DELETE /v1/users/{user}`
pub(super) async fn delete(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(user): Segments<String>,
) -> Result<Json<User>> {
    let user = context.accounts.find_user(&actor, &user).await?;
    context.accounts.delete_user(&actor, &user.id).await?;
    Ok(Json(shown(user)))
}

/// `GET /v1/users/{user}/sessions`
pub(super) async fn sessions(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(user): Segments<String>,
) -> Result<Json<Sessions>> {
    let user = context.accounts.find_user(&actor, &user).await?;
    open_sessions(&context, &actor, user).await
}

/// `DELETE /v1/users/{user}/sessions`
pub(super) async fn end_sessions(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(user): Segments<String>,
) -> Result<Json<Sessions>> {
    let user = context.accounts.find_user(&actor, &user).await?;
    context.accounts.end_sessions(&actor, &user.id).await?;
    open_sessions(&context, &actor, user).await
}

/// `DELETE /v1/users/{user}/sessions/{session}`
pub(super) async fn end_session(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments((user, session)): Segments<(String, String)>,
) -> Result<Json<Sessions>> {
    let user = context.accounts.find_user(&actor, &user).await?;
    context.accounts.end_session(&actor, &user.id, &session).await?;
    open_sessions(&context, &actor, user).await
}

async fn open_sessions(context: &Context, actor: &Actor, user: accounts::User) -> Result<Json<Sessions>> {
    let open = context.accounts.sessions_of(actor, &user.id).await?;
    let sessions = open.into_iter().map(|session| Session {
        id: session.id,
        created_at: session.created_at.to_string(),
        last_used_at: session.last_used_at.to_string(),
        expires_at: session.expires_at.to_string(),
        address: session.address,
        agent: session.agent,
    });
    Ok(Json(Sessions { user: shown(user), sessions: sessions.collect() }))
}

fn with_password(made: accounts::Made) -> WithPassword {
    WithPassword {
        user: shown(made.user),
        password: made.generated_password,
        passkeys_removed: made.passkeys_removed,
    }
}

fn shown(user: accounts::User) -> User {
    User {
        id: user.id,
        email: user.email.unwrap_or_default(),
        name: user.name,
        provider: user.provider,
        avatar_url: user.avatar_url,
        accesses: user.role.accesses().iter().map(|access| (*access).to_owned()).collect(),
        is_active: user.is_active,
        email_verified_at: user.email_verified_at.map(|at| at.to_string()),
        password_changed_at: user.password_changed_at.map(|at| at.to_string()),
        created_at: user.created_at.to_string(),
        updated_at: user.updated_at.to_string(),
    }
}
