//! A program's two pipes: every line into our log, the last ones kept for whoever asks why it ended.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

/// Lines kept.
const KEPT: usize = 20;
/// Longer lines are cut. A join with its session description has 20 kB.
const LONGEST_BYTES: u64 = 64 << 10;
/// What is kept of a line.
const KEPT_BYTES: usize = 1 << 10;

/// The last lines of both pipes, oldest first.
#[derive(Clone, Default)]
pub(super) struct LastLines(Arc<Mutex<VecDeque<String>>>);

impl LastLines {
    pub(super) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn add(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line);
    }
}

/// Reads until the pipe closes; `log` writes a line into our log.
pub(super) async fn follow(pipe: impl AsyncRead + Unpin, log: fn(&str), last: LastLines) {
    let mut reader = BufReader::with_capacity(2048, pipe);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        match (&mut reader).take(LONGEST_BYTES).read_until(b'\n', &mut bytes).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if bytes.len() as u64 == LONGEST_BYTES
            && !bytes.ends_with(b"\n")
            && skip_line(&mut reader).await.is_err()
        {
            return;
        }
        let mut line = without_tokens(String::from_utf8_lossy(&bytes).trim_end());
        if !line.is_empty() {
            log(&line);
            line.truncate(line.floor_char_boundary(KEPT_BYTES));
            last.add(line);
        }
    }
}

/// What is left of a line that was cut would pass for one of its own.
async fn skip_line(reader: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<()> {
    loop {
        let bytes = reader.fill_buf().await?;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let (count, ended) = (end.map_or(bytes.len(), |at| at + 1), end.is_some() || bytes.is_empty());
        reader.consume(count);
        if ended {
            return Ok(());
        }
    }
}

/// LiveKit writes refused tokens into its log; a JWT starts with the base64 of `{"`.
fn without_tokens(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("eyJ") {
        let (before, token) = rest.split_at(at);
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let length = token.find(|c| !is_part(c)).unwrap_or(token.len());
        let (token, after) = token.split_at(length);
        out.push_str(before);
        out.push_str(if token.len() > 40 { "[token]" } else { token });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_last_lines_stay_and_long_ones_are_cut() {
        let mut text = String::new();
        for n in 0..30 {
            text.push_str(&format!("line {n}\n"));
        }
        text.push_str(&"x".repeat(200_000));
        text.push_str("\nthe last\n");
        let last = LastLines::default();
        follow(text.as_bytes(), |_| {}, last.clone()).await;
        let lines = last.all();
        assert_eq!(lines.len(), KEPT);
        assert_eq!(lines[0], "line 12");
        assert_eq!(lines[KEPT - 1], "the last");
        assert!(lines.iter().all(|l| l.len() <= KEPT_BYTES));
    }

    #[test]
    fn tokens_do_not_reach_the_log() {
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJBUEkifQ.c2lnbmF0dXJl";
        assert_eq!(
            without_tokens(&format!("invalid token: {token}, error: eyJ")),
            "invalid token: [token], error: eyJ"
        );
    }
}
