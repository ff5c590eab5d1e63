//! The SFU's configuration file, for the strict keys of livekit-server 1.13.5: one unknown key and it does not start.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::Path,
};

use serde_json::{Value, json};

use super::{address::own_addresses, relay};
use crate::{
    files::{self, Lasts},
    livekit::{Keys, NodeAddress, Ports, Udp},
};

/// Everything the file is made of.
pub(crate) struct Plan<'a> {
    pub(crate) ports: Ports,
    pub(crate) node: NodeAddress,
    pub(crate) keys: &'a Keys,
    /// Where the daemon takes webhooks, on loopback.
    pub(crate) webhook_url: &'a str,
    /// What clients call TURN through TLS by, where the daemon ends that.
    pub(crate) turn_host: Option<&'a str>,
}

impl Plan<'_> {
    /// The whole document.
    pub(crate) fn document(&self) -> Value {
        let mut document = json!({
            "port": self.ports.http,
            "bind_addresses": ["127.0.0.1"],
            "keys": { self.keys.id(): self.keys.secret() },
            "logging": { "json": true, "level": "info", "pion_level": "error" },
            "rtc": self.rtc(),
            // no token opens a room: rooms are opened by the API and end by themselves
            "room": { "auto_create": false, "empty_timeout": 300, "departure_timeout": 20 },
            "webhook": { "api_key": self.keys.id(), "urls": [self.webhook_url] },
        });
        if let Some(port) = self.ports.turn {
            document["turn"] = self.turn(port);
        }
        document
    }

    fn rtc(&self) -> Value {
        let node: Vec<String> = self.node.all().map(|a| a.to_string()).collect();
        let mut rtc = json!({
            "tcp_port": self.ports.tcp,
            // without it the server asks STUN servers of third parties
            "node_ip": node.join(","),
            "use_external_ip": false,
            // clients with two peer connections wait 1 to 2 s for nominations without it
            "use_ice_lite": true,
            "enable_loopback_candidate": self.node.primary().is_loopback(),
        });
        match self.ports.udp {
            Udp::Mux(port) => rtc["udp_port"] = json!(port),
            Udp::Range(first, last) => {
                rtc["port_range_start"] = json!(first);
                rtc["port_range_end"] = json!(last);
            }
        }
        if self.ports.turn.is_none() {
            // an empty list makes it send clients to third parties; our own media port answers nothing, which is what is wanted
            rtc["stun_servers"] =
                json!([std::net::SocketAddr::new(self.node.primary(), self.ports.tcp).to_string()]);
        }
        let local: Vec<IpAddr> = own_addresses().filter(|a| !a.is_loopback()).collect();
        let private = self.node.v4.filter(|a| a.is_private() && local.contains(&IpAddr::V4(*a)));
        if private.is_some() && local.iter().filter(|a| a.is_ipv4()).count() > 1 {
            // media from another address would not be the relay's permitted peer
            rtc["ips"] = json!({ "includes": self.node.all().map(host_route).collect::<Vec<_>>() });
        }
        rtc
    }

    /// TURN over UDP, which is also the only STUN server clients are told. It relays to this SFU and to nobody else.
    fn turn(&self, port: u16) -> Value {
        let deny: Vec<String> = match (self.node.v4, self.node.v6) {
            (Some(v4), v6) => {
                let rest = v6.map_or_else(|| vec!["::/0".to_owned()], all_but_v6);
                all_but_v4(v4).into_iter().chain(rest).collect()
            }
            (None, Some(v6)) => std::iter::once("0.0.0.0/0".to_owned()).chain(all_but_v6(v6)).collect(),
            (None, None) => vec!["0.0.0.0/0".to_owned(), "::/0".to_owned()],
        };
        let restricted: Vec<String> = self.node.all().filter(|a| is_restricted(*a)).map(host_route).collect();
        // Go takes 0.0.0.0 for every address of both families (net, ListenPacket), and `::` beside it would collide;
        // `::` alone does not start where the node's address is IPv4
        let bind = if self.node.v4.is_some() { "0.0.0.0" } else { "::" };
        let mut turn = json!({
            "enabled": true,
            "udp_port": port,
            "bind_addresses": [bind],
            "deny_peer_cidrs": deny,
            "allow_restricted_peer_cidrs": restricted,
        });
        if let (Some(host), Some(port)) = (self.turn_host, self.ports.turn_tcp) {
            // it tells of turns:HOST:443 whatever this port is; the daemon ends TLS, passes TURN on, and tells its own port
            turn["domain"] = json!(relay::domain(host, self.node.v4));
            turn["tls_port"] = json!(port);
            turn["external_tls"] = json!(true);
        }
        turn
    }
}

