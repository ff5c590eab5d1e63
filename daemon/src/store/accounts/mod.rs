//! Tables around an account: what it was asked, who may make one, what is written to it, and how they are looked through.

pub mod challenges;
pub mod glance;
pub mod invitations;
pub mod mails;
pub mod search;
