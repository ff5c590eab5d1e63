//! Rooms of the older server, who may moderate them, and who may not come back.

use std::collections::HashMap;

use super::{People, Taken, id_of};
use crate::{
    error::Result,
    rooms::check_slug,
    store::{
        Connection, Timestamp, bans, moderators,
        older::{Older, Row},
        rooms::{self, Mode, Room, Settings},
        users,
    },
};

/// Seats of a room that had none.
const SEATS: i64 = 20;

/// Takes all of them over that have an owner here.
pub(super) fn take(
    connection: &mut Connection,
    older: &Older,
    people: &People,
    actor: &str,
    most_seats: i64,
    taken: &mut Taken,
) -> Result<()> {
    // archived ones first: their links may be those of open ones
    let (archived, open): (Vec<_>, Vec<_>) = older.rooms.iter().partition(|row| ended_at(row).is_some());
    let mut new = HashMap::new();
    for row in archived.into_iter().chain(open) {
        let room = take_one(connection, row, people, most_seats, taken)?;
        if let Some(room) = room.filter(Room::is_open) {
            new.insert(row.id("id"), room);
        }
    }
    let encrypted = older.rooms.iter().filter(|row| row.is("settingse2ee", false)).count();
    if encrypted > 0 {
        let s = "this server does not encrypt meetings end to end yet";
        taken.leave(format!("end-to-end encryption of {encrypted} rooms"), s);
    }
    let mut guests = 0;
    for row in &older.participants {
        if let Some(room) = new.get(&row.id("roomid")) {
            guests += u64::from(row.is("isbanned", false) && people.is_guest(&row.id("userid")));
            take_part(connection, row, room, people, actor)?;
        }
    }
    if guests > 0 {
        taken.leave(format!("bans of {guests} guests"), "nothing tells here who they are");
    }
    Ok(())
}

/// When a room ended, where it has: archived, or closed by an administrator, or because nobody came.
fn ended_at(row: &Row) -> Option<Timestamp> {
    let closed = || row.moment("updatedat").unwrap_or_else(Timestamp::now);
    row.moment("deletedat").or_else(|| (!row.is("isactive", true)).then(closed))
}

/// Takes one over, or says why not.
fn take_one(
    connection: &mut Connection,
    row: &Row,
    people: &People,
    most_seats: i64,
    taken: &mut Taken,
) -> Result<Option<Room>> {
    let name = row.text("name");
    let what = format!("room {name:?}");
    let Some(id) = id_of("room", &row.id("id")).filter(|_| check_slug(name).is_ok()) else {
        taken.leave(what, "this is no name of a room here");
        return Ok(None);
    };
    if rooms::by_id(connection, &id)?.is_some() {
        taken.known += 1;
        return Ok(None);
    }
    let Some(owner) = people.id(&row.id("adminid")) else {
        taken.leave(what, "its owner does not come along");
        return Ok(None);
    };
    let ended_at = ended_at(row);
    if ended_at.is_none() && rooms::by_name(connection, name)?.is_some_and(|room| room.is_open()) {
        taken.leave(what, "there is a room of this name here, which stays as it is");
        return Ok(None);
    }
    let seats = row.number("maxparticipants").filter(|seats| *seats > 0).unwrap_or(SEATS);
    if seats > most_seats {
        taken.leave(
            format!("{} seats of {what}", seats - most_seats),
            format!("{most_seats} are the most here"),
        );
    }
    let created_at = row.moment("createdat").unwrap_or_else(Timestamp::now);
    let room = Room {
        id,
        name: name.to_owned(),
        title: String::new(),
        created_by: people.id(&row.id("createdby")).unwrap_or(owner).to_owned(),
        admin_id: owner.to_owned(),
        is_active: ended_at.is_none(),
        is_public: row.is("ispublic", false),
        is_locked: false,
        max_participants: seats.min(most_seats),
        mode: Mode::named(row.text("mode")).unwrap_or_default(),
        settings: settings(row),
        created_at,
        updated_at: created_at,
        last_activity_at: created_at,
        deleted_at: ended_at,
    };
    rooms::insert(connection, &room, i64::MAX)?;
    taken.rooms += 1;
    let owner = users::by_id(connection, owner)?.and_then(|owner| owner.email).unwrap_or_default();
    let state = if ended_at.is_some() { "archived, of" } else { "of" };
    taken.enter("room", name, format!("{state} {owner}"));
    Ok(Some(room))
}

fn settings(row: &Row) -> Settings {
    Settings {
        allow_chat: row.is("settingsallowchat", true),
        allow_video: row.is("settingsallowvideo", true),
        allow_audio: row.is("settingsallowaudio", true),
        require_approval: row.is("settingsrequireapproval", false),
        is_persistent: row.is("settingsispersistent", false),
        recordings_allowed: row.is("settingsrecordingsallowed", false),
        ..Settings::default()
    }
}

/// What somebody may in a room beyond others, or may not any more.
fn take_part(
    connection: &mut Connection,
    row: &Row,
    room: &Room,
    people: &People,
    actor: &str,
) -> Result<()> {
    let (is_banned, moderates) = (row.is("isbanned", false), row.is("ismoderator", false));
    let Some(identity) = people.id(&row.id("userid")).filter(|id| *id != room.admin_id) else {
        return Ok(());
    };
    let now = Timestamp::now();
    if moderates && !is_banned {
        moderators::add(connection, &room.id, identity, &room.admin_id, now)?;
    }
    if is_banned && let Some(user) = users::by_id(connection, identity)? {
        let ban = bans::Ban {
            id: uuid::Uuid::new_v4().to_string(),
            room_id: room.id.clone(),
            identity: identity.to_owned(),
            name: user.name,
            guest_key: None,
            address: None,
            address_until: None,
            created_by: actor.to_owned(),
            created_at: now,
        };
        bans::insert(connection, &ban)?;
    }
    Ok(())
}
