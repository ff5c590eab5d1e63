//! One WebRTC connection: str0m over one UDP socket. Knows nothing of signalling; the driver carries its SDP.
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr, UdpSocket as StdUdpSocket},
    sync::Arc,
    time::Instant,
};

use anyhow::{Context, Result};
use livekit_protocol::TrackType;
use str0m::{
    Candidate, Event, Input, Output, Rtc, RtcConfig,
    change::{SdpAnswer, SdpOffer, SdpPendingOffer},
    channel::{ChannelConfig, ChannelId},
    crypto::from_feature_flags,
    media::{Direction, MediaKind, Mid},
    net::{Protocol, Receive},
};
use tokio::net::UdpSocket;

use super::media::Clip;

/// Levels of sound below the loudest (RFC 6464).
const VOICE_DB: i8 = -12;
const SILENCE_DB: i8 = -127;

/// Something the driver has to hear of.
pub(super) enum Happening {
    Connected,
    Added { mid: Mid, track: String },
    Packet { mid: Mid },
    ChannelOpen,
    Data(Vec<u8>),
}

/// One of a participant's two connections.
pub(super) struct Peer {
    rtc: Rtc,
    socket: Option<Arc<UdpSocket>>,
    pending: Option<SdpPendingOffer>,
    has_channel: bool,
    channels: HashMap<String, ChannelId>,
    connected: bool,
    /// When str0m wants to be called at the latest.
    pub(super) due: Instant,
}

impl Peer {
    /// `receives`: packets are counted as they come. Frames would be put together across tracks that share a media
    /// line one after the other, and lost where the numbering starts anew.
    pub(super) fn new(receives: bool) -> Self {
        from_feature_flags().install_process_default();
        let mut rtc = RtcConfig::new()
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .set_rtp_mode(receives)
            .build(Instant::now());
        // Without a first time input str0m's ICE agent has no clock and, as answerer, would wait for ever.
        let _ = rtc.handle_input(Input::Timeout(Instant::now()));
        Self {
            rtc,
            socket: None,
            pending: None,
            has_channel: false,
            channels: HashMap::new(),
            connected: false,
            due: Instant::now(),
        }
    }

    /// The socket to wait on, once a remote candidate told where to send.
    pub(super) fn socket(&self) -> Option<Arc<UdpSocket>> {
        self.socket.clone()
    }

    /// An offer is on its way and no other may be made.
    pub(super) fn is_negotiating(&self) -> bool {
        self.pending.is_some()
    }

    /// Makes an offer with these tracks (`cid` and what is sent), and on the first call with the data channel.
    ///
    /// The track id in `a=msid` has to be the `cid` of the AddTrackRequest: that is how the server matches them.
    pub(super) fn offer(&mut self, stream: &str, tracks: &[(String, Clip)]) -> (String, Vec<Mid>) {
        let mut change = self.rtc.sdp_api();
        let mids = tracks.iter().map(|(cid, clip)| {
            let kind = if clip.kind == TrackType::Video { MediaKind::Video } else { MediaKind::Audio };
            change.add_media(kind, Direction::SendOnly, Some(stream.to_owned()), Some(cid.clone()), None)
        });
        let mids = mids.collect();
        if !std::mem::replace(&mut self.has_channel, true) {
            let channel =
                ChannelConfig { label: "_reliable".into(), ordered: true, ..ChannelConfig::default() };
            change.add_channel_with_config(channel);
        }
        let Some((offer, pending)) = change.apply() else { return (String::new(), mids) };
        self.pending = Some(pending);
        (offer.to_sdp_string(), mids)
    }

