//! HTTP/1.1 over the daemon's control socket. Turns its answers into values, and its refusals into [`Failure`]s.

use std::{
    io::{self, Read, Write},
    path::PathBuf,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::{net::UnixStream, time::timeout};

use crate::failure::{Exit, Failure, Outcome};

/// How long the daemon may think; restarting the SFU is the longest it does.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same where it has to make a whole backup first, or to read all of one or of the database.
const LONG_PATIENCE: Duration = Duration::from_secs(3600);
/// Of a file that is sent.
const PIECE: usize = 64 << 10;

/// Where the daemon listens.
pub struct Client {
    socket: PathBuf,
}

/// A file on its way to the daemon. It is read where nothing else waits.
struct Sent(Box<dyn Read + Send>);

impl Body for Sent {
    type Data = Bytes;
    type Error = io::Error;
    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let mut piece = vec![0; PIECE];
        Poll::Ready(match self.0.read(&mut piece) {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                Some(Ok(Frame::data(piece.into())))
            }
            Err(e) => Some(Err(e)),
        })
    }
}

fn whole(bytes: Bytes) -> UnsyncBoxBody<Bytes, io::Error> {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// JSON lines as they come.
pub struct Lines {
    body: Incoming,
    rest: Vec<u8>,
}

impl Lines {
    /// The next one, without its end; `None` when the daemon ended them.
    pub async fn next(&mut self) -> Outcome<Option<Vec<u8>>> {
        loop {
            if let Some(end) = self.rest.iter().position(|&byte| byte == b'\n') {
                let mut line: Vec<u8> = self.rest.drain(..=end).collect();
                line.pop();
                return Ok(Some(line));
            }
            let Some(frame) = self.body.frame().await else { return Ok(None) };
            if let Ok(data) = frame.map_err(|e| broken_off(&e))?.into_data() {
                self.rest.extend_from_slice(&data);
            }
        }
    }
}

/// Every refusal of the daemon looks like this.
#[derive(Deserialize)]
struct Refusal {
    error: String,
    code: String,
}

impl Client {
    /// Connects anew for every request.
    pub fn new(socket: PathBuf) -> Self {
        Self { socket }
    }

    /// Reads something.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Outcome<T> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    /// Reads what the daemon has to read the whole database for.
    pub async fn examine<T: DeserializeOwned>(&self, path: &str) -> Outcome<T> {
        self.answered(self.ask(Method::GET, path, whole(Bytes::new()), LONG_PATIENCE).await?).await
    }

    /// Changes something.
    pub async fn change<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Outcome<T> {
        let body = serde_json::to_vec(body).map_err(|e| unreadable(&e))?;
        self.send(method, path, body.into()).await
    }

    /// Begins to read JSON lines.
    pub async fn stream(&self, path: &str) -> Outcome<Lines> {
        let answer = self.ask(Method::GET, path, whole(Bytes::new()), PATIENCE).await?;
        Ok(Lines { body: refused(answer).await?.into_body(), rest: Vec::new() })
    }

    /// Reads a file, to be written to `sink` as it comes.
    pub async fn download(&self, path: &str, sink: &mut impl Write) -> Outcome<()> {
        let answer = self.ask(Method::GET, path, whole(Bytes::new()), LONG_PATIENCE).await?;
        let mut body = refused(answer).await?.into_body();
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame.map_err(|e| broken_off(&e))?.into_data() {
                sink.write_all(&data)?;
            }
        }
        Ok(())
    }

    /// Sends a file as it is read.
    pub async fn upload<T: DeserializeOwned>(&self, path: &str, file: Box<dyn Read + Send>) -> Outcome<T> {
        let body = Sent(file).boxed_unsync();
        self.answered(self.ask(Method::POST, path, body, LONG_PATIENCE).await?).await
    }

    async fn send<T: DeserializeOwned>(&self, method: Method, path: &str, body: Bytes) -> Outcome<T> {
        self.answered(self.ask(method, path, whole(body), PATIENCE).await?).await
    }

    async fn answered<T: DeserializeOwned>(&self, answer: Response<Incoming>) -> Outcome<T> {
        let answer = refused(answer).await?;
        let body = answer.into_body().collect().await.map_err(|e| broken_off(&e))?.to_bytes();
        serde_json::from_slice(&body).map_err(|e| unreadable(&e))
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: UnsyncBoxBody<Bytes, io::Error>,
        patience: Duration,
    ) -> Outcome<Response<Incoming>> {
        let stream = UnixStream::connect(&self.socket).await.map_err(|e| self.unreachable(&e))?;
        let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = handshake.map_err(|e| broken_off(&e))?;
        tokio::spawn(connection);
        let mut request = Request::builder();
        if let Some(login) = login() {
            request = request.header(bedrud_control::LOGIN_HEADER, login);
        }
        let request = request
            .method(method)
            .uri(path)
            .header(header::HOST, "bedrud")
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .map_err(|e| Failure::new(Exit::Failed, "request_invalid", e.to_string()))?;
        match timeout(patience, sender.send_request(request)).await {
            Ok(answer) => answer.map_err(|e| broken_off(&e)),
            Err(_) => {
                let message = format!("The daemon did not answer within {} seconds.", patience.as_secs());
                Err(Failure::new(Exit::TimedOut, "timed_out", message)
                    .hint("Its log says what it does: journalctl -u bedrud"))
            }
        }
    }

    fn unreachable(&self, error: &io::Error) -> Failure {
        let socket = self.socket.display();
        if error.kind() == io::ErrorKind::PermissionDenied {
            let message = format!("You may not use the control socket {socket}.");
            let hint = format!(
                "Use sudo, or join the group {} or {}.",
                bedrud_control::ADMIN_GROUP,
                bedrud_control::MODERATOR_GROUP
            );
            return Failure::new(Exit::NotPermitted, "not_permitted", message).hint(hint);
        }
        let message = format!("The daemon cannot be reached at {socket}: {error}.");
        let hint = "Is it running? systemctl status bedrud. Is its socket elsewhere? Name it with --socket or BEDRUD_SOCKET.";
        Failure::new(Exit::Unreachable, "daemon_unreachable", message).hint(hint)
    }
}

