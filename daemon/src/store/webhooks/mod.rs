//! Tables of outgoing webhooks: who is told (`table`), what happened and is to be told (`tell`), what came of it (`deliveries`).

pub mod deliveries;
pub mod table;
pub mod tell;
