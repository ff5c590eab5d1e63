//! Who is at the shell: the kernel's word about the peer (SO_PEERCRED) and its groups become an [`Actor`].

use std::{
    ffi::CString,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{extract::Request, middleware::Next, response::Response};
use bedrud_control::{ADMIN_GROUP, LOGIN_HEADER, MODERATOR_GROUP};
use nix::unistd::{Gid, Group, Uid, User, geteuid, getgrouplist};

use crate::{
    actor::{Actor, Reach},
    error::{Error, Result},
    serve::Peer,
};

/// Puts the [`Actor`] into the request, or refuses it.
pub(super) async fn identify(mut request: Request, next: Next) -> Result<Response> {
    let Some(&Peer::Local { uid, gid, pid }) = request.extensions().get::<Peer>() else {
        return Err(Error::forbidden("not_local", "This door opens on this machine only."));
    };
    // group databases may ask a directory server
    let said = request.headers().get(LOGIN_HEADER).and_then(|value| value.to_str().ok()?.parse().ok());
    let asked = tokio::task::spawn_blocking(move || Some((reach(uid, gid)?, login(uid, pid, said))));
    let Some((reach, login)) = asked.await.map_err(Error::internal)? else {
        note(uid);
        let sentence = format!(
            "Only root and members of {ADMIN_GROUP} or {MODERATOR_GROUP} may use the control socket."
        );
        return Err(Error::forbidden("not_operator", sentence));
    };
    request.extensions_mut().insert(Actor::Operator { uid, reach, login });
    Ok(next.run(request).await)
}

/// Says in the log who was refused; once a minute, since everybody on this machine may knock.
fn note(uid: u32) {
    static LAST: Mutex<Option<(u32, Instant)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if last.is_none_or(|(who, at)| who != uid || at.elapsed() > Duration::from_secs(60)) {
        *last = Some((uid, Instant::now()));
        tracing::warn!(uid, "refused at the control socket");
    }
}

/// Refuses those who may only moderate.
pub(super) async fn administrators(request: Request, next: Next) -> Result<Response> {
    if request.extensions().get::<Actor>().is_some_and(Actor::administers) {
        return Ok(next.run(request).await);
    }
    let sentence = format!("This needs root or a member of {ADMIN_GROUP}.");
    Err(Error::forbidden("administrators_only", sentence))
}

fn reach(uid: u32, gid: u32) -> Option<Reach> {
    if uid == 0 || uid == geteuid().as_raw() {
        return Some(Reach::Administer);
    }
    let groups = groups(Uid::from_raw(uid), Gid::from_raw(gid));
    let member =
        |name| Group::from_name(name).ok().flatten().is_some_and(|group| groups.contains(&group.gid));
    if member(ADMIN_GROUP) {
        Some(Reach::Administer)
    } else {
        member(MODERATOR_GROUP).then_some(Reach::Moderate)
    }
}

/// Who logged in and became `uid`, for the audit log only. The kernel knows (proc_pid_loginuid(5)) where we may see the process and
/// logins are counted; else root's own word is taken, which could do anything anyhow.
fn login(uid: u32, pid: i32, said: Option<u32>) -> Option<String> {
    let known = std::fs::read_to_string(format!("/proc/{pid}/loginuid")).ok();
    let known = known.and_then(|text| text.trim().parse().ok()).filter(|login| *login != u32::MAX);
    let login = known.or(said.filter(|_| uid == 0)).filter(|login| *login != uid)?;
    let account = User::from_uid(Uid::from_raw(login)).ok().flatten();
    Some(account.map_or_else(|| login.to_string(), |account| account.name))
}

/// The peer's own group and those its account is a member of.
fn groups(uid: Uid, own: Gid) -> Vec<Gid> {
    let account = User::from_uid(uid).ok().flatten();
    let listed = account.and_then(|user| {
        let name = CString::new(user.name).ok()?;
        getgrouplist(&name, own).ok()
    });
    listed.unwrap_or_else(|| vec![own])
}
