//! Invitations to an account, for administrators.

use axum::{Json, extract::State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    accounts,
    door::{Failure, MaybeBody, Query, Segments, USUAL_PAGE, page},
    error::Result,
    http::{Administrator, Caller, Context},
    store::Timestamp,
};

/// A page of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct PageOf {
    /// Counted from 1.
    page: Option<u32>,
    /// At most 1000.
    limit: Option<u32>,
}

impl PageOf {
    /// Page and length, within their bounds.
    pub(in crate::http) fn bounds(&self) -> (i64, i64) {
        page(self.page, self.limit, USUAL_PAGE)
    }
}

/// An invitation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct InviteToken {
    id: String,
    /// The secret of the link `/signup#token`.
    token: String,
    /// The one address it is for; empty for any.
    email: String,
    created_by: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    used: bool,
    /// Whether it was just sent to its address.
    mailed: bool,
    /// Whether it makes an account: not used, not over, and by somebody who still administers the server.
    serves: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Timestamp>,
    /// User id of who came by it; empty while nobody has.
    used_by: String,
}

impl From<accounts::Invited> for InviteToken {
    fn from(invited: accounts::Invited) -> Self {
        let one = invited.invitation;
        Self {
            id: one.id,
            token: invited.token,
            email: one.email,
            created_by: one.created_by,
            created_at: one.created_at,
            expires_at: one.expires_at,
            used: one.used_at.is_some(),
            mailed: invited.is_mailed,
            serves: invited.serves,
            used_at: one.used_at,
            used_by: one.used_by,
        }
    }
}

/// Invitations.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct InviteTokens {
    tokens: Vec<InviteToken>,
    total: i64,
}

/// Lists invitations, newest first.
#[utoipa::path(get, operation_id = "admin_invitation_list", path = "/api/admin/invite-tokens", tag = "administration", params(PageOf),
    responses((status = 200, body = InviteTokens), (status = 401, body = Failure), (status = 403, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn list(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Query(page): Query<PageOf>,
) -> Result<Json<InviteTokens>> {
    let (page, limit) = page.bounds();
    let (found, total) = context.accounts.list_invitations(&actor, page, limit).await?;
    Ok(Json(InviteTokens { tokens: found.into_iter().map(InviteToken::from).collect(), total }))
}

/// A new invitation.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct NewInvite {
    /// The one address it is for.
    email: Option<String>,
    /// 72 without it.
    expires_in_hours: Option<u32>,
}

/// Invites somebody.
#[utoipa::path(post, operation_id = "admin_invitation_create", path = "/api/admin/invite-tokens", tag = "administration", request_body = Option<NewInvite>,
    responses((status = 201, body = InviteToken), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn create(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Caller(origin): Caller,
    MaybeBody(body): MaybeBody<NewInvite>,
) -> Result<(StatusCode, Json<InviteToken>)> {
    let invited = context
        .accounts
        .invite(&actor, body.email.as_deref(), body.expires_in_hours, &origin.languages)
        .await?;
    Ok((StatusCode::CREATED, Json(invited.into())))
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Revoked {
    status: &'static str,
}

/// Takes an invitation back.
#[utoipa::path(delete, operation_id = "admin_invitation_revoke", path = "/api/admin/invite-tokens/{id}", tag = "administration", params(("id" = String, Path)),
    responses((status = 200, body = Revoked), (status = 401, body = Failure), (status = 403, body = Failure),
        (status = 404, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn revoke(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
) -> Result<Json<Revoked>> {
    context.accounts.revoke_invitation(&actor, &id).await?;
    Ok(Json(Revoked { status: "success" }))
}
