//! The way to the first administrator.

use axum::{Json, extract::State};
use bedrud_control::Setup;

use super::Context;
use crate::error::{Error, Kind, Result};

/// `GET /v1/setup`
pub(super) async fn show(State(context): State<Context>) -> Result<Json<Setup>> {
    let token = match context.accounts.is_setup_required().await? {
        true => context.accounts.setup_token(),
        false => None,
    };
    let sentence = "This server is set up: there is no set-up link any more.";
    let token = token.ok_or_else(|| Error::new(Kind::NotFound, "setup_done", sentence))?;
    let settings = context.settings.get().await?;
    Ok(Json(Setup {
        url: format!("{}/setup#{token}", (context.public_url)()),
        registration_enabled: settings.registration_enabled && !settings.token_registration_only,
        guest_login_enabled: settings.guest_login_enabled,
    }))
}
