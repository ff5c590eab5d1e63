//! Invitation links of a room, over HTTP.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    door::{Failure, MaybeBody, Segments},
    error::Result,
    http::{
        Context,
        identity::SignedIn,
        moderation::{Done, SUCCESS},
    },
    rooms,
    store::{Timestamp, meeting::invitations as table},
};

/// A link that lets people in past the lobby.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct RoomInvitation {
    id: String,
    /// `participant` or `moderator`.
    role: &'static str,
    label: String,
    /// How many people may come by it; `null`: as many as want.
    max_uses: Option<i64>,
    uses: i64,
    created_by: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// `null`: until it is taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl From<table::Invitation> for RoomInvitation {
    fn from(kept: table::Invitation) -> Self {
        Self {
            id: kept.id,
            role: kept.role.name(),
            label: kept.label,
            max_uses: kept.most_uses,
            uses: kept.uses,
            created_by: kept.created_by,
            created_at: kept.created_at,
            expires_at: kept.expires_at,
        }
    }
}

/// The links of a room.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RoomInvitations {
    invitations: Vec<RoomInvitation>,
}

/// A link to make.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct NewRoomInvitation {
    /// `participant`, unless told otherwise, or `moderator` (owner and administrators).
    role: Option<String>,
    /// 1: a link for one person. Left out: as many as want.
    max_uses: Option<i64>,
    /// Left out: until it is taken back.
    expires_in_hours: Option<i64>,
    /// For its maker.
    label: Option<String>,
}

/// A link just made. The token is told once.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct MadeRoomInvitation {
    #[serde(flatten)]
    invitation: RoomInvitation,
    /// `invitation` of a join.
    token: String,
    /// Below the address of this server.
    path: String,
}

/// The links of a room that were not taken back, newest first.
#[utoipa::path(get, path = "/api/room/{id}/invitations", tag = "lobby", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room")),
    responses((status = 200, body = RoomInvitations), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "No moderator"), (status = 404, body = Failure)))]
pub(in crate::http) async fn invitations_of(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments(room): Segments<String>,
) -> Result<Json<RoomInvitations>> {
    let kept = context.rooms.invitations(&actor, &room).await?;
    Ok(Json(RoomInvitations { invitations: kept.into_iter().map(RoomInvitation::from).collect() }))
}

/// Makes a link that lets people in past the lobby.
#[utoipa::path(post, path = "/api/room/{id}/invitations", tag = "lobby", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room")), request_body = Option<NewRoomInvitation>,
    responses((status = 200, body = MadeRoomInvitation), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "No moderator, not the owner, or too many links"),
        (status = 404, body = Failure)))]
pub(in crate::http) async fn invite(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments(room): Segments<String>,
    MaybeBody(body): MaybeBody<NewRoomInvitation>,
) -> Result<Json<MadeRoomInvitation>> {
    let wanted = rooms::NewInvitation {
        role: body.role,
        most_uses: body.max_uses,
        hours: body.expires_in_hours,
        label: body.label.unwrap_or_default(),
    };
    let made = context.rooms.invite(&actor, &room, wanted).await?;
    let path = format!("/m/{}#invitation={}", made.slug, made.secret);
    Ok(Json(MadeRoomInvitation { invitation: made.invitation.into(), token: made.secret, path }))
}

/// Takes a link back. Who came by it would have to ask again; who is inside stays.
#[utoipa::path(delete, path = "/api/room/{id}/invitations/{invitation}", tag = "lobby", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room"), ("invitation" = String, Path)),
    responses((status = 200, body = Done), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "No moderator, or not the owner"), (status = 404, body = Failure)))]
pub(in crate::http) async fn uninvite(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments((room, invitation)): Segments<(String, String)>,
) -> Result<Json<Done>> {
    context.rooms.uninvite(&actor, &room, &invitation).await?;
    Ok(SUCCESS)
}
