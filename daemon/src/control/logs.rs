//! The newest log lines, and with `follow` those to come, as JSON lines.

use std::convert::Infallible;

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
};
use bedrud_control::LogsQuery;
use futures_util::stream;
use http::header;
use tokio::sync::watch::Receiver;

use super::Context;
use crate::{
    actor::Actor,
    door::Query,
    error::{Error, Kind, Result},
    store::Timestamp,
    telemetry::Wanted,
};

/// `GET /v1/logs`
pub(super) async fn show(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Query(query): Query<LogsQuery>,
) -> Result<Response> {
    let level = query.level.as_deref().unwrap_or("trace");
    let level = level.parse().map_err(|_| {
        Error::invalid("level_unknown", "The level is one of error, warn, info, debug and trace.")
    })?;
    let since =
        query.since_seconds.map(|s| Timestamp::now().plus_seconds(-i64::try_from(s).unwrap_or(i64::MAX)));
    let room = room(&context, query.room).await?;
    let person = match query.user {
        None => None,
        Some(name) => Some(person(&context, &actor, name).await?),
    };
    let only_sfu = query.livekit;
    let wanted = Wanted { level, since_milliseconds: since.map(|t| t.0), room, person, only_sfu };
    let reading =
        Reading { news: context.recent.watch(), context, wanted, cursor: query.after, is_first: true };
    let body = if query.follow {
        Body::from_stream(stream::unfold(reading, next))
    } else {
        Body::from(reading.now().1)
    };
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

/// The id of the room that is asked for; none where none is. Lines outlive their room, so what is no room's name is an id.
pub(super) async fn room(context: &Context, wanted: Option<String>) -> Result<Option<String>> {
    let Some(room) = wanted else { return Ok(None) };
    match context.rooms.show(&room).await {
        Ok(found) => Ok(Some(found.room.id)),
        Err(e) if e.kind == Kind::NotFound => Ok(Some(room)),
        Err(e) => Err(e),
    }
}

/// The id behind a person's name; guests, who have no account, are named by id.
pub(super) async fn person(context: &Context, actor: &Actor, name: String) -> Result<String> {
    match context.accounts.find_user(actor, &name).await {
        Ok(user) => Ok(user.id),
        Err(e) if e.kind == Kind::NotFound => Ok(name),
        Err(e) => Err(e),
    }
}

struct Reading {
    context: Context,
    news: Receiver<i64>,
    wanted: Wanted,
    cursor: Option<i64>,
    is_first: bool,
}

impl Reading {
    /// The place after all that is there, and the wanted lines up to it.
    fn now(&self) -> (i64, String) {
        let after = self.context.recent.after(self.cursor, &self.wanted);
        let mut text = if after.missing > 0 { missed(after.missing) } else { String::new() };
        for line in after.lines {
            text.push_str(&line.text());
        }
        (after.cursor, text)
    }
}

/// What is there, and then what comes until the daemon stops.
async fn next(mut reading: Reading) -> Option<(std::result::Result<Bytes, Infallible>, Reading)> {
    loop {
        if !std::mem::take(&mut reading.is_first) {
            tokio::select! {
                // before the stop: what led to it is told as well
                biased;
                news = reading.news.changed() => news.ok()?,
                () = reading.context.shutdown.cancelled() => return None,
            }
        }
        reading.news.borrow_and_update();
        let (cursor, text) = reading.now();
        reading.cursor = Some(cursor);
        if !text.is_empty() {
            return Some((Ok(text.into()), reading));
        }
    }
}

fn missed(lines: i64) -> String {
    let message = format!("{lines} lines are missing here: they are not kept any more");
    let line = serde_json::json!({
        "time": Timestamp::now(), "level": "warn", "target": "bedrud::control", "message": message,
    });
    format!("{line}\n")
}
