//! Who somebody is, as providers say that know no OpenID Connect: GitHub and X, each in its own words.

use serde::Deserialize;

use super::{
    Told,
    ask::Line,
    fault,
    place::Place,
    talk::{self, Tokens},
};
use crate::{
    config::{Provider as Section, ProviderKind},
    error::Result,
};

/// `GET /user` of GitHub.
#[derive(Deserialize)]
struct GithubUser {
    id: u64,
    login: String,
    name: Option<String>,
}

/// One of `GET /user/emails` of GitHub.
#[derive(Deserialize)]
struct GithubMail {
    email: String,
    primary: bool,
    verified: bool,
}

/// `GET /2/users/me` of X.
#[derive(Deserialize)]
struct TwitterAnswer {
    data: TwitterUser,
}

#[derive(Deserialize)]
struct TwitterUser {
    id: String,
    name: String,
    username: String,
    /// The address that they have shown to be theirs.
    confirmed_email: Option<String>,
}

/// Asks in the name of whoever the tokens are for.
pub(super) async fn look(section: &Section, line: &Line, place: &Place, tokens: &Tokens) -> Result<Told> {
    let token = Some(talk::access_token(tokens));
    let url = place.person.as_deref().unwrap_or_default();
    let issuer = section.issuer().to_owned();
    if section.kind == ProviderKind::Twitter {
        let TwitterAnswer { data } = line.get(url, token).await?;
        let name = if data.name.trim().is_empty() { data.username } else { data.name };
        let is_verified = data.confirmed_email.is_some();
        return named(
            line,
            Told {
                issuer,
                subject: data.id,
                email: data.confirmed_email,
                is_verified,
                name: Some(name),
                values: Vec::new(),
            },
        );
    }
    let user: GithubUser = line.get(url, token).await?;
    let mails: Vec<GithubMail> = match &place.mails {
        Some(url) => line.get(url, token).await?,
        None => Vec::new(),
    };
    let mail = mails.into_iter().find(|mail| mail.primary);
    let is_verified = mail.as_ref().is_some_and(|mail| mail.verified);
    let name = user.name.filter(|name| !name.trim().is_empty()).unwrap_or(user.login);
    let email = mail.map(|mail| mail.email);
    let subject = user.id.to_string();
    named(line, Told { issuer, subject, email, is_verified, name: Some(name), values: Vec::new() })
}

fn named(line: &Line, told: Told) -> Result<Told> {
    if told.subject.is_empty() || told.subject.len() > 254 {
        return Err(fault::invalid(&line.name, &"it names nobody"));
    }
    Ok(told)
}
