//! The PROXY header: nothing panics, no header asks for more than it may, and an address is the one that stands in it.
#![no_main]

use std::net::{IpAddr, SocketAddr};

use bedrud::serve::proxied::{announced, told};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let peer = SocketAddr::from(([192, 0, 2, 1], 1));
    let Some(more) = announced(bytes.get(..16).unwrap_or(bytes)) else { return };
    assert!(more <= 2048 && bytes.len() >= 16);
    let Some(header) = bytes.get(..16 + more) else { return };
    let Some(client) = told(header, peer) else { return };
    if header[12] == 0x21 && header[13] >> 4 == 1 {
        let four: [u8; 4] = header[16..20].try_into().expect("four bytes");
        assert_eq!(client.ip(), IpAddr::from(four));
    }
    if header[12] == 0x20 {
        assert_eq!(client, peer, "a health check speaks for itself");
    }
});
