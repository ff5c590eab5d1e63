//! People to the SFU's signalling paths: checks the path and the token, asks the gate, waits while the SFU is away, and
//! splices the WebSocket. What LiveKit is sent is built here from nothing, so no header or parameter slips through.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{body::Incoming, client::conn::http1, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    time::{Instant, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    anew,
    splice::{End, splice},
    told,
};
use crate::{
    error::{Error, Kind, Result},
    livekit::{AWAY, Claims, Sfu, verify_join},
};

/// All that LiveKit offers to clients (service/rtcservice.go); everything else stays inside.
const PATHS: [&str; 4] = ["/rtc", "/rtc/validate", "/rtc/v1", "/rtc/v1/validate"];
/// Requests are held so long while the SFU starts or rooms are opened again: each refusal would cost a step of the client's back-off.
const HOLD: Duration = Duration::from_secs(8);
/// Between two tries while the supervisor has not noticed yet that the SFU is gone.
const AGAIN: Duration = Duration::from_millis(20);
/// LiveKit answers a request at once, or after it has made the participant.
const ANSWER: Duration = Duration::from_secs(10);
/// The largest answer that is no WebSocket: a sentence.
const ANSWER_BYTES: usize = 64 << 10;
/// A join request travels in the query (rtcservice.go, `join_request`).
const QUERY_BYTES: usize = 64 << 10;

/// Who may come in; `rooms` decides. Forbidden ends it for the client, anything else is tried again.
pub trait Gate: Sync {
    /// What is told of the line of somebody who was let through.
    type Line: Line;
    /// `Ok` lets the holder of this join token through, now, and makes sure that the room is open.
    fn admit(&self, claims: &Claims) -> impl Future<Output = Result<Self::Line>> + Send;
}

/// Somebody's signalling connection through us; `rooms` decides what its end means.
pub trait Line: Send + 'static {
    /// It is up.
    fn up(&mut self);
    /// It ended. `by_client` when it was neither the SFU nor we: they closed it, or they are gone.
    fn down(self, by_client: bool);
}

/// Where nobody need know.
impl<L: Line> Line for Option<L> {
    fn up(&mut self) {
        if let Some(line) = self {
            line.up();
        }
    }

    fn down(self, by_client: bool) {
        if let Some(line) = self {
            line.down(by_client);
        }
    }
}

/// The URL of the relay through TLS; none where the SFU's own announcement is right.
pub type RelayUrl = Arc<dyn Fn() -> Option<String> + Send + Sync>;

/// The way to the SFU. Cheap to clone.
#[derive(Clone)]
pub struct Proxy {
    sfu: Sfu,
    relay: RelayUrl,
    sockets: TaskTracker,
    closing: CancellationToken,
}

impl Proxy {
    /// Counts its open WebSockets in `sockets` and ends them when `closing` is cancelled; clients then reconnect.
    pub fn new(sfu: Sfu, relay: RelayUrl, sockets: TaskTracker, closing: CancellationToken) -> Self {
        Self { sfu, relay, sockets, closing }
    }

    /// The server stops: whose line ends now comes back to another.
    pub fn is_closing(&self) -> bool {
        self.closing.is_cancelled()
    }