/// Who logged in: what the kernel says, else what sudo(8) says. For the audit log.
fn login() -> Option<u32> {
    let known = std::fs::read_to_string("/proc/self/loginuid").ok();
    let known = known.and_then(|text| text.trim().parse().ok()).filter(|login| *login != u32::MAX);
    known.or_else(|| std::env::var("SUDO_UID").ok()?.parse().ok())
}

async fn refused(answer: Response<Incoming>) -> Outcome<Response<Incoming>> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let body = answer.into_body().collect().await.map_err(|e| broken_off(&e))?.to_bytes();
    let Ok(refusal) = serde_json::from_slice::<Refusal>(&body) else {
        let message = format!("The daemon answered {status}.");
        return Err(Failure::new(exit(status), "answer_unreadable", message));
    };
    Err(Failure::new(exit(status), &refusal.code, refusal.error))
}

fn exit(status: StatusCode) -> Exit {
    match status {
        StatusCode::BAD_REQUEST => Exit::Usage,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Exit::NotPermitted,
        StatusCode::NOT_FOUND | StatusCode::GONE => Exit::NotFound,
        StatusCode::CONFLICT => Exit::Conflict,
        _ => Exit::Failed,
    }
}

fn broken_off(error: &hyper::Error) -> Failure {
    if error.is_user() {
        // what we send was not to be read to its end
        let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        return Failure::new(
            Exit::Failed,
            "file_unreadable",
            format!("The file cannot be read to its end: {cause}."),
        );
    }
    let message = format!("The daemon broke off: {error}.");
    Failure::new(Exit::Unreachable, "daemon_unreachable", message)
        .hint("Does it still run? systemctl status bedrud")
}

fn unreadable(error: &serde_json::Error) -> Failure {
    let message = format!("The daemon's answer cannot be read: {error}.");
    Failure::new(Exit::Failed, "answer_unreadable", message)
        .hint("Are tool and daemon of the same version? bedrudctl version")
}
