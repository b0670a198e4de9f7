//! Tests that talk to real servers. Without PostgreSQL they fail, and say how to install it.

#[cfg(test)]
mod fetch;
#[cfg(test)]
mod find;
#[cfg(test)]
mod given;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod left_behind;
#[cfg(test)]
mod private;
