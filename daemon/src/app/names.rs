//! The host names and addresses by which people come to this server; a certificate made here holds all of them.

use std::net::IpAddr;

use crate::{
    config::{Config, Paths},
    livekit::{NodeAddress, own_addresses},
};

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
pub(super) fn primary(node: Option<NodeAddress>) -> Option<IpAddr> {
    let own = || own_addresses().find(|a| a.is_ipv4() && !a.is_loopback());
    node.map(|n| n.primary()).or_else(own)
}

/// Under which name this daemon takes leases. The control socket lets one daemon at a time have a runtime directory.
pub(super) fn holder(paths: &Paths) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}:{}", host.trim(), paths.runtime.display())
}
