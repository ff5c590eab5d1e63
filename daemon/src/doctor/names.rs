//! The public name: does it lead here, and do browsers let the page through.

use std::{collections::HashSet, net::IpAddr, time::Duration};

use tokio::{net::lookup_host, time::timeout};

use super::{Doctor, Finding, error, warning};
use crate::livekit::own_addresses;

const PATIENCE: Duration = Duration::from_secs(4);

pub(super) async fn look(doctor: &Doctor) -> Vec<Finding> {
    let Some(domain) = &doctor.domain else { return Vec::new() };
    let told = timeout(PATIENCE, lookup_host((domain.as_str(), 443))).await;
    let told: HashSet<IpAddr> = match told {
        Ok(Ok(found)) => found.map(|address| address.ip().to_canonical()).collect(),
        Ok(Err(e)) => return vec![missing(domain, &e.to_string())],
        Err(_) => return vec![missing(domain, "the name servers do not answer")],
    };
    let node = doctor.sfu.status().own.node;
    let public: Vec<IpAddr> = node.iter().flat_map(|node| node.all()).collect();
    let own: Vec<IpAddr> = own_addresses().chain(public.iter().copied()).collect();
    judge(domain, &told, &own, &public)
}

fn missing(domain: &str, why: &str) -> Finding {
    let evidence = format!("{domain} has no address: {why}.");
    error("dns.missing", evidence, format!("Give {domain} an A record, then look: getent ahosts {domain}"))
}

/// `told` is what the name resolves to, `own` every address of this server, `public` those that its clients are told.
fn judge(domain: &str, told: &HashSet<IpAddr>, own: &[IpAddr], public: &[IpAddr]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut foreign = told.iter().filter(|address| !own.contains(address)).peekable();
    if foreign.peek().is_some() {
        let evidence = format!(
            "{domain} leads to {}, which is no address of this server ({}).",
            list(foreign),
            list(own.iter())
        );
        let remedy = format!(
            "Correct the A and AAAA records of {domain}; behind NAT set livekit.nodeIP to the outer address"
        );
        found.push(warning("dns.elsewhere", evidence, remedy));
    }
    let mut inside = told.iter().filter(|address| is_private(address)).peekable();
    if inside.peek().is_some() && public.iter().any(|address| !is_private(address)) {
        let evidence = format!(
            "Here {domain} is {}, a private address of a server with a public one: Chromium lets no page from outside use it (ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS).",
            list(inside)
        );
        let remedy = "Give the name the same address inside as outside, or one of its own for inside";
        found.push(warning("dns.private", evidence, remedy));
    }
    found
}

fn list<'a>(all: impl Iterator<Item = &'a IpAddr>) -> String {
    all.map(IpAddr::to_string).collect::<Vec<_>>().join(", ")
}

fn is_private(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_loopback() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_elsewhere_or_inside_only_is_found() {
        let all =
            |texts: &[&str]| texts.iter().map(|text| text.parse().expect("address")).collect::<Vec<IpAddr>>();
        let ids = |told: &[&str], own: &[&str], public: &[&str]| {
            let told = all(told).into_iter().collect();
            judge("meet.example.org", &told, &all(own), &all(public)).iter().map(|f| f.id).collect::<Vec<_>>()
        };
        let public = ["198.51.100.7"];
        assert!(ids(&public, &public, &public).is_empty());
        assert_eq!(ids(&["203.0.113.1"], &public, &public), ["dns.elsewhere"]);
        assert_eq!(ids(&["10.0.0.1"], &["10.0.0.1", "198.51.100.7"], &public), ["dns.private"]);
        assert!(ids(&["10.0.0.1"], &["10.0.0.1"], &["10.0.0.1"]).is_empty(), "a server of an intranet");
    }
}
