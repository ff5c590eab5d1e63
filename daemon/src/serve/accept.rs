//! Accept loops: one task a connection on one of the event loops, a cap, backing off when descriptors run out, a stop with a deadline.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use http::Request;
use hyper::body::Incoming;
use nix::sys::socket::{setsockopt, sockopt};
use tokio::{
    net::{TcpListener, TcpStream, UnixListener},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Answers, Caps, ClientAddress, First, Peer, Secure, Trust,
    connection::Http,
    event_loops::EventLoops,
    first::{Begun, farewell},
    locals::Locals,
    proxied,
    seats::{Seat, Seats},
};

/// The SFU calls, and maybe an operator; whoever else is on this machine shall not take every descriptor.
const LOCAL_CONNECTIONS: usize = 256;

/// What a long task needs to end with the server.
#[derive(Clone, Default)]
pub struct Shutdown {
    /// Cancelled when the server stops.
    pub token: CancellationToken,
    /// Upgraded connections (WebSockets), which hyper no longer watches.
    pub upgraded: TaskTracker,
}

/// The running accept loops.
pub struct Serving {
    shutdown: Shutdown,
    connections: TaskTracker,
    loops: Arc<EventLoops>,
    seats: Seats,
    http: Http,
    trust: Arc<Trust>,
}

impl Serving {
    /// Nothing listens yet. `trust` tells whose word about client addresses counts. Fails
    /// when there can be no more threads.
    pub fn new(shutdown: Shutdown, caps: Caps, trust: Trust) -> io::Result<Self> {
        let http = Http::new(shutdown.token.clone());
        Ok(Self {
            shutdown,
            connections: TaskTracker::new(),
            loops: Arc::new(EventLoops::start()?),
            seats: Seats::new(caps),
            http,
            trust: Arc::new(trust),
        })
    }

    /// Serves what `answers` says to a TCP listener without TLS; requests carry [`Peer`] and [`ClientAddress`].
    pub fn plain(&self, listener: TcpListener, answers: impl Answers) {
        self.without_tls(listener, answers, self.trust.clone(), self.seats.clone());
    }

    /// The same for a listener on loopback, where nobody stands in front. It has seats of its own: however many people
    /// are connected, the SFU is heard.
    pub fn local(&self, listener: TcpListener, answers: impl Answers) {
        let caps = Caps { connections: LOCAL_CONNECTIONS, per_address: LOCAL_CONNECTIONS };
        self.without_tls(listener, answers, Arc::new(Trust::nobody()), Seats::new(caps));
    }

    fn without_tls(&self, listener: TcpListener, answers: impl Answers, trust: Arc<Trust>, seats: Seats) {
        let http = self.http.clone();
        self.accept(listener, trust.clone(), seats, move |stream, address, seat| {
            let (http, mark, answers) =
                (http.clone(), marker(address, false, trust.clone()), answers.clone());
            async move {
                let begun = tokio::select! {
                    begun = Begun::look(stream, seat) => begun,
                    () = http.stop.cancelled() => return,
                };
                match begun {
                    Ok(Some((first @ (First::Http1 | First::Http2), stream))) => {
                        Box::pin(http.serve(stream, first, mark, answers)).await;
                    }
                    // TLS where there is none, or nothing that anybody knows: closed, without an answer in another language
                    Ok(Some((_, stream))) => farewell(stream).await,
                    Ok(None) => {}
                    Err(e) => tracing::debug!("a connection broke before it said anything: {e}"),
                }
            }
        });
    }

    /// Serves what `answers` says by TLS, and hands TURN to the SFU; requests carry [`Peer`] and [`ClientAddress`].
    pub fn secure(&self, listener: TcpListener, secure: Secure, answers: impl Answers) {
        let (http, trust) = (self.http.clone(), self.trust.clone());
        self.accept(listener, trust.clone(), self.seats.clone(), move |stream, address, seat| {
            let (http, mark, answers) = (http.clone(), marker(address, true, trust.clone()), answers.clone());
            let secure = secure.clone();
            async move {
                let opened = tokio::select! {
                    opened = secure.open(stream, seat) => opened,
                    () = http.stop.cancelled() => None,
                };
                match opened {
                    // boxed: a connection that only waits shall not hold room for what it may become
                    Some((First::Turn, stream)) => Box::pin(secure.splice(stream, &http.stop)).await,
                    Some((first @ (First::Http1 | First::Http2), stream)) => {
                        Box::pin(http.serve(stream, first, mark, answers)).await;
                    }
                    Some((First::Tls | First::Other, stream)) => farewell(stream).await,
                    None => {}
                }
            }
        });
    }

