//! The manual pages bedrud(8), out of its arguments, and bedrud.yaml(5), out of the shipped configuration.

use std::{fs, io, path::Path};

use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};

const SHIPPED: &str = include_str!("../../config/config.yaml");
/// What the pages belong to.
const MANUAL: &str = "Bedrud";

/// Writes both into `directory`, which has to be there.
pub fn write(command: clap::Command, directory: &Path) -> io::Result<()> {
    let mut page = Vec::new();
    Man::new(command).section("8").manual(MANUAL).render(&mut page)?;
    fs::write(directory.join("bedrud.8"), page)?;
    fs::write(directory.join("bedrud.yaml.5"), configuration())
}

fn configuration() -> String {
    let mut page = Roff::new();
    page.control("TH", ["bedrud.yaml", "5", "", concat!("bedrud ", env!("CARGO_PKG_VERSION")), MANUAL]);
    page.control("SH", ["NAME"]).text([roman("bedrud.yaml - configuration of the Bedrud meeting server")]);
    page.control("SH", ["DESCRIPTION"]);
    page.text([roman(
        "One YAML file, /etc/bedrud/bedrud.yaml in the package. Every key is optional, and unknown ones are refused. \
         A variable such as BEDRUD_SERVER_PORT beats its key. Before it is used, ",
    ), bold("bedrud check-config --config FILE"), roman(" says everything that is wrong with it.")]);
    page.control("SH", ["KEYS"]);
    page.text([roman("Every key with its default:")]);
    page.control("PP", []).control("nf", []);
    // its comment lines are doubled: those of a key, and the sign that keeps the key a default
    let shown = SHIPPED.lines().filter(|line| !line.starts_with("##"));
    for line in shown.map(|line| line.strip_prefix("# ").or(line.strip_prefix('#')).unwrap_or(line)) {
        page.text([match line.trim_start().starts_with('#') {
            true => roman(line),
            false => bold(line),
        }]);
    }
    page.control("fi", []);
    page.control("SH", ["SEE ALSO"]).text([bold("bedrud"), roman("(8), "), bold("bedrudctl"), roman("(1)")]);
    page.to_roff()
}
