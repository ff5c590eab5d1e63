//! Sessions: who a request comes from, the next pair of tokens, and the end.

use std::{net::IpAddr, sync::Arc};

use super::{Accounts, Origin, Session, Tokens, User, cache::Standing, line_of};
use crate::{
    actor::{Actor, Person, Role},
    error::{Error, Result},
    limits::Rule,
    store::{Timestamp, audit, challenges, sessions, users},
};

pub(super) fn ended() -> Error {
    Error::unauthorized("session_ended", "This session has ended. Sign in.")
}

pub(super) fn disabled() -> Error {
    Error::forbidden("account_disabled", "This account is disabled. Ask the server's administrator.")
}

/// What became of a refresh token.
enum Refreshed {
    Next(Session),
    Disabled,
    Ended,
    Reused,
}

impl Accounts {
    /// Who an access token speaks for, at this moment, where nothing is to be proven first. `address` is where the request
    /// comes from.
    pub async fn authenticate(&self, access_token: &str, address: Option<IpAddr>) -> Result<Actor> {
        let (actor, standing) = self.recognised(access_token, address).await?;
        self.must_be_verified(&standing.user)?;
        Ok(actor)
    }

    /// The same, whatever is to be proven.
    pub async fn recognise(&self, access_token: &str, address: Option<IpAddr>) -> Result<Actor> {
        self.recognised(access_token, address).await.map(|(actor, _)| actor)
    }

    async fn recognised(
        &self,
        access_token: &str,
        address: Option<IpAddr>,
    ) -> Result<(Actor, Arc<Standing>)> {
        let claims = self.0.signer.check(access_token)?;
        let standing = self.standing(&claims.sid).await?;
        let (user, session) = (&standing.user, &standing.session);
        if user.id != claims.sub {
            return Err(ended());
        }
        if claims.generation > session.seen_generation {
            self.arrived(&claims.sid, claims.generation).await?;
        }
        let person = Person {
            id: claims.sub,
            session_id: claims.sid,
            name: user.name.clone(),
            role: user.role,
            address,
        };
        let actor = if user.role == Role::Guest { Actor::Guest(person) } else { Actor::User(person) };
        Ok((actor, standing))
    }

    /// An access token of a new pair: whoever uses it has the pair, and the refresh token before it has served.
    async fn arrived(&self, session_id: &str, generation: i64) -> Result<()> {
        let id = session_id.to_owned();
        self.0.store.run(move |connection| sessions::seen(connection, &id, generation)).await?;
        self.0.standings.forget_session(session_id);
        Ok(())
    }

    /// An open session of an active person, from the cache or the store.
    async fn standing(&self, session_id: &str) -> Result<Arc<Standing>> {
        let standings = &self.0.standings;
        let standing = match standings.get(session_id) {
            Some(standing) => standing,
            None => {
                let (changes, id) = (standings.changes(), session_id.to_owned());
                let found = self.0.store.run(move |connection| sessions::with_user(connection, &id)).await?;
                let (user, session) = found.ok_or_else(ended)?;
                standings.put(user, session, changes)
            }
        };
        let open = standing.user.is_active && standing.session.is_open(Timestamp::now());
        if open { Ok(standing) } else { Err(ended()) }
    }

    /// The person behind an actor of a session, whole.
    pub async fn me(&self, actor: &Actor) -> Result<Arc<User>> {
        let person = actor.person().ok_or_else(ended)?;
        Ok(self.standing(&person.session_id).await?.user.clone())
    }

    /// The same for people with an account, with the session.
    pub(super) async fn account_of(&self, actor: &Actor) -> Result<(Arc<User>, Session)> {
        let Actor::User(person) = actor else { return Err(ended()) };
        let standing = self.standing(&person.session_id).await?;
        Ok((standing.user.clone(), standing.session.clone()))
    }

