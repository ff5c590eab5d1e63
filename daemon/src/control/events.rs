//! What happened, as JSON lines, and with `follow` what is to come. Numbered: whoever was away goes on where they were.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
};
use bedrud_control::{Event, EventsQuery};
use futures_util::stream;
use http::header;

use super::{Context, logs};
use crate::{
    door::Query,
    error::{Error, Kind, Result},
    store::events::{self, Kept, Numbered},
};

/// Read in one go.
const SLICE: u32 = 500;
/// Another daemon of the same database may have written it, so it is looked for.
const LOOK: Duration = Duration::from_millis(200);
/// Without a word about where to begin.
const NEWEST: u32 = 100;

/// `GET /v1/events`
pub(super) async fn show(
    State(context): State<Context>,
    Query(query): Query<EventsQuery>,
) -> Result<Response> {
    let room = logs::room(&context, query.room).await?;
    let kept = context.store.run(events::number).await?;
    let at = match query.after {
        Some(after) => beginning(after, kept)?,
        None => (kept.to - i64::from(query.limit.unwrap_or(NEWEST))).max(kept.from),
    };
    let wanted = Wanted { room, kind: query.kind.unwrap_or_default() };
    let until = (!query.follow).then_some(kept.to);
    let reading = Reading { context, wanted, at, until };
    let body = Body::from_stream(stream::unfold(reading, next));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

/// Refuses a place from which something would be missed.
fn beginning(after: i64, kept: Kept) -> Result<i64> {
    if after > kept.to {
        let s = format!(
            "There is no event {after}: the newest is {}. Is the database another one, or older than it was? Begin anew without --after.",
            kept.to
        );
        return Err(Error::conflict("cursor_unknown", s));
    }
    if after < kept.from {
        let s = format!(
            "Events up to {0} are not kept any more. Go on with --after {0}, knowing that some are missing.",
            kept.from
        );
        return Err(Error::gone("cursor_gone", s));
    }
    Ok(after)
}

struct Wanted {
    room: Option<String>,
    kind: String,
}

impl Wanted {
    fn takes(&self, found: &Numbered) -> bool {
        found.event.kind.starts_with(&self.kind)
            && self.room.as_ref().is_none_or(|room| found.event.room_id.as_ref() == Some(room))
    }
}

struct Reading {
    context: Context,
    wanted: Wanted,
    at: i64,
    /// Where it ends; never, for a follower.
    until: Option<i64>,
}

/// The next lines; waits for some where it is followed.
async fn next(mut reading: Reading) -> Option<(io::Result<Bytes>, Reading)> {
    loop {
        if reading.until.is_some_and(|until| reading.at >= until) {
            return None;
        }
        let (at, follows) = (reading.at, reading.until.is_none());
        let found = reading.context.store.run(move |connection| {
            if follows {
                events::number(connection)?;
            }
            events::after(connection, at, SLICE)
        });
        let found = match found.await {
            Ok(found) => found,
            // whoever follows sees it go on when the database does
            Err(e) if e.kind == Kind::Unavailable && follows => Vec::new(),
            Err(e) => {
                tracing::warn!(code = e.code, "events cannot be read: {e}");
                // broken off, so that nobody takes it for all there is
                reading.until = Some(reading.at);
                return Some((Err(io::Error::other(e.to_string())), reading));
            }
        };
        let mut text = String::new();
        for one in &found {
            reading.at = one.number;
            if reading.wanted.takes(one)
                && let Ok(json) = serde_json::to_string(&shown(one))
            {
                text.push_str(&json);
                text.push('\n');
            }
        }
        if !text.is_empty() {
            return Some((Ok(text.into()), reading));
        }
        if found.is_empty() {
            if !follows {
                return None;
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = reading.context.shutdown.cancelled() => return None,
            }
        }
    }
}

fn shown(found: &Numbered) -> Event {
    let event = &found.event;
    Event {
        cursor: found.number,
        time: found.at.to_string(),
        kind: event.kind.clone(),
        actor: event.actor.clone(),
        address: event.address.clone(),
        target: event.target.clone(),
        room_id: event.room_id.clone(),
        room: found.room.clone(),
        detail: event.detail.clone(),
    }
}
