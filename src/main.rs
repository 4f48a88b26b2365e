//! The command line program.

fn main() -> std::process::ExitCode {
    layerwise::cli::main()
}
