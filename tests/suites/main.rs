//! The suites that go through a door, one module each. The harness explains itself in `bedrud_tests`.
mod accounts;
mod house;
mod operator;
mod start;
