//! Names of types.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::ast::Type;
use super::lexer::TokenKind;
use super::parser::{Parse, Parser};

impl Parser<'_> {
    /// Parses a type, such as `number`, `list<string>` or `context<a: number>`.
    pub(super) fn type_name(&mut self) -> Parse<Type> {
        self.nested(Self::type_inside)
    }

    fn type_inside(&mut self) -> Parse<Type> {
        let name = self.type_words()?;
        Ok(match name.as_str() {
            "Any" => Type::Any,
            "Null" | "null" => Type::Null,
            "boolean" => Type::Boolean,
            "number" => Type::Number,
            "string" => Type::String,
            "date" => Type::Date,
            "time" => Type::Time,
            "date and time" | "date time" | "dateTime" => Type::DateTime,
            "days and time duration" | "day-time-duration" | "dayTimeDuration" => {
                Type::DaysDuration
            }
            "years and months duration" | "year-month-duration" | "yearMonthDuration" => {
                Type::MonthsDuration
            }
            "list" => Type::List(Box::new(self.type_argument()?)),
            "range" => Type::Range(Box::new(self.type_argument()?)),
            "context" => self.context_type()?,
            "function" => self.function_type()?,
            _ => Type::Named(Arc::from(name)),
        })
    }

    fn type_words(&mut self) -> Parse<String> {
        const LONG: &[&[&str]] = &[
            &["date", "and", "time"],
            &["days", "and", "time", "duration"],
            &["years", "and", "months", "duration"],
            // as Camunda writes them
            &["date", "time"],
            &["day", "-", "time", "-", "duration"],
            &["year", "-", "month", "-", "duration"],
        ];
        let is_here = |words: &&&[&str]| {
            words.iter().enumerate().all(|(ahead, word)| self.text(self.peek_at(ahead)) == *word)
        };
        if let Some(words) = LONG.iter().find(is_here) {
            words.iter().for_each(|_| self.advance());
            return Ok(words.join(" ").replace(" - ", "-"));
        }
        if let Some((name, length)) = self.known_name() {
            (0..length).for_each(|_| self.advance());
            return Ok(name.as_ref().into());
        }
        let token = self.peek();
        if !matches!(token.kind, TokenKind::Word | TokenKind::Quoted) {
            return Err(self.error("a type"));
        }
        self.advance();
        let mut name = String::from(self.text(token).trim_matches('`'));
        // of an imported model
        while self.is(".") && self.peek_at(1).kind == TokenKind::Word {
            self.advance();
            name.push('.');
            name.push_str(self.text(self.peek()));
            self.advance();
        }
        Ok(name)
    }

    fn type_argument(&mut self) -> Parse<Type> {
        if !self.take("<") {
            return Ok(Type::Any);
        }
        let argument = self.type_name()?;
        self.expect(">")?;
        Ok(argument)
    }

    fn context_type(&mut self) -> Parse<Type> {
        let mut entries = Vec::new();
        if self.take("<") {
            while !self.take(">") {
                if !entries.is_empty() {
                    self.expect(",")?;
                }
                let name = self.name("a name", |parser| parser.is(":"))?;
                self.expect(":")?;
                entries.push((name, self.type_name()?));
            }
        }
        Ok(Type::Context(entries))
    }

    fn function_type(&mut self) -> Parse<Type> {
        let mut parameters = Vec::new();
        if !self.take("<") {
            return Ok(Type::Function(parameters, Box::new(Type::Any)));
        }
        while !self.take(">") {
            if !parameters.is_empty() {
                self.expect(",")?;
            }
            parameters.push(self.type_name()?);
        }
        self.expect("->")?;
        Ok(Type::Function(parameters, Box::new(self.type_name()?)))
    }
}
