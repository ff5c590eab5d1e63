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
        meeting::lobby::{self, State},
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

/// Owner, room moderator or administrator.
pub(super) fn moderates(standing: &Standing, identity: &str) -> bool {
    role(standing, identity) != RoomRole::Participant
}

/// How somebody comes in, apart from whether there is a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By themselves.
    Open,
    /// When a moderator lets them.
    Lobby,
}

/// By which way does `identity` come in now, if at all?
pub(super) fn way(standing: &Standing, identity: &str, now: Timestamp) -> Result<Way> {
    may_enter(standing)?;
    let (room, decided) = (&standing.room, standing.decided);
    let is_admitted = decided.is_some_and(|(state, _)| state == State::Admitted);
    if is_admitted || is_seated(standing, now) || role(standing, identity) != RoomRole::Participant {
        return Ok(Way::Open);
    }
    let is_closed = !room.is_public || room.settings.require_approval;
    let waits = room.is_locked
        || (is_closed && !standing.is_invited)
        || (room.settings.moderator_first && !standing.has_moderator);
    let since = now.plus_seconds(-lobby::REFUSED_SECONDS);
    match decided {
        _ if !waits => Ok(Way::Open),
        Some((State::Refused, at)) if at > since => Err(refused()),
        _ => Ok(Way::Lobby),
    }
}

/// Inside, or on the way, and not put out since.
pub(super) fn is_seated(standing: &Standing, now: Timestamp) -> bool {
    standing.held_until.is_some_and(|until| until > now || standing.is_inside)
}

/// May this person come in at all?
fn may_enter(standing: &Standing) -> Result<()> {
    must_be_open(&standing.room)?;
    if standing.user.as_ref().is_some_and(|u| !u.is_active) {
        return Err(Error::forbidden("account_disabled", "This account is disabled. Ask an administrator."));
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

/// For who brings a token, and would have to ask first.
pub(super) fn must_wait() -> Error {
    Error::forbidden("must_wait", "A moderator of this room lets people in. Join it again, and wait.")
}

fn refused() -> Error {
    let s = "A moderator did not let you in. You may ask again in a few minutes.";
    Error::forbidden("lobby_refused", s)
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
    let Some(user) = &standing.user else {
        return Err(Error::forbidden(
            "account_gone",
            "The account of this token is gone. Join the room again.",
        ));
    };
    if standing.not_before_seconds.is_some_and(|limit| issued_at_seconds <= limit) {
        return Err(Error::forbidden("removed", "You were removed from this room. Join it again."));
    }
    match way(standing, identity, now) {
        Ok(Way::Open) => Ok(()),
        Ok(Way::Lobby) => Err(must_wait()),
        // who is seated stays when somebody else behind their address is banned
        Err(e) if e.code == "banned" && !standing.is_banned && user.is_active && is_seated(standing, now) => {
            Ok(())
        }
        Err(e) => Err(e),
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
    let on_stage = is_on_stage(standing, identity);
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
    // the public of a broadcast hears and sees, and asks by requests
    let data = settings.allow_chat && !is_held(Device::Chat) && (on_stage || room.mode != Mode::Broadcast);
    Permission { sources, data, subscribe: true }
}

/// Everybody, but for the audience of a room that has one.
pub(super) fn is_on_stage(standing: &Standing, identity: &str) -> bool {
    standing.room.mode == Mode::Standard || standing.was_brought || moderates(standing, identity)
}

/// What other participants read about somebody (wire contract, *The join token*); `role`, `held` and `place` are ours.
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
    /// `stage` or `audience`, where the room's mode has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'static str>,
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
        place: (standing.room.mode != Mode::Standard)
            .then(|| if is_on_stage(standing, identity) { "stage" } else { "audience" }),
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

/// Who does what is about a room rather than about somebody in it: by rank, and anybody at the shell who passed the control
/// socket's groups.
pub(super) fn must(actor: &Actor, verb: Verb, standing: Option<&Standing>) -> Result<()> {
    must_rank(rank_of(actor, standing), verb)
}

/// Owner, or who administers the server.
pub(super) fn must_own(actor: &Actor, room: &Room) -> Result<()> {
    if actor.administers() || actor.person().is_some_and(|p| p.id == room.admin_id) {
        return Ok(());
    }
    must_rank(Rank::Participant, Verb::Own)
}
