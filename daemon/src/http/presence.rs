//! Who is in a room, and what may be known of them.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Context,
    identity::{MaybeActor, SignedIn, WithAccount},
    rooms::identity,
};
use crate::{
    door::{Failure, Query, Segments},
    error::Result,
    rooms,
};

/// What is asked of presence.
#[derive(Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wanted {
    /// `1`: only how many.
    count_only: Option<String>,
}

/// Somebody inside.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Inside {
    identity: String,
    name: String,
    avatar_url: String,
}

/// Who is inside, or how many.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Presence {
    Count { count: i64 },
    People { participants: Vec<Inside> },
}

/// Who is inside of a public room; without signing in, only how many.
#[utoipa::path(get, path = "/api/room/{id}/presence", tag = "rooms", params(("id" = String, Path), Wanted),
    responses((status = 200, body = Presence), (status = 401, body = Failure, description = "An access token that is not valid"),
        (status = 404, body = Failure, description = "No such room, or a private one")))]
pub(super) async fn presence(
    State(context): State<Context>,
    MaybeActor(actor): MaybeActor,
    Segments(id): Segments<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Presence>> {
    let count_only = wanted.count_only.is_some_and(|v| v == "1" || v == "true");
    Ok(Json(match context.rooms.presence(actor.as_ref(), &id, count_only).await? {
        rooms::Presence::Count(count) => Presence::Count { count },
        rooms::Presence::People(people) => {
            let shape = people.into_iter().map(|p| Inside {
                identity: p.identity,
                name: p.name,
                avatar_url: p.avatar_url,
            });
            Presence::People { participants: shape.collect() }
        }
    }))
}

/// Somebody inside, in a list of rooms.
#[derive(Serialize, ToSchema)]
pub(super) struct Named {
    identity: String,
    name: String,
}

/// A room with somebody inside.
#[derive(Serialize, ToSchema)]
pub(super) struct Inhabited {
    id: String,
    count: usize,
    /// The first few to come.
    participants: Vec<Named>,
}

/// The rooms that have somebody inside.
#[derive(Serialize, ToSchema)]
pub(super) struct InhabitedRooms {
    rooms: Vec<Inhabited>,
}

/// Who is inside of one's own rooms, in one answer; rooms without anybody are left out.
#[utoipa::path(get, path = "/api/room/inside", tag = "rooms", security(("bearer" = [])),
    responses((status = 200, body = InhabitedRooms), (status = 401, body = Failure), (status = 403, body = Failure)))]
pub(super) async fn inside_own(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
) -> Result<Json<InhabitedRooms>> {
    const NAMED: usize = 5;
    let rooms = context.rooms.inside_own(identity(&actor)).await?;
    let shape = |room: rooms::Inhabited| Inhabited {
        id: room.room_id,
        count: room.people.len(),
        participants: room
            .people
            .into_iter()
            .take(NAMED)
            .map(|(identity, name)| Named { identity, name })
            .collect(),
    };
    Ok(Json(InhabitedRooms { rooms: rooms.into_iter().map(shape).collect() }))
}

/// A published track.
#[derive(Serialize, ToSchema)]
pub(super) struct Track {
    sid: String,
    /// `AUDIO`, `VIDEO` or `DATA`.
    r#type: &'static str,
    /// `CAMERA`, `MICROPHONE`, `SCREEN_SHARE`, `SCREEN_SHARE_AUDIO` or `UNKNOWN`.
    source: &'static str,
    muted: bool,
}

/// Somebody's connection.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Info {
    identity: String,
    name: String,
    /// `ACTIVE`, or `JOINING` while the media connection is not up.
    state: &'static str,
    /// Unix seconds.
    joined_at: i64,
    tracks: Vec<Track>,
}

/// Somebody's connection and tracks: for themselves and for moderators.
#[utoipa::path(get, path = "/api/room/{id}/participant/{identity}/info", tag = "rooms", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room"), ("identity" = String, Path, description = "Participant")),
    responses((status = 200, body = Info), (status = 401, body = Failure), (status = 403, body = Failure), (status = 404, body = Failure)))]
pub(super) async fn info(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments((room, identity)): Segments<(String, String)>,
) -> Result<Json<Info>> {
    let person = context.rooms.participant(&actor, &room, &identity).await?;
    let tracks = person.tracks.into_iter().map(|track| Track {
        r#type: track.kind.name(),
        source: track.source.name(),
        sid: track.sid,
        muted: track.muted,
    });
    Ok(Json(Info {
        identity: person.identity,
        name: person.name,
        state: if person.active { "ACTIVE" } else { "JOINING" },
        joined_at: person.joined_at_ms.div_euclid(1000),
        tracks: tracks.collect(),
    }))
}

/// What people in one room see of each other.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    id: String,
    name: String,
    avatar_url: String,
}

/// Name and picture of somebody inside, for somebody inside.
#[utoipa::path(get, path = "/api/room/{id}/participant/{identity}/profile", tag = "rooms", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room"), ("identity" = String, Path, description = "Participant")),
    responses((status = 200, body = Profile), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Not inside oneself"), (status = 404, body = Failure)))]
pub(super) async fn profile(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments((room, identity)): Segments<(String, String)>,
) -> Result<Json<Profile>> {
    let rooms::Profile { id, name, avatar_url } = context.rooms.profile(&actor, &room, &identity).await?;
    Ok(Json(Profile { id, name, avatar_url }))
}
