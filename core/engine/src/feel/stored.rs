//! What becomes of a value when it is stored: variables are JSON.

use alloc::sync::Arc;

use super::context::Context;
use super::json;
use super::value::Value;

impl Value {
    /// Returns the type of what lives only inside an expression, a range or a function, if it is or holds one.
    pub(crate) fn transient(&self) -> Option<&'static str> {
        // Recursion ends: values nest at most `limits::VALUE_DEPTH_MAX` deep.
        match self {
            Self::Range(_) | Self::Function(_) => Some(self.type_name()),
            Self::List(items) => items.iter().find_map(Self::transient),
            Self::Context(context) => context.iter().find_map(|(_, value)| value.transient()),
            Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::String(_)
            | Self::Date(_)
            | Self::Time(_)
            | Self::DateTime(_)
            | Self::DaysDuration(_)
            | Self::MonthsDuration(_) => None,
        }
    }

    /// Returns it as variables hold it: dates, times and durations as their text, as JSON has them.
    pub(crate) fn into_stored(self) -> Self {
        // Recursion ends: values nest at most `limits::VALUE_DEPTH_MAX` deep.
        match self {
            Self::Date(_)
            | Self::Time(_)
            | Self::DateTime(_)
            | Self::DaysDuration(_)
            | Self::MonthsDuration(_) => json::print(&self).trim_matches('"').into(),
            Self::List(items) if items.iter().any(Self::holds_temporal) => {
                items.iter().cloned().map(Self::into_stored).collect()
            }
            Self::Context(context) if context.iter().any(|(_, it)| it.holds_temporal()) => {
                let stored =
                    |(name, it): (&Arc<str>, &Self)| (name.clone(), it.clone().into_stored());
                context.iter().map(stored).collect::<Context>().into()
            }
            other => other,
        }
    }

    fn holds_temporal(&self) -> bool {
        match self {
            Self::Date(_)
            | Self::Time(_)
            | Self::DateTime(_)
            | Self::DaysDuration(_)
            | Self::MonthsDuration(_) => true,
            Self::List(items) => items.iter().any(Self::holds_temporal),
            Self::Context(context) => context.iter().any(|(_, it)| it.holds_temporal()),
            Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::String(_)
            | Self::Range(_)
            | Self::Function(_) => false,
        }
    }
}
