//! One order at an ACME server (RFC 8555, 7.4), from the account to the certificate. Says how it went; when to order, and
//! what becomes of the certificate, is decided elsewhere.

use std::{sync::Arc, time::Duration};

use rcgen::{CertificateParams, DistinguishedName, KeyPair};
use rustls::ClientConfig;
use rustls_acme::acme::{
    Account, AcmeError, Auth, AuthStatus, ChallengeType, Directory, Identifier, Order as State, OrderStatus,
};
use tokio::time::sleep;

use super::{
    account::Binding,
    failure::{Failure, again},
};
use crate::tls::Challenges;

/// First pause between two looks at something that the authority works on, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// How control over a name is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// A handshake on port 443.
    TlsAlpn,
    /// A request on port 80.
    Http,
}

impl Proof {
    /// As in RFC 8555 and 8737.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::TlsAlpn => "tls-alpn-01 on port 443",
            Self::Http => "http-01 on port 80",
        }
    }

    /// The other kind.
    pub(super) fn other(self) -> Self {
        match self {
            Self::TlsAlpn => Self::Http,
            Self::Http => Self::TlsAlpn,
        }
    }
}

/// What an order needs.
pub(super) struct Order<'a> {
    pub(super) client: &'a Arc<ClientConfig>,
    pub(super) directory: &'a str,
    pub(super) contact: &'a [String],
    /// The account's key.
    pub(super) key: &'a [u8],
    /// Where the authority wants the account bound to one of theirs.
    pub(super) binding: Option<&'a Binding>,
    pub(super) names: &'a [String],
    pub(super) proof: Proof,
    pub(super) challenges: &'a Challenges,
}

impl Order<'_> {
    /// The key and the chain, PEM. Without limit of time: that is the caller's.
    pub(super) async fn run(&self) -> Result<String, Failure> {
        let client = self.client;
        let directory = Directory::discover(client, self.directory).await?;
        let account = match self.binding {
            Some(binding) => binding.account(client, directory, self.contact, self.key).await?,
            None => {
                let make = || Account::create_with_keypair(client, directory.clone(), self.contact, self.key);
                again(make).await?
            }
        };
        let mut wanted = CertificateParams::new(self.names.to_vec()).map_err(AcmeError::from)?;
        wanted.distinguished_name = DistinguishedName::new();
        let key = KeyPair::generate().map_err(AcmeError::from)?;
        let request = wanted.serialize_request(&key).map_err(AcmeError::from)?;

        let (url, order) = again(|| account.new_order(client, self.names.to_vec())).await?;
        for one in &order.authorizations {
            self.authorize(&account, one).await?;
        }
        let order = self.settled(&account, &url, order, &[OrderStatus::Pending]).await?;
        let order = match order.status {
            OrderStatus::Ready => {
                let finalize = order.finalize.clone();
                again(|| account.finalize(client, finalize.as_str(), request.der())).await?
            }
            _ => order,
        };
        let unfinished = [OrderStatus::Pending, OrderStatus::Ready, OrderStatus::Processing];
        let order = self.settled(&account, &url, order, &unfinished).await?;
        let OrderStatus::Valid { certificate } = order.status else {
            return Err(Failure::refused(order.error, "The authority gave the order up"));
        };
        let chain = again(|| account.certificate(client, certificate.as_str())).await?;
        Ok(format!("{}{chain}", key.serialize_pem()))
    }

    /// Looks at the order until it is in none of the `passing` states.
    async fn settled(
        &self,
        account: &Account,
        url: &str,
        mut order: State,
        passing: &[OrderStatus],
    ) -> Result<State, Failure> {
        let mut pause = FIRST_PAUSE;
        while passing.contains(&order.status) {
            // an order whose proofs were all there already needs no pause
            order = again(|| account.order(self.client, url)).await?;
            if passing.contains(&order.status) {
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
        Ok(order)
    }

    /// Proves one name.
    async fn authorize(&self, account: &Account, url: &str) -> Result<(), Failure> {
        let mut found = again(|| account.auth(self.client, url)).await?;
        let Identifier::Dns(name) = found.identifier.clone();
        if matches!(found.status, AuthStatus::Pending) {
            let challenge = match self.proof {
                Proof::TlsAlpn => {
                    let (challenge, certificate) = account.tls_alpn_01(&found.challenges, name.clone())?;
                    self.challenges.set_certificate(name.clone(), certificate);
                    challenge
                }
                Proof::Http => {
                    let (challenge, authorization) = account.http_01(&found.challenges)?;
                    self.challenges.set(challenge.token.clone(), authorization);
                    challenge
                }
            };
            tracing::debug!(name, proof = self.proof.name(), "the authority looks");
            again(|| account.challenge(self.client, challenge.url.as_str())).await?;
        }
        let mut pause = FIRST_PAUSE;
        while matches!(found.status, AuthStatus::Pending) {
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            found = again(|| account.auth(self.client, url)).await?;
        }
        match found.status {
            AuthStatus::Valid => Ok(()),
            _ => Err(self.unproven(&name, found)),
        }
    }

    fn unproven(&self, name: &str, found: Auth) -> Failure {
        let kind = match self.proof {
            Proof::TlsAlpn => ChallengeType::TlsAlpn01,
            Proof::Http => ChallengeType::Http01,
        };
        let problem = found.challenges.into_iter().find(|one| one.typ == kind).and_then(|one| one.error);
        let what = format!("{name} could not be proven by {}", self.proof.name());
        Failure::refused(problem, &what).unproven()
    }
}
