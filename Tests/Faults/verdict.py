"""Holds a log and its server, after a fault, against what was sent and acknowledged before it."""

from collections import Counter

import wire
from journal import activities
from peer import Peer, require
from traffic import CHECK, CUSTOMERS, DURABLE, WRITTEN, Answer, request

# Of a key, a sum keeps so many of the newest events (Protocol/rules.md).
EVENTS_OF_A_SUM = 4_096


class Verdict:
    def __init__(self):
        self.tried = self.acknowledged = self.lost = self.invented = self.wrong_windows = self.wrong_answers = 0
        self.notes = []

    @property
    def is_good(self):
        return self.tried > 0 and not self.notes and not (
            self.lost or self.invented or self.wrong_windows or self.wrong_answers)

    @property
    def problem(self):
        """What is wrong, in words."""
        return "; ".join(self.notes) or f"tried {self.tried}, lost {self.lost}, invented {self.invented}"

    def note(self, text):
        if len(self.notes) < 5:
            self.notes.append(text)

    def judge(self, traffic, directory, address, least=WRITTEN):
        """One fault more: the entries acknowledged at `least` or safer must be there, and nothing that was not sent."""
        self.tried += 1
        for wrong in traffic.wrong:
            self.wrong_answers += 1
            self.note(wrong)
        found = activities(directory)
        self.entries(traffic, found, least)
        with Peer.ready(address, patience=60) as peer:
            self.windows(traffic, found, peer)
            self.repeats(traffic, found, peer)

    def entries(self, traffic, found, least):
        for id, answer in traffic.acknowledged.items():
            if answer.durability < least:
                continue
            self.acknowledged += 1
            if found.get(answer.index, ("",))[0] != id:
                self.lost += 1
                self.note(f"{id}, acknowledged at {answer.index}, is not there")
        ids = [id for id, *_ in found.values()]
        for index, (id, customer, cents) in found.items():
            if id not in traffic.sent or traffic.sent[id][1:3] != (customer, cents):
                self.invented += 1
                self.note(f"entry {index} was never sent")
        if len(ids) != len(set(ids)):
            self.invented += len(ids) - len(set(ids))
            self.note("an id was recorded twice")

    def windows(self, traffic, found, peer):
        """Each customer's sum, as the server shows it and as the log's entries say."""
        counts = Counter(customer for _, customer, _ in found.values())
        require(max(counts.values(), default=0) <= EVENTS_OF_A_SUM, "more events of a customer than a sum keeps")
        spent = {}
        for _, customer, cents in found.values():
            spent[customer] = spent.get(customer, 0) + cents
        for number in range(CUSTOMERS):
            customer = f"customer-{number}"
            payload = request("", customer, 1, traffic.now, mode=CHECK)
            answer = self.ask(peer, number + 1, payload)
            shown = answer and answer.spent
            if shown != spent.get(customer, 0) + 1:
                self.wrong_windows += 1
                self.note(f"{customer} has spent {spent.get(customer, 0) + 1}, not {shown}")

    def repeats(self, traffic, found, peer):
        """A repeat of what is in the log gives the first answer again."""
        known = {id: index for index, (id, *_) in found.items()}
        answered = [id for id in traffic.acknowledged if id in known]
        for call, id in enumerate(answered[-50:], CUSTOMERS + 1):
            answer = self.ask(peer, call, request(*traffic.sent[id], durability=DURABLE))
            if not answer or not answer.repeated or answer.first() != traffic.acknowledged[id].first():
                self.wrong_answers += 1
                self.note(f"{id}, sent again, got another answer")

    def ask(self, peer, call, payload):
        peer.send(wire.frame(wire.REQUEST, payload, call=call, method=wire.EVALUATE))
        status, answer = peer.answer(call)
        if status != wire.OK:
            self.note(f"call {call} was refused with {status}: {answer[:80]!r}")
            return None
        return Answer(answer)
