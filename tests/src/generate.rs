//! Makes random block-structured processes, in the arrow notation: every one of them can end.

use proptest::prelude::*;

/// A piece of a process with one way in and one way out.
#[derive(Clone, Debug)]
pub enum Block {
    /// A service task; its job type is its element id.
    Service,
    /// A script task that adds one to `n`.
    Script,
    /// A business rule task whose decision adds one to `n`.
    Rule,
    /// A manual task.
    Manual,
    /// A timer that waits one second.
    Timer,
    /// A message with the name of its element and the key `key`.
    Message,
    /// A message that others wait for as well, with the key `key`.
    SharedMessage,
    /// A receive task.
    Receive,
    /// One after the other.
    Sequence(Vec<Block>),
    /// One of them: the first whose index is at least `n`, else the last.
    Exclusive(Vec<Block>),
    /// All of them.
    Parallel(Vec<Block>),
    /// Whatever comes first of a timer and a message.
    Events(Box<Block>, Box<Block>),
    /// In a scope of its own.
    SubProcess(Box<Block>),
    /// In a scope of its own, by two tokens: they meet at every element of it.
    Twice(Box<Block>),
    /// A service task with a boundary event, and what follows the boundary event.
    Guarded(Boundary, Box<Block>),
    /// A service task with two boundary events, and what follows the first of them.
    GuardedTwice(Boundary, Boundary, Box<Block>),
    /// A scope with a boundary event, and what follows the boundary event.
    GuardedScope(Boundary, Box<Block>, Box<Block>),
    /// A scope with two tokens at work, of which the second ends the first when it is done.
    Stopped(Stop, Box<Block>, Box<Block>),
}

/// How a token ends all others of its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// By a terminate end event.
    Terminate,
    /// By an error end event; the error is caught at the boundary of the scope.
    Error,
    /// By an error end event whose error nobody catches: the token stays there, as an incident.
    Lost,
}

/// What may interrupt, or accompany, a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// A timer that interrupts.
    Timer,
    /// A timer that does not interrupt.
    TimerBeside,
    /// A message that interrupts.
    Message,
    /// A message that does not interrupt.
    MessageBeside,
    /// The error that workers throw.
    Error,
    /// Any error.
    AnyError,
    /// The error of [`Stop::Error`].
    Stop,
}

/// Returns random processes.
pub fn block() -> impl Strategy<Value = Block> {
    let leaf = prop_oneof![
        4 => Just(Block::Service),
        1 => Just(Block::Script),
        1 => Just(Block::Rule),
        1 => Just(Block::Manual),
        1 => Just(Block::Timer),
        1 => Just(Block::Message),
        1 => Just(Block::SharedMessage),
        1 => Just(Block::Receive),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        let some = |low| prop::collection::vec(inner.clone(), low..4);
        prop_oneof![
            3 => some(1).prop_map(Block::Sequence),
            2 => some(2).prop_map(Block::Exclusive),
            2 => some(2).prop_map(Block::Parallel),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| Block::Events(Box::new(a), Box::new(b))),
            1 => inner.clone().prop_map(|it| Block::SubProcess(Box::new(it))),
            1 => inner.clone().prop_map(|it| Block::Twice(Box::new(it))),
            2 => (boundary(), inner.clone()).prop_map(|(kind, it)| Block::Guarded(kind, Box::new(it))),
            1 => (boundary(), boundary(), inner.clone())
                .prop_filter("two of a kind", |(a, b, _)| a != b)
                .prop_map(|(a, b, it)| Block::GuardedTwice(a, b, Box::new(it))),
            1 => (boundary(), inner.clone(), inner.clone())
                .prop_map(|(kind, a, b)| Block::GuardedScope(kind, Box::new(a), Box::new(b))),
            1 => (stop(), inner.clone(), inner)
                .prop_map(|(kind, a, b)| Block::Stopped(kind, Box::new(a), Box::new(b))),
        ]
    })
}

fn boundary() -> impl Strategy<Value = Boundary> {
    prop::sample::select(vec![
        Boundary::Timer,
        Boundary::TimerBeside,
        Boundary::Message,
        Boundary::MessageBeside,
        Boundary::Error,
        Boundary::AnyError,
    ])
}

