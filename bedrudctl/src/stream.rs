//! JSON lines that go on: printed as they come, and gone on with where they stopped when the daemon is started anew.

use std::time::Duration;

use serde::Deserialize;

use crate::{
    client::Client,
    failure::{Exit, Failure, Outcome},
    printer::Printer,
};

/// A daemon that is away is looked for this often.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// What every line of a stream has, whatever else is in it.
#[derive(Deserialize)]
struct Place {
    cursor: i64,
}

/// Prints every line of `path`. Where `follows`, a daemon that ends is waited for, and asked for what came after the last line:
/// `path` is given its cursor.
pub async fn print(
    client: &Client,
    printer: Printer,
    follows: bool,
    path: impl Fn(Option<i64>) -> Outcome<String>,
    human: impl Fn(&[u8]) -> String,
) -> Outcome {
    let mut cursor = None;
    let mut lines = client.stream(&path(None)?).await?;
    loop {
        let ended = loop {
            match lines.next().await {
                Ok(Some(line)) => {
                    printer.line(&line, &human)?;
                    if let Ok(place) = serde_json::from_slice::<Place>(&line) {
                        cursor = Some(place.cursor);
                    }
                }
                Ok(None) => break Ok(()),
                Err(failure) => break Err(failure),
            }
        };
        if !follows {
            return ended.map(|()| Exit::Done);
        }
        printer.note("The daemon stopped. This goes on when it is back.");
        lines = loop {
            tokio::time::sleep(LOOK_AGAIN).await;
            match client.stream(&path(cursor)?).await {
                Ok(lines) => break lines,
                Err(Failure { exit: Exit::Unreachable, .. }) => {}
                Err(failure) => return Err(failure),
            }
        };
    }
}
