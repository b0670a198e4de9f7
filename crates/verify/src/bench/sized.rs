//! The design at the sizes that were asked for, and what was found there for many claims at once.

use underpin_claim::Value as Measure;
use underpin_server::SessionError;

use super::{Bench, Input};
use crate::growth::{Size, one_size, sizes};
use crate::load::{Loaded, load};
use crate::probe::Used;

impl<'a> Bench<'a> {
    /// The design at three sizes, made when it is first asked for; the reason where it is not.
    pub(crate) fn sizes(&mut self) -> Result<Result<&mut Vec<Size<'a>>, String>, SessionError> {
        let Some(rows) = self.input.options.scale else {
            return Ok(Err("no size was asked for: --scale".to_owned()));
        };
        if self.sizes.is_none() {
            let made = sizes(self.input, self.shapes, rows)?;
            for size in made.iter().flatten() {
                self.tell_size(size.all(), size.remarks());
            }
            self.sizes = Some(made);
        }
        match self.sizes.as_mut().expect("set above") {
            Ok(sizes) => Ok(Ok(sizes)),
            Err(reason) => Ok(Err(reason.clone())),
        }
    }

    /// The design at the size that was asked for, made when it is first asked for; the reason where it is not.
    pub(crate) fn scaled(&mut self) -> Result<Result<&mut Size<'a>, String>, SessionError> {
        let Some(rows) = self.input.options.scale else {
            return Ok(Err("no size was asked for: --scale".to_owned()));
        };
        if !matches!(&self.sizes, Some(Ok(sizes)) if !sizes.is_empty()) && self.one_size.is_none() {
            let made = one_size(self.input, self.shapes, rows)?;
            if let Ok(size) = &made {
                self.tell_size(size.all(), size.remarks());
            }
            self.one_size = Some(made);
        }
        if let Some(Ok(sizes)) = &mut self.sizes {
            if let Some(largest) = sizes.last_mut() {
                return Ok(Ok(largest));
            }
        }
        match self.one_size.as_mut().expect("set above") {
            Ok(size) => Ok(Ok(size)),
            Err(reason) => Ok(Err(reason.clone())),
        }
    }

    fn tell_size(&mut self, rows: u64, remarks: Vec<String>) {
        let all = i64::try_from(rows).unwrap_or(i64::MAX);
        let remarks = remarks.into_iter().map(Measure::Text).collect();
        self.fact(&format!("scale/{all}"), Measure::List(remarks));
    }

    /// What each query does at the size that was asked for, with all indexes there, found when it is first asked for; and
    /// the design at that size.
    pub(crate) fn used(
        &mut self,
        find: impl FnOnce(Input<'a>, &mut Size<'a>) -> Result<Vec<Used>, SessionError>,
    ) -> Result<Result<(&[Used], &mut Size<'a>), String>, SessionError> {
        let input = self.input;
        if let Err(reason) = self.scaled()? {
            return Ok(Err(reason));
        }
        if self.used.is_none() {
            let found = match self.scaled()? {
                Ok(size) => find(input, size)?,
                Err(reason) => return Ok(Err(reason)),
            };
            self.used = Some(found);
        }
        let largest = match &mut self.sizes {
            Some(Ok(sizes)) if !sizes.is_empty() => sizes.last_mut(),
            _ => self.one_size.as_mut().and_then(|size| size.as_mut().ok()),
        };
        let size = largest.expect("invariant: it was made above");
        Ok(Ok((self.used.as_deref().expect("set above"), size)))
    }

    /// What came of the stated mix, run when it is first asked for; the reason where it was not.
    pub(crate) fn load(&mut self) -> Result<Result<&Loaded, String>, SessionError> {
        if self.load.is_none() {
            let input = self.input;
            let made = match self.scaled()? {
                Ok(size) => load(input, size)?,
                Err(reason) => Err(reason),
            };
            self.load = Some(made);
        }
        Ok(self.load.as_ref().expect("set above").as_ref().map_err(Clone::clone))
    }
}
