//! The way to the SFU, with a gate that does what the test says.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{Router, extract::Request, response::IntoResponse};
use bedrud::{
    error::{Error, Result},
    livekit::{Claims, Gate, Grant, Line, NewRoom, Permission, Proxy, Sfu, Source, sign_join},
    serve::{Caps, ClientAddress, Serving, Shutdown, Trust},
};
use futures_util::StreamExt;
use http::StatusCode;
use livekit_protocol::{self as proto, signal_response::Message as Signal};
use prost::Message as _;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite};

use crate::place::{kill, place, ready};

type Answer = fn() -> Result<()>;
type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

#[derive(Clone)]
struct Porter {
    answer: Arc<Mutex<Answer>>,
    asked: Arc<Mutex<Vec<Claims>>>,
}

impl Gate for Porter {
    type Line = Untold;

    async fn admit(&self, claims: &Claims) -> Result<Untold> {
        self.asked.lock().expect("a lock").push(claims.clone());
        let answer = *self.answer.lock().expect("a lock");
        answer().map(|()| Untold)
    }
}

struct Untold;

impl Line for Untold {
    fn up(&mut self) {}
    fn down(self, _by_client: bool) {}
}

struct House {
    sfu: Sfu,
    porter: Porter,
    address: SocketAddr,
    serving: Serving,
}

async fn house(sfu: Sfu) -> House {
    let shutdown = Shutdown::default();
    let proxy = Proxy::new(sfu.clone(), Arc::new(|| None), shutdown.upgraded.clone(), shutdown.token.clone());
    let porter = Porter { answer: Arc::new(Mutex::new(|| Ok(()))), asked: Arc::default() };
    let gate = porter.clone();
    let router = Router::new().fallback(move |request: Request| async move {
        let path = request.uri().path().strip_prefix("/livekit").unwrap_or_default().to_owned();
        let client = request.extensions().get::<ClientAddress>().map(|c| c.0);
        proxy.forward(&gate, &path, client, request).await.map_err(Error::into_response)
    });
    let caps = Caps { connections: 100, per_address: 100 };
    let serving = Serving::new(shutdown, caps, Trust::new(&[], "X-Forwarded-For")).expect("event loops");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    serving.plain(listener, router);
    House { sfu, porter, address, serving }
}

impl House {
    /// The room is there and people may come.
    async fn open(&self) {
        let (generation, _) = ready(&self.sfu).await;
        let room = NewRoom {
            name: "r1".to_owned(),
            empty_timeout_seconds: 60,
            departure_timeout_seconds: 60,
            max_participants: 0,
            metadata: String::new(),
        };
        self.sfu.client().create_room(room).await.expect("opened");
        self.sfu.open_for_business(generation);
    }

    fn token(&self, identity: &str) -> String {
        let grant = Grant {
            room: "r1".to_owned(),
            identity: identity.to_owned(),
            name: identity.to_owned(),
            metadata: "{}".to_owned(),
            issued_at_seconds: chrono::Utc::now().timestamp(),
            permission: Permission { sources: vec![Source::Microphone], data: true, subscribe: true },
        };
        sign_join(&grant, self.sfu.keys()).expect("signed")
    }

    /// Joins up to the first message; `Err` is the status of a refusal.
    async fn join(&self, identity: &str) -> std::result::Result<(Socket, proto::JoinResponse), u16> {
        let (address, token) = (self.address, self.token(identity));
        let url =
            format!("ws://{address}/livekit/rtc?access_token={token}&protocol=15&sdk=js&auto_subscribe=1");
        let mut socket = match connect_async(url).await {
            Ok((socket, _)) => socket,
            Err(tungstenite::Error::Http(answer)) => return Err(answer.status().as_u16()),
            Err(e) => panic!("{e}"),
        };
        let first = socket.next().await.expect("a message").expect("a frame").into_data();
        match proto::SignalResponse::decode(first).expect("protobuf").message {
            Some(Signal::Join(join)) => Ok((socket, join)),
            other => panic!("{other:?}"),
        }
    }

