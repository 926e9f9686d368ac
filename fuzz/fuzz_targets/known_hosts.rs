#![no_main]

use harmony_providers::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| fuzzing::known_hosts(text));
