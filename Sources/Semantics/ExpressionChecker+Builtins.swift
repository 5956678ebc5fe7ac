import Diagnostics
import Numerics
import Syntax

extension BodyChecker {
    func builtinCall(
        _ function: BuiltinFunction, _ name: Identifier, _ arguments: [ArgumentSyntax], _ wanted: Type?, _ span: Span
    ) -> Checked {
        if function.isTestOnly, !isTest {
            report(.testOnly, "\(name.name) is for tests", at: span)
            return skipped(arguments, span)
        }
        switch function {
        case .floor: return rounding(.floor, name, arguments, wanted, span)
        case .ceil: return rounding(.ceiling, name, arguments, wanted, span)
        case .round: return rounding(.halfEven, name, arguments, wanted, span)
        case .min: return extreme(.minimum, name, arguments, wanted, span)
        case .max: return extreme(.maximum, name, arguments, wanted, span)
        case .abs: return absolute(arguments, wanted, span)
        case .mulMod: return mulMod(arguments, span)
        case .exp, .ln, .log2, .sqrt, .pow: return mathematics(function, arguments, span)
        case .isqrt: return integerSquareRoot(arguments, span)
        case .repeating: return repeating(arguments, wanted, span)
        case .sample: return sample(arguments, wanted, span)
        case .encode: return encoding(arguments, span)
        case .bigEndian, .littleEndian: return integerBytes(function, arguments, span)
        case .fromBigEndian, .fromLittleEndian: return integerFromBytes(function, arguments, span)
        case .hash, .sha256, .verifySignature, .verifyVRF: return hashing(function, arguments, span)
        case .commitment: return commitment(arguments, span)
        case .empty, .mint: return newToken(function, arguments, span)
        case .matmul, .add, .requantize, .relu, .argmax, .countEqual:
            return tensorCall(function, arguments, span)
        case .actor, .balance, .holdings, .vrfKey, .vrfProof: return testCall(function, arguments, span)
        case .zip, .enumerated:
            report(.notAllowedHere, "\(name.name) is for loops", at: span, hint: "for (a, b) in \(name.name)(…) { … }")
            return skipped(arguments, span)
        case .burn, .send, .grant:
            report(.notAllowedHere, "\(name.name) has no value", at: span, hint: "write it as a statement of its own")
            return skipped(arguments, span)
        }
    }

    // MARK: Numbers

    private func rounding(
        _ rounding: Rounding, _ name: Identifier, _ arguments: [ArgumentSyntax], _ wanted: Type?, _ span: Span
    ) -> Checked {
        guard hasCount(arguments, 1, name.name, "\(name.name)(ratio)", span) else { return skipped(arguments, span) }
        let operand = someValue(arguments[0].value)
        guard !operand.isInvalid else { return invalid(span) }
        guard operand.type.isNumber else {
            report(
                .typeMismatch, "\(name.name) wants a number, found \(self.name(operand.type))",
                at: arguments[0].value.span)
            return invalid(span)
        }
        let wantsFixed = wanted?.unwrapped.isFixed == true
        if operand.type.isInteger { return wantsFixed ? toFixed(operand) : operand }
        if operand.type.isFixed {
            let range = operand.reach.wholeFromFixed
            let whole = numberNode(.round(rounding, operand.expression), range, like: .integer(.int), span)
            return wantsFixed ? toFixed(whole) : whole
        }
        let range = wantsFixed ? operand.reach.scaledToFixed : operand.reach
        // Numerator bits bound the result too: a denominator is at least one.
        guard range.bits <= 4_096 else {
            reportTooWide(range.bits, span)
            return invalid(span)
        }
        return numberNode(.round(rounding, operand.expression), range, like: wantsFixed ? .fixed : .integer(.int), span)
    }

