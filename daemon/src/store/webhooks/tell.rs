//! What happened, as webhooks are told: written in the transaction of what it tells of, a row for each webhook that wants it.

use serde::Serialize;

use super::deliveries::{self, Delivery, WAITING};
use crate::{
    error::{Error, Result},
    store::{Connection, Timestamp},
};

/// A room was made.
pub const ROOM_CREATED: &str = "room.created";
/// A meeting is over, or its room was deleted.
pub const ROOM_ENDED: &str = "room.ended";
/// Somebody is inside.
pub const PARTICIPANT_JOINED: &str = "participant.joined";
/// Somebody is not any more.
pub const PARTICIPANT_LEFT: &str = "participant.left";
/// A recording can be had.
pub const RECORDING_COMPLETED: &str = "recording.completed";
/// An administrator tries whether it arrives.
pub const PING: &str = "ping";

/// How long it is tried.
pub const TRIED_SECONDS: i64 = 86_400;

/// Whom and what it is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The room.
    pub room_id: &'a str,
    /// Who did it or whom it befell; empty where nobody.
    pub user_id: &'a str,
    /// What they are called, where it is known.
    pub user_name: &'a str,
}

#[derive(Serialize)]
struct Envelope<'a> {
    id: &'a str,
    event: &'a str,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    room_id: &'a str,
    room_name: &'a str,
    user_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    user_name: &'a str,
}

/// Tells every webhook that wants to know. In the transaction in which it happens.
pub fn tell(connection: &mut Connection, event: &str, about: About<'_>) -> Result<()> {
    let sql = "SELECT id FROM webhooks WHERE is_active AND events LIKE $1 ORDER BY id";
    let wanted = format!("%,{event},%");
    let told = connection.query(sql, &[&wanted], |row| row.get::<String>(0))?;
    if told.is_empty() {
        return Ok(());
    }
    let sql = "SELECT name FROM rooms WHERE id = $1";
    let room_name = connection.first(sql, &[&about.room_id], |row| row.get::<String>(0))?.unwrap_or_default();
    for webhook_id in told {
        deliveries::insert(connection, &delivery(&webhook_id, event, about, &room_name)?)?;
    }
    Ok(())
}

/// What one webhook is told.
pub fn delivery(webhook_id: &str, event: &str, about: About<'_>, room_name: &str) -> Result<Delivery> {
    let (id, now) = (uuid::Uuid::now_v7().to_string(), Timestamp::now());
    let data = Data { room_id: about.room_id, room_name, user_id: about.user_id, user_name: about.user_name };
    let envelope = Envelope { id: &id, event, timestamp: now, data };
    Ok(Delivery {
        body: serde_json::to_string(&envelope).map_err(Error::internal)?,
        id,
        webhook_id: webhook_id.to_owned(),
        event: event.to_owned(),
        state: WAITING.to_owned(),
        attempts: 0,
        created_at: now,
        give_up_at: now.plus_seconds(TRIED_SECONDS),
        ended_at: None,
    })
}

/// The same of what followers of the events are told, where webhooks know it too.
pub(in crate::store) fn tell_of(
    connection: &mut Connection,
    event: &crate::store::events::Event,
) -> Result<()> {
    let Some(room_id) = event.room_id.as_deref() else { return Ok(()) };
    // an actor is a label, such as user:ID
    let by = event.actor.split_once(':').filter(|(who, _)| ["user", "guest"].contains(who));
    let by = by.map_or("", |(_, id)| id);
    let (name, user_id, user_name) = match event.kind.as_str() {
        "room.create" => (ROOM_CREATED, by, ""),
        "room.archive" => (ROOM_ENDED, by, ""),
        PARTICIPANT_JOINED => (PARTICIPANT_JOINED, event.target.as_str(), event.detail.as_str()),
        PARTICIPANT_LEFT => (PARTICIPANT_LEFT, event.target.as_str(), event.detail.as_str()),
        _ => return Ok(()),
    };
    tell(connection, name, About { room_id, user_id, user_name })
}
