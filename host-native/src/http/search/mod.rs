//! Searches: `{filter, sort, page}` as the API has it, checked field by field.

mod cursor;
mod fields;
mod filter;
mod page;

use serde::Deserialize;
use serde_json::value::RawValue;

pub use cursor::Cursor;
pub use fields::{
    ELEMENT_INSTANCES, Field, Fields, INCIDENTS, JOBS, Kind, MESSAGE_SUBSCRIPTIONS,
    PROCESS_DEFINITIONS, PROCESS_INSTANCES, VARIABLES,
};
pub use filter::{Condition, Filter, Operand, Test};
pub use page::{Page, PageAnswer, Place};

use super::{Problem, body};

/// A search that can be run.
#[derive(Clone, Debug)]
pub struct Search {
    /// What must hold.
    pub filter: Filter,
    /// What comes first; the key breaks ties.
    pub sort: Vec<Sort>,
    /// Which part is asked for.
    pub page: Page,
}

/// One thing to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The field.
    pub field: &'static Field,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

/// A search as it is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchBody {
    filter: Option<Box<RawValue>>,
    sort: Option<Vec<SortBody>>,
    page: Option<page::PageBody>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SortBody {
    field: String,
    order: Option<String>,
}

impl SearchBody {
    /// Checks the search against the fields of what is searched.
    ///
    /// # Errors
    /// A field or operator is unknown, a value is of another type, or the page is not one; the problem names it.
    pub fn check(self, fields: &'static Fields) -> Result<Search, Problem> {
        let filter = match &self.filter {
            None => Filter::default(),
            Some(raw) => {
                let value: serde_json::Value = body::parse(raw.get().as_bytes())?;
                filter::parse(&value, fields)?
            }
        };
        let sort = self
            .sort
            .unwrap_or_default()
            .into_iter()
            .enumerate()
            .map(|(index, it)| it.check(index, fields))
            .collect::<Result<_, _>>()?;
        Ok(Search { filter, sort, page: self.page.unwrap_or_default().check()? })
    }
}

impl SortBody {
    fn check(self, index: usize, fields: &'static Fields) -> Result<Sort, Problem> {
        let Some(field) = fields.sortable(&self.field) else {
            let (path, known) = (format!("sort[{index}].field"), fields.sortable_names());
            let detail = format!("{path}: expected one of {known}, found '{}'", self.field);
            return Err(Problem::malformed(&path, detail));
        };
        let order = self.order.as_deref().unwrap_or("ASC");
        let is_descending = if order.eq_ignore_ascii_case("DESC") {
            true
        } else if order.eq_ignore_ascii_case("ASC") {
            false
        } else {
            let path = format!("sort[{index}].order");
            let detail = format!("{path}: expected ASC or DESC, found '{order}'");
            return Err(Problem::malformed(&path, detail));
        };
        Ok(Sort { field, is_descending })
    }
}

#[cfg(test)]
mod tests;
