//! The first look of an administrator: health, figures, what needs attention.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    door::Failure,
    error::Result,
    http::{Administrator, Context},
    store::{
        Timestamp,
        glance::{self, Figures},
        presences,
    },
    tls::Tls,
};

/// Shorter than this and somebody has to look at the certificate.
const SOON_DAYS: i64 = 14;

/// People in meetings now.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct OnlineCount {
    count: i64,
}

/// How many people are in meetings now.
#[utoipa::path(get, operation_id = "admin_online", path = "/api/admin/online-count", tag = "administration",
    responses((status = 200, body = OnlineCount), (status = 401, body = Failure), (status = 403, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn online(
    State(context): State<Context>,
    Administrator(_actor): Administrator,
) -> Result<Json<OnlineCount>> {
    Ok(Json(OnlineCount { count: context.store.run(presences::count_all).await? }))
}

/// The certificate in a line.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct CertificateHealth {
    /// Whether this server ends TLS.
    enabled: bool,
    /// `off`, `valid`, `expiring` or `expired`.
    status: &'static str,
    days_remaining: i64,
}

fn certificate(tls: Option<&Tls>) -> CertificateHealth {
    let Some(tls) = tls else {
        return CertificateHealth { enabled: false, status: "off", days_remaining: 0 };
    };
    let left = tls.certificate().facts.not_after.timestamp_millis() - Timestamp::now().0;
    let days_remaining = left.div_euclid(86_400_000);
    let status = match days_remaining {
        ..0 => "expired",
        0..SOON_DAYS => "expiring",
        _ => "valid",
    };
    CertificateHealth { enabled: true, status, days_remaining }
}

/// The certificate that is served.
#[utoipa::path(get, operation_id = "admin_cert_info", path = "/api/admin/cert-info", tag = "administration",
    responses((status = 200, body = CertificateHealth), (status = 401, body = Failure), (status = 403, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn cert_info(
    State(context): State<Context>,
    Administrator(_actor): Administrator,
) -> Json<CertificateHealth> {
    Json(certificate(context.tls.as_ref()))
}

/// One day of the trend.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct TrendDay {
    /// As in `2026-11-29`, in UTC.
    date: String,
    participants: i64,
    rooms_active: i64,
    rooms_created: i64,
}

/// How the server fares.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Health {
    /// `healthy`, or `degraded` where something needs attention.
    status: &'static str,
    db_status: &'static str,
    /// The SFU: `healthy` or `down`.
    realtime: &'static str,
    alerts_count: usize,
    uptime_seconds: u64,
    tls: CertificateHealth,
}

/// A figure.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Figure {
    value: i64,
}

/// Rooms.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct RoomsFigure {
    value: i64,
    active_now: i64,
}

/// Accounts, and how many came this week.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct UsersFigure {
    value: i64,
    delta: i64,
    delta_label: &'static str,
    delta_percent: f64,
}

/// The figures.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Kpis {
    active_sessions: Figure,
    online_now: Figure,
    pending_actions: Figure,
    total_rooms: RoomsFigure,
    total_users: UsersFigure,
}

/// What kinds of rooms there are.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RoomComposition {
    live: i64,
    persistent: i64,
    private: i64,
    public: i64,
    stale: i64,
}

/// Something that an administrator should look at.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Attention {
    /// A stable name.
    code: &'static str,
    message: &'static str,
}

/// A new account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Signup {
    id: String,
    email: String,
    name: String,
    provider: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Something that happened to a room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct RoomEvent {
    room_id: String,
    room_name: String,
    /// `room.create`, `room.delete` and so on.
    #[serde(rename = "type")]
    kind: String,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    user_id: String,
    user_name: String,
}

/// This server.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Instance {
    name: String,
    version: &'static str,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    uptime_seconds: u64,
}

/// Everything at a glance.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Overview {
    health: Health,
    kpis: Kpis,
    activity_trend: Vec<TrendDay>,
    room_composition: RoomComposition,
    needs_attention: Vec<Attention>,
    recent_signups: Vec<Signup>,
    recent_room_events: Vec<RoomEvent>,
    instance_info: Instance,
}

