//! The SFU: does it run, does it answer, does it stay, is it found.

use std::{net::Ipv4Addr, time::Duration};

use tokio::{net::UdpSocket, time::timeout};

use super::{Doctor, Finding, error, warning};
use crate::livekit::{Found, State};

/// A healthy one answers within milliseconds.
const PATIENCE: Duration = Duration::from_secs(2);
/// One failure may have been an accident.
const MANY_RESTARTS: u64 = 3;

pub(super) async fn look(doctor: &Doctor) -> Vec<Finding> {
    let (sfu, status) = (&doctor.sfu, doctor.sfu.status());
    let mut found = Vec::new();
    match &status.state {
        State::Ready { .. } => {
            let asked = timeout(PATIENCE, sfu.client().list_rooms()).await;
            let silence = match asked {
                Ok(Ok(_)) => None,
                Ok(Err(e)) => Some(e.to_string()),
                Err(_) => Some(format!("no answer within {} s", PATIENCE.as_secs())),
            };
            if let Some(silence) = silence {
                let evidence = format!("The SFU runs and does not answer: {silence}.");
                found.push(error("sfu.silent", evidence, "bedrudctl livekit restart"));
            }
            if let Some(port) = status.own.ports.and_then(|ports| ports.turn)
                && !answers(port).await
            {
                let evidence = format!("Nobody answers a STUN request at the relay's own port, UDP {port}.");
                found.push(error("turn.silent", evidence, "bedrudctl livekit restart"));
            }
        }
        State::Starting => {
            found.push(warning("sfu.down", "The SFU is starting.", "bedrudctl livekit status"));
        }
        State::Stopped => {
            found.push(error("sfu.down", "The SFU was stopped.", "systemctl start bedrud-livekit"));
        }
        State::Failed { sentence, .. } => {
            found.push(error("sfu.down", sentence.clone(), "bedrudctl logs --livekit"));
        }
    }
    if status.restarts >= MANY_RESTARTS {
        let evidence = format!("The SFU failed {} times since its supervisor runs.", status.restarts);
        found.push(warning("sfu.flapping", evidence, "bedrudctl logs --livekit --level warn"));
    }
    // systemd.exec(5)
    if sfu.is_child() && std::env::var_os("INVOCATION_ID").is_some() {
        let evidence =
            "The SFU runs inside of the daemon's service, so every restart of the daemon ends the meetings.";
        let remedy = "systemctl enable --now bedrud-livekit, then systemctl restart bedrud";
        found.push(warning("sfu.supervisor", evidence, remedy));
    }
    if let Some(node) = status.own.node {
        let advice = node.advice();
        if let Some(advice) = advice {
            let remedy =
                "Set livekit.nodeIP to the address that others reach, then: bedrudctl livekit restart";
            found.push(warning("sfu.address", advice, remedy));
        } else if node.found == Found::Loopback {
            let evidence = "The SFU tells its clients a loopback address: nobody else can send it anything.";
            found.push(error(
                "sfu.address",
                evidence,
                "Connect this machine to a network, or set livekit.nodeIP",
            ));
        }
    }
    found
}

/// A Binding request without credentials (RFC 8489, 6), which every TURN server answers.
async fn answers(port: u16) -> bool {
    let mut request = [0_u8; 20];
    request[1] = 1;
    request[4..8].copy_from_slice(&0x2112_A442_u32.to_be_bytes());
    request[8..].copy_from_slice(&rand::random::<[u8; 12]>());
    let ask = async {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.ok()?;
        socket.connect((Ipv4Addr::LOCALHOST, port)).await.ok()?;
        let mut answer = [0; 512];
        loop {
            socket.send(&request).await.ok()?;
            // UDP may lose one
            if let Ok(received) = timeout(PATIENCE / 4, socket.recv(&mut answer)).await {
                let length = received.ok()?;
                return answer.get(8..length.min(20)).filter(|id| *id == &request[8..]).map(drop);
            }
        }
    };
    timeout(PATIENCE, ask).await.ok().flatten().is_some()
}
