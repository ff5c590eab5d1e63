//! How the SFU fares, for everybody who has to know: the proxy, rooms, `status`, `/api/ready`.

use serde::{Deserialize, Serialize};

use crate::{
    livekit::{NodeAddress, Ports},
    programs,
};

/// Everything `status` shows of the SFU.
pub type Status = programs::Status<Place>;

/// Where it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Where it listens; none when it is somebody else's, or not known yet.
    pub ports: Option<Ports>,
    /// The address told to clients, and how it was found.
    pub node: Option<NodeAddress>,
}