    /// Takes the server's answer to the last offer.
    pub(super) fn answered(&mut self, sdp: &str) -> Result<()> {
        if let Some(pending) = self.pending.take() {
            self.rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(sdp)?).context("answer")?;
        }
        Ok(())
    }

    /// Answers the server's offer.
    pub(super) fn answer(&mut self, sdp: &str) -> Result<String> {
        // str0m answers `actpass` with `passive`; RFC 8842 prefers that the answerer is the DTLS client.
        let offer = sdp.replace("a=setup:actpass", "a=setup:passive");
        Ok(self
            .rtc
            .sdp_api()
            .accept_offer(SdpOffer::from_sdp_string(&offer)?)
            .context("offer")?
            .to_sdp_string())
    }

    /// Adds a candidate of the server. The first one over UDP opens our socket and gives back our own candidate.
    pub(super) fn remote(&mut self, line: &str) -> Result<Option<String>> {
        let candidate = Candidate::from_sdp_string(line)?;
        let (protocol, address) = (candidate.proto(), candidate.addr());
        self.rtc.add_remote_candidate(candidate);
        if protocol != Protocol::Udp || self.socket.is_some() {
            return Ok(None);
        }
        let socket = StdUdpSocket::bind((towards(address.ip())?, 0))?;
        socket.set_nonblocking(true)?;
        let own = Candidate::host(socket.local_addr()?, Protocol::Udp)?;
        let text = own.to_sdp_string();
        self.socket = Some(Arc::new(UdpSocket::from_std(socket)?));
        self.rtc.add_local_candidate(own);
        Ok(Some(text))
    }

    /// Reads what has come over the socket.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<()> {
        let Some(socket) = self.socket.clone() else { return Ok(()) };
        let destination = socket.local_addr()?;
        while let Ok((length, source)) = socket.try_recv_from(buffer) {
            let Ok(contents) = buffer[..length].try_into() else { continue };
            let packet = Receive { proto: Protocol::Udp, source, destination, contents };
            self.rtc.handle_input(Input::Receive(Instant::now(), packet))?;
        }
        Ok(())
    }

    /// Tells str0m the time if it waits for it.
    pub(super) fn tick(&mut self) -> Result<()> {
        if self.due <= Instant::now() {
            self.rtc.handle_input(Input::Timeout(Instant::now()))?;
        }
        Ok(())
    }

    /// Sends frame number `count` of a track; dropped while the connection does not stand or the track was taken down.
    ///
    /// Sound carries its level beside it, which is all that the SFU goes by when it tells who speaks.
    pub(super) fn write(&mut self, mid: Mid, clip: &Clip, count: u64, speaking: bool) {
        if !self.connected {
            return;
        }
        let Some(writer) = self.rtc.writer(mid) else { return };
        let Some(payload) = writer.payload_params().next().map(|params| params.pt()) else { return };
        let writer = match clip.kind {
            TrackType::Audio => writer.audio_level(if speaking { VOICE_DB } else { SILENCE_DB }, speaking),
            _ => writer,
        };
        let (time, frame) = clip.frame(count);
        let _ = writer.write(payload, Instant::now(), time, frame);
    }

    /// Sends bytes over the data channel; false while it is not open.
    pub(super) fn send(&mut self, bytes: &[u8]) -> bool {
        let Some(channel) = self.channels.get("_reliable").and_then(|id| self.rtc.channel(*id)) else {
            return false;
        };
        let mut channel = channel;
        channel.write(true, bytes).unwrap_or(false)
    }

    /// Polls str0m until it has nothing left; required after every change.
    pub(super) fn drain(&mut self) -> Result<Vec<Happening>> {
        let mut happened = Vec::new();
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(at) => {
                    self.due = at;
                    return Ok(happened);
                }
                Output::Transmit(packet) => {
                    if let Some(socket) = &self.socket {
                        let _ = socket.try_send_to(&packet.contents, packet.destination);
                    }
                }
                Output::Event(event) => happened.extend(self.told(event)),
            }
        }
    }

    fn told(&mut self, event: Event) -> Option<Happening> {
        match event {
            Event::Connected => {
                self.connected = true;
                Some(Happening::Connected)
            }
            Event::MediaAdded(added) => {
                let track =
                    self.rtc.media(added.mid).map(|media| media.track_id().to_owned()).unwrap_or_default();
                Some(Happening::Added { mid: added.mid, track })
            }
            Event::RtpPacket(packet) => {
                let mid = self.rtc.direct_api().stream_rx(&packet.header.ssrc)?.mid();
                Some(Happening::Packet { mid })
            }
            Event::ChannelOpen(id, label) => {
                self.channels.insert(label, id);
                Some(Happening::ChannelOpen)
            }
            Event::ChannelData(data) => Some(Happening::Data(data.data)),
            _ => None,
        }
    }
}

/// The own address that the kernel would use towards `remote` (sends nothing).
fn towards(remote: IpAddr) -> Result<IpAddr> {
    let any: SocketAddr = if remote.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0u16; 8], 0).into() };
    let socket = StdUdpSocket::bind(any)?;
    socket.connect((remote, 9))?;
    Ok(socket.local_addr()?.ip())
}