    private func extreme(
        _ builtin: Builtin, _ name: Identifier, _ arguments: [ArgumentSyntax], _ wanted: Type?, _ span: Span
    ) -> Checked {
        guard hasCount(arguments, 2, name.name, "\(name.name)(a, b)", span) else { return skipped(arguments, span) }
        let one = someValue(arguments[0].value, expecting: wanted)
        let other = someValue(arguments[1].value, expecting: wanted)
        guard !one.isInvalid, !other.isInvalid else { return invalid(span) }
        for side in [one, other] where !side.type.isNumber {
            report(
                .typeMismatch, "\(name.name) wants numbers, found \(self.name(side.type))", at: side.expression.span)
            return invalid(span)
        }
        guard let (left, right, type) = joinedNumbers(one, other) else { return invalid(span) }
        let a = left.reach
        let b = right.reach
        let isMinimum = builtin == .minimum
        let range = ValueRange(
            isMinimum ? min(a.low, b.low) : max(a.low, b.low), isMinimum ? min(a.high, b.high) : max(a.high, b.high))
        let expression = Expression(.builtin(builtin, [left.expression, right.expression]), type, span)
        if type.isExact { return numberNode(expression.kind, range, like: type, span) }
        return Checked(expression, range: range)
    }

    private func absolute(_ arguments: [ArgumentSyntax], _ wanted: Type?, _ span: Span) -> Checked {
        guard hasCount(arguments, 1, "abs", "abs(a)", span) else { return skipped(arguments, span) }
        let operand = someValue(arguments[0].value, expecting: wanted)
        guard !operand.isInvalid else { return invalid(span) }
        guard operand.type.isInteger || operand.type.isFixed else {
            if operand.type.isRatio {
                reportRoundingNeeded(operand)
            } else {
                report(.typeMismatch, "abs wants a number, found \(name(operand.type))", at: arguments[0].value.span)
            }
            return invalid(span)
        }
        return numberNode(.builtin(.absolute, [operand.expression]), operand.reach.magnitude, like: operand.type, span)
    }

    private func mulMod(_ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard hasCount(arguments, 3, "mulMod", "mulMod(a, b, modulus)", span) else { return skipped(arguments, span) }
        let operands = arguments.map { someValue($0.value) }
        guard operands.allSatisfy({ !$0.isInvalid }) else { return invalid(span) }
        for operand in operands where !operand.type.isInteger {
            _ = converted(operand, to: .integer(.int))
            return invalid(span)
        }
        let range = (operands[0].reach * operands[1].reach).remainder(by: operands[2].reach)
        guard operands[0].reach.bits + operands[1].reach.bits <= 8_192 else {
            reportTooWide(operands[0].reach.bits + operands[1].reach.bits, span)
            return invalid(span)
        }
        return numberNode(.builtin(.mulMod, operands.map(\.expression)), range, like: .integer(.int), span)
    }

    private func repeating(_ arguments: [ArgumentSyntax], _ wanted: Type?, _ span: Span) -> Checked {
        guard hasCount(arguments, 2, "repeating", "repeating(value, count)", span) else {
            return skipped(arguments, span)
        }
        let count = someValue(arguments[1].value)
        guard !count.isInvalid else { return invalid(span) }
        guard count.type.isInteger else {
            _ = converted(count, to: .integer(.int))
            return invalid(span)
        }
        let list = wanted?.unwrapped
        let item: Checked
        let capacity: Int
        if case .list(let element, let given) = list {
            item = converted(value(arguments[0].value, expecting: element), to: element)
            capacity = given
        } else {
            let plain = someValue(arguments[0].value)
            guard let known = count.reach.high.asInt64, (1...Int64(Checker.capacityLimit)).contains(known) else {
                report(
                    .cannotInferType, "how long can this list become?", at: span,
                    hint: "annotate the type: `let xs: List<Amount, 16> = repeating(0, n)`")
                return invalid(span)
            }
            guard !plain.isInvalid, isElement(plain.type, at: arguments[0].value.span) else { return invalid(span) }
            item = converted(plain, to: plain.type.bindingType)
            capacity = Int(known)
        }
        guard !item.isInvalid else { return invalid(span) }
        if count.reach.isOutside(ValueRange(0, capacity)) {
            report(.constantOutOfRange, "the count is never between 0 and \(capacity)", at: arguments[1].value.span)
            return invalid(span)
        }
        var element = item.type
        if case .list(let given, _) = list { element = given }
        return Checked(
            Expression(
                .builtin(.repeating, [item.expression, count.expression]), .list(element, capacity: capacity), span))
    }