/// Everything at a glance.
#[utoipa::path(get, operation_id = "admin_overview", path = "/api/admin/overview", tag = "administration",
    responses((status = 200, body = Overview), (status = 401, body = Failure), (status = 403, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn overview(
    State(context): State<Context>,
    Administrator(_actor): Administrator,
) -> Result<Json<Overview>> {
    let now = Timestamp::now();
    let reading = context
        .store
        .run(move |connection| Ok((glance::read(connection, now)?, glance::events(connection)?)));
    let (figures, events) = reading.await?;
    let is_sfu_up = context.rooms.ask_sfu().await.is_ok();
    let disk = context.store.disk().await;
    let tls = certificate(context.tls.as_ref());
    let mut attention = Vec::new();
    let mut look = |wrong: bool, code, message| {
        if wrong {
            attention.push(Attention { code, message });
        }
    };
    look(!is_sfu_up, "sfu_down", "The media server does not answer: nobody can be in a meeting.");
    look(disk.is_err(), "database_failing", "The database cannot be written.");
    look(tls.status == "expiring", "certificate_expiring", "The certificate ends soon and was not renewed.");
    look(tls.status == "expired", "certificate_expired", "The certificate has ended: browsers refuse it.");
    let uptime_seconds = context.started.elapsed().as_secs();
    let started_at = now.plus_seconds(-i64::try_from(uptime_seconds).unwrap_or(0));
    let name = context.settings.get().await?.server_name.clone();
    let pending = i64::try_from(attention.len()).unwrap_or(0);
    Ok(Json(Overview {
        health: Health {
            status: if attention.is_empty() { "healthy" } else { "degraded" },
            db_status: if disk.is_ok() { "healthy" } else { "degraded" },
            realtime: if is_sfu_up { "healthy" } else { "down" },
            alerts_count: attention.len(),
            uptime_seconds,
            tls,
        },
        kpis: kpis(&figures, pending),
        activity_trend: figures.days.iter().map(trend).collect(),
        room_composition: RoomComposition {
            live: figures.rooms_in_use,
            persistent: figures.rooms_persistent,
            private: figures.rooms - figures.rooms_public,
            public: figures.rooms_public,
            stale: figures.rooms_stale,
        },
        needs_attention: attention,
        recent_signups: figures.newest.into_iter().map(signup).collect(),
        recent_room_events: events.into_iter().map(RoomEvent::from).collect(),
        instance_info: Instance { name, version: env!("CARGO_PKG_VERSION"), started_at, uptime_seconds },
    }))
}

fn kpis(figures: &Figures, pending: i64) -> Kpis {
    let before = figures.users - figures.users_new;
    // a share in per cent needs no exact figures
    #[allow(clippy::cast_precision_loss)]
    let delta_percent = if before > 0 { figures.users_new as f64 * 100.0 / before as f64 } else { 0.0 };
    Kpis {
        active_sessions: Figure { value: figures.sessions },
        online_now: Figure { value: figures.online },
        pending_actions: Figure { value: pending },
        total_rooms: RoomsFigure { value: figures.rooms, active_now: figures.rooms_in_use },
        total_users: UsersFigure {
            value: figures.users,
            delta: figures.users_new,
            delta_label: "7d",
            delta_percent,
        },
    }
}

fn trend(day: &glance::Day) -> TrendDay {
    TrendDay {
        date: day.begins_at.to_string().chars().take(10).collect(),
        participants: day.participants,
        rooms_active: day.rooms_active,
        rooms_created: day.rooms_created,
    }
}

fn signup(user: crate::accounts::User) -> Signup {
    Signup {
        id: user.id,
        email: user.email.unwrap_or_default(),
        name: user.name,
        provider: user.provider,
        created_at: user.created_at,
    }
}

impl From<glance::Event> for RoomEvent {
    fn from(event: glance::Event) -> Self {
        Self {
            room_id: event.room_id,
            room_name: event.room_name,
            kind: event.verb,
            timestamp: event.at,
            user_id: event.user_id,
            user_name: event.user_name,
        }
    }
}
