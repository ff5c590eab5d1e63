//! What belongs to an account beside its password.

pub(super) mod mail;
pub(super) mod own;
pub(super) mod passkeys;
pub(super) mod providers;
