//! What an evaluation may use: time, fuel, randomness and the variables of the caller. Nothing else exists.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::Span;
use super::context::Context;
use super::error::{EvaluationError, EvaluationErrorKind};
use super::limits::{
    EVALUATION_DEPTH_MAX, FUEL_DEFAULT, VALUE_DEPTH_MAX, VALUE_WEIGHT_MAX, WARNINGS_MAX,
};
use super::trace::{Step, Stop, Tracer};
use super::value::Value;
use super::warning::{Warning, WarningCode};

/// The innermost scope of the caller.
pub trait Scope {
    /// Returns the value of a variable, or `None` when there is none of that name.
    fn variable(&self, name: &str) -> Option<Value>;

    /// Returns the value of a variable where it stands, if the scope can show it; the same as [`Scope::variable`] else.
    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.variable(name).map(Cow::Owned)
    }

    /// Returns names that a misspelt one may have meant; none if they are not worth the search.
    fn names(&self) -> Vec<Arc<str>> {
        Vec::new()
    }
}

/// Types that the caller defines, the item definitions of DMN for example.
pub trait Types: fmt::Debug + Send + Sync {
    /// Tells whether a value has the type of that name; `None` when there is no such type.
    fn is_instance(&self, name: &str, value: &Value) -> Option<bool>;
}

/// Whose FEEL it is, where the two differ; the documentation lists where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// That of Camunda 8: more functions, regular expressions as Java has them.
    #[default]
    Camunda,
    /// That of DMN 1.5, chapter 10.
    Dmn,
}

/// What one evaluation, or several in a row, may use, and what they leave behind.
#[derive(Clone, Debug)]
pub struct Env {
    now_ms: i64,
    fuel_limit: u64,
    fuel: u64,
    depth: u32,
    random: Option<Random>,
    dialect: Dialect,
    types: Option<Arc<dyn Types>>,
    tracer: Option<Box<Tracer>>,
    stops: Stops,
    /// Why parts of the expression are null, at most 64.
    pub warnings: Vec<Warning>,
}

/// Computes a draw from a key and the number of the draw; the same for the same arguments, for ever.
pub type Draw = fn(key: &[u8; 32], draw: u64) -> u64;

/// Where evaluations ended without a value.
#[derive(Clone, Debug, Default)]
struct Stops {
    count: u32,
    last: Option<Box<Stop>>,
    /// Whether this evaluation only repeats one to find out where it ends.
    is_repeating: bool,
}

/// What an evaluation begins with, so that it can be repeated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    fuel: u64,
    draws: u64,
    stops: u32,
}

#[derive(Clone, Copy, Debug)]
struct Random {
    key: [u8; 32],
    draw: Draw,
    draws: u64,
}

impl Env {
    /// Returns an environment with the default fuel and no randomness; `now()` is `now_ms`.
    pub fn new(now_ms: i64) -> Self {
        Self {
            now_ms,
            fuel_limit: FUEL_DEFAULT,
            fuel: FUEL_DEFAULT,
            depth: 0,
            random: None,
            dialect: Dialect::default(),
            types: None,
            tracer: None,
            stops: Stops::default(),
            warnings: Vec::new(),
        }
    }

    /// Gives it this much fuel: about one unit per step, item and byte.
    pub fn with_fuel(self, fuel: u64) -> Self {
        Self { fuel_limit: fuel, fuel, ..self }
    }

    /// Gives it randomness.
    pub fn with_random(self, key: [u8; 32], draw: Draw) -> Self {
        Self { random: Some(Random { key, draw, draws: 0 }), ..self }
    }

    /// Makes it follow a dialect.
    pub fn with_dialect(self, dialect: Dialect) -> Self {
        Self { dialect, ..self }
    }

    /// Gives it types beside those of the language.
    pub fn with_types(self, types: Arc<dyn Types>) -> Self {
        Self { types: Some(types), ..self }
    }

