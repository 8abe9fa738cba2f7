/// What an evaluator does at a shard.
enum ShardStage {
  case recall, observe, remember, restore
}
