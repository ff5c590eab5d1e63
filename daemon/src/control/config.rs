//! The configuration of the file, for the operator.

use axum::{Json, extract::State};
use bedrud_control::{Config, ConfigValue, PendingValue};

use super::Context;
use crate::{
    config::Giver,
    error::{Error, Result},
};

/// `GET /v1/config`
pub(super) async fn show(State(context): State<Context>) -> Result<Json<Config>> {
    let view = context.config.clone();
    // reads the file
    let pending = tokio::task::spawn_blocking(move || view.pending()).await.map_err(Error::internal)?;
    let (pending, problems) = match pending {
        Ok(pending) => (pending, Vec::new()),
        Err(problems) => (Vec::new(), problems),
    };
    let values = context.config.all().into_iter();
    let pending = pending.into_iter().map(|one| PendingValue {
        key: one.key,
        running: one.value,
        file: one.file,
        needs: (if one.is_live { "reload" } else { "restart" }).to_owned(),
    });
    Ok(Json(Config {
        file: context.config.file(),
        values: values
            .map(|one| ConfigValue {
                key: one.key,
                value: one.value,
                default: one.default,
                from: giver(one.giver).to_owned(),
            })
            .collect(),
        pending: pending.collect(),
        problems,
    }))
}

fn giver(giver: Giver) -> &'static str {
    match giver {
        Giver::Default => "default",
        Giver::File => "file",
        Giver::Environment => "environment",
    }
}
