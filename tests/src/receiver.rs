//! Somebody's server that webhooks call: keeps what came, and answers as the test says.
use std::{
    convert::Infallible,
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::hmac;
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::until;

/// How it answers.
#[derive(Clone, Debug)]
pub enum Manner {
    /// With this status.
    Says(u16),
    /// With 302 to this URL.
    Redirects(String),
    /// Not at all.
    Hangs,
}

/// A call that came.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, byte by byte.
    pub body: Bytes,
    /// Whether it was answered by 2xx.
    pub taken: bool,
}

impl Call {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Whether the signature is that of the body under this secret, as the API document says it.
    pub fn is_signed(&self, secret: &str) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, &self.body);
        let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        self.header("x-bedrud-signature") == format!("sha256={hex}")
    }
}

/// A server on loopback; ends with this value.
pub struct Receiver {
    base: String,
    inner: Arc<Inner>,
    serving: JoinHandle<()>,
}

struct Inner {
    manner: Mutex<Manner>,
    calls: Mutex<Vec<Call>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Receiver {
    /// Takes everything.
    pub async fn start() -> Self {
        Self::listen(None).await
    }

    /// The same over TLS as `localhost`, with this certificate and key.
    pub async fn secure(certificate: &str, key: &str) -> Self {
        let chain = CertificateDer::pem_slice_iter(certificate.as_bytes());
        let chain = chain.collect::<Result<_, _>>().expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let settings =
            rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let settings = settings.expect("versions").with_no_client_auth().with_single_cert(chain, key);
        Self::listen(Some(TlsAcceptor::from(Arc::new(settings.expect("settings"))))).await
    }

    async fn listen(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let base = if tls.is_some() { "https://localhost" } else { "http://127.0.0.1" };
        let inner = Arc::new(Inner { manner: Mutex::new(Manner::Says(200)), calls: Mutex::new(Vec::new()) });
        let shared = inner.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (inner, tls) = (shared.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(inner, stream).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(inner, stream).await;
                            }
                        }
                    }
                });
            }
        });
        Self { base: format!("{base}:{port}"), inner, serving }
    }

    /// Where it is called.
    pub fn url(&self) -> String {
        format!("{}/hook?from=bedrud", self.base)
    }

    /// Answers so from now on.
    pub fn answers(&self, manner: Manner) {
        *locked(&self.inner.manner) = manner;
    }

    /// Every call that came, in order.
    pub fn calls(&self) -> Vec<Call> {
        locked(&self.inner.calls).clone()
    }

    /// The events that were taken, each once, in the order of the first time: name and id.
    pub fn taken(&self) -> Vec<(String, String)> {
        let mut taken: Vec<(String, String)> = Vec::new();
        for call in self.calls().iter().filter(|call| call.taken) {
            let json = call.json();
            let [event, id] = ["event", "id"].map(|name| json[name].as_str().expect("text").to_owned());
            if !taken.iter().any(|(_, known)| *known == id) {
                taken.push((event, id));
            }
        }
        taken
    }

    /// Whether a call was taken whose body says this.
    pub fn has_taken(&self, text: &str) -> bool {
        let calls = locked(&self.inner.calls);
        let says = |body: &[u8]| body.windows(text.len().max(1)).any(|some| some == text.as_bytes());
        calls.iter().rev().any(|call| call.taken && says(&call.body))
    }

    /// Waits for so many calls.
    pub async fn called(&self, times: usize) -> Vec<Call> {
        let ask = async || Some(self.calls()).filter(|calls| calls.len() >= times);
        until(&format!("{times} calls"), ask).await
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(inner: Arc<Inner>, stream: S) {
    let service = service_fn(move |request| answer(inner.clone(), request));
    // whoever calls may hang up
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    inner: Arc<Inner>,
    request: http::Request<hyper::body::Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let manner = locked(&inner.manner).clone();
    let taken = matches!(manner, Manner::Says(200..300));
    locked(&inner.calls).push(Call { headers: head.headers, body, taken });
    let mut response = Response::new(Full::default());
    match manner {
        Manner::Says(status) => *response.status_mut() = StatusCode::from_u16(status).expect("a status"),
        Manner::Redirects(to) => {
            *response.status_mut() = StatusCode::FOUND;
            response.headers_mut().insert(http::header::LOCATION, to.parse().expect("a URL"));
        }
        Manner::Hangs => std::future::pending().await,
    }
    Ok(response)
}
