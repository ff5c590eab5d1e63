//! The host names and addresses by which people come to this server; a certificate made here holds all of them.

use std::{net::IpAddr, sync::Arc, time::Duration};

use crate::{
    config::{Config, Paths},
    http::SfuUrl,
    livekit::{NodeAddress, Relay, RelayUrl, Sfu, own_addresses},
    tls::Tls,
};

/// Between two looks at what this machine is called.
const LOOK: Duration = Duration::from_secs(3);

/// All of them, the one that people are told first. `node` is what clients of the SFU are told.
pub(super) fn all(config: &Config, node: Option<NodeAddress>) -> Vec<String> {
    let told = config.host_name(primary(node));
    let domain = config.server.domain.clone();
    let told_to_media = node.iter().flat_map(NodeAddress::all).map(|a| a.to_string()).collect::<Vec<_>>();
    // IPv6 addresses of interfaces come and go by the day (RFC 8981), and each would make another certificate
    let own = own_addresses().filter(|a| a.is_ipv4() && !a.is_loopback()).map(|a| a.to_string());
    let local = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut names = Vec::new();
    for name in std::iter::once(told).chain(domain).chain(told_to_media).chain(own).chain(local) {
        // an IPv6 address in a URL has brackets, in a certificate none
        let name = name.trim_matches(['[', ']']).to_ascii_lowercase();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The address that stands for this machine where it has no name.
fn primary(node: Option<NodeAddress>) -> Option<IpAddr> {
    let told = node.map(|node| node.primary());
    let own = || own_addresses().find(|a| a.is_ipv4() && !a.is_loopback());
    told.filter(|address| !address.is_loopback()).or_else(own).or(told)
}

/// The URL people type, made anew each time: where nobody named this server it follows the machine's addresses.
pub(super) type Url = Arc<dyn Fn() -> String + Send + Sync>;

/// `port` is the one really bound.
pub(super) fn url(config: &Config, port: u16, sfu: &Sfu) -> Url {
    let (config, sfu) = (config.clone(), sfu.clone());
    Arc::new(move || config.public_url(port, primary(sfu.status().own.node)))
}

/// Where clients find the SFU.
pub(super) fn sfu_url(config: &Config, url: &Url) -> SfuUrl {
    if config.livekit.host.is_some() || !config.is_nameless() {
        return SfuUrl::Named(config.livekit_url(&url()));
    }
    let (config, url) = (config.clone(), url.clone());
    SfuUrl::AsAsked { otherwise: Arc::new(move || config.livekit_url(&url())) }
}

/// Where clients find the relay through TLS; none where the SFU tells them right, or what the operator's own file says.
pub(super) fn relay_url(config: &Config, port: u16, sfu: &Sfu) -> RelayUrl {
    let (config, sfu, port) = (config.clone(), sfu.clone(), config.public_port(port));
    let is_ours = config.has_tls() && config.livekit.config_path.is_none();
    Arc::new(move || {
        let host = is_ours.then(|| config.host_name(sfu.status().own.node.map(|node| node.primary())))?;
        Relay { host: &host, port }.url()
    })
}

/// Keeps a certificate that is made here one for the name that people are told. For as long as it is polled.
pub(super) async fn follow(config: Config, tls: Tls, sfu: Sfu) {
    // a name stays what it is
    while config.is_nameless() {
        tokio::time::sleep(LOOK).await;
        tls.stand_for(&all(&config, sfu.status().own.node));
    }
}

/// Under which name this daemon takes leases. The control socket lets one daemon at a time have a runtime directory.
pub(super) fn holder(paths: &Paths) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}:{}", host.trim(), paths.runtime.display())
}
