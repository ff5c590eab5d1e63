//! The settings that act at once, by the names of the wire contract. What this server keeps in its file, or has no use for,
//! is named as well, empty: clients in the field read it.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    actor::Actor,
    door::{Body, Failure, Message},
    error::Result,
    http::{Administrator, Context},
    store::Timestamp,
};

const SWITCHES: &[&str] = &[
    "behindProxy",
    "corsAllowCredentials",
    "emailSmtpsMode",
    "emailTlsSkipVerify",
    "livekitExternal",
    "recordingsEnabled",
    "serverEnableTls",
    "serverUseAcme",
];

const NUMBERS: &[&str] = &[
    "chatUploadInlineMax",
    "chatUploadMaxBytes",
    "chatUploadMaxDimension",
    "corsMaxAge",
    "emailSmtpPort",
    "globalDiskThresholdBytes",
    "maxParticipantsLimit",
    "maxRoomsPerUser",
    "maxUploadBytesPerUser",
    "recordingMaxDurationMins",
    "recordingMaxFileSizeMB",
    "tokenDuration",
];

const TEXTS: &[&str] = &[
    "chatUploadBackend",
    "chatUploadDiskDir",
    "chatUploadS3AccessKey",
    "chatUploadS3Bucket",
    "chatUploadS3Endpoint",
    "chatUploadS3PublicUrl",
    "chatUploadS3Region",
    "chatUploadS3SecretKey",
    "corsAllowedHeaders",
    "corsAllowedMethods",
    "corsAllowedOrigins",
    "emailButtonBg",
    "emailFromAddress",
    "emailFromName",
    "emailHeaderBg",
    "emailInstanceName",
    "emailInstanceUrl",
    "emailPassword",
    "emailPreheaderChanged",
    "emailPreheaderInvite",
    "emailPreheaderReset",
    "emailPreheaderVerify",
    "emailPreheaderWelcome",
    "emailSmtpHost",
    "emailSubjectChanged",
    "emailSubjectInvite",
    "emailSubjectReset",
    "emailSubjectVerify",
    "emailSubjectWelcome",
    "emailSupportEmail",
    "emailUsername",
    "frontendUrl",
    "githubClientId",
    "githubClientSecret",
    "githubRedirectUrl",
    "googleClientId",
    "googleClientSecret",
    "googleRedirectUrl",
    "jwtSecret",
    "livekitApiKey",
    "livekitApiSecret",
    "logLevel",
    "serverCertFile",
    "serverDomain",
    "serverEmail",
    "serverHost",
    "serverKeyFile",
    "serverPort",
    "sessionSecret",
    "twitterClientId",
    "twitterClientSecret",
    "twitterRedirectUrl",
];

async fn shown(context: &Context, actor: &Actor) -> Result<Json<Value>> {
    let mut all = Map::new();
    all.extend(SWITCHES.iter().map(|name| ((*name).to_owned(), Value::from(false))));
    all.extend(NUMBERS.iter().map(|name| ((*name).to_owned(), Value::from(0))));
    all.extend(TEXTS.iter().map(|name| ((*name).to_owned(), Value::from(""))));
    all.insert("livekitHost".to_owned(), context.sfu_url.usual().into());
    all.insert("id".to_owned(), 1.into());
    all.insert("updatedAt".to_owned(), Timestamp::now().to_string().into());
    let values = context.settings.list(actor).await?;
    all.extend(values.into_iter().map(|(name, value, _)| (name, value)));
    Ok(Json(all.into()))
}

/// Every setting.
#[utoipa::path(get, operation_id = "admin_settings_show", path = "/api/admin/settings", tag = "administration",
    responses((status = 200, body = Object), (status = 401, body = Failure), (status = 403, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn show(
    State(context): State<Context>,
    Administrator(actor): Administrator,
) -> Result<Json<Value>> {
    shown(&context, &actor).await
}

/// Changes some of them, all or none. Names that are no settings of this server are passed over.
#[utoipa::path(put, operation_id = "admin_settings_change", path = "/api/admin/settings", tag = "administration", request_body = Object,
    responses((status = 200, body = Object), (status = 400, body = Failure, description = "A value does not fit"),
        (status = 401, body = Failure), (status = 403, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn change(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Body(body): Body<Map<String, Value>>,
) -> Result<Json<Value>> {
    let known = context.settings.list(&actor).await?;
    let now = |name: &str| known.iter().find(|(known, ..)| known == name).map(|(_, value, _)| value);
    let changed = body.into_iter().filter(|(name, value)| now(name).is_some_and(|now| now != value));
    let as_written = changed.map(|(name, value)| match value {
        Value::String(text) => (name, text),
        other => (name, other.to_string()),
    });
    context.settings.change_all(&actor, as_written.collect()).await?;
    shown(&context, &actor).await
}

/// Where a test goes to.
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct TestMail {
    /// A mail address.
    to: String,
}

/// Sends one mail now. A failure says what the mail server said.
#[utoipa::path(post, operation_id = "admin_settings_send_test_email", path = "/api/admin/settings/send-test-email", tag = "administration",
    request_body = TestMail, responses((status = 200, body = Message), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure), (status = 409, body = Failure, description = "This server sends no mail"),
        (status = 429, body = Failure), (status = 503, body = Failure, description = "The mail was not taken")),
    security(("bearer" = [])))]
pub(in crate::http) async fn send_test_mail(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Body(body): Body<TestMail>,
) -> Result<Json<Message>> {
    context.accounts.test_mail(&actor, &body.to, context.origins.own()).await?;
    Ok(Json(Message { message: "A mail has left." }))
}

/// What would be wrong with the settings.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Checks {
    /// By what was checked; this server checks each value when it is set.
    checks: Map<String, Value>,
}

/// Says what would be wrong with them.
#[utoipa::path(post, operation_id = "admin_settings_validate", path = "/api/admin/settings/validate", tag = "administration",
    responses((status = 200, body = Checks), (status = 401, body = Failure), (status = 403, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn validate(Administrator(_actor): Administrator) -> Json<Checks> {
    Json(Checks { checks: Map::new() })
}
