//! The way to the SFU: `/livekit/rtc*` and nothing else, however the path is written.
use bedrud_tests::{Server, json};

/// Ways to spell something that is not ours to expose.
const TRICKS: &[&str] = &[
    "/livekit",
    "/livekit/",
    "/livekit/twirp/livekit.RoomService/ListRooms",
    "/livekit//twirp/livekit.RoomService/ListRooms",
    "/livekit/%74wirp/livekit.RoomService/ListRooms",
    "/livekit/%2574wirp/livekit.RoomService/ListRooms",
    "/livekit/./twirp/livekit.RoomService/ListRooms",
    "/livekit/rtc/../twirp/livekit.RoomService/ListRooms",
    "/livekit/rtc/%2e%2e/twirp/livekit.RoomService/ListRooms",
    "/livekit/rtc/..%2ftwirp/livekit.RoomService/ListRooms",
    "/livekit/rtc/%2e%2e%2ftwirp/livekit.RoomService/ListRooms",
    "/livekit/rtc/..%5ctwirp/livekit.RoomService/ListRooms",
    "/livekit/rtc%2f..%2ftwirp/livekit.RoomService/ListRooms",
    "/livekit/rtc;/../twirp/livekit.RoomService/ListRooms",
    "/livekit/rtcx",
    "/livekit/rtc/debug",
    "/livekit/rtc/v1/debug",
    "/livekit/RTC",
    "/livekit/debug/pprof",
    "/livekit/debug/rooms",
    "/livekit/metrics",
    "/livekit/whip/v1",
    "/livekit/agent",
    "/livekit/../livekit/twirp/x",
];

#[tokio::test]
async fn only_signalling_gets_through() {
    let server = Server::with_sfu().await;
    let admin = server.admin().await;
    for path in TRICKS {
        for answer in [admin.get(*path).await, admin.post(*path).json(json!({})).await] {
            assert!(matches!(answer.status, 400 | 404), "{answer}");
            answer.code();
        }
    }
    // a request without a token gets as far as the gate and no further
    let answer = server.stranger().get("/livekit/rtc/validate").await;
    assert!(matches!(answer.status, 401 | 403), "{answer}");
}
