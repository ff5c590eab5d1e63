//! `bedrudctl unit status`, with a systemctl(1) that answers as it is told to.
use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use bedrud_tests::bedrudctl;

const DONE: i32 = 0;
const FAILED: i32 = 1;

/// What is told where every unit but one is active, and that one is `state` and `enabled`.
fn told(other: &str, state: &str, enabled: &str) -> (Option<i32>, String) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let systemctl = directory.path().join("systemctl");
    let script = format!(
        r#"#!/bin/sh
case "$4 $5" in
"ActiveState {other}") echo {state} ;;
"UnitFileState {other}") echo {enabled} ;;
ActiveState*) echo active ;;
UnitFileState*) echo enabled ;;
esac
"#
    );
    fs::write(&systemctl, script).expect("written");
    fs::set_permissions(&systemctl, fs::Permissions::from_mode(0o755)).expect("ours");
    let path = format!("{}:/usr/bin:/bin", directory.path().display());
    let mut command = Command::new(bedrudctl());
    let output = command.args(["unit", "status"]).env_clear().env("PATH", path).output().expect("bedrudctl");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn what_somebody_switched_off_is_no_fault_and_what_fell_over_is() {
    let (code, table) = told("bedrud-backup.timer", "inactive", "disabled");
    assert_eq!(code, Some(DONE), "{table}");
    assert!(table.contains("inactive, disabled"), "and it is said: {table}");
    assert_eq!(told("bedrud-livekit.service", "inactive", "masked").0, Some(DONE));
    for (unit, state, enabled) in [
        ("bedrud-backup.timer", "inactive", "enabled"),
        ("bedrud-livekit.service", "failed", "disabled"),
        ("bedrud.service", "inactive", "disabled"),
    ] {
        assert_eq!(told(unit, state, enabled).0, Some(FAILED), "{unit} {state} {enabled}");
    }
}
