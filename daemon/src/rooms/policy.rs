//! Who may do what in a room, and what the SFU is told of it. Pure: from a standing to a decision.

use serde::Serialize;

use super::moderation::verbs::{Rank, Verb, must_rank, rank, rank_of};
use crate::{
    actor::{Actor, Role},
    error::{Error, Result},
    livekit::{Permission, Source},
    store::{
        Timestamp,
        holds::Device,
        rooms::{Mode, Room},
        standings::Standing,
    },
};

/// LiveKit refuses longer names of participants in changes, though it takes them from join tokens (1.13.5, `limit`).
const NAME_BYTES: usize = 256;

/// Who somebody is in a room. Only the server says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RoomRole {
    Owner,
    Moderator,
    Participant,
}

impl RoomRole {
    /// The word in a participant's metadata.
    fn name(self) -> &'static str {
        match self {
            RoomRole::Owner => "owner",
            RoomRole::Moderator => "moderator",
            RoomRole::Participant => "participant",
        }
    }
}

/// Administrators of the server moderate every room.
pub(super) fn role(standing: &Standing, identity: &str) -> RoomRole {
    match rank(standing, identity) {
        Rank::Owner => RoomRole::Owner,
        Rank::Participant => RoomRole::Participant,
        Rank::Moderator | Rank::Admin | Rank::Shell => RoomRole::Moderator,
    }
}

/// May `identity` come in, apart from whether there is a seat?
pub(super) fn may_enter(standing: &Standing, identity: &str) -> Result<()> {
    must_be_open(&standing.room)?;
    if standing.user.as_ref().is_some_and(|u| !u.is_active) {
        return Err(Error::forbidden("account_disabled", "This account is disabled. Ask an administrator."));
    }
    if !standing.room.is_public && role(standing, identity) == RoomRole::Participant {
        return Err(private());
    }
    if standing.is_banned || standing.is_address_banned {
        return Err(banned());
    }
    Ok(())
}

/// An archived room lets nobody in.
pub(super) fn must_be_open(room: &Room) -> Result<()> {
    if room.is_open() { Ok(()) } else { Err(closed()) }
}

pub(super) fn closed() -> Error {
    Error::gone("room_closed", "This room is closed. Ask whoever invited you for a new link.")
}

pub(super) fn private() -> Error {
    Error::forbidden("room_private", "This room is private. Ask its owner to let you in.")
}

pub(super) fn full() -> Error {
    Error::forbidden("room_full", "Every seat in this room is taken. Try again when somebody has left.")
}

fn banned() -> Error {
    Error::forbidden("banned", "You were banned from this room. Its moderators can lift the ban.")
}

/// May somebody with a join token issued at `issued_at_seconds` connect now? The seat is asked for elsewhere.
pub(super) fn may_connect(
    standing: &Standing,
    identity: &str,
    issued_at_seconds: i64,
    now: Timestamp,
) -> Result<()> {
    let is_seated = standing.is_inside || standing.held_until.is_some_and(|until| until > now);
    let Some(user) = &standing.user else {
        return Err(Error::forbidden(
            "account_gone",
            "The account of this token is gone. Join the room again.",
        ));
    };
    if standing.not_before_seconds.is_some_and(|limit| issued_at_seconds <= limit) {
        return Err(Error::forbidden("removed", "You were removed from this room. Join it again."));
    }
    match may_enter(standing, identity) {
        // who is seated stays when a room becomes private, and when somebody else behind their address is banned
        Err(e) if e.code == "room_private" && is_seated && !standing.is_banned => Ok(()),
        Err(e) if e.code == "banned" && is_seated && !standing.is_banned && user.is_active => Ok(()),
        other => other,
    }
}

/// True when a connection that is up already must end: the person was put out, the account is gone or disabled, the room closed.
pub(super) fn must_leave(standing: &Standing) -> bool {
    let is_disabled = standing.user.as_ref().is_none_or(|u| !u.is_active);
    let is_removed = standing.not_before_seconds.is_some() && standing.held_until.is_none();
    standing.is_banned || is_disabled || is_removed || !standing.room.is_open()
}

/// What somebody may do in the SFU, after settings, mode, role and holds.
pub(super) fn permission(standing: &Standing, identity: &str) -> Permission {
    let (room, settings) = (&standing.room, &standing.room.settings);
    let is_held = |device| is_held(standing, identity, device);
    let on_stage = room.mode == Mode::Standard || role(standing, identity) != RoomRole::Participant;
    let sound = on_stage && settings.allow_audio && !is_held(Device::Microphone);
    let mut sources = Vec::with_capacity(4);
    if on_stage && settings.allow_video && !is_held(Device::Camera) {
        sources.push(Source::Camera);
    }
    if sound {
        sources.push(Source::Microphone);
    }
    if on_stage && settings.allow_video && !is_held(Device::Screenshare) {
        sources.push(Source::ScreenShare);
        if sound {
            sources.push(Source::ScreenShareAudio);
        }
    }
    Permission { sources, data: settings.allow_chat, subscribe: true }
}

/// What other participants read about somebody (wire contract, *The join token*); `role` and `held` are ours.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    accesses: Vec<&'static str>,
    display_name: &'a str,
    avatar_url: &'a str,
    role: &'static str,
    /// What moderators hold back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    held: Vec<&'static str>,
}

/// The metadata of somebody, as JSON.
pub(super) fn metadata(standing: &Standing, identity: &str) -> Result<String> {
    let user = standing.user.as_ref();
    let mut accesses = user.map_or(Role::Guest, |u| u.role).accesses().to_vec();
    if standing.is_moderator {
        accesses.push("moderator"); // older clients look for it here
    }
    let held = Device::ALL.into_iter().filter(|device| is_held(standing, identity, *device));
    let metadata = Metadata {
        accesses,
        display_name: user.map_or("", |u| u.name.as_str()),
        avatar_url: user.map_or("", |u| u.avatar_url.as_str()),
        role: role(standing, identity).name(),
        held: held.map(Device::name).collect(),
    };
    serde_json::to_string(&metadata).map_err(Error::internal)
}

/// True when no sound of `identity` may be heard.
pub(super) fn is_silenced(standing: &Standing, identity: &str) -> bool {
    is_held(standing, identity, Device::Microphone)
}

/// Is `device` held from `identity`?
pub(super) fn is_held(standing: &Standing, identity: &str, device: Device) -> bool {
    standing.holds.has(device, rank(standing, identity) > Rank::Participant)
}

/// The name that the SFU shows, cut where it would refuse it.
pub(super) fn name(standing: &Standing) -> &str {
    let name = standing.user.as_ref().map_or("", |u| u.name.as_str());
    let end = (0..=NAME_BYTES.min(name.len())).rev().find(|end| name.is_char_boundary(*end));
    name.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// Owner, room moderator, administrator, and anybody at the shell who passed the control socket's groups.
pub(super) fn must_moderate(actor: &Actor, standing: Option<&Standing>) -> Result<()> {
    must_rank(rank_of(actor, standing), Verb::Everybody)
}

/// Owner, or who administers the server.
pub(super) fn must_own(actor: &Actor, room: &Room) -> Result<()> {
    if actor.administers() || actor.person().is_some_and(|p| p.id == room.admin_id) {
        return Ok(());
    }
    must_rank(Rank::Participant, Verb::Own)
}
