/// A place in a .proto file; both count from 1.
struct Position: Equatable {
  var line = 1
  var column = 1
}
