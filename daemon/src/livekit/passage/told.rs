//! What clients are told of the relay through TLS. The SFU announces it at port 443 whatever ours is, with a credential of
//! their own for each; here the address in its first message is set right, and nothing else of it is touched.

use std::time::Duration;

use prost::{decode_length_delimiter, encode_length_delimiter};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    time::timeout,
};

/// The fields that hold servers for ICE: `join.ice_servers` and `reconnect.ice_servers` of a SignalResponse
/// (livekit_rtc.proto), and in each of them the URLs.
const SERVERS: [[usize; 2]; 2] = [[1, 5], [19, 1]];
const URLS: usize = 1;
/// A whole message in binary (RFC 6455, 5.2).
const BINARY: u8 = 0x82;
/// A first message names everybody who is there: some kilobytes each.
const MESSAGE_BYTES: usize = 16 << 20;
/// The SFU says it at once.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads the SFU's first message into `heard`, and writes `relay` there for its own relay's URL. What is no such message
/// stays as it came.
pub(crate) async fn tell(relay: &str, up: &mut (impl AsyncRead + Unpin), heard: &mut Vec<u8>) {
    let whole = async {
        while heard.len() < MESSAGE_BYTES && is_under_way(heard) {
            if up.read_buf(heard).await.unwrap_or(0) == 0 {
                break;
            }
        }
    };
    let _in_time = timeout(PATIENCE, whole).await;
    if let Some(anew) =
        frame(heard).and_then(|(message, rest)| Some([&framed(&anew(message, relay)?), rest].concat()))
    {
        *heard = anew;
    }
}

fn is_under_way(heard: &[u8]) -> bool {
    heard.first().is_none_or(|first| *first == BINARY) && frame(heard).is_none()
}

/// The contents of the whole frame that these bytes begin with, and what follows it.
fn frame(heard: &[u8]) -> Option<(&[u8], &[u8])> {
    let (head, length) = match *heard.get(1)? {
        126 => (4, u64::from(u16::from_be_bytes(heard.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(heard.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    let is_plain = heard.first() == Some(&BINARY) && length < MESSAGE_BYTES as u64;
    heard.get(head..)?.split_at_checked(usize::try_from(length).ok()?).filter(|_| is_plain)
}

fn framed(message: &[u8]) -> Vec<u8> {
    let length = match (u8::try_from(message.len()), u16::try_from(message.len())) {
        (Ok(short @ ..126), _) => vec![short],
        (_, Ok(middle)) => [&[126], middle.to_be_bytes().as_slice()].concat(),
        _ => [&[127], (message.len() as u64).to_be_bytes().as_slice()].concat(),
    };
    [&[BINARY], length.as_slice(), message].concat()
}

fn anew(message: &[u8], relay: &str) -> Option<Vec<u8>> {
    let url = |url: &[u8]| Some(if url.starts_with(b"turns:") { relay.into() } else { url.to_vec() });
    let server = |server: &[u8]| mapped(server, URLS, &url);
    SERVERS.iter().try_fold(message.to_vec(), |message, [kind, servers]| {
        mapped(&message, *kind, &|inside| mapped(inside, *servers, &server))
    })
}

/// This message with the contents of its fields `number` put through `f`; fields that nobody here knows stay
/// (protobuf.dev, *Encoding*). `None` for what is no message.
fn mapped(message: &[u8], number: usize, f: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let (mut out, mut rest) = (Vec::with_capacity(message.len()), message);
    while !rest.is_empty() {
        let field = rest;
        let key = decode_length_delimiter(&mut rest).ok()?;
        let length = match key & 7 {
            0 => rest.iter().position(|byte| byte & 0x80 == 0)? + 1,
            1 => 8,
            2 => decode_length_delimiter(&mut rest).ok()?,
            5 => 4,
            _ => return None,
        };
        let (contents, after) = rest.split_at_checked(length)?;
        rest = after;
        if key >> 3 == number && key & 7 == 2 {
            let contents = f(contents)?;
            encode_length_delimiter(key, &mut out).ok()?;
            encode_length_delimiter(contents.len(), &mut out).ok()?;
            out.extend_from_slice(&contents);
        } else {
            out.extend_from_slice(field.get(..field.len() - rest.len())?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use livekit_protocol::{
        IceServer, JoinResponse, ReconnectResponse, SignalResponse, signal_response::Message as Kind,
    };
    use prost::Message;

    use super::*;

    const OWN: &str = "turns:turn.invalid:443?transport=tcp";
    const RELAY: &str = "turns:meet:8443?transport=tcp";

    fn servers(url: &str) -> Vec<IceServer> {
        let urls = vec!["turn:192.0.2.1:3478?transport=udp".to_owned(), url.to_owned()];
        vec![IceServer { urls, username: "alice".into(), credential: "hers".into() }]
    }

    fn first(url: &str, others: usize) -> [Vec<u8>; 2] {
        let other_participants = vec![Default::default(); others];
        let ice_servers = servers(url);
        let join = JoinResponse {
            ice_servers,
            other_participants,
            server_version: "9".into(),
            ..Default::default()
        };
        let again =
            ReconnectResponse { ice_servers: servers(url), last_message_seq: 3, ..Default::default() };
        [Kind::Join(join), Kind::Reconnect(again)]
            .map(|kind| SignalResponse { message: Some(kind) }.encode_to_vec())
    }

    async fn told(mut sent: &[u8]) -> Vec<u8> {
        let mut heard = Vec::new();
        tell(RELAY, &mut sent, &mut heard).await;
        [&heard, sent].concat()
    }

    #[tokio::test]
    async fn the_relay_is_told_as_it_is_and_everything_else_as_it_came() {
        // each form of length; a field of tomorrow; another frame behind it
        for (others, more) in [(0, &[][..]), (60, &[0xA2, 0x06, 2, 7, 7]), (50_000, &[0xA8, 0x06, 0x81, 1])] {
            for (own, right) in first(OWN, others).into_iter().zip(first(RELAY, others)) {
                let sent = [framed(&[&own, more].concat()), vec![0x89, 0]].concat();
                let expected = [framed(&[&right, more].concat()), vec![0x89, 0]].concat();
                assert!(told(&sent).await == expected, "{others}");
            }
        }
    }

    #[tokio::test]
    async fn what_is_no_such_message_goes_on_as_it_came() {
        let [join, _] = first(OWN, 0);
        let broken = framed(join.get(..join.len() - 1).expect("bytes"));
        for sent in [&b""[..], &[0x88, 2, 3, 0xE9], &[BINARY, 126, 1], &[BINARY, 2, 7, 7], &broken, b"HTTP"] {
            assert_eq!(told(sent).await, sent);
        }
    }
}