    // MARK: Hashes and signatures

    private func hashing(_ function: BuiltinFunction, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        let bytes = Type.bytes(capacity: Checker.capacityLimit)
        func typed(_ names: [(String, Type)], _ builtin: Builtin, _ result: Type) -> Checked {
            let parameters = names.map { NamedType(name: $0.0, type: $0.1) }
            guard let values = self.arguments(arguments, for: parameters, of: function.rawValue, span) else {
                return invalid(span)
            }
            return Checked(Expression(.builtin(builtin, values), result, span))
        }
        switch function {
        case .sha256: return typed([("bytes", bytes)], .sha256, .hash)
        case .verifySignature:
            return typed([("publicKey", .hash), ("message", bytes), ("signature", bytes)], .verifySignature, .boolean)
        case .verifyVRF:
            return typed([("publicKey", .hash), ("input", bytes), ("proof", bytes)], .verifyVRF, .option(.hash))
        default:
            guard hasCount(arguments, 1, "hash", "hash(value)", span) else { return skipped(arguments, span) }
            guard let declared = encodable(arguments[0].value, "hashed") else { return invalid(span) }
            return Checked(Expression(.builtin(.hash, [declared.expression]), .hash, span))
        }
    }

    /// `commitment(R.s, key, author, value, salt)`; in tests with the contract first.
    private func commitment(_ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        var rest = arguments[...]
        var receiver: Expression?
        var owner = contract
        if isTest {
            guard let first = rest.popFirst() else { return wrongCommitment(arguments, span) }
            let checked = value(first.value)
            guard case .contract(let id) = checked.type else {
                if !checked.isInvalid {
                    report(
                        .wrongArguments, "in a test a commitment begins with the contract", at: first.value.span,
                        hint: "commitment(contract, Round.field, key, author, value, salt)")
                }
                // Without its contract, the sealed field that comes next has no meaning to complain about.
                return skipped(Array(rest.dropFirst()), span)
            }
            receiver = checked.expression
            owner = id
        }
        guard isTest || isInContract, let owner else {
            report(.contextNotAllowed, "a commitment belongs to a contract", at: span)
            return skipped([], span)
        }
        guard rest.count == 5, let place = rest.popFirst(),
            case .member(let base, let sealedName) = place.value.kind, case .name(let roundName) = base.kind
        else { return wrongCommitment(arguments, span) }
        let typed = program.contracts[owner]
        guard let round = typed.rounds.firstIndex(where: { $0.name == roundName.name }),
            let sealed = typed.rounds[round].sealed.firstIndex(where: { $0.name == sealedName.name })
        else {
            report(
                .unknownName, "\(typed.name) has no sealed \(roundName.name).\(sealedName.name)", at: place.value.span)
            return skipped(Array(rest), span)
        }
        let parameters = [
            NamedType(name: "key", type: typed.rounds[round].keyType), NamedType(name: "author", type: .address),
            NamedType(name: "value", type: typed.rounds[round].sealed[sealed].valueType),
            NamedType(name: "salt", type: .hash),
        ]
        guard let values = self.arguments(Array(rest), for: parameters, of: "commitment", span) else {
            return invalid(span)
        }
        let kind: Expression.Kind =
            if let receiver {
                .contractCommitment(receiver, owner, roundIndex: round, sealedIndex: sealed, values)
            } else {
                .builtin(.commitment(roundIndex: round, sealedIndex: sealed), values)
            }
        return Checked(Expression(kind, .hash, span))
    }

    private func wrongCommitment(_ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        report(
            .wrongArguments, "a commitment names the sealed field, key, author, value and salt", at: span,
            hint: isTest
                ? "commitment(contract, Round.field, key, author, value, salt)"
                : "commitment(Round.field, key, author, value, salt)")
        return invalid(span)
    }

    // MARK: Tokens

