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
    own: i64,
    everybody: i64,
}

/// Above every digit of one row.
const ROW: i64 = 4_i64.pow(Device::ALL.len() as u32);

/// An expression over columns of the statement around it for what [`Holds::read`] takes: a digit of base four for each
/// device, 1 for held, 2 for released, and those of everybody above. In most rooms nothing is held, and one look tells so.
pub(super) fn of(room_id: &str, identity: &str) -> String {
    let digit = |(at, device): (usize, &Device)| {
        let (times, column) = (4_i64.pow(at as u32), device.name());
        format!("{times} * CASE WHEN h.{column} THEN 1 WHEN NOT h.{column} THEN 2 ELSE 0 END")
    };
    let digits = Device::ALL.iter().enumerate().map(digit).collect::<Vec<_>>().join(" + ");
    format!(
        "CASE WHEN EXISTS (SELECT 1 FROM holds h WHERE h.room_id = {room_id})
              THEN (SELECT sum(CASE WHEN h.identity = '{EVERYBODY}' THEN {ROW} ELSE 1 END * ({digits})) FROM holds h
                     WHERE h.room_id = {room_id} AND (h.identity = '{EVERYBODY}' OR h.identity = {identity})) END"
    )
}

impl Holds {
    pub(super) fn read(row: &Row<'_>, at: usize) -> Result<Self> {
        let held = row.get::<Option<i64>>(at)?.unwrap_or(0);
        Ok(Self { own: held % ROW, everybody: held / ROW })
    }

    /// Is `device` held from this person? What is held from everybody leaves those who moderate alone.
    pub fn has(&self, device: Device, moderates: bool) -> bool {
        let of = |row: i64| row >> (2 * device as u32) & 3;
        match of(self.own) {
            0 => !moderates && of(self.everybody) == 1,
            own => own == 1,
        }
    }
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
