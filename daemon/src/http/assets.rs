//! The page and its files, embedded precompressed at build: hashed names are cached for ever, the rest has an ETag.

use std::io::Read;

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::error::Error;

/// One file of the page. `brotli` and `gzip` are empty where the build found them not worth it; of a large file `brotli` is
/// all, and of others that are not small there is no `plain`.
struct Asset {
    path: &'static str,
    mime: &'static str,
    etag: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Everything that is no route: a file of the page, its shell, or a 404 (in JSON below `/api`).
pub(super) async fn page(request: Request) -> Response {
    let path = request.uri().path();
    let swagger = path.strip_prefix("/api/swagger/").map(|rest| match rest {
        "" => "/swagger/index.html".to_owned(),
        rest => format!("/swagger/{rest}"),
    });
    if path.starts_with("/api/") && swagger.is_none() {
        return Error::not_found("route").into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Error::wrong_method("GET, HEAD").into_response();
    }
    if let Some(slug) = path.strip_prefix("/c/") {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        return redirect(&format!("/m/{slug}{query}"));
    }
    let wanted = swagger.as_deref().unwrap_or(path);
    let found = find(wanted);
    let leaf = wanted.rsplit('/').next().unwrap_or_default();
    match found {
        Some(asset) => send(asset, request.headers()),
        // a link may have the full stop of its sentence; the page says what it leads to
        None if leaf.contains('.') && !path.starts_with("/m/") => Error::not_found("file").into_response(),
        None => match find("/index.html") {
            Some(shell) => send(shell, request.headers()),
            None => Error::not_found("page").into_response(),
        },
    }
}

fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok().and_then(|at| ASSETS.get(at))
}

fn redirect(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response(),
        Err(_) => Error::not_found("page").into_response(),
    }
}

fn send(asset: &'static Asset, asked: &HeaderMap) -> Response {
    let accepts = |coding: &str| {
        let all = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
        all.flat_map(|v| v.split(',')).any(|one| {
            let (name, weight) = one.split_once(';').unwrap_or((one, ""));
            name.trim().eq_ignore_ascii_case(coding) && weight.trim() != "q=0"
        })
    };
    let (coding, bytes) = if !asset.brotli.is_empty() && accepts("br") {
        (Some("br"), asset.brotli)
    } else if !asset.gzip.is_empty() && accepts("gzip") {
        (Some("gzip"), asset.gzip)
    } else {
        (None, asset.plain)
    };
    let body = match bytes.is_empty() && !asset.brotli.is_empty() {
        true => unpacked(asset.brotli),
        false => Body::from(bytes),
    };
    let fresh = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).any(|v| {
        v.split(',')
            .any(|tag| matches!(tag.trim().trim_start_matches("W/"), t if t == asset.etag || t == "*"))
    });
    let mut answer = Response::new(if fresh { Body::empty() } else { body });
    if fresh {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = answer.headers_mut();
    let immutable = asset.path.starts_with("/_app/immutable/");
    let cache = if immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::ETAG, HeaderValue::from_static(asset.etag));
    if let (Some(coding), false) = (coding, fresh) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if asset.mime.starts_with("text/html") {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
        let permissions = "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self)";
        headers.insert("permissions-policy", HeaderValue::from_static(permissions));
        headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    }
    answer
}

/// For the few that do not take brotli, browsers over plain HTTP among them; a piece at a time, as it is sent.
fn unpacked(brotli: &'static [u8]) -> Body {
    const PIECE: usize = 64 << 10;
    let mut plain = brotli_decompressor::Decompressor::new(brotli, PIECE);
    Body::from_stream(futures_util::stream::iter(std::iter::from_fn(move || {
        let mut piece = vec![0; PIECE];
        match plain.read(&mut piece) {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                Some(Ok(Bytes::from(piece)))
            }
            Err(e) => Some(Err(e)),
        }
    })))
}
