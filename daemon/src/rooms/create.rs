//! Making a room: database row first; the SFU hears of it when somebody comes.

use super::{Rooms, SettingsChange, note, settings::read_mode, slug};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    names,
    store::{
        ALREADY_EXISTS, Timestamp,
        rooms::{self, Mode, Room, Settings},
        users,
    },
};

/// Seats of a room whose maker gave no number, where the server allows so many.
const SEATS: u32 = 100;
/// How often a random name is drawn before giving up.
const DRAWS: usize = 8;

/// What the maker says about a room.
#[derive(Clone, Debug, Default)]
pub struct NewRoom {
    /// Slug; without it one is made of the title, or drawn.
    pub name: String,
    /// What people call it, in any script.
    pub title: String,
    /// Seats.
    pub max_participants: Option<i64>,
    /// Who may come in; everybody with the link, unless told otherwise.
    pub is_public: Option<bool>,
    /// `standard`, `webinar` or `broadcast`.
    pub mode: Option<String>,
    /// What differs from the defaults.
    pub settings: SettingsChange,
}

impl Rooms {
    /// Makes a room that `owner_id` owns. The name of a live room is a conflict and touches nothing.
    pub async fn create(&self, actor: &Actor, owner_id: &str, wanted: NewRoom) -> Result<Room> {
        let name = slug::read(&wanted.name);
        if !name.is_empty() {
            slug::check(&name)?;
        }
        let title = names::title(&wanted.title)?.unwrap_or_default();
        let seats = match wanted.max_participants {
            Some(seats) => seats,
            None => i64::from(SEATS.min(self.0.max_participants_limit)),
        };
        self.check_seats(seats)?;
        let mode = match wanted.mode.as_deref() {
            None | Some("") => Mode::Standard,
            Some(mode) => read_mode(mode)?,
        };
        let now = Timestamp::now();
        let mut room = Room {
            id: uuid::Uuid::new_v4().to_string(),
            name,
            title,
            created_by: actor.person().map_or_else(|| owner_id.to_owned(), |p| p.id.clone()),
            admin_id: owner_id.to_owned(),
            is_active: true,
            is_public: wanted.is_public.unwrap_or(true),
            is_locked: false,
            max_participants: seats,
            mode,
            settings: wanted.settings.apply(actor, Settings::default())?,
            created_at: now,
            updated_at: now,
            last_activity_at: now,
            deleted_at: None,
        };
        if !room.name.is_empty() {
            return self.insert(actor, room).await;
        }
        let made = slug::of_title(&room.title).into_iter();
        for name in made.chain(std::iter::repeat_with(slug::random).take(DRAWS)) {
            room.name = name;
            match self.insert(actor, room.clone()).await {
                Err(e) if e.code == "room_name_taken" => {}
                done => return done,
            }
        }
        Err(Error::new(Kind::Conflict, "room_name_taken", "No free name was found. Give the room a name."))
    }

    async fn insert(&self, actor: &Actor, room: Room) -> Result<Room> {
        let (by, quota) = (actor.clone(), self.0.max_rooms_per_user);
        let made = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                // the owner's row holds the quota: their rooms are made one after the other
                users::lock(connection, &room.admin_id)?;
                if !rooms::insert(connection, &room, i64::from(quota))? {
                    let s = format!(
                        "You own {quota} rooms, which is as many as this server allows. Delete one first."
                    );
                    return Err(Error::forbidden("room_quota", s));
                }
                note(connection, &by, "room.create", &room.id, &room.id, &room.name)?;
                Ok(room.clone())
            })
        });
        made.await.map_err(|e| match e.code {
            ALREADY_EXISTS => Error::conflict(
                "room_name_taken",
                "There is a room of that name already. Choose another name.",
            ),
            _ => e,
        })
    }
}
