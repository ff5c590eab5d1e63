//! What a participant may do in the SFU: the part of a grant that can also change while they are inside.

use livekit_protocol::{ParticipantPermission, TrackSource};

/// Where a track says that it comes from; a person's client chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Not told; the SFU takes it for publishing only where every source is allowed.
    Unknown,
    /// A camera.
    Camera,
    /// A microphone.
    Microphone,
    /// A shared screen, window or tab.
    ScreenShare,
    /// The sound that comes with it.
    ScreenShareAudio,
}

impl Source {
    /// The name in join tokens; `None` for [`Source::Unknown`], which cannot be granted.
    pub fn grant_name(self) -> Option<&'static str> {
        match self {
            Self::Unknown => None,
            Self::Camera => Some("camera"),
            Self::Microphone => Some("microphone"),
            Self::ScreenShare => Some("screen_share"),
            Self::ScreenShareAudio => Some("screen_share_audio"),
        }
    }

    /// The name in LiveKit's API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::Camera => "CAMERA",
            Self::Microphone => "MICROPHONE",
            Self::ScreenShare => "SCREEN_SHARE",
            Self::ScreenShareAudio => "SCREEN_SHARE_AUDIO",
        }
    }

    /// From the enum of LiveKit's API; values of newer versions count as unknown.
    pub(crate) fn from_number(number: i32) -> Self {
        match TrackSource::try_from(number) {
            Ok(TrackSource::Camera) => Self::Camera,
            Ok(TrackSource::Microphone) => Self::Microphone,
            Ok(TrackSource::ScreenShare) => Self::ScreenShare,
            Ok(TrackSource::ScreenShareAudio) => Self::ScreenShareAudio,
            Ok(TrackSource::Unknown) | Err(_) => Self::Unknown,
        }
    }

    fn number(self) -> i32 {
        let source = match self {
            Self::Unknown => TrackSource::Unknown,
            Self::Camera => TrackSource::Camera,
            Self::Microphone => TrackSource::Microphone,
            Self::ScreenShare => TrackSource::ScreenShare,
            Self::ScreenShareAudio => TrackSource::ScreenShareAudio,
        };
        source.into()
    }
}

/// Default deny: what is not listed is forbidden, and nobody edits their own name or metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permission {
    /// What they may publish; empty: nothing.
    pub sources: Vec<Source>,
    /// Whether they may send data packets (chat, reactions).
    pub data: bool,
    /// Whether they hear and see others.
    pub subscribe: bool,
}

impl Permission {
    /// The message of UpdateParticipant. An empty list of sources means *all* to LiveKit, so `can_publish` goes with it.
    pub(crate) fn message(&self) -> ParticipantPermission {
        ParticipantPermission {
            can_subscribe: self.subscribe,
            can_publish: !self.sources.is_empty(),
            can_publish_data: self.data,
            can_publish_sources: self.sources.iter().map(|s| s.number()).collect(),
            ..ParticipantPermission::default()
        }
    }

    /// What the SFU says that somebody may do now.
    pub(crate) fn read(message: &ParticipantPermission) -> Self {
        let every = [Source::Camera, Source::Microphone, Source::ScreenShare, Source::ScreenShareAudio];
        let sources = match (message.can_publish, message.can_publish_sources.as_slice()) {
            (false, _) => Vec::new(),
            (true, []) => every.to_vec(),
            (true, listed) => listed.iter().map(|n| Source::from_number(*n)).collect(),
        };
        Self { sources, data: message.can_publish_data, subscribe: message.can_subscribe }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_source_means_no_publishing() {
        let none = Permission { data: true, subscribe: true, ..Permission::default() };
        assert!(!none.message().can_publish);
        let camera = Permission { sources: vec![Source::Camera], ..Permission::default() };
        assert!(camera.message().can_publish);
        assert_eq!(Permission::read(&camera.message()), camera);
        assert_eq!(Permission::read(&none.message()), none);
    }
}
