//! What a moderator does to somebody's tracks and they may undo: mute, video off, a share stopped, a question to switch on.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};

use super::{must_moderate, target::allowed, verbs::Verb};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    livekit::{ParticipantUpdate, SfuParticipant, Source},
    rooms::{
        Rooms,
        effects::Effect,
        grants::{AT_ONCE, Anew},
        note,
        notice::{About, name_of},
        policy,
    },
    store::{
        holds::{self, Device},
        presences,
    },
};

impl Rooms {
    /// Mutes somebody, who may unmute again.
    pub async fn mute(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.quiet(actor, room_id, identity, "room.mute").await?;
        self.pause(actor, room_id, identity, About::Mute).await
    }

    /// Switches somebody's camera off, who may switch it on again.
    pub async fn video_off(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.quiet(actor, room_id, identity, "room.video_off").await?;
        self.pause(actor, room_id, identity, About::VideoOff).await
    }

    /// Ends a shared screen. The person may share again.
    pub async fn stop_screenshare(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.quiet(actor, room_id, identity, "room.screenshare_stop").await?;
        let standing = self.standing(room_id, identity).await?.ok_or_else(|| Error::not_found("room"))?;
        let mut permission = policy::permission(&standing, identity);
        permission.sources.retain(|s| !matches!(s, Source::ScreenShare | Source::ScreenShareAudio));
        let update = ParticipantUpdate { permission: Some(permission), ..ParticipantUpdate::default() };
        self.0.sfu.client().update_participant(room_id, identity, update).await.map_err(gone)?;
        // the tracks ended with the right to them; the right comes back
        self.refresh(room_id, identity, Anew::Rights).await
    }

    /// Asks the person to turn the microphone on, giving it back where it was held.
    pub async fn ask_unmute(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.ask(actor, room_id, identity, Device::Microphone).await
    }

    /// Asks the person to turn the camera on, giving it back where it was held.
    pub async fn ask_camera(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.ask(actor, room_id, identity, Device::Camera).await
    }

    /// Mutes everybody inside who does not moderate; they may unmute again.
    pub async fn mute_all(&self, actor: &Actor, room_id: &str) -> Result<()> {
        let (by, id) = (actor.clone(), room_id.to_owned());
        let inside = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                must_moderate(connection, &by, &id)?;
                note(connection, &by, "room.mute_all", &id, &id, "")?;
                presences::inside(connection, &id)
            })
        });
        let inside = inside.await?.into_iter().filter(|p| !p.is_moderator);
        let quiet: HashSet<String> = inside.map(|p| p.identity).collect();
        let people = self.0.sfu.client().list_participants(room_id).await?;
        let people = people.into_iter().filter(|p| quiet.contains(&p.identity));
        let pause = async |person: SfuParticipant| {
            if let Err(e) = self.pause_tracks(actor, room_id, &person, About::Mute).await {
                tracing::warn!(room = room_id, participant = person.identity, "was not muted: {e}");
            }
        };
        stream::iter(people).for_each_concurrent(AT_ONCE, pause).await;
        Ok(())
    }

    async fn quiet(&self, actor: &Actor, room_id: &str, identity: &str, verb: &'static str) -> Result<()> {
        let (by, whom) = (actor.clone(), identity.to_owned());
        let noted = self.act(actor, room_id, identity, Verb::Quiet, move |connection, standing| {
            note(connection, &by, verb, &standing.room.id, &whom, "")
        });
        noted.await
    }

    async fn ask(&self, actor: &Actor, room_id: &str, identity: &str, device: Device) -> Result<()> {
        let (verb, about) = match device {
            Device::Camera => ("room.ask_camera", About::AskCamera),
            _ => ("room.ask_unmute", About::AskUnmute),
        };
        let (by, whom) = (actor.clone(), identity.to_owned());
        let asked = self.act(actor, room_id, identity, Verb::Quiet, move |connection, standing| {
            let room = &standing.room.id;
            let is_held = policy::is_held(standing, &whom, device);
            if is_held {
                // a question gives back what only a release may
                allowed(connection, &by, room, &whom, Verb::Release)?;
                holds::set(connection, room, &whom, device, false)?;
                Effect::refresh(room, &whom).leave(connection)?;
            }
            note(connection, &by, verb, room, &whom, "")
        });
        asked.await?;
        self.tell(room_id, about, name_of(actor), identity).await;
        Ok(())
    }

    async fn pause(&self, actor: &Actor, room_id: &str, identity: &str, about: About) -> Result<()> {
        let person = self.0.sfu.client().get_participant(room_id, identity).await.map_err(gone)?;
        self.pause_tracks(actor, room_id, &person, about).await
    }

    /// Tells the person where there was something to pause. A track that ended meanwhile is silent, too.
    async fn pause_tracks(
        &self,
        actor: &Actor,
        room_id: &str,
        person: &SfuParticipant,
        about: About,
    ) -> Result<()> {
        let source = if about == About::VideoOff { Source::Camera } else { Source::Microphone };
        let mut is_paused = false;
        for track in person.tracks.iter().filter(|track| track.source == source && !track.muted) {
            match self.0.sfu.client().mute_track(room_id, &person.identity, &track.sid, true).await {
                Err(e) if e.kind != Kind::NotFound => return Err(e),
                done => is_paused |= done.is_ok(),
            }
        }
        if is_paused {
            self.tell(room_id, about, name_of(actor), &person.identity).await;
        }
        Ok(())
    }
}

fn gone(error: Error) -> Error {
    if error.kind == Kind::NotFound { Error::not_found("participant") } else { error }
}
