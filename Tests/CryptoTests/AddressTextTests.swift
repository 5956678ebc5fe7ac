import Crypto
import TestSupport
import Testing

@Suite struct AddressTextTests {
    @Test func roundTrip() throws {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<200 {
            let address = try #require(Address(generator.bytes(count: 32)))
            let text = address.addressText
            #expect(text.utf8.count == AddressText.characterCount)
            #expect(text.hasPrefix("ag1"))
            #expect(try AddressText.decode(text) == address)
            #expect(try AddressText.decode(text.uppercased()) == address)
        }
    }

    /// Texts made by the reference program of BIP 350 for the prefix `ag`.
    @Test func agreesWithBech32m() throws {
        #expect(Address.zero.addressText == AddressVectors.zero)
        let counting = try #require(Address(Array(0..<32)))
        #expect(counting.addressText == AddressVectors.counting)
    }

    /// Up to four wrong characters are always found.
    @Test func typingErrorsAreFound() throws {
        var generator = SplitMix64(seed: 6)
        let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
        let address = try #require(Address(generator.bytes(count: 32)))
        let text = Array(address.addressText.utf8)
        for round in 0..<2000 {
            var changed = text
            for _ in 0...(round % 4) {
                changed[3 + Int(generator.next() % 58)] = alphabet[Int(generator.next() % 32)]
            }
            guard changed != text else { continue }
            #expect(throws: AddressError.wrongChecksum, "round \(round) of seed 6") {
                try AddressText.decode(String(decoding: changed, as: UTF8.self))
            }
        }
    }

    @Test func errorsNameTheirCause() throws {
        let text = Address.zero.addressText
        #expect(throws: AddressError.wrongLength(0)) { try AddressText.decode("") }
        #expect(throws: AddressError.wrongLength(62)) { try AddressText.decode(text + "q") }
        #expect(throws: AddressError.wrongPrefix) { try AddressText.decode("bg" + text.dropFirst(2)) }
        #expect(throws: AddressError.mixedCase) { try AddressText.decode("AG" + text.dropFirst(2)) }
        #expect(throws: AddressError.invalidCharacter(position: 3)) {
            try AddressText.decode("ag1b" + text.dropFirst(4))
        }
        #expect(throws: AddressError.paddingNotZero) { try AddressText.decode(AddressVectors.padded) }
        #expect(AddressError.wrongChecksum.code == "address.checksum")
        #expect("\(AddressError.wrongPrefix)".hasSuffix("[address.prefix]"))
    }

    @Test func randomTextsAreRefusedCalmly() {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<2000 {
            let count = Int(generator.next() % 80)
            let text = String(decoding: generator.bytes(count: count), as: UTF8.self)
            #expect(throws: AddressError.self) { try AddressText.decode(text) }
        }
    }
}