    /// Answers a request under `/livekit`; `path` is the raw rest of its path, `client` the address it came from.
    pub async fn forward(
        &self,
        gate: &impl Gate,
        path: &str,
        client: Option<IpAddr>,
        mut request: Request<Body>,
    ) -> Result<Response<Body>> {
        // compared as it came: percent-encoded, doubled and dotted forms are other paths
        let Some(path) = PATHS.into_iter().find(|p| *p == path && self.sfu.is_proxied()) else {
            return Err(Error::not_found("path"));
        };
        if request.method() == Method::OPTIONS {
            return Ok(preflight());
        }
        if request.method() != Method::GET {
            return Err(Error::wrong_method("GET"));
        }
        let (token, query) = credentials(request.uri(), request.headers())?;
        let now = chrono::Utc::now().timestamp();
        let claims = verify_join(&token, self.sfu.keys(), now)?;
        let downstream = hyper::upgrade::on(&mut request);
        let deadline = Instant::now() + HOLD;
        let (answer, sfu, line) = loop {
            let outgoing = outgoing(path, &query, &token, client, request.headers())?;
            match self.attempt(gate, &claims, outgoing, deadline).await {
                // it died under this request: wait for the next one like those who come later
                Err(e) if e.code == AWAY && Instant::now() < deadline => sleep(AGAIN).await,
                done => break done?,
            }
        };
        if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
            return Ok(self.splice(downstream, answer, sfu, line));
        }
        whole(answer).await
    }

    /// Waits until the SFU is open, asks the gate, and passes the request on.
    async fn attempt<G: Gate>(
        &self,
        gate: &G,
        claims: &Claims,
        outgoing: Request<Empty<Bytes>>,
        deadline: Instant,
    ) -> Result<(Response<Incoming>, SocketAddr, G::Line)> {
        let sfu = self.sfu.open_authority(deadline).await?;
        let line = gate.admit(claims).await.map_err(|e| refusal(e, claims))?;
        let answer = timeout(ANSWER, send(sfu, outgoing)).await.map_err(|_| away("it did not answer"))??;
        Ok((answer, sfu, line))
    }

    fn splice(
        &self,
        downstream: OnUpgrade,
        mut answer: Response<Incoming>,
        sfu: SocketAddr,
        mut line: impl Line,
    ) -> Response<Body> {
        let upstream = hyper::upgrade::on(&mut answer);
        let (closing, relay) = (self.closing.clone(), (self.relay)());
        self.sockets.spawn(async move {
            let end = match tokio::try_join!(downstream, upstream) {
                Ok((down, up)) => {
                    line.up();
                    let (down, mut up, mut first) = (TokioIo::new(down), TokioIo::new(up), Vec::new());
                    if let Some(relay) = relay {
                        closing.run_until_cancelled(told::tell(&relay, &mut up, &mut first)).await;
                    }
                    splice(down, up, first, closing.cancelled(), anew::words_if_gone(sfu)).await
                }
                Err(e) => {
                    tracing::debug!("a signalling socket broke: {e}");
                    End::Client
                }
            };
            line.down(end == End::Client);
        });
        let (mut parts, _) = answer.into_parts();
        parts.extensions.clear(); // our half of the upgrade is not the client's
        Response::from_parts(parts, Body::empty())
    }
}

/// The token where LiveKit looks for it (header first, then `access_token`), and the query without it.
fn credentials(uri: &Uri, headers: &HeaderMap) -> Result<(String, String)> {
    let query = uri.query().unwrap_or_default();
    if query.len() > QUERY_BYTES {
        return Err(Error::new(Kind::TooLarge, "query_too_large", "The join request is too large."));
    }
    let (mut in_query, mut rest) = (None, String::with_capacity(query.len()));
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match decoded(name).as_str() {
            "access_token" => in_query = in_query.or_else(|| Some(decoded(value))),
            // would join a second time under another identity that no ban or mute knows (service/utils.go)
            "publish" => {
                return Err(Error::invalid("parameter_refused", "This server does not take `publish`."));
            }
            _ => {
                if !rest.is_empty() {
                    rest.push('&');
                }
                rest.push_str(pair);
            }
        }
    }
    let in_header = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).map(|v| {
        let token = v.strip_prefix("Bearer ");
        token.unwrap_or_default().to_owned()
    });
    let missing = || Error::unauthorized("token_missing", "A join token is needed. Join the room first.");
    in_header.or(in_query).filter(|t| !t.is_empty()).map(|token| (token, rest)).ok_or_else(missing)
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// What LiveKit gets: our path, the token that was checked and no other, the client's address as we know it.
fn outgoing(
    path: &str,
    query: &str,
    token: &str,
    client: Option<IpAddr>,
    incoming: &HeaderMap,
) -> Result<Request<Empty<Bytes>>> {
    const PASSED: [HeaderName; 8] = [
        header::CONNECTION,
        header::UPGRADE,
        header::SEC_WEBSOCKET_KEY,
        header::SEC_WEBSOCKET_VERSION,
        header::SEC_WEBSOCKET_EXTENSIONS,
        header::SEC_WEBSOCKET_PROTOCOL,
        header::USER_AGENT,
        header::ORIGIN,
    ];
    let mut request = Request::get(format!("{path}?{query}"))
        .header(header::HOST, "127.0.0.1")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    for name in PASSED {
        if let Some(value) = incoming.get(&name) {
            request = request.header(name, value);
        }
    }
    if let Some(address) = client {
        request = request.header("x-forwarded-for", address.to_canonical().to_string());
    }
    request.body(Empty::new()).map_err(Error::internal)
}

