//! The SFU's ports: picks free ones for 0, and says before the start which configured one is taken.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::{
    config::{Livekit, Problems},
    programs::{Held, Protocol},
};

/// Where the SFU listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// Signalling and API, on loopback.
    pub http: u16,
    /// Media over TCP.
    pub tcp: u16,
    /// Media over UDP.
    pub udp: Udp,
    /// TURN and STUN over UDP; none when it is switched off.
    pub turn: Option<u16>,
    /// Unencrypted TURN over TCP, for what comes in through TLS of ours; none where we end no TLS.
    #[serde(default)]
    pub turn_tcp: Option<u16>,
}

/// Media over UDP: everybody on one port, or a port each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Udp {
    /// One port for all.
    Mux(u16),
    /// First and last of a range.
    Range(u16, u16),
}

/// Checks every configured port and picks the rest. Between this and the start another program may still take one.
pub(crate) fn choose(config: &Livekit, has_tls: bool, problems: &mut Problems) -> Ports {
    let mut held = Held::default();
    let any = Ipv4Addr::UNSPECIFIED;
    let http = held.take(Protocol::Tcp(Ipv4Addr::LOCALHOST), config.port, "livekit.port", problems);
    let tcp = held.take(Protocol::Tcp(any), config.tcp_port, "livekit.tcpPort", problems);
    let udp = match &config.udp_port_range {
        None => Udp::Mux(held.take(Protocol::Udp, config.udp_port, "livekit.udpPort", problems)),
        Some(text) => read(text, problems).unwrap_or(Udp::Mux(0)),
    };
    let turn = config
        .turn
        .enabled
        .then(|| held.take(Protocol::Udp, config.turn.udp_port, "livekit.turn.udpPort", problems));
    let turn_tcp = (config.turn.enabled && has_tls)
        .then(|| held.take(Protocol::Tcp(any), config.turn.tcp_port, "livekit.turn.tcpPort", problems));
    Ports { http, tcp, udp, turn, turn_tcp }
}

/// What `livekit.udpPortRange` says.
pub(crate) fn read(text: &str, problems: &mut Problems) -> Option<Udp> {
    let found = range(text);
    if found.is_none() {
        let s = format!("{text:?} is no range of ports. Write it like 50000-60000, at least 100 wide.");
        problems.add("invalid_value", "livekit.udpPortRange", s);
    }
    found.map(|(first, last)| Udp::Range(first, last))
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-')?;
    let (first, last): (u16, u16) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first >= 1024 && last.checked_sub(first)? >= 99).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, UdpSocket};

    use super::*;

    #[test]
    fn zero_picks_different_free_ports() {
        let mut config = Livekit { port: 0, tcp_port: 0, udp_port: 0, ..Livekit::default() };
        config.turn.udp_port = 0;
        let mut problems = Problems::default();
        config.turn.tcp_port = 0;
        assert_eq!(choose(&config, false, &mut problems).turn_tcp, None);
        let ports = choose(&config, true, &mut problems);
        assert!(problems.0.is_empty(), "{problems}");
        assert!(ports.turn_tcp.is_some_and(|port| port != 0));
        let (Udp::Mux(udp), Some(turn)) = (ports.udp, ports.turn) else { panic!("{ports:?}") };
        assert!(ports.http != 0 && ports.tcp != ports.http && udp != 0 && turn != udp);
    }

    #[test]
    fn every_taken_port_is_named_with_its_remedy() {
        let tcp = TcpListener::bind("127.0.0.1:0").expect("a port");
        let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let mut config = Livekit { tcp_port: 0, ..Livekit::default() };
        config.port = tcp.local_addr().expect("bound").port();
        config.udp_port = udp.local_addr().expect("bound").port();
        config.turn.enabled = false;
        let mut problems = Problems::default();
        choose(&config, true, &mut problems);
        let found: Vec<_> = problems.0.iter().map(|p| (p.code, p.key.as_str())).collect();
        assert_eq!(found, [("port_taken", "livekit.port"), ("port_taken", "livekit.udpPort")]);
        assert!(problems.0[0].sentence.contains("or to 0 for a free one"));
    }

    #[test]
    fn ranges_are_wide_enough_or_refused() {
        assert_eq!(range("50000-60000"), Some((50000, 60000)));
        for wrong in ["50000", "60000-50000", "1-70000", "80-9000", "50000-50010", "-"] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }
}
