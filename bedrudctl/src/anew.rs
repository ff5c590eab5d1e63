//! The daemon started anew: waited for by its process id.

use std::time::{Duration, Instant};

use bedrud_control::Status;

use crate::{
    client::Client,
    failure::{Exit, Failure, Outcome},
    path::path,
};

const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Waits until another process than `before` answers; says why none does where it takes longer than `patience`.
pub async fn daemon(before: u32, patience: Duration, client: &Client) -> Outcome<Status> {
    let asked = Instant::now();
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        let why = match client.get::<Status>(&path(["status"])).await {
            Ok(now) if now.pid != before => return Ok(now),
            Ok(_) => Failure::new(Exit::TimedOut, "timed_out", "The daemon was not started anew."),
            Err(failure) => failure,
        };
        if asked.elapsed() > patience {
            return Err(why);
        }
    }
}
