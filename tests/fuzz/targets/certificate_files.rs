//! Certificate files: whatever stands in them is a certificate that can be served, or a failure with a sentence.
#![no_main]

use bedrud::tls::Certificate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // as one file for both, which holds the seeds, and as two
    let middle = bytes.len() / 2;
    for (chain, key) in [(bytes, bytes), (&bytes[..middle], &bytes[middle..])] {
        match Certificate::from_pem(chain, key) {
            Ok(certificate) => {
                let again = Certificate::from_pem(certificate.chain_pem().as_bytes(), key).expect("the same");
                assert_eq!(again.facts.names, certificate.facts.names);
                let _ = certificate.check_dates(certificate.facts.not_after);
            }
            Err(e) => assert!(e.sentence.len() > 20 && !e.code.is_empty()),
        }
    }
});
