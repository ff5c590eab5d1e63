//! Finds the livekit-server program, and says where it looked when it is not there.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use crate::config::{Livekit, Problems};

const NAME: &str = "livekit-server";

/// The configured program, else the one next to the daemon, in `../lib/bedrud` beside it, or in PATH.
pub(crate) fn find(config: &Livekit, problems: &mut Problems) -> Option<PathBuf> {
    if let Some(path) = &config.binary {
        if is_program(path) {
            return Some(path.clone());
        }
        let s = format!(
            "{} is not there or not executable. Set livekit.binary to the livekit-server program, or remove the key.",
            path.display()
        );
        problems.add("livekit_binary_missing", "livekit.binary", s);
        return None;
    }
    let directory = std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned));
    let beside = directory.into_iter().flat_map(|d| [d.join(NAME), d.join("../lib/bedrud").join(NAME)]);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = beside.chain(std::env::split_paths(&path).map(|d| d.join(NAME))).find(|p| is_program(p));
    if found.is_none() {
        let s = "There is no livekit-server next to the daemon and none in PATH. Build it with `make livekit`, or set livekit.binary to where it is.";
        problems.add("livekit_binary_missing", "livekit.binary", s);
    }
    found
}

fn is_program(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_run_is_a_problem_with_a_remedy() {
        let directory = tempfile::tempdir().expect("directory");
        let file = directory.path().join("livekit-server");
        std::fs::write(&file, "").expect("written");
        for path in [&file, &directory.path().to_owned(), &directory.path().join("none")] {
            let mut problems = Problems::default();
            let config = Livekit { binary: Some(path.clone()), ..Livekit::default() };
            assert_eq!(find(&config, &mut problems), None);
            assert_eq!(problems.0[0].code, "livekit_binary_missing");
        }
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("mode");
        let config = Livekit { binary: Some(file.clone()), ..Livekit::default() };
        assert_eq!(find(&config, &mut Problems::default()), Some(file));
    }
}
