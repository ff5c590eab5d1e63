//! The suites that go through a door, one module each. The harness explains itself in `bedrud_tests`.
mod accounts;
mod bad_input;
mod calls;
mod house;
mod moderation;
mod operator;
mod operator_meeting;
mod operator_peers;
mod presence;
mod proxy;
mod rooms;
mod routes;
mod sfu;
mod start;
mod webhooks;
