//! Follows the addresses that clients are told, while the SFU runs: the network may come after the start (a slow DHCP
//! server, a cable), and this machine, or its name, may get another address later.

use std::{collections::BTreeSet, net::IpAddr, time::Duration};

use futures_util::future::BoxFuture;
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

use super::address::{Found, NodeAddress, own_addresses};
use crate::{
    livekit::{Client, Status},
    programs::Asker,
};

/// Between two looks at the interfaces, which cost a system call.
const LOOK: Duration = Duration::from_secs(1);
/// What a name stands for may change, or be known late, without an interface changing.
const ASK: Duration = Duration::from_secs(15);

/// What clients are told.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) node: NodeAddress,
    /// What they call TURN through 443 by, where we end TLS.
    pub(crate) turn_host: Option<String>,
}

/// Looks again what that should be.
pub(crate) type Find = Box<dyn Fn() -> BoxFuture<'static, Told> + Send + Sync>;
/// Writes what the SFU reads at its next start.
pub(crate) type Write = Box<dyn Fn(&Told) -> std::io::Result<()> + Send + Sync>;

/// Everything it takes to follow.
pub(crate) struct Follower {
    pub(crate) told: Told,
    pub(crate) find: Find,
    pub(crate) write: Write,
    pub(crate) client: Client,
    pub(crate) status: watch::Sender<Status>,
    pub(crate) asker: Asker,
}

impl Follower {
    /// Does so until the supervisor is gone.
    pub(crate) async fn run(mut self) {
        let mut own = reachable();
        let mut was_own = own.contains(&self.told.node.primary());
        let (mut asked, mut waits) = (Instant::now(), false);
        loop {
            sleep(LOOK).await;
            let now = reachable();
            if now == own && asked.elapsed() < ASK && !waits {
                continue;
            }
            (own, asked) = (now, Instant::now());
            let found = (self.find)().await;
            let is_gone = was_own && !own.contains(&self.told.node.primary());
            let advice = advice(&self.told.node, &found.node, is_gone);
            waits = advice == Advice::WhenEmpty && !self.is_empty().await;
            if waits || advice == Advice::Stay {
                continue;
            }
            if !self.asker.is_kept() {
                return;
            }
            if let Err(e) = (self.write)(&found) {
                tracing::error!("the SFU cannot be told of this machine's new address: {e}");
                continue;
            }
            tracing::warn!(
                "clients of the SFU are told {} from now on, and no longer {}: it is started again",
                shown(&found.node),
                shown(&self.told.node)
            );
            self.status.send_modify(|status| status.own.node = Some(found.node));
            if !self.asker.restart().await {
                return;
            }
            was_own = own.contains(&found.node.primary());
            self.told = found;
        }
    }

    /// An SFU that does not answer has the supervisor to look after it.
    async fn is_empty(&self) -> bool {
        self.client.list_rooms().await.is_ok_and(|rooms| rooms.iter().all(|room| room.participants == 0))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Advice {
    Stay,
    /// Better than before, and worth no meeting.
    WhenEmpty,
    /// Nobody gets through by what was told.
    Now,
}

/// What to do about what was found; `is_gone`: what was told was this machine's address, and is not any more.
fn advice(told: &NodeAddress, found: &NodeAddress, is_gone: bool) -> Advice {
    if (told.v4, told.v6) == (found.v4, found.v6) || found.found == Found::Loopback {
        // a cable that is out for a moment: nothing better is known
        return Advice::Stay;
    }
    match (told.found, found.found) {
        (Found::Loopback, _) => Advice::Now,
        _ if is_gone => Advice::Now,
        // a resolver that is away for a moment
        (Found::Domain, Found::Outbound | Found::Interface) => Advice::Stay,
        _ => Advice::WhenEmpty,
    }
}

fn reachable() -> BTreeSet<IpAddr> {
    own_addresses().filter(|address| !address.is_loopback()).collect()
}

fn shown(node: &NodeAddress) -> String {
    node.all().map(|address| address.to_string()).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::livekit::Nat;

    fn node(found: Found, addresses: &[&str]) -> NodeAddress {
        let mut node = NodeAddress { v4: None, v6: None, found, nat: Nat::None };
        for address in addresses {
            match address.parse().expect("an address") {
                IpAddr::V4(v4) => node.v4 = Some(v4),
                IpAddr::V6(v6) => node.v6 = Some(v6),
            }
        }
        node
    }

    #[test]
    fn a_meeting_is_interrupted_only_where_nobody_gets_through() {
        use Found::{Domain, Interface, Loopback, Outbound};
        let (old, new, both) =
            (["192.0.2.1"].as_slice(), ["192.0.2.2"].as_slice(), ["192.0.2.1", "2001:db8::1"].as_slice());
        let none = ["127.0.0.1"].as_slice();
        for (told, found, is_gone, meant) in [
            ((Loopback, none), (Outbound, new), false, Advice::Now),
            ((Loopback, none), (Interface, new), false, Advice::Now),
            ((Loopback, none), (Loopback, none), false, Advice::Stay),
            ((Outbound, old), (Outbound, old), false, Advice::Stay),
            ((Interface, old), (Outbound, old), false, Advice::Stay),
            ((Outbound, old), (Outbound, new), true, Advice::Now),
            ((Outbound, old), (Outbound, new), false, Advice::WhenEmpty),
            ((Outbound, old), (Outbound, both), false, Advice::WhenEmpty),
            ((Outbound, old), (Domain, new), false, Advice::WhenEmpty),
            // a cable is out, a resolver is away
            ((Outbound, old), (Loopback, none), true, Advice::Stay),
            ((Domain, old), (Outbound, new), false, Advice::Stay),
            ((Domain, old), (Outbound, new), true, Advice::Now),
            // dynamic DNS
            ((Domain, old), (Domain, new), false, Advice::WhenEmpty),
        ] {
            let advice = advice(&node(told.0, told.1), &node(found.0, found.1), is_gone);
            assert_eq!(advice, meant, "{told:?} {found:?} {is_gone}");
        }
    }
}
