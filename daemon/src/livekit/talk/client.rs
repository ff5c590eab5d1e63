//! Calls to the SFU's room service: Twirp (POST with protobuf, errors as JSON), each with a short token of its own.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use livekit_api::access_token::VideoGrants;
use livekit_protocol as proto;
use prost::Message;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{jwt, transport::Transport};
use crate::{
    error::{Error, Kind, Result},
    livekit::{AWAY, DECLINED, Keys, Permission, SfuParticipant, SfuRoom, Status},
};

/// No call takes longer than this.
const CALL: Duration = Duration::from_secs(5);
/// The largest answer: ListParticipants with some thousand people stays below.
const MOST_BYTES: usize = 16 << 20;

/// The room service of one SFU. Cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    transport: Transport,
    keys: Keys,
    base: Base,
}

/// Where the room service is.
pub(crate) enum Base {
    /// Somebody else's: `https://sfu.example.org`.
    Fixed(String),
    /// Ours, on loopback at the port that its status tells.
    Own(watch::Receiver<Status>),
}

impl Base {
    fn url(&self) -> Option<String> {
        match self {
            Self::Fixed(url) => Some(url.clone()),
            Self::Own(status) => status.borrow().own.ports.map(|p| format!("http://127.0.0.1:{}", p.http)),
        }
    }
}

/// How a room is opened in the SFU.
#[derive(Clone, Debug)]
pub struct NewRoom {
    /// Our room id.
    pub name: String,
    /// Seconds it stays open before the first person.
    pub empty_timeout_seconds: u32,
    /// Seconds it stays open after the last person.
    pub departure_timeout_seconds: u32,
    /// More people are refused; 0 leaves that to us.
    pub max_participants: u32,
    /// JSON that participants see.
    pub metadata: String,
}

/// Changes to somebody inside; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ParticipantUpdate {
    /// What they may do from now on.
    pub permission: Option<Permission>,
    /// A new display name.
    pub name: Option<String>,
    /// New metadata.
    pub metadata: Option<String>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    exp: i64,
    video: VideoGrants,
}

/// Twirp's error body (twitchtv.github.io/twirp, Errors).
#[derive(Deserialize)]
struct Refusal {
    code: String,
    msg: String,
}

impl Client {
    pub(crate) fn new(transport: Transport, keys: Keys, base: Base) -> Self {
        Self(Arc::new(Inner { transport, keys, base }))
    }

    /// Opens a room. Idempotent: an open one stays open and takes the new values.
    pub async fn create_room(&self, room: NewRoom) -> Result<SfuRoom> {
        let request = proto::CreateRoomRequest {
            name: room.name,
            empty_timeout: room.empty_timeout_seconds,
            departure_timeout: room.departure_timeout_seconds,
            max_participants: room.max_participants,
            metadata: room.metadata,
            ..proto::CreateRoomRequest::default()
        };
        let grant = VideoGrants { room_create: true, ..VideoGrants::default() };
        self.call::<proto::Room>("CreateRoom", grant, request).await.map(SfuRoom::from)
    }

    /// Ends a room and disconnects everybody. Not found when it is not open.
    pub async fn delete_room(&self, room: &str) -> Result<()> {
        let request = proto::DeleteRoomRequest { room: room.to_owned() };
        let grant = VideoGrants { room_create: true, room: room.to_owned(), ..VideoGrants::default() };
        self.call::<proto::DeleteRoomResponse>("DeleteRoom", grant, request).await.map(drop)
    }

    /// Every open room.
    pub async fn list_rooms(&self) -> Result<Vec<SfuRoom>> {
        let grant = VideoGrants { room_list: true, ..VideoGrants::default() };
        let answer: proto::ListRoomsResponse =
            self.call("ListRooms", grant, proto::ListRoomsRequest::default()).await?;
        Ok(answer.rooms.into_iter().map(SfuRoom::from).collect())
    }

    /// Everybody inside `room`; empty for one that is not open.
    pub async fn list_participants(&self, room: &str) -> Result<Vec<SfuParticipant>> {
        let request = proto::ListParticipantsRequest { room: room.to_owned() };
        let answer: proto::ListParticipantsResponse =
            self.call("ListParticipants", admin(room), request).await?;
        Ok(answer.participants.into_iter().map(SfuParticipant::from).collect())
    }

    /// One person with their tracks. Not found when they are not inside.
    pub async fn get_participant(&self, room: &str, identity: &str) -> Result<SfuParticipant> {
        let answer: proto::ParticipantInfo =
            self.call("GetParticipant", admin(room), person(room, identity)).await?;
        Ok(answer.into())
    }

    /// Puts somebody out. Revokes nothing: the gate keeps them out. Not found when they are not inside.
    pub async fn remove_participant(&self, room: &str, identity: &str) -> Result<()> {
        let answer: Result<proto::RemoveParticipantResponse> =
            self.call("RemoveParticipant", admin(room), person(room, identity)).await;
        answer.map(drop)
    }

    /// Pauses a track, or asks for it again. The person's client can undo a pause.
    pub async fn mute_track(&self, room: &str, identity: &str, track_sid: &str, muted: bool) -> Result<()> {
        let request = proto::MuteRoomTrackRequest {
            room: room.to_owned(),
            identity: identity.to_owned(),
            track_sid: track_sid.to_owned(),
            muted,
        };
        self.call::<proto::MuteRoomTrackResponse>("MutePublishedTrack", admin(room), request).await.map(drop)
    }

