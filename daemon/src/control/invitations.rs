//! Invitations to an account, for the operator.

use axum::{Extension, Json, extract::State};
use bedrud_control::{Invitation, Invitations, NewInvitation, PageQuery};

use super::Context;
use crate::{
    accounts,
    actor::Actor,
    door::{Body, Query, Segments, USUAL_PAGE, page},
    error::Result,
};

/// `GET /v1/invitations`
pub(super) async fn list(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Invitations>> {
    let (page, limit) = page(query.page, query.limit, USUAL_PAGE);
    let (found, total) = context.accounts.list_invitations(&actor, page, limit).await?;
    let invitations = found.into_iter().map(|one| shown(&context, one)).collect();
    Ok(Json(Invitations { invitations, total }))
}

/// `POST /v1/invitations`
pub(super) async fn create(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Body(new): Body<NewInvitation>,
) -> Result<Json<Invitation>> {
    let invited = context.accounts.invite(&actor, new.email.as_deref(), new.expires_in_hours, "").await?;
    Ok(Json(shown(&context, invited)))
}

/// `DELETE /v1/invitations/{id}`
pub(super) async fn revoke(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(id): Segments<String>,
) -> Result<Json<serde_json::Value>> {
    context.accounts.revoke_invitation(&actor, &id).await?;
    Ok(Json(serde_json::json!({"id": id})))
}

fn shown(context: &Context, invited: accounts::Invited) -> Invitation {
    let one = invited.invitation;
    Invitation {
        // behind the sign that browsers keep to themselves, so that it is in no log
        link: format!("{}/signup#{}", (context.public_url)(), invited.token),
        id: one.id,
        email: one.email,
        created_by: one.created_by,
        created_at: one.created_at.to_string(),
        expires_at: one.expires_at.to_string(),
        used_at: one.used_at.map(|at| at.to_string()),
        used_by: one.used_by,
        serves: invited.serves,
        mailed: invited.is_mailed,
    }
}