fn stop() -> impl Strategy<Value = Stop> {
    prop::sample::select(vec![Stop::Terminate, Stop::Error, Stop::Lost])
}

/// Writes a process in the arrow notation.
pub fn notation(block: &Block) -> String {
    let mut writer = Writer::default();
    writer.scope(block);
    writer.statements.join("\n")
}

#[derive(Default)]
struct Writer {
    statements: Vec<String>,
    count: u32,
}

impl Writer {
    fn scope(&mut self, block: &Block) {
        let start = self.name("start");
        self.statements.push(format!("{start}:start"));
        let last = self.block(&start, "->", block);
        self.end(&last);
    }

    fn end(&mut self, from: &str) {
        let end = self.name("end");
        self.statements.push(format!("{from} -> {end}:end"));
    }

    fn name(&mut self, stem: &str) -> String {
        self.count += 1;
        format!("{stem}{}", self.count)
    }

    /// Writes a block behind an element and returns its last element.
    fn block(&mut self, from: &str, arrow: &str, block: &Block) -> String {
        match block {
            Block::Service => self.leaf(from, arrow, "work", |id| format!("service({id})")),
            Block::Script => self.leaf(from, arrow, "script", |_| "script(n = n + 1)".into()),
            Block::Rule => self.leaf(from, arrow, "rule", |_| "rule(n = after, deployment)".into()),
            Block::Manual => self.leaf(from, arrow, "manual", |_| "manual".into()),
            Block::Timer => self.leaf(from, arrow, "timer", |_| "timer(PT1S)".into()),
            Block::Message => {
                self.leaf(from, arrow, "catch", |id| format!("catch(message {id}, =key)"))
            }
            Block::SharedMessage => {
                self.leaf(from, arrow, "catch", |_| "catch(message catch0, =key)".into())
            }
            Block::Receive => {
                self.leaf(from, arrow, "receive", |id| format!("receive({id}, =key)"))
            }
            Block::Sequence(blocks) => self.sequence(from, arrow, blocks),
            Block::Exclusive(blocks) => self.branches(from, arrow, "xor", blocks),
            Block::Parallel(blocks) => self.branches(from, arrow, "and", blocks),
            Block::Events(first, second) => self.events(from, arrow, first, second),
            Block::SubProcess(inner) => self.sub_process(from, arrow, inner),
            Block::Twice(inner) => self.twice(from, arrow, inner),
            Block::Guarded(kind, inner) => {
                let work = self.block(from, arrow, &Block::Service);
                self.guarded(work, *kind, Some(inner))
            }
            Block::GuardedTwice(first, second, inner) => {
                let work = self.block(from, arrow, &Block::Service);
                let others = [
                    self.boundary(&work, *first, Some(inner)),
                    self.boundary(&work, *second, None),
                ];
                self.rejoined(work, others.into_iter().flatten().collect())
            }
            Block::GuardedScope(kind, scope, inner) => {
                let sub = self.sub_process(from, arrow, scope);
                self.guarded(sub, *kind, Some(inner))
            }
            Block::Stopped(stop, first, second) => self.stopped(from, arrow, *stop, first, second),
        }
    }

    fn leaf(
        &mut self,
        from: &str,
        arrow: &str,
        stem: &str,
        kind: impl FnOnce(&str) -> String,
    ) -> String {
        let id = self.name(stem);
        self.statements.push(format!("{from} {arrow} {id}:{}", kind(&id)));
        id
    }

    fn sequence(&mut self, from: &str, arrow: &str, blocks: &[Block]) -> String {
        let (mut last, mut arrow) = (from.to_string(), arrow);
        for block in blocks {
            last = self.block(&last, arrow, block);
            arrow = "->";
        }
        last
    }

    fn branches(&mut self, from: &str, arrow: &str, kind: &str, blocks: &[Block]) -> String {
        let split = self.leaf(from, arrow, "split", |_| kind.into());
        let join = self.name("join");
        self.statements.push(format!("{join}:{kind}"));
        for (index, block) in blocks.iter().enumerate() {
            let arrow = match (kind, index + 1 == blocks.len()) {
                ("xor", false) => format!("-[n <= {index}]->"),
                ("xor", true) => "-[else]->".into(),
                _ => "->".into(),
            };
            let last = self.block(&split, &arrow, block);
            self.statements.push(format!("{last} -> {join}"));
        }
        join
    }

