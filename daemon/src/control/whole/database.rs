//! The database, for the operator: where it is, whether it is whole, and a move to another one.

use axum::{Extension, Json, extract::State};
use bedrud_control::{DatabaseCheck, DatabaseMove, DatabaseStatus, NewDatabase};

use crate::control::Context;
use crate::{
    actor::Actor,
    door::Body,
    error::{Error, Result},
    store::{Moving, Place, Stage},
};

/// `GET /v1/database`
pub(in crate::control) async fn show(State(context): State<Context>) -> Json<DatabaseStatus> {
    let place = context.store.place();
    let problem = context.store.disk().await.err();
    Json(DatabaseStatus {
        kind: place.kind().to_owned(),
        place: place.shown(),
        problem: problem.map(|e| e.to_string()).unwrap_or_default(),
        moving: context.store.moving().map(shown),
    })
}

/// `GET /v1/database/check`
pub(in crate::control) async fn check(State(context): State<Context>) -> Result<Json<DatabaseCheck>> {
    Ok(Json(DatabaseCheck { complaints: context.store.complaints().await? }))
}

/// `POST /v1/database/move`; answers when it has begun.
pub(in crate::control) async fn begin(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Body(new): Body<NewDatabase>,
) -> Result<Json<DatabaseMove>> {
    let to = Place::named(&new.to, |name| std::env::var(name).ok())?;
    context.store.begin_move(to, actor.label())?;
    context.store.moving().map(shown).map(Json).ok_or_else(|| Error::internal("no move"))
}

/// `DELETE /v1/database/move`
pub(in crate::control) async fn give_up(State(context): State<Context>) -> Result<Json<DatabaseMove>> {
    if !context.store.give_up_move() {
        return Err(Error::not_found("move that could be given up"));
    }
    context.store.moving().map(shown).map(Json).ok_or_else(|| Error::not_found("move"))
}

fn shown(moving: Moving) -> DatabaseMove {
    let stage = match moving.stage {
        Stage::Copying => "copying",
        Stage::Finishing => "finishing",
        Stage::Done => "done",
        Stage::Failed => "failed",
    };
    DatabaseMove {
        to: moving.to,
        stage: stage.to_owned(),
        rows: moving.rows,
        of: moving.of,
        milliseconds: u64::try_from(moving.took.as_millis()).unwrap_or(u64::MAX),
        held_milliseconds: u64::try_from(moving.held.as_millis()).unwrap_or(u64::MAX),
        failure: moving.failure.unwrap_or_default(),
    }
}
