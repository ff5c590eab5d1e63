//! Does the world believe a certificate? Asked of the authorities that this machine trusts.

use std::sync::Arc;

use rustls::{
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::aws_lc_rs,
    pki_types::{ServerName, UnixTime},
};

use super::Certificate;
use crate::believe;

/// The authorities; none where this machine trusts nobody.
#[derive(Debug)]
pub(super) struct Roots(Option<Arc<WebPkiServerVerifier>>);

impl Roots {
    /// Reads files.
    pub(super) fn of_this_machine() -> Self {
        let (roots, provider) = (Arc::new(believe::authorities()), Arc::new(aws_lc_rs::default_provider()));
        Self(WebPkiServerVerifier::builder_with_provider(roots, provider).build().ok())
    }

    /// True where a browser that asks for the first of `names` would go on without a warning.
    pub(super) fn believe(&self, certificate: &Certificate, names: &[String]) -> bool {
        let (Some(verifier), Some(name)) = (&self.0, names.first()) else { return false };
        let Ok(name) = ServerName::try_from(name.clone()) else { return false };
        let Some((own, above)) = certificate.key.cert.split_first() else { return false };
        verifier.verify_server_cert(own, above, &name, &[], UnixTime::now()).is_ok()
    }
}
