//! Where the programs under test are.
use std::{
    env,
    path::{Path, PathBuf},
};

/// The top of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("/"))
}

/// The daemon: `BEDRUD_BIN`, else the one that was built beside this test.
pub fn bedrud() -> PathBuf {
    given_or_beside("BEDRUD_BIN", "bedrud")
}

/// The operator's tool: `BEDRUDCTL_BIN`, else the one that was built beside this test.
pub fn bedrudctl() -> PathBuf {
    given_or_beside("BEDRUDCTL_BIN", "bedrudctl")
}

/// The small clients of the browser tests: `BEDRUD_CROWD`, else those that were built beside this test.
pub fn crowd() -> PathBuf {
    given_or_beside("BEDRUD_CROWD", "crowd")
}

/// The SFU: `BEDRUD_LIVEKIT`, else what `make livekit` built.
pub fn livekit() -> PathBuf {
    let path = env::var_os("BEDRUD_LIVEKIT").map(PathBuf::from);
    found(
        path.unwrap_or_else(|| repository().join("build/livekit-server")),
        "BEDRUD_LIVEKIT, or run `make livekit`",
    )
}

fn given_or_beside(variable: &str, name: &str) -> PathBuf {
    let beside = || {
        let test = env::current_exe().expect("the path of this test");
        let directory =
            test.parent().filter(|at| at.ends_with("deps")).and_then(Path::parent).or(test.parent());
        directory.expect("a directory").join(name)
    };
    found(
        env::var_os(variable).map_or_else(beside, PathBuf::from),
        &format!("{variable}, or run `cargo build`"),
    )
}

fn found(path: PathBuf, remedy: &str) -> PathBuf {
    assert!(path.is_file(), "{} is missing: set {remedy}", path.display());
    path
}
