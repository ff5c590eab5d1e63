//! OAuth 2.0 (RFC 6749) by the library: how this server shows itself, and the exchange of a code for tokens.

use std::pin::Pin;

use oauth2::{
    AccessToken, AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret,
    EndpointNotSet, EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
    basic::{
        BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
        BasicTokenIntrospectionResponse, BasicTokenType,
    },
};
use serde::{Deserialize, Serialize};

use super::{ask::Line, fault, place::Place};
use crate::{
    config::Provider as Section,
    error::{Error, Result},
};

/// What OpenID Connect adds to an answer with tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Signed {
    id_token: Option<String>,
}

impl ExtraTokenFields for Signed {}

pub(super) type Tokens = StandardTokenResponse<Signed, BasicTokenType>;
type OurClient = Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// This server, as the provider knows it.
pub(super) fn client(section: &Section, place: &Place, redirect: &str) -> Result<OurClient> {
    let wrong = |e: url::ParseError| fault::invalid(section.name(), &e);
    let way = if place.secret_in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
    Ok(Client::new(ClientId::new(section.client_id.clone()))
        .set_auth_type(way)
        .set_auth_uri(AuthUrl::new(place.authorize.clone()).map_err(wrong)?)
        .set_token_uri(TokenUrl::new(place.token.clone()).map_err(wrong)?)
        .set_redirect_uri(RedirectUrl::new(redirect.to_owned()).map_err(wrong)?))
}

/// The secret that this server shares with the provider, as it is now.
pub(super) async fn secret(section: &Section) -> Result<Option<String>> {
    let Some(file) = &section.client_secret_file else { return Ok(section.client_secret.clone()) };
    let read = tokio::fs::read_to_string(file).await;
    let text = read.map_err(|e| fault::refused(section.name(), &format!("clientSecretFile: {e}")))?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// The tokens for a code.
pub(super) async fn exchange(
    line: &Line,
    client: OurClient,
    secret: Option<String>,
    code: String,
    verifier: PkceCodeVerifier,
) -> Result<Tokens> {
    let client = match secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret)),
        None => client,
    };
    let asked = client.exchange_code(AuthorizationCode::new(code)).set_pkce_verifier(verifier);
    asked.request_async(line).await.map_err(|e| failure(&line.name, e))
}

impl<'c> AsyncHttpClient<'c> for Line {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

fn failure(name: &str, error: RequestTokenError<Error, BasicErrorResponse>) -> Error {
    let said = match error {
        RequestTokenError::Request(e) => return e,
        RequestTokenError::ServerResponse(said) => said,
        // some say what is wrong with a status of success
        RequestTokenError::Parse(e, body) => match serde_json::from_slice(&body) {
            Ok(said) => said,
            Err(_) => return fault::invalid(name, &e),
        },
        RequestTokenError::Other(why) => return fault::invalid(name, &why),
    };
    match said.error() {
        BasicErrorResponseType::InvalidGrant => fault::stale(),
        BasicErrorResponseType::Extension(word) if word == "bad_verification_code" => fault::stale(), // GitHub's word
        _ => fault::refused(name, &said),
    }
}

pub(super) fn access_token(tokens: &Tokens) -> &str {
    AccessToken::secret(tokens.access_token())
}

pub(super) fn id_token(tokens: &Tokens) -> Option<&str> {
    tokens.extra_fields().id_token.as_deref()
}
