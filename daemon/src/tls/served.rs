//! The certificate that new connections see. It is exchanged by one pointer, so connections that are open never notice.
//! ACME servers see the answers to their challenges instead.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use arc_swap::ArcSwap;
use rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::sync::watch;

use super::{ACME_PROTOCOL, Certificate, Challenges, trust::Roots};

#[derive(Debug)]
pub(super) struct Served {
    current: ArcSwap<Certificate>,
    is_public: AtomicBool,
    roots: Roots,
    names: Vec<String>,
    challenges: Challenges,
    exchanged: watch::Sender<u64>,
}

impl Served {
    pub(super) fn new(
        certificate: Certificate,
        roots: Roots,
        names: &[String],
        challenges: Challenges,
    ) -> Self {
        let is_public = AtomicBool::new(roots.believe(&certificate, names));
        Self {
            current: ArcSwap::from_pointee(certificate),
            is_public,
            roots,
            names: names.to_vec(),
            challenges,
            exchanged: watch::Sender::new(0),
        }
    }

    /// How often it was exchanged.
    pub(super) fn exchanges(&self) -> watch::Receiver<u64> {
        self.exchanged.subscribe()
    }

    /// Serves another one from now on.
    pub(super) fn exchange(&self, certificate: Certificate) {
        self.is_public.store(self.roots.believe(&certificate, &self.names), Ordering::Relaxed);
        self.current.store(Arc::new(certificate));
        self.exchanged.send_modify(|times| *times += 1);
    }

    pub(super) fn certificate(&self) -> Arc<Certificate> {
        self.current.load_full()
    }

    pub(super) fn is_public(&self) -> bool {
        self.is_public.load(Ordering::Relaxed)
    }
}

impl ResolvesServerCert for Served {
    /// One certificate for every name, and for clients that name none; nothing but the answer for whoever wants nothing
    /// but that (RFC 8737, 3).
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        if hello.alpn().is_some_and(|wanted| wanted.eq([ACME_PROTOCOL])) {
            return self.challenges.certificate(&hello.server_name()?.to_ascii_lowercase());
        }
        Some(self.current.load().key.clone())
    }
}
