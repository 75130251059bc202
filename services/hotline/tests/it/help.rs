//! What `--help` teaches, word for word.

use clap::CommandFactory;
use hotline_cli::cli::Cli;

use crate::support::hotline;

/// Help of a command and of all below it.
fn help_of(command: &mut clap::Command, text: &mut String) {
    let name = command.get_bin_name().unwrap_or("hotline").to_owned();
    let help = command.render_help().to_string();
    let help = if name == "hotline" {
        help
    } else {
        without_global(&help)
    };
    text.push_str(&format!("$ {name} --help\n{help}\n"));
    for below in command
        .get_subcommands_mut()
        .filter(|below| below.get_name() != "help")
    {
        help_of(below, text);
    }
}

/// The flags of every command are told once.
fn without_global(help: &str) -> String {
    let Some((before, rest)) = help.split_once("通用 / Global:") else {
        return help.to_owned();
    };
    let after = rest.split_once("\n\n").map_or("", |(_, after)| after);
    format!("{before}{after}")
}

#[test]
fn every_command_teaches_itself() {
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut text = String::new();
    help_of(&mut command, &mut text);
    insta::assert_snapshot!(text);
}

#[test]
fn every_command_has_an_example() {
    fn check(command: &clap::Command) {
        for below in command
            .get_subcommands()
            .filter(|below| below.get_name() != "help")
        {
            let taught = below
                .get_after_help()
                .is_some_and(|help| help.to_string().contains("hotline "));
            assert!(
                taught || below.has_subcommands(),
                "{} has no example",
                below.get_name()
            );
            check(below);
        }
    }
    check(&Cli::command());
}

#[test]
fn a_wrong_command_says_what_is_known() {
    let ran = hotline(&["run", "--services", "intake,billing"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("billing") && ran.err.contains("sla-timer"),
        "{}",
        ran.err
    );
    let ran = hotline(&["token", "--role", "king", "--subject", "x"]);
    assert!(
        ran.err.contains("king") && ran.err.contains("dispatcher"),
        "{}",
        ran.err
    );
    let ran = hotline(&["run", "--check", "--set", "grpc.listem=1"]);
    assert!(ran.err.contains("listem"), "{}", ran.err);
}

#[test]
fn a_completion_script_names_the_commands() {
    let ran = hotline(&["completions", "bash"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("reconcile") && ran.out.contains("calendar"));
}
