//! `bedrudctl room kick|ban|unban|mute|unmute|hold|release`: one person in one room, named by display name, mail address or
//! identity; or everybody who does not moderate.

use bedrud_control::{Moderated, ModeratedAll};
use clap::{Args, ValueEnum};
use http::Method;
use serde_json::Value;

use crate::{
    ask::Change,
    client::Client,
    failure::{Exit, Outcome},
    path::changing,
    printer::Printer,
};

/// Whom, and where.
#[derive(Args)]
pub struct Target {
    /// Slug, title, id or unique prefix
    #[arg(add = crate::names::rooms())]
    pub(crate) room: String,
    /// Display name, mail address or identity
    pub(crate) person: String,
    #[command(flatten)]
    pub(crate) change: Change,
}

/// Does `verb` to the person; `sentence` stands between their name and the room's.
pub async fn run(verb: &str, sentence: &str, target: &Target, client: &Client, printer: Printer) -> Outcome {
    let dry_run = target.change.dry_run;
    let at = changing(["rooms", &target.room, verb, &target.person], dry_run)?;
    let met: Moderated = client.change(Method::POST, &at, &Value::Null).await?;
    let who = format!("{} ({})", met.participant.name, met.participant.identity);
    if dry_run {
        return printer.would(&format!("Would {verb} {who} in {}.", met.room));
    }
    printer.result(&met, |met| format!("{who} {sentence} {}.", met.room))?;
    Ok(Exit::Done)
}

/// Whom to mute.
#[derive(Args)]
pub struct Mute {
    /// Slug, id or unique prefix
    room: String,
    /// Display name, mail address or identity
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    person: Option<String>,
    /// Everybody who does not moderate
    #[arg(long)]
    all: bool,
    /// Hold the microphones until they are released or the meeting ends, also of people who come later
    #[arg(long, requires = "all")]
    hold: bool,
    #[command(flatten)]
    change: Change,
}

impl Mute {
    /// Mutes.
    pub async fn run(self, client: &Client, printer: Printer) -> Outcome {
        let Self { room, person, hold, change, .. } = self;
        match (person, hold) {
            (Some(person), _) => {
                let target = Target { room, person, change };
                run("mute", "is muted, and may unmute again, in", &target, client, printer).await
            }
            (None, false) => run_all("mute-all", "are muted", &room, &change, client, printer).await,
            (None, true) => {
                run_all("hold-all", "are muted until you release them", &room, &change, client, printer).await
            }
        }
    }
}

/// What can be taken.
#[derive(Clone, Copy, ValueEnum)]
enum Device {
    Microphone,
    Camera,
    Screenshare,
    Chat,
    Hearing,
}

impl Device {
    /// The verb in the path, and what the device is called in a sentence.
    fn words(self, verb: &str) -> (String, &'static str) {
        let (name, word) = match self {
            Self::Microphone => ("microphone", "microphone"),
            Self::Camera => ("camera", "camera"),
            Self::Screenshare => ("screenshare", "shared screen"),
            Self::Chat => ("chat", "word in the chat"),
            Self::Hearing => ("hearing", "sound of the others"),
        };
        (format!("{verb}-{name}"), word)
    }
}

/// What to hold from whom.
#[derive(Args)]
pub struct Hold {
    #[command(flatten)]
    target: Target,
    /// What to take
    #[arg(long, default_value = "microphone")]
    device: Device,
}

impl Hold {
    /// Holds.
    pub async fn run(self, client: &Client, printer: Printer) -> Outcome {
        let (verb, word) = self.device.words("hold");
        run(&verb, &format!("has no {word}, until it is released, in"), &self.target, client, printer).await
    }
}

/// What to give back to whom.
#[derive(Args)]
pub struct Release {
    /// Slug, id or unique prefix
    room: String,
    /// Display name, mail address or identity
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    person: Option<String>,
    /// The microphones of everybody
    #[arg(long, conflicts_with = "device")]
    all: bool,
    /// What to give back
    #[arg(long, default_value = "microphone")]
    device: Device,
    #[command(flatten)]
    change: Change,
}

impl Release {
    /// Releases.
    pub async fn run(self, client: &Client, printer: Printer) -> Outcome {
        let Self { room, person, device, change, .. } = self;
        let Some(person) = person else {
            return run_all("release-all", "may speak again", &room, &change, client, printer).await;
        };
        let (verb, word) = device.words("release");
        let target = Target { room, person, change };
        run(&verb, &format!("may use the {word} again in"), &target, client, printer).await
    }
}

async fn run_all(
    verb: &str,
    sentence: &str,
    room: &str,
    change: &Change,
    client: &Client,
    printer: Printer,
) -> Outcome {
    let at = changing(["rooms", room, verb], change.dry_run)?;
    let met: ModeratedAll = client.change(Method::POST, &at, &Value::Null).await?;
    if change.dry_run {
        return printer
            .would(&format!("Would {verb} {}: {} inside who do not moderate.", met.room, met.people));
    }
    printer.result(&met, |met| format!("{}: all who do not moderate {sentence}.", met.room))?;
    Ok(Exit::Done)
}