    /// A request as it is written, to the status of its answer.
    async fn raw(&self, request: &str) -> (StatusCode, String) {
        let mut stream = TcpStream::connect(self.address).await.expect("connected");
        let request = format!("{request}\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        let status = answer.get(9..12).and_then(|s| s.parse().ok()).expect("a status");
        (status, answer)
    }

    fn says(&self, answer: Answer) {
        *self.porter.answer.lock().expect("a lock") = answer;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_reach_the_signalling_paths_and_nothing_else() {
    let place = place();
    let house = house(place.start().await).await;
    house.open().await;
    let token = house.token("ada");
    let (status, body) = house.raw(&format!("GET /livekit/rtc/validate?access_token={token} HTTP/1.1")).await;
    assert_eq!(status, 200, "{body}");
    assert!(body.ends_with("success"));
    let asked = house.porter.asked.lock().expect("a lock").clone();
    assert_eq!((asked[0].room.as_str(), asked[0].identity.as_str()), ("r1", "ada"));

    for path in [
        "/livekit",
        "/livekit/",
        "/livekit/twirp/livekit.RoomService/ListRooms",
        "/livekit/rtc/../twirp/livekit.RoomService/ListRooms",
        "/livekit/rtc/%2e%2e/twirp",
        "/livekit//rtc",
        "/livekit/rtc/",
        "/livekit/%72tc",
        "/livekit/rtc%2fvalidate",
        "/livekit/debug/pprof",
        "/livekit/metrics",
        "/livekit/agent",
        "/livekit/whip/v1",
        "/livekit/RTC",
    ] {
        let (status, _) = house.raw(&format!("GET {path}?access_token={token} HTTP/1.1")).await;
        assert_eq!(status, 404, "{path}");
    }
    for (request, expected) in [
        ("GET /livekit/rtc/validate HTTP/1.1".to_owned(), 401),
        ("GET /livekit/rtc/validate?access_token=x.y.z HTTP/1.1".to_owned(), 401),
        (format!("POST /livekit/rtc/validate?access_token={token} HTTP/1.1\r\ncontent-length: 0"), 405),
        (format!("GET /livekit/rtc/validate?access_token={token}&publish=2 HTTP/1.1"), 400),
        ("OPTIONS /livekit/rtc/validate HTTP/1.1".to_owned(), 204),
        (format!("GET /livekit/rtc/v1/validate?access_token={token} HTTP/1.1"), 400), // wants a join_request
    ] {
        let (status, answer) = house.raw(&request).await;
        assert_eq!(status, expected, "{request}: {answer}");
    }
    house.sfu.stop(Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_joins_and_is_sent_to_no_third_party() {
    let place = place();
    let house = house(place.start().await).await;
    house.open().await;
    let (_socket, join) = house.join("ada").await.expect("let in");
    let ports = house.sfu.status().own.ports.expect("ours");
    let node = house.sfu.status().own.node.expect("ours").primary();
    let urls: Vec<_> = join.ice_servers.iter().flat_map(|s| s.urls.clone()).collect();
    let over_udp = format!("turn:{node}:{}?transport=udp", ports.turn.expect("on"));
    // LiveKit names 443 whatever its own port is, and TLS ends there (the default mode of `tls`)
    assert_eq!(urls, [over_udp, format!("turns:{node}:443?transport=tcp")]);
    let people = house.sfu.client().list_participants("r1").await.expect("listed");
    assert_eq!(people.iter().map(|p| p.identity.as_str()).collect::<Vec<_>>(), ["ada"]);

    // a stop of the daemon cuts the socket, and does not wait for the person
    let begun = Instant::now();
    house.serving.finish(Duration::from_secs(5)).await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    house.sfu.stop(Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_turn_no_third_party_is_told_either() {
    let mut place = place();
    place.config.livekit.turn.enabled = false;
    let house = house(place.start().await).await;
    house.open().await;
    let (_socket, join) = house.join("ada").await.expect("let in");
    let node = house.sfu.status().own.node.expect("ours").primary();
    let urls: Vec<_> = join.ice_servers.iter().flat_map(|s| s.urls.clone()).collect();
    assert!(!urls.is_empty() && urls.iter().all(|u| u.starts_with(&format!("stun:{node}:"))), "{urls:?}");
    house.sfu.stop(Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_unwelcome_are_forbidden_and_the_rest_may_try_again() {
    let place = place();
    let house = house(place.start().await).await;
    house.open().await;
    house.says(|| Err(Error::forbidden("banned", "You are banned.")));
    assert_eq!(house.join("ada").await.err(), Some(403));
    house.says(|| Err(Error::not_found("room")));
    assert_eq!(house.join("ada").await.err(), Some(403));
    house.says(|| Err(Error::internal("the database is busy")));
    assert_eq!(house.join("ada").await.err(), Some(503));
    house.says(|| Ok(()));
    house.join("ada").await.expect("let in");

    // the SFU lost the room: LiveKit's own answer would end the client's tries
    house.sfu.client().delete_room("r1").await.expect("ended");
    let (status, answer) =
        house.raw(&format!("GET /livekit/rtc/validate?access_token={} HTTP/1.1", house.token("ada"))).await;
    assert_eq!(status, 503, "{answer}");
    house.sfu.stop(Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_held_until_their_room_is_there_again() {
    let place = place();
    let house = house(place.start().await).await;
    house.open().await;
    let (generation, pid) = ready(&house.sfu).await;
    kill(pid);
    // at once: the supervisor has not noticed yet, and the port refuses
    let (joined, ()) = tokio::join!(house.join("ada"), async {
        let mut status = house.sfu.watch();
        status.wait_for(|s| s.generation().is_some_and(|g| g != generation)).await.expect("a supervisor");
        house.open().await;
    });
    joined.expect("held, then let in");

    // nobody opens the rooms this time
    house.sfu.restart().await.expect("asked");
    let old = house.sfu.status().generation();
    let mut status = house.sfu.watch();
    status.wait_for(|s| s.generation() != old).await.expect("a supervisor");
    let begun = Instant::now();
    assert_eq!(house.join("ada").await.err(), Some(503));
    assert!(begun.elapsed() > Duration::from_secs(7), "{:?}", begun.elapsed());
    house.sfu.stop(Duration::ZERO).await;
}
