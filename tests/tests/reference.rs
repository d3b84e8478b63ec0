//! The engine does what a naive token game allows, and nothing else (I-TOK-5).

use std::collections::BTreeSet;

use dacapo_engine::bpmn::notation;
use dacapo_engine::record::Limits;
use dacapo_tests::generate;
use dacapo_tests::reference::reach::{Reached, engine_goes_on, game_goes_on};
use dacapo_tests::reference::{Game, Watch, check, model};
use dacapo_tests::schedule::{Move, deployed, moves, play, serve};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever workers, messages, time and operators do: after every command the engine stands where the game says that
    /// it may stand, and it refuses nothing that the game allows; in the end both have nothing left.
    #[test]
    fn the_engine_stands_where_the_token_game_may_stand(block in generate::block(), life in moves()) {
        let checked = lived(&xml(&generate::notation(&block)), &life, None);
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
    }

    /// The same where steps are so small that most work is parked, and everything comes to rest after each thing done.
    #[test]
    fn parked_work_ends_where_the_token_game_may_end(block in generate::block(), life in moves(), step_events in 1..12_u32) {
        let xml = xml(&generate::notation(&block));
        let mut drive = deployed(&xml, Limits { step_events, ..Limits::default() });
        for step in life {
            play(&mut drive, step);
            drive.internal(100_000);
        }
        let model = model(&xml);
        let checked = check(Game::new(&model), &drive.frames);
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every choice tried, one after the other, in both: they reach the same places. Where scripts or decisions may run in one order or
    /// another the engine has one of them, and reaches no place that the game does not.
    #[test]
    fn the_engine_and_the_token_game_reach_the_same_places(block in generate::block(), n in 0..3_u8) {
        let text = generate::notation(&block);
        let has_order = text.contains("script") || text.contains("rule");
        let xml = xml(&text);
        let model = model(&xml);
        let game = Game::new(&model);
        let mut open = vec![begun(&xml, n, game)];
        let mut worlds: BTreeSet<_> = open.iter().map(Reached::place).collect();
        for _ in 0..4 {
            let mut seen = BTreeSet::new();
            open = open.iter().flat_map(engine_goes_on).filter(|it| seen.insert(it.place())).collect();
            worlds = worlds.iter().flat_map(|(world, now)| game_goes_on(game, world, *now)).collect();
            let (missing, more) = (worlds.difference(&seen).next(), seen.difference(&worlds).next());
            prop_assert!(more.is_none(), "only the engine reaches {:#?}", more);
            prop_assert!(has_order || missing.is_none(), "only the game reaches {:#?}", missing);
            open.truncate(100);
            if open.len() == 100 {
                break;
            }
        }
    }
}

/// Deploys one process and believes another: whatever they differ in, the lie is found.
#[test]
fn a_wrong_belief_is_found() {
    for (text, believed) in LIES {
        let (run, belief) = (xml(text), xml(believed));
        assert!(lived(&run, &life(), None).is_ok_and(|choices| choices >= 2), "{text}");
        assert!(lived(&run, &life(), Some(&belief)).is_err(), "{text}\n{believed}");
    }
}

/// Creates an instance, completes, throws, publishes, lets time pass.
fn life() -> Vec<Move> {
    let mut moves = vec![Move::Create(5), Move::Internal(9), Move::Pass(1_000), Move::Internal(9)];
    moves.extend([Move::Publish(0), Move::Internal(9), Move::Throw(1), Move::Internal(9)]);
    moves.extend([Move::Complete(0), Move::Internal(9), Move::Cancel(0), Move::Internal(9)]);
    moves
}

/// Lives, and holds the log against the game; returns how many choices there were.
fn lived(xml: &str, life: &[Move], believed: Option<&str>) -> Result<usize, String> {
    let mut drive = deployed(xml, Limits::default());
    life.iter().for_each(|step| play(&mut drive, *step));
    if !serve(&mut drive, 200) {
        return Err("expected that the instances end".into());
    }
    let model = model(believed.unwrap_or(xml));
    check(Game::new(&model), &drive.frames)
}

fn begun(xml: &str, n: u8, game: Game<'_>) -> Reached {
    let mut drive = deployed(xml, Limits::default());
    play(&mut drive, Move::Create(n));
    let mut watch = Watch::new(game.has_history());
    drive.frames.iter().for_each(|frame| drop(watch.push(frame)));
    Reached { drive, watch }
}

fn xml(text: &str) -> String {
    notation::to_xml("p", text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

/// What runs, and what is believed: each differs in one thing.
const LIES: [(&str, &str); 10] = [
    // How many tokens leave a gateway.
    (
        "s:start -> g:and ; g -> a:service(a) -> e:end ; g -> b:service(b) -> f:end",
        "s:start -> g:xor ; g -[else]-> a:service(a) -> e:end ; g -[n <= 9]-> b:service(b) -> f:end",
    ),
    // Which of two conditions comes first.
    (
        "s:start -> g:xor ; g -[n <= 1]-> a:service(a) -> e:end ; g -[n <= 2]-> b:service(b) -> f:end ; g -[else]-> h:end",
        "s:start -> g:xor ; g -[n <= 2]-> b:service(b) -> f:end ; g -[n <= 1]-> a:service(a) -> e:end ; g -[else]-> h:end",
    ),
    // Whether a gateway waits for both.
    (
        "s:start -> g:and ; g -> a:service(a) -> j:and ; g -> b:service(b) -> j ; j -> e:end",
        "s:start -> g:and ; g -> a:service(a) -> j:xor ; g -> b:service(b) -> j ; j -> e:end",
    ),
    // Whether a boundary event interrupts.
    (
        "s:start -> a:service(a) -> e:end ; b:boundary(timer PT1S, on=a) -> f:end",
        "s:start -> a:service(a) -> e:end ; b:boundary(timer PT1S, on=a, noninterrupting) -> f:end",
    ),
    // Which error is caught.
    (
        "s:start -> a:service(a) -> e:end ; b:boundary(error OOPS, on=a) -> f:end",
        "s:start -> a:service(a) -> e:end ; b:boundary(error OTHER, on=a) -> f:end",
    ),
    // How long a timer waits.
    ("s:start -> t:timer(PT1S) -> e:end", "s:start -> t:timer(PT2S) -> e:end"),
    // What a message is about.
    ("s:start -> m:catch(message m, =key) -> e:end", "s:start -> m:catch(message m, =n) -> e:end"),
    // What a script does.
    (
        "s:start -> x:script(n = n + 1) -> a:service(a) -> e:end",
        "s:start -> x:script(n = n + 2) -> a:service(a) -> e:end",
    ),
    // Whether the losers of a race go on to wait.
    (
        "s:start -> g:events ; g -> t:timer(PT1S) -> e:end ; g -> m:catch(message m, =key) -> f:end",
        "s:start -> g:and ; g -> t:timer(PT1S) -> e:end ; g -> m:catch(message m, =key) -> f:end",
    ),
    // Whether an end ends the others.
    (
        "s:start -> g:and ; g -> a:service(a) -> e:end(terminate) ; g -> b:service(b) -> f:end",
        "s:start -> g:and ; g -> a:service(a) -> e:end ; g -> b:service(b) -> f:end",
    ),
];
