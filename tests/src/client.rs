//! One person's browser or app: base address, bearer token, cookie jar.
use std::{
    collections::BTreeMap,
    future::{Future, IntoFuture},
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

use crate::{Answer, PATIENCE, document, tls};

/// Sends requests; cheap to clone, clones share the cookies.
#[derive(Clone)]
pub struct Client {
    base: String,
    pool: Pool<HttpsConnector<HttpConnector>, Full<Bytes>>,
    bearer: Option<String>,
    cookies: Option<Arc<Mutex<BTreeMap<String, String>>>>,
}

impl Client {
    /// A stranger, without cookies. `base` is `http://host:port`, or `https`, where every certificate is believed.
    pub fn new(base: impl Into<String>) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls::settings(&tls::Believe::Anything))
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let pool =
            Pool::builder(TokioExecutor::new()).pool_idle_timeout(Duration::from_secs(10)).build(connector);
        Self { base: base.into(), pool, bearer: None, cookies: None }
    }

    /// The same, with this bearer token.
    pub fn bearer(&self, token: impl Into<String>) -> Self {
        Self { bearer: Some(token.into()), ..self.clone() }
    }

    /// The same without a bearer token; cookies stay.
    pub fn without_bearer(&self) -> Self {
        Self { bearer: None, ..self.clone() }
    }

    /// The same with an empty cookie jar of its own, as a browser has.
    pub fn with_cookies(&self) -> Self {
        Self { cookies: Some(Arc::default()), ..self.clone() }
    }

    /// A cookie from the jar.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.as_ref()?.lock().ok()?.get(name).cloned()
    }

    /// Puts a cookie into the jar.
    pub fn set_cookie(&self, name: &str, value: &str) {
        if let Some(mut jar) = self.cookies.as_ref().and_then(|jar| jar.lock().ok()) {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The bearer token.
    pub fn token(&self) -> String {
        self.bearer.clone().unwrap_or_default()
    }

    /// `GET path`
    pub fn get(&self, path: impl Into<String>) -> Request {
        self.request(Method::GET, path)
    }

    /// `POST path`
    pub fn post(&self, path: impl Into<String>) -> Request {
        self.request(Method::POST, path)
    }

    /// `PUT path`
    pub fn put(&self, path: impl Into<String>) -> Request {
        self.request(Method::PUT, path)
    }

    /// `DELETE path`
    pub fn delete(&self, path: impl Into<String>) -> Request {
        self.request(Method::DELETE, path)
    }

    /// Any method. The path goes out as it is written, so tests can try every form of it.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        Request {
            client: self.clone(),
            method,
            path: path.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    async fn send(self, request: Request) -> Answer {
        let said = format!("{} {}", request.method, request.path);
        let (method, path) = (request.method.clone(), request.path.clone());
        let mut wanted = http::Request::new(Full::new(request.body));
        *wanted.method_mut() = request.method;
        *wanted.uri_mut() = format!("{}{}", self.base, request.path).parse().expect("a path");
        *wanted.headers_mut() = request.headers;
        let headers = wanted.headers_mut();
        if let Some(token) = &self.bearer {
            headers.insert(header::AUTHORIZATION, value(&format!("Bearer {token}")));
        }
        if let Some(jar) = &self.cookies {
            let jar = jar.lock().expect("no panic before");
            let pairs: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            if !pairs.is_empty() {
                headers.insert(header::COOKIE, value(&pairs.join("; ")));
            }
        }
        let exchange = async {
            let (parts, body) = self.pool.request(wanted).await?.into_parts();
            anyhow::Ok((parts, body.collect().await?.to_bytes()))
        };
        let (parts, body) = match tokio::time::timeout(PATIENCE, exchange).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => panic!("{said}: {error:?}"),
            Err(_) => panic!("{said}: no answer in {PATIENCE:?}"),
        };
        self.keep(&parts.headers);
        if let Some(wrong) = document::unknown(&method, &path, parts.status.as_u16()) {
            panic!("{wrong}: {said}: {}", String::from_utf8_lossy(&body));
        }
        Answer { request: said, status: parts.status.as_u16(), headers: parts.headers, body }
    }

    fn keep(&self, headers: &HeaderMap) {
        let Some(jar) = &self.cookies else { return };
        let mut jar = jar.lock().expect("no panic before");
        for line in headers.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            let Some((name, rest)) = line.split_once('=') else { continue };
            let content = rest.split(';').next().unwrap_or_default();
            if content.is_empty() || rest.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), content.to_owned());
            }
        }
    }
}

/// A request that is sent when it is awaited.
pub struct Request {
    client: Client,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Request {
    /// With this JSON body.
    pub fn json(self, body: Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    /// With this body, whatever it is.
    pub fn raw(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// With this header.
    pub fn header(mut self, name: &str, text: &str) -> Self {
        self.headers.insert(HeaderName::try_from(name).expect("a header name"), value(text));
        self
    }
}

impl IntoFuture for Request {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.client.clone().send(self))
    }
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("a header value")
}
