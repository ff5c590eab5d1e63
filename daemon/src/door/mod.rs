//! What both doors are made of: bodies, answers, failures, the log of requests, the context of handlers. Knows no route.

mod body;
mod context;
mod counts;
mod path;
mod reply;
mod request_id;

pub(crate) use body::{Body, Bytes, MaybeBody, Takes, write};
pub use context::Context;
pub use counts::answered;
pub(crate) use path::{Query, Segments, USUAL_PAGE, page};
pub use reply::{Failure, Message};
pub(crate) use reply::{List, method_not_allowed};
pub use request_id::layer as request_log;
pub(crate) use request_id::logged;
