//! The wire types of the control socket, shared by the daemon and `bedrudctl`. Serde only; no decisions.
//! Names on the wire are those of the public API.

mod audit;
mod backup;
mod certificate;
mod config;
mod database;
mod doctor;
mod events;
mod import;
mod invitations;
mod keys;
mod livekit;
mod logs;
mod mail;
mod query;
mod rooms;
mod settings;
mod setup;
mod status;
mod usage;
mod users;
mod webhooks;

pub use audit::{Audit, AuditLine, AuditQuery};
pub use backup::{BackupFound, RestoreQuery};
pub use certificate::{Certificate, Obstacle, Obstacles, ObstaclesQuery};
pub use config::{Config, ConfigValue, PendingValue};
pub use database::{DatabaseCheck, DatabaseMove, DatabaseStatus, NewDatabase};
pub use doctor::{Examination, Finding};
pub use events::{Event, EventsQuery};
pub use import::{Imported, ImportedEntry, LeftOut};
pub use invitations::{Invitation, Invitations, NewInvitation};
pub use keys::{Key, Keys};
pub use livekit::{Livekit, LivekitPorts};
pub use logs::{LogLine, LogsQuery};
pub use mail::{MailQueue, MailTest, MailTried, QueuedMail};
pub use query::{ChangeQuery, PageQuery};
pub use rooms::{
    Lobby, Moderated, ModeratedAll, NewRoom, Participant, Participants, Person, Room, RoomSettings, Rooms,
    Waiting,
};
pub use settings::{NewSetting, Setting, Settings};
pub use setup::Setup;
pub use status::{Database, Status};
pub use usage::{ProgramUsage, Usage};
pub use users::{
    Deletion, NewPassword, NewRole, NewStatus, NewUser, ResetLink, Session, Sessions, User, Users,
    WithPassword,
};
pub use webhooks::{
    DeliveriesQuery, NewWebhook, Replay, Replayed, Webhook, WebhookAttempt, WebhookDeliveries,
    WebhookDelivery, Webhooks,
};

/// Where the daemon listens for the operator unless told otherwise.
pub const DEFAULT_SOCKET: &str = "/run/bedrud/control.sock";

/// Members of this group may do everything.
pub const ADMIN_GROUP: &str = "bedrud-admin";

/// Members of this group may look at rooms, kick, ban and mute.
pub const MODERATOR_GROUP: &str = "bedrud-mod";

/// What the tool says of who logged in before `sudo`: a user id. Believed of root, where the kernel does not say.
pub const LOGIN_HEADER: &str = "x-login-uid";
