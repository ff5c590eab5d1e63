//! The manual pages: bedrudctl(1) and one for each noun, out of the arguments.

use std::{fs, path::Path};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::failure::{Exit, Outcome};

/// Writes them into `directory`, which has to be there.
pub fn write<Tool: CommandFactory>(directory: &Path) -> Outcome {
    let mut tool = Tool::command();
    tool.build();
    for noun in tool.get_subcommands().filter(|noun| !noun.is_hide_set()) {
        let name = format!("bedrudctl-{}", noun.get_name());
        let mut page = Vec::new();
        let bin = format!("bedrudctl {}", noun.get_name());
        let one = noun.clone().display_name(name.clone()).bin_name(bin);
        render(one, &mut page)?;
        // the verbs of a noun are on its page
        for verb in noun.get_subcommands().filter(|verb| verb.get_name() != "help" && !verb.is_hide_set()) {
            let man =
                Man::new(verb.clone().bin_name(format!("bedrudctl {} {}", noun.get_name(), verb.get_name())));
            let title = format!("{} {}", noun.get_name(), verb.get_name()).to_uppercase();
            page.extend(format!(".SH \"{title}\"\n").into_bytes());
            let mut part = Vec::new();
            man.render_synopsis_section(&mut part)?;
            man.render_description_section(&mut part)?;
            man.render_options_section(&mut part)?;
            // sections of the verb are one step below it
            page.extend(String::from_utf8_lossy(&part).replace(".SH ", ".SS ").into_bytes());
        }
        fs::write(directory.join(format!("{name}.1")), page)?;
    }
    let mut page = Vec::new();
    render(tool, &mut page)?;
    fs::write(directory.join("bedrudctl.1"), page)?;
    Ok(Exit::Done)
}

fn render(command: Command, page: &mut Vec<u8>) -> Outcome<()> {
    Man::new(command).section("1").manual("Bedrud").render(page)?;
    Ok(())
}
