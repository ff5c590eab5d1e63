//! What of a report is nobody else's: addresses of machines and of people, and the names of this host.

use std::net::{IpAddr, SocketAddr};

use serde_json::Value;

/// Takes them out of every text; `hosts` are names of this machine.
pub fn hide(value: &mut Value, hosts: &[String]) {
    match value {
        Value::String(text) => *text = hidden(text, hosts),
        Value::Array(values) => values.iter_mut().for_each(|value| hide(value, hosts)),
        Value::Object(members) => members.values_mut().for_each(|value| hide(value, hosts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn hidden(text: &str, hosts: &[String]) -> String {
    let mut text = text.to_owned();
    for host in hosts.iter().filter(|host| host.len() > 2 && *host != "localhost") {
        text = text.replace(host.as_str(), "[host]");
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | ':' | '-' | '_' | '@' | '+' | '%');
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        out.push_str(&without_address(word));
        let gap = after.find(is_part).unwrap_or(after.len());
        let (between, next) = after.split_at(gap);
        out.push_str(between);
        rest = next;
    }
    out
}

fn without_address(word: &str) -> String {
    let bare = word.trim_matches(['.', ':', '-']);
    let address = bare.parse::<IpAddr>().ok().or_else(|| bare.parse::<SocketAddr>().ok().map(|a| a.ip()));
    match address {
        Some(address) if !address.is_loopback() && !address.is_unspecified() => {
            word.replace(bare, "[address]")
        }
        None if bare.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) => {
            word.replace(bare, "[mail]")
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_are_hidden_and_the_rest_is_not() {
        let hosts = ["meet.example.org".to_owned()];
        let hide = |text: &str| hidden(text, &hosts);
        assert_eq!(hide("ready at https://meet.example.org:443/x"), "ready at https://[host]:443/x");
        assert_eq!(
            hide("from 198.51.100.7:4711, and [2001:db8::7]:80."),
            "from [address], and [[address]]:80."
        );
        assert_eq!(hide("alice+x@example.org signed in"), "[mail] signed in");
        let plain = "2026-11-29T01:06:52.715Z 127.0.0.1:8090 version 1.13.5, user@ nobody";
        assert_eq!(hide(plain), plain);
    }
}