    /// Changes what somebody inside may do or is called; tracks that are no longer allowed end at once.
    pub async fn update_participant(
        &self,
        room: &str,
        identity: &str,
        update: ParticipantUpdate,
    ) -> Result<()> {
        let request = proto::UpdateParticipantRequest {
            room: room.to_owned(),
            identity: identity.to_owned(),
            metadata: update.metadata.unwrap_or_default(),
            name: update.name.unwrap_or_default(),
            permission: update.permission.as_ref().map(Permission::message),
            ..proto::UpdateParticipantRequest::default()
        };
        self.call::<proto::ParticipantInfo>("UpdateParticipant", admin(room), request).await.map(drop)
    }

    /// Sends a reliable data packet from the server (it has no sender). No `identities`: to everybody.
    pub async fn send_data(
        &self,
        room: &str,
        topic: &str,
        payload: Vec<u8>,
        identities: Vec<String>,
    ) -> Result<()> {
        let request = proto::SendDataRequest {
            room: room.to_owned(),
            data: payload,
            kind: proto::data_packet::Kind::Reliable.into(),
            topic: Some(topic.to_owned()),
            destination_identities: identities,
            nonce: rand::random::<[u8; 16]>().to_vec(),
            ..proto::SendDataRequest::default()
        };
        self.call::<proto::SendDataResponse>("SendData", admin(room), request).await.map(drop)
    }

    /// Asks whether the bearer of this join token would be let in; the answer itself is of no interest yet.
    pub async fn validate(&self, token: &str) -> Result<()> {
        let Some(base) = self.0.base.url() else { return Err(away("it is not running")) };
        let request = Request::get(format!("{base}/rtc/validate"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Full::default())
            .map_err(Error::internal)?;
        self.exchange(request).await.map(drop)
    }

    async fn call<A: Message + Default>(
        &self,
        method: &str,
        video: VideoGrants,
        request: impl Message,
    ) -> Result<A> {
        let Some(base) = self.0.base.url() else { return Err(away("it is not running")) };
        let exp = chrono::Utc::now().timestamp().saturating_add(60);
        let token = jwt::sign(&Claims { iss: self.0.keys.id(), exp, video }, &self.0.keys)?;
        let request = Request::post(format!("{base}/twirp/livekit.RoomService/{method}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/protobuf")
            .body(Full::new(Bytes::from(request.encode_to_vec())))
            .map_err(Error::internal)?;
        let (status, body) = self.exchange(request).await?;
        if status.is_success() {
            return A::decode(body).map_err(Error::internal);
        }
        Err(refused(method, status, &body))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes)> {
        let exchange = async {
            let answer =
                self.0.transport.request(request).await.map_err(|e| away("no connection").caused_by(e))?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), MOST_BYTES).collect().await;
            body.map(|b| (status, b.to_bytes())).map_err(|e| away("the answer broke off").caused_by(e))
        };
        tokio::time::timeout(CALL, exchange).await.map_err(|_| away("it did not answer in time"))?
    }
}

fn admin(room: &str) -> VideoGrants {
    VideoGrants { room_admin: true, room: room.to_owned(), ..VideoGrants::default() }
}

fn person(room: &str, identity: &str) -> proto::RoomParticipantIdentity {
    proto::RoomParticipantIdentity {
        room: room.to_owned(),
        identity: identity.to_owned(),
        ..proto::RoomParticipantIdentity::default()
    }
}

fn away(why: &str) -> Error {
    Error::unavailable(AWAY, format!("The media server is away: {why}. Try again in a moment."))
}

fn refused(method: &str, status: StatusCode, body: &[u8]) -> Error {
    let refusal = serde_json::from_slice::<Refusal>(body)
        .unwrap_or_else(|_| Refusal { code: status.as_str().to_owned(), msg: "no Twirp error".to_owned() });
    let cause = format!("{method}: {}: {}", refusal.code, refusal.msg);
    match refusal.code.as_str() {
        "not_found" => {
            let s = "The media server knows no such room or participant.";
            Error::new(Kind::NotFound, "sfu_not_found", s).caused_by(cause)
        }
        "unauthenticated" | "permission_denied" => {
            let s = "The media server refuses our API key. Check livekit.apiKey and livekit.apiSecretFile.";
            Error::unavailable("sfu_refused", s).caused_by(cause)
        }
        "unavailable" | "deadline_exceeded" | "resource_exhausted" | "canceled" => {
            away("it is busy or stopping").caused_by(cause)
        }
        "invalid_argument" | "failed_precondition" | "out_of_range" => {
            Error::new(Kind::Internal, DECLINED, "The media server declines this. Look at the log.")
                .caused_by(cause)
        }
        _ => Error::internal(cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_keep_their_meaning() {
        let refusal = |body: &str| refused("X", http::StatusCode::NOT_FOUND, body.as_bytes());
        assert_eq!(
            refusal(r#"{"code":"not_found","msg":"participant does not exist"}"#).kind,
            Kind::NotFound
        );
        assert_eq!(refusal(r#"{"code":"unauthenticated","msg":"x"}"#).code, "sfu_refused");
        assert_eq!(refusal(r#"{"code":"unavailable","msg":"x"}"#).code, "sfu_unavailable");
        assert_eq!(refusal(r#"{"code":"invalid_argument","msg":"name too long"}"#).code, "sfu_declined");
        assert_eq!(refusal("<html>").kind, Kind::Internal);
    }
}
