"""The expressions of GitHub Actions, as far as our workflows use them: `${{ … }}` in texts, and `if:`."""

import re

TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(\d+)|(==|!=|&&|\|\||[!(),])|([A-Za-z_][\w.-]*))")


class Expression:
    """`status` is what success() and failure() ask: "success" or "failure"."""

    def __init__(self, contexts, status="success"):
        self.contexts, self.status = contexts, status

    def evaluate(self, text):
        self.tokens, at = [], 0
        text = text.strip()
        while at < len(text):
            found = TOKEN.match(text, at)
            if not found:
                raise ValueError(f"not an expression that is known here: {text!r} at {at}")
            self.tokens.append(found.groups())
            at = found.end()
        value = self.either()
        if self.tokens:
            raise ValueError(f"left over in {text!r}: {self.tokens}")
        return value

    def take(self, *operators):
        if self.tokens and self.tokens[0][2] in operators:
            return self.tokens.pop(0)[2]
        return None

    def either(self):
        value = self.both()
        while self.take("||"):
            other = self.both()
            value = value or other
        return value

    def both(self):
        value = self.equal()
        while self.take("&&"):
            other = self.equal()
            value = value and other
        return value

    def equal(self):
        value = self.single()
        operator = self.take("==", "!=")
        if operator:
            other = self.single()
            same = text_of(value).lower() == text_of(other).lower()
            return same if operator == "==" else not same
        return value

    def single(self):
        if self.take("!"):
            return not self.single()
        if self.take("("):
            value = self.either()
            if not self.take(")"):
                raise ValueError("a bracket is not closed")
            return value
        quoted, number, _, name = self.tokens.pop(0)
        if quoted is not None:
            return quoted[1:-1].replace("''", "'")
        if number is not None:
            return int(number)
        if self.take("("):
            if not self.take(")"):
                raise ValueError(f"{name}() is known here without arguments only")
            return {"always": True, "success": self.status == "success", "failure": self.status == "failure", "cancelled": False}[name]
        if name in ("true", "false"):
            return name == "true"
        value = self.contexts
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
            if value is None:
                return ""
        return value


def text_of(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "Object" if isinstance(value, (dict, list)) else str(value)


def fill(text, contexts, status="success"):
    """A text with its `${{ … }}` worked out; what is no text comes back as it is."""
    if not isinstance(text, str):
        return text_of(text)
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: text_of(Expression(contexts, status).evaluate(found.group(1))), text)


def holds(condition, contexts, status):
    """Of `if:`. Where no status is asked for, success() is meant."""
    if condition is None:
        return status == "success"
    text = str(condition)
    found = re.fullmatch(r"\s*\$\{\{(.*)\}\}\s*", text, re.S)
    text = found.group(1) if found else text
    value = bool(Expression(contexts, status).evaluate(text))
    return value if re.search(r"\b(always|success|failure|cancelled)\(\)", text) else value and status == "success"
