import Diagnostics
import Numerics

public enum ArithmeticOperator: Sendable, Hashable { case add, subtract, multiply, divide, remainder }

public enum ComparisonOperator: Sendable, Hashable { case less, lessOrEqual, greater, greaterOrEqual }

public enum SortDirection: Sendable, Hashable { case ascending, descending }

public struct Expression: Sendable {
    public indirect enum Kind: Sendable {
        /// Integers, and Fixed as raw value (× 10^18).
        case integer(BigInt)
        case boolean(Bool)
        /// Text (UTF-8) or Bytes.
        case bytes([UInt8])
        /// Address, Hash or Asset literal: 32 bytes.
        case bytes32([UInt8])
        /// Elements of a tensor in row-major order, within the range of its type, whose dimensions are constants.
        case tensor([Int64])
        case none
        case some(Expression)
        case local(LocalID)
        /// A state entry; the zero value when absent.
        case stateGet(FieldIndex, keys: [Expression])
        case stateFind(FieldIndex, keys: [Expression])
        case stateContains(FieldIndex, keys: [Expression])
        /// The index of the phase in which the instance of the key is by time, conditions left aside; fails
        /// NoSuchRound.
        case roundPhase(roundIndex: Int, key: Expression)
        /// The height at which the instance of the key entered the phase by time, from the stored phase on; 0 when it
        /// has not, or when a later phase is stored. Fails NoSuchRound.
        case phaseEntered(roundIndex: Int, key: Expression, phase: Int)
        /// Entries under `keys` (all but the last) of an iterable map, or commitments of a sealed field.
        case mapCount(FieldIndex, keys: [Expression])
        /// The last keys at these places (a list of integers) in the order of an iterable map under `keys`; the places
        /// are evaluated first.
        case mapKeys(FieldIndex, keys: [Expression], Expression)
        /// The key at an index of an iterable map, in its order; fails IndexOutOfRange.
        case mapKeyAt(FieldIndex, keys: [Expression], index: Expression)
        case vaultAmount(VaultPlace)
        case vaultTake(VaultPlace, Expression)
        case vaultTakeAll(VaultPlace)
        case tokenAmount(LocalID)
        case tokenTake(LocalID, Expression)
        case emptyToken(AssetIndex)
        case mint(AssetIndex, Expression)
        case assetID(AssetIndex)
        /// Operands have the same kind (integer, fixed, ratio) as the result, save fixed × integer (left fixed, right
        /// integer) and divide, whose operands are integers, fixed or ratios and whose result is a ratio; fixed × fixed
        /// is a ratio.
        case arithmetic(ArithmeticOperator, Expression, Expression)
        case negate(Expression)
        case not(Expression)
        /// Both sides integers, both fixed, or at least one ratio (then the other may be integer or fixed).
        case compare(ComparisonOperator, Expression, Expression)
        /// Structural; for numbers as `compare`.
        case equal(Expression, Expression)
        case and(Expression, Expression)
        case or(Expression, Expression)
        case choose(Expression, Expression, Expression)
        /// `option ?? value`; the right side is evaluated only when needed.
        case fallback(Expression, Expression)
        /// Integer to Fixed: exact.
        case toFixed(Expression)
        /// A Ratio or Fixed to the integer or Fixed that the type of this expression says.
        case round(Rounding, Expression)
        /// Fails Overflow unless the value fits the (declared) type of this expression.
        case check(Expression)
        case call(FunctionID, [Expression])
        /// On a contract whose address is the first expression.
        case interfaceCall(InterfaceID, method: Int, Expression, [Expression])
        /// Address to interface: fails NoSuchContract or InterfaceMismatch.
        case toInterface(InterfaceID, Expression)
        /// Interface to Address.
        case interfaceAddress(Expression)
        case makeStruct(StructID, [Expression])
        case makeEnum(EnumID, caseIndex: Int, [Expression])
        case makeList([Expression])
        case field(Expression, Int)
        /// List element, or byte of Bytes as integer.
        case index(Expression, Expression)
        case builtin(Builtin, [Expression])
        /// split an amount: the list of parts (all zero when no weight is positive).
        case splitAmount(Expression, weights: Expression)
        // Tests and the REPL only.
        case deploy(ContractID, [Expression], actor: Expression?)
        case contractCall(ContractID, FunctionID, Expression, [Expression], actor: Expression?)
        case contractAddress(Expression)
        /// The address of a name; with a number, of the name with the number's digits behind it.
        case actor(String, number: Expression?)
        case balance(Expression, asset: Expression)
        /// What all vaults of the contract at an address hold of an asset.
        case holdings(Expression, asset: Expression)
        /// The id of an asset of a deployed contract.
        case contractAsset(Expression, ContractID, AssetIndex)
        /// The public key under which an address proves in tests.
        case testKey(Expression)
        /// The address' proof for an input of the verifiable random function.
        case testProof(Expression, input: Expression)
        /// Contract value, then as `commitment`.
        case contractCommitment(Expression, ContractID, roundIndex: Int, sealedIndex: Int, [Expression])
    }
    public var kind: Kind
    public var type: Type
    public var span: Span
    public init(_ kind: Kind, _ type: Type, _ span: Span) {
        self.kind = kind
        self.type = type
        self.span = span
    }
}
