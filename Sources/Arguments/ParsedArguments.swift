/// The values of a command's options and operands, each asked for by its declaration.
public struct ParsedArguments: Sendable {
  let options: [String: any HeldValue]
  let operands: [String: any HeldValue]

  /// The option's value: from the command line, else the environment, else the configuration file, else its default.
  ///
  /// - Precondition: The command, or one above it, declares the option.
  public subscript<Value>(option: Option<Value>) -> Value {
    guard let held = options[option.name] as? Held<Value> else {
      preconditionFailure("--\(option.name) is not declared by the command that asks for it")
    }
    return held.value
  }

  /// The operand's value.
  ///
  /// - Precondition: The command declares the operand.
  public subscript<Value>(operand: Operand<Value>) -> Value {
    guard let held = operands[operand.name] as? Held<Value> else {
      preconditionFailure("\(operand.name) is not declared by the command that asks for it")
    }
    return held.value
  }
}