    fn events(&mut self, from: &str, arrow: &str, first: &Block, second: &Block) -> String {
        let split = self.leaf(from, arrow, "split", |_| "events".into());
        let join = self.name("join");
        self.statements.push(format!("{join}:xor"));
        for (catch, block) in [(Block::Timer, first), (Block::Message, second)] {
            let caught = self.block(&split, "->", &catch);
            let last = self.block(&caught, "->", block);
            self.statements.push(format!("{last} -> {join}"));
        }
        join
    }

    fn sub_process(&mut self, from: &str, arrow: &str, inner: &Block) -> String {
        self.sub(from, arrow, |nested| nested.scope(inner))
    }

    fn twice(&mut self, from: &str, arrow: &str, inner: &Block) -> String {
        self.sub(from, arrow, |nested| {
            let start = nested.name("start");
            nested.statements.push(format!("{start}:start"));
            let split = nested.leaf(&start, "->", "split", |_| "and".into());
            let both = nested.leaf(&split, "->", "both", |_| "xor".into());
            nested.statements.push(format!("{split} -> {both}"));
            let last = nested.block(&both, "->", inner);
            nested.end(&last);
        })
    }

    fn sub(&mut self, from: &str, arrow: &str, write: impl FnOnce(&mut Self)) -> String {
        let mut nested = Self { statements: Vec::new(), count: self.count };
        write(&mut nested);
        self.count = nested.count;
        self.leaf(from, arrow, "sub", |_| format!("sub{{ {} }}", nested.statements.join(" ; ")))
    }

    fn stopped(
        &mut self,
        from: &str,
        arrow: &str,
        stop: Stop,
        first: &Block,
        second: &Block,
    ) -> String {
        let end = match stop {
            Stop::Terminate => "end(terminate)",
            Stop::Error => "end(error STOP)",
            Stop::Lost => "end(error LOST)",
        };
        let sub = self.sub(from, arrow, |nested| {
            let start = nested.name("start");
            nested.statements.push(format!("{start}:start"));
            let split = nested.leaf(&start, "->", "split", |_| "and".into());
            let last = nested.block(&split, "->", first);
            nested.end(&last);
            let last = nested.block(&split, "->", second);
            nested.leaf(&last, "->", "stop", |_| end.into());
        });
        match stop {
            Stop::Terminate | Stop::Lost => sub,
            Stop::Error => self.guarded(sub, Boundary::Stop, None),
        }
    }

    /// Writes a boundary event and what follows it, if anything does.
    fn guarded(&mut self, work: String, kind: Boundary, inner: Option<&Block>) -> String {
        let last = self.boundary(&work, kind, inner);
        self.rejoined(work, last.into_iter().collect())
    }

    /// Writes a boundary event and what follows it; returns the last element of a path that goes on instead of the work.
    fn boundary(&mut self, work: &str, kind: Boundary, inner: Option<&Block>) -> Option<String> {
        let event = self.name("boundary");
        let (trigger, extra) = match kind {
            Boundary::Timer => ("timer PT5S".to_string(), ""),
            Boundary::TimerBeside => ("timer PT5S".to_string(), ", noninterrupting"),
            Boundary::Message => (format!("message {event}, =key"), ""),
            Boundary::MessageBeside => (format!("message {event}, =key"), ", noninterrupting"),
            Boundary::Error => ("error OOPS".to_string(), ""),
            Boundary::AnyError => ("error".to_string(), ""),
            Boundary::Stop => ("error STOP".to_string(), ""),
        };
        self.statements.push(format!("{event}:boundary({trigger}, on={work}{extra})"));
        let last = inner.map_or(event.clone(), |inner| self.block(&event, "->", inner));
        if matches!(kind, Boundary::TimerBeside | Boundary::MessageBeside) {
            self.end(&last);
            return None;
        }
        Some(last)
    }

    /// What was interrupted goes on behind the work: a path of its own to an end would starve a parallel join there.
    fn rejoined(&mut self, work: String, others: Vec<String>) -> String {
        if others.is_empty() {
            return work;
        }
        let join = self.name("join");
        self.statements.push(format!("{join}:xor"));
        for last in [work].iter().chain(&others) {
            self.statements.push(format!("{last} -> {join}"));
        }
        join
    }
}
