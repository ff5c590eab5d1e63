//! The first-bytes decision: eight bytes always decide, more never change it, and TURN is TURN by its cookie only.
#![no_main]

use bedrud::serve::First;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut decided = None;
    for length in 0..=bytes.len().min(64) {
        let now = First::decide(&bytes[..length]);
        if decided.is_some() {
            assert_eq!(now, decided, "changed its mind at {length}");
        }
        assert!(length < 8 || now.is_some(), "undecided after {length}");
        decided = now;
    }
    if bytes.len() >= 8 {
        let is_stun = bytes[0] < 0x40 && bytes[4..8] == [0x21, 0x12, 0xA4, 0x42];
        let other = matches!(bytes[0], 0x16 | b'\r' | b'\n');
        assert_eq!(decided == Some(First::Turn), is_stun && !other);
    }
});
