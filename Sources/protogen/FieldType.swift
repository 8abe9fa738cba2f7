/// A field's type. `named` becomes `message` or `enumeration`, with the full name, when names are resolved.
indirect enum FieldType: Equatable {
  case scalar(ScalarType)
  case named(String)
  case message(String)
  case enumeration(String)
  case map(key: ScalarType, value: FieldType)
}
