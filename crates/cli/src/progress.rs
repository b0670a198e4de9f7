//! What is being done, and how long it took.

use std::time::{Duration, Instant};

use crate::terminal::{self, Style};

/// Says on standard error which stage is at work, and keeps the times for the summary.
#[derive(Debug)]
pub(crate) struct Progress {
    style: Style,
    verbose: bool,
    times: Vec<(&'static str, Duration)>,
}

impl Progress {
    /// `verbose` prints a line for each stage where no terminal is watching.
    pub(crate) fn new(verbose: bool) -> Self {
        Self { style: Style::of_stderr(), verbose, times: Vec::new() }
    }

    /// Does the work of a stage.
    pub(crate) fn stage<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        if self.style.live {
            terminal::aside(&format!("\r\x1b[2K{name} …"));
        }
        let begun = Instant::now();
        let result = work();
        let taken = begun.elapsed();
        self.times.push((name, taken));
        if self.style.live {
            // The next stage, a diagnostic or the summary begins on a clean line.
            terminal::aside("\r\x1b[2K");
        }
        if self.verbose {
            terminal::aside(&format!("{name}: {}\n", shown(taken)));
        }
        result
    }

    /// Does the work of a stage that can say how far it is.
    pub(crate) fn telling_stage<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut dyn FnMut(&str)) -> T,
    ) -> T {
        let live = self.style.live;
        self.stage(name, || {
            work(&mut |far| {
                if live {
                    // A longer line would be wrapped, and only its last part written over.
                    let far: String = far.chars().take(60).collect();
                    terminal::aside(&format!("\r\x1b[2K{name} {far}"));
                }
            })
        })
    }

    /// The stages so far with their times.
    pub(crate) fn times(&self) -> &[(&'static str, Duration)] {
        &self.times
    }

    /// All stages in one line: `read 3 ms, model 1 ms, …, together 4 ms`.
    pub(crate) fn line(&self) -> String {
        let mut parts: Vec<String> =
            self.times.iter().map(|(name, taken)| format!("{name} {}", shown(*taken))).collect();
        let all: Duration = self.times.iter().map(|(_, taken)| *taken).sum();
        parts.push(format!("together {}", shown(all)));
        parts.join(", ")
    }
}

/// A duration as people read it.
pub(crate) fn shown(taken: Duration) -> String {
    if taken < Duration::from_secs(1) {
        format!("{:.0} ms", taken.as_secs_f64() * 1000.0)
    } else {
        format!("{:.1} s", taken.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_kept_in_order() {
        let mut progress = Progress::new(false);
        assert_eq!(progress.stage("read", || 7), 7);
        progress.stage("model", || ());
        let names: Vec<&str> = progress.times().iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["read", "model"]);
        assert!(progress.line().contains("model 0 ms, together "), "{}", progress.line());
        assert_eq!(shown(Duration::from_millis(12)), "12 ms");
        assert_eq!(shown(Duration::from_millis(1250)), "1.2 s");
    }
}
