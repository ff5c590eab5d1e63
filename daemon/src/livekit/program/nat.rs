//! Whether the address told to clients is this machine's own, and if not, whether packets of this machine to it come back:
//! those relayed for clients that reach nothing but TCP 443 take that way.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::address;
use crate::livekit::{NodeAddress, Ports, Udp};

/// A packet that comes back does so at once; a busy machine gets some time, a lossy router another try.
const TRIES: u32 = 3;
const BACK_WITHIN: Duration = Duration::from_millis(150);

/// What lies between this machine and the IPv4 address told to clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nat {
    /// Nothing: it is an address of this machine.
    #[default]
    None,
    /// A router that turns packets from here to there back, or a rule on this machine that does.
    Hairpin,
    /// A router that does not: what is relayed is lost.
    NoHairpin {
        /// This machine's own address, where packets should go instead.
        own: Ipv4Addr,
    },
}

impl Nat {
    /// What an operator has to do about it; `outer` is the address told to clients.
    pub fn advice(self, outer: IpAddr) -> Option<String> {
        let Self::NoHairpin { own } = self else { return None };
        Some(format!(
            "Packets from this machine to {outer} do not come back, so people whose network lets out only TCP 443 get no sound \
             and no picture. If {outer} is this server's address behind NAT, add this rule and restart the SFU: nft 'add table \
             ip bedrud; add chain ip bedrud out {{ type nat hook output priority -100; }}; add rule ip bedrud out ip daddr \
             {outer} dnat to {own}'. If it is not, correct livekit.nodeIP or the DNS record of server.domain."
        ))
    }
}

/// Looks, before the SFU takes its ports: sends a packet to the media port at the outer address and waits for it here.
pub(crate) async fn look(node: &NodeAddress, ports: &Ports) -> Nat {
    let Some(outer) = node.v4 else { return Nat::None };
    if address::own_addresses().any(|own| own == IpAddr::V4(outer)) {
        return Nat::None;
    }
    let (Udp::Mux(port) | Udp::Range(port, _)) = ports.udp;
    let own = address::outbound().and_then(|a| a.v4);
    match (comes_back(SocketAddr::new(outer.into(), port)).await, own) {
        (Ok(false), Some(own)) => Nat::NoHairpin { own },
        // an own address that is not there, or a socket that fails: nothing to advise
        (Ok(_) | Err(_), _) => Nat::Hairpin,
    }
}

async fn comes_back(target: SocketAddr) -> std::io::Result<bool> {
    let here = socket(target.port())?;
    let there = socket(0)?;
    let sent: [u8; 16] = rand::random();
    for _ in 0..TRIES {
        // the router may answer that there is no way; only silence and arrival count
        let _ = there.send_to(&sent, target).await;
        let mut received = [0; 32];
        while let Ok(Ok((length, _))) = timeout(BACK_WITHIN, here.recv_from(&mut received)).await {
            if received.get(..length) == Some(&sent) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn socket(port: u16) -> std::io::Result<tokio::net::UdpSocket> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, port))?;
    socket.set_nonblocking(true)?;
    tokio::net::UdpSocket::from_std(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_packet_to_oneself_comes_back() {
        let free =
            UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|s| s.local_addr()).expect("a free port");
        assert!(comes_back(free).await.expect("sockets"));
    }

    #[test]
    fn the_advice_names_both_addresses() {
        let nat = Nat::NoHairpin { own: Ipv4Addr::new(10, 1, 2, 3) };
        let advice = nat.advice(Ipv4Addr::new(198, 51, 100, 7).into()).expect("advice");
        assert!(advice.contains("ip daddr 198.51.100.7 dnat to 10.1.2.3"), "{advice}");
        assert_eq!(Nat::Hairpin.advice(Ipv4Addr::LOCALHOST.into()), None);
    }
}
