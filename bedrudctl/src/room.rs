//! `bedrudctl room`: rooms. A room is named by slug, title, id or unique prefix.

use bedrud_control::{NewRoom, PageQuery, Participants, Room, Rooms};
use clap::{Args, Subcommand, ValueEnum};
use http::Method;
use serde_json::Value;

use crate::{
    ask::{Change, Destroy},
    client::Client,
    failure::{Exit, Outcome},
    lobby,
    moderation::{self, Target},
    path::{asking, path},
    printer::{Printer, facts, moment, people, since, table, yes},
};

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// List live rooms, newest first
    List(List),
    /// Show one room
    Show {
        /// Slug, title, id or unique prefix
        #[arg(add = crate::names::rooms())]
        room: String,
    },
    /// Make a room
    Create(Create),
    /// Close a room for good and send everybody out
    Close {
        /// Slug, title, id or unique prefix
        #[arg(add = crate::names::rooms())]
        room: String,
        #[command(flatten)]
        destroy: Destroy,
    },
    /// List who is inside and who is banned
    Participants {
        /// Slug, title, id or unique prefix
        #[arg(add = crate::names::rooms())]
        room: String,
    },
    /// List who waits to be let in
    Waiting {
        /// Slug, title, id or unique prefix
        #[arg(add = crate::names::rooms())]
        room: String,
    },
    /// Let somebody in who waits, or everybody
    Admit(lobby::Admit),
    /// Do not let somebody in who waits; they may ask again after five minutes
    Refuse(Target),
    /// Lock a running meeting: whoever is new waits to be let in
    Lock(lobby::Lock),
    /// Unlock a meeting
    Unlock(lobby::Lock),
    /// Remove somebody; they may come back
    Kick(Target),
    /// Remove somebody and keep them out
    Ban(Target),
    /// Let somebody in again
    Unban(Target),
    /// Mute somebody, or everybody who does not moderate; they may unmute again
    Mute(moderation::Mute),
    /// Ask somebody to unmute, giving a held microphone back
    Unmute(Target),
    /// Take a device from somebody until it is released
    Hold(moderation::Hold),
    /// Give a device back, to one or to all
    Release(moderation::Release),
}

/// Which rooms.
#[derive(Args)]
pub struct List {
    /// Only those with this in their name
    query: Option<String>,
    /// Counted from 1
    #[arg(long)]
    page: Option<u32>,
    /// The most to list [default: 50]
    #[arg(long)]
    limit: Option<u32>,
}

