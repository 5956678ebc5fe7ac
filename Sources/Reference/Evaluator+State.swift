import Crypto
import Diagnostics
import Numerics
import Semantics

extension Evaluator {
    /// A place whose keys and indices have been evaluated.
    struct ResolvedPlace {
        enum Base {
            case local(LocalID)
            case state(FieldIndex, keys: [Value])
        }
        enum Step {
            case field(Int)
            case index(BigInt)
        }
        let base: Base
        let steps: [Step]
        /// The type of what stands there.
        let type: Type
    }

    struct ResolvedVault {
        let field: FieldIndex
        let keys: [Value]
    }

    func field(_ index: FieldIndex, at span: Span) throws(Failure) -> StateField {
        let activation = try contract(at: span)
        let fields = program.contracts[activation.contract].fields
        guard fields.indices.contains(index) else { throw .fault("no state field \(index)", at: span) }
        return fields[index]
    }

    func resolve(_ place: Place, at span: Span) throws(Failure) -> ResolvedPlace {
        let base: ResolvedPlace.Base
        var type: Type
        switch place.base {
        case .local(let id):
            guard declarations.indices.contains(id) else { throw .fault("no local \(id)", at: span) }
            base = .local(id)
            type = declarations[id].type
        case .state(let index, let keys):
            type = try field(index, at: span).valueType
            base = .state(index, keys: try evaluate(all: keys))
        }
        var steps: [ResolvedPlace.Step] = []
        for step in place.steps {
            switch (step, type) {
            case (.field(let index), .structure(let id)):
                steps.append(.field(index))
                type = program.structs[id].fields[index].type
            case (.index(let expression), .list(let element, _)):
                steps.append(.index(try integer(expression)))
                type = element
            default: throw .fault("a place that does not exist", at: span)
            }
        }
        return ResolvedPlace(base: base, steps: steps, type: type)
    }

    func resolve(_ place: VaultPlace) throws(Failure) -> ResolvedVault {
        ResolvedVault(field: place.field, keys: try evaluate(all: place.keys))
    }

    /// Changes the value at a place.
    func modify(
        _ place: ResolvedPlace, at span: Span, _ change: (inout Value) throws(Failure) -> Void
    ) throws(Failure) {
        switch place.base {
        case .local(let id):
            if place.steps.isEmpty {
                // A first assignment has no value to change.
                var value = locals[id] ?? .nothing
                locals[id] = Value.nothing
                try change(&value)
                locals[id] = value
            } else {
                var value = try local(id, at: span)
                locals[id] = Value.nothing
                try modify(&value, place.steps[...], at: span, change)
                locals[id] = value
            }
        case .state(let index, let keys):
            let activation = try contract(at: span)
            let field = try field(index, at: span)
            var value =
                try activation.chain.read(index, keys, at: activation.address) ?? zeroValue(field.valueType) ?? .nothing
            try modify(&value, place.steps[...], at: span, change)
            try activation.chain.write(index, keys, value, at: activation.address)
        }
    }

    private func modify(
        _ value: inout Value, _ steps: ArraySlice<ResolvedPlace.Step>, at span: Span,
        _ change: (inout Value) throws(Failure) -> Void
    ) throws(Failure) {
        guard let first = steps.first else { return try change(&value) }
        switch (first, value) {
        case (.field(let index), .structure(var fields)):
            value = .nothing
            try modify(&fields[index], steps.dropFirst(), at: span, change)
            value = .structure(fields)
        case (.index(let number), .list(var elements)):
            let index = try index(number, below: elements.count)
            value = .nothing
            try modify(&elements[index], steps.dropFirst(), at: span, change)
            value = .list(elements)
        default: throw .fault("a place that does not exist", at: span)
        }
    }

    /// The zero value of a type, where it has one.
    func zeroValue(_ type: Type) -> Value? {
        switch type {
        case .boolean: return .boolean(false)
        case .integer: return .integer(.zero)
        case .fixed, .exactFixed: return .fixed(.zero)
        case .bytes, .text: return .bytes([])
        case .list: return .list([])
        case .option: return .option(nil)
        case .structure(let id):
            var fields: [Value] = []
            for field in program.structs[id].fields {
                guard let value = zeroValue(field.type) else { return nil }
                fields.append(value)
            }
            return .structure(fields)
        default: return nil
        }
    }

    func stateOrToken(_ expression: Expression) throws(Failure) -> Value {
        let span = expression.span
        switch expression.kind {
        case .tokenAmount(let id):
            guard case .token(_, let amount) = try local(id, at: span) else {
                throw .fault("a token was expected", at: span)
            }
            return .integer(amount)
        case .tokenTake(let id, let amount):
            let taken = try integer(amount)
            guard case .token(let asset, let whole) = try local(id, at: span) else {
                throw .fault("a token was expected", at: span)
            }
            guard !taken.isNegative, taken <= whole else { throw .builtin(.insufficientAmount, at: span) }
            locals[id] = .token(asset: asset, amount: whole - taken)
            return .token(asset: asset, amount: taken)
        default: return try state(expression, contract(at: span))
        }
    }

