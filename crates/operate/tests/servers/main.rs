//! Tests against a real server. Without PostgreSQL they fail, and say how to install it.

#[cfg(test)]
mod differences;
#[cfg(test)]
mod everything;
#[cfg(test)]
mod faithful;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod load;
#[cfg(test)]
mod made;
mod partitions;
#[cfg(test)]
mod random;
#[cfg(test)]
mod words;
