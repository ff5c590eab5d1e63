//! Figures of a running server, as Prometheus reads them: on the control socket, and where it is wanted at a port.
use std::{
    io::{Read, Write},
    net::TcpStream,
};

use bedrud_tests::{Server, free_port, json, lk::Participant, repository, until};
use http::Method;

async fn text(server: &Server) -> String {
    let answer = server.control(Method::GET, "/v1/metrics", None).await.is(200);
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"), "{answer}");
    String::from_utf8(answer.body.to_vec()).expect("text")
}

fn value(text: &str, sample: &str) -> f64 {
    let line = text.lines().find(|line| line.split(' ').next() == Some(sample));
    let number = line.and_then(|line| line.rsplit(' ').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("no {sample} in\n{text}"))
}

#[tokio::test]
async fn a_meeting_is_seen_in_the_figures() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let before = text(&server).await;
    assert!(before.ends_with("# EOF\n"), "whole, as OpenMetrics wants it");
    assert_eq!(value(&before, "bedrud_participants"), 0.0);
    assert_eq!(value(&before, "bedrud_users"), 2.0, "alice and the administrator");
    assert_eq!((value(&before, "bedrud_sfu_up"), value(&before, "bedrud_database_up")), (1.0, 1.0));
    for program in ["bedrud", "livekit"] {
        let memory =
            value(&before, &format!("bedrud_process_resident_memory_bytes{{program=\"{program}\"}}"));
        assert!(memory > 1e6, "{program}: {memory}");
    }
    let join = alice.join("standup").await.is(200);
    let _inside = Participant::join(&join.text("livekitHost"), &join.text("token")).await.expect("a seat");
    until("alice in the figures", async || {
        let now = text(&server).await;
        (value(&now, "bedrud_participants") == 1.0 && value(&now, "bedrud_meetings") == 1.0).then_some(())
    })
    .await;
    alice.get("/api/no-such-thing").await.is(404);
    let after = text(&server).await;
    let refused = "bedrud_http_answers_total{class=\"4xx\"}";
    assert!(value(&after, refused) > value(&before, refused), "what is answered is counted");
    assert_eq!(server.ctl(["metrics"]).await.ok().stdout.lines().last(), Some("# EOF"));
    // every family says what it is, once
    let types: Vec<&str> = after.lines().filter(|line| line.starts_with("# TYPE ")).collect();
    let mut once = types.clone();
    once.dedup();
    assert!(types.len() > 10 && types.len() == once.len(), "{types:?}");
}

#[tokio::test]
async fn where_it_is_wanted_the_figures_have_a_port_and_nothing_else_does() {
    let port = free_port();
    let _server = Server::builder().config(json!({"metrics": {"port": port}})).start().await;
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a listener on loopback");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    };
    let told = ask("/metrics");
    assert!(told.starts_with("HTTP/1.1 200") && told.contains("bedrud_database_up 1"), "{told}");
    for path in ["/v1/status", "/v1/users", "/v1/backup", "/"] {
        assert!(ask(path).starts_with("HTTP/1.1 404"), "{path}");
    }
}

#[tokio::test]
async fn the_dashboard_asks_for_figures_that_there_are() {
    let server = Server::builder().sfu().tls(json!({"mode": "self-signed"})).start().await;
    let told = text(&server).await;
    let samples: Vec<&str> = told.lines().filter_map(|line| line.split([' ', '{']).next()).collect();
    let board = std::fs::read_to_string(repository().join("packaging/grafana.json")).expect("the dashboard");
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let asked: Vec<&str> = board.split(|c| !is_name(c)).filter(|word| word.starts_with("bedrud_")).collect();
    assert!(asked.len() > 10, "{asked:?}");
    for name in asked {
        assert!(samples.contains(&name), "{name} is in no line of\n{told}");
    }
}
