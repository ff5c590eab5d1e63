//! The public door. This file is the whole route table, grouped by caller; handlers translate and decide nothing.

mod account;
mod admin;
mod assets;
mod auth;
mod cert;
mod context;
mod cookies;
mod group;
mod health;
mod identity;
mod join;
mod me;
mod meeting;
mod moderation;
mod openapi;
mod path_check;
mod people;
mod plain;
mod presence;
mod rooms;
mod same_site;
mod sfu_url;
mod signalling;
mod sites;
mod webhook;

pub use context::{Context, Parts};
pub use cookies::Cookies;
pub use identity::{Administrator, Caller, MaybeActor, SignedIn, WithAccount};
pub use openapi::document;
pub use plain::plain_router;
pub use same_site::Origins;
pub use sfu_url::SfuUrl;
pub use sites::Sites;

use axum::{
    Router,
    extract::Request,
    response::Response,
    routing::{any, get},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    door::{self, Takes},
    serve::Answers,
};
use account::{mail, own, passkeys, providers};
use admin::{deliveries, invitations as account_invitations, overview, settings, users, visits, webhooks};
use group::{Group, group};
use meeting::{chat, invitations, lobby};

/// Everybody: no credentials are asked for, old cookies are ignored.
const PUBLIC: Group = group! {
    health::health,
    health::ready,
    cert::certificate,
    auth::settings,
    providers::login,
    providers::callback,
    join::check,
    path_check::check_path,
    presence::presence,
    presence::inside_own,
};

/// The same, from our own pages and from programs: who gets cookies here, or loses them.
const SIGNING_IN: Group = group! {
    auth::register,
    auth::set_up,
    auth::login,
    auth::guest_login,
    passkeys::login_begin,
    passkeys::login_finish,
    passkeys::signup_begin,
    passkeys::signup_finish,
    mail::forgot_password,
    mail::reset_password,
    mail::verify,
    mail::verify_resend,
    auth::refresh,
    auth::logout,
    join::guest_join,
};

/// The SFU, which signs what it sends.
const SFU: Group = group! {
    webhook::hear takes Takes { bytes: 1 << 20, ..Takes::default() }, // an event with every track of a participant
};

/// Whoever is signed in, guests included.
const SIGNED_IN: Group = group! {
    me::me,
    me::change_profile,
    me::preferences,
    me::set_preferences,
    mail::verify_status,
    join::join,
    join::refresh_token,
    chat::said,
    chat::say takes Takes { bytes: 256 << 10, ..Takes::default() }, // escapes of JSON, and names of files
    chat::unsay,
    lobby::turn,
    lobby::give_up,
    presence::info,
    presence::profile,
};

/// Owners and moderators of a room, and administrators; `rooms` asks who is one.
const MODERATING: Group = group! {
    rooms::change,
    rooms::delete,
    moderation::kick,
    moderation::ban,
    moderation::unban,
    moderation::mute,
    moderation::mute_all,
    moderation::video_off,
    moderation::stop_screenshare,
    moderation::hold,
    moderation::release,
    moderation::release_all,
    moderation::ask_unmute,
    moderation::ask_camera,
    moderation::promote,
    moderation::demote,
    moderation::block_chat,
    moderation::unblock_chat,
    moderation::deafen,
    moderation::undeafen,
    moderation::spotlight,
    moderation::bring_on_stage,
    moderation::take_off_stage,
    moderation::end,
    lobby::waiting,
    lobby::admit,
    lobby::refuse,
    lobby::admit_all,
    lobby::lock,
    lobby::unlock,
    invitations::invitations_of,
    invitations::invite,
    invitations::uninvite,
};

/// Whoever has an account.
const WITH_ACCOUNT: Group = group! {
    me::change_password,
    me::sessions,
    me::end_session,
    own::export,
    own::leave,
    passkeys::register_begin,
    passkeys::register_finish,
    passkeys::list,
    passkeys::rename,
    passkeys::remove,
    providers::links,
    providers::link,
    providers::unlink,
    rooms::create,
    rooms::list,
    rooms::archived,
};

/// Whoever administers the server.
const ADMINISTERING: Group = group! {
    account_invitations::list,
    account_invitations::create,
    account_invitations::revoke,
    users::list,
    users::recent,
    users::show,
    users::set_status,
    users::set_accesses,
    users::set_password,
    users::force_logout,
    users::verify,
    users::verify_resend,
    visits::visits,
    users::delete,
    users::ban_many,
    users::promote_many,
    users::delete_many,
    overview::overview,
    overview::online,
    overview::cert_info,
    settings::show,
    settings::change,
    settings::validate,
    settings::send_test_mail,
    webhooks::list,
    webhooks::create,
    webhooks::show,
    webhooks::change,
    webhooks::delete,
    webhooks::rotate,
    deliveries::test,
    deliveries::list,
    deliveries::show,
    deliveries::replay,
    deliveries::replay_dead,
};

/// Whoever has a join token; LiveKit's own clients, so it is no part of the document.
fn signalling() -> Router<Context> {
    let connect = any(signalling::connect);
    Router::new()
        .route("/livekit", connect.clone())
        .route("/livekit/", connect.clone())
        .route("/livekit/{*path}", connect)
}

/// The same answers where monitors of other servers look for them.
fn short_names() -> Router<Context> {
    Router::new().route("/health", get(health::health)).route("/ready", get(health::ready))
}

/// Every documented route but those of [`SIGNING_IN`].
const API: [Group; 6] = [PUBLIC, SFU, SIGNED_IN, WITH_ACCOUNT, MODERATING, ADMINISTERING];

/// The same with the document that describes them.
fn documented() -> OpenApiRouter<Context> {
    API.iter()
        .chain([&SIGNING_IN])
        .fold(OpenApiRouter::with_openapi(openapi::frame()), |all, group| all.merge((group.documented)()))
}

/// The door: API, documentation, page.
pub fn door(context: Context) -> Door {
    let cors = context.sites.cors();
    let api = API.iter().fold(Router::new(), |all, group| all.merge((group.router)()));
    let own_pages_only = axum::middleware::from_fn_with_state(context.clone(), same_site::own_pages_only);
    let api = api.merge((SIGNING_IN.router)().route_layer(own_pages_only));
    let api = api.with_state(context.clone()).merge(openapi::routes());
    let api = api.method_not_allowed_fallback(door::method_not_allowed);
    // outside of what knows methods: browsers ask by OPTIONS
    let api = match cors {
        Some(cors) => api.layer(cors),
        None => api,
    };
    let pages = signalling().merge(short_names()).with_state(context.clone());
    Door { router: api.merge(pages).fallback(assets::page), context }
}

/// The routes with what every answer has. Around the router and no layer of it: axum gives each layer a box and a copy of all
/// that is within, for every request.
#[derive(Clone)]
pub struct Door {
    router: Router,
    context: Context,
}

impl Answers for Door {
    fn answer(self, request: Request) -> impl Future<Output = Response> + Send + 'static {
        let Self { router, context } = self;
        async move {
            let is_over_tls = cert::is_over_tls(&request);
            let mut answer = door::logged(request, |request| router.answer(request)).await;
            context.sites.end_policy(&mut answer);
            if is_over_tls {
                cert::strict_transport(&context, &mut answer);
            }
            answer
        }
    }
}

/// The SFU's own door, on loopback: it would not believe a certificate of ours.
pub fn sfu_router(context: Context) -> Router {
    (SFU.router)().with_state(context).layer(axum::middleware::from_fn(door::request_log))
}
