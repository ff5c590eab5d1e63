//! Is the SFU ready: asked, not guessed. Its log line "starting" comes earlier and means nothing.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::{livekit::Client, programs::Working};

/// Between two questions; it answers about 40 ms after its start.
const PAUSE: Duration = Duration::from_millis(10);
/// Longer than any answer takes.
const ANSWER: Duration = Duration::from_secs(2);

/// The SFU at its port, asked as we always ask it.
pub(crate) struct Ready {
    pub(crate) port: u16,
    pub(crate) client: Client,
}

impl Working for Ready {
    /// `GET /` is 200.
    async fn answers(&self) {
        while !matches!(timeout(ANSWER, asked(self.port)).await, Ok(Some(true))) {
            sleep(PAUSE).await;
        }
    }

    /// It takes a call with our key.
    async fn serves(&self) {
        while let Err(e) = self.client.list_rooms().await {
            tracing::debug!("the SFU is not ready: {e}");
            sleep(PAUSE).await;
        }
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
