//! Rooms and people as an operator names them: by slug, title, id or unique beginning of one; by identity or display name.

use super::{Rooms, slug};
use crate::{
    error::{Error, Kind, Result},
    livekit::JOIN_TOKEN_SECONDS,
    names,
    store::{
        Connection, Timestamp, bans, presences,
        presences::Inside,
        rooms::{self, Room},
    },
};

/// Rooms that are looked through for what somebody may have meant, the newest.
const LOOKED_THROUGH: i64 = 5000;

/// A room and how many people are inside.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The room.
    pub room: Room,
    /// People inside now.
    pub participants_count: i64,
}

/// Everybody a room knows at the moment.
#[derive(Clone, Debug)]
pub struct Participants {
    /// The room.
    pub room: Room,
    /// Who is inside, by the time they came.
    pub inside: Vec<Inside>,
    /// Identity and name of those who may not come back.
    pub banned: Vec<(String, String)>,
}

impl Rooms {
    /// Live rooms whose slug or title contains `wanted`, newest first; `page` counts from 1. And how many there are.
    pub async fn list_all(&self, wanted: &str, page: i64, limit: i64) -> Result<(Vec<Overview>, i64)> {
        self.live(wanted, false, page, limit).await
    }

    /// The live rooms that have somebody inside, in the same way.
    pub async fn meetings(&self, page: i64, limit: i64) -> Result<(Vec<Overview>, i64)> {
        self.live("", true, page, limit).await
    }

    async fn live(
        &self,
        wanted: &str,
        only_met: bool,
        page: i64,
        limit: i64,
    ) -> Result<(Vec<Overview>, i64)> {
        let (wanted, offset) = (wanted.to_owned(), page.saturating_sub(1).saturating_mul(limit));
        let (rows, total) =
            self.0.store.run(move |c| rooms::live(c, &wanted, only_met, limit, offset)).await?;
        let rows = rows.into_iter().map(|(room, participants_count)| Overview { room, participants_count });
        Ok((rows.collect(), total))
    }

    /// The rooms that somebody owns, newest first.
    pub async fn list_of(&self, user_id: &str) -> Result<Vec<Room>> {
        let id = user_id.to_owned();
        self.0.store.run(move |c| rooms::of_owner(c, &id)).await
    }

    /// The rooms that somebody owned and archived, latest first; `page` counts from 1. And how many there are.
    pub async fn archived_of(&self, user_id: &str, page: i64, limit: i64) -> Result<(Vec<Room>, i64)> {
        let (id, offset) = (user_id.to_owned(), page.saturating_sub(1).saturating_mul(limit));
        self.0.store.run(move |c| rooms::archived_of(c, &id, limit, offset)).await
    }

    /// The live room of that slug or title, or of a unique beginning of slug or id (four characters or more), or the room of that id,
    /// archived or not; with everybody in it. Several of them are a conflict that lists them.
    pub async fn show(&self, wanted: &str) -> Result<Participants> {
        let wanted = wanted.to_owned();
        self.0
            .store
            .run(move |connection| {
                let room = find(connection, &wanted)?;
                let inside = presences::inside(connection, &room.id)?;
                let banned = bans::of_room(connection, &room.id)?;
                Ok(Participants { room, inside, banned })
            })
            .await
    }

    /// Identity and name of the one person called `wanted` who is inside, or else who left within the life of a join token.
    pub async fn find_to_ban(&self, found: &Participants, wanted: &str) -> Result<(String, String)> {
        match found.find_inside(wanted) {
            Err(e) if e.kind == Kind::NotFound => {}
            done => return done,
        }
        let (room, since) = (found.room.id.clone(), Timestamp::now().plus_seconds(-JOIN_TOKEN_SECONDS));
        let left = self.0.store.run(move |c| presences::left_since(c, &room, since)).await?;
        one(left.iter().map(|(identity, name)| (identity.as_str(), name.as_str())), wanted)
    }

    /// How many people are inside of any room.
    pub async fn people_inside(&self) -> Result<i64> {
        self.0.store.run(presences::count_all).await
    }
}

