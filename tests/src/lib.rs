//! Harness of the suites: starts the real programs and speaks to them as a person or client would.
