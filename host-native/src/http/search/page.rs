//! Pages: which part of the result is asked for, and what is said about it.

use serde::{Deserialize, Serialize};

use super::Cursor;
use crate::http::Problem;

/// Which part of a result is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// How many items at most.
    pub limit: u32,
    /// Where they begin.
    pub place: Place,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// After so many items.
    From(u64),
    /// After the item of a cursor.
    After(Cursor),
    /// Before the item of a cursor.
    Before(Cursor),
}

/// What is said about a page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageAnswer {
    /// How many items match.
    pub total_items: u64,
    /// Whether there are more than that.
    pub has_more_total_items: bool,
    /// The first item's cursor; none on an empty page.
    pub start_cursor: Option<String>,
    /// The last item's cursor; none on an empty page.
    pub end_cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageBody {
    limit: Option<i64>,
    from: Option<i64>,
    after: Option<String>,
    before: Option<String>,
}

impl PageBody {
    pub(super) fn check(self) -> Result<Page, Problem> {
        let limit = self.limit.unwrap_or(LIMIT_DEFAULT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            let detail = format!("page.limit: expected 1 to {LIMIT_MAX}, found {limit}");
            return Err(Problem::malformed("page.limit", detail));
        }
        let place = match (self.from, self.after, self.before) {
            (from, None, None) => {
                let from = from.unwrap_or(0);
                let detail = format!("page.from: expected 0 or more, found {from}");
                let wrong = |_| Problem::malformed("page.from", detail);
                Place::From(u64::try_from(from).map_err(wrong)?)
            }
            (None, Some(after), None) => Place::After(cursor("page.after", &after)?),
            (None, None, Some(before)) => Place::Before(cursor("page.before", &before)?),
            _ => {
                let detail = "page: expected one of from, after and before, found several";
                return Err(Problem::malformed("page", detail));
            }
        };
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        Ok(Page { limit, place })
    }
}

fn cursor(path: &str, text: &str) -> Result<Cursor, Problem> {
    Cursor::parse(text).ok_or_else(|| {
        let detail = format!("{path}: expected a cursor of an earlier answer, found another text");
        Problem::malformed(path, detail)
    })
}

const LIMIT_DEFAULT: i64 = 100;
const LIMIT_MAX: i64 = 10_000;
