//! The suites that go through a door, one module each. The harness explains itself in `bedrud_tests`.
mod accounts;
mod house;
mod moderation;
mod operator;
mod presence;
mod rooms;
mod start;
