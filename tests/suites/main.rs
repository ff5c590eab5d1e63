//! The suites that go through a door, one module each. The harness explains itself in `bedrud_tests`.
mod accounts;
mod house;
mod moderation;
mod operator;
mod operator_meeting;
mod operator_peers;
mod presence;
mod rooms;
mod start;