impl Participants {
    /// Identity and name of the one person inside who is called `wanted`: by identity, else by display name.
    pub fn find_inside(&self, wanted: &str) -> Result<(String, String)> {
        let people = self.inside.iter().map(|p| (p.identity.as_str(), p.name.as_str()));
        one(people, wanted)
    }

    /// The same among those who are banned.
    pub fn find_banned(&self, wanted: &str) -> Result<(String, String)> {
        one(self.banned.iter().map(|(identity, name)| (identity.as_str(), name.as_str())), wanted)
    }
}

fn find(connection: &mut Connection, wanted: &str) -> Result<Room> {
    let slug = slug::read(wanted);
    if let Some(room) = rooms::by_id(connection, &slug)? {
        return Ok(room);
    }
    if let Some(room) = rooms::by_name(connection, &slug)?.filter(Room::is_open) {
        return Ok(room);
    }
    let mut found = rooms::by_title(connection, wanted.trim())?;
    let is_slug = !slug.is_empty() && slug.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'z' | b'-'));
    if is_slug && found.is_empty() {
        found = rooms::by_name_prefix(connection, &slug)?;
        if slug.len() >= 4 {
            found.extend(rooms::by_id_prefix(connection, &slug)?);
        }
    }
    match (found.pop(), found.is_empty()) {
        (Some(room), true) => Ok(room),
        (Some(last), false) => {
            found.push(last);
            let several = found.iter().map(|r| format!("{} ({})", r.name, r.id)).collect();
            Err(ambiguous("rooms", wanted, several))
        }
        (None, _) => {
            let known = rooms::called(connection, LOOKED_THROUGH)?;
            let known = known.iter().map(|(name, title)| (name.clone(), vec![name.as_str(), title.as_str()]));
            let s = format!("No live room is called {wanted:?}, and no room has that id.");
            Err(nothing(s, names::nearest(wanted, known)))
        }
    }
}

/// Identity and name of the one of them who is called `wanted`: by identity, else by display name.
pub(super) fn one<'a>(
    people: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    wanted: &str,
) -> Result<(String, String)> {
    let owned = |(identity, name): (&str, &str)| (identity.to_owned(), name.to_owned());
    if let Some(exact) = people.clone().find(|(identity, _)| *identity == wanted) {
        return Ok(owned(exact));
    }
    let folded = names::folded(wanted);
    let called = |(identity, name): (&str, &str)| format!("{name} ({identity})");
    let mut named: Vec<_> = people.clone().filter(|(_, name)| *name == wanted).collect();
    if named.is_empty() {
        named = people.clone().filter(|(_, name)| names::folded(name) == folded).collect();
    }
    match named.as_slice() {
        [one] => Ok(owned(*one)),
        [] => {
            let known = people.map(|one| (called(one), vec![one.0, one.1]));
            let s = format!("Nobody there is called {wanted:?}. Look at the room's participants.");
            Err(nothing(s, names::nearest(wanted, known)))
        }
        several => {
            let several = several.iter().map(|one| called(*one)).collect();
            Err(ambiguous("participants", wanted, several))
        }
    }
}

/// 404 with what may have been meant.
fn nothing(sentence: String, near: Vec<String>) -> Error {
    let s = sentence + &names::did_you_mean(&near);
    Error::new(Kind::NotFound, "not_found", s).with("candidates", near)
}

fn ambiguous(what: &str, wanted: &str, candidates: Vec<String>) -> Error {
    let s = format!("Several {what} match {wanted:?}: {}. Name one by its id.", candidates.join(", "));
    Error::conflict("ambiguous", s).with("candidates", candidates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_found_by_identity_then_by_name() {
        let people = [("u1", "Alice"), ("u2", "alice"), ("u3", "Bob"), ("u4", "Bob"), ("u5", "u3")];
        let find = |wanted: &str| one(people.iter().copied(), wanted);
        assert_eq!(find("u3").expect("by identity").1, "Bob");
        assert_eq!(find("Alice").expect("by exact name").0, "u1");
        assert_eq!(find("BOB").expect_err("two").code, "ambiguous");
        assert_eq!(find("carol").expect_err("nobody").code, "not_found");
    }
}
