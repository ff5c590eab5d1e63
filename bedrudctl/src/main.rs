//! `bedrudctl`: the operator's tool. Speaks HTTP over the daemon's control socket; never opens the database.

fn main() {}