    /// Serves what `answers` says to a Unix listener; requests carry [`Peer::Local`].
    pub fn unix(&self, listener: UnixListener, answers: impl Answers) {
        let (http, connections, locals) = (self.http.clone(), self.connections.clone(), Locals::default());
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    () = http.stop.cancelled() => return,
                    accepted = listener.accept() => accepted,
                };
                let Some((stream, _)) = settled(accepted).await else { continue };
                let Ok(credentials) = nix::sys::socket::getsockopt(&stream, sockopt::PeerCredentials) else {
                    continue; // without credentials nobody is let in
                };
                let Some(place) = locals.of(credentials.uid()) else { continue };
                let peer =
                    Peer::Local { uid: credentials.uid(), gid: credentials.gid(), pid: credentials.pid() };
                let mark = move |request: &mut Request<Incoming>| {
                    request.extensions_mut().insert(peer);
                };
                let (http, answers) = (http.clone(), answers.clone());
                connections.spawn(async move {
                    http.serve(stream, First::Http1, mark, answers).await;
                    drop(place);
                });
            }
        });
    }

    fn accept<F>(
        &self,
        listener: TcpListener,
        trust: Arc<Trust>,
        seats: Seats,
        serve: impl Fn(TcpStream, SocketAddr, Seat) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, connections) = (self.shutdown.token.clone(), self.connections.clone());
        let (serve, loops) = (Arc::new(serve), self.loops.clone());
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    () = stop.cancelled() => return,
                    accepted = async {
                        let room = seats.any().await?;
                        Some((room, listener.accept().await))
                    } => accepted,
                };
                let Some((room, accepted)) = accepted else { return };
                let Some((stream, address)) = settled(accepted).await else { continue };
                let address = SocketAddr::new(address.ip().to_canonical(), address.port());
                let Some(seat) = seats.of(room, address.ip(), &trust) else {
                    tracing::debug!(%address, "refused: too many connections from this address");
                    continue;
                };
                let (Some((event_loop, place)), Ok(stream)) = (loops.idlest(), stream.into_std()) else {
                    continue;
                };
                let (trust, serve, seat) = (trust.clone(), serve.clone(), seat.at(place));
                let serving = async move {
                    let Ok(stream) = TcpStream::from_std(stream) else { return };
                    if let Some((stream, client)) = introduced(stream, address, &trust).await {
                        serve(stream, client, seat).await;
                    }
                };
                connections.spawn_on(serving, event_loop);
            }
        });
    }

    /// Where connections run.
    pub fn event_loops(&self) -> Arc<EventLoops> {
        self.loops.clone()
    }

    /// Stops: listeners close, requests in flight end, WebSockets are told; at most `grace`.
    pub async fn finish(self, grace: Duration) {
        self.shutdown.token.cancel();
        self.connections.close();
        self.shutdown.upgraded.close();
        let drained = async {
            self.connections.wait().await;
            self.shutdown.upgraded.wait().await;
        };
        if timeout(grace, drained).await.is_err() {
            tracing::warn!("connections were still open after {} s", grace.as_secs());
        }
    }
}

fn marker(
    address: SocketAddr,
    tls: bool,
    trust: Arc<Trust>,
) -> impl Fn(&mut Request<Incoming>) + Send + 'static {
    move |request| {
        let client = trust.client(address.ip(), request.headers());
        request.extensions_mut().insert(Peer::Ip { tls });
        if let Some(client) = client {
            request.extensions_mut().insert(ClientAddress(client));
        }
    }
}

/// Sets the socket up and asks the front end, where there is one, who its client is.
async fn introduced(
    mut stream: TcpStream,
    address: SocketAddr,
    trust: &Trust,
) -> Option<(TcpStream, SocketAddr)> {
    prepare(&stream);
    if !trust.speaks_first(address.ip()) {
        return Some((stream, address));
    }
    match proxied::client(&mut stream, address).await {
        Ok(client) => Some((stream, client)),
        Err(e) => {
            tracing::debug!(%address, "no PROXY header of version 2 came first: {e}");
            farewell(stream).await;
            None
        }
    }
}

/// No waiting for full segments, and a peer that vanished without a word is noticed after two minutes (tcp(7)).
fn prepare(stream: &TcpStream) {
    let set = stream.set_nodelay(true).is_ok()
        && setsockopt(stream, sockopt::KeepAlive, &true).is_ok()
        && setsockopt(stream, sockopt::TcpKeepIdle, &60).is_ok()
        && setsockopt(stream, sockopt::TcpKeepInterval, &15).is_ok()
        && setsockopt(stream, sockopt::TcpKeepCount, &4).is_ok();
    if !set {
        tracing::debug!("a socket option was refused"); // it is gone already, and the next read says so
    }
}

/// Out of descriptors (EMFILE and friends) is waited out instead of spun on.
async fn settled<T>(accepted: io::Result<T>) -> Option<T> {
    match accepted {
        Ok(accepted) => Some(accepted),
        Err(e) => {
            tracing::warn!("cannot accept a connection: {e}");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}
