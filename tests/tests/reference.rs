//! The engine does what a naive token game allows, and nothing else (I-TOK-5).

use dacapo_engine::bpmn::notation;
use dacapo_engine::record::Limits;
use dacapo_tests::generate;
use dacapo_tests::reference::{Game, check, model};
use dacapo_tests::schedule::{deployed, moves, play, serve};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever workers, messages, time and operators do: after every command the engine stands where the game says that
    /// it may stand, and it refuses nothing that the game allows; in the end both have nothing left.
    #[test]
    fn the_engine_stands_where_the_token_game_may_stand(block in generate::block(), life in moves()) {
        let xml = xml(&generate::notation(&block));
        let mut drive = deployed(&xml, Limits::default());
        life.iter().for_each(|step| play(&mut drive, *step));
        prop_assert!(serve(&mut drive, 200), "the instances do not end");
        let model = model(&xml);
        let checked = check(Game::new(&model), &drive.frames);
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
    }
}

fn xml(text: &str) -> String {
    notation::to_xml("p", text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}
