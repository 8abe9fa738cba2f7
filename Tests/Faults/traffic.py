"""Traffic whose every answer can be checked afterwards: what was acknowledged, and what the windows must hold."""

import wire
from journal import message, text
from peer import Peer, Wrong, require

BUFFERED, WRITTEN, DURABLE = 1, 2, 3
RECORD, CHECK = 1, 2
CUSTOMERS = 7


def zigzag(value):
    return value << 1 ^ value >> 63


def request(id, customer, cents, occurred_at, mode=RECORD, durability=0):
    activity = b"".join([
        wire.field(1, id) if id else b"", wire.field(2, occurred_at), wire.field(3, customer), wire.field(5, "order"),
        wire.field(7, "create"), wire.field(15, wire.field(1, zigzag(cents)) + wire.field(2, "USD")),
    ])
    return wire.field(1, activity) + wire.field(2, mode) + (wire.field(3, durability) if durability else b"")


class Answer:
    """A Decision: where it stands in the log, what its customer had spent, whether it is the first one again."""

    def __init__(self, payload):
        fields = message(payload)
        self.index = fields.get(5, [None])[0]
        self.repeated = bool(fields.get(7, [0])[0])
        self.durability = fields.get(8, [0])[0]
        self.outcome = fields.get(1, [0])[0]
        fired = message(fields[2][0]) if 2 in fields else {}
        observation = message(fired[4][0]) if 4 in fired else {}
        require(not fired or text(fired, 1) == "shows_what_was_spent", "an unknown rule fired")
        self.spent = observation.get(3, [0])[0]

    def first(self):
        """What a repeat must give again."""
        return self.index, self.outcome, self.spent


class Traffic:
    """Sends activities with ids of its own and keeps what was sent and what was acknowledged.

    Every tenth call repeats an earlier one; half of the calls ask for DURABLE.
    """

    def __init__(self, random, now):
        self.random, self.now = random, now
        self.sent, self.acknowledged, self.refused, self.wrong = {}, {}, {}, []
        # The power is being cut: answers are not seen any more.
        self.is_dark = False

    def new(self, durability=None):
        number = len(self.sent)
        activity = (f"id-{number}", f"customer-{self.random.randrange(CUSTOMERS)}", self.random.randrange(1, 100_000),
                    self.now - self.random.randrange(3_600_000))
        self.sent[activity[0]] = activity
        return activity, durability or self.random.choice((WRITTEN, DURABLE))

    def next(self, durability):
        if self.acknowledged and self.random.random() < 0.1:
            return self.sent[self.random.choice(list(self.acknowledged))], durability or WRITTEN
        return self.new(durability)

    def run(self, address, count, depth=8, durability=None, patience=20):
        """Makes `count` calls, or as many as the server lives; returns whether all were answered."""
        try:
            with Peer.ready(address, patience=patience) as peer:
                flying, call = {}, 0
                while call < count or flying:
                    while call < count and len(flying) < depth:
                        activity, wanted = self.next(durability)
                        call += 1
                        flying[call] = activity
                        peer.send(wire.frame(
                            wire.REQUEST, request(*activity, durability=wanted), call=call, method=wire.EVALUATE))
                    self.take(peer, flying)
            return True
        except (Wrong, OSError):
            return False

    def take(self, peer, flying):
        kind, call, status, payload = peer.next()
        if kind == wire.GO_AWAY:
            raise Wrong("the server goes away")
        if kind != wire.RESPONSE:
            return
        if self.is_dark:
            raise Wrong("the lights are out")
        id = flying.pop(call)[0]
        if status == wire.UNAVAILABLE:
            raise Wrong("the server refuses everything from here on")
        if status != wire.OK:
            self.refused[id] = status
            return
        answer = Answer(payload)
        before = self.acknowledged.get(id)
        if before is None:
            self.acknowledged[id] = answer
        elif not answer.repeated or before.first() != answer.first():
            self.wrong.append(f"{id} was answered anew")
        elif answer.durability == DURABLE:
            before.durability = DURABLE
