// The binary artefact. One module has one encoding: every number is minimal, every table has one place, and whatever
// the encoder would not have written is refused.

extension Module {
    static let magic: [UInt8] = Array("AGON".utf8)
    /// Version of the artefact's layout.
    public static let formatVersion = 1

    /// The canonical artefact. Fails only for modules beyond `ModuleLimits`, which no verifier accepts either.
    public func encoded() throws(CodingError) -> [UInt8] {
        var encoder = ModuleEncoder()
        try encoder.module(self)
        guard encoder.writer.bytes.count <= ModuleLimits.artefactBytes else {
            throw CodingError(.limitExceeded, "The artefact is larger than \(ModuleLimits.artefactBytes) bytes")
        }
        return encoder.writer.bytes
    }

    /// Reads an artefact. Total on any bytes; the result is not verified.
    public init(decoding bytes: [UInt8]) throws(CodingError) {
        guard bytes.count <= ModuleLimits.artefactBytes else {
            throw CodingError(.limitExceeded, "The artefact is larger than \(ModuleLimits.artefactBytes) bytes")
        }
        var decoder = ModuleDecoder(reader: ByteReader(bytes))
        self = try decoder.module()
    }
}