/// A new room.
#[derive(Args)]
pub struct Create {
    /// The slug in the link; without it one is made of the title, or made up
    name: Option<String>,
    /// What people call it, in any script
    #[arg(long)]
    title: Option<String>,
    /// Who owns it: mail address, name or id of an account
    #[arg(long)]
    owner: String,
    /// Seats
    #[arg(long)]
    max_participants: Option<u32>,
    /// Only owner, moderators and administrators come in
    #[arg(long)]
    private: bool,
    /// Who publishes
    #[arg(long)]
    mode: Option<Mode>,
    #[command(flatten)]
    change: Change,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mode {
    Standard,
    Webinar,
    Broadcast,
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    match verb {
        Verb::List(wanted) => list(wanted, client, printer).await,
        Verb::Show { room } => show(&room, client, printer).await,
        Verb::Create(new) => create(new, client, printer).await,
        Verb::Close { room, destroy } => close(&room, &destroy, client, printer).await,
        Verb::Participants { room } => participants(&room, client, printer).await,
        Verb::Waiting { room } => lobby::waiting(&room, client, printer).await,
        Verb::Admit(wanted) => wanted.run(client, printer).await,
        Verb::Refuse(target) => moderation::run("refuse", "was not let into", &target, client, printer).await,
        Verb::Lock(wanted) => wanted.run(true, client, printer).await,
        Verb::Unlock(wanted) => wanted.run(false, client, printer).await,
        Verb::Kick(target) => moderation::run("kick", "was removed from", &target, client, printer).await,
        Verb::Ban(target) => moderation::run("ban", "is banned from", &target, client, printer).await,
        Verb::Unban(target) => moderation::run("unban", "may come back to", &target, client, printer).await,
        Verb::Unmute(target) => {
            moderation::run("unmute", "was asked to unmute in", &target, client, printer).await
        }
        Verb::Mute(wanted) => wanted.run(client, printer).await,
        Verb::Hold(wanted) => wanted.run(client, printer).await,
        Verb::Release(wanted) => wanted.run(client, printer).await,
    }
}

async fn list(wanted: List, client: &Client, printer: Printer) -> Outcome {
    let query = PageQuery { q: wanted.query.unwrap_or_default(), page: wanted.page, limit: wanted.limit };
    let rooms: Rooms = client.get(&asking(["rooms"], &query)?).await?;
    printer.result(&rooms, |list| {
        let rows = list.rooms.iter().map(|r| {
            [
                r.name.clone(),
                titled(r),
                format!("{} of {}", r.participants_count, r.max_participants),
                r.mode.clone(),
                yes(r.is_public),
                moment(&r.last_activity_at),
                r.id.clone(),
            ]
        });
        table(["ROOM", "TITLE", "PEOPLE", "MODE", "PUBLIC", "LAST USED", "ID"], rows)
    })?;
    printer.rest(rooms.rooms.len(), rooms.total);
    Ok(Exit::Done)
}

async fn show(room: &str, client: &Client, printer: Printer) -> Outcome {
    let room: Room = client.get(&path(["rooms", room])).await?;
    printer.result(&room, |r| {
        let settings = [
            ("chat", r.settings.allow_chat),
            ("video", r.settings.allow_video),
            ("audio", r.settings.allow_audio),
            ("approval", r.settings.require_approval),
            ("end-to-end encryption", r.settings.e2ee),
            ("recordings", r.settings.recordings_allowed),
            ("a moderator first", r.settings.moderator_first),
            ("persistent", r.settings.is_persistent),
        ];
        let on = settings.iter().filter(|(_, on)| *on).map(|(name, _)| *name);
        facts([
            ("room", r.name.clone()),
            ("title", titled(r)),
            ("id", r.id.clone()),
            ("open", yes(r.is_active)),
            ("people", format!("{} of {}", r.participants_count, r.max_participants)),
            ("public", yes(r.is_public)),
            ("mode", r.mode.clone()),
            ("allows", on.collect::<Vec<_>>().join(", ")),
            ("owner", r.admin_id.clone()),
            ("made", moment(&r.created_at)),
            ("last used", moment(&r.last_activity_at)),
        ])
    })?;
    Ok(Exit::Done)
}

async fn create(new: Create, client: &Client, printer: Printer) -> Outcome {
    if new.change.dry_run {
        return printer.would(&format!(
            "Would make the room {}.",
            new.name.as_deref().or(new.title.as_deref()).unwrap_or("with a made-up name")
        ));
    }
    let body = NewRoom {
        name: new.name,
        title: new.title,
        owner: new.owner,
        max_participants: new.max_participants,
        is_public: new.private.then_some(false),
        mode: new.mode.map(|mode| format!("{mode:?}").to_lowercase()),
    };
    let room: Room = client.change(Method::POST, &path(["rooms"]), &body).await?;
    printer.result(&room, |r| match titled(r) {
        title if title.is_empty() => format!("The room {} is open.", r.name),
        title => format!("The room {title} is open as {}.", r.name),
    })?;
    Ok(Exit::Done)
}

/// The title, where it says more than the slug.
fn titled(room: &Room) -> String {
    if room.title == room.name { String::new() } else { room.title.clone() }
}

async fn close(room: &str, destroy: &Destroy, client: &Client, printer: Printer) -> Outcome {
    let found: Room = client.get(&path(["rooms", room])).await?;
    let inside = people(found.participants_count);
    if destroy.dry_run {
        return printer.would(&format!("Would close {}; {inside} in this room.", found.name));
    }
    destroy.confirm(&format!("This closes {} for good; {inside} in this room.", found.name))?;
    let at = path(["rooms", &found.id]);
    let room: Room = client.change(Method::DELETE, &at, &Value::Null).await?;
    printer.result(&room, |r| format!("The room {} is closed.", r.name))?;
    Ok(Exit::Done)
}

async fn participants(room: &str, client: &Client, printer: Printer) -> Outcome {
    let inside: Participants = client.get(&path(["rooms", room, "participants"])).await?;
    printer.result(&inside, |inside| {
        let rows = inside.participants.iter().map(|p| {
            let mut notes: Vec<_> = p.held.iter().map(|device| format!("{device} held")).collect();
            if p.is_moderator {
                notes.insert(0, "moderator".to_owned());
            }
            [p.name.clone(), p.identity.clone(), since(p.joined_at), notes.join(", ")]
        });
        let banned = inside
            .banned
            .iter()
            .map(|p| [p.name.clone(), p.identity.clone(), String::new(), "banned".to_owned()]);
        table(["NAME", "IDENTITY", "INSIDE FOR", "NOTES"], rows.chain(banned))
    })?;
    Ok(Exit::Done)
}
