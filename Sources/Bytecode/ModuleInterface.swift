// What a contract shows to its callers, as JSON.

extension Module {
    /// The ABI: entries, events, errors, state, assets and interfaces, with every named type spelled out.
    ///
    /// - Parameter gasBounds: upper bounds of gas by entry, as formulas of sizes; an entry that has none shows null.
    public func interfaceJSON(gasBounds: [String: String]? = nil) -> JSONValue {
        let coding = ABICoding(self)
        func fields(_ fields: [TypeDescriptor.Field]) -> JSONValue {
            .array(
                fields.map {
                    .object([.init("name", .string($0.name)), .init("type", .string(coding.typeText($0.type)))])
                })
        }
        func documented(_ members: [JSONValue.Member], _ documentation: String?) -> JSONValue {
            .object(members + (documentation.map { [.init("documentation", .string($0))] } ?? []))
        }
        func bound(_ entry: String) -> [JSONValue.Member] {
            guard let gasBounds else { return [] }
            return [.init("gasBound", gasBounds[entry].map { .string($0) } ?? .null)]
        }
        let entries = self.entries.map { entry -> JSONValue in
            let function = functions.indices.contains(entry.function) ? functions[entry.function] : nil
            let parameters = zip(entry.parameterNames, function?.registers ?? []).map {
                TypeDescriptor.Field(name: $0, type: $1)
            }
            return documented(
                [
                    .init("name", .string(entry.name)),
                    .init("kind", .string(String(describing: entry.kind))),
                    .init("parameters", fields(parameters)),
                    .init("result", function?.result.map { .string(coding.typeText($0)) } ?? .null),
                ]
                    + bound(entry.name), entry.documentation)
        }
        let slots = self.slots.map { slot -> JSONValue in
            .object([
                .init("name", .string(slot.name)),
                .init("kind", .string(slot.kindName)),
                .init("keys", .array(slot.keys.map { .string(coding.typeText($0)) })),
                .init("type", .string(coding.typeText(slot.type))),
                .init("capacity", slot.capacity.map { .integer($0) } ?? .null),
            ])
        }
        let rounds = self.rounds.map { round -> JSONValue in
            let phases = round.phases.map { phase -> JSONValue in
                .object([
                    .init("name", .string(phase.name)),
                    .init("duration", phase.duration.map(durationJSON) ?? .null),
                    .init("hasCondition", .boolean(phase.hasCondition)),
                    .init(
                        "successor",
                        phase.successor.flatMap { round.phases.indices.contains($0) ? round.phases[$0].name : nil }
                            .map { .string($0) } ?? .null),
                ])
            }
            return .object([
                .init("name", .string(round.name)), .init("key", .string(coding.typeText(round.key))),
                .init("phases", .array(phases)),
            ])
        }
        let interfaces = self.interfaces.map { interface -> JSONValue in
            let methods = interface.methods.map { method -> JSONValue in
                .object([
                    .init("name", .string(method.name)), .init("kind", .string(method.isView ? "view" : "action")),
                    .init("parameters", fields(method.parameters)),
                    .init("result", method.result.map { .string(coding.typeText($0)) } ?? .null),
                ])
            }
            return .object([
                .init("name", .string(interface.name)), .init("isImplemented", .boolean(interface.isImplemented)),
                .init("methods", .array(methods)),
            ])
        }
        func signatures(_ list: [SignatureDescriptor]) -> JSONValue {
            .array(list.map { .object([.init("name", .string($0.name)), .init("parameters", fields($0.parameters))]) })
        }
        return documented(
            [
                .init("name", .string(name)),
                .init("gasSchedule", .integer(gasScheduleVersion)),
                .init("types", .array(namedTypes(fields))),
                .init("assets", .array(assets.map { .object([.init("name", .string($0.name))]) })),
                .init("entries", .array(entries)),
                .init("events", signatures(events)),
                .init("errors", signatures(errors)),
                .init("state", .array(slots)),
                .init("rounds", .array(rounds)),
                .init("interfaces", .array(interfaces)),
            ], documentation)
    }

    private func namedTypes(_ fields: ([TypeDescriptor.Field]) -> JSONValue) -> [JSONValue] {
        types.compactMap { type in
            switch type {
            case .structure(let name, let members):
                .object([
                    .init("name", .string(name)), .init("kind", .string("struct")), .init("fields", fields(members)),
                ])
            case .enumeration(let name, let cases):
                .object([
                    .init("name", .string(name)), .init("kind", .string("enum")),
                    .init(
                        "cases",
                        .array(
                            cases.map {
                                .object([.init("name", .string($0.name)), .init("payload", fields($0.payload))])
                            })),
                ])
            default: nil
            }
        }
    }

    /// The entry of that name.
    public func entry(named name: String) -> EntryPoint? { entries.first { $0.name == name } }
}

extension Module {
    /// A length in its own unit, or the state that keeps it.
    fileprivate func durationJSON(_ duration: RoundDescriptor.Duration) -> JSONValue {
        switch duration {
        case .blocks(let count): .object([.init("unit", .string("blocks")), .init("count", .integer(count))])
        case .time(let count, let unit): .object([.init("unit", .string(unit.name)), .init("count", .integer(count))])
        case .slot(let slot):
            .object([
                .init("unit", .string("blocks")),
                .init("state", slots.indices.contains(slot) ? .string(slots[slot].name) : .null),
            ])
        }
    }
}

extension Slot {
    var kindName: String {
        switch kind {
        case .plain: "plain"
        case .vault: "vault"
        case .sealedCommitment: "sealedCommitment"
        case .sealedValue: "sealedValue"
        case .phase: "phase"
        }
    }
}
