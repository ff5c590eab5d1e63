//! One body per verb of a moderator, for the page, the control socket and the sweep: policy, store, notice, SFU, audit line.

use super::{
    Rooms,
    effects::Effect,
    join::network,
    note,
    notice::{About, Notice},
    policy,
};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    livekit::{ParticipantUpdate, Source},
    store::{
        Connection, Timestamp, admissions, bans, moderators, presences,
        restrictions::{self, Restriction},
        revocations,
        standings::{self, Standing, Which, Who},
    },
};

/// A meeting with an address banned is taken to end after this long at the latest.
const ADDRESS_SECONDS: i64 = 24 * 3600;

impl Rooms {
    /// Puts somebody out. Their join tokens are worth nothing any more; they may ask for a new one.
    pub async fn kick(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.target(actor, room_id, identity).await?;
        self.remove(actor, room_id, identity, "room.kick", "").await
    }

    /// The same without asking whether: the policy has been asked, or it is the sweep that acts.
    pub(super) async fn remove(
        &self,
        actor: &Actor,
        room_id: &str,
        identity: &str,
        verb: &'static str,
        detail: &'static str,
    ) -> Result<()> {
        let (by, room, whom) = (actor.clone(), room_id.to_owned(), identity.to_owned());
        let revoked = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                revoke(connection, &room, &whom)?;
                note(connection, &by, verb, &room, &whom, detail)
            })
        });
        revoked.await?;
        self.tell(room_id, About::Kick, actor, identity).await;
        self.put_out(room_id, identity).await
    }

    /// Puts somebody out and keeps them out, until they are unbanned.
    pub async fn ban(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        let standing = self.target(actor, room_id, identity).await?;
        let (by, whom) = (actor.clone(), identity.to_owned());
        let name = standing.user.map(|u| u.name).unwrap_or_default();
        let room = room_id.to_owned();
        let banned = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                let now = Timestamp::now();
                let traces = bans::traces(connection, &whom)?.unwrap_or_default();
                let address = traces.address.parse().ok().map(network);
                let ban = bans::Ban {
                    id: uuid::Uuid::new_v4().to_string(),
                    room_id: room.clone(),
                    identity: whom.clone(),
                    name: name.clone(),
                    guest_key: traces.guest_key,
                    address_until: address.as_ref().map(|_| now.plus_seconds(ADDRESS_SECONDS)),
                    address,
                    created_by: by.label(),
                    created_at: now,
                };
                bans::insert(connection, &ban)?;
                moderators::remove(connection, &room, &whom)?;
                revoke(connection, &room, &whom)?;
                note(connection, &by, "room.ban", &room, &whom, &ban.name)
            })
        });
        banned.await?;
        self.tell(room_id, About::Ban, actor, identity).await;
        self.put_out(room_id, identity).await
    }

    /// Lets somebody come back.
    pub async fn unban(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        let (by, room, whom) = (actor.clone(), room_id.to_owned(), identity.to_owned());
        self.0
            .store
            .run(move |connection| {
                allowed(connection, &by, &room, &whom)?;
                connection.transaction(|connection| {
                    if !bans::remove(connection, &room, &whom)? {
                        return Err(Error::not_found("ban"));
                    }
                    note(connection, &by, "room.unban", &room, &whom, "")
                })
            })
            .await
    }

    /// Takes the microphone from somebody, until it is given back: their track ends, and they cannot start another.
    pub async fn mute(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.restrict(actor, room_id, identity, Restriction::Muted, true, "room.mute").await
    }

    /// Gives the microphone back.
    pub async fn unmute(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.restrict(actor, room_id, identity, Restriction::Muted, false, "room.unmute").await
    }

    /// Takes the camera from somebody, until it is given back.
    pub async fn video_off(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.restrict(actor, room_id, identity, Restriction::VideoOff, true, "room.video_off").await
    }

    /// Gives the microphone back and asks the person to turn it on.
    pub async fn ask_unmute(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.restrict(actor, room_id, identity, Restriction::Muted, false, "room.ask_unmute").await?;
        self.tell(room_id, About::AskUnmute, actor, identity).await;
        Ok(())
    }

    /// Gives the camera back and asks the person to turn it on.
    pub async fn ask_camera(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.restrict(actor, room_id, identity, Restriction::VideoOff, false, "room.ask_camera").await?;
        self.tell(room_id, About::AskCamera, actor, identity).await;
        Ok(())
    }

    /// Ends a shared screen. The person may share again.
    pub async fn stop_screenshare(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        let standing = self.target(actor, room_id, identity).await?;
        let mut permission = policy::permission(&standing, identity);
        permission.sources.retain(|s| !matches!(s, Source::ScreenShare | Source::ScreenShareAudio));
        let update = ParticipantUpdate { permission: Some(permission), ..ParticipantUpdate::default() };
        match self.0.sfu.client().update_participant(room_id, identity, update).await {
            Err(e) if e.kind == Kind::NotFound => return Err(Error::not_found("participant")),
            other => other?,
        }
        // the tracks ended with the right to them; the right comes back
        self.refresh(room_id, identity).await?;
        let (by, room, whom) = (actor.clone(), room_id.to_owned(), identity.to_owned());
        self.0.store.run(move |c| note(c, &by, "room.screenshare_stop", &room, &whom, "")).await
    }

    /// Ends the meeting for everybody inside. The room stays: its link opens it again.
    pub async fn end_meeting(&self, actor: &Actor, room_id: &str) -> Result<()> {
        let (by, id) = (actor.clone(), room_id.to_owned());
        let ended = self.0.outbox.decide(move |connection| {
            let person = by.person().map(|p| p.id.clone());
            let who = Who { identity: person.as_deref().unwrap_or_default(), guest_key: None, address: None };
            let now = Timestamp::now();
            let standing = standings::of(connection, Which::Id(&id), who, now)?
                .filter(|s| s.room.is_open())
                .ok_or_else(|| Error::not_found("room"))?;
            policy::must_moderate(&by, person.is_some().then_some(&standing))?;
            // a client that comes back by itself must not go on with it, and a new SFU must not open it again
            for person in presences::inside(connection, &id)? {
                revoke(connection, &id, &person.identity)?;
            }
            presences::end_room(connection, &id, now)?;
            Effect::End { room: id.clone(), notice: Notice::Ended, decided_at: now.0 }.leave(connection)?;
            note(connection, &by, "room.end", &id, &id, &standing.room.name)
        });
        ended.await
    }

    async fn restrict(
        &self,
        actor: &Actor,
        room_id: &str,
        identity: &str,
        restriction: Restriction,
        on: bool,
        verb: &'static str,
    ) -> Result<()> {
        self.target(actor, room_id, identity).await?;
        let (by, room, whom) = (actor.clone(), room_id.to_owned(), identity.to_owned());
        let changed = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                restrictions::set(connection, &room, &whom, restriction, on)?;
                note(connection, &by, verb, &room, &whom, "")
            })
        });
        changed.await?;
        self.refresh(room_id, identity).await
    }

    /// The person an act is done to, after everything that can be wrong with it: no such room, no moderator, oneself, the owner,
    /// nobody of that identity inside.
    pub(super) async fn target(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<Standing> {
        let (by, room, whom) = (actor.clone(), room_id.to_owned(), identity.to_owned());
        let standing = self.0.store.run(move |connection| allowed(connection, &by, &room, &whom)).await?;
        self.must_be_inside(&standing, room_id, identity).await?;
        Ok(standing)
    }

    /// The SFU is asked where its events have not arrived yet.
    pub(super) async fn must_be_inside(
        &self,
        standing: &Standing,
        room_id: &str,
        identity: &str,
    ) -> Result<()> {
        if standing.is_inside {
            return Ok(());
        }
        match self.0.sfu.client().get_participant(room_id, identity).await {
            Ok(_) => Ok(()),
            Err(e) if e.kind == Kind::NotFound => Err(Error::not_found("participant")),
            Err(e) => Err(e),
        }
    }
}

/// May `actor` act on `identity`? Their standing, if so. People at the shell may act on owners too.
fn allowed(connection: &mut Connection, actor: &Actor, room_id: &str, identity: &str) -> Result<Standing> {
    let now = Timestamp::now();
    let mut of = |identity: &str| {
        let who = Who { identity, guest_key: None, address: None };
        standings::of(connection, Which::Id(room_id), who, now)
    };
    let target = of(identity)?.filter(|s| s.room.is_open()).ok_or_else(|| Error::not_found("room"))?;
    let Some(person) = actor.person() else {
        policy::must_moderate(actor, None)?;
        return Ok(target);
    };
    policy::must_moderate(actor, of(&person.id)?.as_ref())?;
    if person.id == identity {
        return Err(Error::invalid("target_self", "You cannot do that to yourself."));
    }
    if target.room.admin_id == identity {
        return Err(Error::forbidden("target_owner", "Nobody can do that to the owner of the room."));
    }
    Ok(target)
}

/// No join token issued until now opens the room, and no seat is held.
fn revoke(connection: &mut Connection, room_id: &str, identity: &str) -> Result<()> {
    revocations::set(connection, room_id, identity, Timestamp::now().seconds())?;
    admissions::withdraw(connection, room_id, identity)
}