    private func state(_ expression: Expression, _ activation: Activation) throws(Failure) -> Value {
        let chain = activation.chain
        let span = expression.span
        switch expression.kind {
        case .stateGet(let index, let keys):
            let type = try field(index, at: span).valueType
            if let value = try chain.read(index, evaluate(all: keys), at: activation.address) { return value }
            guard let zero = zeroValue(type) else { throw .fault("state without a value", at: span) }
            return zero
        case .stateFind(let index, let keys):
            return .option(try chain.read(index, evaluate(all: keys), at: activation.address))
        case .stateContains(let index, let keys):
            return .boolean(try chain.read(index, evaluate(all: keys), at: activation.address) != nil)
        case .mapCount(let index, let keys):
            return .integer(
                BigInt(try chain.entries(of: index, under: evaluate(all: keys), at: activation.address).count))
        case .mapKeys(let index, let keys, let places):
            guard case .list(let wanted) = try evaluate(places) else {
                throw .fault("a list of places was expected", at: span)
            }
            let entries = try chain.entries(of: index, under: evaluate(all: keys), at: activation.address)
            var found: [Value] = []
            for place in wanted {
                guard case .integer(let number) = place, let position = number.asInt64, position >= 0,
                    position < entries.count, let key = entries[Int(position)].keys.last
                else { throw .builtin(.indexOutOfRange, at: span) }
                found.append(key)
            }
            return .list(found)
        case .mapKeyAt(let index, let keys, let position):
            let prefix = try evaluate(all: keys)
            guard
                let key = try chain.key(
                    of: index, under: prefix, position: integer(position), at: activation.address)
            else { throw .builtin(.indexOutOfRange, at: span) }
            return key
        case .roundPhase(let round, let key):
            return .integer(BigInt(try phaseByTime(round, evaluate(key), activation, at: span)))
        case .phaseEntered(let index, let key, let phase):
            let round = program.contracts[activation.contract].rounds[index]
            guard let moment = chain.moment(of: round, key: try evaluate(key), at: activation.address) else {
                throw .builtin(.noSuchRound, at: span)
            }
            return .integer(moment.entries.last { $0.phase == phase }?.height ?? .zero)
        case .vaultAmount(let place): return .integer(try amount(in: resolve(place), activation))
        case .vaultTake(let place, let amount):
            let vault = try resolve(place)
            return try withdraw(integer(amount), from: vault, activation, at: span)
        case .vaultTakeAll(let place):
            let vault = try resolve(place)
            return try withdraw(amount(in: vault, activation), from: vault, activation, at: span)
        case .emptyToken(let index): return .token(asset: try assetID(index, activation, at: span), amount: .zero)
        case .mint(let index, let amount):
            let asset = try assetID(index, activation, at: span)
            let minted = try integer(amount)
            try chain.issue(minted, of: asset)
            return .token(asset: asset, amount: minted)
        case .assetID(let index): return .bytes32(try assetID(index, activation, at: span))
        default: return .nothing
        }
    }

    func assetID(_ index: AssetIndex, _ activation: Activation, at span: Span?) throws(Failure) -> Bytes32 {
        try activation.chain.assetID(index, of: activation.contract, at: activation.address)
    }

    // MARK: Vaults

    private func amount(in vault: ResolvedVault, _ activation: Activation) throws(Failure) -> BigInt {
        guard case .integer(let amount)? = try activation.chain.read(vault.field, vault.keys, at: activation.address)
        else {
            return .zero
        }
        return amount
    }

    private func withdraw(
        _ taken: BigInt, from vault: ResolvedVault, _ activation: Activation, at span: Span
    ) throws(Failure) -> Value {
        guard case .vault(let asset) = try field(vault.field, at: span).kind else { throw .fault("no vault", at: span) }
        let held = try amount(in: vault, activation)
        guard !taken.isNegative, taken <= held else { throw .builtin(.insufficientAmount, at: span) }
        let token = Value.token(asset: try assetID(asset, activation, at: span), amount: taken)
        // Putting makes a vault's entry, be it of nothing; taking nothing does not.
        guard !taken.isZero else { return token }
        try activation.chain.write(vault.field, vault.keys, .integer(held - taken), at: activation.address)
        return token
    }

    func deposit(_ token: (asset: Bytes32, amount: BigInt), into vault: ResolvedVault, at span: Span) throws(Failure) {
        let activation = try contract(at: span)
        let held = try amount(in: vault, activation)
        try activation.chain.write(vault.field, vault.keys, .integer(held + token.amount), at: activation.address)
    }

    // MARK: Statements on state and tokens

    func act(_ statement: Statement) throws(Failure) {
        let span = statement.span
        let activation = try contract(at: span)
        let chain = activation.chain
        switch statement.kind {
        case .emit(let index, let arguments):
            let values = try evaluate(all: arguments)
            chain.state.events.append(
                EventRecord(address: activation.address, contract: activation.contract, index: index, values: values))
        case .mapRemove(let index, let keys):
            let values = try evaluate(all: keys)
            if case .vault = try field(index, at: span).kind,
                case .integer(let amount)? = try chain.read(index, values, at: activation.address), !amount.isZero
            {
                throw .builtin(.vaultNotEmpty, at: span)
            }
            try chain.remove(index, values, at: activation.address)
        case .vaultPut(let place, let expression):
            let vault = try resolve(place)
            try deposit(token(expression), into: vault, at: span)
        case .tokenJoin(let id, let expression):
            let added = try token(expression)
            guard case .token(let asset, let amount) = try local(id, at: span) else {
                throw .fault("no token", at: span)
            }
            locals[id] = .token(asset: asset, amount: amount + added.amount)
        case .tokenClose(let expression):
            guard try token(expression).amount.isZero else { throw .builtin(.tokenNotEmpty, at: span) }
        case .burn(let expression):
            let burned = try token(expression)
            chain.retire(burned.amount, of: burned.asset)
        case .send(let expression, let receiver):
            let sent = try token(expression)
            try chain.credit(sent.amount, of: sent.asset, to: bytes32(receiver))
        default: break
        }
    }
}
