//! People for the browser tests: each line on the standard input is one thing that somebody does, each is answered by
//! one line. They leave when the input ends. Who opens the room for them is the test's business.
//!
//! ```json
//! {"do": "join", "name": "Bo", "host": "ws://localhost:8090/livekit", "token": "…", "picture": "bo.ivf", "sound": true}
//! {"do": "speak", "name": "Bo"}
//! ```
//! `speak`, `quiet`, `share` (with `picture`), `say` (with `topic` and `payload`), `leave`; `name` says who.
use std::{collections::HashMap, path::Path, process::ExitCode};

use anyhow::{Context, Result, bail};
use bedrud_tests::{
    Value, json,
    lk::{Clip, Participant, TrackSource, TrackType},
};
use tokio::sync::mpsc;

#[derive(Default)]
struct Crowd {
    inside: HashMap<String, Participant>,
    /// Files that were read already: many people may show the same one.
    clips: HashMap<String, Clip>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut crowd = Crowd::default();
    let (sender, mut lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        std::io::stdin().lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    while let Some(line) = lines.recv().await {
        let answer = match crowd.obey(&line).await {
            Ok(()) => json!({"done": true}),
            Err(error) => json!({"error": format!("{error:#}")}),
        };
        println!("{answer}");
    }
    for (_, person) in crowd.inside.drain() {
        person.leave().await;
    }
    ExitCode::SUCCESS
}

impl Crowd {
    async fn obey(&mut self, line: &str) -> Result<()> {
        let wish: Value = serde_json::from_str(line).context("not JSON")?;
        let text = |key: &str| wish[key].as_str().with_context(|| format!("{key} is missing"));
        let name = text("name")?;
        match text("do")? {
            "join" => {
                let person = Participant::join_deaf(text("host")?, text("token")?).await?;
                let mut tracks = 0;
                if wish["sound"] == json!(true) {
                    person.publish(TrackType::Audio, TrackSource::Microphone);
                    tracks += 1;
                }
                if let Ok(picture) = text("picture") {
                    person.publish_clip(self.clip(picture)?, TrackSource::Camera);
                    tracks += 1;
                }
                person.until("own tracks accepted", |seen| seen.published.len() >= tracks).await;
                self.inside.insert(name.to_owned(), person);
            }
            "speak" => self.person(name)?.speak(true),
            "quiet" => self.person(name)?.speak(false),
            "share" => {
                let clip = self.clip(text("picture")?)?;
                self.person(name)?.publish_clip(clip, TrackSource::ScreenShare);
            }
            "say" => self.person(name)?.send(text("topic")?, text("payload")?).await,
            "leave" => self.inside.remove(name).with_context(|| absent(name))?.leave().await,
            other => bail!("nobody knows how to {other}"),
        }
        Ok(())
    }

    fn person(&self, name: &str) -> Result<&Participant> {
        self.inside.get(name).with_context(|| absent(name))
    }

    fn clip(&mut self, path: &str) -> Result<Clip> {
        if let Some(known) = self.clips.get(path) {
            return Ok(known.clone());
        }
        let clip = Clip::ivf(Path::new(path))?;
        self.clips.insert(path.to_owned(), clip.clone());
        Ok(clip)
    }
}

fn absent(name: &str) -> String {
    format!("{name} is not inside")
}
