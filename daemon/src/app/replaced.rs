//! An upgrade has put newer programs on the disk: the supervisor ends when nobody is in a meeting, and the service manager
//! starts what is there now. So an upgrade never ends a meeting, and the old SFU does not run for ever.

use std::{
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::livekit::Sfu;

const LOOK: Duration = Duration::from_secs(15);

/// The programs as they were at the start.
pub(super) struct Programs(Vec<(PathBuf, Option<Stamp>)>);

type Stamp = (u64, u64);

impl Programs {
    /// This program and `sfu`.
    pub(super) fn running(sfu: Option<&Path>) -> Self {
        let own = std::env::current_exe().ok();
        let all = own.into_iter().chain(sfu.map(Path::to_owned));
        Self(all.map(|path| (path.clone(), stamp(&path))).collect())
    }

    /// Whether one of them is another file now. One that is missing is not: the middle of an upgrade looks so.
    fn are_replaced(&self) -> bool {
        self.0
            .iter()
            .any(|(path, before)| matches!((stamp(path), before), (Some(now), Some(then)) if now != *then))
    }
}

/// Returns when there are newer programs and nobody is inside. Never where no service manager would start them again.
pub(super) async fn and_nobody_inside(programs: Programs, sfu: &Sfu) {
    // systemd.exec(5)
    if std::env::var_os("INVOCATION_ID").is_none() {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(LOOK).await;
        if !programs.are_replaced() {
            continue;
        }
        // an SFU that does not answer has the supervisor to look after it
        let Ok(rooms) = sfu.client().list_rooms().await else { continue };
        if rooms.iter().all(|room| room.participants == 0) {
            return tracing::info!(
                "newer programs are on the disk and nobody is in a meeting: making way for them"
            );
        }
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_file_is_a_newer_program() {
        let directory = tempfile::tempdir().expect("directory");
        let sfu = directory.path().join("livekit-server");
        std::fs::write(&sfu, "old").expect("written");
        let programs = Programs::running(Some(&sfu));
        assert!(!programs.are_replaced());
        let kept = directory.path().join("kept");
        std::fs::rename(&sfu, &kept).expect("renamed");
        assert!(!programs.are_replaced(), "a missing program is an upgrade that goes on");
        std::fs::write(&sfu, "new").expect("written");
        assert!(programs.are_replaced());
    }
}
