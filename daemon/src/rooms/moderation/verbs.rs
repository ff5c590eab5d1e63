//! Who may do what to whom in a room, as one table of ranks. Pure: from ranks and whereabouts to a decision.

use crate::{
    actor::{Actor, Role},
    error::{Error, Result},
    store::standings::Standing,
};

/// What is done in a room, as far as ranks and refusals know verbs apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rooms) enum Verb {
    /// Out, and may return.
    Kick,
    /// Out, and may not return.
    Ban,
    /// May return.
    Unban,
    /// Asks of, or switches off, what the person may switch on again: mute, video off, stop a share, ask to unmute.
    Quiet,
    /// Takes a device until it is released.
    Hold,
    /// Gives a device back.
    Release,
    /// Makes a moderator.
    Promote,
    /// Takes that back.
    Demote,
    /// To everybody at once: mute or hold all, end the meeting.
    Everybody,
    /// Settings, archiving.
    Own,
}

/// How far somebody's word reaches in one room, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rooms) enum Rank {
    Participant,
    Moderator,
    /// Administers the server.
    Admin,
    Owner,
    /// Somebody at the shell, or the program itself.
    Shell,
}

/// Where the person is whom an act is to meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rooms) struct Whereabouts {
    /// Connected.
    pub is_inside: bool,
    /// Was connected, or has a join token.
    pub was_here: bool,
    /// May not return.
    pub is_banned: bool,
    /// Something is held from them.
    pub is_held: bool,
    /// Is a moderator, present or not.
    pub moderates: bool,
}

/// The rank of somebody with a standing.
pub(in crate::rooms) fn rank(standing: &Standing, identity: &str) -> Rank {
    let administers = standing.user.as_ref().is_some_and(|u| u.role == Role::Admin && u.is_active);
    if standing.room.admin_id == identity {
        Rank::Owner
    } else if administers {
        Rank::Admin
    } else if standing.is_moderator {
        Rank::Moderator
    } else {
        Rank::Participant
    }
}

/// The rank of who acts; `own` is how they stand to the room. Who is banned moderates nothing.
pub(in crate::rooms) fn rank_of(actor: &Actor, own: Option<&Standing>) -> Rank {
    let Some(person) = actor.person() else { return Rank::Shell };
    let rank = match own {
        Some(standing) if standing.is_banned => Rank::Participant,
        Some(standing) => rank(standing, &person.id),
        None => Rank::Participant,
    };
    if actor.administers() { rank.max(Rank::Admin) } else { rank }
}

/// May somebody of that rank do this at all?
pub(in crate::rooms) fn must_rank(by: Rank, verb: Verb) -> Result<()> {
    match verb {
        Verb::Promote | Verb::Demote | Verb::Own if by < Rank::Admin => {
            Err(Error::forbidden("not_owner", "Only the owner of this room may do that."))
        }
        _ if by < Rank::Moderator => {
            Err(Error::forbidden("not_moderator", "Only moderators of this room may do that."))
        }
        _ => Ok(()),
    }
}

/// May they do it to somebody of rank `whom`? Moderators put out and hold nobody of their own rank or above; nobody but
/// the shell reaches the owner, and nobody at all changes the owner's role.
pub(in crate::rooms) fn must_reach(by: Rank, verb: Verb, whom: Rank, is_self: bool) -> Result<()> {
    must_rank(by, verb)?;
    if is_self {
        return Err(Error::invalid("target_self", "You cannot do that to yourself."));
    }
    let is_role = matches!(verb, Verb::Promote | Verb::Demote);
    if whom == Rank::Owner && (by != Rank::Shell || is_role) {
        return Err(Error::forbidden("target_owner", "Nobody can do that to the owner of the room."));
    }
    if by == Rank::Moderator && whom >= Rank::Moderator && verb != Verb::Quiet {
        let s = "Only the owner of the room or an administrator can do that to somebody who moderates.";
        return Err(Error::forbidden("target_moderator", s));
    }
    Ok(())
}

/// Is there anybody whom the act would meet?
pub(in crate::rooms) fn is_met(verb: Verb, whom: Whereabouts) -> bool {
    match verb {
        Verb::Ban => whom.is_inside || whom.was_here || whom.is_banned,
        Verb::Unban => whom.is_banned,
        Verb::Release => whom.is_inside || whom.is_held,
        Verb::Promote | Verb::Demote => whom.is_inside || whom.moderates,
        Verb::Kick | Verb::Quiet | Verb::Hold => whom.is_inside,
        Verb::Everybody | Verb::Own => true,
    }
}

#[cfg(test)]
#[path = "verbs_table.rs"]
mod table;
