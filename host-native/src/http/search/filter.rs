//! Filters: a plain value is equality, an object holds operators, fields are joined by AND.

use serde_json::{Map, Value};

use super::{Field, Fields, Kind};
use crate::http::{Problem, time};

/// What must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// All of these.
    pub all: Vec<Condition>,
    /// And all conditions of at least one of these, unless it is empty.
    pub any: Vec<Vec<Condition>>,
}

/// One test of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The field.
    pub field: &'static Field,
    /// For a field of kind [`Kind::Variables`], the name of the variable.
    pub variable: Option<String>,
    /// The test.
    pub test: Test,
}

/// A test of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Equal.
    Equal(Operand),
    /// Not equal.
    NotEqual(Operand),
    /// There is a value, or there is none.
    Exists(bool),
    /// Greater.
    Greater(Operand),
    /// Greater or equal.
    AtLeast(Operand),
    /// Less.
    Less(Operand),
    /// Less or equal.
    AtMost(Operand),
    /// One of some.
    In(Vec<Operand>),
    /// None of some.
    NotIn(Vec<Operand>),
    /// Matches a pattern: `*` any text, `?` any character, `\` takes the next one literally.
    Like(String),
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A key, a number, or a time in milliseconds since 1970.
    Integer(i64),
    /// A text.
    Text(String),
    /// True or false.
    Flag(bool),
}

/// Reads a filter.
pub(super) fn parse(value: &Value, fields: &'static Fields) -> Result<Filter, Problem> {
    let mut filter = Filter::default();
    for (name, value) in object(value, "filter")? {
        if name == "$or" && fields.has_or {
            for (index, it) in list(value, "filter.$or")?.iter().enumerate() {
                let path = format!("filter.$or[{index}]");
                let mut conditions = Vec::new();
                for (name, value) in object(it, &path)? {
                    field(&mut conditions, name, value, fields, &path)?;
                }
                filter.any.push(conditions);
            }
        } else {
            field(&mut filter.all, name, value, fields, "filter")?;
        }
    }
    Ok(filter)
}

fn field(
    conditions: &mut Vec<Condition>,
    name: &str,
    value: &Value,
    fields: &'static Fields,
    path: &str,
) -> Result<(), Problem> {
    let path = format!("{path}.{name}");
    let Some(field) = fields.filterable(name) else {
        let expected = format!("one of {}", fields.filterable_names());
        return Err(wrong(&path, &expected, &format!("'{name}'")));
    };
    match field.kind {
        Kind::Variables => variables(conditions, field, value, &path),
        Kind::Tags => {
            for (index, it) in list(value, &path)?.iter().enumerate() {
                let tag = text(it, &format!("{path}[{index}]"))?.to_owned();
                let test = Test::Equal(Operand::Text(tag));
                conditions.push(Condition { field, variable: None, test });
            }
            Ok(())
        }
        _ => {
            for test in tests(field.kind, value, &path)? {
                conditions.push(Condition { field, variable: None, test });
            }
            Ok(())
        }
    }
}

fn variables(
    conditions: &mut Vec<Condition>,
    field: &'static Field,
    value: &Value,
    path: &str,
) -> Result<(), Problem> {
    for (index, it) in list(value, path)?.iter().enumerate() {
        let path = format!("{path}[{index}]");
        let it = object(it, &path)?;
        if let Some(other) = it.keys().find(|it| *it != "name" && *it != "value") {
            return Err(wrong(&format!("{path}.{other}"), "name or value", &format!("'{other}'")));
        }
        let (Some(name), Some(value)) = (it.get("name"), it.get("value")) else {
            return Err(wrong(&path, "name and value", "one of them missing"));
        };
        let variable = text(name, &format!("{path}.name"))?;
        for test in tests(Kind::Text, value, &format!("{path}.value"))? {
            conditions.push(Condition { field, variable: Some(variable.into()), test });
        }
    }
    Ok(())
}

