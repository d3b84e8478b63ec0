//! Filters: a plain value is equality, an object holds operators, fields are joined by AND.

use serde_json::{Map, Value};

use super::operand::{flag, kind_of, list, operand, text, wrong};
use super::{Field, Fields, Kind, Source};
use crate::http::Problem;
use crate::store::{Cell, Condition, Filter, Table};

/// A filter of a search.
#[derive(Debug)]
pub struct Parsed {
    /// What the read model can answer.
    pub filter: Filter,
    /// Whether only the newest versions of processes are wanted, or only the others.
    pub is_latest: Option<bool>,
}

/// Reads a filter.
pub(super) fn parse(value: &Value, fields: &'static Fields) -> Result<Parsed, Problem> {
    let mut all = Conjunction::new(fields);
    for (name, value) in object(value, "filter")? {
        if name == "$or" && fields.has_or {
            let mut any = Vec::new();
            for (index, it) in list(value, "filter.$or")?.iter().enumerate() {
                let path = format!("filter.$or[{index}]");
                let mut one = Conjunction::new(fields);
                for (name, value) in object(it, &path)? {
                    one.field(name, value, &path)?;
                }
                any.push(one.filter());
            }
            if !any.is_empty() {
                all.filters.push(Filter::Any(any));
            }
        } else {
            all.field(name, value, "filter")?;
        }
    }
    let is_latest = all.is_latest;
    Ok(Parsed { filter: all.filter(), is_latest })
}

/// Fields that must all hold.
struct Conjunction {
    fields: &'static Fields,
    filters: Vec<Filter>,
    /// About one and the same element instance.
    element: Vec<Filter>,
    is_latest: Option<bool>,
}

impl Conjunction {
    fn new(fields: &'static Fields) -> Self {
        Self { fields, filters: Vec::new(), element: Vec::new(), is_latest: None }
    }

    fn filter(mut self) -> Filter {
        if !self.element.is_empty() {
            let filters = std::mem::take(&mut self.element);
            self.filters.extend(of_instance(Table::ElementInstance, filters));
        }
        Filter::All(self.filters)
    }

    fn field(&mut self, name: &str, value: &Value, path: &str) -> Result<(), Problem> {
        let path = format!("{path}.{name}");
        let Some(field) = self.fields.filterable(name) else {
            let expected = format!("one of {}", self.fields.filterable_names());
            return Err(wrong(&path, &expected, &format!("'{name}'")));
        };
        match field.kind {
            Kind::Variables => self.variables(value, &path),
            Kind::Tags => self.tags(field, value, &path),
            Kind::Flag => self.flag(field, value, &path),
            _ => {
                for condition in conditions(field.kind, value, &path)? {
                    self.condition(field, condition);
                }
                Ok(())
            }
        }
    }

    fn condition(&mut self, field: &Field, condition: Condition) {
        match field.source {
            Source::Column("element_name") => self.filters.push(element_name(condition)),
            Source::Column(column) => self.filters.extend(is(self.fields.table, column, condition)),
            Source::Element(column) => {
                self.element.extend(is(Table::ElementInstance, column, condition));
            }
            Source::Incident(column) => {
                let mut filters = Vec::from_iter(is(Table::Incident, column, condition));
                filters.extend(is(Table::Incident, "state", Condition::Eq("ACTIVE".into())));
                self.filters.extend(of_instance(Table::Incident, filters));
            }
            Source::Always(text) => self.filters.push(constant(holds(&condition, text))),
            // Flags have a way of their own.
            Source::IsPositive(_)
            | Source::IsThere(_)
            | Source::ElementHas(_)
            | Source::Never
            | Source::IsLatest => {}
        }
    }

    fn flag(&mut self, field: &Field, value: &Value, path: &str) -> Result<(), Problem> {
        let is_wanted = flag_condition(value, path)?;
        let sign =
            if is_wanted { Condition::Gt(Cell::Int(0)) } else { Condition::Eq(Cell::Int(0)) };
        let there = Condition::Exists(is_wanted);
        let table = self.fields.table;
        match field.source {
            Source::IsPositive(column) => self.filters.extend(is(table, column, sign)),
            Source::IsThere(column) => self.filters.extend(is(table, column, there)),
            Source::ElementHas(column) => {
                self.element.extend(is(Table::ElementInstance, column, there));
            }
            Source::Never => self.filters.push(constant(!is_wanted)),
            Source::IsLatest => self.is_latest = Some(is_wanted),
            Source::Column(_) | Source::Element(_) | Source::Incident(_) | Source::Always(_) => {}
        }
        Ok(())
    }

