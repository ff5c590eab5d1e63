//! The newest log lines, and with `follow` those to come, as JSON lines.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use bedrud_control::LogsQuery;
use futures_util::stream;
use http::header;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;

use super::Context;
use crate::{
    error::{Error, Kind, Result},
    store::Timestamp,
    telemetry::{Line, Wanted},
};

/// `GET /v1/logs`
pub(super) async fn show(
    State(context): State<Context>,
    query: Result<Query<LogsQuery>, QueryRejection>,
) -> Result<Response> {
    let Query(query) = query.map_err(|e| Error::invalid("query_invalid", e.body_text()))?;
    let level = query.level.as_deref().unwrap_or("trace");
    let level = level.parse().map_err(|_| {
        Error::invalid("level_unknown", "The level is one of error, warn, info, debug and trace.")
    })?;
    let since =
        query.since_seconds.map(|s| Timestamp::now().plus_seconds(-i64::try_from(s).unwrap_or(i64::MAX)));
    let rooms = rooms(&context, query.room).await?;
    let wanted = Wanted { level, since_milliseconds: since.map(|t| t.0), rooms };
    let (kept, live) = context.recent.read(&wanted);
    let mut text = String::with_capacity(kept.iter().map(|line| line.json.len() + 1).sum());
    for line in kept {
        text.push_str(&line.json);
        text.push('\n');
    }
    let body = if query.follow {
        let stop = context.shutdown.clone();
        Body::from_stream(stream::unfold(Some((text, live, wanted, stop)), next))
    } else {
        Body::from(text)
    };
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

/// The id of the room that is asked for; none where none is. Lines outlive their room, so what is no room's name is an id.
pub(super) async fn rooms(context: &Context, wanted: Option<String>) -> Result<Vec<String>> {
    let Some(room) = wanted else { return Ok(Vec::new()) };
    match context.rooms.show(&room).await {
        Ok(found) => Ok(vec![found.room.id]),
        Err(e) if e.kind == Kind::NotFound => Ok(vec![room]),
        Err(e) => Err(e),
    }
}

type Following = (String, Receiver<Arc<Line>>, Wanted, CancellationToken);

/// First what was kept, then line by line until the daemon stops.
async fn next(
    state: Option<Following>,
) -> Option<(std::result::Result<Bytes, std::convert::Infallible>, Option<Following>)> {
    let (kept, mut live, wanted, stop) = state?;
    if !kept.is_empty() {
        return Some((Ok(kept.into()), Some((String::new(), live, wanted, stop))));
    }
    loop {
        let received = tokio::select! {
            received = live.recv() => received,
            () = stop.cancelled() => return None,
        };
        let line = match received {
            Ok(line) if wanted.takes(&line) => format!("{}\n", line.json),
            Ok(_) => continue,
            Err(RecvError::Lagged(lost)) => missed(lost),
            Err(RecvError::Closed) => return None,
        };
        return Some((Ok(line.into()), Some((kept, live, wanted, stop))));
    }
}

fn missed(lines: u64) -> String {
    let message = format!("{lines} lines came faster than they were read and are missing here");
    let line = serde_json::json!({
        "time": Timestamp::now(), "level": "warn", "target": "bedrud::control", "message": message,
    });
    format!("{line}\n")
}
