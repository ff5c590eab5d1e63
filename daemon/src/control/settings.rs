//! Settings that act at once, for the operator.

use axum::{Extension, Json, extract::State};
use bedrud_control::{ChangeQuery, NewSetting, Setting, Settings};

use super::Context;
use crate::{
    actor::Actor,
    door::{Body, Query, Segments},
    error::{Error, Result},
};

/// `GET /v1/settings`
pub(super) async fn list(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Settings>> {
    Ok(Json(Settings { settings: all(&context, &actor).await? }))
}

/// `GET /v1/settings/{name}`
pub(super) async fn show(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(name): Segments<String>,
) -> Result<Json<Setting>> {
    context.settings.must_know(&actor, &name)?;
    let found = all(&context, &actor).await?.into_iter().find(|setting| setting.name == name);
    found.map(Json).ok_or_else(|| Error::not_found("setting"))
}

/// `PUT /v1/settings/{name}`
pub(super) async fn change(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(name): Segments<String>,
    Query(change): Query<ChangeQuery>,
    Body(new): Body<NewSetting>,
) -> Result<Json<Setting>> {
    if change.dry_run {
        context.settings.check(&actor, &name, &new.value)?;
    } else {
        context.settings.change(&actor, &name, &new.value).await?;
    }
    let found = all(&context, &actor).await?.into_iter().find(|setting| setting.name == name);
    found.map(Json).ok_or_else(|| Error::not_found("setting"))
}

async fn all(context: &Context, actor: &Actor) -> Result<Vec<Setting>> {
    let listed = context.settings.list(actor).await?;
    let shown = |(name, value, default)| Setting { name, value: text(value), default: text(default) };
    Ok(listed.into_iter().map(shown).collect())
}

/// As a person writes it.
fn text(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}
