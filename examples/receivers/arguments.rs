//! The command line. Secrets come from variables of the environment, since every user of a machine can
//! read the arguments of a process.

use clap::Parser;
use clap::builder::PossibleValuesParser;

use super::mistakes::MISTAKES;

/// Receives Mews webhooks on 127.0.0.1, well or with one mistake.
#[derive(Parser)]
#[command(name = "receivers")]
pub struct Arguments {
    /// Make this mistake (see --list); without it, the receiver is the good one
    #[arg(long, value_name = "NAME", hide_possible_values = true, value_parser = names())]
    pub mistake: Option<String>,
    /// Print the mistakes
    #[arg(long)]
    pub list: bool,
    /// Listen on this port; 0 lets the system choose
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Fetch entities from the Connector API at this URL, to which `/api/connector/v1/` is added
    #[arg(long, value_name = "URL")]
    pub api: Option<String>,
    /// The variable with the secret of the webhook's URL, which is its parameter `Token`
    #[arg(long, value_name = "NAME")]
    pub token_env: Option<String>,
    /// The variable with the shared secret of the Point of Sale API
    #[arg(long, value_name = "NAME")]
    pub secret_env: Option<String>,
    /// The variable with the `ClientToken`; without it, the one in the documentation's examples is sent
    #[arg(long, value_name = "NAME")]
    pub client_token_env: Option<String>,
}

fn names() -> PossibleValuesParser {
    MISTAKES.iter().map(|mistake| mistake.name).into()
}
