extension ProgramGenerator {
    /// A place that statements can change: a variable, a state field, an entry of a map, or a part of one.
    private struct GeneratedPlace {
        var text: String
        var type: GeneratedType
        /// What must hold for the place to exist.
        var guards: [String] = []
    }

    private mutating func place() -> GeneratedPlace? {
        var roots = scope.filter(\.isVariable).map { GeneratedPlace(text: $0.name, type: $0.type) }
        if writesState {
            roots += declarations.state.map { GeneratedPlace(text: $0.name, type: $0.type) }
            for map in declarations.maps where hasZero(map.value) && !frozenMaps.contains(map.name) {
                roots.append(GeneratedPlace(text: "\(map.name)[\(key(map))]", type: map.value))
            }
        }
        guard var place = random.pick(roots) else { return nil }
        while !random.oneIn(4) {
            switch place.type {
            case .structure(let index):
                guard let member = random.pick(declarations.structures[index]) else { return place }
                place.text += ".\(member.name)"
                place.type = member.type
            case .list(let element, let capacity):
                let index = random.below(min(capacity, 3))
                // Now and then the element is not there.
                if !random.oneIn(6) { place.guards.append("\(place.text).count > \(index)") }
                place.text += "[\(index)]"
                place.type = element
            default: return place
            }
        }
        return place
    }

    /// A change to a place deep within a value.
    mutating func change() {
        guard let place = place() else { return }
        let statement: String
        switch place.type {
        case .list(let element, _) where !random.oneIn(3):
            statement = "\(place.text).append(\(expression(element, depth: 2)))"
        case .int where random.oneIn(2), .amount where random.oneIn(2):
            statement = "\(place.text) \(random.pick(["+=", "-=", "*="]) ?? "+=") \(random.below(20))"
        default: statement = "\(place.text) = \(expression(place.type, depth: 2))"
        }
        guard !place.guards.isEmpty else { return line(statement) }
        block("if \(place.guards.joined(separator: " && ")) {") { $0.line(statement) }
    }

    /// A second name for a value, a change to either, and both told apart: values are copied, never shared.
    mutating func alias() {
        let owners = scope.filter {
            switch $0.type {
            case .list, .structure, .option: true
            default: false
            }
        }
        guard let owner = random.pick(owners) else { return change() }
        let copy = freshName("copy")
        line("var \(copy): \(owner.type.text) = \(owner.name)")
        scope.append(GeneratedName(name: copy, type: owner.type, isVariable: true))
        change()
        change()
        trace([owner, GeneratedName(name: copy, type: owner.type, isVariable: true)])
    }
}
