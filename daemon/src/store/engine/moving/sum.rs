//! What many rows come to, in whatever order they are read: how many, and the sum of their hashes.

use aws_lc_rs::digest::{Context, SHA256};

use crate::store::Value;

/// Equal for the same rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) rows: u64,
    hash: u128,
}

impl Sum {
    /// Counts one row in.
    pub(super) fn add(&mut self, row: &[Value<'_>]) {
        let mut hashed = Context::new(&SHA256);
        for value in row {
            match value {
                Value::Null => hashed.update(&[0]),
                Value::Bool(value) => hashed.update(&[1, u8::from(*value)]),
                Value::Integer(value) => {
                    hashed.update(&[2]);
                    hashed.update(&value.to_be_bytes());
                }
                Value::Text(text) => {
                    hashed.update(&[3]);
                    hashed.update(&text.len().to_be_bytes());
                    hashed.update(text.as_bytes());
                }
            }
        }
        let digest = hashed.finish();
        let half: [u8; 16] = digest.as_ref().first_chunk().copied().unwrap_or_default();
        self.hash = self.hash.wrapping_add(u128::from_be_bytes(half));
        self.rows += 1;
    }
}
