//! Tables `room_invitations` and `room_invited`: links that let people into a room past its lobby, and who came by them.

use crate::{
    error::Result,
    store::{Column, Connection, Param, Row, Timestamp, Value},
};

/// What somebody is who comes by an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// As everybody.
    Participant,
    /// May moderate the room.
    Moderator,
}

impl Role {
    /// The word on the wire and in the table.
    pub fn name(self) -> &'static str {
        match self {
            Role::Participant => "participant",
            Role::Moderator => "moderator",
        }
    }

    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Role::Participant, Role::Moderator].into_iter().find(|role| role.name() == name)
    }
}

impl Param for Role {
    fn value(&self) -> Value<'_> {
        Value::Text(self.name())
    }
}

impl Column for Role {
    fn read(value: Value<'_>) -> Option<Self> {
        let Value::Text(name) = value else { return None };
        Self::named(name)
    }
}

/// A link.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// UUID.
    pub id: String,
    /// Which room.
    pub room_id: String,
    /// SHA-256 of the secret in the link.
    pub digest: String,
    /// What it makes of people.
    pub role: Role,
    /// What its maker calls it.
    pub label: String,
    /// How many people may come by it; `None`: as many as want.
    pub most_uses: Option<i64>,
    /// How many have.
    pub uses: i64,
    /// `Actor::label` of its maker.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it opens nothing.
    pub expires_at: Option<Timestamp>,
    /// Since when it opens nothing.
    pub revoked_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "id, room_id, digest, role, label, most_uses, uses, created_by, created_at, expires_at, revoked_at";

fn read(row: &Row<'_>) -> Result<Invitation> {
    Ok(Invitation {
        id: row.get(0)?,
        room_id: row.get(1)?,
        digest: row.get(2)?,
        role: row.get(3)?,
        label: row.get(4)?,
        most_uses: row.get(5)?,
        uses: row.get(6)?,
        created_by: row.get(7)?,
        created_at: row.get(8)?,
        expires_at: row.get(9)?,
        revoked_at: row.get(10)?,
    })
}

/// Adds one.
pub fn insert(connection: &mut Connection, invitation: &Invitation) -> Result<()> {
    connection.execute(
        "INSERT INTO room_invitations (id, room_id, digest, role, label, most_uses, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            &invitation.id,
            &invitation.room_id,
            &invitation.digest,
            &invitation.role,
            &invitation.label,
            &invitation.most_uses,
            &invitation.created_by,
            &invitation.created_at,
            &invitation.expires_at,
        ],
    )?;
    Ok(())
}

/// Those of a room that were not revoked, newest first.
pub fn of_room(connection: &mut Connection, room_id: &str) -> Result<Vec<Invitation>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM room_invitations WHERE room_id = $1 AND revoked_at IS NULL
          ORDER BY created_at DESC, id"
    );
    connection.query(&sql, &[&room_id], |row| read(&row))
}

/// How many of a room were not revoked.
pub fn count(connection: &mut Connection, room_id: &str) -> Result<i64> {
    let sql = "SELECT count(*) FROM room_invitations WHERE room_id = $1 AND revoked_at IS NULL";
    Ok(connection.first(sql, &[&room_id], |row| row.get(0))?.unwrap_or(0))
}

/// The one whose secret has that digest.
pub fn by_digest(connection: &mut Connection, digest: &str) -> Result<Option<Invitation>> {
    let sql = format!("SELECT {COLUMNS} FROM room_invitations WHERE digest = $1");
    connection.first(&sql, &[&digest], |row| read(&row))
}

/// Counts one use while there is one left; false when there is none.
pub fn take(connection: &mut Connection, id: &str) -> Result<bool> {
    let sql = "UPDATE room_invitations SET uses = uses + 1 WHERE id = $1 AND (most_uses IS NULL OR uses < most_uses)";
    Ok(connection.execute(sql, &[&id])? == 1)
}

/// Notes that somebody came by it. Later ones replace earlier ones.
pub fn came(
    connection: &mut Connection,
    invitation: &Invitation,
    identity: &str,
    now: Timestamp,
) -> Result<()> {
    connection.execute(
        "INSERT INTO room_invited (room_id, identity, invitation_id, invited_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (room_id, identity) DO UPDATE SET invitation_id = excluded.invitation_id,
                invited_at = excluded.invited_at",
        &[&invitation.room_id, &identity, &invitation.id, &now],
    )?;
    Ok(())
}

/// True when somebody came by that invitation.
pub fn has_come(connection: &mut Connection, invitation: &Invitation, identity: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM room_invited WHERE room_id = $1 AND identity = $2 AND invitation_id = $3)";
    let found = connection.first(sql, &[&invitation.room_id, &identity, &invitation.id], |row| row.get(0))?;
    Ok(found.unwrap_or(false))
}

/// Takes one back; false when it was, or is not of that room. And the standing of those who came by it, whom it names.
pub fn revoke(
    connection: &mut Connection,
    room_id: &str,
    id: &str,
    now: Timestamp,
) -> Result<Option<Vec<String>>> {
    let sql =
        "UPDATE room_invitations SET revoked_at = $3 WHERE id = $2 AND room_id = $1 AND revoked_at IS NULL";
    if connection.execute(sql, &[&room_id, &id, &now])? == 0 {
        return Ok(None);
    }
    let sql = "DELETE FROM room_invited WHERE invitation_id = $1 RETURNING identity";
    connection.query(sql, &[&id], |row| row.get(0)).map(Some)
}

/// Who is banned was not invited.
pub fn forget(connection: &mut Connection, room_id: &str, identity: &str) -> Result<()> {
    let sql = "DELETE FROM room_invited WHERE room_id = $1 AND identity = $2";
    connection.execute(sql, &[&room_id, &identity]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, rooms};

    #[tokio::test]
    async fn the_links_of_an_archived_room_are_forgotten_and_no_others() {
        let folder = tempfile::tempdir().expect("directory");
        let store = Store::open(&folder.path().join("test.db"), 1).expect("store");
        let counted = store.run(|connection| {
            let now = Timestamp::now();
            for (room, archived) in [("open", None), ("closed", Some(now))] {
                let sql = "INSERT INTO rooms (id, name, created_by, admin_id, max_participants, created_at, updated_at,
                                              last_activity_at, deleted_at)
                           VALUES ($1, $1, 'alice', 'alice', 9, 1, 1, 1, $2)";
                connection.execute(sql, &[&room, &archived])?;
                let link = Invitation {
                    id: format!("link to {room}"),
                    room_id: room.to_owned(),
                    digest: room.to_owned(),
                    role: Role::Participant,
                    label: String::new(),
                    most_uses: None,
                    uses: 0,
                    created_by: String::new(),
                    created_at: now,
                    expires_at: None,
                    revoked_at: None,
                };
                insert(connection, &link)?;
                came(connection, &link, "bob", now)?;
            }
            let gone = rooms::forget_archived(connection)?;
            let mut left = |table: &str| {
                let sql = format!("SELECT room_id FROM {table}");
                connection.query(&sql, &[], |row| row.get::<String>(0))
            };
            Ok((gone, left("room_invitations")?, left("room_invited")?))
        });
        let open = vec!["open".to_owned()];
        assert_eq!(counted.await.expect("counted"), (2, open.clone(), open));
    }
}