    /// The next pair of tokens. A refresh token serves until its successor, or an access token that came with that, has
    /// arrived here: until then the answer may have been lost, and the same pair is given again. After that somebody else
    /// has a copy, and the session ends.
    pub async fn refresh(&self, origin: &Origin, refresh_token: &str) -> Result<Tokens> {
        let unknown = || Error::unauthorized("refresh_unknown", "The refresh token is not valid. Sign in.");
        let (id, generation) = self.0.signer.check_refresh(refresh_token).ok_or_else(unknown)?;
        self.0.limits.by_account(Rule::Api, "refresh", &id)?;
        let now = Timestamp::now();
        let fresh_seconds = i64::from(self.0.lifetimes.access_token_minutes) * 30;
        let (expires_at, origin, session_id) = (self.expiry(now), origin.clone(), id.clone());
        let refreshed = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                let address = origin.address.map(|a| a.to_string()).unwrap_or_default();
                // rotate first and look after: two requests at once must not both find the old generation
                let rotated = sessions::rotate(connection, &id, generation, now, expires_at, &address)?;
                let Some((user, session)) = sessions::with_user(connection, &id)? else {
                    return Ok(Refreshed::Ended);
                };
                if !user.is_active {
                    return Ok(Refreshed::Disabled);
                }
                if !session.is_open(now) {
                    return Ok(Refreshed::Ended);
                }
                if rotated {
                    return Ok(Refreshed::Next(session));
                }
                if session.generation == generation + 1 && session.seen_generation <= generation {
                    // at once it is the same answer; much later its access token would have ended
                    if now < session.rotated_at.plus_seconds(fresh_seconds) {
                        return Ok(Refreshed::Next(session));
                    }
                    sessions::again(connection, &id, now)?;
                    return Ok(Refreshed::Next(Session { rotated_at: now, ..session }));
                }
                sessions::end(connection, &id, "reuse")?;
                audit::write(connection, &origin.line(&user, "session.reuse", &id))?;
                Ok(Refreshed::Reused)
            })
        });
        match refreshed.await? {
            Refreshed::Next(session) => self.0.signer.pair(&session),
            Refreshed::Disabled => Err(disabled()),
            Refreshed::Ended => Err(ended()),
            Refreshed::Reused => {
                self.0.standings.forget_session(&session_id);
                tracing::warn!(session = session_id, "a refresh token was used twice; its session has ended");
                let s = "This session was ended, because its token was used twice. Sign in.";
                Err(Error::unauthorized("refresh_reused", s))
            }
        }
    }

    /// Ends the session of `actor` and the one that the refresh token names; either is enough, and neither is a 401.
    pub async fn logout(
        &self,
        origin: &Origin,
        actor: Option<&Actor>,
        refresh_token: Option<&str>,
    ) -> Result<()> {
        let named = refresh_token.and_then(|token| self.0.signer.check_refresh(token)).map(|(id, _)| id);
        let own = actor.and_then(Actor::person).map(|person| person.session_id.clone());
        if named.is_none() && own.is_none() {
            return Err(Error::unauthorized("not_signed_in", "Sign in first."));
        }
        for id in [own.clone(), named.filter(|id| Some(id) != own.as_ref())].into_iter().flatten() {
            let (session_id, origin) = (id.clone(), origin.clone());
            let stored = self.0.store.run(move |connection| {
                connection.transaction(|connection| {
                    let Some((user, _)) = sessions::with_user(connection, &id)? else { return Ok(()) };
                    if sessions::end(connection, &id, "logout")? {
                        audit::write(connection, &origin.line(&user, "session.logout", &id))?;
                    }
                    Ok(())
                })
            });
            stored.await?;
            self.0.standings.forget_session(&session_id);
        }
        Ok(())
    }

    /// One's own open sessions, newest first, each with whether it is the one that asks.
    pub async fn own_sessions(&self, actor: &Actor) -> Result<Vec<(Session, bool)>> {
        let (user, current) = self.account_of(actor).await?;
        let id = user.id.clone();
        let open = self.0.store.run(move |connection| sessions::open_of(connection, &id)).await?;
        Ok(open
            .into_iter()
            .map(|session| (session.id == current.id, session))
            .map(|(is, s)| (s, is))
            .collect())
    }

    /// Ends one of one's own sessions.
    pub async fn end_own_session(&self, actor: &Actor, session_id: &str) -> Result<()> {
        let (user, _) = self.account_of(actor).await?;
        self.end_session_of(actor, &user.id, session_id).await
    }

    /// Ends a session of `user_id`; 404 when it is not open, or somebody else's.
    pub(super) async fn end_session_of(&self, actor: &Actor, user_id: &str, session_id: &str) -> Result<()> {
        let line = line_of(actor, "session.end", session_id);
        let (id, user_id) = (session_id.to_owned(), user_id.to_owned());
        let stored = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                let found = sessions::with_user(connection, &id)?;
                let ours = found.is_some_and(|(user, _)| user.id == user_id);
                if !ours || !sessions::end(connection, &id, "ended")? {
                    return Err(Error::not_found("session"));
                }
                audit::write(connection, &line)
            })
        });
        stored.await?;
        self.0.standings.forget_session(session_id);
        Ok(())
    }

    /// Deletes expired sessions and challenges, and guests whose last session is gone.
    pub(super) async fn sweep(&self) -> Result<()> {
        if !self.0.store.lease("sessions", super::SWEEP_LEASE_SECONDS).await? {
            return Ok(());
        }
        let swept = self.0.store.run(|connection| {
            sessions::delete_expired(connection, Timestamp::now())?;
            challenges::delete_expired(connection, Timestamp::now())?;
            users::delete_departed_guests(connection)
        });
        swept.await.map(|_| ())
    }
}
