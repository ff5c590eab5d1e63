//! Heals what events missed: asks the SFU who is inside, corrects presence, and puts the rules to everybody there again.

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt, stream};

use super::{
    Rooms,
    effects::Effect,
    grants::{AT_ONCE, Anew},
    policy, presence,
    watch::{Verdict, judge},
};
use crate::{
    error::Result,
    livekit::{Permission, SfuParticipant, SfuRoom},
    store::{
        Connection, Timestamp, admissions,
        meeting::{lobby, meetings},
        presences, revocations, rooms,
        standings::{self, Which, Who},
    },
};

/// A daemon that has not swept for so long leaves it to another on the same database.
const SWEEP_SECONDS: i64 = 15;
/// The same for what happens every hour.
const CLEAN_UP_SECONDS: i64 = 600;
/// Clocks of the SFU and ours may differ so much.
const SKEW_SECONDS: i64 = 5;
/// Revocations are kept until the tokens they refuse have expired for certain: 2 hours, and LiveKit's own for 10 minutes.
const REVOCATION_SECONDS: i64 = 3 * 3600;
/// Admissions outlive every revocation, or who came back after a kick would look removed.
const ADMISSION_SECONDS: i64 = 24 * 3600;
/// Connections that ended are kept for the admin's history.
const PRESENCE_SECONDS: i64 = 90 * 24 * 3600;

/// What somebody inside needs.
enum Remedy {
    PutOut,
    Refresh(Anew),
    Silence(Verdict),
}

impl Rooms {
    /// One sweep over every room that is in use.
    pub async fn reconcile(&self) -> Result<()> {
        if !self.is_recovered() || !self.0.store.lease("sweep", SWEEP_SECONDS).await? {
            return Ok(());
        }
        let began = Timestamp::now();
        self.forget_who_went(began).await?;
        let open = self.0.store.run(presences::open).await?;
        let used: HashSet<&str> = open.iter().map(|p| p.room_id.as_str()).collect();
        let mut told: Vec<(SfuRoom, Vec<SfuParticipant>)> = Vec::new();
        let mut silent: Vec<String> = Vec::new();
        let open_rooms = self.0.sfu.client().list_rooms().await?;
        let listed: HashSet<String> = open_rooms.iter().map(|room| room.name.clone()).collect();
        for room in self.end_path_checks(open_rooms).await {
            if room.participants > 0 || used.contains(room.name.as_str()) {
                match self.0.sfu.client().list_participants(&room.name).await {
                    Ok(people) => told.push((room, people)),
                    // a room that cannot be asked is no news about its people, and keeps nobody from the others
                    Err(e) => {
                        tracing::warn!(room = room.name, "cannot be looked at now: {e}");
                        silent.push(room.name);
                    }
                }
            }
        }
        if !self.is_recovered() {
            return Ok(()); // it ended meanwhile
        }
        drop(used);
        let open: Vec<_> = open.into_iter().filter(|p| !silent.contains(&p.room_id)).collect();
        let remedies = self.0.store.run(move |c| correct(c, &open, &told, began)).await?;
        self.0.store.run(move |c| end_deserted(c, &listed, began)).await?;
        // each by itself: nobody is left alone because somebody before them cannot be helped
        let remedies = remedies.into_iter().map(|(room, identity, remedy)| async move {
            let done = match remedy {
                Remedy::PutOut => self.put_out(&room, &identity).await,
                Remedy::Refresh(anew) => self.refresh(&room, &identity, anew).await,
                Remedy::Silence(verdict) => {
                    self.enforce(&room, &identity, verdict).await;
                    Ok(())
                }
            };
            if let Err(e) = done {
                tracing::warn!(room, participant = identity, "could not be healed yet: {e}");
            }
        });
        stream::iter(remedies).for_each_concurrent(AT_ONCE, |remedy| remedy).await;
        Ok(())
    }

    /// Who waited to be let in and is not heard of any more.
    async fn forget_who_went(&self, now: Timestamp) -> Result<()> {
        let gone = self.0.store.run(move |connection| {
            // asked every few seconds, and hardly ever so: a look needs no turn to write
            if !lobby::has_gone(connection, now)? {
                return Ok(());
            }
            connection.transaction(|connection| {
                let rooms = lobby::delete_gone(connection, now)?;
                rooms.iter().try_for_each(|room| Effect::lobby(room).leave(connection))
            })
        });
        gone.await
    }

