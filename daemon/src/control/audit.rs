//! Who did what to whom, for the operator.

use axum::{Extension, Json, extract::State};
use bedrud_control::{Audit, AuditLine, AuditQuery};

use super::{Context, logs};
use crate::{
    actor::Actor,
    door::Query,
    error::Result,
    store::{
        Timestamp,
        audit::{self, Found, Wanted},
    },
};

/// `GET /v1/audit`
pub(super) async fn show(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Audit>> {
    let since = |seconds: u64| Timestamp::now().plus_seconds(-i64::try_from(seconds).unwrap_or(i64::MAX));
    let wanted = Wanted {
        actors: match query.by {
            None => None,
            Some(label) if label == "system" || label.contains(':') => Some([label.clone(), label]),
            Some(person) => {
                let id = logs::person(&context, &actor, person).await?;
                Some([format!("user:{id}"), format!("guest:{id}")])
            }
        },
        target: match query.target {
            None => None,
            Some(target) => Some(logs::person(&context, &actor, target).await?),
        },
        verb: query.verb,
        room_id: logs::room(&context, query.room).await?,
        since: query.since_seconds.map(since),
        before: query.before,
        limit: query.limit.unwrap_or(50).clamp(1, 1000),
    };
    let found = context.store.run(move |connection| audit::find(connection, &wanted)).await?;
    Ok(Json(Audit { lines: found.into_iter().map(shown).collect() }))
}

fn shown(found: Found) -> AuditLine {
    AuditLine {
        id: found.id,
        time: found.at.to_string(),
        actor: found.actor,
        actor_name: found.actor_name.unwrap_or_default(),
        address: found.address,
        verb: found.verb,
        target: found.target,
        target_name: found.target_name.unwrap_or_default(),
        room_id: found.room_id,
        room: found.room,
        detail: found.detail,
    }
}
