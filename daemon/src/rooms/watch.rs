//! A hold that holds: sound that LiveKit lets through although it is not allowed. Its permissions are by source, the source is
//! the client's word, and audio published as `camera` is forwarded (measured, LiveKit 1.13.5).

use std::time::Duration;

use super::{Rooms, grants::Anew, policy};
use crate::{
    error::{Kind, Result},
    livekit::{SfuParticipant, SfuRoom, SfuTrack, Source, TrackKind},
};

/// LiveKit ends tracks that are no longer allowed within this time.
const SETTLE: Duration = Duration::from_millis(400);

/// What a track says about who publishes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    Fine,
    /// Sound where it may not be any more: a microphone that was on, or somebody getting around a hold.
    Suspect,
    /// Sound under a name that no honest client gives it.
    Disguised,
}

pub(super) fn judge(track: &SfuTrack, is_silenced: bool) -> Verdict {
    match (track.kind, track.source) {
        (TrackKind::Audio, Source::Microphone | Source::ScreenShareAudio) if is_silenced => Verdict::Suspect,
        (TrackKind::Audio, Source::Microphone | Source::ScreenShareAudio) => Verdict::Fine,
        (TrackKind::Audio, Source::Camera | Source::ScreenShare | Source::Unknown) => Verdict::Disguised,
        (TrackKind::Video | TrackKind::Data, _) => Verdict::Fine,
    }
}

impl Rooms {
    /// Looks at a track that has just begun.
    pub(super) async fn published(
        &self,
        room: SfuRoom,
        person: SfuParticipant,
        track: SfuTrack,
    ) -> Result<()> {
        if track.kind != TrackKind::Audio {
            return Ok(());
        }
        let Some(standing) = self.standing(&room.name, &person.identity).await? else { return Ok(()) };
        let verdict = judge(&track, policy::is_silenced(&standing, &person.identity));
        if verdict != Verdict::Fine {
            let rooms = self.clone();
            tokio::spawn(async move { rooms.enforce(&room.name, &person.identity, verdict).await });
        }
        Ok(())
    }

    /// Acts on a verdict. A hold and the track it ends may cross: who is merely suspect is told the hold again and
    /// looked at once more before being put out.
    pub(super) async fn enforce(&self, room_id: &str, identity: &str, verdict: Verdict) {
        let outcome = async {
            if verdict == Verdict::Suspect {
                self.refresh(room_id, identity, Anew::Rights).await?;
                tokio::time::sleep(SETTLE).await;
                let standing = self.standing(room_id, identity).await?;
                let silenced = standing.is_some_and(|s| policy::is_silenced(&s, identity));
                let now = match self.0.sfu.client().get_participant(room_id, identity).await {
                    Err(e) if e.kind == Kind::NotFound => return Ok(()),
                    other => other?,
                };
                if now.tracks.iter().all(|track| judge(track, silenced) == Verdict::Fine) {
                    return Ok(());
                }
            }
            tracing::warn!(
                room = room_id,
                participant = identity,
                "sends sound that is not allowed; removed"
            );
            self.remove(room_id, identity, "sound that is not allowed").await
        };
        if let Err(e) = outcome.await {
            tracing::warn!(room = room_id, participant = identity, "sound that is not allowed goes on: {e}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_is_judged_by_what_it_is_and_what_it_says() {
        let track = |kind, source| SfuTrack { sid: "TR_x".to_owned(), kind, source, muted: false };
        let sound = |source, muted| judge(&track(TrackKind::Audio, source), muted);
        assert_eq!(sound(Source::Microphone, false), Verdict::Fine);
        assert_eq!(sound(Source::ScreenShareAudio, false), Verdict::Fine);
        assert_eq!(sound(Source::Microphone, true), Verdict::Suspect);
        assert_eq!(sound(Source::ScreenShareAudio, true), Verdict::Suspect);
        for source in [Source::Camera, Source::ScreenShare, Source::Unknown] {
            assert_eq!(sound(source, false), Verdict::Disguised);
            assert_eq!(sound(source, true), Verdict::Disguised);
            assert_eq!(judge(&track(TrackKind::Video, source), true), Verdict::Fine);
        }
    }
}
