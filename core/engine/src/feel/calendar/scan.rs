//! A cursor over the text of a date, time or duration.

/// What is left of a text.
pub(super) struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// Steps over `wanted` if it stands here.
    pub(super) fn take(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Steps over `wanted` if it stands here in front of `next`.
    pub(super) fn take_before(&mut self, wanted: char, next: char) -> bool {
        let is_here = self.rest.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(next));
        is_here && self.take(wanted)
    }

    /// Steps over all digits here.
    pub(super) fn digits(&mut self) -> &'a str {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        digits
    }

    /// Steps over all characters of a kind here.
    pub(super) fn take_while(&mut self, is_inside: impl Fn(char) -> bool) -> &'a str {
        let length = self.rest.find(|it| !is_inside(it)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Reads exactly two digits.
    pub(super) fn two_digits(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(2)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.rest = rest;
        digits.parse().ok()
    }

    /// Reads `.` and digits as nanoseconds, further digits being cut; zero when there is no point.
    pub(super) fn fraction(&mut self) -> Option<u64> {
        if !self.take('.') {
            return Some(0);
        }
        let digits = self.digits();
        (!digits.is_empty()).then(|| nanoseconds(digits))
    }
}

fn nanoseconds(digits: &str) -> u64 {
    let padded = digits.bytes().chain(core::iter::repeat(b'0')).take(9);
    padded.fold(0, |sum, byte| sum * 10 + u64::from(byte.saturating_sub(b'0')))
}
