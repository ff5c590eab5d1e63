//! What follows from the configuration: where the daemon listens, and how people and the SFU reach it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Config, Problems, TlsMode, host::in_url};

impl Config {
    /// Whether this server ends TLS itself.
    pub fn has_tls(&self) -> bool {
        self.tls.mode != TlsMode::Off
    }

    /// Addresses to bind, the first that works.
    pub fn hosts(&self) -> Vec<IpAddr> {
        match self.server.host {
            Some(host) => vec![host],
            // the former takes both families where the machine has both (ipv6(7), bindv6only)
            None if self.has_tls() => vec![Ipv6Addr::UNSPECIFIED.into(), Ipv4Addr::UNSPECIFIED.into()],
            None => vec![Ipv4Addr::LOCALHOST.into()],
        }
    }

    /// The port of the page and the API.
    pub fn port(&self) -> u16 {
        self.server.port.unwrap_or(if self.has_tls() { 443 } else { 8090 })
    }

    /// The port that sends people to https; none without TLS.
    pub fn http_port(&self) -> Option<u16> {
        self.has_tls().then(|| self.server.http_port.unwrap_or(80))
    }

    /// Whether the SFU's own webhooks need a listener of their own: it would not believe a certificate of ours, and begins
    /// no connection with a PROXY header.
    pub fn has_own_webhook_port(&self) -> bool {
        self.has_tls() || self.server.proxy_protocol
    }

    /// Where the SFU's own webhooks are taken; 0 where a free port will be picked.
    pub fn webhook_address(&self) -> (IpAddr, u16) {
        if self.has_own_webhook_port() {
            return (Ipv4Addr::LOCALHOST.into(), self.livekit.webhook_port);
        }
        // the SFU is on this machine, so a listener on all interfaces is called on loopback
        let host = self.server.host.filter(|host| !host.is_unspecified());
        (host.unwrap_or(Ipv4Addr::LOCALHOST.into()), self.port())
    }

    /// Whether nobody named this server: people come by an address of the machine, or by a name that it does not know.
    pub fn is_nameless(&self) -> bool {
        self.has_tls() && self.server.domain.is_none() && self.front().is_none()
    }

    /// The host that people are told, as in a URL: the public name, else the address that is bound, else `address`.
    pub fn host_name(&self, address: Option<IpAddr>) -> String {
        let of_url = || self.front()?.host().map(str::to_owned);
        let bound = || {
            let address = self.server.host.filter(|host| !host.is_unspecified()).or(address)?;
            Some(in_url(&address.to_string()))
        };
        let local = || "localhost".to_owned();
        let named = self.server.domain.as_deref().map(in_url).or_else(of_url);
        named.or_else(|| self.has_tls().then(bound).flatten()).unwrap_or_else(local)
    }

    /// The port of the URL people type, where `port` is the one really bound.
    pub fn public_port(&self, port: u16) -> u16 {
        self.front().map_or(port, |url| {
            url.port_u16().unwrap_or(if url.scheme_str() == Some("http") { 80 } else { 443 })
        })
    }

    /// `server.frontendURL`, taken apart.
    fn front(&self) -> Option<http::Uri> {
        self.server.frontend_url.as_deref()?.parse().ok()
    }

    /// The URL people type, without a slash at the end. `port` is the one really bound, `address` the machine's own.
    pub fn public_url(&self, port: u16, address: Option<IpAddr>) -> String {
        if let Some(url) = &self.server.frontend_url {
            return url.trim_end_matches('/').to_owned();
        }
        let (scheme, usual) = if self.has_tls() { ("https", 443) } else { ("http", 80) };
        let host = self.host_name(address);
        if port == usual { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") }
    }

    /// Ports that are given twice, by the keys that give them. 0 is another port each time.
    pub fn check_ports(&self, problems: &mut Problems) {
        let (livekit, has_turn) = (&self.livekit, self.livekit.turn.enabled);
        let mut tcp = vec![("server.port", self.port())];
        tcp.extend(self.http_port().map(|port| ("server.httpPort", port)));
        tcp.extend(self.metrics.port.map(|port| ("metrics.port", port)));
        let mut udp = Vec::new();
        if !livekit.external {
            tcp.extend([("livekit.port", livekit.port), ("livekit.tcpPort", livekit.tcp_port)]);
            tcp.extend(self.has_own_webhook_port().then_some(("livekit.webhookPort", livekit.webhook_port)));
            tcp.extend(
                (has_turn && self.has_tls()).then_some(("livekit.turn.tcpPort", livekit.turn.tcp_port)),
            );
            udp.extend(livekit.udp_port_range.is_none().then_some(("livekit.udpPort", livekit.udp_port)));
            udp.extend(has_turn.then_some(("livekit.turn.udpPort", livekit.turn.udp_port)));
        }
        for ports in [tcp, udp] {
            for (at, (key, port)) in ports.iter().enumerate() {
                let earlier = ports.iter().take(at).find(|(_, other)| other == port && *port != 0);
                if let Some((other, _)) = earlier {
                    problems.add(
                        "port_twice",
                        *key,
                        format!("{port} is {other} already. Give each a port of its own."),
                    );
                }
            }
        }
    }

    /// The WebSocket URL of the SFU that clients are given, without a slash at the end; `public_url` is ours.
    pub fn livekit_url(&self, public_url: &str) -> String {
        match &self.livekit.host {
            Some(host) => host.trim_end_matches('/').to_owned(),
            // http becomes ws, https becomes wss
            None => format!("{}/livekit", public_url.replacen("http", "ws", 1)),
        }
    }
}
