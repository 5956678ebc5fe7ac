import Machine

// The reference has a `Failure` too, and the module `Machine` is hidden behind its class of the same name; this file
// imports the machine alone, so that the rest can tell the two apart.
typealias MachineFailure = Failure
