//! Starting and stopping: ready when it says so, every problem at once, exit codes.
use bedrud_tests::Server;

#[tokio::test]
async fn it_serves_and_stops_when_asked() {
    let mut server = Server::start().await;
    let health = server.stranger().get("/api/health").await.ok();
    assert_eq!(health.text("status"), "healthy");
    assert_eq!(server.stop().await, Some(0), "{}", server.log());
}