    /// Makes it keep the values of all parts of what is evaluated, which [`Env::take_steps`] returns.
    ///
    /// ```
    /// use dacapo_engine::feel::{Context, Env, Expression, Value, evaluate};
    ///
    /// let expression = Expression::parse("price * 2 > 15")?;
    /// let mut env = Env::new(0).with_trace();
    /// evaluate(&expression, &Context::from_iter([("price", 10)]), &mut env)?;
    /// let [step] = env.take_steps().try_into().map_err(|_| "one expression")?;
    /// assert_eq!(step.value, Some(Value::from(true)));
    /// let parts = step.parts.iter().map(|it| (&*it.text, it.value.clone()));
    /// let expected = [("price * 2", Some(Value::from(20))), ("15", Some(Value::from(15)))];
    /// assert_eq!(parts.collect::<Vec<_>>(), expected);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn with_trace(self) -> Self {
        Self { tracer: Some(Box::default()), ..self }
    }

    /// Returns what was evaluated since this was last asked, if it [was to be kept](Env::with_trace); at most 4,096 steps.
    pub fn take_steps(&mut self) -> Vec<Step> {
        self.tracer.as_mut().map(|it| it.take()).unwrap_or_default()
    }

    /// Returns the dialect that it follows.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns the time, in milliseconds since 1970-01-01T00:00:00Z.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Returns the fuel that is left.
    pub fn fuel(&self) -> u64 {
        self.fuel
    }

    /// Takes fuel.
    #[inline]
    pub fn charge(&mut self, fuel: u64) -> Result<(), EvaluationError> {
        match self.fuel.checked_sub(fuel) {
            Some(rest) => {
                self.fuel = rest;
                Ok(())
            }
            None => self.exhausted(),
        }
    }

    #[cold]
    fn exhausted(&mut self) -> Result<(), EvaluationError> {
        self.fuel = 0;
        Err(EvaluationErrorKind::FuelExhausted { limit: self.fuel_limit }.into())
    }

    /// Notes why a part of the expression is null.
    pub fn warn(&mut self, span: Span, code: WarningCode, reason: impl Into<String>) {
        if self.warnings.len() < WARNINGS_MAX as usize {
            self.warnings.push(Warning { span, code, reason: reason.into() });
        }
    }

    /// Tells whether a warning may still take the time to search for what was meant.
    pub(crate) fn is_suggesting(&self) -> bool {
        self.warnings.len() < SUGGESTIONS_MAX
    }

    /// Gives it other types; returns the ones that it had.
    pub(crate) fn replace_types(
        &mut self,
        types: Option<Arc<dyn Types>>,
    ) -> Option<Arc<dyn Types>> {
        core::mem::replace(&mut self.types, types)
    }

    pub(crate) fn types(&self) -> Option<&Arc<dyn Types>> {
        self.types.as_ref()
    }

    /// Draws 64 random bits, or `None` without randomness.
    pub fn draw(&mut self) -> Option<u64> {
        let random = self.random.as_mut()?;
        random.draws = random.draws.wrapping_add(1);
        Some((random.draw)(&random.key, random.draws))
    }

    /// Returns where the last evaluation that had no value ended.
    ///
    /// ```
    /// use dacapo_engine::feel::{Context, Env, Expression, evaluate};
    ///
    /// let expression = Expression::parse("1 + count(for i in 1..1000 return i)")?;
    /// let mut env = Env::new(0).with_fuel(100);
    /// assert!(evaluate(&expression, &Context::new(), &mut env).is_err());
    /// assert_eq!(env.stop().map(|it| &*it.part), Some("for i in 1..1000 return i"));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn stop(&self) -> Option<&Stop> {
        self.stops.last.as_deref()
    }

    pub(super) fn mark(&self) -> Mark {
        let draws = self.random.as_ref().map_or(0, |it| it.draws);
        Mark { fuel: self.fuel, draws, stops: self.stops.count }
    }

    /// Finds out where an evaluation ended, by repeating it with a trace: who has a value pays nothing for it. Nothing is to
    /// be found out where an evaluation inside it has told.
    #[cold]
    #[inline(never)]
    pub(super) fn find_stop(
        &mut self,
        mark: Mark,
        source: &Arc<str>,
        repeat: &dyn Fn(&mut Self) -> Result<(), EvaluationError>,
    ) {
        if self.stops.is_repeating || self.stops.count != mark.stops {
            return;
        }
        let mut again = self.clone().with_trace();
        again.fuel = mark.fuel;
        again.stops.is_repeating = true;
        if let Some(random) = &mut again.random {
            random.draws = mark.draws;
        }
        // it ends as it did
        let _ = repeat(&mut again);
        let part = again.tracer.as_ref().and_then(|it| it.stop());
        self.stops.count = self.stops.count.wrapping_add(1);
        let part = part.unwrap_or_else(|| source.clone());
        self.stops.last = Some(Box::new(Stop { source: source.clone(), part }));
    }

    pub(super) fn tracer(&mut self) -> Option<&mut Tracer> {
        self.tracer.as_deref_mut()
    }

    pub(crate) fn is_tracing(&self) -> bool {
        self.tracer.is_some()
    }

    /// Keeps what a function or a decision of the caller's does under its name, until [`Env::end_step`].
    pub(crate) fn begin_step(&mut self, name: &Arc<str>) {
        if let Some(tracer) = self.tracer() {
            tracer.begin(name.clone());
        }
    }

    pub(crate) fn end_step(&mut self, value: &Result<Value, EvaluationError>) {
        if let Some(tracer) = self.tracer() {
            tracer.end(value);
        }
    }

    /// Returns the last step if no other one is around it.
    pub(crate) fn take_step(&mut self) -> Option<Step> {
        self.tracer.as_mut()?.take_last()
    }

    /// Does something with another text than that of the expression.
    #[inline]
    pub(super) fn in_source<T>(
        &mut self,
        source: Option<&Arc<str>>,
        evaluate: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if self.tracer.is_none() {
            return evaluate(self);
        }
        self.in_traced(source, evaluate)
    }

    #[cold]
    fn in_traced<T>(
        &mut self,
        source: Option<&Arc<str>>,
        evaluate: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let (Some(tracer), Some(source)) = (self.tracer(), source) else { return evaluate(self) };
        tracer.enter(source.clone());
        let result = evaluate(self);
        if let Some(tracer) = self.tracer() {
            tracer.leave();
        }
        result
    }

    /// Enters a nested evaluation; `leave` ends it.
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<(), EvaluationError> {
        if self.depth >= EVALUATION_DEPTH_MAX {
            return Err(EvaluationErrorKind::TooDeep { limit: EVALUATION_DEPTH_MAX }.into());
        }
        self.depth += 1;
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Refuses a value that is too deep or too large.
    pub(crate) fn check(&self, value: Value) -> Result<Value, EvaluationError> {
        self.inspect(&value)?;
        Ok(value)
    }

    pub(crate) fn inspect(&self, value: &Value) -> Result<(), EvaluationError> {
        if value.weight() > VALUE_WEIGHT_MAX {
            return Err(EvaluationErrorKind::TooLarge { limit: VALUE_WEIGHT_MAX }.into());
        }
        if value.depth() > VALUE_DEPTH_MAX {
            return Err(EvaluationErrorKind::TooDeep { limit: VALUE_DEPTH_MAX }.into());
        }
        Ok(())
    }
}

impl Scope for Context {
    fn variable(&self, name: &str) -> Option<Value> {
        self.get(name).cloned()
    }

    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.get(name).map(Cow::Borrowed)
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.iter().take(NAMES_MAX).map(|(name, _)| name.clone()).collect()
    }
}

/// How many names are searched for one that was misspelt.
pub(crate) const NAMES_MAX: usize = 256;
/// How many warnings of one evaluation say what may have been meant.
const SUGGESTIONS_MAX: usize = 8;
