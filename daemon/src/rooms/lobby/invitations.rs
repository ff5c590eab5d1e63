//! Links that let people in past the lobby: made, listed, taken back, and used by whoever joins with one.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{
    actor::Actor,
    error::{Error, Result},
    rooms::{
        Rooms,
        effects::Effect,
        moderation::{must, must_moderate, verbs::Verb},
        note,
    },
    store::{
        Connection, Timestamp, digest_of,
        meeting::invitations::{self, Invitation, Role},
        moderators, rooms,
        standings::Standing,
    },
};

/// Links that one room may have at a time.
const MOST: i64 = 100;
/// People who may come by one link that counts them.
const MOST_USES: i64 = 100_000;
/// Ten years.
const MOST_HOURS: i64 = 10 * 366 * 24;
/// Characters of a label.
const LABEL: usize = 80;

/// What the maker of a link wants.
#[derive(Clone, Debug, Default)]
pub struct NewInvitation {
    /// `participant` or `moderator`; the former where nothing is said.
    pub role: Option<String>,
    /// How many people may come by it; as many as want where nothing is said.
    pub most_uses: Option<i64>,
    /// How long it opens the room; until it is taken back where nothing is said.
    pub hours: Option<i64>,
    /// For its maker.
    pub label: String,
}

impl NewInvitation {
    fn read(self, now: Timestamp) -> Result<(Role, Option<i64>, Option<Timestamp>, String)> {
        let invalid = |code, sentence: &'static str| Err(Error::invalid(code, sentence));
        let role = match self.role.as_deref() {
            None | Some("") => Role::Participant,
            Some(name) => match Role::named(name) {
                Some(role) => role,
                None => return invalid("role_unknown", "The role is participant or moderator."),
            },
        };
        if self.most_uses.is_some_and(|uses| !(1..=MOST_USES).contains(&uses)) {
            return invalid("uses_invalid", "maxUses is a number from 1 to 100000, or left out.");
        }
        if self.hours.is_some_and(|hours| !(1..=MOST_HOURS).contains(&hours)) {
            return invalid("expiry_invalid", "expiresInHours is a number from 1 to 87840, or left out.");
        }
        let label = self.label.trim().to_owned();
        if label.chars().count() > LABEL || label.chars().any(char::is_control) {
            return invalid("label_invalid", "A label has at most 80 characters that can be seen.");
        }
        Ok((role, self.most_uses, self.hours.map(|hours| now.plus_seconds(hours * 3600)), label))
    }
}

/// A link just made; the secret is shown once and not kept.
#[derive(Debug)]
pub struct Invited {
    /// What is kept.
    pub invitation: Invitation,
    /// What the link carries.
    pub secret: String,
    /// The slug of the room.
    pub slug: String,
}

impl Rooms {
    /// Makes a link (moderators; one that makes moderators: owner and administrators).
    pub async fn invite(&self, actor: &Actor, room_id: &str, wanted: NewInvitation) -> Result<Invited> {
        let now = Timestamp::now();
        let (role, most_uses, expires_at, label) = wanted.read(now)?;
        let secret = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>());
        let invitation = Invitation {
            id: uuid::Uuid::new_v4().to_string(),
            room_id: room_id.to_owned(),
            digest: digest_of(&secret),
            role,
            label,
            most_uses,
            uses: 0,
            created_by: actor.label(),
            created_at: now,
            expires_at,
            revoked_at: None,
        };
        let (by, kept) = (actor.clone(), invitation.clone());
        let made = self.0.outbox.decide(move |connection| {
            let verb = if kept.role == Role::Moderator { Verb::Promote } else { Verb::Everybody };
            let slug = must(connection, &by, &kept.room_id, verb)?;
            rooms::hold(connection, &kept.room_id)?;
            if invitations::count(connection, &kept.room_id)? >= MOST {
                let s = "This room has 100 invitation links. Take one back first.";
                return Err(Error::forbidden("invitation_quota", s));
            }
            invitations::insert(connection, &kept)?;
            note(connection, &by, "room.invite", &kept.room_id, &kept.room_id, kept.role.name())?;
            Ok(slug)
        });
        Ok(Invited { slug: made.await?, invitation, secret })
    }

    /// The links of a room that were not taken back, newest first (moderators).
    pub async fn invitations(&self, actor: &Actor, room_id: &str) -> Result<Vec<Invitation>> {
        let (by, id) = (actor.clone(), room_id.to_owned());
        self.0
            .store
            .run(move |connection| {
                must_moderate(connection, &by, &id)?;
                invitations::of_room(connection, &id)
            })
            .await
    }

    /// Takes a link back: it opens nothing any more, and who came by it is a stranger again, or no moderator any more. Who is
    /// inside stays.
    pub async fn uninvite(&self, actor: &Actor, room_id: &str, invitation: &str) -> Result<()> {
        let (by, room, id) = (actor.clone(), room_id.to_owned(), invitation.to_owned());
        let done = self.0.outbox.decide(move |connection| {
            must_moderate(connection, &by, &room)?;
            let kept = invitations::of_room(connection, &room)?.into_iter().find(|i| i.id == id);
            if kept.is_some_and(|i| i.role == Role::Moderator) {
                must(connection, &by, &room, Verb::Promote)?;
            }
            let Some(came) = invitations::revoke(connection, &room, &id, Timestamp::now())? else {
                return Err(Error::not_found("invitation"));
            };
            for identity in moderators::remove_by(connection, &room, &maker(&id))? {
                Effect::refresh(&room, &identity).leave(connection)?;
            }
            note(
                connection,
                &by,
                "room.uninvite",
                &room,
                &room,
                &format!("{id}, {} came by it", came.len()),
            )?;
            Effect::lobby(&room).leave(connection)
        });
        done.await
    }
}

/// Uses the link that somebody brings, in the transaction that lets them in. Nobody uses a link twice. True when it changed how
/// they stand.
pub(in crate::rooms) fn accept(
    connection: &mut Connection,
    standing: &Standing,
    identity: &str,
    secret: &str,
    now: Timestamp,
) -> Result<bool> {
    let room = &standing.room.id;
    let refused = |code, sentence: &'static str| Err(Error::forbidden(code, sentence));
    let found = invitations::by_digest(connection, &digest_of(secret))?.filter(|i| i.room_id == *room);
    let Some(invitation) = found else {
        return refused("invitation_unknown", "This invitation is not for this room. Check the whole link.");
    };
    if invitation.revoked_at.is_some() {
        let s = "This invitation was taken back. Ask whoever sent it for another.";
        return refused("invitation_revoked", s);
    }
    if invitations::has_come(connection, &invitation, identity)? {
        return Ok(false);
    }
    if invitation.expires_at.is_some_and(|at| at <= now) {
        let s = "This invitation has expired. Ask whoever sent it for another.";
        return refused("invitation_expired", s);
    }
    if !invitations::take(connection, &invitation.id)? {
        let s = "This invitation has been used. Ask whoever sent it for another.";
        return refused("invitation_used", s);
    }
    invitations::came(connection, &invitation, identity, now)?;
    if invitation.role == Role::Moderator {
        moderators::add(connection, room, identity, &maker(&invitation.id), now)?;
        Effect::refresh(room, identity).leave(connection)?;
    }
    Ok(true)
}

/// How the table of moderators names the invitation that made one.
fn maker(invitation: &str) -> String {
    format!("invitation:{invitation}")
}