    fn tags(&mut self, field: &Field, value: &Value, path: &str) -> Result<(), Problem> {
        let Source::Column(column) = field.source else { return Ok(()) };
        for (index, it) in list(value, path)?.iter().enumerate() {
            text(it, &format!("{path}[{index}]"))?;
            // The column holds a JSON list of texts.
            let mut pattern = String::from("*");
            for character in it.to_string().chars() {
                if matches!(character, '*' | '?' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(character);
            }
            pattern.push('*');
            self.filters.extend(is(self.fields.table, column, Condition::Like(pattern)));
        }
        Ok(())
    }

    fn variables(&mut self, value: &Value, path: &str) -> Result<(), Problem> {
        for (index, it) in list(value, path)?.iter().enumerate() {
            let path = format!("{path}[{index}]");
            let it = object(it, &path)?;
            if let Some(other) = it.keys().find(|it| *it != "name" && *it != "value") {
                let found = format!("'{other}'");
                return Err(wrong(&format!("{path}.{other}"), "name or value", &found));
            }
            let (Some(name), Some(value)) = (it.get("name"), it.get("value")) else {
                return Err(wrong(&path, "name and value", "one of them missing"));
            };
            let name = text(name, &format!("{path}.name"))?;
            let mut filters =
                Vec::from_iter(is(Table::Variable, "name", Condition::Eq(name.into())));
            for condition in conditions(Kind::Text, value, &format!("{path}.value"))? {
                filters.extend(is(Table::Variable, "value", condition));
            }
            self.filters.extend(of_instance(Table::Variable, filters));
        }
        Ok(())
    }
}

fn is(table: Table, column: &str, condition: Condition) -> Option<Filter> {
    Some(Filter::Is(table.field(column)?, condition))
}

/// Rows of another table that belong to the process instance.
fn of_instance(table: Table, filters: Vec<Filter>) -> Option<Filter> {
    let own = Table::ProcessInstance.key();
    let other = table.field("process_instance_key")?;
    Some(Filter::Related { own, other, filter: Box::new(Filter::All(filters)) })
}

/// An element without a name is shown by its id.
fn element_name(condition: Condition) -> Filter {
    let table = Table::ElementInstance;
    let mut unnamed = Vec::from_iter(is(table, "element_name", Condition::Exists(false)));
    unnamed.extend(is(table, "element_id", condition.clone()));
    let mut either = Vec::from_iter(is(table, "element_name", condition));
    either.push(Filter::All(unnamed));
    Filter::Any(either)
}

fn constant(holds: bool) -> Filter {
    if holds { Filter::All(Vec::new()) } else { Filter::Any(Vec::new()) }
}

fn holds(condition: &Condition, found: &str) -> bool {
    let is_found = |it: &Cell| it.as_text() == Some(found);
    match condition {
        Condition::Eq(it) => is_found(it),
        Condition::Neq(it) => !is_found(it),
        Condition::In(list) => list.iter().any(is_found),
        Condition::NotIn(list) => !list.iter().any(is_found),
        Condition::Exists(is_wanted) => *is_wanted,
        Condition::Like(pattern) => pattern == found || pattern == "*",
        Condition::Gt(_) | Condition::Gte(_) | Condition::Lt(_) | Condition::Lte(_) => false,
    }
}

fn flag_condition(value: &Value, path: &str) -> Result<bool, Problem> {
    let Value::Object(operators) = value else { return flag(value, path) };
    let mut entries = operators.iter();
    let Some(((name, value), None)) = entries.next().map(|it| (it, entries.next())) else {
        return Err(wrong(path, "one operator", &operators.len().to_string()));
    };
    let path = format!("{path}.{name}");
    match name.as_str() {
        "$eq" => flag(value, &path),
        "$neq" => flag(value, &path).map(|it| !it),
        _ => Err(wrong(&path, "$eq or $neq", &format!("'{name}'"))),
    }
}

fn conditions(kind: Kind, value: &Value, path: &str) -> Result<Vec<Condition>, Problem> {
    let Value::Object(operators) = value else {
        return Ok(vec![Condition::Eq(operand(kind, value, path)?)]);
    };
    operators.iter().map(|(name, value)| condition(kind, name, value, path)).collect()
}

fn condition(kind: Kind, name: &str, value: &Value, path: &str) -> Result<Condition, Problem> {
    let path = format!("{path}.{name}");
    let one = || operand(kind, value, &path);
    let many = || -> Result<Vec<Cell>, Problem> {
        let items = list(value, &path)?.iter().enumerate();
        items.map(|(index, it)| operand(kind, it, &format!("{path}[{index}]"))).collect()
    };
    let is_ordered = matches!(kind, Kind::Number | Kind::Time);
    let has_pattern = matches!(kind, Kind::Text | Kind::Name(_));
    Ok(match name {
        "$eq" => Condition::Eq(one()?),
        "$neq" => Condition::Neq(one()?),
        "$exists" => Condition::Exists(flag(value, &path)?),
        "$in" => Condition::In(many()?),
        "$notIn" => Condition::NotIn(many()?),
        "$gt" if is_ordered => Condition::Gt(one()?),
        "$gte" if is_ordered => Condition::Gte(one()?),
        "$lt" if is_ordered => Condition::Lt(one()?),
        "$lte" if is_ordered => Condition::Lte(one()?),
        "$like" if has_pattern => Condition::Like(text(value, &path)?.into()),
        _ => {
            let expected = match (is_ordered, has_pattern) {
                (true, _) => "one of $eq, $neq, $exists, $in, $notIn, $gt, $gte, $lt, $lte",
                (_, true) => "one of $eq, $neq, $exists, $in, $notIn, $like",
                _ => "one of $eq, $neq, $exists, $in, $notIn",
            };
            return Err(wrong(&path, expected, &format!("'{name}'")));
        }
    })
}

fn object<'a>(value: &'a Value, path: &str) -> Result<&'a Map<String, Value>, Problem> {
    value.as_object().ok_or_else(|| wrong(path, "an object", kind_of(value)))
}
