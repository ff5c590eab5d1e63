//! What a TURN client says and hears (RFC 8489, RFC 8656): Binding, Allocate and CreatePermission over a stream.
use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use aws_lc_rs::hmac;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Every message carries it at bytes 4 to 8.
pub const COOKIE: u32 = 0x2112_A442;
/// Methods with the class of a request.
pub const BINDING: u16 = 0x0001;
/// Ask for a relay address.
pub const ALLOCATE: u16 = 0x0003;
/// Let a peer send to it.
pub const CREATE_PERMISSION: u16 = 0x0008;
/// Added to a request's number where it failed.
pub const FAILED: u16 = 0x0110;
/// Added to a request's number where it was done.
pub const DONE: u16 = 0x0100;

const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const ERROR_CODE: u16 = 0x0009;
const XOR_PEER_ADDRESS: u16 = 0x0012;
const REALM: u16 = 0x0014;
const NONCE: u16 = 0x0015;
const XOR_RELAYED_ADDRESS: u16 = 0x0016;
const REQUESTED_TRANSPORT: u16 = 0x0019;

/// One message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Method and class.
    pub kind: u16,
    attributes: Vec<(u16, Vec<u8>)>,
}

/// What a long-term credential is made of (RFC 8489, 9.2).
#[derive(Clone, Debug)]
pub struct Credential {
    /// As the SFU's join answer says.
    pub username: String,
    /// The same.
    pub password: String,
    /// As the first refusal says.
    pub realm: String,
    /// The same.
    pub nonce: Vec<u8>,
}

impl Message {
    /// Without attributes.
    pub fn new(kind: u16) -> Self {
        Self { kind, attributes: Vec::new() }
    }

    /// Allocate asks for UDP.
    pub fn allocate() -> Self {
        Self::new(ALLOCATE).with(REQUESTED_TRANSPORT, vec![17, 0, 0, 0])
    }

    /// CreatePermission for an IPv4 peer.
    pub fn permission(peer: SocketAddr) -> Self {
        let SocketAddr::V4(peer) = peer else { panic!("IPv4 only") };
        let port = peer.port() ^ (COOKIE >> 16) as u16;
        let address = peer.ip().to_bits() ^ COOKIE;
        let mut value = vec![0, 1];
        value.extend(port.to_be_bytes());
        value.extend(address.to_be_bytes());
        Self::new(CREATE_PERMISSION).with(XOR_PEER_ADDRESS, value)
    }

    fn with(mut self, kind: u16, value: Vec<u8>) -> Self {
        self.attributes.push((kind, value));
        self
    }

    fn find(&self, kind: u16) -> Option<&[u8]> {
        self.attributes.iter().find(|(k, _)| *k == kind).map(|(_, v)| v.as_slice())
    }

    /// The number of a failure, such as 401.
    pub fn failure(&self) -> Option<u16> {
        let value = self.find(ERROR_CODE)?;
        Some(u16::from(*value.get(2)?) * 100 + u16::from(*value.get(3)?))
    }

    /// True where a relay address was given.
    pub fn is_allocated(&self) -> bool {
        self.kind == ALLOCATE + DONE && self.find(XOR_RELAYED_ADDRESS).is_some()
    }

    /// Realm and nonce of a refusal, with who we are.
    pub fn credential(&self, username: &str, password: &str) -> Option<Credential> {
        let realm = String::from_utf8(self.find(REALM)?.to_vec()).ok()?;
        let nonce = self.find(NONCE)?.to_vec();
        Some(Credential { username: username.to_owned(), password: password.to_owned(), realm, nonce })
    }

    /// The bytes, signed where there is a credential.
    pub fn bytes(&self, credential: Option<&Credential>) -> Vec<u8> {
        let mut body = Vec::new();
        let mut put = |kind: u16, value: &[u8]| {
            body.extend(kind.to_be_bytes());
            body.extend(u16::try_from(value.len()).expect("short").to_be_bytes());
            body.extend(value);
            body.resize(body.len().next_multiple_of(4), 0);
        };
        for (kind, value) in &self.attributes {
            put(*kind, value);
        }
        if let Some(c) = credential {
            put(USERNAME, c.username.as_bytes());
            put(REALM, c.realm.as_bytes());
            put(NONCE, &c.nonce);
        }
        let signature = if credential.is_some() { 24 } else { 0 };
        let mut all = self.kind.to_be_bytes().to_vec();
        all.extend(u16::try_from(body.len() + signature).expect("short").to_be_bytes());
        all.extend(COOKIE.to_be_bytes());
        all.extend(*b"transaction!");
        all.extend(body);
        if let Some(c) = credential {
            let key = format!("{}:{}:{}", c.username, c.realm, c.password);
            let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &md5::compute(key).0);
            let sum = hmac::sign(&key, &all);
            all.extend(MESSAGE_INTEGRITY.to_be_bytes());
            all.extend([0, 20]);
            all.extend(sum.as_ref());
        }
        all
    }
}

/// Sends one request and reads its answer.
pub async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    message: &Message,
    credential: Option<&Credential>,
) -> Result<Message> {
    stream.write_all(&message.bytes(credential)).await?;
    stream.flush().await?;
    let mut head = [0; 20];
    stream.read_exact(&mut head).await.context("no answer")?;
    let word = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
    let (kind, length) = (word(0), usize::from(word(2)));
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let mut answer = Message::new(kind);
    let mut rest = body.as_slice();
    while let [a, b, c, d, more @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*c, *d]));
        let Some(value) = more.get(..length) else { bail!("a broken answer") };
        answer.attributes.push((u16::from_be_bytes([*a, *b]), value.to_vec()));
        rest = more.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    Ok(answer)
}
