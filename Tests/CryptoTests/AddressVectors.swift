/// Texts under the prefix `ag` computed by a separate program from the text of BIP 350.
enum AddressVectors {
    static let zero = "ag1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqvxhqg0"
    static let counting = "ag1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0s9juzgk"
    /// A valid checksum over data whose four padding bits are not all zero.
    static let padded = "ag1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqp3sr44a"
}
