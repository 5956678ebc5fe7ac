extension ProgramGenerator {
    mutating func statements(depth: Int) {
        for _ in 0...random.below(depth == 0 ? 7 : 3) {
            guard statementsLeft > 0 else { return }
            statementsLeft -= 1
            statement(depth: depth)
        }
    }

    private mutating func statement(depth: Int) {
        let isNesting = depth < 3
        switch random.below(20) {
        case 0, 1, 2: binding()
        case 3, 4: assignment()
        case 5 where isNesting: conditional(depth)
        case 6 where isNesting: optionBinding(depth)
        case 7 where isNesting: match(depth)
        case 8 where isNesting: rangeLoop(depth)
        case 9 where isNesting: listLoop(depth)
        case 10 where isNesting && usesState: mapLoop(depth)
        case 11: requirement()
        case 16, 17: change()
        case 18: alias()
        case 19 where depth > 0 && random.oneIn(3): leave()
        case 12 where writesState: mapWrite()
        case 13 where writesState: tokens(depth)
        case 14 where writesState: if random.oneIn(2) { ownAttempt(depth) } else { peerCall(depth) }
        case 15 where isInLoop && depth > 1:
            let word = random.oneIn(2) ? "break" : "continue"
            block("if \(condition(1)) {") { $0.line(word) }
        default: emission()
        }
    }

    /// An early end under a condition.
    private mutating func leave() {
        let test = condition(2)
        let end =
            random.oneIn(2)
            ? "fail \(failure())" : "return" + (result.map { " \(expression($0, depth: 2))" } ?? "")
        block("if \(test) {") { $0.line(end) }
    }

    private mutating func binding() {
        let type = anyType()
        let name = freshName("v")
        let isVariable = random.oneIn(2)
        line("\(isVariable ? "var" : "let") \(name): \(type.text) = \(expression(type, depth: fullDepth))")
        scope.append(GeneratedName(name: name, type: type, isVariable: isVariable))
    }

    private mutating func assignment() {
        var targets = scope.filter(\.isVariable)
        if writesState { targets += declarations.state }
        guard let target = random.pick(targets) else { return binding() }
        switch target.type {
        case .int, .amount:
            let word = random.pick(["=", "+=", "-=", "*="]) ?? "="
            let value = word == "=" ? expression(target.type, depth: fullDepth) : "abs(\(integer(1).text)) % 50"
            line("\(target.name) \(word) \(value)")
        case .list(let element, _):
            switch random.below(3) {
            case 0: line("\(target.name).append(\(expression(element, depth: 2)))")
            case 1:
                let value = expression(element, depth: 2)
                block("if \(target.name).count > 0 {") { $0.line("\(target.name)[0] = \(value)") }
            default: line("\(target.name) = \(expression(target.type, depth: fullDepth))")
            }
        case .structure(let index):
            let members = declarations.structures[index]
            guard random.oneIn(2), let member = random.pick(members) else {
                return line("\(target.name) = \(expression(target.type, depth: fullDepth))")
            }
            line("\(target.name).\(member.name) = \(expression(member.type, depth: 2))")
        default: line("\(target.name) = \(expression(target.type, depth: fullDepth))")
        }
    }

    private mutating func conditional(_ depth: Int) {
        let test = condition(2)
        let hasElse = random.oneIn(2)
        block("if \(test) {", hasElse ? "} else {" : "}") { $0.statements(depth: depth + 1) }
        guard hasElse else { return }
        indentation += 1
        let names = scope.count
        statements(depth: depth + 1)
        scope.removeSubrange(names...)
        indentation -= 1
        line("}")
    }

    private mutating func optionBinding(_ depth: Int) {
        let type = scalarType()
        let subject = freshName("option")
        line("let \(subject): \(type.text)? = \(expression(.option(type), depth: 2))")
        scope.append(GeneratedName(name: subject, type: .option(type), isVariable: false))
        let payload = freshName("inside")
        if random.oneIn(4) {
            let isOdd = random.oneIn(2)
            block("match \(subject) {") { generator in
                generator.block("case .some(\(payload)) {") { inner in
                    inner.scope.append(GeneratedName(name: payload, type: type, isVariable: false))
                    inner.statements(depth: depth + 1)
                }
                generator.block(isOdd ? "case .none {" : "else {") { $0.statements(depth: depth + 1) }
            }
            return
        }
        if random.oneIn(3) {
            line("require let \(payload) = \(subject) else \(failure())")
            scope.append(GeneratedName(name: payload, type: type, isVariable: false))
            return
        }
        block("if let \(payload) = \(subject) {") { generator in
            generator.scope.append(GeneratedName(name: payload, type: type, isVariable: false))
            generator.statements(depth: depth + 1)
        }
    }

    private mutating func match(_ depth: Int) {
        guard !declarations.enumerations.isEmpty else { return conditional(depth) }
        let index = random.below(declarations.enumerations.count)
        let cases = declarations.enumerations[index]
        let subject = freshName("subject")
        line("let \(subject): Kind\(index) = \(expression(.enumeration(index), depth: 2))")
        let covered = random.oneIn(2) ? cases.count : 1
        block("match \(subject) {") { generator in
            for option in cases.prefix(covered) {
                let names = option.payload.map { _ in generator.freshName("p") }
                let bindings = names.isEmpty ? "" : "(\(names.joined(separator: ", ")))"
                generator.block("case .\(option.name)\(bindings) {") { inner in
                    for (name, member) in zip(names, option.payload) {
                        inner.scope.append(GeneratedName(name: name, type: member.type, isVariable: false))
                    }
                    inner.statements(depth: depth + 1)
                }
            }
            if covered < cases.count { generator.block("else {") { $0.statements(depth: depth + 1) } }
        }
    }

    // MARK: Loops

    private mutating func loopBody(_ head: String, _ names: [GeneratedName], _ depth: Int) {
        let wasInLoop = isInLoop
        block(head) { generator in
            generator.isInLoop = true
            generator.scope += names
            generator.statements(depth: depth + 1)
        }
        isInLoop = wasInLoop
    }

    private mutating func rangeLoop(_ depth: Int) {
        let index = freshName("i")
        // The bound is short of the range at times, which fails.
        let head =
            random.oneIn(2)
            ? "for \(index) in 0..<\(1 + random.below(5)) {"
            : "for \(index) in 0..<\(expression(.int(bits: 16), depth: 1)) % 6 max \(3 + random.below(4)) {"
        loopBody(head, [GeneratedName(name: index, type: .int(bits: 256), isVariable: false)], depth)
    }

    private mutating func listLoop(_ depth: Int) {
        let element = scalarType()
        let list = freshName("list")
        let capacity = 1 + random.below(5)
        let content = expression(.list(element, capacity: capacity), depth: 2)
        line("let \(list): List<\(element.text), \(capacity)> = \(content)")
        let name = freshName("x")
        var names = [GeneratedName(name: name, type: element, isVariable: false)]
        switch random.below(3) {
        case 0: loopBody("for \(name) in \(list) {", names, depth)
        case 1:
            let index = freshName("i")
            names.append(GeneratedName(name: index, type: .int(bits: 16), isVariable: false))
            loopBody("for (\(index), \(name)) in enumerated(\(list)) {", [names[0]], depth)
        default:
            let other = freshName("y")
            let second = expression(.list(element, capacity: capacity), depth: 1)
            let lengths = random.oneIn(4) ? second : list
            names.append(GeneratedName(name: other, type: element, isVariable: false))
            let partner = freshName("list")
            line("let \(partner): List<\(element.text), \(capacity)> = \(lengths)")
            loopBody("for (\(name), \(other)) in zip(\(list), \(partner)) {", names, depth)
        }
    }

    private mutating func mapLoop(_ depth: Int) {
        guard let map = random.pick(declarations.maps.filter { $0.capacity != nil && !frozenMaps.contains($0.name) })
        else {
            return listLoop(depth)
        }
        let key = freshName("k")
        let value = freshName("x")
        frozenMaps.append(map.name)
        let names = [
            GeneratedName(name: key, type: map.key, isVariable: false),
            GeneratedName(name: value, type: map.value, isVariable: false),
        ]
        loopBody("for (\(key), \(value)) in \(map.name) {", names, depth)
        frozenMaps.removeLast()
    }

    // MARK: State, events and failures

    private mutating func mapWrite() {
        guard let map = random.pick(declarations.maps.filter { !frozenMaps.contains($0.name) }) else {
            return binding()
        }
        let key = key(map)
        switch random.below(4) {
        case 0: line("\(map.name).remove(\(key))")
        case 1 where map.value.integerBits != nil: line("\(map.name)[\(key)] += \(random.below(20))")
        default: line("\(map.name)[\(key)] = \(expression(map.value, depth: 2))")
        }
    }

    private mutating func failure() -> String {
        guard usesState, let error = random.pick(declarations.errors) else { return "InvalidArgument" }
        let arguments = error.parameters.map { expression($0, depth: 1) }
        return error.name + (arguments.isEmpty ? "" : "(\(arguments.joined(separator: ", ")))")
    }

    private mutating func requirement() {
        // Mostly true, so that programs get on.
        let test = "(\(condition(2)) || \(random.oneIn(3) ? "false" : "true"))"
        line(random.oneIn(2) ? "require \(test)" : "require \(test) else \(failure())")
    }

    private mutating func emission() {
        guard writesState, let event = random.pick(declarations.events) else { return binding() }
        let arguments = event.parameters.map { expression($0, depth: 2) }
        line("emit \(event.name)(\(arguments.joined(separator: ", ")))")
    }

    // MARK: Tokens and other contracts

    private mutating func tokens(_ depth: Int) {
        guard !declarations.vaults.isEmpty else { return change() }
        let amount = "abs(\(integer(1).text)) % \(random.pick([10, 100, 5_000]) ?? 10)"
        let token = freshName("t")
        switch random.below(7) {
        case 0: line("vault0.put(mint(COIN, \(amount)))")
        case 1: line("send(vault0.take(\(amount)), \(party()))")
        case 2:
            line("var \(token) = vault0.take(\(amount))")
            let part = freshName("t")
            line("let \(part) = \(token).take(\(token).amount)")
            line("\(token).join(\(part))")
            line(random.oneIn(2) ? "vault1.put(\(token))" : "burn(\(token))")
        case 3:
            line("let \(token) = vault1.takeAll()")
            let holder = isForElements ? "self" : "caller"
            block("if \(token).amount > \(random.below(50)) {", "} else {") {
                $0.line("vaults[\(holder)].put(\(token))")
            }
            indentation += 1
            line("vault0.put(\(token))")
            indentation -= 1
            line("}")
        case 4:
            line("let \(token) = empty(COIN)")
            line("\(token).close()")
        case 5:
            let weights = freshName("weights")
            line("let \(weights): List<Amount, 5> = \(expression(.list(.amount, capacity: 5), depth: 2))")
            let pot = freshName("pot")
            line("let \(pot) = vault0.take(\(amount))")
            let share = freshName("w")
            block("for (\(token), \(share)) in zip(split \(pot) by \(weights) else vault1, \(weights)) {") {
                generator in
                generator.line("require \(share) >= 0")
                generator.line("vaults[self].put(\(token))")
            }
        default:
            let whole = freshName("whole")
            line("let \(whole): Amount = \(amount)")
            let rest = freshName("rest")
            line("var \(rest): Amount = 0")
            let parts = freshName("parts")
            let weights = freshName("weights")
            let weight: GeneratedType = random.pick([.amount, .fixed, .int(bits: 64)]) ?? .amount
            let value = expression(.list(weight, capacity: 4), depth: 2)
            line("let \(weights): List<\(weight.text), 4> = \(value)")
            line("let \(parts): List<Amount, 4> = split \(whole) by \(weights) else \(rest)")
            scope.append(GeneratedName(name: parts, type: .list(.amount, capacity: 4), isVariable: false))
            scope.append(GeneratedName(name: rest, type: .amount, isVariable: true))
        }
    }

    private mutating func peerCall(_ depth: Int) {
        guard var peer = declarations.peer, frozenMaps.isEmpty else { return emission() }
        // Any address may be taken for a peer's; what is not fails.
        if random.oneIn(6), let address = random.pick(scope.filter { $0.type == .address && $0.isParameter }) {
            peer = freshName("other")
            line("let \(peer) = Peer(\(address.name))")
        }
        let argument = "abs(\(integer(1).text)) % 100"
        let name = freshName("answer")
        switch random.below(3) {
        case 0:
            line("let \(name) = \(peer).poke(\(argument))")
            scope.append(GeneratedName(name: name, type: .int(bits: 256), isVariable: false))
        case 1:
            let type = GeneratedType.list(.int(bits: 256), capacity: 4)
            line("let \(name) = \(peer).peek(\(argument), [\(integer(0).text) % 7 + 10])")
            scope.append(GeneratedName(name: name, type: type, isVariable: false))
        default:
            guard depth < 3 else { return emission() }
            block("try let \(name) = \(peer).poke(\(argument)) gas 1_000_000 {", "} failed {") { generator in
                generator.scope.append(GeneratedName(name: name, type: .int(bits: 256), isVariable: false))
                generator.statements(depth: depth + 1)
            }
            indentation += 1
            let names = scope.count
            statements(depth: depth + 1)
            scope.removeSubrange(names...)
            indentation -= 1
            line("}")
        }
    }
}
