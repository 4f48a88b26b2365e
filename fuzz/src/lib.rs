//! What the fuzz targets share: the checks, and the generator of Dockerfiles.

pub mod checks;
pub mod generate;
