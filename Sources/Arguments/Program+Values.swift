import Spelling

extension Program {
  /// The value of every option of the chosen command: command line over environment over file over default.
  func optionValues(
    _ scanner: CommandLineScanner<Action>, _ invocation: Invocation
  ) throws(UsageError) -> [String: any HeldValue] {
    let path = scanner.texts[configurationOption.name]?.last ?? variable(configurationOption, invocation)
    var file: ConfigurationFile?
    if let path { file = try configuration(path, scanner, invocation) }
    var values: [String: any HeldValue] = [:]
    for option in scanner.options {
      if let texts = scanner.texts[option.name] {
        values[option.name] = try value(option, texts, from: "--\(option.name)", scanner)
      } else if let text = variable(option, invocation) {
        values[option.name] = try value(option, [text], from: option.variable(prefix: variablePrefix), scanner)
      } else if let path, let entries = file?.entries[option.name] {
        let place = "\(path):\(entries[0].line): \(option.name)"
        values[option.name] = try value(option, entries.map(\.value), from: place, scanner)
      } else {
        values[option.name] = try value(option, nil, from: option.name, scanner)
      }
    }
    return values
  }

  /// The texts of a command line shared out among the declared operands, in order.
  func operandValues(
    _ scanner: CommandLineScanner<Action>, _ operands: [any OperandDeclaration]
  ) throws(UsageError) -> [String: any HeldValue] {
    var rest = scanner.operands[...]
    var values: [String: any HeldValue] = [:]
    for operand in operands {
      let texts = Array(rest.prefix(operand.maximumCount))
      guard texts.count >= operand.minimumCount else {
        throw scanner.failure("\(operand.name) is missing", advice: "\(operand.name): \(operand.help)")
      }
      rest = rest.dropFirst(texts.count)
      do {
        values[operand.name] = try operand.value(of: texts)
      } catch {
        throw scanner.failure("\(operand.name) \(texts.joined(separator: " ")) \(error.problem)", advice: error.advice)
      }
    }
    if let extra = rest.first {
      throw scanner.failure("\(extra) is one argument too many", advice: "Quote a value that has blanks in it")
    }
    return values
  }

  private func value(
    _ option: any OptionDeclaration, _ texts: [String]?, from place: String, _ scanner: CommandLineScanner<Action>
  ) throws(UsageError) -> any HeldValue {
    do {
      return try option.value(of: texts)
    } catch {
      let given = (texts ?? []).joined(separator: ",")
      throw scanner.failure("\(place) \(given.isEmpty ? "" : given + " ")\(error.problem)", advice: error.advice)
    }
  }

  /// A variable that is set to nothing counts as not set.
  private func variable(_ option: any OptionDeclaration, _ invocation: Invocation) -> String? {
    let text = invocation.environment[option.variable(prefix: variablePrefix)] ?? ""
    return text.isEmpty ? nil : text
  }

  /// The file, whose names must all be options of the program: one file serves all commands, and each takes its own.
  private func configuration(
    _ path: String, _ scanner: CommandLineScanner<Action>, _ invocation: Invocation
  ) throws(UsageError) -> ConfigurationFile {
    let text: String
    do {
      text = try invocation.readFile(path)
    } catch {
      throw scanner.failure("the configuration file \(path) cannot be read: \(error)")
    }
    let file: ConfigurationFile
    do {
      file = try ConfigurationFile(text, listNames: Set(root.allListNames))
    } catch {
      throw scanner.failure("\(path):\(error.line): \(error.message)", advice: error.advice)
    }
    let known = root.allOptionNames
    for (name, entries) in file.entries.sorted(by: { $0.value[0].line < $1.value[0].line })
    where !known.contains(name) {
      let advice = nearest(to: name, among: known).map { "Did you mean \($0)?" }
      throw scanner.failure("\(path):\(entries[0].line): there is no option \(name)", advice: advice)
    }
    return file
  }
}
