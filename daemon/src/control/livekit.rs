//! The SFU, for the operator.

use axum::{Extension, Json, extract::State};
use bedrud_control::{Livekit, LivekitPorts};

use super::Context;
use crate::{
    actor::Actor,
    error::Result,
    livekit::{Found, Ports, Sfu, State as Moment, Udp},
    store::Timestamp,
};

/// `GET /v1/livekit`
pub(super) async fn show(State(context): State<Context>) -> Json<Livekit> {
    Json(shown(&context.sfu))
}

/// `POST /v1/livekit/restart`; answers when it was asked, not when it is ready.
pub(super) async fn restart(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Livekit>> {
    context.rooms.restart_sfu(&actor).await?;
    Ok(Json(shown(&context.sfu)))
}

/// How it fares now.
pub(super) fn shown(sfu: &Sfu) -> Livekit {
    let status = sfu.status();
    let node_ip =
        status.own.node.map(|node| node.all().map(|ip| ip.to_string()).collect::<Vec<_>>().join(","));
    let mut shown = Livekit {
        state: String::new(),
        is_ours: sfu.is_proxied(),
        pid: None,
        ready_since: None,
        restarts: status.restarts,
        ports: status.own.ports.map(ports),
        node_ip: node_ip.unwrap_or_default(),
        node_ip_source: status.own.node.map(|node| source(node.found).to_owned()).unwrap_or_default(),
        node_ip_advice: status.own.node.and_then(|node| node.advice()).unwrap_or_default(),
        failure: String::new(),
        last_lines: Vec::new(),
    };
    match status.state {
        Moment::Starting => "starting".clone_into(&mut shown.state),
        Moment::Stopped => "stopped".clone_into(&mut shown.state),
        Moment::Ready { pid, since_ms, .. } => {
            "ready".clone_into(&mut shown.state);
            shown.pid = pid;
            shown.ready_since = Some(Timestamp(since_ms).to_string());
        }
        Moment::Failed { sentence, last_lines } => {
            "failed".clone_into(&mut shown.state);
            shown.failure = sentence;
            shown.last_lines = last_lines;
        }
    }
    shown
}

fn source(found: Found) -> &'static str {
    match found {
        Found::Configured => "configured",
        Found::Domain => "domain",
        Found::Outbound => "outbound",
        Found::Interface => "interface",
        Found::Loopback => "loopback",
    }
}

fn ports(ports: Ports) -> LivekitPorts {
    let udp = match ports.udp {
        Udp::Mux(port) => port.to_string(),
        Udp::Range(first, last) => format!("{first}-{last}"),
    };
    LivekitPorts { http: ports.http, tcp: ports.tcp, udp, turn_udp: ports.turn }
}
