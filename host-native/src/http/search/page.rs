//! Pages: which part of the result is asked for, and what is said about it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::http::Problem;
use crate::store::{Cursor, Found, PAGE_ROWS_MAX, Page, Start};

/// What is said about a page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageAnswer {
    /// How many items match, up to a limit.
    pub total_items: u64,
    /// Whether there are more than that.
    pub has_more_total_items: bool,
    /// The first item's cursor; none on an empty page.
    pub start_cursor: Option<String>,
    /// The last item's cursor; none on an empty page.
    pub end_cursor: Option<String>,
}

impl From<&Found> for PageAnswer {
    fn from(found: &Found) -> Self {
        let cursor = |it: &Option<Cursor>| it.as_ref().map(|it| STANDARD.encode(it.to_text()));
        Self {
            total_items: found.total,
            has_more_total_items: found.has_more,
            start_cursor: cursor(&found.start),
            end_cursor: cursor(&found.end),
        }
    }
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
        let in_range = u32::try_from(limit).ok().filter(|it| (1..=PAGE_ROWS_MAX).contains(it));
        let Some(limit) = in_range else {
            let detail = format!("page.limit: expected 1 to {PAGE_ROWS_MAX}, found {limit}");
            return Err(Problem::malformed("page.limit", detail));
        };
        let start = match (self.from, self.after, self.before) {
            (from, None, None) => {
                let from = from.unwrap_or(0);
                let detail = format!("page.from: expected 0 or more, found {from}");
                let wrong = |_| Problem::malformed("page.from", detail);
                Start::From(u64::try_from(from).map_err(wrong)?)
            }
            (None, Some(after), None) => Start::After(cursor("page.after", &after)?),
            (None, None, Some(before)) => Start::Before(cursor("page.before", &before)?),
            _ => {
                let detail = "page: expected one of from, after and before, found several";
                return Err(Problem::malformed("page", detail));
            }
        };
        Ok(Page { start, limit })
    }
}

/// Names the field of a page's cursor.
pub(super) const fn cursor_field(page: &Page) -> &'static str {
    match page.start {
        Start::After(_) => "page.after",
        Start::Before(_) => "page.before",
        Start::From(_) => "page",
    }
}

fn cursor(path: &str, text: &str) -> Result<Cursor, Problem> {
    let text = STANDARD.decode(text).ok().and_then(|it| String::from_utf8(it).ok());
    text.and_then(|it| Cursor::from_text(&it).ok()).ok_or_else(|| {
        let detail = format!("{path}: expected a cursor of an earlier answer, found another text");
        Problem::malformed(path, detail)
    })
}

const LIMIT_DEFAULT: i64 = 100;
