//! Figures for whoever watches this server, as OpenMetrics 1.0; names by the conventions of Prometheus. They are read when
//! they are asked for.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use prometheus_client::{
    encoding::text::encode,
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::ConstGauge,
        gauge::Gauge,
        info::Info,
    },
    registry::{Registry, Unit},
};

use super::{Context, process};
use crate::{
    door,
    error::{Error, Result},
    programs::State as Sfu,
    store::figures,
};

const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// One label.
type Labelled<M> = Family<[(&'static str, &'static str); 1], M>;

/// `GET /v1/metrics`, and `GET /metrics` of the port for metrics.
pub(super) async fn show(State(context): State<Context>) -> Result<Response> {
    let mut registry = Registry::with_prefix("bedrud");
    registry.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
    let up = context.started.elapsed().as_secs_f64();
    registry.register_with_unit("uptime", "Since the daemon serves", Unit::Seconds, ConstGauge::new(up));
    of_store(&mut registry, &context).await;
    of_sfu(&mut registry, &context);
    of_certificate(&mut registry, &context);
    of_programs(&mut registry, &context);
    let answers: Labelled<Counter> = Family::default();
    for (class, count) in door::answered() {
        answers.get_or_create(&[("class", class)]).inc_by(count);
    }
    registry.register("http_answers", "Requests answered, by the class of the status", answers);
    let mut text = String::new();
    encode(&mut text, &registry).map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, TYPE)], text).into_response())
}

/// Only whether it answers, where it does not.
async fn of_store(registry: &mut Registry, context: &Context) {
    let found = context.store.run(figures::read).await.ok();
    let is_up = u64::from(found.is_some());
    registry.register("database_up", "1 while the database answers", ConstGauge::new(is_up));
    let Some(found) = found else { return };
    for (name, help, value) in [
        ("participants", "People in meetings now", found.participants),
        ("meetings", "Rooms with somebody inside now", found.meetings),
        ("rooms", "Rooms that are not closed", found.rooms),
        ("users", "Accounts, guests not counted", found.users),
        ("effects_waiting", "Things decided that are not done yet outside of the database", found.effects),
    ] {
        registry.register(name, help, ConstGauge::new(value));
    }
}

fn of_sfu(registry: &mut Registry, context: &Context) {
    let status = context.sfu.status();
    let is_up = u64::from(matches!(status.state, Sfu::Ready { .. }));
    registry.register("sfu_up", "1 while the SFU answers", ConstGauge::new(is_up));
    let help = "Starts of the SFU after a failure, since its supervisor runs";
    registry.register("sfu_restarts", help, ConstCounter::new(status.restarts));
}

fn of_certificate(registry: &mut Registry, context: &Context) {
    let Some(tls) = &context.tls else { return };
    let until = tls.certificate().facts.not_after.timestamp();
    let help = "When the served certificate ends, in Unix seconds";
    registry.register_with_unit("certificate_not_after", help, Unit::Seconds, ConstGauge::new(until));
    let is_failing = u64::from(tls.progress().last_error.is_some());
    let help = "1 where the last try to renew the certificate failed";
    registry.register("certificate_renewal_failing", help, ConstGauge::new(is_failing));
}

fn of_programs(registry: &mut Registry, context: &Context) {
    let (memory, files): (Labelled<Gauge>, Labelled<Gauge>) = Default::default();
    let cpu: Labelled<Counter<f64, std::sync::atomic::AtomicU64>> = Family::default();
    for (name, _, process) in process::ours(&context.programs) {
        let label = [("program", name)];
        memory.get_or_create(&label).set(process.memory_bytes);
        files.get_or_create(&label).set(process.open_files);
        cpu.get_or_create(&label).inc_by(process.cpu_seconds);
    }
    registry.register_with_unit("process_resident_memory", "Memory in use", Unit::Bytes, memory);
    registry.register_with_unit("process_cpu", "Processor time used", Unit::Seconds, cpu);
    registry.register("process_open_fds", "Open file descriptors", files);
}
