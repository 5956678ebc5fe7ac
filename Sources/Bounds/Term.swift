import Bytecode

typealias TermID = Int

/// What a register holds, as far as it follows from the call and the state before it. Equal terms are equal values.
enum Term: Hashable, Sendable {
    /// Nothing is known but which value it is.
    case fresh(Int)
    /// The counter of a loop, in the pass that analyses it.
    case counter(Int)
    /// Any index below a count: in facts that hold for all of them.
    case every(TermID)
    case parameter(Int)
    case caller, contract, height, chain
    case integer(Int)
    case boolean(Bool)
    /// An index into the module's constants.
    case constant(Int)
    /// A value of the call that is followed, by its index among the algebra's literals.
    case literal(Int)
    case asset(Int)
    // State before the call.
    case state(slot: Int, keys: [TermID])
    case contains(slot: Int, keys: [TermID])
    case find(slot: Int, keys: [TermID])
    case count(slot: Int, leading: [TermID])
    case keyAt(slot: Int, leading: [TermID], index: TermID)
    /// What an instruction makes of its operands; the immediate where it matters.
    case operation(Opcode, Int, [TermID])
    case object(type: Int, tag: Int, fields: [TermID])
    case choice(TermID, TermID, TermID)
    /// Where the instance of a round is by what was stored of it before the call, and the height.
    case moment(round: Int, part: MomentPart, keys: [TermID])
    /// Where an instance of a round is that was in a phase before, told apart by a serial number.
    case later(round: Int, than: TermID, Int)

    var children: [TermID] {
        switch self {
        case .fresh, .counter, .parameter, .caller, .contract, .height, .chain, .integer, .boolean, .constant,
            .literal, .asset:
            []
        case .every(let count): [count]
        case .state(_, let keys), .contains(_, let keys), .find(_, let keys), .count(_, let keys): keys
        case .keyAt(_, let leading, let index): leading + [index]
        case .operation(_, _, let operands): operands
        case .object(_, _, let fields): fields
        case .choice(let condition, let first, let second): [condition, first, second]
        case .moment(_, _, let keys): keys
        case .later(_, let phase, _): [phase]
        }
    }
}

/// What is asked of an instance of a round.
enum MomentPart: Hashable, Sendable {
    case phase
    /// The height at which it entered a phase; 0 when it did not on the way.
    case entered(Int)
    /// The phases that time has passed over.
    case passedCount
    /// Whether a slot of a length is read on the way.
    case reads(Int)
}

/// What is known of a term beside its form.
struct TermFacts: Sendable {
    /// The serial number of the newest fresh value or counter within.
    var newest: Int
    var depth: Int
    /// It has one value, which follows from call and state.
    var isExact: Bool
    /// It has one value in each place of the code, which may follow from call and state.
    var isDecidable = true
    /// It has a set of values that follows from call and state.
    var isMeasurable: Bool
    /// The counts that indices within range over.
    var everies: [TermID]
    /// The counters within.
    var counters: [TermID] = []
}