    private func newToken(_ function: BuiltinFunction, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        let isMint = function == .mint
        guard
            hasCount(
                arguments, isMint ? 2 : 1, function.rawValue, isMint ? "mint(ASSET, amount)" : "empty(ASSET)", span)
        else { return skipped(arguments, span) }
        if case .name(let name) = arguments[0].value.kind, isInContract, scope.find(name.name) == nil {
            reportUnknown(name)
            return skipped(Array(arguments.dropFirst()), span)
        }
        guard case .name(let name) = arguments[0].value.kind, isInContract,
            let declared = scope.find(name.name), case .asset(let asset) = declared.symbol
        else {
            report(
                .typeMismatch, "\(function.rawValue) wants the name of an asset of this contract",
                at: arguments[0].value.span)
            return skipped(Array(arguments.dropFirst()), span)
        }
        guard isMint else { return Checked(Expression(.emptyToken(asset), .token(asset), span)) }
        let amount = value(arguments[1].value, as: .integer(.amount))
        guard isIssued(asset, at: name.span) else { return invalid(span) }
        return Checked(Expression(.mint(asset, amount), .token(asset), span))
    }

    /// Only the issuer mints and burns.
    func isIssued(_ asset: AssetIndex, at span: Span) -> Bool {
        guard let contract = typedContract, let record else { return false }
        if case .issued = contract.assets[asset].origin { return true }
        report(
            .assetNotIssued, "\(contract.assets[asset].name) is not issued by this contract", at: span,
            also: [Label(record.assetSpans[asset], "declared here")],
            hint: "only `asset \(contract.assets[asset].name) issued` can be minted and burned")
        return false
    }

    // MARK: Tests

    private func testCall(_ function: BuiltinFunction, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        if function == .balance {
            let parameters = [NamedType(name: "address", type: .address), NamedType(name: "asset", type: .asset)]
            guard let values = self.arguments(arguments, for: parameters, of: "balance", span) else {
                return invalid(span)
            }
            return Checked(Expression(.balance(values[0], asset: values[1]), .integer(.amount), span))
        }
        if function == .vrfKey {
            let parameters = [NamedType(name: "owner", type: .address)]
            guard let values = self.arguments(arguments, for: parameters, of: "vrfKey", span) else {
                return invalid(span)
            }
            return Checked(Expression(.testKey(values[0]), .hash, span))
        }
        if function == .vrfProof {
            let parameters = [
                NamedType(name: "owner", type: .address),
                NamedType(name: "input", type: .bytes(capacity: Checker.capacityLimit)),
            ]
            guard let values = self.arguments(arguments, for: parameters, of: "vrfProof", span) else {
                return invalid(span)
            }
            let proof = Type.bytes(capacity: 80)
            return Checked(Expression(.testProof(values[0], input: values[1]), proof, span))
        }
        if function == .holdings { return holdings(arguments, span) }
        guard (1...2).contains(arguments.count), case .text(let name) = arguments[0].value.kind else {
            report(
                .wrongArguments, "actor takes a name, and a number where there are many", at: span,
                hint: "actor(\"alice\"), actor(\"member\", i)")
            return skipped(arguments, span)
        }
        guard arguments.count == 2 else { return Checked(Expression(.actor(name, number: nil), .address, span)) }
        let number = value(arguments[1].value, as: .integer(.int))
        guard !number.type.isInvalid else { return invalid(span) }
        return Checked(Expression(.actor(name, number: number), .address, span))
    }

    /// `holdings(contract, asset)`: the contract as deployed, or its address.
    private func holdings(_ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard hasCount(arguments, 2, "holdings", "holdings(contract, contract.ASSET)", span) else {
            return skipped(arguments, span)
        }
        let holder = someValue(arguments[0].value, expecting: .address)
        let asset = value(arguments[1].value, as: .asset)
        guard !holder.isInvalid, !asset.type.isInvalid else { return invalid(span) }
        var address = holder.expression
        if case .contract = holder.type {
            address = Expression(.contractAddress(address), .address, address.span)
        } else {
            address = converted(holder, to: .address).expression
        }
        guard !address.type.isInvalid else { return invalid(span) }
        return Checked(Expression(.holdings(address, asset: asset), .integer(.amount), span))
    }
}
