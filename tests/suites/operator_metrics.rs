//! Figures of a running server, as Prometheus reads them: on the control socket.
use bedrud_tests::{Server, lk::Participant, until};
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
