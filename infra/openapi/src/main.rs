//! Writes the committed OpenAPI document anew.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"), openapi::text()?)?;
    Ok(())
}
