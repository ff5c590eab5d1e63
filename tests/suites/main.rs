//! The suites that go through a door, one module each.
