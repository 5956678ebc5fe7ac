/// Offsets inside arena objects, in bytes; `Documentation/machine.md` has the layouts.
public enum ObjectLayout {
    /// Type index, count, capacity and tag, four bytes each.
    public static let headerBytes = 16
    public static let typeOffset = 0
    public static let countOffset = 4
    public static let capacityOffset = 8
    public static let tagOffset = 12
    /// A list's address of its cells.
    public static let listCellsOffset = 16
    public static let listBytes = 32
    /// The cells of structs, enums and options; the bytes of bytes and text.
    public static let contentOffset = 16
    /// A tensor's four dimensions, and behind them its elements.
    public static let dimensionsOffset = 16
    public static let elementsOffset = 32
    /// A word and its home.
    public static let cellBytes = 40
    public static let cellWords = 5
    /// In the type index of a header: shared by state or another value, never to be changed in place. What a shared
    /// object holds is shared too.
    public static let sharedFlag: UInt32 = 1 << 31
}
