//! What the scanner said, line by line, and what should have been said. It is not asked about resumption, since it takes
//! the new ticket that comes with a resumed session for a refusal; `suites/tls.rs` resumes.
use bedrud_tests::Value;

/// A topic, where in the scanner's result it stands, and what should stand there.
const TOPICS: &[(&str, &str, Wanted)] = &[
    (
        "certificate trusted",
        "certificate_info/certificate_deployments/0/verified_certificate_chain",
        Wanted::Some,
    ),
    (
        "chain in order",
        "certificate_info/certificate_deployments/0/received_chain_has_valid_order",
        Wanted::Yes,
    ),
    (
        "root sent along",
        "certificate_info/certificate_deployments/0/received_chain_contains_anchor_certificate",
        Wanted::No,
    ),
    (
        "SHA-1 in the chain",
        "certificate_info/certificate_deployments/0/verified_chain_has_sha1_signature",
        Wanted::No,
    ),
    ("SSL 2.0", "ssl_2_0_cipher_suites/is_tls_version_supported", Wanted::No),
    ("SSL 3.0", "ssl_3_0_cipher_suites/is_tls_version_supported", Wanted::No),
    ("TLS 1.0", "tls_1_0_cipher_suites/is_tls_version_supported", Wanted::No),
    ("TLS 1.1", "tls_1_1_cipher_suites/is_tls_version_supported", Wanted::No),
    ("TLS 1.2", "tls_1_2_cipher_suites/is_tls_version_supported", Wanted::Yes),
    ("TLS 1.3", "tls_1_3_cipher_suites/is_tls_version_supported", Wanted::Yes),
    ("compression", "tls_compression/supports_compression", Wanted::No),
    ("early data", "tls_1_3_early_data/supports_early_data", Wanted::No),
    ("downgrade is noticed", "tls_fallback_scsv/supports_fallback_scsv", Wanted::Yes),
    ("extended master secret", "tls_extended_master_secret/supports_ems_extension", Wanted::Yes),
    ("secure renegotiation", "session_renegotiation/supports_secure_renegotiation", Wanted::Yes),
    (
        "renegotiation by clients",
        "session_renegotiation/is_vulnerable_to_client_renegotiation_dos",
        Wanted::No,
    ),
    ("Heartbleed", "heartbleed/is_vulnerable_to_heartbleed", Wanted::No),
    ("CCS injection", "openssl_ccs_injection/is_vulnerable_to_ccs_injection", Wanted::No),
    ("ROBOT", "robot/robot_result", Wanted::Text("NOT_VULNERABLE_RSA_NOT_SUPPORTED")),
];

enum Wanted {
    Yes,
    No,
    Some,
    Text(&'static str),
}

/// The same with 0 for numbers of hundreds of digits: the parts of keys, which no parser here takes for numbers. Each
/// stands on a line of its own.
pub fn shortened(text: &str) -> String {
    let line = |line: &str| {
        let (name, value) = line.rsplit_once(": ").unwrap_or_default();
        let number = value.trim_end_matches(',');
        match number.len() > 18 && number.bytes().all(|byte| byte.is_ascii_digit()) {
            true => format!("{name}: 0{}\n", value.trim_start_matches(number)),
            false => format!("{line}\n"),
        }
    };
    text.lines().map(line).collect()
}

/// Prints every topic; gives back those that are not as they should be. What is missing was not looked at, and objected to.
pub fn judge(told: &Value) -> Vec<&'static str> {
    let all = &told["server_scan_results"][0]["scan_result"];
    let mut objections = Vec::new();
    for (topic, place, wanted) in TOPICS {
        let said = at(all, place);
        let (is_well, text) = match wanted {
            Wanted::Yes => (said == &Value::Bool(true), said.to_string()),
            Wanted::No => (said == &Value::Bool(false), said.to_string()),
            Wanted::Some => (!said.is_null(), if said.is_null() { "no".into() } else { "yes".into() }),
            Wanted::Text(text) => (said.as_str() == Some(text), said.to_string()),
        };
        println!("{topic:<26} {text}{}", if is_well { "" } else { "  OBJECTED" });
        if !is_well {
            objections.push(*topic);
        }
    }
    for version in ["1_2", "1_3"] {
        let suites = at(all, &format!("tls_{version}_cipher_suites/accepted_cipher_suites"));
        println!("suites of TLS {:<12} {}", version.replace('_', "."), names(suites, "/cipher_suite/name"));
    }
    println!("{:<26} {}", "curves", names(at(all, "elliptic_curves/supported_curves"), "/name"));
    objections
}

/// `command/field/...` within the results of the scan's commands.
fn at<'a>(all: &'a Value, place: &str) -> &'a Value {
    let (command, rest) = place.split_once('/').unwrap_or((place, ""));
    all.pointer(&format!("/{command}/result/{rest}")).unwrap_or(&Value::Null)
}

fn names(list: &Value, within: &str) -> String {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|one| one.pointer(within)?.as_str()).collect::<Vec<_>>().join(" ")
}
