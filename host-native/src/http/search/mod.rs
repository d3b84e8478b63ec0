//! Searches: `{filter, sort, page}` as the API has it, checked field by field.

mod fields;
mod filter;
mod operand;
mod page;

use serde::Deserialize;
use serde_json::value::RawValue;

pub use fields::{
    DECISION_DEFINITIONS, DECISION_INSTANCES, DECISION_REQUIREMENTS, ELEMENT_INSTANCES, Field,
    Fields, INCIDENTS, JOBS, Kind, MESSAGE_SUBSCRIPTIONS, PROCESS_DEFINITIONS, PROCESS_INSTANCES,
    Source, VARIABLES,
};
pub use page::PageAnswer;

use super::{Problem, body};
use crate::store::{Filter, Query, Sort};

/// A search that can be run.
#[derive(Debug)]
pub struct Search {
    /// What is asked of the read model.
    pub query: Query,
    /// Whether only the newest versions of processes are wanted, or only the others.
    pub is_latest: Option<bool>,
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
        let (filter, is_latest) = filter(self.filter.as_deref(), fields)?;
        let sort = self
            .sort
            .unwrap_or_default()
            .into_iter()
            .enumerate()
            .map(|(index, it)| it.check(index, fields))
            .collect::<Result<_, _>>()?;
        let page = self.page.unwrap_or_default().check()?;
        let query = Query { table: fields.table, filter, sort, page };
        query.check().map_err(|error| {
            let field = page::cursor_field(&query.page);
            Problem::malformed(field, format!("{field}: {error}"))
        })?;
        Ok(Search { query, is_latest })
    }
}

/// Reads a filter alone.
///
/// # Errors
/// As for a search.
pub fn filter(
    raw: Option<&RawValue>,
    fields: &'static Fields,
) -> Result<(Filter, Option<bool>), Problem> {
    let Some(raw) = raw else { return Ok((Filter::All(Vec::new()), None)) };
    let value: serde_json::Value = body::parse(raw.get().as_bytes())?;
    let parsed = filter::parse(&value, fields)?;
    Ok((parsed.filter, parsed.is_latest))
}

impl SortBody {
    fn check(self, index: usize, fields: &'static Fields) -> Result<Sort, Problem> {
        let column = fields.sortable(&self.field).and_then(|it| fields.table.field(it));
        let Some(field) = column else {
            let (path, known) = (format!("sort[{index}].field"), fields.sortable_names());
            let detail = format!("{path}: expected one of {known}, found '{}'", self.field);
            return Err(Problem::malformed(&path, detail));
        };
        let order = self.order.as_deref().unwrap_or("ASC");
        let is_descending = order.eq_ignore_ascii_case("DESC");
        if !is_descending && !order.eq_ignore_ascii_case("ASC") {
            let path = format!("sort[{index}].order");
            let detail = format!("{path}: expected ASC or DESC, found '{order}'");
            return Err(Problem::malformed(&path, detail));
        }
        Ok(Sort { field, is_descending })
    }
}

#[cfg(test)]
mod tests;
