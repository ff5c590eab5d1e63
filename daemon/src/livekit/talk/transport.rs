//! HTTP to the SFU: plain on loopback, TLS to one elsewhere. Knows no methods.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};

use crate::{
    believe::{self, Nameless},
    error::{Error, Result},
};

pub(crate) type Transport = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// How much is verified of the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Plain HTTP, as on this machine; no certificates are read.
    Plain,
    /// The certificates that this machine trusts.
    System,
    /// Any certificate (`livekit.skipTLSVerify`).
    Anything,
}

pub(crate) fn transport(trust: Trust) -> Result<Transport> {
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?;
    let tls = match trust {
        Trust::Anything => {
            builder.dangerous().with_custom_certificate_verifier(Nameless::anybody()).with_no_client_auth()
        }
        Trust::System => builder.with_root_certificates(believe::authorities()).with_no_client_auth(),
        Trust::Plain => builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth(),
    };
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(Duration::from_secs(3)));
    tcp.enforce_http(false); // the connector around it takes https too
    let connector =
        HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp);
    Ok(Client::builder(TokioExecutor::new()).pool_idle_timeout(Duration::from_secs(20)).build(connector))
}
