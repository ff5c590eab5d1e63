//! How this server looks from where its name leads: what would keep an authority, and so people, from finding it there. Asks
//! name servers, every address that they give, and the authority for the time; changes nothing.

mod clock; // against the authority's
mod port; // who answers there

use std::{collections::BTreeSet, io::ErrorKind, net::IpAddr, time::Duration};

use tokio::{net::lookup_host, time::timeout};

use super::{Tls, acme};
use port::Answer;

/// Where authorities look (RFC 8555, 8.3; RFC 8737, 3), whatever the server binds: somebody may forward them.
const HTTPS: u16 = 443;
const HTTP: u16 = 80;
/// For one question, whoever is asked.
const PATIENCE: Duration = Duration::from_secs(5);

/// One thing that is in the way, and what to do about it.
#[derive(Clone, Debug)]
pub struct Obstacle {
    /// Stable snake_case code.
    pub code: &'static str,
    /// For a person.
    pub sentence: String,
}

/// What was found so far of one name.
struct Look<'a> {
    domain: &'a str,
    own: &'a [IpAddr],
    found: Vec<Obstacle>,
}

impl Tls {
    /// Everything that is in the way of a certificate for `domain` from the configured authority; `own` are the addresses of
    /// this machine. One after the other, each within seconds.
    pub async fn obstacles(&self, domain: &str, own: &[IpAddr]) -> Vec<Obstacle> {
        let mut look = Look { domain, own, found: Vec::new() };
        for address in look.addresses().await {
            look.address(self, address).await;
        }
        match acme::trusting(self.0.section.acme_root_file.as_deref()) {
            Err(e) => look.note(e.code, e.to_string()),
            Ok(trust) => {
                let directory = &self.0.section.acme_directory;
                if let Some(obstacle) = clock::obstacle(directory, trust).await {
                    look.found.push(obstacle);
                }
            }
        }
        look.found
    }
}

impl Look<'_> {
    fn note(&mut self, code: &'static str, sentence: String) {
        self.found.push(Obstacle { code, sentence });
    }

    async fn addresses(&mut self) -> BTreeSet<IpAddr> {
        let domain = self.domain;
        let why = match timeout(PATIENCE, lookup_host((domain, HTTPS))).await {
            Ok(Ok(found)) => {
                let found: BTreeSet<IpAddr> = found.map(|a| a.ip().to_canonical()).collect();
                if !found.is_empty() {
                    return found;
                }
                "it has no address".to_owned()
            }
            Ok(Err(e)) => e.to_string(),
            Err(_) => "the name servers did not answer".to_owned(),
        };
        let s = format!(
            "{domain} leads nowhere: {why}. Where its DNS is kept, make an A record for it with the outside address of \
             this machine ({}); it may take an hour until everybody sees it.",
            self.own_addresses()
        );
        self.note("domain_unknown", s);
        BTreeSet::new()
    }

    async fn address(&mut self, tls: &Tls, address: IpAddr) {
        let domain = self.domain;
        if address.is_loopback() {
            let s = format!(
                "{domain} is {address} here, by /etc/hosts or by its DNS, so from this machine nobody can tell where it leads \
                 others. Make sure that its A record is the outside address of this machine."
            );
            return self.note("domain_on_loopback", s);
        }
        let own = tls.certificate();
        let (https, http) = tokio::join!(
            port::https((address, HTTPS).into(), domain, &own),
            port::http((address, HTTP).into(), domain, tls.challenges()),
        );
        let is_ours = https.is_ours() || http.is_ours();
        if let Answer::Nobody(e) = &https
            && address.is_ipv6()
            && matches!(e.kind(), ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable)
        {
            let s = format!(
                "{domain} has the IPv6 address {address}, but this machine has no IPv6; authorities and people try that one \
                 first. Remove the AAAA record, or give this machine the address."
            );
            return self.note("no_ipv6", s);
        }
        if !is_ours && !self.own.contains(&address) {
            let s = format!(
                "{domain} leads to {address}, which is no address of this machine ({}), and nothing that answers there is this \
                 server. Let its A or AAAA record lead here; behind a router have it forward the ports {HTTP} and {HTTPS} to \
                 this machine.",
                self.own_addresses()
            );
            return self.note("domain_elsewhere", s);
        }
        for (number, answer) in [(HTTPS, https), (HTTP, http)] {
            match answer {
                Answer::Ours => {}
                Answer::Another => {
                    let s = format!(
                        "Port {number} of {address} is answered by another program. As root, `bedrudctl unit status` names it; \
                         stop it, or let it be a front end with tls.mode off."
                    );
                    self.note("port_of_another", s);
                }
                Answer::Nobody(e) => {
                    let s = format!(
                        "Port {number} of {address} cannot be reached: {e}. Open it in the firewall (`ufw allow Bedrud`, or that of \
                         the provider), and forward it where a router is in front."
                    );
                    self.note("port_unreachable", s);
                }
            }
        }
    }

    fn own_addresses(&self) -> String {
        let seen = |a: &&IpAddr| match a {
            IpAddr::V4(a) => !a.is_loopback() && !a.is_link_local(),
            IpAddr::V6(a) => !a.is_loopback() && !a.is_unicast_link_local(),
        };
        let own: Vec<String> = self.own.iter().filter(seen).map(IpAddr::to_string).collect();
        if own.is_empty() { "it has none now".to_owned() } else { own.join(", ") }
    }
}
