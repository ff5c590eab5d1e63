//! Backups, for the operator: a file out, a file in.

use std::time::Duration;

use axum::{
    Extension, Json,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use bedrud_control::{BackupFound, RestoreQuery};
use http::header;
use nix::sys::signal::{Signal, raise};
use tokio_util::io::ReaderStream;

use crate::control::Context;
use crate::{
    actor::Actor,
    backup::Found,
    door::{self, Query, Takes},
    error::{Error, Result},
};

/// Of a backup that comes in.
const TAKES: Takes = Takes { bytes: 1 << 40, within: Duration::from_secs(3600) };
/// After the answer, which is to arrive before the stop.
const BREATH: Duration = Duration::from_millis(200);

/// `GET /v1/backup`
pub(in crate::control) async fn create(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
) -> Result<Response> {
    let file = unbroken(async move { context.backup.create(&actor).await }).await?;
    let length = file.metadata().map_err(Error::internal)?.len();
    let headers =
        [(header::CONTENT_TYPE, "application/gzip".to_owned()), (header::CONTENT_LENGTH, length.to_string())];
    let stream = ReaderStream::with_capacity(tokio::fs::File::from_std(file), 64 << 10);
    Ok((headers, Body::from_stream(stream)).into_response())
}

/// `POST /v1/backup/verify`
pub(in crate::control) async fn verify(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Result<Json<BackupFound>> {
    let upload = taken(&context, request).await?;
    unbroken(async move { context.backup.verify(&actor, upload).await }).await.map(shown)
}

/// `POST /v1/backup/restore`; after the answer the daemon stops.
pub(in crate::control) async fn restore(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Query(query): Query<RestoreQuery>,
    request: Request,
) -> Result<Json<BackupFound>> {
    let upload = taken(&context, request).await?;
    let restored = async move {
        let found = context.backup.restore(&actor, upload, query.lose_newer, query.dry_run).await?;
        if !query.dry_run {
            tokio::spawn(stop());
        }
        Ok(found)
    };
    unbroken(restored).await.map(shown)
}

async fn stop() {
    tokio::time::sleep(BREATH).await;
    // the same way as anybody else asks for it
    if let Err(e) = raise(Signal::SIGTERM) {
        tracing::error!("restart the daemon by hand, the backup is put in place then: {e}");
    }
}

/// All of it, also when whoever asked is gone: half of it would leave a draft in somebody else's way, or a restore that
/// waits for a start which nobody asked for.
async fn unbroken<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work).await.map_err(Error::internal)?
}

async fn taken(context: &Context, mut request: Request) -> Result<std::fs::File> {
    request.extensions_mut().insert(TAKES);
    let mut file = tokio::fs::File::from_std(context.backup.upload()?);
    door::write(request, &mut file).await?;
    Ok(file.into_std().await)
}

fn shown(found: Found) -> Json<BackupFound> {
    let manifest = found.manifest;
    Json(BackupFound {
        created_at: manifest.created_at,
        version: manifest.version,
        schema: manifest.schema,
        files: manifest.files.len(),
        bytes: manifest.files.iter().map(|file| file.bytes).sum(),
        users: found.copy.users,
        rooms: found.copy.rooms,
    })
}
