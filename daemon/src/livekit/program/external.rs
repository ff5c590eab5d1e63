//! An SFU that somebody else runs (`livekit.external`): no child, no proxy; only asked whether it takes our calls.

use std::time::Duration;

use tokio::{sync::watch, time::sleep};

use crate::{
    livekit::{Client, Status},
    programs::State,
};

const PULSE: Duration = Duration::from_secs(5);

/// Asks for ever and publishes the answer.
pub(crate) async fn run(client: Client, status: watch::Sender<Status>) {
    let mut known = None;
    loop {
        let answer = client.list_rooms().await;
        let changed = known.replace(answer.is_ok()) != Some(answer.is_ok());
        match answer {
            Ok(_) if changed => {
                tracing::info!("the external SFU takes our calls");
                status.send_modify(|s| s.state = State::ready_now(None));
            }
            Err(e) if changed => {
                let sentence = format!("The external SFU does not take our calls. {e}");
                tracing::error!("{sentence}");
                status.send_modify(|s| s.state = State::failed(sentence));
            }
            Ok(_) | Err(_) => {}
        }
        sleep(PULSE).await;
    }
}