/// A connection of its own for each request: nearly all of them become WebSockets.
async fn send(sfu: SocketAddr, request: Request<Empty<Bytes>>) -> Result<Response<Incoming>> {
    let stream = TcpStream::connect(sfu).await.map_err(|e| away("no connection").caused_by(e))?;
    stream.set_nodelay(true).map_err(Error::internal)?;
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(16 << 10)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|e| away("no connection").caused_by(e))?;
    tokio::spawn(connection.with_upgrades());
    sender.send_request(request).await.map_err(|e| away("it ended").caused_by(e))
}

/// An answer that is no WebSocket: `validate`, or a refusal.
async fn whole(answer: Response<Incoming>) -> Result<Response<Body>> {
    let (parts, body) = answer.into_parts();
    if parts.status == StatusCode::NOT_FOUND {
        // the gate has just said that the room is there: the SFU lost it, and a 404 would end the client's tries
        return Err(away("the room is being opened again"));
    }
    let body = timeout(ANSWER, Limited::new(body, ANSWER_BYTES).collect()).await;
    let body = body.map_err(|_| away("it did not answer"))?.map_err(|e| away("it ended").caused_by(e))?;
    let mut response = Response::new(Body::from(body.to_bytes()));
    *response.status_mut() = parts.status;
    if let Some(kind) = parts.headers.get(header::CONTENT_TYPE) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind.clone());
    }
    Ok(response)
}

/// LiveKit lets pages of every origin in: the token is what counts.
fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

/// 403 for those who are not welcome, at which clients give up; 503 for everything passing, at which they try again.
fn refusal(error: Error, claims: &Claims) -> Error {
    match error.kind {
        Kind::Forbidden | Kind::NotFound | Kind::Gone | Kind::Unauthorized => {
            tracing::info!(room = claims.room, participant = claims.identity, "not let in: {error}");
            Error { kind: Kind::Forbidden, ..error }
        }
        _ => Error { kind: Kind::Unavailable, ..error },
    }
}

fn away(why: &str) -> Error {
    Error::unavailable(AWAY, format!("The media server is away: {why}. Try again in a moment."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str, authorization: Option<&str>) -> Result<(String, String)> {
        let uri: Uri = format!("/livekit/rtc?{query}").parse().expect("a URI");
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().expect("a header"));
        }
        credentials(&uri, &headers)
    }

    #[test]
    fn one_token_counts_and_is_taken_out_of_the_query() {
        let (token, rest) = read("access_token=a.b.c&sdk=js&auto_subscribe=1", None).expect("a token");
        assert_eq!((token.as_str(), rest.as_str()), ("a.b.c", "sdk=js&auto_subscribe=1"));
        let (token, rest) = read("%61ccess_token=a%2Eb&access_token=second", None).expect("a token");
        assert_eq!((token.as_str(), rest.as_str()), ("a.b", ""));
        assert_eq!(read("access_token=query", Some("Bearer header")).expect("a token").0, "header");
        for (query, header) in [("", None), ("access_token=", None), ("access_token=a", Some("Basic x"))] {
            assert_eq!(read(query, header).expect_err("none").code, "token_missing");
        }
    }

    #[test]
    fn nobody_joins_beside_themselves() {
        for query in ["access_token=a&publish=2", "access_token=a&%70ublish=2", "access_token=a&publish"] {
            assert_eq!(read(query, None).expect_err("refused").code, "parameter_refused");
        }
    }

    #[test]
    fn the_sfu_is_told_our_word_about_the_client() {
        let mut headers = HeaderMap::new();
        for name in ["x-forwarded-for", "x-real-ip", "cf-connecting-ip", "cookie", "forwarded"] {
            headers.insert(name, HeaderValue::from_static("192.0.2.66"));
        }
        let request =
            outgoing("/rtc", "a=1", "t", Some("::ffff:198.51.100.7".parse().expect("address")), &headers)
                .expect("a request");
        assert_eq!(request.headers()["x-forwarded-for"], "198.51.100.7");
        assert_eq!(request.headers().len(), 3, "{:?}", request.headers());
    }
}
