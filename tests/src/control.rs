//! Asks the control socket, as `bedrudctl` does.
use std::path::Path;

use anyhow::Result;
use bytes::Bytes;
use http::Method;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::UnixStream;

use crate::Answer;

/// One request over the Unix socket; fails while nobody listens.
pub async fn ask_socket(socket: &Path, method: Method, path: &str, body: Option<Value>) -> Result<Answer> {
    let stream = UnixStream::connect(socket).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let said = format!("{method} {path} (control socket)");
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header("host", "bedrud")
        .header("content-type", "application/json")
        .body(Full::new(body.map(|body| Bytes::from(body.to_string())).unwrap_or_default()))?;
    let (parts, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    connection.abort();
    Ok(Answer { request: said, status: parts.status.as_u16(), headers: parts.headers, body })
}
