//! HTTP to a provider: over TLS or within this machine, no redirect followed, answers of a bounded size. The time is bounded
//! by who asks.

use std::{path::PathBuf, time::Duration};

use http::{Request, Response, header};
use http_body_util::{BodyExt, Full, Limited};
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;
use url::Url;

use super::fault;
use crate::{
    believe::{self, Transport},
    error::{Error, Result},
    network::is_unheard,
};

/// The largest answer that is read.
const ANSWER_BYTES: usize = 256 << 10;
const CONNECTING: Duration = Duration::from_secs(4);

/// The way to one provider; opened when it is first needed.
pub(super) struct Line {
    pub(super) name: String,
    root_file: Option<PathBuf>,
    transport: OnceCell<Transport>,
}

impl Line {
    pub(super) fn new(name: String, root_file: Option<PathBuf>) -> Self {
        Self { name, root_file, transport: OnceCell::new() }
    }

    /// What is at `url`, as JSON; with a `token` in the name of whom it was given for.
    pub(super) async fn get<T: DeserializeOwned>(&self, url: &str, token: Option<&str>) -> Result<T> {
        let mut request = Request::get(url).header(header::ACCEPT, "application/json");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Vec::new()).map_err(|e| fault::invalid(&self.name, &e))?;
        let answer = self.send(request).await?;
        if !answer.status().is_success() {
            let why = format!("{url} answers {}", answer.status());
            return Err(match answer.status().is_server_error() {
                true => fault::away(&self.name, &why),
                false => fault::invalid(&self.name, &why),
            });
        }
        let read = serde_json::from_slice(answer.body());
        read.map_err(|e| fault::invalid(&self.name, &format!("{url}: {e}")))
    }

    /// One request and its answer, whatever its status. Where that leads elsewhere nobody goes.
    pub(super) async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>> {
        let (mut parts, body) = request.into_parts();
        let url = parts.uri.to_string();
        if !Url::parse(&url).is_ok_and(|url| is_unheard(&url)) {
            return Err(fault::invalid(&self.name, &format!("{url} is not encrypted")));
        }
        let agent = http::HeaderValue::from_static(concat!("bedrud/", env!("CARGO_PKG_VERSION")));
        parts.headers.insert(header::USER_AGENT, agent);
        let transport = self.transport.get_or_try_init(|| self.open()).await?;
        let asked = transport.request(Request::from_parts(parts, Full::from(body)));
        let answer = asked.await.map_err(|e| fault::away(&self.name, &format!("{url}: {}", causes(&e))))?;
        let (parts, body) = answer.into_parts();
        if parts.status.is_redirection() {
            return Err(fault::invalid(&self.name, &format!("{url} leads elsewhere")));
        }
        let body = Limited::new(body, ANSWER_BYTES).collect().await;
        let body = body.map_err(|e| fault::invalid(&self.name, &format!("{url}: {e}")))?;
        Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
    }

    /// Reads the certificates of authorities.
    async fn open(&self) -> Result<Transport> {
        let file = self.root_file.clone();
        let trusted = tokio::task::spawn_blocking(move || believe::authorities_and(file.as_deref()));
        let roots = trusted.await.map_err(Error::internal)?;
        let roots = roots.map_err(|e| fault::refused(&self.name, &format!("rootFile: {e}")))?;
        Ok(believe::transport(believe::trusting(roots).map_err(Error::internal)?, CONNECTING))
    }
}

fn causes(error: &dyn std::error::Error) -> String {
    let (mut text, mut cause) = (error.to_string(), error.source());
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
