"""Holds the documents that zonepin writes against schemas/*.schema.json, and the schemas against broken documents.

documents_check.py WRITER FOLDER SCHEMAS

Every document that the writer makes must be valid. Then each is broken in every way that has a name here (a member
added, taken away, or of another type), and the schema must see it: a schema that accepts everything proves nothing.
"""

import collections
import copy
import json
import pathlib
import subprocess
import sys

import jsonschema

KINDS = ["plan", "outcome", "snapshot"]

# Members that may be absent.
OPTIONAL = {
    "plan": {"include", "exclude", "userId", "clientName", "network", "note", "lost_all_but", "gained_all_but"},
    "outcome": set(),
    "snapshot": {"users", "asked", "self"},
}

# How often one kind of thing is broken, over all documents: the first few are as good as the thousandth.
MAX_OF_A_KIND = 4


def places(value, path=()):
    """Every place in a document, as a path of keys and indices."""
    yield path
    if isinstance(value, dict):
        for key, member in value.items():
            yield from places(member, path + (key,))
    elif isinstance(value, list):
        for index, member in enumerate(value[:3]):
            yield from places(member, path + (index,))


def at(document, path):
    for step in path:
        document = document[step]
    return document


def is_okta_s_own(kind, path):
    """Within what Okta answered: open for whatever it says next."""
    return kind == "snapshot" and len(path) > 0 and path[0] in ("tokens", "zones") and len(path) > 1


def is_map(path):
    """An object whose keys are ids or logins, so that each may be there or not."""
    return len(path) > 0 and path[-1] in ("zones", "users", "asked")


class Sampler:
    """Says yes to the first few of each kind."""

    def __init__(self):
        self.seen = collections.Counter()

    def takes(self, *kind):
        self.seen[kind] += 1
        return self.seen[kind] <= MAX_OF_A_KIND


def shape(document, path):
    """The path with every index and every key of a map left out, and the status of the change that it leads through."""
    steps = ["*" if isinstance(step, int) or is_map(path[:at]) else step for at, step in enumerate(path)]
    change = document["resource_changes"][path[1]] if path[:1] == ("resource_changes",) and len(path) > 1 else {}
    return tuple(steps), change.get("status")


def broken_documents(kind, document, sampler):
    """Copies with one thing wrong, and what it is."""
    for path in places(document):
        value = at(document, path)
        if is_okta_s_own(kind, path) or not sampler.takes(kind, *shape(document, path)):
            continue
        name = "/".join(str(step) for step in path) or "the document"
        if isinstance(value, dict):
            wrong = copy.deepcopy(document)
            at(wrong, path)["surprise"] = 1
            yield f"{name} with a member `surprise`", wrong
            for key in value:
                if is_map(path) or key in OPTIONAL[kind]:
                    continue
                wrong = copy.deepcopy(document)
                del at(wrong, path)[key]
                yield f"{name} without `{key}`", wrong
        if path:
            wrong = copy.deepcopy(document)
            at(wrong, path[:-1])[path[-1]] = [[1]] if not isinstance(value, list) else "text"
            yield f"{name} of another type", wrong


# What only a rule between members can see.
def contradictions(document, sampler):
    for index, change in enumerate(document["resource_changes"]):
        if not sampler.takes("contradictions", change["status"]):
            continue

        def changed(edit):
            wrong = copy.deepcopy(document)
            edit(wrong["resource_changes"][index])
            return wrong

        status = change["status"]
        yield f"{status} with the action create", changed(lambda c: c["change"].update(actions=["create"]))
        if status == "replace":
            yield "a replace that says delete", changed(lambda c: c["change"].update(actions=["delete"]))
            yield "a replace without an after", changed(lambda c: c["change"].update(after=None))
            yield "a replace without a condition", changed(lambda c: c["change"]["after"].pop("network"))
            yield "a replace with a last use", changed(lambda c: c.update(last_used=None))
        elif status == "revoke":
            yield "a revoke that says update", changed(lambda c: c["change"].update(actions=["update"]))
            yield "a revoke with an effect", changed(lambda c: c.update(effect="same"))
            yield "a revoke with an after", changed(lambda c: c["change"].update(after=c["change"]["before"]))
            yield "a revoke without a reason", changed(lambda c: c.update(reason=""))
        else:
            yield f"{status} that says delete", changed(lambda c: c["change"].update(actions=["delete"]))
            yield f"{status} with a before_sha256", changed(lambda c: c.update(before_sha256="0" * 64))
        if status not in ("missing", "gone"):
            yield f"{status} without a before", changed(lambda c: c["change"].update(before=None))
            for bad in ("current", "../x", "", "a" * 65, "00T x"):
                yield f"the id {bad!r}", changed(lambda c, bad=bad: c.update(id=bad))


def main():
    writer, folder, schemas = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    subprocess.run([writer, str(folder)], check=True)
    mistakes = []
    checked = refused = 0
    sampler = Sampler()
    for kind in KINDS:
        schema = json.loads((schemas / f"{kind}.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        validator = jsonschema.Draft7Validator(schema)
        documents = sorted(folder.glob(f"{kind}-*.json"))
        if len(documents) < 2:
            mistakes.append(f"{kind}: the writer made {len(documents)} documents")
        for path in documents:
            text = path.read_text(encoding="utf-8")
            if kind != "snapshot" and not text.isascii():
                mistakes.append(f"{path.name}: not all of it is ASCII")
            document = json.loads(text)
            checked += 1
            for error in list(validator.iter_errors(document))[:5]:
                where = "/".join(str(step) for step in error.absolute_path)
                mistakes.append(f"{path.name}: {where}: {error.message[:300]}")
            wrongs = list(broken_documents(kind, document, sampler))
            if kind == "plan":
                wrongs += contradictions(document, sampler)
            for what, wrong in wrongs:
                refused += 1
                if validator.is_valid(wrong):
                    mistakes.append(f"{path.name}: the schema accepts {what}")
    for mistake in mistakes[:40]:
        print(mistake)
    print(f"{checked} documents, {refused} broken copies, {len(mistakes)} mistakes")
    return 1 if mistakes or refused < 500 else 0


if __name__ == "__main__":
    sys.exit(main())
