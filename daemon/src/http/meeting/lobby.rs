//! The lobby, over HTTP: somebody's turn as server-sent events, and what moderators do about those who wait.

use std::convert::Infallible;

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use http::header;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    door::{Failure, Segments},
    error::Result,
    http::{
        Context,
        identity::{Caller, SignedIn},
        moderation::{Done, SUCCESS},
    },
    rooms::{Place, Turn},
    store::{Timestamp, meeting::lobby},
};

/// Somebody who waits to be let in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct InLobby {
    ticket: String,
    identity: String,
    name: String,
    avatar_url: String,
    /// Came with a name only.
    is_guest: bool,
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
}

impl From<lobby::Waiting> for InLobby {
    fn from(waiting: lobby::Waiting) -> Self {
        let lobby::Waiting { ticket, identity, name, avatar_url, is_guest, asked_at } = waiting;
        Self { ticket, identity, name, avatar_url, is_guest, asked_at }
    }
}

/// Who waits, who came first at the front.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Lobby {
    waiting: Vec<InLobby>,
    /// Until the meeting ends whoever is new waits.
    is_locked: bool,
}

/// Who waits to be let into a room.
#[utoipa::path(get, path = "/api/room/{id}/lobby", tag = "lobby", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room")),
    responses((status = 200, body = Lobby), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "No moderator"), (status = 404, body = Failure)))]
pub(in crate::http) async fn waiting(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments(room): Segments<String>,
) -> Result<Json<Lobby>> {
    let (waiting, is_locked) = context.rooms.lobby(&actor, &room).await?;
    Ok(Json(Lobby { waiting: waiting.into_iter().map(InLobby::from).collect(), is_locked }))
}

macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident, $path:literal;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "lobby", security(("bearer" = [])),
            params(("id" = String, Path, description = "Room"), ("ticket" = String, Path)),
            responses((status = 200, body = Done), (status = 401, body = Failure),
                (status = 403, body = Failure, description = "No moderator"), (status = 404, body = Failure),
                (status = 409, body = Failure, description = "Answered already"),
                (status = 410, body = Failure, description = "Whoever asked does not wait any more")))]
        pub(in crate::http) async fn $name(
            State(context): State<Context>,
            SignedIn(actor): SignedIn,
            Segments((room, ticket)): Segments<(String, String)>,
        ) -> Result<Json<Done>> {
            context.rooms.$name(&actor, &room, &ticket).await?;
            Ok(SUCCESS)
        }
    )*};
}

answers! {
    /// Lets somebody in; until the meeting ends they come and go.
    admit, "/api/room/{id}/lobby/{ticket}/admit";
    /// Does not let somebody in; they may ask again after five minutes.
    refuse, "/api/room/{id}/lobby/{ticket}/deny";
}

/// How many were let in.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct AdmittedAll {
    /// `success`
    status: &'static str,
    admitted: usize,
}

/// Lets everybody in who waits.
#[utoipa::path(post, path = "/api/room/{id}/lobby/admit", tag = "lobby", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room")),
    responses((status = 200, body = AdmittedAll), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "No moderator"), (status = 404, body = Failure)))]
pub(in crate::http) async fn admit_all(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments(room): Segments<String>,
) -> Result<Json<AdmittedAll>> {
    let admitted = context.rooms.admit_all(&actor, &room).await?;
    Ok(Json(AdmittedAll { status: "success", admitted }))
}

macro_rules! locks {
    ($($(#[$doc:meta])* $name:ident, $path:literal, $on:literal;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "lobby", security(("bearer" = [])),
            params(("id" = String, Path, description = "Room")),
            responses((status = 200, body = Done), (status = 401, body = Failure),
                (status = 403, body = Failure, description = "No moderator"), (status = 404, body = Failure)))]
        pub(in crate::http) async fn $name(
            State(context): State<Context>,
            SignedIn(actor): SignedIn,
            Segments(room): Segments<String>,
        ) -> Result<Json<Done>> {
            context.rooms.set_locked(&actor, &room, $on).await?;
            Ok(SUCCESS)
        }
    )*};
}

locks! {
    /// Locks a running meeting: who is new waits until somebody lets them in. It ends with the meeting.
    lock, "/api/room/{id}/lock", true;
    /// Unlocks it.
    unlock, "/api/room/{id}/unlock", false;
}

/// What an event of the turn carries.
#[derive(Serialize)]
#[serde(rename_all = "camelCase", tag = "status")]
enum Event {
    Waiting {
        place: i64,
        waiting: i64,
        #[serde(rename = "moderatorInside")]
        has_moderator: bool,
    },
    Admitted,
    Refused {
        error: String,
        code: &'static str,
    },
}

impl From<Turn> for Event {
    fn from(turn: Turn) -> Self {
        match turn {
            Turn::In => Event::Admitted,
            Turn::Waiting(Place { place, waiting, has_moderator }) => {
                Event::Waiting { place, waiting, has_moderator }
            }
            Turn::Refused(e) => Event::Refused { error: e.sentence.into_owned(), code: e.code },
        }
    }
}

/// The turn of whoever waits, as server-sent events: `{"status":"waiting","place","waiting","moderatorInside"}` at once, whenever
/// it changes and every few seconds; last `{"status":"admitted"}`, upon which one joins, or `{"status":"refused","error","code"}`.
#[utoipa::path(get, path = "/api/room/{id}/lobby/{ticket}", tag = "lobby", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room"), ("ticket" = String, Path)),
    responses((status = 200, body = String, content_type = "text/event-stream"), (status = 401, body = Failure),
        (status = 403, body = Failure), (status = 404, body = Failure, description = "No such ticket of one's own")))]
pub(in crate::http) async fn turn(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Caller(origin): Caller,
    Segments((room, ticket)): Segments<(String, String)>,
) -> Result<Response> {
    let turns = context.rooms.follow_turn(&actor, origin.guest_key.as_deref(), &room, &ticket).await?;
    let lines = turns.map(|turn| {
        let event = serde_json::to_string(&Event::from(turn)).unwrap_or_default();
        Ok::<_, Infallible>(Bytes::from(format!("data: {event}\n\n")))
    });
    let lines = lines.take_until(context.stop.clone().cancelled_owned());
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // proxies that keep answers until they are whole (nginx, proxy_buffering)
        (http::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}

/// Waits no more.
#[utoipa::path(delete, path = "/api/room/{id}/lobby/{ticket}", tag = "lobby", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room"), ("ticket" = String, Path)),
    responses((status = 200, body = Done), (status = 401, body = Failure), (status = 403, body = Failure),
        (status = 404, body = Failure, description = "No such ticket of one's own")))]
pub(in crate::http) async fn give_up(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments((room, ticket)): Segments<(String, String)>,
) -> Result<Json<Done>> {
    context.rooms.give_up(&actor, &room, &ticket).await?;
    Ok(SUCCESS)
}