    /// Forgets what nobody needs any more.
    pub async fn clean_up(&self) -> Result<()> {
        if !self.0.store.lease("clean-up", CLEAN_UP_SECONDS).await? {
            return Ok(());
        }
        let clean = |connection: &mut Connection| {
            let now = Timestamp::now();
            connection.transaction(|connection| {
                revocations::delete_old(connection, now.plus_seconds(-REVOCATION_SECONDS).seconds())?;
                admissions::delete_old(connection, now.plus_seconds(-ADMISSION_SECONDS))?;
                lobby::delete_old(connection, now)?;
                rooms::forget_archived(connection)?;
                presences::delete_old(connection, now.plus_seconds(-PRESENCE_SECONDS)).map(drop)
            })
        };
        self.0.store.run(clean).await
    }
}

/// The SFU has closed rooms whose end it could not tell us.
fn end_deserted(connection: &mut Connection, listed: &HashSet<String>, began: Timestamp) -> Result<()> {
    let deserted = meetings::deserted(connection, began)?;
    for room in deserted.iter().filter(|room| !listed.contains(*room)) {
        connection.transaction(|connection| meetings::end(connection, room, ""))?;
    }
    Ok(())
}

/// Makes presence say what the SFU says, writing only differences, and finds who must be acted on.
fn correct(
    connection: &mut Connection,
    open: &[presences::Presence],
    told: &[(SfuRoom, Vec<SfuParticipant>)],
    began: Timestamp,
) -> Result<Vec<(String, String, Remedy)>> {
    let known: HashMap<&str, &presences::Presence> =
        open.iter().map(|p| (p.participant_sid.as_str(), p)).collect();
    let there: HashSet<&str> = told.iter().flat_map(|(_, people)| people).map(|p| p.sid.as_str()).collect();
    let gone = open.iter().filter(|p| {
        !there.contains(p.participant_sid.as_str()) && p.joined_at < began.plus_seconds(-SKEW_SECONDS)
    });
    for missed in gone {
        connection.transaction(|c| presences::end(c, &missed.participant_sid, began))?;
        admissions::release(connection, &missed.room_id, &missed.identity, missed.joined_at, began)?;
    }
    let mut remedies = Vec::new();
    for (room, people) in told {
        if people.iter().any(|p| p.active) {
            rooms::touch(connection, &room.name, began)?;
        }
        for person in people.iter().filter(|p| p.active) {
            if !known.contains_key(person.sid.as_str()) {
                connection.transaction(|c| presences::joined(c, &presence::row(room, person)))?;
            }
            let who = Who { identity: &person.identity, guest_key: None, address: None };
            let Some(standing) = standings::of(connection, Which::Id(&room.name), who, began)? else {
                continue;
            };
            let is_silenced = policy::is_silenced(&standing, &person.identity);
            let verdict = person.tracks.iter().map(|track| judge(track, is_silenced));
            let remedy = if policy::must_leave(&standing) {
                Some(Remedy::PutOut)
            } else if let Some(verdict) = verdict.max().filter(|v| *v != Verdict::Fine) {
                Some(Remedy::Silence(verdict))
            } else {
                let expected = policy::permission(&standing, &person.identity);
                let differs = person.permission.as_ref().is_some_and(|now| !same(now, &expected));
                let anew = if person.name != policy::name(&standing) {
                    Some(Anew::Person)
                } else if person.metadata != policy::metadata(&standing, &person.identity)? {
                    Some(Anew::Role)
                } else {
                    differs.then_some(Anew::Rights)
                };
                anew.map(Remedy::Refresh)
            };
            if let Some(remedy) = remedy {
                remedies.push((room.name.clone(), person.identity.clone(), remedy));
            }
        }
    }
    Ok(remedies)
}

/// The SFU may list sources in another order.
fn same(a: &Permission, b: &Permission) -> bool {
    let sorted = |permission: &Permission| {
        let mut sources = permission.sources.clone();
        sources.sort();
        sources
    };
    (a.data, a.subscribe, sorted(a)) == (b.data, b.subscribe, sorted(b))
}
