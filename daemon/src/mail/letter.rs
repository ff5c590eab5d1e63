//! A letter, and the message that it becomes: plain text and HTML that say the same, nothing fetched from anywhere.

use std::str::FromStr;

use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use super::Language;
use crate::error::{Error, Result};

/// What somebody is asked to follow.
#[derive(Clone, Debug)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub link: String,
    /// What stands before the link itself, for who cannot press it.
    pub hint: String,
}

/// A letter to one person.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The mail address it goes to.
    pub to: String,
    /// What the server calls itself.
    pub server: String,
    /// The language it is in.
    pub language: Language,
    /// The subject.
    pub subject: String,
    /// What it says.
    pub text: Vec<String>,
    /// What it asks for.
    pub button: Option<Button>,
    /// What it says after that.
    pub after: Vec<String>,
    /// Below the line.
    pub footer: String,
}

impl Letter {
    /// The message of that id; `from` is the sender of the configuration.
    pub(super) fn message(&self, from: &str, id: &str) -> Result<Message> {
        let mut from = Mailbox::from_str(from).map_err(Error::internal)?;
        // lettre has no way to write a line break in a name, and panics
        from.name.get_or_insert_with(|| self.server.replace(char::is_control, " "));
        let to = Address::from_str(&self.to)
            .map_err(|e| Error::invalid("mail_invalid", format!("{:?} is no mail address: {e}.", self.to)))?;
        let id = format!("<{id}@{}>", from.email.domain());
        // who is not there need not say so (RFC 3834, 5)
        let automatic =
            HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
        Message::builder()
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(self.subject.clone())
            .message_id(Some(id))
            .raw_header(automatic)
            .multipart(MultiPart::alternative_plain_html(self.plain(), self.html()))
            .map_err(Error::internal)
    }

    fn plain(&self) -> String {
        let mut parts = self.text.clone();
        if let Some(button) = &self.button {
            parts.push(format!("{}:\n{}", button.label, button.link));
        }
        parts.extend(self.after.iter().cloned());
        parts.push(format!("-- \n{}", self.footer));
        format!("{}\n", parts.join("\n\n"))
    }

    fn html(&self) -> String {
        let paragraph = |text: &String| format!("<p>{}</p>\n", escaped(text).replace('\n', "<br>\n"));
        let mut body: String = self.text.iter().map(paragraph).collect();
        if let Some(Button { label, link, hint }) = &self.button {
            let (label, link, hint) = (escaped(label), escaped(link), escaped(hint));
            body.push_str(&format!(
                "<p><a href=\"{link}\" style=\"display:inline-block;padding:12px 20px;border-radius:8px;background:#1f5fd1;color:#ffffff;text-decoration:none;font-weight:600\">{label}</a></p>\n\
                 <p style=\"font-size:14px\">{hint}<br>\n<a href=\"{link}\" dir=\"ltr\" style=\"word-break:break-all\">{link}</a></p>\n"
            ));
        }
        body.extend(self.after.iter().map(paragraph));
        format!(
            "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\n\
             <body style=\"margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif\">\n\
             <div style=\"max-width:560px;margin:0 auto\">\n{body}<hr>\n<p style=\"font-size:13px\">{}</p>\n</div>\n</body>\n</html>\n",
            self.language.tag(),
            self.language.direction(),
            escaped(&self.subject),
            escaped(&self.footer),
        )
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_people_write_becomes_a_header_or_a_tag() {
        let letter = Letter {
            to: "ada@example.org".to_owned(),
            server: "Büro, \"Nord\" <x@y.z>\r\nBcc: eve@example.org".to_owned(),
            language: Language::Fa,
            subject: "Zürich, 日本\r\nBcc: eve@example.org".to_owned(),
            text: vec!["<script>alert('x')</script>".to_owned()],
            button: None,
            after: Vec::new(),
            footer: String::new(),
        };
        let message = letter.message("post@example.org", "1").expect("a message");
        let text = String::from_utf8(message.formatted()).expect("text");
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        assert!(head.is_ascii() && !head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert_eq!(head.lines().filter(|line| line.starts_with("To:")).count(), 1, "{head}");
        assert!(letter.html().contains("dir=\"rtl\"") && !letter.html().contains("<script"));
        assert_eq!(message.envelope().to().len(), 1);
        let wrong = Letter { to: "a@b.c\r\nRCPT TO:<eve@example.org>".to_owned(), ..letter };
        assert_eq!(wrong.message("post@example.org", "1").expect_err("no address").code, "mail_invalid");
    }
}
