//! Table `holds`: what moderators hold back from one participant, or from everybody who does not moderate, until it is
//! released.

use super::{Connection, Row};
use crate::error::Result;

/// The identity of the row that is about everybody who does not moderate.
const EVERYBODY: &str = "";

/// What can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// All sound, that of a shared screen too.
    Microphone,
    /// The camera.
    Camera,
    /// A shared screen.
    Screenshare,
    /// Data packets: what one writes, hands, reactions.
    Chat,
    /// What others say. The person's own client plays nothing; the SFU knows no such thing.
    Hearing,
}

impl Device {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Microphone, Self::Camera, Self::Screenshare, Self::Chat, Self::Hearing];

    /// The word in paths, in answers and in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Microphone => "microphone",
            Self::Camera => "camera",
            Self::Screenshare => "screenshare",
            Self::Chat => "chat",
            Self::Hearing => "hearing",
        }
    }

    /// The device of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|device| device.name() == name)
    }
}

/// What is held from somebody, by the row of their own and by that of everybody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Holds {
    own: [Option<bool>; 5],
    everybody: [Option<bool>; 5],
}

/// What [`Holds::read`] takes, of rows `x` (their own) and `y` (everybody's).
pub(super) const COLUMNS: &str = "x.microphone, x.camera, x.screenshare, x.chat, x.hearing,
     y.microphone, y.camera, y.screenshare, y.chat, y.hearing";
/// How many they are.
pub(super) const WIDTH: usize = 10;

impl Holds {
    pub(super) fn read(row: &Row<'_>, at: usize) -> Result<Self> {
        Ok(Self { own: read_row(row, at)?, everybody: read_row(row, at + WIDTH / 2)? })
    }

    /// Is `device` held from this person? What is held from everybody leaves those who moderate alone.
    pub fn has(&self, device: Device, moderates: bool) -> bool {
        let of = |row: &[Option<bool>; 5]| match device {
            Device::Microphone => row[0],
            Device::Camera => row[1],
            Device::Screenshare => row[2],
            Device::Chat => row[3],
            Device::Hearing => row[4],
        };
        of(&self.own).unwrap_or_else(|| !moderates && of(&self.everybody) == Some(true))
    }
}

fn read_row(row: &Row<'_>, at: usize) -> Result<[Option<bool>; 5]> {
    Ok([row.get(at)?, row.get(at + 1)?, row.get(at + 2)?, row.get(at + 3)?, row.get(at + 4)?])
}

/// Holds `device` back from one participant, or releases it, also where it is held from everybody.
pub fn set(
    connection: &mut Connection,
    room_id: &str,
    identity: &str,
    device: Device,
    on: bool,
) -> Result<()> {
    let column = device.name();
    let sql = format!(
        "INSERT INTO holds (room_id, identity, {column}) VALUES ($1, $2, $3)
         ON CONFLICT (room_id, identity) DO UPDATE SET {column} = excluded.{column}"
    );
    connection.execute(&sql, &[&room_id, &identity, &on]).map(drop)
}

/// Holds `device` back from everybody who does not moderate, or releases it for everybody; nobody is an exception then.
pub fn set_all(connection: &mut Connection, room_id: &str, device: Device, on: bool) -> Result<()> {
    let column = device.name();
    let kept = if on { format!(" AND NOT {column}") } else { String::new() };
    let sql = format!("UPDATE holds SET {column} = NULL WHERE room_id = $1{kept}");
    connection.execute(&sql, &[&room_id])?;
    if on { set(connection, room_id, EVERYBODY, device, true) } else { Ok(()) }
}

/// Ends what was held from everybody, with the meeting. What is held from one person stays.
pub fn end_of_meeting(connection: &mut Connection, room_id: &str) -> Result<()> {
    connection.execute("DELETE FROM holds WHERE room_id = $1 AND identity = ''", &[&room_id]).map(drop)
}
