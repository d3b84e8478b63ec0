//! Reads what a Wasm file asks of its host, what it offers, and where it computes with floats.

use wasmparser::{BinaryReaderError, Name, NameSectionReader, Parser, Payload, TypeRef};

/// What stands in a Wasm file, or in several.
#[derive(Debug, Default)]
pub struct Scan {
    /// The imports: `module.name`.
    pub imports: Vec<String>,
    /// The exports.
    pub exports: Vec<String>,
    /// The operations on floats.
    pub floats: Vec<Float>,
    /// How many functions were read.
    pub functions: usize,
}

/// An operation on floats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Float {
    /// The function that has it, as the file names it, or its number.
    pub function: String,
    /// The operation.
    pub operation: String,
    /// Whether it computes; else it converts from or to integers or another width.
    pub is_arithmetic: bool,
}

/// Reads a Wasm file, or an archive of them as the compiler makes it of a library.
///
/// # Errors
///
/// Where the bytes are not Wasm.
pub fn scan(bytes: &[u8]) -> Result<Scan, BinaryReaderError> {
    let mut it = Scan::default();
    if bytes.starts_with(ARCHIVE) {
        for member in members(bytes).filter(|it| it.starts_with(WASM)) {
            it.read(member)?;
        }
    } else {
        it.read(bytes)?;
    }
    Ok(it)
}

impl Scan {
    fn read(&mut self, bytes: &[u8]) -> Result<(), BinaryReaderError> {
        let mut number = 0;
        let mut found: Vec<(u32, Float)> = Vec::new();
        let mut names: Vec<(u32, String)> = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        number += u32::from(matches!(import.ty, TypeRef::Func(_)));
                        self.imports.push(format!("{}.{}", import.module, import.name));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        self.exports.push(export?.name.to_owned());
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    for operator in body.get_operators_reader()? {
                        let operation = format!("{:?}", operator?);
                        found.extend(float(&operation).map(|it| (number, it)));
                    }
                    number += 1;
                    self.functions += 1;
                }
                Payload::CustomSection(section) if section.name() == "name" => {
                    let reader =
                        wasmparser::BinaryReader::new(section.data(), section.data_offset());
                    names = function_names(NameSectionReader::new(reader))?;
                }
                _ => {}
            }
        }
        self.floats.extend(found.into_iter().map(|(number, it)| {
            let name = names.iter().find(|(at, _)| *at == number).map(|(_, name)| name.clone());
            Float { function: name.unwrap_or_else(|| format!("function {number}")), ..it }
        }));
        Ok(())
    }
}

fn function_names(reader: NameSectionReader<'_>) -> Result<Vec<(u32, String)>, BinaryReaderError> {
    let mut names = Vec::new();
    for section in reader {
        if let Name::Function(map) = section? {
            for naming in map {
                let naming = naming?;
                names.push((naming.index, naming.name.to_owned()));
            }
        }
    }
    Ok(names)
}

/// Tells what an operation does to floats; loads, stores, constants and comparisons do nothing.
fn float(operation: &str) -> Option<Float> {
    let name = operation.split([' ', '{', '(']).next().unwrap_or(operation);
    let rest = name.strip_prefix("F32").or(name.strip_prefix("F64"));
    let is_arithmetic = rest.is_some_and(|it| ARITHMETIC.iter().any(|end| it.ends_with(end)));
    let is_conversion = CONVERSIONS.iter().any(|it| name.contains(it));
    let operation = name.to_owned();
    (is_arithmetic || is_conversion).then_some(Float {
        function: String::new(),
        operation,
        is_arithmetic,
    })
}

/// Lists the members of an archive.
fn members(archive: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = archive.get(ARCHIVE.len()..).unwrap_or_default();
    std::iter::from_fn(move || {
        // A member has a header of 60 bytes, its size in decimals at byte 48, and an even length.
        let size = std::str::from_utf8(rest.get(48..58)?).ok()?.trim().parse::<usize>().ok()?;
        let member = rest.get(60..60 + size)?;
        rest = rest.get(60 + size + size % 2..).unwrap_or_default();
        Some(member)
    })
}

const ARCHIVE: &[u8] = b"!<arch>\n";
const WASM: &[u8] = b"\0asm";
const ARITHMETIC: [&str; 14] = [
    "Add", "Sub", "Mul", "Div", "Sqrt", "Min", "Max", "Ceil", "Floor", "Trunc", "Nearest", "Abs",
    "Neg", "Copysign",
];
const CONVERSIONS: [&str; 10] = [
    "F32Convert",
    "F64Convert",
    "TruncF32",
    "TruncF64",
    "TruncSatF32",
    "TruncSatF64",
    "F32Demote",
    "F64Promote",
    "F32x4Convert",
    "F64x2Convert",
];