fn tests(kind: Kind, value: &Value, path: &str) -> Result<Vec<Test>, Problem> {
    let Value::Object(operators) = value else {
        return Ok(vec![Test::Equal(operand(kind, value, path)?)]);
    };
    operators.iter().map(|(name, value)| test(kind, name, value, path)).collect()
}

fn test(kind: Kind, name: &str, value: &Value, path: &str) -> Result<Test, Problem> {
    let path = format!("{path}.{name}");
    let one = || operand(kind, value, &path);
    let many = || -> Result<Vec<Operand>, Problem> {
        let items = list(value, &path)?.iter().enumerate();
        items.map(|(index, it)| operand(kind, it, &format!("{path}[{index}]"))).collect()
    };
    let is_ordered = matches!(kind, Kind::Number | Kind::Time);
    let has_pattern = matches!(kind, Kind::Text | Kind::Name(_));
    Ok(match name {
        "$eq" => Test::Equal(one()?),
        "$neq" => Test::NotEqual(one()?),
        "$exists" => Test::Exists(flag(value, &path)?),
        "$in" => Test::In(many()?),
        "$notIn" => Test::NotIn(many()?),
        "$gt" if is_ordered => Test::Greater(one()?),
        "$gte" if is_ordered => Test::AtLeast(one()?),
        "$lt" if is_ordered => Test::Less(one()?),
        "$lte" if is_ordered => Test::AtMost(one()?),
        "$like" if has_pattern => Test::Like(text(value, &path)?.into()),
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

fn operand(kind: Kind, value: &Value, path: &str) -> Result<Operand, Problem> {
    Ok(match kind {
        Kind::Key => {
            let digits = text(value, path)?;
            let key = digits.parse().ok().filter(|_| !digits.starts_with('+'));
            Operand::Integer(key.ok_or_else(|| wrong(path, "a key in digits", digits))?)
        }
        Kind::Number => {
            let number = value.as_i64();
            Operand::Integer(number.ok_or_else(|| wrong(path, "a whole number", kind_of(value)))?)
        }
        Kind::Flag => Operand::Flag(flag(value, path)?),
        Kind::Time => {
            let written = text(value, path)?;
            let time = time::parse(written);
            let expected = "a date and time with an offset";
            Operand::Integer(time.ok_or_else(|| wrong(path, expected, written))?.0)
        }
        Kind::Name(names) => {
            let found = text(value, path)?;
            let Some(name) = names.iter().find(|it| it.eq_ignore_ascii_case(found)) else {
                let expected = format!("one of {}", names.join(", "));
                return Err(wrong(path, &expected, &format!("'{found}'")));
            };
            Operand::Text((*name).into())
        }
        Kind::Text | Kind::Tags | Kind::Variables => Operand::Text(text(value, path)?.into()),
    })
}

fn object<'a>(value: &'a Value, path: &str) -> Result<&'a Map<String, Value>, Problem> {
    value.as_object().ok_or_else(|| wrong(path, "an object", kind_of(value)))
}

fn list<'a>(value: &'a Value, path: &str) -> Result<&'a Vec<Value>, Problem> {
    let list = value.as_array().ok_or_else(|| wrong(path, "a list", kind_of(value)))?;
    if list.len() > LIST_MAX {
        let expected = format!("at most {LIST_MAX} items");
        return Err(wrong(path, &expected, &list.len().to_string()));
    }
    Ok(list)
}

fn text<'a>(value: &'a Value, path: &str) -> Result<&'a str, Problem> {
    value.as_str().ok_or_else(|| wrong(path, "a string", kind_of(value)))
}

fn flag(value: &Value, path: &str) -> Result<bool, Problem> {
    value.as_bool().ok_or_else(|| wrong(path, "true or false", kind_of(value)))
}

fn wrong(path: &str, expected: &str, found: &str) -> Problem {
    Problem::malformed(path, format!("{path}: expected {expected}, found {found}"))
}

const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

const LIST_MAX: usize = 1_000;
