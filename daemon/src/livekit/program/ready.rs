//! Is the SFU ready: asked, not guessed. Its log line "starting" comes earlier and means nothing.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::livekit::Client;

/// Between two questions; it answers about 40 ms after its start.
const PAUSE: Duration = Duration::from_millis(10);
/// Longer than any answer takes.
const ANSWER: Duration = Duration::from_secs(2);

/// Waits until `GET /` is 200. The caller bounds the time.
pub(crate) async fn answers(port: u16) {
    while !matches!(timeout(ANSWER, asked(port)).await, Ok(Some(true))) {
        sleep(PAUSE).await;
    }
}

/// Waits until it takes a call with our key. The caller bounds the time.
pub(crate) async fn serves(client: &Client) {
    while let Err(e) = client.list_rooms().await {
        tracing::debug!("the SFU is not ready: {e}");
        sleep(PAUSE).await;
    }
}

/// True for 200; it says 406 while its own statistics are old.
async fn asked(port: u16) -> Option<bool> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake::<_, Empty<Bytes>>(TokioIo::new(stream)).await.ok()?;
    let connection = tokio::spawn(connection);
    let request = http::Request::get("/").header(http::header::HOST, "127.0.0.1").body(Empty::new()).ok()?;
    let answer = sender.send_request(request).await;
    connection.abort();
    Some(answer.ok()?.status() == http::StatusCode::OK)
}
