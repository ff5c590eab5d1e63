//! The API document, against which every answer of the public door is held: what a route answers stands in it.
use std::sync::OnceLock;

use http::Method;
use serde_json::Value;

use crate::repository;

fn document() -> &'static Value {
    static KEPT: OnceLock<Value> = OnceLock::new();
    KEPT.get_or_init(|| {
        let text = std::fs::read(repository().join("frontend/openapi.json")).expect("the API document");
        serde_json::from_slice(&text).expect("JSON")
    })
}

/// Says what is wrong where the document does not know that this request may be answered so.
pub(crate) fn unknown(method: &Method, path: &str, status: u16) -> Option<String> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    // port 80 sends everybody elsewhere, whatever the path
    if !path.starts_with("/api/") || path.starts_with("/api/swagger") || status == 308 {
        return None;
    }
    let paths = document()["paths"].as_object().expect("paths");
    // a path that is written out wins over one with a variable part
    let mut fitting: Vec<_> = paths.iter().filter(|(template, _)| fits(template, path)).collect();
    fitting.sort_by_key(|(template, _)| template.matches('{').count());
    let Some((template, methods)) = fitting.first() else {
        return (status != 404).then(|| format!("{path} is not in the API document, and was answered"));
    };
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let known = match &methods[method.as_str().to_lowercase()]["responses"] {
        Value::Object(answers) => answers.contains_key(&status.to_string()),
        _ => status == 405 || (method == Method::OPTIONS && status < 300),
    };
    (!known).then(|| format!("the API document does not know that {method} {template} may answer {status}"))
}

fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given => {}
            (Some(wanted), Some(given)) if wanted.starts_with('{') && !given.is_empty() => {}
            _ => return false,
        }
    }
}
