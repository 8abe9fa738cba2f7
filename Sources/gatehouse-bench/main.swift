import Bench
import Foundation

let process = ProcessInfo.processInfo
exit(BenchCommand().run(Array(process.arguments.dropFirst()), environment: process.environment).rawValue)
