/// Fills a module's tables; equal types, constants and names share one entry, in order of first use.
public struct ModuleBuilder {
    public var module: Module
    private var typeIndices: [TypeDescriptor: TypeIndex] = [:]
    private var constantIndices: [Constant: Int] = [:]
    private var sourceIndices: [String: Int] = [:]
    private var importIndices: [ImportedMethod: Int] = [:]

    public init(name: String) { module = Module(name: name) }

    /// Goes on with a module whose tables hold no duplicates.
    public init(extending module: Module) {
        self.module = module
        for (index, type) in module.types.enumerated() where typeIndices[type] == nil { typeIndices[type] = index }
        for (index, constant) in module.constants.enumerated() where constantIndices[constant] == nil {
            constantIndices[constant] = index
        }
        for (index, source) in module.sourceNames.enumerated() { sourceIndices[source] = index }
        for (index, method) in module.imports.enumerated() { importIndices[method] = index }
    }

    public mutating func type(_ descriptor: TypeDescriptor) -> TypeIndex {
        Self.intern(descriptor, in: &module.types, by: &typeIndices)
    }

    public mutating func constant(_ constant: Constant) -> Int {
        Self.intern(constant, in: &module.constants, by: &constantIndices)
    }

    public mutating func source(_ name: String) -> Int {
        Self.intern(name, in: &module.sourceNames, by: &sourceIndices)
    }

    public mutating func imported(_ method: ImportedMethod) -> Int {
        Self.intern(method, in: &module.imports, by: &importIndices)
    }

    private static func intern<Element: Hashable>(
        _ element: Element, in table: inout [Element], by indices: inout [Element: Int]
    ) -> Int {
        if let index = indices[element] { return index }
        table.append(element)
        indices[element] = table.count - 1
        return table.count - 1
    }
}
