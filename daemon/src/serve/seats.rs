//! How many connections there may be: in all, and from one address. A seat is held as long as its connection,
//! whatever that turns into.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Trust, event_loops::Place};
use crate::network;

/// The most connections.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// In all.
    pub connections: usize,
    /// From one IPv4 address or one IPv6 network of 64 bits; trusted proxies are not counted.
    pub per_address: usize,
}

/// Hands out seats. Cheap to clone.
#[derive(Clone)]
pub(super) struct Seats {
    free: Arc<Semaphore>,
    per_address: usize,
    taken: Arc<Mutex<HashMap<String, usize>>>,
}

/// One connection's place; dropping it makes room.
pub(super) struct Seat {
    _permit: OwnedSemaphorePermit,
    _counted: Option<Counted>,
    _place: Option<Place>,
}

struct Counted {
    subscriber: String,
    taken: Arc<Mutex<HashMap<String, usize>>>,
}

impl Seats {
    pub(super) fn new(caps: Caps) -> Self {
        let free = Arc::new(Semaphore::new(caps.connections.min(Semaphore::MAX_PERMITS)));
        Self { free, per_address: caps.per_address, taken: Arc::default() }
    }

    /// Waits until there is room at all, before a connection is accepted. `None` never comes while the server runs.
    pub(super) async fn any(&self) -> Option<OwnedSemaphorePermit> {
        self.free.clone().acquire_owned().await.ok()
    }

    /// The seat of a connection from `address`; `None` where there are too many from there.
    pub(super) fn of(&self, permit: OwnedSemaphorePermit, address: IpAddr, trust: &Trust) -> Option<Seat> {
        if trust.is_proxy(address) {
            return Some(Seat { _permit: permit, _counted: None, _place: None });
        }
        let subscriber = network::subscriber(address);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(subscriber.clone()).or_default();
        if *count >= self.per_address {
            return None;
        }
        *count += 1;
        let counted = Counted { subscriber, taken: self.taken.clone() };
        Some(Seat { _permit: permit, _counted: Some(counted), _place: None })
    }
}

impl Seat {
    /// The seat of a connection that runs at `place`.
    pub(super) fn at(self, place: Place) -> Self {
        Self { _place: Some(place), ..self }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.subscriber) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.subscriber);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_address_does_not_take_every_seat() {
        let seats = Seats::new(Caps { connections: 10, per_address: 1 });
        let trust = Trust::new(&["192.0.2.9".to_owned()], "x-forwarded-for");
        let ask = async |address: &str| {
            let permit = seats.any().await.expect("room");
            seats.of(permit, address.parse().expect("address"), &trust)
        };
        let held = ask("2001:db8::1").await.expect("a seat");
        assert!(ask("2001:db8::2").await.is_none(), "the same network");
        assert!(ask("2001:db8:0:1::1").await.is_some());
        drop(held);
        assert!(ask("2001:db8::2").await.is_some());
        let (first, second) = (ask("192.0.2.9").await, ask("192.0.2.9").await);
        assert!(first.is_some() && second.is_some(), "a trusted proxy is many people");
    }
}
