//! Who may connect to the SFU now: asked by the proxy for every signalling request, by the join token it brings.

use std::net::IpAddr;

use axum::body::Body;
use http::{Request, Response};

use super::{
    Rooms,
    join::{has_seat, take_seat},
    lost::Followed,
    path_check::is_path_check,
    policy,
};
use crate::{
    error::{Error, Result},
    livekit::{Claims, Gate},
    network::subscriber,
    store::{
        Timestamp, admissions,
        standings::{self, Which, Who},
    },
};

/// A signalling request at the gate: the token says who, this says from where.
pub struct Visitor {
    /// The `bedrud_guest_id` cookie.
    pub guest_key: Option<String>,
    /// Client address, as the trusted proxies tell it.
    pub address: Option<IpAddr>,
}

impl Rooms {
    /// Takes a signalling request (the raw `path` below `/livekit`) to the SFU, if its token is welcome now.
    pub async fn connect(
        &self,
        visitor: Visitor,
        path: &str,
        request: Request<Body>,
    ) -> Result<Response<Body>> {
        let address = visitor.address;
        let gate = Keeper { rooms: self, visitor };
        self.0.proxy.forward(&gate, path, address, request).await
    }
}

struct Keeper<'a> {
    rooms: &'a Rooms,
    visitor: Visitor,
}

impl Gate for Keeper<'_> {
    type Line = Option<Followed>;

    /// Refuses the closed room, the removed, the banned and the disabled; gives a seat that was lost back while there is one;
    /// opens the room.
    async fn admit(&self, claims: &Claims) -> Result<Option<Followed>> {
        if is_path_check(&claims.room) {
            return Ok(None); // its own token is all there is to it
        }
        let identity = claims.identity.clone();
        let (claims, guest_key) = (claims.clone(), self.visitor.guest_key.clone());
        let network = self.visitor.address.map(subscriber);
        let decided = self.rooms.0.store.run(move |connection| {
            let identity = claims.identity.as_str();
            let who = Who { identity, guest_key: guest_key.as_deref(), address: network.as_deref() };
            // one transaction: a kick is before the look, and they are refused, or after the seat was given, and takes it away
            connection.transaction(|connection| {
                let now = Timestamp::now();
                let standing = standings::of(connection, Which::Id(&claims.room), who, now)?
                    .ok_or_else(|| Error::not_found("room"))?;
                policy::may_connect(&standing, identity, claims.issued_at_seconds, now)?;
                // always anew: an older connection of the same person may end while this one is being made, with its seat
                if !has_seat(&standing, admissions::HOLD_SECONDS, now) {
                    take_seat(connection, &standing, identity, now)?;
                }
                Ok(standing)
            })
        });
        let standing = decided.await?;
        self.rooms.ensure_open_now(&standing.room.id, standing.is_inside).await?;
        Ok(Some(self.rooms.expect(&standing.room.id, &identity).await))
    }
}