fn host_route(address: IpAddr) -> String {
    format!("{address}/{}", if address.is_ipv4() { 32 } else { 128 })
}

/// Peers that LiveKit's TURN refuses unless they are allowed by name (service/turn.go).
fn is_restricted(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => a.is_loopback() || a.is_private() || a.is_link_local(),
        IpAddr::V6(a) => a.is_loopback() || a.is_unique_local() || a.is_unicast_link_local(),
    }
}

/// The 32 prefixes that hold every IPv4 address but `address`: at each length the sibling of its own prefix.
fn all_but_v4(address: Ipv4Addr) -> Vec<String> {
    let bits = address.to_bits();
    let sibling = |length: u32| (bits ^ (1 << (32 - length))) & (u32::MAX << (32 - length));
    (1..=32).map(|length| format!("{}/{length}", Ipv4Addr::from_bits(sibling(length)))).collect()
}

/// The same for IPv6, 128 prefixes.
fn all_but_v6(address: Ipv6Addr) -> Vec<String> {
    let bits = address.to_bits();
    let sibling = |length: u32| (bits ^ (1 << (128 - length))) & (u128::MAX << (128 - length));
    (1..=128).map(|length| format!("{}/{length}", Ipv6Addr::from_bits(sibling(length)))).collect()
}

/// Writes the file for its owner only: it holds the secret.
pub(crate) fn write(path: &Path, document: &Value) -> std::io::Result<()> {
    let text = serde_yaml::to_string(document).map_err(std::io::Error::other)?;
    files::replace(path, text.as_bytes(), Lasts::ThisRun)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::livekit::{Found, Nat};

    fn document(v4: Option<&str>, v6: Option<&str>, turn: Option<u16>) -> Value {
        let node = NodeAddress {
            v4: v4.map(|a| a.parse().expect("v4")),
            v6: v6.map(|a| a.parse().expect("v6")),
            found: Found::Configured,
            nat: Nat::None,
        };
        let ports = Ports { http: 7880, tcp: 7881, udp: Udp::Mux(7882), turn, turn_tcp: Some(5349) };
        let (keys, turn_host) = (Keys::new("APIx", "secret"), Some("meet.example.org"));
        let webhook_url = "http://127.0.0.1:8090/api/livekit/webhook";
        Plan { ports, node, keys: &keys, webhook_url, turn_host }.document()
    }

    fn contains(network: &str, address: &str) -> bool {
        let (base, length) = network.split_once('/').expect("a prefix");
        let length: u32 = length.parse().expect("a length");
        match (base.parse::<IpAddr>().expect("base"), address.parse::<IpAddr>().expect("address")) {
            (IpAddr::V4(b), IpAddr::V4(a)) => (a.to_bits() ^ b.to_bits()).leading_zeros() >= length,
            (IpAddr::V6(b), IpAddr::V6(a)) => (a.to_bits() ^ b.to_bits()).leading_zeros() >= length,
            _ => false,
        }
    }

    #[test]
    fn the_relay_reaches_this_sfu_only() {
        let turn = &document(Some("203.0.113.9"), Some("2001:db8::9"), Some(3478))["turn"];
        let denied = turn["deny_peer_cidrs"].as_array().expect("a list");
        let refused = |a: &str| denied.iter().any(|n| contains(n.as_str().expect("text"), a));
        assert!(!refused("203.0.113.9") && !refused("2001:db8::9"));
        for other in
            ["203.0.113.8", "203.0.113.10", "0.0.0.0", "255.255.255.255", "10.0.0.1", "2001:db8::8", "::1"]
        {
            assert!(refused(other), "{other}");
        }
        assert_eq!(turn["allow_restricted_peer_cidrs"], json!([]));
        assert_eq!((&turn["domain"], &turn["tls_port"]), (&json!("meet.example.org"), &json!(5349)));
        let private = &document(Some("10.1.2.3"), None, Some(3478))["turn"];
        assert_eq!(private["allow_restricted_peer_cidrs"], json!(["10.1.2.3/32"]));
    }

    #[test]
    fn clients_are_never_left_without_a_stun_server_of_ours() {
        assert!(document(Some("203.0.113.9"), None, Some(3478))["rtc"]["stun_servers"].is_null());
        assert_eq!(
            document(Some("203.0.113.9"), None, None)["rtc"]["stun_servers"],
            json!(["203.0.113.9:7881"])
        );
    }

    #[test]
    fn loopback_is_a_candidate_only_when_nothing_else_is_there() {
        assert_eq!(document(Some("127.0.0.1"), None, None)["rtc"]["enable_loopback_candidate"], true);
        assert_eq!(document(Some("203.0.113.9"), None, None)["rtc"]["enable_loopback_candidate"], false);
    }
}
