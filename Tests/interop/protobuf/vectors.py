"""Golden vectors, made by Google's protobuf: see Protocol/vectors/README.md."""
from google.protobuf import json_format
from google.protobuf.message import DecodeError

ORDER = {
    "activity": {
        "id": "5f0c2b9a71d84e0e", "occurred_at": "1767225600000", "customer_id": "c-1029384756", "entity": "order",
        "entity_id": "o-5566778899", "action": "create", "client_ip": "203.0.113.77", "device_id": "d-77aa88bb99cc",
        "session_id": "s-0123456789",
        "location": {"country": "US", "region": "FL", "time_zone": "America/New_York"},
        "amount": {"minor_units": "12999", "currency": "USD"},
        "card": {"fingerprint": "fp-9a8b7c6d5e4f", "last4": "4242", "bin": "424242"},
        "membership": {"id": "m-42", "started_at": "1767139200000"}, "category": "FINANCIAL",
    },
    "mode": "RECORD",
}
LOGIN = {
    "activity": {
        "id": "login-1", "customer_id": "c1", "actor": {"kind": "CUSTOMER", "id": "c1"}, "entity": "customer",
        "action": "login", "was_successful": False, "reason": "wrong_password", "user_agent": "Zoë’s browser/1.0 😀",
        "location": {"country": "US", "region": "FL", "latitude": -0.0, "longitude": -81.3792},
        "category": "AUTH", "importance": "HIGH", "attributes": {"attempt": "3"},
        "home": {"country": "US", "region": "OK"},
    },
    "durability": "DURABLE",
}
DECISION = {
    "outcome": "ACCESS_BLOCKED",
    "fired": [
        {"rule": "too_many_payments", "effect": "ACCESS_BLOCKED", "message": "too many payments", "observations": [
            {"counter": "membership_payments", "window": "172800000", "value": "6", "at_least": True,
             "threshold": "5"}]},
        {"rule": "odd_hours", "effect": "FRICTION", "message": "not common buying hours!"},
    ],
    "not_evaluated": [{"rule": "different_addresses", "missing_field": "client_ip"}],
    "rule_set_version": "9f86d081884c7d65", "log_index": "0", "created_at": "1767225600123", "durability": "WRITTEN",
}

ACCEPTED = [
    ("order.create", "EvaluateRequest", ORDER),
    ("login in another place", "RecordActivityRequest", LOGIN),
    ("decision that blocks", "Decision", DECISION),
    ("refund", "Money", {"minor_units": "-1000000000000000", "currency": "EUR"}),
    ("status with details", "Status", {
        "message": "activity.entity is missing", "violations": [
            {"field": "activity.entity", "description": "required"}], "retry": {"never": True}}),
    ("hello", "Hello", {
        "protocol_version": 1, "capabilities": ["", "compress"], "agent": "checkout/1.4",
        "limits": {"max_payload_bytes": 4194304, "max_calls_in_flight": 4294967295}}),
    ("nothing", "Activity", {}),
]

# Given as bytes; most are not as an encoder writes them, but to be accepted: what they mean is the JSON that is printed.
TOLERATED = [
    ("unknown fields of every wire type", "Money", "f80601f906000000000000000ffa0602ffff" "fb060801fc06" "fd0600000000"),
    ("last one wins", "Money", "080208041203555344"),
    ("pieces are merged", "EvaluateRequest", "0a040a026131" "0a041a026331" "1002"),
    ("wrong wire type is skipped", "Money", "0d010000001203455552"),
    ("needless groups of a varint", "Money", "0884808000"),
    ("unknown enumeration value", "Activity", "9001e707"),
    ("negative enumeration value", "Activity", "9001ffffffffffffffffff01"),
    ("a bool that is neither 0 nor 1", "Decision", "3802"),
    ("equal keys of a map", "Activity", "aa01060a0161120131" "aa01060a0161120132"),
]

REFUSED = [
    ("truncated tag", "Money", "80", "truncated"),
    ("truncated varint", "Money", "08ff", "truncated"),
    ("truncated fixed64", "Location", "2900000000", "truncated"),
    ("varint of eleven bytes", "Money", "08ffffffffffffffffffff01", "varintTooLong"),
    ("field number 0", "Money", "0001", "invalidFieldNumber"),
    ("wire type 6", "Money", "0e", "invalidWireType"),
    ("wire type 7", "Money", "0f", "invalidWireType"),
    ("length past the end", "Money", "1204455552", "lengthPastEnd"),
    ("length past the nested message's end", "EvaluateRequest", "0a030a03616262", "lengthPastEnd"),
    ("overlong UTF-8", "Money", "1202c080", "invalidUTF8"),
    ("surrogate in UTF-8", "Money", "1203eda080", "invalidUTF8"),
    ("invalid UTF-8 that a later text replaces", "Money", "1201ff1203555344", "invalidUTF8"),
    ("invalid UTF-8 in a map's key", "Activity", "aa01030a01ff", "invalidUTF8"),
    ("group that does not end", "Money", "fb060801", "unterminatedGroup"),
    ("group that another one ends", "Money", "fb0608018407", "unexpectedEndGroup"),
    ("end of no group", "Money", "fc06", "unexpectedEndGroup"),
    ("groups nested 101 deep", "Money", "fb06" * 101 + "fc06" * 101, "nestingTooDeep"),
]

HEADER = """\
# Golden vectors of messages, made by Google's protobuf (Tests/interop/protobuf/run --vectors). Format: README.md.
"""


def as_json(message):
    return json_format.MessageToJson(
        message, preserving_proto_field_name=True, use_integers_for_enums=True, indent=None, sort_keys=True,
        ensure_ascii=False)


def block(**lines):
    return "\n" + "".join(f"{key}: {value}\n" for key, value in lines.items())


def write(load):
    """Writes Protocol/vectors/messages.txt, having checked every verdict against protobuf."""
    text = HEADER
    for name, kind, value in ACCEPTED:
        message = json_format.ParseDict(value, load("gatehouse.v1." + kind)())
        data = message.SerializeToString(deterministic=True)
        text += block(name=name, type=kind, verdict="canonical", bytes=data.hex(), json=as_json(message))
    for name, kind, data in TOLERATED:
        message = load("gatehouse.v1." + kind).FromString(bytes.fromhex(data))
        message.DiscardUnknownFields()
        again = message.SerializeToString(deterministic=True).hex()
        verdict = "canonical" if again == data else "accepted"
        text += block(name=name, type=kind, verdict=verdict, bytes=data, json=as_json(message))
    for name, kind, data, code in REFUSED:
        try:
            load("gatehouse.v1." + kind).FromString(bytes.fromhex(data))
        except DecodeError:
            text += block(name=name, type=kind, verdict="refused " + code, bytes=data)
        else:
            raise SystemExit(f"protobuf accepts '{name}'")
    with open("Protocol/vectors/messages.txt", "w", encoding="utf-8") as file:
        file.write(text)
